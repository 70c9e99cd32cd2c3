// How the map of words looks: dots, lines, markers, and labels on a canvas. Chapters 05, 06,
// and 09.

// Those of PALETTE in figures/style.py, and what to take on a page without it.
const NAMES = ["blue", "orange", "green", "pink", "gray"];
const COLORS = ["#0072B2", "#B84F00", "#007A59", "#CC79A7", "#767676"]; // Okabe and Ito
// Around a marker at (0, 0): circle, square, diamond, triangles.
const SHAPES = [
  "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0",
  "M-4.5-4.5h9v9h-9z",
  "M0-6l6 6l-6 6l-6-6z",
  "M-5.5 4.5h11l-5.5-10z",
  "M-5.5-4.5h11l-5.5 10z",
];
const PATHS = SHAPES.map((shape) => new Path2D(shape));
const FEW = 60; // dots in view that get a label while there is room

export function colorOf(group) {
  return COLORS[group % COLORS.length];
}

// The same in the theme of an element with this computed style.
export function colorIn(style, group) {
  const name = NAMES[group % NAMES.length];
  return style.getPropertyValue(`--w2v-${name}`).trim() || colorOf(group);
}

// The markers of 25 groups differ.
export function shapeOf(group) {
  return (group + Math.floor(group / COLORS.length)) % SHAPES.length;
}

export function paint(map) {
  const [width, height] = map.size, ratio = map.canvas.width / width;
  if (!map.frame || !width) return;
  const pen = map.canvas.getContext("2d"), style = getComputedStyle(map.canvas);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.fillStyle = pen.strokeStyle = style.color;
  const faint = paintDots(map, pen, width, height);
  const marked = map.marked.map((row) => map.at(row)).filter((at) => map.isInView(at));
  paintLines(map, pen);
  marked.forEach((at) => paintMarker(map, pen, at, style));
  if (map.cursor >= 0) paintMarker(map, pen, map.at(map.cursor), style);
  paintLabels(map, pen, marked, faint, style);
}

// Returns the rows in view that have no marker.
function paintDots(map, pen, width, height) {
  const inView = [], { shown, scale, frame, pan, groupOf } = map;
  const left = width / 2 - (frame[0] + pan[0]) * scale;
  const top = height / 2 + (frame[1] + pan[1]) * scale;
  pen.globalAlpha = 0.15;
  for (let row = 0; row < map.words.length; row++) {
    const x = left + shown[2 * row] * scale, y = top - shown[2 * row + 1] * scale;
    if (!(x > 0 && y > 0 && x < width && y < height) || groupOf.has(row)) continue;
    pen.fillRect(x - 1, y - 1, 2, 2);
    inView.push(row);
  }
  pen.globalAlpha = 1;
  return inView;
}

function paintLines(map, pen) {
  if (map.focus < 0) return;
  const start = map.at(map.focus);
  [pen.globalAlpha, pen.lineWidth] = [0.6, 1.2];
  for (const row of map.near) line(pen, start, map.at(row));
  pen.globalAlpha = 1;
}

function paintMarker(map, pen, { row, x, y }, style) {
  const group = map.groupOf.get(row);
  pen.save();
  pen.translate(x, y);
  pen.fillStyle = colorIn(style, group ?? 4);
  if (group !== undefined) {
    [pen.strokeStyle, pen.lineWidth] = [style.backgroundColor, 3]; // half of it is below the marker
    pen.stroke(PATHS[shapeOf(group)]);
    pen.fill(PATHS[shapeOf(group)]);
  }
  const isChosen = row === map.focus || row === map.cursor;
  pen.strokeStyle = isChosen ? style.color : colorIn(style, 4);
  pen.lineWidth = isChosen ? 3 : 2;
  if (group === undefined || isChosen) pen.stroke(PATHS[shapeOf(group ?? 0)]);
  pen.restore();
}

function paintLabels(map, pen, marked, faint, style) {
  const under = map.cursor >= 0 ? [map.at(map.cursor)] : [];
  const few = faint.length <= FEW && map.zoom > 1 ? faint.map((row) => map.at(row)) : [];
  const label = (at) => {
    const bold = at.row === map.focus || at.row === map.cursor;
    const text = `${map.words[at.row]} ${bold ? map.cosineOf(at.row) : ""}`.trim();
    pen.font = `${bold ? "bold " : ""}12px ${style.fontFamily}`;
    return { ...at, text, font: pen.font, width: pen.measureText(text).width + 2 };
  };
  const markers = [...marked, ...under, ...few].map(({ x, y }) => [x, y]);
  const rows = new Map([...under, ...marked, ...few].map((at) => [at.row, at]));
  const placed = placeLabels([...rows.values()].map(label), markers, map.size, map.last);
  map.last = new Map(placed.map(({ row, place }) => [row, place]));
  pen.textBaseline = "middle";
  for (const { row, x, y, text, font, box, place } of placed) {
    const middle = (box[1] + box[3]) / 2;
    pen.globalAlpha = few.some((at) => at.row === row) && row !== map.cursor ? 0.7 : 1;
    [pen.lineWidth, pen.strokeStyle] = [0.6, style.color];
    if (place >= AROUND.length) line(pen, { x, y }, closest(box, x, y));
    [pen.font, pen.lineWidth, pen.strokeStyle] = [font, 3, style.backgroundColor];
    pen.strokeText(text, box[0] + 1, middle);
    pen.fillStyle = style.color;
    pen.fillText(text, box[0] + 1, middle);
  }
  pen.globalAlpha = 1;
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
