"""Training in compiled passes: the mathematics of `train_step`, without its waste.

Chapter 09. Hand-written, because no library has this step: MXNet computes gradients of whole
tables, and gensim, which does not, has no Adam.

What differs from MXNet's operators is only the order of the work:

- pairs stay end to end, nothing is padded;
- the gradient of a row is summed up and used at once: there is no gradient of a whole
  table, most of which would be zeros;
- Adam moves also the rows that a batch does not use, by what it remembers of earlier
  gradients. Such rows are caught up with when they are next needed.

Threads share out examples, or rows, never the terms of one sum: the result is the same
to the last bit for any number of threads.
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
    """One embedding table and what Adam remembers of it. Chapter 09.

    Attributes
    ----------
    rows : ndarray of float32, shape (vocabulary, 3, embed_size)
        Weights, then the mean of the gradients, then the root of the mean of their squares.
    done : ndarray of int32, shape (vocabulary,)
        The step that each row has reached.
    """

    rows: np.ndarray
    done: np.ndarray


class Adam(NamedTuple):
    """Numbers of Adam that depend on the step alone. Chapter 09.

    Attributes
    ----------
    rates : ndarray of float64, shape (steps,)
        ``rates[t]`` is the rate of step t, with the correction for the start.
    fades1, fades2 : ndarray of float64, shape (STEPS_TO_REST + 2,)
        ``[k]`` is by how much `MEAN` and `ROOT` fade in k steps without gradient.
    tails : ndarray of float64, shape (steps, 4)
        ``tails[t, i]`` is the sum of rates[t + k] * q^k over all k > 0, where
        q = BETA1 * BETA2^(i / 2); see `passes._catch_up`.
    """

    rates: np.ndarray
    fades1: np.ndarray
    fades2: np.ndarray
    tails: np.ndarray


def adam(lr):
    """Compute Adam's numbers for a learning rate. Chapter 09.

    Parameters
    ----------
    lr : float
        Learning rate.

    Returns
    -------
    Adam

    References
    ----------
    Kingma and Ba 2015, algorithm 1.
    """
    t = np.arange(1, 20_001)  # from there on the rate is lr to the last bit of a float32
    rates = np.array([0, *(lr * np.sqrt(1 - BETA2**t) / (1 - BETA1**t))])
    k = np.arange(STEPS_TO_REST + 2)
    tails = [_tails(rates.tolist(), BETA1 * BETA2 ** (i / 2), lr) for i in range(4)]
    return Adam(rates, BETA1**k, BETA2 ** (k / 2), np.transpose(tails).copy())


def _tails(rates, q, last_rate):
    # Each tail is computed from the next one, beginning at the end, where the rate stays
    # as it is.
    end = last_rate * q / (1 - q)
    tails = accumulate(rates[:0:-1], lambda tail, rate: q * (rate + tail), initial=end)
    return list(tails)[::-1]


def step(v, u, examples, number, adam, ends):
    """Take one step of training, in place. Chapter 09.

    Parameters
    ----------
    v, u : Table
        The center and the context table.
    examples : Examples
        The minibatch.
    number : int
        Number of the step, from 1.
    adam : Adam
        Adam's numbers.
    ends : ndarray of int32, shape (vocabulary,)
        Scratch memory.

    Returns
    -------
    float
        Sum of the losses before the step.

    Notes
    -----
    This function is not compiled itself: in one compiled piece the same passes took a third
    longer in most processes. We did not find out why.
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
    """The choice between one thread and all threads, whichever is faster at the moment.

    Where other programs use the cores too, the threads of a pass wait for each other, and
    one alone is faster. The results are the same. Chapter 09.
    """

    TRIALS, STEPS = 5, 400  # steps to try each number, in so many

    def __init__(self):
        self.numbers = sorted({1, get_num_threads()})
        self._count, self._times = 0, {number: [] for number in self.numbers}
        self._fastest = None

    @contextmanager
    def measured(self, work):
        """Set the number of threads inside the block, and measure it now and then.

        Parameters
        ----------
        work : float
            How much the block has to do; times are compared per unit of work.
        """
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
            # The first steps after a change also wake or stop threads, and do not count.
            del times[: 2 - self.TRIALS]


class FusedEngine:
    """The engine that trains a net by the compiled passes. Chapter 09.

    It keeps weights of its own; `write_back` copies them into the net.

    Parameters
    ----------
    net : nn.Sequential
        As `build_net` makes it, initialized.
    lr : float
        Learning rate of Adam.
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
        """Train on one minibatch.

        Parameters
        ----------
        examples : Examples
            The minibatch.

        Returns
        -------
        float
            Sum of the losses of its examples, before the step.

        Raises
        ------
        ValueError
            If a word is not in the tables, or the numbers of contexts make no sense.
        """
        _check(examples, min(layer.weight.shape[0] for layer in self.net))
        with sampling.one_at_a_time, self.threads.measured(len(examples.others)):
            if self.tables is None:
                self._start()
            self.steps += 1
            return step(*self.tables, examples, self.steps, self.adam, self.ends)

    def evaluate(self, data_iter):
        """Compute the mean loss over the centers of some text, without training.

        Parameters
        ----------
        data_iter : SkipGramData
            Its epoch 0 is evaluated, so that the pairs are the same each time.

        Returns
        -------
        float
            Nats per pair.

        Raises
        ------
        ValueError
            If a word is not in the tables.
        """
        v, u = (layer.weight.data().asnumpy()[:, None] for layer in self.net)
        with data_iter.at_epoch(0):
            minibatches = data_iter.examples()
        total = centers = 0
        for examples in minibatches:
            _check(examples, min(len(v), len(u)))
            with sampling.one_at_a_time:
                total += losses_of(*examples, v, u).sum()
            centers += len(examples.centers)
        return total / centers

    def write_back(self):
        """Copy the weights into the net, which has no effect on later steps."""
        if self.tables is None:
            return
        with sampling.one_at_a_time:
            for layer, table in zip(self.net, self.tables, strict=True):
                # Making an MXNet array of it first takes three times as long.
                layer.weight.set_data(current_weights(*table, self.steps, *self.adam[1:]))

    def state(self):
        """Return everything that later steps depend on.

        Returns
        -------
        dict of str to ndarray
        """
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
        """Go on from what `state` returned, in this or another process.

        Parameters
        ----------
        state : dict of str to ndarray
            What `state` returned.
        """
        self.tables = [
            Table(state[name], state[f"{name}_done"]) for name in ("center", "context")
        ]
        self.ends = np.empty(len(state["center"]), np.int32)
        self.steps = int(state["steps"])
        self.write_back()


def _check(examples, rows):
    """Look at everything by which a compiled pass finds its place in memory."""
    for words in (examples.centers, examples.others):
        # Seen as a number without a sign, one below 0 is very large.
        if (largest := words.view(np.uint32).max(initial=0)) >= rows:
            raise ValueError(
                f"The minibatch has the word {np.int32(largest)}, but the tables have only "
                f"{rows:,} rows. Make the net with the vocabulary of the data."
            )
    sizes, contexts = np.diff(examples.starts), examples.num_contexts
    ends = examples.starts[0], examples.starts[-1] - len(examples.others)
    if any(ends) or (sizes < contexts).any() or (contexts < 0).any():
        raise ValueError(
            "The numbers of contexts of the minibatch do not fit its words. Take the minibatches "
            "from `examples` of the data."
        )


def _table(weights):
    rows = np.zeros((len(weights), 3, weights.shape[1]), np.float32)
    rows[:, WEIGHT] = weights
    return Table(rows, np.zeros(len(weights), np.int32))
