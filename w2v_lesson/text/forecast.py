"""How long a training will take, found out by a few steps of it."""

import time
from itertools import islice
from typing import NamedTuple

from mxnet import npx

from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.engine.warm_up import compile_ahead
from w2v_lesson.model import build_net, initialize

WARM_UP, STEPS = 16, 48  # minibatches: of 512 centers, all that are drawn in some calls


class Forecast(NamedTuple):
    """What to expect of an epoch with the fused engine.

    seconds_per_million : for each million words of the text
    seconds : for the epoch
    """

    seconds_per_million: float
    seconds: float


def forecast(data_iter, embed_size, steps=STEPS):
    """Train some minibatches with a net of its own, and scale the time up by the pairs.

    data_iter : SkipGramData
    steps : minibatches to time

    Takes about a second for a vocabulary of some thousand words. Compiles the fused engine
    first, if that has not been done. Returns `Forecast`. Chapter 11.
    """
    compile_ahead()
    net = build_net(len(data_iter.vocab), embed_size)
    initialize(net, npx.cpu())
    engine = FusedEngine(net, lr=0.001)
    with data_iter.at_epoch(0):
        batches = data_iter.examples()
        all_pairs = data_iter.num_pairs
    for examples in islice(batches, min(WARM_UP, len(data_iter) - 1)):
        engine.step(examples)
    started, pairs = time.perf_counter(), 0
    for examples in islice(batches, steps):
        engine.step(examples)
        pairs += len(examples.others)
    seconds = (time.perf_counter() - started) / pairs * all_pairs
    return Forecast(seconds / len(data_iter.ids) * 1e6, seconds)
