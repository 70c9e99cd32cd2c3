// The seven pictures of the journey. The second part of the module.

const PUSH_SECONDS = 1.6, MEET_SECONDS = 5; // of the last picture
const [SENTENCE, WINDOW, PAIRS, TABLES, SCORE, LOSS, ARROWS] = [0, 1, 2, 3, 4, 5, 6];
const at = (x, y, more) => ({ x, y, ...more });
// A place that is so much further right and down on a narrow stage.
const shift = (place, dx, dy) => ({ ...place, narrow: { x: place.x + dx, y: place.y + dy } });

function drawSentence(stage, data) {
  const words = data.sentence.map(([word]) => word);
  const kept = words.filter((_, i) => data.sentence[i][1]);
  const first = layBoth(words, 106, 44), then = layBoth(kept, 132, 46, 26); // room for the roles
  const heard = data.contexts.map((word) => kept.indexOf(word));
  const middle = kept.indexOf(data.center), inside = [middle, ...heard];
  const edge = (i, side) => then[i].x + (side * widthOf(kept[i])) / 2;
  const left = Math.min(...inside.map((i) => edge(i, -1))) - 7;
  const right = Math.max(...inside.map((i) => edge(i, 1))) + 7;
  const frame = { x: left, y: -22, width: right - left, height: 44, rx: 9, class: "frame" };
  const further = then[middle].narrow.x - then[middle].x;
  const over = (x, y) => ({ [WINDOW]: shift(at(x, y), further, LOWER) });
  stage.add(svg("rect", { ...frame, "stroke-dasharray": "5 4" }), over(0, 132));
  heard.forEach((i) => stage.add(arc(then[middle].x, then[i].x), over(0, 105)));
  stage.add(text("center", "soft"), over(then[middle].x, 169));
  stage.add(text("contexts", "soft"), over((then[heard[0]].x + then[heard.at(-1)].x) / 2, 169));
  let place = 0;
  data.sentence.forEach(([word, stays], i) => {
    if (!stays) {
      const out = stage.add(box(word), { [SENTENCE]: { ...first[i], lit: false } });
      return out.classList.add("out");
    }
    const now = place++, role = now === middle ? "center" : "context";
    stage.add(box(word, data.colors[role]), {
      [SENTENCE]: { ...first[i], lit: false },
      [WINDOW]: { ...then[now], lit: inside.includes(now) },
    });
  });
  return (word) => then[kept.indexOf(word)];
}

// A line that jumps from one word to another.
function arc(from, to) {
  const high = 18 + Math.abs(to - from) / 4;
  const path = `M${from},0 C${from},${-high} ${to},${-high} ${to},0`;
  return svg("path", { d: path, class: "curve" });
}

// Each pair is two boxes that fly here from the sentence, or, if made up, from the right.
function drawPairs(stage, data, places) {
  const { center, contexts, noise, colors } = data, half = widthOf(center) / 2;
  const columns = [
    [12, [60, 0], contexts, "context", "near each other in the text", "yes"],
    [240, [-168, 148], noise.slice(0, 4), "noise", "made up: a word drawn at random", "no"],
  ];
  for (const [left, by, words, role, title, answer] of columns) {
    const put = (x, y) => ({ [PAIRS]: shift(at(x, y), ...by) });
    stage.add(text(title, "soft", 0, 0, "start"), put(left, 48));
    words.forEach((word, n) => {
      const y = 88 + 42 * n, start = left + 2 * half + 6, x = start + widthOf(word) / 2;
      const from = role === "context" ? places(word) : at(WIDTH + 60, y);
      const [inV, inU] = tablePlaces(data, word);
      stage.add(box(center, colors.center), {
        [WINDOW]: { ...places(center), o: 0 }, ...put(left + half, y), ...inV,
      });
      stage.add(box(word, colors[role]), { [WINDOW]: { ...from, o: 0 }, ...put(x, y), ...inU });
      stage.add(text(answer, "strong", 0, 0, "start"), put(start + widthOf(word) + 10, y));
    });
  }
  const more = noise.length - 4;
  const last = shift(at(240, 254), ...columns[1][1]);
  stage.add(text(`and ${more} more`, "soft", 0, 0, "start"), { [PAIRS]: last });
}

// The two tables

const CELL = 38, ROW = 32, TOP = 92;
const V = 72, U = 324, LEFT = 98; // left edges of the cells, here and in the next picture
const IN_TABLE = { v: [38, -34], u: [110 - U, 207] }, IN_ROWS = [14, -36]; // shifts if narrow

