// What a hand does with the map of words: by mouse, finger, and keyboard. Chapters 05, 06, and 09.

const STEP = 1.5; // of a zoom by button or key
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// Returns a function that stops listening to what doesn't belong to the map.
function listen(map) {
  const { canvas } = map;
  // The theme: its attribute, and its colors, whichever comes last. A change of colors may
  // begin again before it has ended, and then it is canceled.
  const theme = new MutationObserver(() => map.draw());
  theme.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
  for (const change of ["run", "end", "cancel"]) {
    map.said.addEventListener(`transition${change}`, () => map.draw());
  }
  canvas.addEventListener("wheel", (event) => onWheel(map, event), { passive: false });
  canvas.addEventListener("pointerdown", (event) => onPress(map, event));
  canvas.addEventListener("pointermove", (event) => onMove(map, event));
  canvas.addEventListener("pointerup", (event) => onRelease(map, event));
  canvas.addEventListener("pointerleave", () => onLeave(map));
  canvas.addEventListener("keydown", (event) => onKey(map, event));
  canvas.addEventListener("blur", () => map.pointAt(-1));
  return () => theme.disconnect();
}

// A wheel that scrolls the page goes on doing so when the map comes below the pointer.
function onWheel(map, event) {
  if (!map.moved || (event.deltaY > 0 && map.zoom === 1)) return;
  event.preventDefault();
  map.zoomBy(Math.exp(-event.deltaY / 400), event.offsetX, event.offsetY);
}

function onLeave(map) {
  map.moved = false;
  map.pointAt(-1);
}

function onPress(map, event) {
  map.drag = { x: event.offsetX, y: event.offsetY, far: false };
  map.canvas.setPointerCapture(event.pointerId);
}

function onMove(map, event) {
  map.moved ||= event.movementX !== 0 || event.movementY !== 0;
  if (!map.drag) return map.pointAt(map.rowAt(event.offsetX, event.offsetY));
  const [dx, dy] = [event.offsetX - map.drag.x, event.offsetY - map.drag.y];
  if (!map.drag.far && Math.hypot(dx, dy) < 4) return; // a click that trembles
  map.drag = { x: event.offsetX, y: event.offsetY, far: true };
  map.canvas.style.cursor = "grabbing";
  map.panBy(dx, dy);
}

function onRelease(map, event) {
  const dragged = map.drag?.far;
  map.drag = null;
  map.canvas.style.cursor = "";
  if (!dragged) map.choose(map.rowAt(event.offsetX, event.offsetY));
}

function onKey(map, event) {
  const act = {
    Enter: () => map.choose(map.cursor),
    Escape: () => map.choose(-1),
    "+": () => map.step(STEP),
    "=": () => map.step(STEP),
    "-": () => map.step(1 / STEP),
    0: () => map.resetView(),
  }[event.key];
  const direction = ARROWS[event.key];
  if (event.ctrlKey || event.metaKey || event.shiftKey && event.key === "Enter") return;
  if (!act && !direction) return;
  event.preventDefault();
  event.stopPropagation();
  act ? act() : map.walk(direction);
}
