// Two centers with the same contexts and noise words, which take steps in turn. Chapter 04.

// Pixels from a mark to its word; of a letter; of a line; of a mark around its middle.
const BESIDE = 8, LETTER = 7, LINE = 13, MARK = 6;
const LOOKS = {
  center: ["center", "D"], context: ["context", "o"], "noise word": ["noise", "s"],
};

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

// The picture

// For each word, in pixels: where it stands beside its mark, where no mark or other word is.
function placeWords(words, marks, arrows, width) {
  const taken = marks.map(([x, y]) => [x - MARK, y - MARK, x + MARK, y + MARK]);
  const order = [...words.keys()].sort((a, b) => marks[a][1] - marks[b][1]);
  const places = [];
  for (const i of order) {
    const prefersLeft = arrows[i][0] > marks[i][0]; // the arrow is on the right
    places[i] = freePlace(marks[i], LETTER * words[i].length, prefersLeft, taken, width);
    taken.push(places[i].box);
  }
  return places;
}

// Choose the side of a mark and how far down to write.
function freePlace([x, y], width, prefersLeft, taken, endOfPage) {
  const places = [];
  for (const left of [true, false]) {
    for (let down = -16; down <= 40; down++) {
      // The side of the arrow costs as much as six pixels up or down.
      const cost = Math.abs(down - 4) + 6 * (left !== prefersLeft);
      const start = x + (left ? -BESIDE - width : BESIDE), top = y + down - LINE + 3;
      places.push({ cost, left, down, box: [start, top, start + width, top + LINE] });
    }
  }
  places.sort((a, b) => a.cost - b.cost);
  const isFree = ({ box }) => box[0] >= MARGIN.left && box[2] <= endOfPage
    && !taken.some((other) => meet(box, other));
  return places.find(isFree) ?? places.at(-1);
}

const meet = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

function drawPlane({ x, y }, width) {
  const scale = (width - MARGIN.left - MARGIN.right) / (x.to - x.from); // the same for both
  const height = MARGIN.top + scale * (y.to - y.from) + MARGIN.bottom;
  const chart = new Chart({ x, y }, width, height);
  chart.line([[x.from, 0], [x.to, 0]], "thin");
  chart.line([[0, y.from], [0, y.to]], "thin");
  return chart;
}

function drawVectors(axes, descent, lr, width) {
  const chart = drawPlane(axes, width);
  const way = descent.path.map((vectors) => descent.inPlane(vectors));
  const here = way.at(-1), next = descent.inPlane(descent.after(lr));
  const inPixels = (points) => points.map((point) => chart.at(point));
  const places = placeWords(descent.words, inPixels(here), inPixels(next), width);
  for (const [i, word] of descent.words.entries()) {
    const [look, shape] = LOOKS[descent.roles[i]], { left, down } = places[i];
    chart.line(way.map((points) => points[i]), `${look} way`);
    chart.arrow(here[i], next[i], look);
    chart.mark(shape, here[i], 4, look);
    const side = left ? -BESIDE : BESIDE;
    chart.write(word, here[i], `${look} ${left ? "end" : "start"}`, side, down);
  }
  const said = `The vectors after ${descent.numSteps} steps, with arrows to the next step.`;
  chart.picture.setAttribute("aria-label", said);
  return chart.picture;
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

function show(place, data) {
  const descent = new Descent(data);
  let lr = data.lr.value, clock = null;
  const { play, next, back, said, picture, write } = layOut(place, data, (value) => {
    lr = value;
    update();
  });
  const redraw = drawPictures(picture, (width) =>
    drawVectors(data.axes, descent, lr, width));
  const isLast = () => descent.numSteps >= data.maxSteps;

  function update() {
    const pairs = descent.pairs(lr);
    // Not `disabled`, which would take the focus away.
    next.setAttribute("aria-disabled", isLast());
    stepsInWords(said, descent, pairs.loss, isLast());
    write(pairRows(descent, pairs));
    redraw();
  }

  function takeStep() {
    if (isLast()) return;
    descent.path.push(descent.after(lr));
    if (isLast()) pause();
    update();
  }

  function goBack() {
    pause();
    descent.path.length = 1;
    update();
  }

  function pause() {
    clearInterval(clock);
    clock = null;
    play.textContent = "Play";
    said.removeAttribute("aria-live");
  }

  function start() {
    if (isLast()) goBack();
    said.setAttribute("aria-live", "off"); // only the last of many steps is read out
    play.textContent = "Pause";
    clock = setInterval(takeStep, data.msPerStep);
  }

  // For readers who want no motion, all steps at once.
  function jumpToEnd() {
    if (isLast()) goBack();
    while (!isLast()) descent.path.push(descent.after(lr));
    update();
  }

  const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  play.onclick = () => (clock !== null ? pause() : isStill() ? jumpToEnd() : start());
  next.onclick = takeStep;
  back.onclick = goBack;
  update();
}

show(placeOf("steps"), dataOf("steps"));
