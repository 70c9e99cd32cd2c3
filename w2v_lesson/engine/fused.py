"""Training in compiled passes: the mathematics of `train_step`, without its waste.

What differs from MXNet's operators is only the order of the work:

- pairs stay end to end, nothing is padded;
- the gradient of a row is summed up and used at once: there is no gradient of a whole
  table, most of which would be zeros;
- Adam moves also the rows that a batch does not use, by what it remembers of earlier
  gradients. Such rows are caught up with when they are next needed.

Threads share out examples, or rows, never the terms of one sum: the result is the same
to the last bit for any number of threads. Chapter 08.
"""

import time
from contextlib import contextmanager
from itertools import accumulate
from statistics import fmean
from typing import NamedTuple

import numpy as np
from mxnet import npx
from numba import get_num_threads, set_num_threads

from w2v_lesson import sampling
from w2v_lesson.engine.passes import (
    BETA1,
    BETA2,
    STEPS_TO_REST,
    WEIGHT,
    catch_up,
    current_weights,
    group,
    losses_of,
    score,
    update,
)


class Table(NamedTuple):
    """One embedding table and what Adam remembers of it.

    rows : float32, shape (vocabulary, 3, embed_size): weights, then the mean of the
        gradients, then the root of the mean of their squares
    done : int32, shape (vocabulary,), the step that each row has reached
    """

    rows: np.ndarray
    done: np.ndarray


class Adam(NamedTuple):
    """Numbers of Adam that depend on the step alone; float64.

    rates : rates[t], of step t, with the correction for the start
    fades1, fades2 : [k], by how much `MEAN` and `ROOT` fade in k steps without gradient
    tails : shape (steps, 4), tails[t, i] is the sum of rates[t + k] * q^k over all k > 0,
        where q = BETA1 * BETA2^(i / 2); see `_catch_up`
    """

    rates: np.ndarray
    fades1: np.ndarray
    fades2: np.ndarray
    tails: np.ndarray


def adam(lr):
    """Make `Adam` for a learning rate. Source: Kingma and Ba 2015, algorithm 1."""
    t = np.arange(1, 20_001)  # from there on the rate is lr to the last bit of a float32
    rates = np.array([0, *(lr * np.sqrt(1 - BETA2**t) / (1 - BETA1**t))])
    k = np.arange(STEPS_TO_REST + 2)
    tails = [_tails(rates.tolist(), BETA1 * BETA2 ** (i / 2), lr) for i in range(4)]
    return Adam(rates, BETA1**k, BETA2 ** (k / 2), np.transpose(tails).copy())


def _tails(rates, q, last_rate):
    # From the end, where the rate stays as it is: each tail is made of the next one.
    end = last_rate * q / (1 - q)
    tails = accumulate(rates[:0:-1], lambda tail, rate: q * (rate + tail), initial=end)
    return list(tails)[::-1]


def step(v, u, examples, number, adam, ends):
    """One step of training, in place. Returns the sum of the losses before it.

    v, u : center and context `Table`
    examples : Examples
    number : of the step, from 1
    adam : Adam
    ends : int32, shape (vocabulary,), scratch

    Not compiled itself: in one compiled piece the same passes took a third longer, in
    most processes; we did not find out why.
    """
    rates, fades1, fades2, tails = adam
    centers, others, starts, num_contexts = examples
    of_v, of_u = group(centers, ends), group(others, ends)
    catch_up(v.rows, v.done, of_v[0], number, fades1, fades2, tails)
    catch_up(u.rows, u.done, of_u[0], number, fades1, fades2, tails)
    losses, errors, example_of, center_rows, gradients = score(
        centers, others, starts, num_contexts, v.rows, u.rows
    )
    update(
        u.rows,
        u.done,
        *of_u,
        errors,
        example_of,
        center_rows,
        number,
        rates,
        fades1,
        fades2,
    )
    ones, each = np.ones(len(losses), np.float32), np.arange(len(losses), dtype=np.int32)
    update(v.rows, v.done, *of_v, ones, each, gradients, number, rates, fades1, fades2)
    return losses.sum()


