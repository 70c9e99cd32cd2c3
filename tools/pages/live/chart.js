// What the live figures of chapter 04 share: a picture of points and lines over two axes, drawn
// anew for the width that the page has, so that its text is never too small to read.

const MARGIN = { left: 50, right: 10, top: 8, bottom: 42 };
const TICK = 4, WIDEST = 640;

function svg(tag, attributes = {}, text = "") {
  const part = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value);
  part.textContent = text;
  return part;
}

const inSvg = (points) => points.map((point) => point.map((n) => n.toFixed(1)).join()).join(" ");

class Chart {
  // `axes` holds x and y, each with where it begins and ends (`from`, `to`), its `ticks` as
  // pairs of a value and a text, and its `name`.
  constructor(axes, width, height) {
    this.axes = axes;
    this.right = width - MARGIN.right;
    this.bottom = height - MARGIN.bottom;
    this.picture = svg("svg", { role: "img", width, height });
    this.drawAxes();
  }

  // The place in pixels of a point in the units of the axes.
  at([x, y]) {
    const share = (value, { from, to }) => (value - from) / (to - from);
    const across = share(x, this.axes.x), up = share(y, this.axes.y);
    return [
      MARGIN.left + across * (this.right - MARGIN.left),
      this.bottom - up * (this.bottom - MARGIN.top),
    ];
  }

  add(tag, attributes, text) {
    const part = svg(tag, attributes, text);
    this.picture.append(part);
    return part;
  }

  drawAxes() {
    const { left, top } = MARGIN, { right, bottom, axes: { x, y } } = this;
    const corners = inSvg([[left, top], [left, bottom], [right, bottom]]);
    this.add("polyline", { class: "axis", points: corners });
    for (const [value, text] of x.ticks) {
      const [at] = this.at([value, y.from]);
      this.add("line", { class: "axis", x1: at, x2: at, y1: bottom, y2: bottom + TICK });
      this.add("text", { class: "middle", x: at, y: bottom + 17 }, text);
    }
    for (const [value, text] of y.ticks) {
      const [, at] = this.at([x.from, value]);
      this.add("line", { class: "axis", x1: left - TICK, x2: left, y1: at, y2: at });
      this.add("text", { class: "end", x: left - 7, y: at + 4 }, text);
    }
    this.add("text", { class: "middle", x: (left + right) / 2, y: bottom + 35 }, x.name);
    const turned = `translate(11 ${(top + bottom) / 2}) rotate(-90)`;
    this.add("text", { class: "middle", transform: turned }, y.name);
  }

  line(points, look) {
    const places = points.map((point) => this.at(point));
    this.add("polyline", { class: `line ${look}`, points: inSvg(places) });
  }

  write(text, point, look, right = 0, down = 0) {
    const [x, y] = this.at(point);
    this.add("text", { class: look, x: x + right, y: y + down }, text);
  }

  mark(shape, point, radius, look) {
    this.picture.append(markAt(shape, this.at(point), radius, `mark ${look}`));
  }

  arrow(start, end, look) {
    const [x0, y0] = this.at(start), [x1, y1] = this.at(end);
    const length = Math.max(Math.hypot(x1 - x0, y1 - y0), 1e-9);
    const dx = (x1 - x0) / length, dy = (y1 - y0) / length, head = Math.min(9, length);
    const [left, right] = [-1, 1].map((side) => [
      x1 - head * dx + (side * head * dy) / 2,
      y1 - head * dy - (side * head * dx) / 2,
    ]);
    this.line([start, end], look);
    this.add("polygon", { class: look, points: inSvg([left, [x1, y1], right]) });
  }
}

// A dot ("o"), a square ("s"), or a diamond ("D"), as matplotlib names them.
function markAt(shape, [x, y], radius, look) {
  if (shape === "o") return svg("circle", { class: look, cx: x, cy: y, r: radius });
  const corners = [0, 1, 2, 3].map((quarter) => {
    const angle = ((quarter + (shape === "s" ? 0.5 : 0)) * Math.PI) / 2;
    return [x + 1.25 * radius * Math.cos(angle), y + 1.25 * radius * Math.sin(angle)];
  });
  return svg("polygon", { class: look, points: inSvg(corners) });
}

// Put a legend into the page: for each text a sign made of SVG parts.
function drawLegend(place, entries) {
  const legend = make("p", place, { className: "legend" });
  for (const [text, ...signs] of entries) {
    const entry = make("span", legend);
    const sign = svg("svg", { width: 24, height: 12, "aria-hidden": "true" });
    sign.append(...signs);
    entry.append(sign, text);
  }
}

// A place for pictures, drawn again by draw(width) when its width changes; returns a function
// that draws one with other contents.
function drawPictures(place, draw) {
  let width = 0;
  const redraw = () => width && place.replaceChildren(draw(Math.min(width, WIDEST)));
  new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width === width) return;
    width = contentRect.width;
    redraw();
  }).observe(place);
  return redraw;
}
