// The explorer: type a word, see its neighbors, go to one of them, and back. It says and does
// what the notebook's does (w2v_lesson/widgets/explorer.py).

const AT_REST = "Type a word, or press one of the words below.";
const PRESS_ENTER = "Press Enter for the first one:";
const MAX_COMPLETIONS = 6, MAX_EARLIER = 5, MAX_SPELLINGS = 5;
const LEAST_SIMILARITY = 60; // percent of the letters
// A word typed on the way to another ("ban" in "bank") is not worth going back to.
const TO_SETTLE = 1000, FOR_A_LETTER = 3000; // milliseconds
const MARK = "●";

// The words, most frequent first, and what is known of them.
class Words {
  constructor({ words, counts, k, lists }) {
    Object.assign(this, { words, counts, k, lower: words.map((word) => word.toLowerCase()) });
    this.row = new Map(words.map((word, row) => [word, row]));
    this.lists = lists.map(({ places, cosines }) => (
      { places: numbers(places, Uint16Array), cosines: numbers(cosines, Int8Array) }));
  }

  // The word that is meant, or what is typed if there is none.
  find(typed) {
    const text = typed.trim();
    return [text, text.toLowerCase()].find((word) => this.row.has(word)) ?? text;
  }

  completions(typed) {
    const begin = typed.toLowerCase();
    return this.words.filter(
      (word, row) => this.lower[row].startsWith(begin) && word !== typed);
  }

  // The neighbors of a word in each table.
  near(word) {
    const first = this.k * this.row.get(word);
    return this.lists.map(({ places, cosines }) =>
      Array.from({ length: this.k }, (_, i) => ({
        word: this.words[places[first + i]],
        cosine: cosines[first + i] / 100,
        seen: this.seen(places[first + i]),
      })));
  }

  seen(row) {
    return `seen ${this.counts[row].toLocaleString("en")} times`;
  }

  spellings(typed) {
    const begin = typed.toLowerCase();
    const found = this.lower.map((word, row) => [similarity(begin, word), row]);
    return found.filter(([percent]) => percent >= LEAST_SIMILARITY)
      .sort(([a, row], [b, other]) => b - a || this.counts[other] - this.counts[row]
        || (this.words[row] < this.words[other] ? -1 : 1))
      .slice(0, MAX_SPELLINGS).map(([, row]) => this.words[row]);
  }
}

// Twice the letters that two words share in the same order, as a percentage of all letters.
function similarity(one, other) {
  let above = Array(other.length + 1).fill(0);
  for (const letter of one) {
    const line = [0];
    for (let i = 0; i < other.length; i++) {
      line.push(other[i] === letter ? above[i] + 1 : Math.max(above[i + 1], line[i]));
    }
    above = line;
  }
  return 200 * above[other.length] / (one.length + other.length);
}

class Explorer {
  constructor(element, data) {
    Object.assign(this, { known: new Words(data), tables: data.tables });
    Object.assign(this, { word: "", history: [], since: -Infinity, offered: [], recent: [] });
    this.build(element);
    this.go(data.word);
  }

  build(element) {
    const visit = (word) => this.go(word);
    const row = make("div", element, { className: "live-row" });
    const label = make("label", row, { textContent: "word " });
    this.text = make("input", label, { type: "text", placeholder: "type a word" },
      { autocomplete: "off", autocapitalize: "none", spellcheck: "false" });
    this.text.oninput = () => this.typed();
    this.text.onkeydown = (event) => { if (event.key === "Enter") this.enter(); };
    this.backButton = make("button", row, { type: "button", textContent: "← Back" });
    this.backButton.onclick = () => this.back();
    this.earlier = drawWords(make("div", row), "live-word", visit);
    this.hint = make("p", element, { className: "live-hint" }, { "aria-live": "polite" });
    this.complete = drawWords(make("div", element), "", visit);
    this.say = drawSaid(element);
    this.lists = make("div", element, { className: "live-columns" });
    this.columns = this.tables.map(() => new Column(this.lists, visit));
  }

  // Ways to a word

  back() {
    this.left = true; // and not to be remembered
    this.go(this.history.at(-1));
  }

  // Go to the first completion; a word that is only spelled alike must be pressed.
  enter() {
    const typed = this.known.find(this.text.value), [first] = this.offered;
    if (this.known.row.has(typed) || !first?.toLowerCase().startsWith(typed.toLowerCase())) return;
    this.go(first);
    this.since = performance.now();
  }

