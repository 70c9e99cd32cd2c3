// Sliders that each have a few values to choose from, with a sentence below each.
//
// `drawKnobs` needs no kernel: a web page can call it with the same lists of values.

let count = 0; // of knobs in the page, for their ids

function make(tag, parent, text = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  parent.append(element);
  return element;
}

// Draw one knob; returns a function that shows the place of a value among its options.
function drawKnob(parent, knob, onChange) {
  const id = `w2v-knob-${(count += 1)}`;
  const label = make("label", parent, knob.label);
  const slider = make("input", parent);
  const output = make("output", parent);
  const hint = make("p", parent, knob.hint);
  const last = knob.options.length - 1;
  Object.assign(slider, { type: "range", id, min: 0, max: last, step: 1 });
  Object.assign(hint, { id: `${id}-hint` });
  label.htmlFor = output.htmlFor = id;
  slider.setAttribute("aria-describedby", hint.id);

  const show = (place) => {
    const changed = place !== knob.standard;
    const text = knob.texts[place];
    slider.value = place;
    output.textContent = text;
    // Read aloud as the value, not as its place in the list.
    const standard = changed ? `, the standard is ${knob.texts[knob.standard]}` : "";
    slider.setAttribute("aria-valuetext", text + standard);
    for (const part of [label, output]) part.classList.toggle("changed", changed);
  };
  slider.addEventListener("input", () => {
    show(slider.valueAsNumber);
    onChange(slider.valueAsNumber);
  });
  return show;
}

// Draw knobs into an element. Each knob has a name, label, hint, options, their texts, and
// the place of its standard value. Calls onChange(name, value); returns a function that
// shows values by name.
export function drawKnobs(element, knobs, onChange) {
  element.classList.add("w2v-knobs");
  const shows = knobs.map((knob) =>
    drawKnob(element, knob, (place) => onChange(knob.name, knob.options[place])));
  return (values) => knobs.forEach((knob, i) =>
    shows[i](knob.options.indexOf(values[knob.name])));
}

export function render({ model, el }) {
  el.dataset.lmSuppressShortcuts = "true"; // arrow keys move the slider, not the cell
  const show = drawKnobs(el, model.get("knobs"), (name, value) => {
    model.set("values", { ...model.get("values"), [name]: value });
    model.save_changes();
  });
  const update = () => show(model.get("values"));
  model.on("change:values", update);
  update();
  return () => model.off("change:values", update);
}

export default { render };
