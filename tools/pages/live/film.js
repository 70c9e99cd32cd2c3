// The film of a training: a slider moves through its epochs, and map, curve, and nearest words
// show that moment. Between two frames of the data, the words of the map move straight on.

const SECONDS = 20; // of the whole film
const SLIDER_STEP = 0.05; // epochs, of the slider
const WIDTH = 360, HEIGHT = 280, LEFT = 42, RIGHT = 8, TOP = 10, BOTTOM = 40; // of the curve
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

class Film {
  constructor(element, data) {
    Object.assign(this, { data, time: 0, playing: false, asked: "" });
    this.frames = data.points.map(
      (text) => Float32Array.from(numbers(text, Int16Array), (place) => place / data.scale));
    this.perEpoch = (this.frames.length - 1) / data.epochs;
    this.build(element);
    this.show(0);
  }

  build(element) {
    const { epochs, words, groups } = this.data;
    const row = make("div", element, { className: "live-row" });
    this.button = make("button", row, { type: "button", onclick: () => this.press() });
    const slider = { label: "epoch", min: 0, max: epochs, step: SLIDER_STEP, options: [], texts: [] };
    this.slide = drawSlider(make("div", row, { className: "w2v-slider" }),
      { ...slider, standard: null }, (time) => this.seek(time));
    this.losses = make("p", element, { className: "live-losses" });
    const columns = make("div", element, { className: "live-columns" });
    this.curve = new Curve(make("div", columns), this.data);
    this.plane = new WordPlane(make("div", columns), (word) => this.ask(word));
    this.plane.setWords(words);
    this.plane.setGroups(groups);
    this.table = make("table", element);
    make("caption", this.table, { textContent: "Nearest words. Bold ones are still there at the end." });
    if (this.data.note) make("p", element, { className: "live-said", textContent: this.data.note });
    this.say = drawSaid(element);
    this.change();
  }

  // By hand

  press() {
    if (!this.playing && this.time >= this.data.epochs) this.show(0);
    this.playing = !this.playing;
    this.change();
    if (this.playing) this.play();
    else this.tell();
  }

  change() {
    this.button.textContent = this.playing ? "❚❚ Pause" : "▶ Play";
    this.button.setAttribute("aria-label", this.playing ? "Pause" : "Play");
  }

  seek(time) {
    this.playing = false;
    this.change();
    this.show(time);
    this.tell();
  }

  // Only words with a label have a list.
  ask(word) {
    this.asked = this.data.near[0][word] ? word : "";
    this.show(this.time);
    this.tell();
  }

  // In time

  play() {
    const start = performance.now(), from = this.time;
    const next = (now) => {
      if (!this.playing) return;
      const passed = Math.max(0, now - start) / 1000;
      const time = Math.min(this.data.epochs, from + passed * this.data.epochs / SECONDS);
      if (Math.floor(time) > Math.floor(this.time)) this.tell(Math.floor(time));
      this.show(STILL.matches ? this.frameAt(time) / this.perEpoch : time);
      this.playing = time < this.data.epochs;
      if (this.playing) requestAnimationFrame(next);
      else this.change();
    };
    requestAnimationFrame(next);
  }

  // The last frame at this time or before it. Sums of steps are not exact.
  frameAt(time) {
    return Math.floor(time * this.perEpoch + 1e-6);
  }

  // What is seen

  show(time) {
    this.time = time;
    this.slide(time);
    this.curve.show(time);
    this.losses.textContent = this.inWords(time);
    this.move(time);
    const near = this.near(time);
    const shown = (near[this.asked] ?? []).filter((word) => this.plane.rows.has(word));
    this.plane.setFocus(this.asked, shown);
    this.list(near);
  }

  move(time) {
    const frame = this.frameAt(time), share = time * this.perEpoch - frame;
    const from = this.frames[frame], to = this.frames[frame + 1] ?? from;
    const points = from.map((place, i) => place + (to[i] - place) * Math.max(0, share));
    this.plane.setPoints(points, this.data.frame, false);
  }

  near(time) {
    return this.data.near[this.frameAt(time)];
  }

  inWords(time) {
    const done = Math.floor(time + 1e-6), { heldout } = this.data;
    const after = done ? `; after epoch ${done}, the held-out loss was ${heldout[done - 1]}` : "";
    return `Training loss ${this.curve.at(time).toFixed(3)} nats per pair${after}.`;
  }

  list(near) {
    const { probes } = this.data, rows = [...new Set([...probes, this.asked])].filter(Boolean);
    while (this.table.rows.length > rows.length) this.table.deleteRow(-1);
    while (this.table.rows.length < rows.length) {
      make("th", this.table.insertRow(), {}, { scope: "row" });
      this.table.rows[this.table.rows.length - 1].insertCell();
    }
    rows.forEach((word, i) => this.fill(this.table.rows[i], word, near[word]));
  }