  typed() {
    const typed = this.known.find(this.text.value), isKnown = this.known.row.has(typed);
    this.lists.classList.toggle("live-old", !isKnown);
    const found = this.known.completions(typed);
    if (isKnown) this.offer(found.length ? "" : AT_REST, found);
    else if (typed && found.length) this.offer(PRESS_ENTER, found);
    else this.offer(...this.whyNot(typed));
    if (!isKnown || typed === this.word) return;
    this.go(typed);
    this.since = performance.now();
  }

  offer(hint, words) {
    this.hint.textContent = hint;
    this.offered = words.slice(0, MAX_COMPLETIONS);
    this.complete(this.offered);
  }

  whyNot(typed) {
    const still = ` The list below is still that of '${this.word}'.`;
    if (!typed) return [`No word given. Type one, for example 'chip'.${still}`, []];
    const said = `'${typed}' has no vector. Words that are rare in the training text have none.`;
    return [said + still, this.known.spellings(typed)];
  }

  // What is seen

  go(word) {
    const left = this.left ? "" : this.word;
    [this.word, this.left] = [word, false];
    this.lists.classList.remove("live-old");
    this.show();
    if (this.known.find(this.text.value) !== word) {
      this.text.value = word;
      this.offer(AT_REST, []);
    }
    this.hint.textContent = this.offered.length ? "" : AT_REST;
    this.remember(left);
    this.since = -Infinity;
  }

  remember(left) {
    this.history = this.history.filter((word) => word !== left && word !== this.word);
    if (left && left !== this.word && !this.inPassing(left)) this.history.push(left);
    // Each word stays in its place; a new one takes that of the oldest.
    const recent = this.history.slice(-MAX_EARLIER);
    const added = recent.filter((word) => !this.recent.includes(word));
    const kept = this.recent.map((word) => (recent.includes(word) ? word : added.shift()));
    this.recent = [...kept, ...added].filter((word) => word);
    this.earlier(this.recent);
    this.backButton.disabled = !this.history.length;
  }

  // Whether a word was only typed on the way to the one of now.
  inPassing(left) {
    const beganIt = this.since > 0 && this.word.startsWith(left);
    const settles = left.length === 1 ? FOR_A_LETTER : TO_SETTLE;
    return beganIt || performance.now() - this.since < settles;
  }

  show() {
    const lists = this.known.near(this.word);
    const [own, other] = lists.map((near) => near.map(({ word }) => word));
    const both = other && own.filter((word) => other.includes(word));
    const seen = this.known.seen(this.known.row.get(this.word));
    this.columns[0].show(["Nearest to ", this.word, ` (${seen}) in the ${this.tables[0]} table:`],
      lists[0], both);
    if (both) {
      const said = `: ${both.length} of ${own.length} words are in both lists (${MARK})`;
      this.columns[1].show(["According to ", `${this.tables[1]} table`, said], lists[1], both);
    }
    this.say(`Nearest to ${this.word}: ${own.join(", ")}.`);
  }
}

// A list of neighbors, each with its cosine as a number and as a bar.
class Column {
  constructor(element, visit) {
    const column = make("div", element);
    this.header = make("p", column);
    this.list = make("ol", column, { className: "live-neighbors" });
    this.visit = visit;
    this.items = [];
  }

  show([before, bold, after], neighbors, both) {
    this.header.replaceChildren(before);
    make("b", this.header, { textContent: bold });
    this.header.append(after);
    while (this.items.length < neighbors.length) this.items.push(new Item(this.list, this.visit));
    neighbors.forEach((neighbor, i) => this.items[i].show(neighbor, both));
  }
}

class Item {
  constructor(list, visit) {
    const item = make("li", list);
    this.button = drawWords(make("span", item), "live-word", visit);
    this.cosine = make("span", item);
    this.bar = make("span", make("span", item, { className: "live-bar" }));
    this.said = make("span", item, { className: "live-said" });
  }

  show({ word, cosine, seen }, both) {
    const shared = both?.includes(word);
    this.button([word]);
    this.cosine.textContent = cosine.toFixed(2);
    this.bar.style.width = `${100 * Math.max(0, cosine)}%`;
    this.bar.className = both && !shared ? "live-other" : "";
    this.said.textContent = both ? (shared ? `${MARK} both` : "") : seen;
  }
}

new Explorer(placeOf("explorer"), dataOf("explorer"));
