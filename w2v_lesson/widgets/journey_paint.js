// What the pictures of the journey are made of. The first part of the module.

const WIDTH = 480, HEIGHT = 300;

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

// Words side by side, centered, on as many lines as they need: the middle of each.
function lay(words, top, leading) {
  const lines = [[]], gap = 12;
  let used = 0;
  for (const [i, word] of words.entries()) {
    const width = widthOf(word);
    if (used + width > WIDTH - 24) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1).push(i);
    used += width + gap;
  }
  const places = [];
  lines.forEach((line, n) => {
    const widths = line.map((i) => widthOf(words[i]));
    let x = (WIDTH - widths.reduce((a, b) => a + b) - gap * (line.length - 1)) / 2;
    line.forEach((i, at) => {
      places[i] = { x: x + widths[at] / 2, y: top + leading * n };
      x += widths[at] + gap;
    });
  });
  return places;
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
    this.picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
    this.actors = [];
  }

  // states: {step: {x, y, o (opacity), lit}}; where there is none, it waits unseen.
  add(part, states) {
    const actor = svg("g", { class: "actor" }, part);
    this.actors.push({ actor, part, states });
    this.picture.append(actor);
    return part;
  }

  show(step) {
    for (const one of this.actors) {
      const { actor, part, states } = one;
      const steps = Object.keys(states).map(Number);
      const near = steps.filter((s) => s <= step).at(-1) ?? steps[0];
      const { x = 0, y = 0, o = 1, lit = true } = states[near];
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
