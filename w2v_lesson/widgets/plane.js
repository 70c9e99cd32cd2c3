// The map of words that moves: the page's half of plane.py. Chapters 05, 06, and 09.
//
// `WordPlane` draws what it is given and needs no kernel, so a static page can use it, too.
// `render` connects one with a widget of Jupyter.

const COLORS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#767676"]; // Okabe and Ito
// Around a marker at (0, 0): circle, square, diamond, triangles.
const SHAPES = [
  "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0",
  "M-4.5-4.5h9v9h-9z",
  "M0-6l6 6l-6 6l-6-6z",
  "M-5.5 4.5h11l-5.5-10z",
  "M-5.5-4.5h11l-5.5 10z",
];
const PATHS = SHAPES.map((shape) => new Path2D(shape));
const RADIUS = 5, GAP = 7, LINE = 16, BORDER = 44, REACH = 14; // pixels
const LEADER = 14; // pixels from a marker to a label that stands apart
const MAX_ZOOM = 60, STEP = 1.5; // of a button or key
const SLOWEST = 1000, QUICKEST = 200; // milliseconds of a move
const FEW = 60; // dots in view that get a label while there is room
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const AROUND = [[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [1, 1], [-1, -1], [-1, 1]];
const HELP =
  "Map of words. Arrow keys walk from word to word, Enter joins a word with its nearest " +
  "words, Escape clears it, plus and minus zoom, and 0 shows everything.";

const STYLE = `
.w2v-plane { color: var(--jp-ui-font-color1, currentColor); position: relative;
  font: 13px/1.5 var(--jp-ui-font-family, sans-serif); }
.w2v-plane canvas { display: block; width: 100%; box-sizing: border-box; cursor: grab;
  border: 1px solid var(--jp-border-color1, #767676); touch-action: pan-y;
  background: var(--jp-layout-color1, transparent);
  /* A change of the theme ends in an event, which draws the map again. */
  color: inherit; transition: color 1ms; }
.w2v-plane canvas:focus-visible { outline: 2px solid var(--jp-brand-color1, #0072B2); }
.w2v-plane-legend { display: flex; flex-wrap: wrap; gap: 0 16px; padding-bottom: 4px; }
.w2v-plane-legend svg { vertical-align: -2px; }
.w2v-plane-buttons { position: absolute; right: 8px; display: flex; gap: 4px;
  margin-top: 8px; }
.w2v-plane-buttons button { min-width: 28px; height: 28px; font: inherit; cursor: pointer;
  color: inherit; background: var(--jp-layout-color2, #eee);
  border: 1px solid var(--jp-border-color1, #767676); border-radius: 2px; }
.w2v-plane-said { min-height: 3em; padding-top: 4px; overflow-wrap: anywhere; }`;

export function colorOf(group) {
  return COLORS[group % COLORS.length];
}

// The markers of 25 groups differ.
export function shapeOf(group) {
  return (group + Math.floor(group / COLORS.length)) % SHAPES.length;
}

// The box around some of the points: the middle, and half its width and height.
export function frameOf(points, rows) {
  const xs = rows.map((row) => points[2 * row]), ys = rows.map((row) => points[2 * row + 1]);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [low, high] = [Math.min(...ys), Math.max(...ys)];
  const half = (from, to) => Math.max((to - from) / 2, 1e-6);
  return [(left + right) / 2, (low + high) / 2, half(left, right), half(low, high)];
}

// Whether a frame leaves words outside, or so much room that a closer one is better.
export function fits(frame, box) {
  const inside = [0, 1].every(
    (axis) => Math.abs(box[axis] - frame[axis]) + box[axis + 2] <= 1.1 * frame[axis + 2],
  );
  return inside && Math.max(box[2] / frame[2], box[3] / frame[3]) > 0.6;
}

const meet = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

function boxAt(label, place) {
  const [dx, dy] = AROUND[place % AROUND.length];
  const away = GAP + LEADER * Math.floor(place / AROUND.length);
  const x = label.x + dx * (label.width / 2 + away);
  const y = label.y + dy * (LINE / 2 + away);
  return [x - label.width / 2, y - LINE / 2, x + label.width / 2, y + LINE / 2];
}

// Give each label {row, x, y, width} a box that meets no other label and no marker. One that
// finds no room is left out. The first labels choose first, and each begins with its last
// place, so that labels don't jump while their points move.
export function placeLabels(labels, markers, size, last = new Map(), rings = 3) {
  const taken = markers.map(([x, y]) => [x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS]);
  const placed = [];
  for (const label of labels) {
    const places = [...Array(rings * AROUND.length).keys()];
    if (last.has(label.row)) places.unshift(last.get(label.row));
    const place = places.find((each) => {
      const box = boxAt(label, each);
      const inside = box[0] >= 0 && box[1] >= 0 && box[2] <= size[0] && box[3] <= size[1];
      return inside && !taken.some((other) => meet(box, other));
    });
    if (place === undefined) continue;
    const box = boxAt(label, place);
    taken.push(box);
    placed.push({ ...label, box, place });
  }
  return placed;
}

// The nearest of some places {x, y} in a direction; undefined if there is none.
export function nextInDirection(from, [dx, dy], places) {
  let best, least = Infinity;
  for (const place of places) {
    const along = (place.x - from.x) * dx + (place.y - from.y) * dy;
    const aside = Math.abs((place.x - from.x) * dy) + Math.abs((place.y - from.y) * dx);
    if (along > 0.5 && along + 2 * aside < least) [best, least] = [place, along + 2 * aside];
  }
  return best;
}

function make(tag, parent, properties = {}) {
  const element = Object.assign(document.createElement(tag), properties);
  parent.append(element);
  return element;
}

export class WordPlane {
  // element: filled by the map; onFocus: called with the word that was chosen, or "".
  constructor(element, onFocus = () => {}) {
    Object.assign(this, { words: [], groups: {}, groupOf: new Map(), onFocus });
    this.shown = this.from = this.to = new Float32Array(0);
    Object.assign(this, { frame: null, fromFrame: null, toFrame: null, fixedFrame: null });
    Object.assign(this, { arrived: 0, duration: 0, pending: 0, zoom: 1, pan: [0, 0] });
    Object.assign(this, { focus: -1, near: [], cosines: null, cursor: -1, last: new Map() });
    this.build(element);
    this.listen();
  }

  build(element) {
    this.root = make("div", element, { className: "w2v-plane" });
    make("style", this.root, { textContent: STYLE });
    this.legend = make("div", this.root, { className: "w2v-plane-legend" });
    const buttons = make("div", this.root, { className: "w2v-plane-buttons" });
    for (const [text, title, act] of [
      ["+", "Zoom in", () => this.zoomBy(STEP)],
      ["−", "Zoom out", () => this.zoomBy(1 / STEP)],
      ["Show all", "Show all words of the groups", () => this.resetView()],
    ]) {
      make("button", buttons, { textContent: text, title, type: "button", onclick: act })
        .setAttribute("aria-label", title);
    }
    this.canvas = make("canvas", this.root, { tabIndex: 0 });
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", HELP);
    // Otherwise JupyterLab would take the arrow keys for a walk from cell to cell.
    this.canvas.dataset.lmSuppressShortcuts = "true";
    this.said = make("div", this.root, { className: "w2v-plane-said" });
    this.said.setAttribute("aria-live", "polite");
    this.resize = new ResizeObserver(() => this.measure());
    this.resize.observe(this.canvas);
  }

  destroy() {
    cancelAnimationFrame(this.pending);
    this.resize.disconnect();
    this.root.remove();
  }

  // What is shown

  setWords(words) {
    this.words = words;
    this.rows = new Map(words.map((word, row) => [word, row]));
  }

  // groups: lists of words by name. The view goes back to showing all of them.
  setGroups(groups) {
    this.groups = groups;
    this.groupOf = new Map();
    this.legend.replaceChildren();
    Object.entries(groups).forEach(([name, words], group) => {
      words.forEach((word) => this.groupOf.set(this.rows.get(word), group));
      const item = make("span", this.legend);
      item.innerHTML =
        `<svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">` +
        `<path fill="${colorOf(group)}" d="${SHAPES[shapeOf(group)]}"/></svg> `;
      item.append(name);
    });
    this.toFrame = null;
    this.resetView();
  }

  // points: Float32Array, x and y of each word; not a number where a word isn't drawn.
  // They are reached smoothly, in about the time that has passed since the last ones came.
  setPoints(points, frame = null) {
    const now = performance.now(), first = this.shown.length !== points.length;
    const still = first || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.duration = still ? 0 : Math.min(SLOWEST, Math.max(QUICKEST, now - this.arrived));
    this.from = first ? points : this.shown.slice();
    [this.to, this.arrived, this.fixedFrame] = [points, now, frame];
    if (first) this.shown = points.slice();
    this.chooseFrame();
    this.draw();
  }

  chooseFrame() {
    const rows = [...this.groupOf.keys()];
    if (!rows.length || !this.to.length) return;
    const box = this.fixedFrame ?? frameOf(this.to, rows);
    if (this.toFrame && !this.fixedFrame && fits(this.toFrame, box)) return;
    this.fromFrame = this.frame ?? box;
    this.toFrame = box;
    this.frame ??= box;
  }

  // near: words; cosines: of each word with the focused one, null if they aren't known yet.
  setFocus(word, near = [], cosines = null) {
    this.focus = this.rows.get(word) ?? -1;
    this.near = near.map((each) => this.rows.get(each));
    this.cosines = cosines;
    if (this.focus < 0) this.say("");
    else if (cosines) this.say(this.inWords());
    this.draw();
  }

  resetView() {
    [this.zoom, this.pan] = [1, [0, 0]];
    this.chooseFrame();
    this.draw();
  }

  say(text) {
    if (this.said.textContent !== text) this.said.textContent = text;
  }

  cosineOf(row) {
    return this.cosines && row !== this.focus ? this.cosines[row].toFixed(2) : "";
  }

  inWords() {
    const near = this.near.map((row) => `${this.words[row]} ${this.cosineOf(row)}`);
    const joined = near.length ? `Nearest, with their cosines: ${near.join(", ")}.` : "";
    return `${this.words[this.focus]}. ${joined}`;
  }

  // Places

  get size() {
    return [this.canvas.clientWidth, this.canvas.clientHeight];
  }

  get scale() {
    const [width, height] = this.size, [, , halfWidth, halfHeight] = this.frame;
    const room = (length, half) => Math.max(length - 2 * BORDER, 20) / (2 * half);
    return this.zoom * Math.min(room(width, halfWidth), room(height, halfHeight));
  }

  // {row, x, y} in pixels
  at(row) {
    const [width, height] = this.size, { scale, frame, pan, shown } = this;
    const x = width / 2 + (shown[2 * row] - frame[0] - pan[0]) * scale;
    return { row, x, y: height / 2 - (shown[2 * row + 1] - frame[1] - pan[1]) * scale };
  }

  isInView({ x, y }) {
    return x >= 0 && y >= 0 && x <= this.size[0] && y <= this.size[1];
  }

  // The rows that have a marker, the most important first.
  get marked() {
    const chosen = [this.focus, ...this.near].filter((row) => row >= 0);
    return [...new Set([...chosen, ...this.groupOf.keys()])];
  }

  rowAt(x, y) {
    if (!this.frame) return -1;
    let best = -1, least = REACH;
    const look = (row, handicap) => {
      const place = this.at(row);
      const distance = Math.hypot(place.x - x, place.y - y) + handicap;
      if (distance < least) [best, least] = [row, distance];
    };
    for (const row of this.marked) look(row, 0);
    // Of a marker and a dot beside it, the marker is meant.
    for (let row = 0; row < this.words.length; row++) look(row, REACH / 2);
    return best;
  }

  zoomBy(factor, x = this.size[0] / 2, y = this.size[1] / 2) {
    if (!this.frame) return;
    const zoom = Math.min(MAX_ZOOM, Math.max(1, this.zoom * factor));
    const before = this.scale;
    this.zoom = zoom;
    const grown = 1 / before - 1 / this.scale; // what lies below (x, y) stays there
    const [width, height] = this.size;
    this.pan = zoom === 1 ? [0, 0]
      : [this.pan[0] + (x - width / 2) * grown, this.pan[1] - (y - height / 2) * grown];
    this.draw();
  }

  panBy(dx, dy) {
    this.pan = [this.pan[0] - dx / this.scale, this.pan[1] + dy / this.scale];
    this.draw();
  }

  // Drawing

  measure() {
    const ratio = window.devicePixelRatio || 1, [width] = this.size;
    const height = Math.round(Math.min(460, Math.max(280, 0.7 * width)));
    this.canvas.style.height = `${height}px`;
    [this.canvas.width, this.canvas.height] = [width * ratio, height * ratio];
    this.paint();
  }

  draw() {
    this.pending ||= requestAnimationFrame(() => {
      this.pending = 0;
      this.advance();
      this.paint();
    });
  }

  advance() {
    const passed = (performance.now() - this.arrived) / (this.duration || 1);
    const t = Math.min(1, passed), eased = this.duration ? t * (2 - t) : 1;
    const { from, to, shown, fromFrame, toFrame } = this;
    for (let i = 0; i < to.length; i++) shown[i] = from[i] + (to[i] - from[i]) * eased;
    this.frame = toFrame?.map((end, i) => fromFrame[i] + (end - fromFrame[i]) * eased);
    if (t < 1 && this.duration) this.draw();
  }

  paint() {
    const [width, height] = this.size, ratio = this.canvas.width / width;
    if (!this.frame || !width) return;
    const pen = this.canvas.getContext("2d"), style = getComputedStyle(this.canvas);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.fillStyle = pen.strokeStyle = style.color;
    const faint = this.paintDots(pen, width, height);
    const marked = this.marked.map((row) => this.at(row)).filter((at) => this.isInView(at));
    this.paintLines(pen);
    marked.forEach((at) => this.paintMarker(pen, at, style.color));
    if (this.cursor >= 0) this.paintMarker(pen, this.at(this.cursor), style.color);
    this.paintLabels(pen, marked, faint, style);
  }

  // Returns the rows in view that have no marker.
  paintDots(pen, width, height) {
    const inView = [], { shown, scale, frame, pan, groupOf } = this;
    const left = width / 2 - (frame[0] + pan[0]) * scale;
    const top = height / 2 + (frame[1] + pan[1]) * scale;
    pen.globalAlpha = 0.3;
    for (let row = 0; row < this.words.length; row++) {
      const x = left + shown[2 * row] * scale, y = top - shown[2 * row + 1] * scale;
      if (!(x > 0 && y > 0 && x < width && y < height) || groupOf.has(row)) continue;
      pen.fillRect(x - 1, y - 1, 2, 2);
      inView.push(row);
    }
    pen.globalAlpha = 1;
    return inView;
  }

  paintLines(pen) {
    if (this.focus < 0) return;
    const start = this.at(this.focus);
    [pen.globalAlpha, pen.lineWidth] = [0.6, 1.2];
    for (const row of this.near) line(pen, start, this.at(row));
    pen.globalAlpha = 1;
  }

  paintMarker(pen, { row, x, y }, color) {
    const group = this.groupOf.get(row);
    pen.save();
    pen.translate(x, y);
    pen.fillStyle = colorOf(group ?? 4);
    pen.strokeStyle = group === undefined ? COLORS[4] : color;
    pen.lineWidth = 2;
    if (group !== undefined) pen.fill(PATHS[shapeOf(group)]);
    if (group === undefined || [this.focus, this.cursor].includes(row)) pen.stroke(PATHS[shapeOf(group ?? 0)]);
    pen.restore();
  }

  paintLabels(pen, marked, faint, style) {
    const under = this.cursor >= 0 ? [this.at(this.cursor)] : [];
    const few = faint.length <= FEW && this.zoom > 1 ? faint.map((row) => this.at(row)) : [];
    const label = (at) => {
      const bold = at.row === this.focus || at.row === this.cursor;
      const text = `${this.words[at.row]} ${bold ? this.cosineOf(at.row) : ""}`.trim();
      pen.font = `${bold ? "bold " : ""}12px ${style.fontFamily}`;
      return { ...at, text, font: pen.font, width: pen.measureText(text).width + 2 };
    };
    const markers = [...marked, ...under, ...few].map(({ x, y }) => [x, y]);
    const rows = new Map([...under, ...marked, ...few].map((at) => [at.row, at]));
    const placed = placeLabels([...rows.values()].map(label), markers, this.size, this.last);
    this.last = new Map(placed.map(({ row, place }) => [row, place]));
    pen.textBaseline = "middle";
    for (const { row, x, y, text, font, box, place } of placed) {
      const middle = (box[1] + box[3]) / 2;
      pen.globalAlpha = few.some((at) => at.row === row) && row !== this.cursor ? 0.7 : 1;
      [pen.lineWidth, pen.strokeStyle] = [0.6, style.color];
      if (place >= AROUND.length) line(pen, { x, y }, closest(box, x, y));
      [pen.font, pen.lineWidth, pen.strokeStyle] = [font, 3, style.backgroundColor];
      pen.strokeText(text, box[0] + 1, middle);
      pen.fillStyle = style.color;
      pen.fillText(text, box[0] + 1, middle);
    }
    pen.globalAlpha = 1;
  }

  // What a hand does

  listen() {
    const { canvas } = this;
    canvas.addEventListener("transitionend", () => this.draw());
    canvas.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
    canvas.addEventListener("pointerdown", (event) => this.onPress(event));
    canvas.addEventListener("pointermove", (event) => this.onMove(event));
    canvas.addEventListener("pointerup", (event) => this.onRelease(event));
    canvas.addEventListener("pointerleave", () => this.onLeave());
    canvas.addEventListener("keydown", (event) => this.onKey(event));
    canvas.addEventListener("blur", () => this.pointAt(-1));
  }

  // A wheel that scrolls the page goes on doing so when the map comes below the pointer.
  onWheel(event) {
    if (!this.moved || (event.deltaY > 0 && this.zoom === 1)) return;
    event.preventDefault();
    this.zoomBy(Math.exp(-event.deltaY / 400), event.offsetX, event.offsetY);
  }

  onLeave() {
    this.moved = false;
    this.pointAt(-1);
  }

  onPress(event) {
    this.drag = { x: event.offsetX, y: event.offsetY, far: false };
    this.canvas.setPointerCapture(event.pointerId);
  }

  onMove(event) {
    this.moved ||= event.movementX !== 0 || event.movementY !== 0;
    if (!this.drag) return this.pointAt(this.rowAt(event.offsetX, event.offsetY));
    const [dx, dy] = [event.offsetX - this.drag.x, event.offsetY - this.drag.y];
    if (!this.drag.far && Math.hypot(dx, dy) < 4) return; // a click that trembles
    this.drag = { x: event.offsetX, y: event.offsetY, far: true };
    this.canvas.style.cursor = "grabbing";
    this.panBy(dx, dy);
  }

  onRelease(event) {
    const dragged = this.drag?.far;
    this.drag = null;
    this.canvas.style.cursor = "";
    if (!dragged) this.choose(this.rowAt(event.offsetX, event.offsetY));
  }

  onKey(event) {
    const act = {
      Enter: () => this.choose(this.cursor),
      Escape: () => this.choose(-1),
      "+": () => this.zoomBy(STEP),
      "=": () => this.zoomBy(STEP),
      "-": () => this.zoomBy(1 / STEP),
      0: () => this.resetView(),
    }[event.key];
    const direction = ARROWS[event.key];
    if (event.ctrlKey || event.metaKey || event.shiftKey && event.key === "Enter") return;
    if (!act && !direction) return;
    event.preventDefault();
    event.stopPropagation();
    act ? act() : this.walk(direction);
  }

  walk(direction) {
    if (!this.frame) return;
    const start = this.cursor >= 0 ? this.cursor : this.focus;
    const places = this.marked.map((row) => this.at(row));
    const next = start < 0 ? places[0] : nextInDirection(this.at(start), direction, places);
    if (!next) return;
    this.pointAt(next.row);
    if (!this.isInView(next)) this.panBy(this.size[0] / 2 - next.x, this.size[1] / 2 - next.y);
    const cosine = this.cosineOf(next.row);
    const joined = cosine ? `, cosine ${cosine} to ${this.words[this.focus]}` : "";
    this.say(`${this.words[next.row]}${joined}. Enter shows its nearest words.`);
  }

  pointAt(row) {
    if (row === this.cursor) return;
    this.cursor = row;
    this.canvas.style.cursor = row < 0 ? "" : "pointer";
    this.draw();
  }

  choose(row) {
    this.onFocus(row < 0 ? "" : this.words[row]);
  }
}

function line(pen, start, end) {
  pen.beginPath();
  pen.moveTo(start.x, start.y);
  pen.lineTo(end.x, end.y);
  pen.stroke();
}

function closest(box, x, y) {
  return { x: Math.min(Math.max(x, box[0]), box[2]), y: Math.min(Math.max(y, box[1]), box[3]) };
}

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
  return () => {
    for (const [name, update] of Object.entries(follow)) model.off(`change:${name}`, update);
    plane.destroy();
  };
}

export default { render };
