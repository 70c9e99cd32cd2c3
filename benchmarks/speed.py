"""Measure an epoch of the fused engine beside gensim, the source, and our own Gluon loop."""

import gc
import tempfile
import time

import numpy as np

from benchmarks import (
    AS_IT_COMES,
    FASTEST_FOR_THE_SOURCE,
    NUM_EPOCHS,
    lesson,
    training,
    yardstick,
)
from benchmarks.report import ratios, spread, spread_rows, table
from benchmarks.sides import Side, alternate, seconds
from w2v_lesson.engine import warm_up

TITLE = "Fused engine, beside gensim"
_loaded = {}


def run(quick=False):
    """Measure; return a section of Markdown."""
    compiling, loading = compile_times()
    with Side() as side:
        side.call(warm_up.compile_ahead)  # into the cache that all the others use
        compared = side.call(compare_engines)
    epochs = epoch_table(rounds=2 if quick else 7)
    whole = whole_table(rounds=1 if quick else 2)
    first_call = [
        ["compiling all passes", f"{compiling:.1f}"],
        ["loading them from the cache", f"{loading:.2f}"],
    ]
    return f"""\
An epoch, with two threads on each side. The source's loop is as in "Training", estimated from
{training.SOURCE_STEPS} steps: once unchanged, and once with the thread settings with which it
is fastest here. Both of ours run whole epochs, and everything is drawn again. gensim trains one
epoch with `sg=1`, 100 dimensions, window 5, 5 noise words, and `sample=1e-4`. Its vocabulary
and its sentences (lists of words, without those that aren't in the vocabulary) are made in
advance. It has {yardstick.WORKERS} workers, and one more thread that gives them their work. Its
subsampling keeps more words than that of the paper, which the others follow, so its epoch has
more centers and pairs. We estimate its pairs by drawing once with its rule. It trains with
plain gradient descent, pair by pair, and the others train with Adam.

{epochs}

The time from the start of `load_data_ptb` to {NUM_EPOCHS} trained epochs, each time in a fresh
process. Imports don't count, and compiled code comes from the cache. For the source, it is
its loading and {NUM_EPOCHS} epochs, estimated as above.

{whole}

The cost of the first call, measured once, in a process with an empty cache and in the next
process:

{table(["", "s"], first_call)}

One epoch with each engine, on identical batches and from the same starting weights:

{compared}
"""


def epoch_table(rounds):
    """Measure an epoch of each side, in turn."""
    with (
        Side(training.start_source, **AS_IT_COMES) as bare,
        Side(training.start_source, **FASTEST_FOR_THE_SOURCE) as theirs,
        Side(training.start_lesson) as gluon_side,
        Side(start_fused) as fused_side,
        Side(start_gensim) as gensim_side,
    ):
        tasks = {
            "the source, unchanged": (bare, training.source_epoch),
            "the source with one thread per core": (theirs, training.source_epoch),
            "ours, Gluon": (gluon_side, training.lesson_epoch),
            "ours, fused": (fused_side, training.lesson_epoch, "fused"),
            "gensim": (gensim_side, gensim_epoch),
        }
        results = alternate(list(tasks.values()), rounds)
    rows = spread_rows(
        results,
        [
            ("an epoch, s", "epoch", 2),
            ("centers, thousands a second", "centers", 1),
            ("pairs, thousands a second", "pairs", 0),
        ],
    )
    epochs = [[one["epoch"] for one in side] for side in results]
    ours = list(tasks).index("ours, fused")
    rows.append(
        [
            "**ratio of an epoch to fused**",
            *(
                "" if i == ours else ratios(side, epochs[ours])
                for i, side in enumerate(epochs)
            ),
        ]
    )
    rates = [[one["pairs"] for one in side] for side in results]
    rows.append(
        [
            "ratio of the time for a pair to fused",
            *(
                "" if i == ours else ratios(rates[ours], side)
                for i, side in enumerate(rates)
            ),
        ]
    )
    return table(["median (min .. max)", *tasks], rows)


def start_fused():
    training.start_lesson("fused")


def start_gensim():
    sentences, vocab = yardstick.load()
    _loaded["sentences"] = sentences
    _loaded["pairs"] = yardstick.num_pairs(sentences, vocab)
    _loaded["model"] = yardstick.prepare(sentences)
    gensim_epoch()


def gensim_epoch():
    """Measure one epoch of gensim, from fresh weights."""
    model, sentences = _loaded["model"], _loaded["sentences"]
    model.init_weights()
    model.min_alpha_yet_reached = model.alpha  # otherwise it warns about a second training
    gc.collect()
    started = time.perf_counter()
    centers = yardstick.train(model, sentences, 1)
    epoch = time.perf_counter() - started
    return {
        "epoch": epoch,
        "centers": centers / epoch / 1e3,
        "pairs": _loaded["pairs"] / epoch / 1e3,
    }


def whole_table(rounds):
    """Measure from the text to trained vectors, in turn, each time in a fresh process."""
    sides = {
        "the source, unchanged": (source_whole, AS_IT_COMES),
        "the source with one thread per core": (source_whole, FASTEST_FOR_THE_SOURCE),
        "ours, fused": (fused_whole, {}),
    }
    times = {name: [] for name in sides}
    for _ in range(rounds):
        for name, (measure, environment) in sides.items():
            with Side(**environment) as side:
                times[name].append(side.call(measure))
    *theirs, ours = times.values()
    rows = [
        ["seconds", *map(spread, times.values())],
        ["**ratio to ours**", *(ratios(one, ours) for one in theirs), ""],
    ]
    return table(["median (min .. max)", *sides], rows)


def source_whole():
    """Measure the source's loading, and estimate its epochs from some steps, in seconds."""
    loading = seconds(training.load_source)
    return loading + NUM_EPOCHS * training.source_epoch()["epoch"]


def fused_whole():
    """Measure the seconds of our loading and training."""
    return seconds(train, "fused", NUM_EPOCHS)


def train(engine, num_epochs):
    """Load and train; return the loss of the last epoch and the weights of both tables."""
    prepared = lesson.prepare(lesson.load()[0], engine=engine)
    records = lesson.epoch_records(prepared, num_epochs)
    weights = [layer.weight.data().asnumpy() for layer in prepared.net]
    return records[-1].epoch_loss, np.concatenate(weights)


def compile_times():
    """Measure the seconds to compile all passes, and to load them in the next process."""
    with tempfile.TemporaryDirectory() as folder:
        times = []
        for _ in range(2):
            with Side(NUMBA_CACHE_DIR=folder) as side:
                times.append(side.call(seconds, warm_up.compile_ahead))
    return times


def compare_engines():
    """Train one epoch with each engine; return a table of how far apart they end."""
    (gluon_loss, gluon_weights), (fused_loss, fused_weights) = (
        train(engine, 1) for engine in ("gluon", "fused")
    )
    apart = np.abs(gluon_weights - fused_weights)
    rows = [
        ["loss of the epoch, Gluon, nats per pair", f"{gluon_loss:.6f}"],
        ["loss of the epoch, fused, nats per pair", f"{fused_loss:.6f}"],
        ["largest difference of a weight", f"{apart.max():.1e}"],
        ["median difference of a weight", f"{np.median(apart):.1e}"],
        ["median size of a weight", f"{np.median(np.abs(gluon_weights)):.1e}"],
    ]
    return table(["", ""], rows)
