// The loss of one pair, with a choice of label and mask and a slider for the logit. Chapter 04.
//
// The page computes the loss and the gradient itself. What Gluon and autograd say comes with
// the data, because it takes Python.

const LEAST_HEIGHT = 260, CURVE_POINTS = 97;
const LOOKS = ["noise dashed", "context"]; // of the curves, by label

function computePair({ logit, label, mask }) {
  const answer = sigmoid(logit);
  return { answer, loss: mask * pairLoss(logit, label), gradient: mask * (answer - label) };
}

function pairInWords({ logit, label, mask }, answer) {
  if (!mask) return "The mask multiplies both by 0, so padding has no effect, whatever its logit.";
  const said =
    `The model answers σ(${logit}) = ${answer.toFixed(4)}, and the label is ${label}. ` +
    `Answer minus label is ${(answer - label).toFixed(4)}, which is the slope of the tangent.`;
  return logit === 0
    ? `${said} At exactly 0 autograd is wrong: it takes the slopes of max(x, 0) and |x| to be 0 ` +
      "there, so only −label is left."
    : said;
}

function tangentAt({ logit, loss, gradient }, { length, reach }) {
  const ends = [logit - length / 2, logit + length / 2];
  const kept = ends.map((x) => Math.max(-reach, Math.min(reach, x)));
  return kept.map((x) => [x, loss + gradient * (x - logit)]);
}

function drawCurves(chart, { min, max }) {
  const zero = Math.log(2), { from, to } = chart.axes.x;
  chart.line([[from, zero], [to, zero]], "thin");
  chart.write("ln 2", [min, zero], "soft", 0, -5);
  const share = (max - min) / (CURVE_POINTS - 1);
  const logits = Array.from({ length: CURVE_POINTS }, (_, i) => min + i * share);
  for (const label of [1, 0]) {
    chart.line(logits.map((x) => [x, pairLoss(x, label)]), LOOKS[label]);
  }
}

function drawPair(data, { logit, loss, gradient }, width) {
  const chart = new Chart(data.axes, width, Math.max(LEAST_HEIGHT, width / 2));
  drawCurves(chart, data.logit);
  chart.line(tangentAt({ logit, loss, gradient }, data.tangent), "ink");
  chart.mark("o", [logit, loss], 6, "ink");
  const said = `A dot at logit ${logit.toFixed(2)} and loss ${loss.toFixed(4)}, its tangent ` +
    `with the slope ${gradient.toFixed(4)}.`;
  chart.picture.setAttribute("aria-label", said);
  return chart.picture;
}

// Draw a choice between named values, of which `value` is chosen at first.
function addChoice(place, { name, texts, values, value }, onChange) {
  const part = make("div", place, { className: "w2v-choice" });
  drawChoice(part, name, texts, (at) => onChange(values[at]))(values.indexOf(value));
}

// Put in the controls, which call change(name, value), and the legend.
function addControls(place, data, change) {
  addChoice(place, data.label, (value) => change("label", value));
  const slider = make("div", place, { className: "w2v-slider" });
  drawSlider(slider, data.logit, (value) => change("logit", value))(data.logit.value);
  addChoice(place, data.mask, (value) => change("mask", value));
  const sample = (label) => svg("path", { class: `line ${LOOKS[label]}`, d: "M0 6H22" });
  drawLegend(place, Object.entries(data.curves).map(([text, label]) => [text, sample(label)]));
}

function show(place, data) {
  place.classList.add("live-chart");
  const now = { label: data.label.value, logit: data.logit.value, mask: data.mask.value };
  addControls(place, data, (name, value) => { now[name] = value; update(); });
  const pictures = make("div", place, { className: "picture" });
  const write = drawTable(place, ["", "by hand", "Gluon and autograd"]);
  const said = make("div", place, {}, { role: "status" });
  const redraw = drawPictures(pictures, (width) =>
    drawPair(data, { ...now, ...computePair(now) }, width));

  function update() {
    const { answer, loss, gradient } = computePair(now);
    const at = Math.round((now.logit - data.logit.min) / data.logit.step);
    const [gluonsLoss, gluonsGradient] = data.gluon[now.mask][now.label][at];
    write([
      ["loss (nats)", loss.toFixed(4), gluonsLoss],
      ["gradient", gradient.toFixed(4), gluonsGradient],
    ]);
    said.textContent = pairInWords(now, answer);
    redraw();
  }
  update();
}

show(placeOf("pair"), dataOf("pair"));