class Threads:
    """Takes one thread or all there are, whichever proves faster just now.

    Where other programs use the cores too, the threads of a pass wait for each other,
    and one alone is faster. The results are the same.
    """

    TRIALS, STEPS = 5, 400  # steps to try each number, in so many

    def __init__(self):
        self.numbers = sorted({1, get_num_threads()})
        self._count, self._times = 0, {number: [] for number in self.numbers}
        self._fastest = None

    @contextmanager
    def measured(self, work):
        """Set the number of threads inside the block, which does so much work."""
        place = self._count % self.STEPS
        self._count += 1
        trials = self.TRIALS * len(self.numbers)
        on_trial = place < trials
        if place == trials:
            self._fastest = min(self.numbers, key=lambda n: fmean(self._times[n]))
        number = self.numbers[place // self.TRIALS] if on_trial else self._fastest
        before, started = get_num_threads(), time.perf_counter()
        set_num_threads(number)
        try:
            yield
        finally:
            set_num_threads(before)
        if on_trial:
            times = self._times[number]
            times.append((time.perf_counter() - started) / work)
            # The first ones after a change also wake or stop threads.
            del times[: 2 - self.TRIALS]


class FusedEngine:
    """Trains the two tables of a Gluon net by the compiled passes.

    net : as `build_net` makes it, initialized, on the CPU
    lr : learning rate of Adam

    It keeps weights of its own; `write_back` copies them into the net.
    """

    name = "fused"
    default_device = staticmethod(npx.cpu)

    def __init__(self, net, lr):
        self.net, self.adam, self.steps = net, adam(lr), 0
        self.threads = Threads()
        self.tables = None

    def _start(self):
        self.tables = [_table(layer.weight.data().asnumpy()) for layer in self.net]
        self.ends = np.empty(len(self.tables[0].rows), np.int32)

    def step(self, examples):
        """Train on one minibatch; return the sum of its losses (before the step)."""
        with sampling.one_at_a_time, self.threads.measured(len(examples.others)):
            if self.tables is None:
                self._start()
            self.steps += 1
            return step(*self.tables, examples, self.steps, self.adam, self.ends)

    def evaluate(self, data_iter):
        """Mean loss over the centers of `data_iter` in nats per pair; no training."""
        v, u = (layer.weight.data().asnumpy()[:, None] for layer in self.net)
        with data_iter.at_epoch(0):  # the same pairs in the same order
            minibatches = data_iter.examples()
        total = centers = 0
        for examples in minibatches:
            with sampling.one_at_a_time:
                total += losses_of(*examples, v, u).sum()
            centers += len(examples.centers)
        return total / centers

    def write_back(self):
        """Copy the weights into the net; training goes on as if nothing had been."""
        if self.tables is None:
            return
        with sampling.one_at_a_time:
            for layer, table in zip(self.net, self.tables, strict=True):
                # As it is: making an MXNet array of it first takes three times as long.
                layer.weight.set_data(current_weights(*table, self.steps, *self.adam[1:]))

    def state(self):
        """All that later steps depend on, as a dict of arrays."""
        if self.tables is None:
            self._start()
        v, u = self.tables
        return {
            "center": v.rows,
            "center_done": v.done,
            "context": u.rows,
            "context_done": u.done,
            "steps": np.array(self.steps),
        }

    def restore(self, state):
        """Go on from what `state` returned, in this or another process."""
        self.tables = [
            Table(state[name], state[f"{name}_done"]) for name in ("center", "context")
        ]
        self.ends = np.empty(len(state["center"]), np.int32)
        self.steps = int(state["steps"])
        self.write_back()


def _table(weights):
    rows = np.zeros((len(weights), 3, weights.shape[1]), np.float32)
    rows[:, WEIGHT] = weights
    return Table(rows, np.zeros(len(weights), np.int32))
