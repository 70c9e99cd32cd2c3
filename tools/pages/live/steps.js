// Two centers with the same contexts and noise words, which take steps in turn. Chapter 04.

// The vectors and how they move

class Descent {
  constructor({ centers, others, labels, start, plane }) {
    this.labels = labels;
    this.numCenters = centers.length;
    this.words = [...centers, ...others];
    this.roles = [...centers.map(() => "center"),
      ...labels.map((label) => (label ? "context" : "noise word"))];
    this.path = [start];
    this.plane = plane;
  }

  get now() {
    return this.path.at(-1);
  }

  get numSteps() {
    return this.path.length - 1;
  }

  // Where one step for each center takes all vectors.
  after(lr) {
    const centers = this.now.slice(0, this.numCenters);
    let U = this.now.slice(this.numCenters);
    for (const [i, v] of centers.entries()) {
      const done = step(v, U, this.labels, lr);
      centers[i] = done.v;
      U = done.U;
    }
    return [...centers, ...U];
  }

  // The pairs of the first center.
  pairs(lr) {
    return step(this.now[0], this.now.slice(this.numCenters), this.labels, lr);
  }

  get cosine() {
    const [first, second] = this.now;
    return dot(first, second) / Math.sqrt(dot(first, first) * dot(second, second));
  }

  inPlane(vectors) {
    return vectors.map((vector) => this.plane.map((direction) => dot(vector, direction)));
  }
}

// The whole figure

function stepsInWords(said, { numSteps, cosine }, loss, isLast) {
  const bold = document.createElement("b");
  bold.textContent = loss.toFixed(4);
  const end = isLast ? " That was the last step. You can go back to the start." : "";
  said.replaceChildren(`After ${numSteps} step${numSteps === 1 ? "" : "s"}: loss `, bold,
    ` nats per pair. The cosine of the two centers is ${cosine.toFixed(2)}.${end}`);
}

function pairRows(descent, { dots, sigmoids, errors }) {
  return errors.map((error, i) => {
    const at = descent.numCenters + i;
    const numbers = [dots[i], sigmoids[i], error].map((value) => value.toFixed(4));
    return [descent.words[at], descent.roles[at], ...numbers];
  });
}

// Three buttons; the first plays the steps and pauses them.
function drawButtons(place) {
  const row = make("div", place, { className: "buttons" });
  const add = (text, look) => make("button", row, { type: "button", textContent: text, className: look });
  return { play: add("Play", "primary"), next: add("Step", ""), back: add("Back to the start", "") };
}

function layOut(place, data, onChange) {
  place.classList.add("live-chart");
  const buttons = drawButtons(place);
  const slider = make("div", place, { className: "w2v-slider" });
  drawSlider(slider, data.lr, onChange)(data.lr.value);
  const said = make("div", place, { className: "two-lines" }, { role: "status" });
  make("div", place, { textContent: data.projection });
  const signs = Object.entries(LOOKS).map(([role, [look, shape]]) =>
    [role, markAt(shape, [12, 6], 4, look)]);
  drawLegend(place, signs);
  const picture = make("div", place, { className: "picture" });
  const titles = ["with", "as", "dot product", "sigmoid", "error"];
  const write = drawTable(place, titles, `Pairs of ${data.centers[0]}`);
  return { ...buttons, said, picture, write };
}

class Steps {
  constructor(place, data) {
    Object.assign(this, { descent: new Descent(data), data, lr: data.lr.value, clock: null });
    const parts = layOut(place, data, (value) => { this.lr = value; this.update(); });
    Object.assign(this, parts);
    this.redraw = drawPictures(parts.picture, (width) =>
      drawVectors(data.axes, this.descent, this.lr, width));
    this.play.onclick = () => this.startOrPause();
    this.next.onclick = () => this.takeStep();
    this.back.onclick = () => this.goBack();
    this.update();
  }

  get isLast() {
    return this.descent.numSteps >= this.data.maxSteps;
  }

  update() {
    const pairs = this.descent.pairs(this.lr);
    // Not `disabled`, which would take the focus away.
    this.next.setAttribute("aria-disabled", this.isLast);
    stepsInWords(this.said, this.descent, pairs.loss, this.isLast);
    this.write(pairRows(this.descent, pairs));
    this.redraw();
  }

  takeStep() {
    if (this.isLast) return;
    this.descent.path.push(this.descent.after(this.lr));
    if (this.isLast) this.pause();
    this.update();
  }

  goBack() {
    this.pause();
    this.descent.path.length = 1;
    this.update();
  }

  startOrPause() {
    if (this.clock !== null) return this.pause();
    if (this.isLast) this.goBack();
    // Readers who want no motion see all steps at once.
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return this.jumpToEnd();
    this.said.setAttribute("aria-live", "off"); // only the last of many steps is read out
    this.play.textContent = "Pause";
    this.clock = setInterval(() => this.takeStep(), this.data.msPerStep);
  }

  pause() {
    clearInterval(this.clock);
    this.clock = null;
    this.play.textContent = "Play";
    this.said.removeAttribute("aria-live");
  }

  jumpToEnd() {
    while (!this.isLast) this.descent.path.push(this.descent.after(this.lr));
    this.update();
  }
}

new Steps(placeOf("steps"), dataOf("steps"));
