"""Measure an epoch of the source's own loop beside one of ours."""

import gc
import time

from benchmarks import (
    AS_IT_COMES,
    BATCH_SIZE,
    FASTEST_FOR_THE_SOURCE,
    lesson,
    source,
)
from benchmarks.report import ratios, spread_rows, table
from benchmarks.sides import Side, alternate

TITLE = "Training"
SOURCE_STEPS = 40  # timed in each round; a whole epoch would take a minute
_loaded = {}


def run(quick=False):
    """Measure; return a section of Markdown."""
    with (
        Side(start_source, **AS_IT_COMES) as bare,
        Side(start_source, **FASTEST_FOR_THE_SOURCE) as theirs,
        Side(start_lesson) as ours,
    ):
        tasks = [(bare, source_epoch), (theirs, source_epoch), (ours, lesson_epoch)]
        results = alternate(tasks, rounds=2 if quick else 5)
    rows = spread_rows(
        results,
        [
            ("an epoch, s", "epoch", 2),
            ("a step, ms", "step_ms", 2),
            ("centers, thousands a second", "centers", 1),
            ("pairs, thousands a second", "pairs", 0),
            ("padding, % of the cells", "padding", 0),
        ],
    )
    epochs = [[one["epoch"] for one in side] for side in results]
    rows.append(
        [
            "**ratio of an epoch to ours**",
            *(ratios(side, epochs[-1]) for side in epochs[:-1]),
            "",
        ]
    )
    header = [
        "median (min .. max)",
        "the source, unchanged",
        "the source with one thread per core",
        "ours",
    ]
    return f"""\
512 centers a step, window 5, 5 noise words, 100 dimensions, Adam. The times include making the
batches, but not the evaluation. The source's `train` and `skip_gram` are as printed in its
chapter, but without the plot (`d2l.Animator` is patched out) and without worker processes
for the batches. "Where the time goes" has it with all batches made in advance. The unchanged
source sets nothing for MXNet's threads. The next column has the settings with which it is
fastest here, and our package sets its own (see the line above). A round times {SOURCE_STEPS}
of the source's steps, after 5 to warm up, and estimates an epoch from them and from the time
until its first batch. Ours runs whole epochs, grouped by length, with everything drawn again.
An epoch is about 343,000 centers on all sides.

{table(header, rows)}
"""


def start_source():
    load_source()
    source_epoch(steps=5)


def load_source():
    _loaded["source"] = source.load()


def start_lesson(engine="gluon"):
    _loaded["lesson"] = lesson.load()
    lesson_epoch(engine)


def source_epoch(steps=SOURCE_STEPS):
    """Measure some steps of the source's `train`, and estimate an epoch."""
    data_iter, vocab = _loaded["source"]
    gc.collect()
    clocked = source.timed_training(data_iter, vocab, steps)
    pairs = sum(float(mask.sum()) for mask in clocked.masks)
    cells = sum(mask.size for mask in clocked.masks)
    seconds = clocked.per_step * steps
    return {
        "epoch": clocked.opening + clocked.per_step * len(data_iter),
        "step_ms": 1e3 * clocked.per_step,
        "centers": steps * BATCH_SIZE / seconds / 1e3,
        "pairs": pairs / seconds / 1e3,
        "padding": 100 * (1 - pairs / cells),
    }


def lesson_epoch(engine="gluon"):
    """Measure one whole epoch of our training, with new draws."""
    data_iter, _ = _loaded["lesson"]
    training = lesson.prepare(data_iter, engine=engine)
    data_iter.epoch = 1
    data_iter.words()  # so that the draws of the timed epoch, 0, are no longer in memory
    gc.collect()
    started = time.perf_counter()
    for _ in training.run(1):
        pass
    seconds = time.perf_counter() - started
    with data_iter.at_epoch(0):  # the same pairs again, to count them
        centers, pairs = data_iter.num_centers, data_iter.num_pairs
        cells = sum(batch.masks.size for batch in data_iter)
    return {
        "epoch": seconds,
        "step_ms": 1e3 * seconds / training.step,
        "centers": centers / seconds / 1e3,
        "pairs": pairs / seconds / 1e3,
        "padding": 100 * (1 - pairs / cells),
    }
