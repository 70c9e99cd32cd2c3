"""Show where the time of a step goes, by removing one cost of the source's loop after another.

This module has the code for the rows between the source's own loop and ours. All of them start
from the same weights. `in_memory` takes the source's steps on batches made in advance.
"""

import gc
import itertools
import random
import time

import mxnet
from mxnet import autograd, gluon, nd, npx, optimizer

from benchmarks import BATCH_SIZE, LR, SEED, lesson, source
from benchmarks.report import spread, table
from benchmarks.sides import Side, alternate
from w2v_lesson.model import initialize, masked_loss, skip_gram

TITLE = "Where the time goes"
STEPS = 40
_loaded = {}


def run(quick=False):
    """Measure; return a section of Markdown."""
    with Side(start_source) as theirs, Side(start_lesson) as ours:
        tasks = {
            "the source's loop": (theirs, source_loop),
            "− batches made in advance": (ours, in_memory, "plain", True, True),
            "− the transposed copy of u": (ours, in_memory, "plain", False, True),
            "− padding: batches of similar length": (
                ours,
                in_memory,
                "grouped",
                False,
                True,
            ),
            "− reading the loss back at each step": (
                ours,
                in_memory,
                "grouped",
                False,
                False,
            ),
            "making a batch, the source": (theirs, source_batches),
            "making a batch, ours, with new draws": (ours, lesson_batches),
            "Adam on both tables": (ours, adam),
        }
        results = alternate(list(tasks.values()), rounds=2 if quick else 5)
    rows = [
        [name, spread([1e3 * s for s in values], 2)]
        for name, values in zip(tasks, results, strict=True)
    ]
    return f"""\
Milliseconds for a step of {BATCH_SIZE} centers. Each row removes one more cost. With worker
processes, the source's loader could save at most as much as the first removal does. From
the second row on, our loader makes the batches, at first in the source's shape.

{table(["", "ms a step, median (min .. max)"], rows[:5])}

Parts, measured alone:

{table(["", "ms a step, median (min .. max)"], rows[5:])}
"""


def start_source():
    _loaded["source"] = source.load()
    source_loop(steps=5)


def start_lesson():
    """Keep batches of the source's shape, and a fair sample of batches grouped by length."""
    data_iter, vocab = lesson.load(redraw=False, group_by_length=False)
    _loaded["plain"] = list(itertools.islice(data_iter, STEPS))
    data_iter.group_by_length = True
    by_length = sorted(data_iter, key=lambda batch: batch.masks.shape[1])
    sample = by_length[::4]  # so that every length is as frequent as in an epoch
    random.Random(SEED).shuffle(sample)
    _loaded["grouped"] = sample
    _loaded["vocab"] = vocab
    _loaded["redrawn"] = lesson.load()[0]
    for kind in ("plain", "grouped"):
        in_memory(kind, False, False)


def source_loop(steps=STEPS):
    """Measure the seconds of a step of the source's own `train`."""
    gc.collect()
    return source.timed_training(*_loaded["source"], steps).per_step


def source_batches():
    """Measure the seconds that the source's loader takes for a batch."""
    batches = iter(_loaded["source"][0])
    next(batches)
    gc.collect()
    started = time.perf_counter()
    for _ in itertools.islice(batches, STEPS):
        pass
    return (time.perf_counter() - started) / STEPS


def lesson_batches():
    """Measure the seconds that our loader takes for a batch, including its share of the draws."""
    data_iter = _loaded["redrawn"]
    data_iter.epoch += 1  # so that there is something to draw
    gc.collect()
    started = time.perf_counter()
    number = sum(1 for _ in data_iter)
    return (time.perf_counter() - started) / number


def in_memory(kind, transposed_copy, read_back):
    """Measure the seconds of a step, without making its batch.

    kind : which of the batches to use, "plain" or "grouped"
    transposed_copy : whether to use the source's skip_gram, with u.swapaxes(1, 2), or ours
    read_back : whether to read the loss at each step, as the source does, or at the end
    """
    forward = source.skip_gram if transposed_copy else skip_gram
    net, trainer = fresh_net()
    total, batches = 0.0, _loaded[kind]
    gc.collect()
    for i, (center, context_negative, mask, label) in enumerate(batches):
        if i == 5:
            nd.waitall()
            started = time.perf_counter()
        with autograd.record():
            pred = forward(center, context_negative, net[0], net[1])
            l = masked_loss(pred.reshape(label.shape), label, mask)
        l.backward()
        trainer.step(len(center))
        total = total + (float(l.sum()) if read_back else l.sum())
    nd.waitall()
    return (time.perf_counter() - started) / (len(batches) - 5)


def adam():
    """Measure the seconds of one Adam update of both tables, for any gradient."""
    net, _ = fresh_net()
    updater = optimizer.get_updater(optimizer.Adam(learning_rate=LR))
    weights = [layer.weight.data() for layer in net]
    gradients = [1e-3 * weight for weight in weights]
    for i in range(5 + STEPS):
        if i == 5:
            nd.waitall()
            started = time.perf_counter()
        for number, weight in enumerate(weights):
            updater(number, gradients[number], weight)
    nd.waitall()
    return (time.perf_counter() - started) / STEPS


def fresh_net():
    """Make a net with the same starting weights each time, and its trainer."""
    net = source.build_net(_loaded["vocab"])
    mxnet.random.seed(SEED)
    initialize(net, npx.cpu())
    return net, gluon.Trainer(net.collect_params(), "adam", {"learning_rate": LR})
