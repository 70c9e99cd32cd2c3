// A list of words to press, and one message for all of them: with a button of ipywidgets for
// each word, twenty messages would have to follow a hop.
//
// `drawWords` needs no kernel: a web page can call it.

// Calls press(word); returns a function that shows other words.
function drawWords(element, look, press) {
  element.classList.add("w2v-words");
  const onClick = (event) => {
    // The second click of a double click hits the word that has just taken the place.
    if (event.detail < 2) press(event.currentTarget.textContent);
  };
  const button = {
    type: "button", title: "Show the neighbors of this word", className: look, onclick: onClick,
  };
  return (words) => {
    while (element.children.length > words.length) element.lastChild.remove();
    while (element.children.length < words.length) make("button", element, button);
    words.forEach((word, place) => { element.children[place].textContent = word; });
  };
}

function render({ model, el }) {
  const look = `jupyter-button widget-button ${model.get("look")}`;
  const draw = drawWords(el, look, (pressed) => model.send({ pressed }));
  const show = () => draw(model.get("words"));
  model.on("change:words", show);
  show();
  return () => model.off("change:words", show);
}
