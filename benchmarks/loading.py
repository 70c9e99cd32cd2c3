"""Measure loading, from the call to the iterator, and the batches of an epoch."""

import gc
import time

from benchmarks import lesson, source
from benchmarks.report import ratios, spread, table
from benchmarks.sides import Side, alternate, seconds

TITLE = "Loading"


def run(quick=False):
    """Measure; return a section of Markdown."""
    with Side() as their_side, Side(lesson.load) as our_side:
        theirs, ours, epoch = alternate(
            [(their_side, load_source), (our_side, load_lesson), (our_side, one_epoch)],
            rounds=2 if quick else 5,
        )
    drawing, batches = zip(*epoch, strict=True)
    rows = [
        ["the source's `d2l.load_data_ptb(512, 5, 5)`, s", spread(theirs, 2)],
        ["ours, `load_data_ptb(512, 5, 5)`, s", spread(ours, 2)],
        ["**ratio**", ratios(theirs, ours)],
        ["ours, subsampling and windows of an epoch, s", spread(drawing, 2)],
        ["ours, noise words and batches, without a model, s", spread(batches, 2)],
    ]
    return f"""\
The time from the call to the iterator. The source's function reads the text from the
installed package, as ours does, instead of downloading it. Its `DataLoader` has no worker
processes, because they crash at exit here. That costs nothing before the first batch.

{table(["", "median (min .. max)"], rows)}
"""


def load_source():
    gc.collect()
    return seconds(source.load)


def load_lesson():
    gc.collect()
    return seconds(lesson.load)


def one_epoch():
    """Measure the seconds to draw an epoch's windows, and to make all its batches."""
    data_iter, _ = lesson.load()
    data_iter.epoch = 1
    drawing = seconds(data_iter.words)
    started = time.perf_counter()
    for _ in data_iter:
        pass
    return drawing, time.perf_counter() - started
