// The picture of the steps: vectors in a plane, with arrows to where the next step takes them.
// Chapter 04.

// Pixels from a mark to its word; of a letter; of a line; of a mark around its middle.
const BESIDE = 8, LETTER = 7, LINE = 13, MARK = 6;
const LOOKS = {
  center: ["center", "D"], context: ["context", "o"], "noise word": ["noise", "s"],
};

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
