// The way from a sentence to word vectors in seven pictures. Chapters 00 and 06.
//
// Plain JavaScript without imports, in three parts that are joined: what pictures are made of,
// the pictures, and here the whole figure. `render` serves anywidget, and a web page without a
// kernel calls `mount(element, data)` with what `journey_data` in journey.py returns. The
// colors of words come with the data; the rest of the look is in journey.css.

// The whole figure

// Draw all pictures on one stage; `moment` draws the last one at a moment, in seconds.
function drawAll(data) {
  const stage = new Stage();
  const places = drawSentence(stage, data);
  drawPairs(stage, data, places);
  drawTables(stage, data);
  drawAnswers(stage, data);
  return { stage, moment: drawArrows(stage, data) };
}

// What stands below the picture, by name.
function layOut(picture, steps) {
  const root = document.createElement("div");
  root.className = "w2v-journey";
  root.dataset.lmSuppressShortcuts = "true"; // the keys are ours, not JupyterLab's
  root.innerHTML = `<div aria-live="polite"><div class="title"></div><p></p></div>
    <nav aria-label="Steps">
    <button class="play"></button><button>Back</button><button>Next</button>
    <span class="dots"></span></nav>`;
  picture.setAttribute("tabindex", "0");
  root.prepend(picture);
  const dots = steps.map(({ title }, n) => {
    const dot = document.createElement("button");
    dot.setAttribute("aria-label", `Step ${n + 1}: ${title}`);
    return dot;
  });
  root.querySelector(".dots").append(...dots);
  const [play, back, next] = root.querySelectorAll("button");
  return { root, title: root.querySelector(".title"), said: root.querySelector("p"),
    play, back, next, dots };
}

// Put a text into a part of the page; *word* is in italics.
function say(part, said) {
  const pieces = said.split("*").map((piece, n) => {
    const node = document.createElement(n % 2 ? "em" : "span");
    node.textContent = piece;
    return node;
  });
  part.replaceChildren(...pieces);
}

// Call draw(seconds) for each frame until the end; returns a function that stops it.
function animate(draw, end) {
  const start = performance.now();
  let frame = null;
  const next = () => {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const seconds = still ? end : Math.min(end, (performance.now() - start) / 1000);
    draw(seconds);
    if (seconds < end) frame = requestAnimationFrame(next);
  };
  next();
  return () => cancelAnimationFrame(frame);
}

export function mount(element, data) {
  const { steps } = data, last = steps.length - 1;
  const { stage, moment } = drawAll(data);
  const { root, title, said, play, back, next, dots } = layOut(stage.picture, steps);
  let step = 0, timer = null, halt = () => {};

  function go(to) {
    step = Math.max(0, Math.min(last, to));
    stage.show(step);
    stage.picture.setAttribute("aria-label", steps[step].alt);
    title.textContent = `${step + 1} · ${steps[step].title}`;
    say(said, steps[step].text);
    dots.forEach((dot, n) => dot.setAttribute("aria-current", n === step ? "step" : "false"));
    // Not `disabled`, which would take the focus away, and the arrow keys with it.
    back.setAttribute("aria-disabled", step === 0);
    next.setAttribute("aria-disabled", step === last);
    halt();
    halt = animate(moment, step === last ? 0.7 + PUSH_SECONDS + MEET_SECONDS : 0);
  }

  function pause() {
    clearTimeout(timer);
    timer = null;
    play.textContent = "Play";
  }

  function playOn() {
    if (step === last) return pause();
    play.textContent = "Pause";
    timer = setTimeout(() => {
      go(step + 1);
      playOn();
    }, 1000 * data.seconds);
  }

  function jump(to) {
    pause();
    go(to);
  }

  play.onclick = () => {
    if (timer !== null) return pause();
    if (step === last) go(0);
    playOn();
  };
  back.onclick = () => jump(step - 1);
  next.onclick = () => jump(step + 1);
  dots.forEach((dot, n) => (dot.onclick = () => jump(n)));
  root.onkeydown = (event) => {
    const pressed = { ArrowLeft: back, ArrowRight: next, " ": play }[event.key];
    if (!pressed || (event.key === " " && event.target.tagName === "BUTTON")) return;
    event.preventDefault();
    pressed.click();
  };
  element.append(root);
  jump(0);
  const room = new ResizeObserver(([{ contentRect: { width } }]) => {
    if (width && stage.fit(width)) stage.show(step);
  });
  room.observe(root);
  return () => {
    room.disconnect();
    pause();
    halt();
    root.remove();
  };
}

export default { render: ({ model, el }) => mount(el, model.get("data")) };
