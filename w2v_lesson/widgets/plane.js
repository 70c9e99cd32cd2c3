// The map of words that moves: what it shows, and where. Chapters 05, 06, and 09. plane.py
// joins the parts to one module.
//
// `WordPlane` draws what it is given and needs no kernel, so a static page can use it, too.

const BORDER = 44, REACH = 14; // pixels around the words, and from a hand to a word
const MAX_ZOOM = 60;
const SLOWEST = 1000, QUICKEST = 200; // milliseconds of a move
const HINT = "Click a word for its neighbors; drag to move.";
const HELP =
  "Map of words. Arrow keys walk from word to word, Enter joins a word with its nearest " +
  "words, Escape clears it, plus and minus zoom, and 0 shows everything.";

export class WordPlane {
  // element: filled by the map; onFocus: called with the word that was chosen, or "".
  constructor(element, onFocus = () => {}) {
    Object.assign(this, { words: [], groups: {}, groupOf: new Map(), onFocus });
    this.shown = this.from = this.to = new Float32Array(0);
    Object.assign(this, { frame: null, fromFrame: null, toFrame: null, fixedFrame: null });
    Object.assign(this, { arrived: 0, duration: 0, pending: 0, zoom: 1, pan: [0, 0] });
    Object.assign(this, { focus: -1, near: [], cosines: null, cursor: -1, last: new Map() });
    this.build(element);
    this.unlisten = listen(this);
  }

  build(element) {
    this.root = make("div", element, { className: "w2v-plane" });
    const head = make("div", this.root, { className: "w2v-plane-head" });
    this.legend = make("div", head, { className: "w2v-plane-legend" });
    const buttons = make("div", head, { className: "w2v-plane-buttons" });
    for (const [text, title, act] of [
      ["+", "Zoom in", () => this.step(STEP)],
      ["−", "Zoom out", () => this.step(1 / STEP)],
      ["Show all", "Show all words of the groups", () => this.resetView()],
    ]) {
      const button = { textContent: text, title, type: "button", onclick: act };
      make("button", buttons, button, { "aria-label": title });
    }
    this.zoomOut = buttons.children[1];
    const role = { role: "application", "aria-label": HELP };
    this.canvas = make("canvas", this.root, { tabIndex: 0 }, role);
    // Otherwise JupyterLab would take the arrow keys for a walk from cell to cell.
    this.canvas.dataset.lmSuppressShortcuts = "true";
    const said = { className: "w2v-plane-said", textContent: HINT };
    this.said = make("div", this.root, said, { "aria-live": "polite" });
    this.resize = new ResizeObserver(() => this.measure());
    this.resize.observe(this.canvas);
  }

  destroy() {
    cancelAnimationFrame(this.pending);
    this.resize.disconnect();
    this.unlisten();
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
        `<path fill="var(--w2v-${NAMES[group % NAMES.length]}, ${colorOf(group)})" ` +
        `d="${SHAPES[shapeOf(group)]}"/></svg> `;
      item.append(name);
    });
    this.toFrame = null;
    this.resetView();
  }

  // points: Float32Array, x and y of each word; not a number where a word isn't drawn.
  // They are reached smoothly, in about the time that has passed since the last ones came,
  // unless they shall be shown as they are, because they are part of a motion already.
  setPoints(points, frame = null, smooth = true) {
    const now = performance.now(), first = this.shown.length !== points.length;
    const still = first || !smooth || matchMedia("(prefers-reduced-motion: reduce)").matches;
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
    this.cosines = this.focus < 0 ? null : cosines;
    if (this.focus < 0) this.say(HINT);
    else if (cosines) this.say(this.inWords());
    this.draw();
  }

  resetView() {
    [this.zoom, this.pan, this.last] = [1, [0, 0], new Map()];
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

  // The word that the keys are on, or else the focused one; -1 for none.
  get current() {
    return this.cursor >= 0 ? this.cursor : this.focus;
  }

  // The current word keeps its place, or, if there is none in view, the middle does.
  step(factor) {
    const place = this.frame && this.current >= 0 ? this.at(this.current) : {};
    const { x, y } = this.isInView(place) ? place : {};
    this.zoomBy(factor, x, y);
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
    paint(this);
  }

  draw() {
    this.zoomOut.setAttribute("aria-disabled", this.zoom === 1);
    this.pending ||= requestAnimationFrame(() => {
      this.pending = 0;
      this.advance();
      paint(this);
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

  // Words by hand

  pointAt(row) {
    if (row === this.cursor) return;
    this.cursor = row;
    this.canvas.style.cursor = row < 0 ? "" : "pointer";
    this.draw();
  }

  walk(direction) {
    if (!this.frame) return;
    const start = this.current, places = this.marked.map((row) => this.at(row));
    const next = start < 0 ? places[0] : nextInDirection(this.at(start), direction, places);
    if (!next) return;
    this.pointAt(next.row);
    if (!this.isInView(next)) this.panBy(this.size[0] / 2 - next.x, this.size[1] / 2 - next.y);
    const cosine = this.cosineOf(next.row);
    const joined = cosine ? `, cosine ${cosine} to ${this.words[this.focus]}` : "";
    this.say(`${this.words[next.row]}${joined}. Enter shows its nearest words.`);
  }

  choose(row) {
    this.onFocus(row < 0 ? "" : this.words[row]);
  }
}
