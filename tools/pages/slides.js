// Shows one slide at a time. The part of a slide that comes later, such as an answer, is a step
// of its own. Two windows with the same slides follow each other.

const page = document.documentElement;
const sections = [...document.querySelectorAll("section")];
const steps = sections.flatMap((section) =>
  section.querySelector(".later") ? [[section, false], [section, true]] : [[section, true]]
);
let at = 0;
let other = window.opener;

function show(step) {
  at = Math.max(0, Math.min(step, steps.length - 1));
  const [current, complete] = steps[at];
  for (const section of sections) section.classList.toggle("current", section === current);
  current.classList.toggle("complete", complete);
  page.classList.toggle("started", at > 0);
  history.replaceState(null, "", `#${at}`);
}

function go(step) {
  show(step);
  other?.postMessage({ step: at }, "*");
}

const keys = {
  ArrowRight: () => go(at + 1), PageDown: () => go(at + 1), " ": () => go(at + 1),
  ArrowLeft: () => go(at - 1), PageUp: () => go(at - 1),
  Home: () => go(0), End: () => go(steps.length - 1),
  n: () => page.classList.toggle("notes"),
  w: () => { other = window.open(`?notes#${at}`, "notes", "popup,width=1200,height=800"); },
};

addEventListener("keydown", (event) => {
  const act = keys[event.key] ?? keys[event.key.toLowerCase()];
  if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  act();
});
addEventListener("click", (event) => {
  if (!event.target.closest("aside")) go(at + (event.clientX < innerWidth / 4 ? -1 : 1));
});
addEventListener("message", (event) => {
  if (event.source === other) show(event.data.step);
});
addEventListener("hashchange", () => show(Number(location.hash.slice(1))));

page.classList.add("live");
page.classList.toggle("notes", location.search === "?notes");
show(Number(location.hash.slice(1)));
