"""Estimate how long training will take, by training a few steps. Chapter 12."""

import time
from itertools import islice
from typing import NamedTuple

from mxnet import npx

from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.engine.warm_up import compile_ahead
from w2v_lesson.minibatches import check_data
from w2v_lesson.model import build_net, initialize

# With the usual 512 centers, minibatches are drawn 16 at a time. In its first four calls the
# engine tries all threads, and one.
AT_ONCE, WARM_UP_STEPS, TIMED_STEPS = 16, 64, 48


class Forecast(NamedTuple):
    """What to expect of an epoch with the fused engine. Chapter 12.

    Attributes
    ----------
    seconds_per_million : float
        Seconds for each million words of the text.
    seconds : float
        Seconds for the epoch.
    """

    seconds_per_million: float
    seconds: float


def forecast(data_iter, embed_size, steps=TIMED_STEPS):
    """Train a separate net on some minibatches, and scale the time to all pairs.

    This takes a moment for a vocabulary of a few thousand words. If the fused engine is not
    compiled yet, this compiles it first. Chapter 12.

    Parameters
    ----------
    data_iter : SkipGramData
        Minibatches, which stay as they are.
    embed_size : int
        Numbers in a vector.
    steps : int
        How many minibatches to time.

    Returns
    -------
    Forecast
    """
    check_data("data_iter", data_iter)
    compile_ahead()
    net = build_net(len(data_iter.vocab), embed_size)
    initialize(net, npx.cpu())
    engine = FusedEngine(net, lr=0.001)
    with data_iter.at_epoch(0):  # other epochs may have more or fewer minibatches
        num_batches, all_pairs = len(data_iter), data_iter.num_pairs
        batches = engine.minibatches(data_iter)
    # At least half of the epoch stays, because the next epoch is coming then.
    warm_up = islice(batches, min(WARM_UP_STEPS, num_batches // 2))
    while minibatches := list(islice(warm_up, AT_ONCE)):
        engine.steps(minibatches)
    started, pairs, timed = time.perf_counter(), 0, islice(batches, steps)
    while minibatches := list(islice(timed, AT_ONCE)):
        engine.steps(minibatches)
        pairs += sum(each.num_pairs for each in minibatches)
    seconds = (time.perf_counter() - started) / pairs * all_pairs
    return Forecast(seconds / len(data_iter.ids) * 1e6, seconds)
