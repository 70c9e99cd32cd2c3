"""Measure an epoch of the fused engine beside gensim, the source, and our own Gluon loop."""

import gc
import tempfile
import time

import numpy as np

from benchmarks import (
    AS_IT_COMES,
    FASTEST_FOR_THE_SOURCE,
    NUM_EPOCHS,
    SHAPE,
    lesson,
    training,
    yardstick,
)
from benchmarks.report import ratios, spread, spread_rows, table
from benchmarks.scale import make_text
from benchmarks.sides import Side, alternate, seconds
from w2v_lesson.engine import warm_up
from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.minibatches import SkipGramData
from w2v_lesson.settings import Settings
from w2v_lesson.training import prepare_training

TITLE = "Fused engine, beside gensim"
LARGE = 3_000_000, 100_000  # words of a text, and how many of them are different
_loaded = {}


def run(quick=False):
    """Measure; return a section of Markdown."""
    compiling, loading = compile_times()
    with Side() as side:
        side.call(warm_up.compile_ahead)  # into the cache that all the others use
        compared = side.call(compare_engines)
    epochs = epoch_table(rounds=2 if quick else 7)
    large = large_table(rounds=1 if quick else 5)
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

A random text made as under Scale, {LARGE[0]:,} words of {LARGE[1]:,} different ones, an
epoch of it after one to warm up; gensim as above, but with `min_count=1`.

{large}

The time from the start of `load_data_ptb` to {NUM_EPOCHS} trained epochs, each time in a fresh
process. Imports don't count, and compiled code comes from the cache. For the source, it is
its loading and {NUM_EPOCHS} epochs, estimated as above.

{whole}

The cost of the first call, measured once, in a process with an empty cache and in the next
process:

{table(["", "s"], first_call)}

One epoch with each engine, on identical batches in which each center has noise words of its
own, and from the same starting weights:

{compared}
"""


def epoch_table(rounds):
    """Measure an epoch of each side, in turn."""
    with (
        Side(training.start_source, **AS_IT_COMES) as bare,
        Side(training.start_source, **FASTEST_FOR_THE_SOURCE) as theirs,
        Side(training.start_lesson) as gluon_side,
        Side(start_fused) as fused_side,
        Side(start_fused, NUMBA_NUM_THREADS="1") as alone,
        Side(start_gensim) as gensim_side,
    ):
        tasks = {
            "the source, unchanged": (bare, training.source_epoch),
            "the source with one thread per core": (theirs, training.source_epoch),
            "ours, Gluon": (gluon_side, training.lesson_epoch),
            "ours, fused": (fused_side, training.lesson_epoch, "fused"),
            "ours, fused, one thread": (alone, training.lesson_epoch, "fused"),
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
    rows.append(
        ["**share of gensim's time**", *(share(side, epochs[-1]) for side in epochs)]
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


def large_table(rounds):
    """An epoch of a text with many different words, by ours and by gensim, in turn."""
    with Side(start_large) as ours, Side(start_large_gensim) as theirs:
        results = alternate([(ours, large_epoch), (theirs, large_gensim_epoch)], rounds)
    rows = [
        ["s for a million words", *(spread(side, 2) for side in results)],
        ["**share of gensim's time**", share(*results), ""],
    ]
    return table(["median (min .. max)", "ours, fused", "gensim"], rows)


def share(ours, theirs):
    """Write our share of their time, round by round."""
    return spread([a / b for a, b in zip(ours, theirs, strict=True)], 2)


def start_large():
    data = SkipGramData(*make_text(*LARGE), *SHAPE, redraw=True)
    _loaded["large"] = prepare_training(data, engine=FusedEngine)
    large_epoch()


def large_epoch():
    """Measure one more epoch, in seconds for a million words."""
    prepared = _loaded["large"]
    gc.collect()
    started = time.perf_counter()
    for _ in prepared.run(prepared.epochs_done + 1):
        pass
    return (time.perf_counter() - started) / LARGE[0] * 1e6


def start_large_gensim():
    ids, sentence_of, vocab = make_text(*LARGE)
    ends = np.flatnonzero(np.diff(sentence_of)) + 1
    sentences = [[vocab.idx_to_token[i] for i in words] for words in np.split(ids, ends)]
    _loaded["sentences"] = sentences
    _loaded["model"] = yardstick.prepare(sentences, min_count=1)
    large_gensim_epoch()


def large_gensim_epoch():
    """Measure one epoch of gensim, in seconds for a million words."""
    model = _loaded["model"]
    model.min_alpha_yet_reached = model.alpha  # else it warns of a second training
    gc.collect()
    return seconds(yardstick.train, model, _loaded["sentences"], 1) / LARGE[0] * 1e6


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


def train(engine, num_epochs, shared=Settings.num_shared_noise):
    """Load and train; return the loss of the last epoch and the weights of both tables."""
    data_iter, _ = lesson.load(num_shared_noise=shared)
    prepared = lesson.prepare(data_iter, engine=engine)
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
        train(engine, 1, shared=0) for engine in ("gluon", "fused")
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