  fill(row, word, near) {
    const [head, cell] = row.cells, last = this.data.near.at(-1)[word];
    if (head.textContent === word && cell.textContent === near.join(", ")) return;
    head.textContent = word;
    cell.replaceChildren();
    near.forEach((each, i) => {
      if (i) cell.append(", ");
      make(last.includes(each) ? "b" : "span", cell, { textContent: each });
    });
  }

  tell(time = this.time) {
    const near = this.near(time), lists = [...new Set([...this.data.probes, this.asked])]
      .filter(Boolean).map((word) => `Nearest to ${word}: ${near[word].join(", ")}.`);
    this.say(`Epoch ${Number(time.toFixed(2))}. ${this.inWords(time)} ${lists.join(" ")}`);
  }
}

// The losses, and where the film is on them.
class Curve {
  constructor(element, { epochs, losses, heldout, guess }) {
    Object.assign(this, { epochs, losses, heldout });
    const all = [...losses.map(([, loss]) => loss), ...heldout];
    [this.low, this.high] = [Math.min(...all) - 0.02, Math.max(...all)];
    this.svg = draw("svg", element, { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img",
      class: "live-curve", "aria-label": "Training loss and held-out loss by epoch" });
    this.axes();
    const line = losses.map(([epoch, loss]) => `${this.x(epoch)},${this.y(loss)}`).join(" ");
    draw("polyline", this.svg, { points: line, class: "live-later" });
    const window = draw("rect", draw("clipPath", this.svg, { id: "film-past" }),
      { x: 0, y: 0, height: HEIGHT });
    this.past = window;
    draw("polyline", this.svg, { points: line, class: "live-train", "clip-path": "url(#film-past)" });
    this.rule(guess, `always the same answer: ${guess}`);
    this.marks = heldout.map((loss, i) => draw("rect", this.svg,
      { x: this.x(i + 1) - 4, y: this.y(loss) - 4, width: 8, height: 8, class: "live-heldout" }));
    this.legend();
    this.mark = draw("circle", this.svg, { r: 6, class: "live-mark" });
  }

  x(epoch) {
    return LEFT + (WIDTH - LEFT - RIGHT) * epoch / this.epochs;
  }

  y(loss) {
    return TOP + (HEIGHT - TOP - BOTTOM) * (this.high - loss) / (this.high - this.low);
  }

  axes() {
    const bottom = HEIGHT - BOTTOM;
    draw("path", this.svg, { d: `M${LEFT} ${TOP}V${bottom}H${WIDTH - RIGHT}`, class: "live-axis" });
    for (let epoch = 0; epoch <= this.epochs; epoch++) {
      this.write(epoch, this.x(epoch), bottom + 17, "middle");
    }
    for (let loss = Math.ceil(this.low * 10); loss <= this.high * 10; loss++) {
      this.write((loss / 10).toFixed(1), LEFT - 6, this.y(loss / 10) + 4, "end");
    }
    this.write("epoch", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 4, "middle");
    this.write("loss (nats per pair)", LEFT + 24, TOP + 6, "start");
  }

  rule(loss, text) {
    draw("path", this.svg, { d: `M${LEFT} ${this.y(loss)}H${WIDTH - RIGHT}`, class: "live-rule" });
    this.write(text, WIDTH - RIGHT, this.y(loss) - 6, "end");
  }

  legend() {
    const x = WIDTH - 120;
    draw("path", this.svg, { d: `M${x} 40h18`, class: "live-train" });
    draw("rect", this.svg, { x: x + 5, y: 56, width: 8, height: 8, class: "live-heldout" });
    this.write("training", x + 26, 44, "start");
    this.write("held-out", x + 26, 64, "start");
  }

  write(text, x, y, anchor) {
    draw("text", this.svg, { x, y, "text-anchor": anchor }).textContent = text;
  }

  // The training loss at a time, between its records.
  at(time) {
    const after = this.losses.findIndex(([epoch]) => epoch >= time);
    if (after < 1) return this.losses[after < 0 ? this.losses.length - 1 : 0][1];
    const [[left, from], [right, to]] = this.losses.slice(after - 1, after + 1);
    return from + (to - from) * (time - left) / (right - left);
  }

  show(time) {
    const x = this.x(time);
    this.past.setAttribute("width", x);
    this.mark.setAttribute("cx", x);
    this.mark.setAttribute("cy", this.y(this.at(time)));
    this.marks.forEach((mark, i) => mark.classList.toggle("live-later", i + 1 > time + 1e-6));
  }
}

function draw(tag, parent, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  parent.append(element);
  return element;
}

new Film(placeOf("film"), dataOf("film"));
