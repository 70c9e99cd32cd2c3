"""Measure how fast widgets respond to a key press, in a real JupyterLab."""

import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.report import table

TITLE = "From the hand to the page"
WIDTH_OF_A_FRAME = 1000 / 60  # ms
# Records the time of an event, and the time when its last change was on the screen. The
# handle of a slider and its number move without the kernel, so they don't count.
WATCH = """() => {
    const seen = window.seen = {event: 0, changed: 0};
    const note = () => { seen.event = performance.now(); seen.changed = 0; };
    for (const kind of ['keydown', 'pointerdown'])
        document.addEventListener(kind, note, true);
    const byKernel = '.widget-html-content, .widget-button, .w2v-plane-said, '
        + '.jp-OutputArea-output svg';
    new MutationObserver(changes => {
        const ours = changes.some(change => {
            const node = change.target;
            return (node.nodeType === 1 ? node : node.parentElement)?.closest(byKernel);
        });
        if (ours) requestAnimationFrame(() => { seen.changed = performance.now(); });
    }).observe(document.querySelector('.jp-NotebookPanel'),
               {subtree: true, childList: true, characterData: true, attributes: true});
}"""

TEXT = """from w2v_lesson import minibatches, sampling
from w2v_lesson.ptb import read_ptb
from w2v_lesson.vocabulary import Vocab
from w2v_lesson.widgets import text
sentences = read_ptb("train")
vocab = Vocab(sentences, 10)
known = [word for word in sentences[1069] if word in vocab]
"""
BATCHES = """ids = minibatches.index_corpus(sentences[:4000], vocab)
def first(**options):
    data = minibatches.SkipGramData(*ids, vocab, 512, 5, 5, **options)
    return [(b.masks.asnumpy(), b.labels.asnumpy()) for b in data][:10]
text.leaf_minibatches({"mixed": first(group_by_length=False), "grouped": first()})"""
VECTORS = """from w2v_lesson.files.pretrained import ptb_vectors
from w2v_lesson.widgets.explorer import Explorer
from w2v_lesson.widgets.wordmap import WordMap
words = "january march june july; japan germany france italy; oil gas crude pipeline; \\
father mother son wife husband daughter; chip computer software ibm intel"
"""
DESCENT = """import numpy
from w2v_lesson.widgets.loss import Descent
rng = numpy.random.default_rng(2)
v, U = rng.uniform(-0.8, 0.8, 8), rng.uniform(-0.8, 0.8, (6, 8))
Descent("chip", list("abcdef"), [1, 1, 0, 0, 0, 0], v, U)"""

LABORATORY = """from w2v_lesson.judge.experiments import Experiments
from w2v_lesson.settings import Settings
from w2v_lesson.widgets.laboratory import Laboratory
experiments = Experiments()
Laboratory(experiments, [experiments.run(Settings(num_epochs=n)) for n in (1, 2)])"""


def type_letter(page, number):
    """Type a word letter by letter, again and again."""
    place = number % len("china")
    field = page.get_by_label("word", exact=True)
    field.focus()
    if place == 0:
        page.keyboard.press("Control+a")
    page.keyboard.press("china"[place])


def hop(page, number):
    """Go to the nearest word, or the next one."""
    words = page.get_by_title("Show the neighbors of this word")
    words.nth(number % 3).focus()
    page.keyboard.press("Enter")


def slide(page, number):
    """Move the last slider back and forth."""
    page.get_by_role("slider").last.focus()
    page.keyboard.press("ArrowRight" if number % 4 < 2 else "ArrowLeft")


def press_step(page, number):
    """Take one step of the descent."""
    page.get_by_role("button", name="Step").focus()
    page.keyboard.press("Enter")


def press_word(page, number):
    """Choose a word of the sentence."""
    page.locator(".jp-OutputArea-output button").nth(1 + number % 8).focus()
    page.keyboard.press("Enter")


def hide(page, number):
    """Hide the first run, or show it again."""
    page.get_by_role("checkbox").first.focus()
    page.keyboard.press("Space")


def choose_on_map(page, number):
    """Walk to another word of the map and join it with its neighbors."""
    page.locator("canvas").focus()
    page.keyboard.press("ArrowRight" if number % 4 < 2 else "ArrowLeft")
    page.keyboard.press("Enter")


WIDGETS = {
    "explorer, a letter typed": (VECTORS + "Explorer(ptb_vectors(), 'chip')", type_letter),
    "explorer, a hop": (VECTORS + "Explorer(ptb_vectors(), 'chip')", hop),
    "explorer with two lists, a hop": (
        VECTORS + "Explorer(ptb_vectors(), 'chip', compare='context table')",
        hop,
    ),
    "map, a word": (VECTORS + "WordMap(ptb_vectors(), words, table='sum')", choose_on_map),
    "sentence, a word": (TEXT + "text.WindowDraws(known, vocab)", press_word),
    "threshold": (
        TEXT + "text.subsampling(known, vocab, minibatches.keep_probability, "
        "sampling.derive_seeds(0)[0])",
        slide,
    ),
    "noise exponent": (
        TEXT + "text.noise_exponent(['the', 'chip'], vocab, minibatches.noise_weights)",
        slide,
    ),
    "minibatches": (TEXT + BATCHES, slide),
    "shapes": ("from w2v_lesson.widgets.lookup import watch_shapes\nwatch_shapes()", slide),
    "loss microscope": (
        "from w2v_lesson.widgets.loss import watch_loss\nwatch_loss()",
        slide,
    ),
    "descent, a step": (DESCENT, press_step),
    "laboratory, a run hidden": (LABORATORY, hide),
}


def run(quick=False):
    """Measure; return a section of Markdown."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
    import driver  # needs a browser, unlike the other benchmarks

    if driver.find_chromium() is None:
        raise SystemExit("This benchmark needs Chromium: apt-get install chromium")
    events = 6 if quick else 16
    with (
        tempfile.TemporaryDirectory() as folder,
        driver.running_lab(Path(folder)) as lab,
        driver.running_browser(Path(folder)) as browser,
    ):
        rows = [
            _row(name, _measure(driver, lab, browser, source, act, events))
            for name, (source, act) in WIDGETS.items()
        ]
    return f"""\
{events} events for each widget, by keyboard. The time runs from the moment when the page gets
the key press to the frame with the last change that follows from it. Chromium without a
window, JupyterLab, and the kernel share the two cores. A frame takes {WIDTH_OF_A_FRAME:.0f} ms.

{table(["ms", "median", "95th percentile", "largest"], rows)}
"""


def _measure(driver, lab, browser, source, act, events):
    """Measure the milliseconds from an event to the changed page, for each event."""
    name = driver.write_notebook(lab, "latency", source)
    with driver.open_notebook(lab, browser, name) as page:
        assert driver.run_all(page)
        page.evaluate(WATCH)
        taken = []
        for number in range(events + 3):
            act(page, number)
            page.wait_for_timeout(700)  # longer than any response takes
            seen = page.evaluate("window.seen")
            assert seen["changed"], f"{source}\nevent {number} changed nothing"
            taken.append(seen["changed"] - seen["event"])
    return taken[3:]  # the first ones load and compile


def _row(name, taken):
    quantiles = [np.median(taken), np.quantile(taken, 0.95), max(taken)]
    return [name, *(f"{value:.0f}" for value in quantiles)]
