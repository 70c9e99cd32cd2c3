// Places on the map of words: frames, labels, and the way from word to word. Pure functions
// of numbers. Chapters 05, 06, and 09.

const RADIUS = 5, GAP = 7, LINE = 16; // pixels: a marker, from its middle to its label, a label
const LEADER = 14; // pixels from a marker to a label that stands apart
const AROUND = [[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [1, 1], [-1, -1], [-1, 1]];

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
export function placeLabels(labels, markers, size, last = new Map(), rings = 5) {
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
