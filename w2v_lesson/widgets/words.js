// A list of words to press, and one message for all of them: with a button of ipywidgets for
// each word, twenty messages would have to follow a hop.

function render({ model, el }) {
  el.classList.add("w2v-words");
  const press = (event) => {
    // The second click of a double click hits the word that has just taken the place.
    if (event.detail < 2) model.send({ pressed: event.currentTarget.textContent });
  };
  const show = () => {
    const words = model.get("words");
    while (el.children.length > words.length) el.lastChild.remove();
    while (el.children.length < words.length) {
      const button = document.createElement("button");
      button.type = "button";
      button.title = "Show the neighbors of this word";
      button.className = `jupyter-button widget-button ${model.get("look")}`;
      button.addEventListener("click", press);
      el.append(button);
    }
    words.forEach((word, place) => { el.children[place].textContent = word; });
  };
  model.on("change:words", show);
  show();
  return () => model.off("change:words", show);
}

export default { render };