// Where the boxes of a pair go in the steps after `PAIRS`, if it is one of the two we follow.
function tablePlaces(data, word) {
  const n = data.followed.indexOf(word);
  if (n < 0) return [{}, {}];
  const beside = (left, each, y) => at(left - 8 - widthOf(each) / 2, y);
  const y = (table, each) => TOP + ROW * data.tables[table].indexOf(each);
  const pair = [at(12 + widthOf(data.center) / 2, 84 + 96 * n)];
  pair.push(at(pair[0].x + widthOf(data.center) / 2 + 6 + widthOf(word) / 2, pair[0].y));
  const ends = (i, table, each, then) => ({
    [TABLES]: shift(beside({ v: V, u: U }[table], each, y(table, each)), ...IN_TABLE[table]),
    [SCORE]: { ...shift(beside(LEFT, each, then), ...IN_ROWS), o: i || !n ? 1 : 0 },
    [LOSS]: shift(pair[i], ...IN_ROWS),
  });
  return [ends(0, "v", data.center, 72), ends(1, "u", word, 124 + 52 * n)];
}

function drawTables(stage, data) {
  for (const [name, left, title] of [["v", V, "table v, for centers"], ["u", U, "table u, for contexts"]]) {
    const put = (x, y) => ({ [TABLES]: shift(at(x, y), ...IN_TABLE[name]) });
    stage.add(text(title, "small strong", 2 * CELL), put(left, 48));
    data.tables[name].forEach((word, row) => {
      const y = TOP + ROW * row, numbers = data.rows[word];
      if (!numbers) stage.add(text(word, "soft", 0, 0, "end"), put(left - 14, y));
      const then = at(LEFT, 72 + 52 * Object.keys(data.rows).indexOf(word));
      stage.add(cells(numbers, data.colors[data.roles[word]]), {
        ...put(left, y),
        ...(numbers && { [SCORE]: shift(then, ...IN_ROWS) }),
      });
    });
    stage.add(text(`${data.words} rows in all`, "soft", 2 * CELL), put(left, TOP + ROW * 5 + 2));
  }
}

// One row of a table: its numbers in the color of its word, or empty cells. There is room for
// one decimal.
function cells(numbers, color) {
  const part = svg("g", { class: "row" });
  for (let i = 0; i < 4; i++) {
    part.append(svg("rect", { x: CELL * i, y: -14, width: CELL - 2, height: 28, rx: 3 }));
    if (numbers) part.append(text(number(numbers[i], 1), "number", CELL * (i + 0.5) - 1));
  }
  return paint(part, color);
}

// Score, answer, and loss

const PLOT = { left: 340, right: 466, top: 68, bottom: 222, most: 3 };
const NAT = 160; // length of a loss of 1
const onPlot = (x, y) => shift(at(x, y), -218, 176), inRows = (x, y) => shift(at(x, y), ...IN_ROWS);
const plotX = (score) => PLOT.left + ((score / PLOT.most + 1) / 2) * (PLOT.right - PLOT.left);
const plotY = (answer) => PLOT.bottom - answer * (PLOT.bottom - PLOT.top);

function drawAnswers(stage, data) {
  const { left, right, top, bottom, most } = PLOT, here = onPlot(0, 0);
  const curve = [];
  for (let x = -most; x <= most; x += 0.1) curve.push(`${plotX(x)},${plotY(1 / (1 + Math.exp(-x)))}`);
  const axes = `M${left},${top} H${right} M${left},${bottom} H${right} M${plotX(0)},${top} V${bottom}`;
  stage.add(svg("g", {}, svg("path", { d: axes, class: "thin" }),
    svg("polyline", { points: curve.join(" "), class: "curve" }),
    text("yes 1", "soft", left - 6, top, "end"), text("no 0", "soft", left - 6, bottom, "end"),
    text("−3", "soft", left, bottom + 14), text("score", "soft", plotX(0), bottom + 14),
    text("3", "soft", right, bottom + 14), text("answer", "soft", left, top - 18)), { [SCORE]: here, [LOSS]: here });
  data.pairs.forEach((pair, n) => drawAnswer(stage, data, pair, n));
  const [begin, end] = product(data.pairs[0]), middle = at(205, 276);
  stage.add(text(begin, "small", -2, 0, "end"), { [SCORE]: shift(middle, -18, 161) });
  stage.add(text(end, "small", 2, 0, "start"), { [SCORE]: shift(middle, -160, 179) });
  stage.add(text("score", "soft", 0, 0, "start"), { [SCORE]: inRows(258, 72) });
}

// The dot product written out, in two halves: 0.22 · 0.50 − 0.37 · 0.66 … = −0.54
function product({ v, u, score }) {
  const terms = v.map((x, i) => {
    const sign = x * u[i] < 0 ? "−" : i ? "+" : "";
    return `${sign} ${number(Math.abs(x))} · ${number(Math.abs(u[i]))}`;
  });
  return [terms.slice(0, 2).join(" "), `${terms.slice(2).join(" ")} = ${number(score)}`];
}

