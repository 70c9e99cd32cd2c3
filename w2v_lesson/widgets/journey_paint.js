// What the pictures of the journey are made of. The first part of the module.

const WIDTH = 480, HEIGHT = 300;
// Where there is less room than LEAST pixels, the halves of a picture stand below each other.
const NARROW = 340, NARROW_HEIGHT = 470, LEAST = 440;
const LOWER = 60; // of a sentence there

// Parts of a picture

function svg(tag, attributes = {}, ...children) {
  const part = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value);
  part.append(...children);
  return part;
}

function text(said, kind = "", x = 0, y = 0, anchor = "middle") {
  const place = { x, y, class: kind, "text-anchor": anchor, "dominant-baseline": "central" };
  return svg("text", place, said);
}

function number(value, decimals = 2) {
  const by = 10 ** decimals;
  return (Math.round(value * by) / by + 0).toFixed(decimals).replace("-", "−");
}

function widthOf(word) {
  const one = (c) => ("fijlrt.".includes(c) ? 5.5 : "mw".includes(c) ? 12.5 : 8.6);
  return 20 + [...word].reduce((sum, c) => sum + one(c), 0);
}

function box(word, color, width = widthOf(word), height = 30) {
  const look = { x: -width / 2, y: -height / 2, width, height, rx: 6 };
  const part = svg("g", { class: "box" }, svg("rect", look), text(word));
  return paint(part, color);
}

function paint(part, color) {
  if (color) part.style.setProperty("--fill", color.fill);
  if (color) part.style.setProperty("--on-fill", color.ink);
  return part;
}

// Words side by side, centered, on as many lines as they need: the middle of each. All lines
// but the first are lower by `drop`.
function lay(words, top, leading, drop, room = WIDTH) {
  const lines = [[]], gap = 12;
  let used = 0;
  for (const [i, word] of words.entries()) {
    const width = widthOf(word);
    if (used + width > room - 24) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1).push(i);
    used += width + gap;
  }
  const places = [];
  lines.forEach((line, n) => {
    const widths = line.map((i) => widthOf(words[i]));
    let x = (room - widths.reduce((a, b) => a + b) - gap * (line.length - 1)) / 2;
    line.forEach((i, at) => {
      places[i] = { x: x + widths[at] / 2, y: top + leading * n + (n && drop) };
      x += widths[at] + gap;
    });
  });
  return places;
}

// The same for both widths of the stage.
function layBoth(words, top, leading, drop = 0) {
  const narrow = lay(words, top + LOWER, leading, drop, NARROW);
  return lay(words, top, leading, drop).map((place, i) => ({ ...place, narrow: narrow[i] }));
}

function arrow(color, width) {
  const line = svg("line", { stroke: color, "stroke-width": width });
  const head = svg("path", { fill: color });
  const part = svg("g", {}, line, head);
  part.point = ([x0, y0], [x, y]) => {
    const length = Math.hypot(x - x0, y - y0) || 1;
    const [a, b] = [(x - x0) / length, (y - y0) / length], h = 3 + 2.4 * width;
    const [p, q] = [x - a * h, y - b * h];
    Object.entries({ x1: x0, y1: y0, x2: p, y2: q }).forEach(([k, v]) => line.setAttribute(k, v));
    head.setAttribute("d", `M${x},${y} L${p - (b * h) / 2},${q + (a * h) / 2} ` +
      `L${p + (b * h) / 2},${q - (a * h) / 2} Z`);
  };
  return part;
}

// The stage: each actor has a place and an opacity in each step in which it appears.

class Stage {
  constructor() {
    this.picture = svg("svg", { role: "img" });
    this.actors = [];
    this.fit(WIDTH);
  }

  // Choose the places for a room of so many pixels; returns whether they are others than before.
  fit(room) {
    const before = this.narrow;
    this.narrow = room < LEAST;
    const [width, height] = this.narrow ? [NARROW, NARROW_HEIGHT] : [WIDTH, HEIGHT];
    this.picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.picture.classList.toggle("narrow", this.narrow);
    return before !== this.narrow;
  }

  // states: {step: {x, y, o (opacity), lit, narrow: {x, y} on a narrow stage}}; where there is
  // none, it waits unseen.
  add(part, states) {
    const actor = svg("g", { class: "actor" }, part);
    this.actors.push({ actor, part, states });
    this.picture.append(actor);
    return part;
  }

  placeIn(state) {
    return this.narrow ? { ...state, ...state.narrow } : state;
  }

  show(step) {
    for (const one of this.actors) {
      const { actor, part, states } = one;
      const steps = Object.keys(states).map(Number);
      const near = steps.filter((s) => s <= step).at(-1) ?? steps[0];
      const { x = 0, y = 0, o = 1, lit = true } = this.placeIn(states[near]);
      const place = `translate(${x}px, ${y}px)`, seen = step in states ? o : 0;
      const fade = fadeOf(one.seen > 0, seen > 0, place !== one.place);
      actor.style.transition = `transform 700ms ease, opacity ${fade}`;
      actor.style.transform = place;
      actor.style.opacity = seen;
      Object.assign(one, { place, seen });
      part.classList.toggle("lit", lit);
    }
  }
}

// How an actor appears or goes, so that the old picture is gone before the new one is there:
// what flies is seen on its whole way, and the rest comes when the others have arrived.
function fadeOf(wasSeen, isSeen, flies) {
  if (wasSeen === isSeen) return "700ms ease";
  if (isSeen) return flies ? "1ms" : "350ms ease 400ms";
  return flies ? "200ms ease 500ms" : "250ms ease";
}

// The seven pictures
