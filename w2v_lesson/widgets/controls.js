// A slider and a choice, made of the browser's own controls, which tell keyboard and screen
// reader what they are.
//
// `drawSlider` and `drawChoice` need no kernel: a web page can call them.

// Random, because each widget has its own copy of this module and could not count.
const newId = () => `w2v-${Math.random().toString(36).slice(2)}`;

// Draw a slider: a label, the slider, its value, and perhaps a hint. Calls onChange(value) at
// each move; returns a function that shows a value. Where there are options, it chooses from
// them, and texts say how they are written; otherwise from min to max in steps.
export function drawSlider(element, slider, onChange) {
  const { label, min, max, step, options, texts, standard, hint } = slider;
  const id = newId(), last = options.length - 1;
  const range = options.length ? { min: 0, max: last, step: 1 } : { min, max, step };
  const name = make("label", element, { textContent: label, htmlFor: id });
  const input = make("input", element, { type: "range", id, ...range });
  const output = make("output", element, {}, { for: id, "aria-live": "off" });
  if (hint) {
    make("p", element, { textContent: hint, id: `${id}-hint` });
    input.setAttribute("aria-describedby", `${id}-hint`);
  }
  const decimals = (`${step}`.split(".")[1] ?? "").length;
  const placeOf = (value) => {
    const gaps = options.map((option) => Math.abs(option - value));
    return gaps.indexOf(Math.min(...gaps));
  };
  const write = (value) => texts[placeOf(value)] ?? value.toFixed(decimals);

  const show = (value) => {
    const changed = standard !== null && value !== standard;
    input.value = options.length ? placeOf(value) : value;
    output.textContent = write(value);
    // Read aloud as the value, not as its place in the list.
    const usual = changed ? `, the standard is ${write(standard)}` : "";
    input.setAttribute("aria-valuetext", write(value) + usual);
    for (const part of [name, output]) part.classList.toggle("changed", changed);
  };
  input.addEventListener("input", () => {
    const at = input.valueAsNumber, value = options.length ? options[at] : at;
    show(value);
    onChange(value);
  });
  return show;
}

// Draw radio buttons with these texts. Calls onChange with the place of the chosen one;
// returns a function that shows which is chosen.
export function drawChoice(element, label, texts, onChange) {
  const name = newId();
  make("span", element, { textContent: label, id: name });
  const group = make("div", element, {}, { role: "radiogroup", "aria-labelledby": name });
  const inputs = texts.map((text, place) => {
    const option = make("label", group);
    const input = make("input", option, { type: "radio", name });
    option.append(text);
    input.addEventListener("change", () => onChange(place));
    return input;
  });
  return (chosen) => inputs.forEach((input, place) => { input.checked = place === chosen; });
}

// Let a trait of the model and what is drawn follow each other.
function follow(model, el, look, trait, draw) {
  el.classList.add(look);
  const show = draw((value) => {
    model.set(trait, value);
    model.save_changes();
  });
  // Arrow keys move the control, and not the cell. JupyterLab asks the focused element itself.
  for (const input of el.querySelectorAll("input")) input.dataset.lmSuppressShortcuts = "true";
  const update = () => show(model.get(trait));
  model.on(`change:${trait}`, update);
  update();
  return () => model.off(`change:${trait}`, update);
}

const PARTS = ["label", "min", "max", "step", "options", "texts", "standard", "hint"];

function renderSlider({ model, el }) {
  const slider = Object.fromEntries(PARTS.map((name) => [name, model.get(name)]));
  return follow(model, el, "w2v-slider", "value", (send) => drawSlider(el, slider, send));
}

function renderChoice({ model, el }) {
  const label = model.get("description"), texts = model.get("_options_labels");
  return follow(model, el, "w2v-choice", "index",
    (send) => drawChoice(el, label, texts, send));
}