function drawAnswer(stage, data, { word, label, score, answer, loss }, n) {
  const color = data.colors[data.roles[word]].line, x = plotX(score), y = plotY(answer);
  stage.add(text(number(score), "strong", 0, 0, "start"), { [SCORE]: inRows(258, 124 + 52 * n) });
  const error = arrow(color, 2.5);
  error.point([0, 0], [0, plotY(label) - y]);
  stage.add(error, { [LOSS]: onPlot(x, y) });
  const point = svg("circle", { r: 6, fill: color });
  stage.add(point, { [SCORE]: onPlot(x, y), [LOSS]: onPlot(x, y) });
  stage.add(text(number(answer), "small strong", 0, 0, label ? "end" : "start"), {
    [SCORE]: onPlot(x + (label ? -11 : 11), y + (label ? -4 : 6)),
  });
  const top = 84 + 96 * n;
  const said = `should be ${label ? "yes" : "no"}, is ${number(answer)}`;
  stage.add(text(said, "soft", 0, 0, "start"), { [LOSS]: inRows(12, top + 30) });
  stage.add(svg("rect", { y: -7, width: NAT * loss, height: 14, rx: 2, fill: color }), {
    [SCORE]: { ...inRows(12, top + 54), o: 0 }, [LOSS]: inRows(12, top + 54),
  });
  stage.add(text(`loss ${number(loss)}`, "small strong", 0, 0, "start"), {
    [LOSS]: inRows(20 + NAT * loss, top + 54),
  });
}

// Arrows; returns a function that draws them at a moment, in seconds after they appear.

function drawArrows(stage, data) {
  stage.add(svg("path", { d: "M258,16 V284", class: "thin" }), { [ARROWS]: { narrow: { o: 0 } } });
  const moments = data.pairs.map((pair, n) => drawPush(stage, data, pair, n));
  moments.push(drawMeeting(stage, data));
  return (seconds) => moments.forEach((draw) => draw(seconds));
}

function drawPush(stage, data, pair, n) {
  const top = 148 * n, origin = [110, top + 124], group = svg("g"), scale = 56;
  const tip = ([a, b]) => [origin[0] + scale * a, origin[1] - scale * b];
  const drawn = [[data.center, "center", pair.path.v], [pair.word, data.roles[pair.word], pair.path.u]].map(
    ([word, role, [before, after]]) => {
      const { line: color } = data.colors[role], old = arrow(color, 1.5), now = arrow(color, 3.5);
      const way = line(tip(before), tip(after), color);
      old.style.opacity = 0.35;
      old.point(origin, tip(before));
      const name = text(word, "small");
      group.append(old, way, now, name);
      return { before, after, now, name };
    });
  const title = pair.label ? "real: pulled together" : "made up: pushed apart", said = svg("g");
  const answers = `answer ${number(pair.answer)} → ${number(pair.answer_after)}`;
  said.append(text(title, "small strong", 12, top + 20, "start"));
  said.append(text(answers, "soft", 12, top + 38, "start"));
  stage.add(said, { [ARROWS]: shift(at(0, 0), 0, -58 * n) });
  stage.add(group, { [ARROWS]: shift(at(0, 0), 105, -30 - 58 * n) });
  return (seconds) => {
    const t = ease(Math.min(1, Math.max(0, seconds - 0.7) / PUSH_SECONDS));
    for (const { before, after, now, name } of drawn) {
      const here = before.map((b, i) => b + t * (after[i] - b));
      now.point(origin, tip(here));
      put(name, origin, tip(here));
    }
  };
}

function line([x1, y1], [x2, y2], stroke) {
  return svg("line", { x1, y1, x2, y2, stroke, "stroke-width": 1.5, "stroke-dasharray": "3 3" });
}

const ease = (t) => t * t * (3 - 2 * t);

// Write a name above the tip of its arrow, on the side to which the arrow leans.
function put(name, [x0], [x, y]) {
  name.setAttribute("x", x + (x < x0 ? 4 : -4));
  name.setAttribute("y", y - 12);
  name.setAttribute("text-anchor", x < x0 ? "end" : "start");
}

function key(said, { line: fill }, x) {
  return [svg("circle", { cx: x, cy: 286, r: 5, fill }), text(said, "soft", x + 10, 286, "start")];
}

function drawMeeting(stage, data) {
  const { words, roles, path, cosines } = data.meeting, last = path.length - 1;
  const origin = [368, 180], scale = data.meeting.scale, group = svg("g");
  const arrows = words.map((word, i) => {
    const part = arrow(data.colors[roles[i]].line, i < 2 ? 3.5 : 1.5);
    part.style.opacity = i < 2 ? 1 : 0.6;
    const name = text(i < 2 ? word : "", "small");
    group.prepend(part);
    group.append(name);
    return { part, name };
  });
  const said = text("", "soft", 272, 38, "start");
  group.append(text("the same contexts", "small strong", 272, 20, "start"), said);
  group.append(...key("contexts", data.colors.context, 290), ...key("noise words", data.colors.noise, 376));
  stage.add(group, { [ARROWS]: shift(at(0, 0), -198, 176) });
  return (seconds) => {
    const t = Math.min(1, Math.max(0, seconds - 0.7 - PUSH_SECONDS) / MEET_SECONDS);
    const step = Math.round(last * t * t);
    arrows.forEach(({ part, name }, i) => {
      const tip = [origin[0] + scale * path[step][i][0], origin[1] - scale * path[step][i][1]];
      part.point(origin, tip);
      put(name, origin, tip);
    });
    said.textContent = `step ${step}: cosine ${number(cosines[step])}`;
  };
}
