// The words of a sentence: a click on one shows its window and its noise words. Chapter 01.
//
// The package has drawn them: for each seed and each center, the data hold the size of the
// window, the places of the contexts, and a line of noise words for each context.

const ROLES = ["center", "context"];

const numberOf = (number, thing) => `${number} ${thing}${number === 1 ? "" : "s"}`;

function windowInWords({ size, contexts }, numNoiseWords) {
  const cut = contexts.length === 2 * size ? "" : ", cut off at the edge of the sentence";
  return `: window of size ${size}${cut}; ${numberOf(contexts.length, "context")} and ` +
    `${numberOf(contexts.length * numNoiseWords, "noise word")}, ${numNoiseWords} for each ` +
    "context.";
}

function markWord(button, role) {
  button.title = role || "make this word the center";
  button.setAttribute("aria-pressed", role === "center");
  for (const each of ROLES) button.classList.toggle(each, each === role);
}

// A table with a line for each context; returns a function that fills it in.
function drawNoise(place) {
  const write = drawTable(place, ["context (label 1)", "noise words (label 0)"]);
  return (contexts, lines) => write(contexts.map((context, i) => {
    const framed = document.createDocumentFragment();
    for (const word of lines[i].split(" ")) {
      make("span", framed, { textContent: word, className: "noise" });
      framed.append(" ");
    }
    const filled = document.createElement("span");
    filled.className = "context";
    filled.textContent = context;
    return [filled, framed];
  }));
}

// Put in the words and the button below them; returns a function that marks the words.
function drawSentence(place, words, choose, drawAgain) {
  const sentence = make("div", place, { className: "sentence" },
    { role: "group", "aria-label": "Sentence" });
  const buttons = words.map((word, i) => {
    const button = make("button", sentence, { type: "button", textContent: word });
    button.onclick = () => choose(i);
    return button;
  });
  const again = make("button", make("div", place, { className: "buttons" }),
    { type: "button", textContent: "Draw again", title: "Draw with the next seed" });
  again.onclick = drawAgain;
  return (center, contexts) => buttons.forEach((button, i) =>
    markWord(button, i === center ? "center" : contexts.includes(i) ? "context" : ""));
}

function show(place, { words, draws, numNoiseWords, note }) {
  place.classList.add("live-window");
  let center = 0, seed = 0;
  const mark = drawSentence(place, words,
    (chosen) => { center = chosen; update(); },
    () => { seed = (seed + 1) % draws.length; update(); });
  const said = make("div", place, {}, { role: "status" });
  const write = drawNoise(place);
  make("p", place, { textContent: note, className: "note" });

  function update() {
    const drawn = draws[seed][center], bold = document.createElement("b");
    bold.textContent = words[center];
    mark(center, drawn.contexts);
    said.replaceChildren("Center ", bold, windowInWords(drawn, numNoiseWords));
    write(drawn.contexts.map((i) => words[i]), drawn.noise);
  }
  update();
}

show(placeOf("window"), dataOf("window"));
