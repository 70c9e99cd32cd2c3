// What all live figures of the site share. A figure takes its place in the page at once: its
// data and its script are in the page, so nothing is fetched.

function dataOf(name) {
  return JSON.parse(document.getElementById(`${name}-data`).textContent);
}

// Empty the place of a figure, which holds what is seen without scripts, and show it.
function placeOf(name) {
  const place = document.getElementById(`${name}-live`);
  place.replaceChildren();
  place.classList.add("live");
  place.closest("[hidden]")?.removeAttribute("hidden");
  return place;
}

// Unpack numbers; Type is Uint16Array, for example.
function numbers(text, Type) {
  return new Type(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
}

// A line that screen readers read when it changes, and that nobody sees.
function drawSaid(element) {
  const said = make("p", element, { className: "unseen" }, { "aria-live": "polite" });
  return (text) => { if (said.textContent !== text) said.textContent = text; };
}
