// Connects the map of words with a widget of Jupyter, which is Plane in plane.py. The last part
// of the module; a static page doesn't need it.

// The bytes of a trait as numbers; a copy, because they may begin at any byte.
function numbers(bytes) {
  const { buffer, byteOffset, byteLength } = bytes;
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

export function render({ model, el }) {
  const plane = new WordPlane(el, (word) => {
    model.set("focus", word);
    model.save_changes();
  });
  const follow = {
    words: () => plane.setWords(model.get("words")),
    groups: () => plane.setGroups(model.get("groups")),
    points: () => {
      const points = numbers(model.get("points")), frame = model.get("frame");
      if (points.length) plane.setPoints(points, frame.length ? frame : null);
    },
    focus: () => {
      const { word } = model.get("answer");
      if (word !== model.get("focus")) plane.setFocus(model.get("focus"));
    },
    answer: () => {
      const { word, near, cosines } = model.get("answer");
      if (word === model.get("focus")) plane.setFocus(word, near, numbers(cosines));
    },
  };
  for (const [name, update] of Object.entries(follow)) {
    update();
    model.on(`change:${name}`, update);
  }
  const showAll = () => plane.resetView();
  model.on("msg:custom", showAll);
  return () => {
    model.off("msg:custom", showAll);
    for (const [name, update] of Object.entries(follow)) model.off(`change:${name}`, update);
    plane.destroy();
  };
}

export default { render };
