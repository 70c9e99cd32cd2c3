"""The map of the training panel: does it stay smooth, and what does it cost the training?"""

import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.report import spread, table

TITLE = "The map that moves during a training"
SET_UP = """import time
from w2v_lesson.minibatches import load_data_ptb
from w2v_lesson.model import build_net
from w2v_lesson.training import Training
from w2v_lesson.widgets.panel import TrainingPanel

data_iter, vocab = load_data_ptb(512, 5, 5)
groups = "june july august; japan germany france; chip computer software; oil gas crude"

def make(groups):
    training = Training(build_net(len(vocab), 100), data_iter, 0.002)
    return TrainingPanel(training, 100, vocab, probes=["chip"], groups=groups)

def train(panel, records):
    goal, started = len(panel.training.records) + records, time.monotonic()
    panel.resume()
    while len(panel.training.records) < goal:
        time.sleep(0.005)
    seconds = time.monotonic() - started
    panel.halt()
    panel._thread and panel._thread.join()
    print("took", seconds)

with_map, without = make(groups), make("")"""
WATCH = """() => {
    const frames = window.frames_seen = [];
    let before = performance.now();
    const look = now => {
        frames.push(now - before);
        before = now;
        if (window.frames_seen === frames) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""
RUN = """async number => {
    const panel = window.jupyterapp.shell.currentWidget;
    panel.content.activeCellIndex = number;
    panel.content.deselectAll();
    await window.jupyterapp.commands.execute('notebook:run-cell');
    const output = panel.content.widgets[number].model.outputs.toJSON();
    return parseFloat(output[0].text.split(' ')[1]);
}"""


def run(quick=False):
    """Measure; return a section of Markdown."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
    import driver  # needs a browser, which the other benchmarks do not

    rounds, records = (2, 4) if quick else (6, 15)
    with (
        tempfile.TemporaryDirectory() as folder,
        driver.running_lab(Path(folder)) as lab,
        driver.running_browser(Path(folder)) as browser,
    ):
        cells = (
            SET_UP,
            "with_map",
            *(f"train({p}, {records})" for p in ("with_map", "without")),
        )
        name = driver.write_notebook(lab, "moving_map", *cells)
        with driver.open_notebook(lab, browser, name) as page:
            assert driver.run_all(page)
            page.locator("canvas").scroll_into_view_if_needed()
            taken, frames = _measure(page, rounds)
    ratios = [a / b for a, b in zip(taken["with"], taken["without"], strict=True)]
    rows = [
        [
            f"frames {name}",
            f"{np.median(f):.0f}",
            f"{np.quantile(f, 0.95):.0f}",
            f"{max(f):.0f}",
        ]
        for name, f in frames.items()
    ]
    return f"""\
Chapter 05's training with its panel in JupyterLab, in Chromium without a window or a
graphics card; page, kernel, and training share the two cores. A frame takes 17 ms.

{table(["ms", "median", "95th percentile", "largest"], rows)}

Time of the same steps with the map, divided by their time without it, in turns:
{spread(ratios, 2)}.
"""


def _measure(page, rounds):
    """Train with and without the map in turns; seconds of each, and all frame times."""
    taken, frames = {"with": [], "without": []}, {}
    for _ in range(rounds):
        for number, side in ((2, "with"), (3, "without")):
            page.evaluate(WATCH)
            taken[side].append(page.evaluate(RUN, number))
            seen = page.evaluate("window.frames_seen.splice(0)")
            frames.setdefault(f"{side} the map", []).extend(seen[1:])
    return taken, frames
