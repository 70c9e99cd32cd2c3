"""Training in compiled passes with shared noise words. Chapter 09.

Hand-written, because no library has this step: MXNet computes gradients of whole tables, and
gensim, which does not, has no Adam and shares no noise words.

It computes what `plain` computes, which says what a step is, with less work: nothing is padded,
there is no gradient of a whole table, and a row that Adam moves without a gradient is caught up
with when it is next needed.
"""

import math
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property
from itertools import accumulate, count

import numpy as np
from mxnet import npx
from numba import config

from w2v_lesson import usable_cores
from w2v_lesson.engine import passes
from w2v_lesson.engine.passes import (
    BETA1,
    BETA2,
    REST,
    SHARE,
    Adam,
    Layout,
    Memory,
    Tables,
)
from w2v_lesson.sampling import Runs, as_runs, edges

# After so many steps without a gradient a row no longer moves: 0.9^200 is 7e-10 of its last
# move, which is less than the last bit of a weight.
STEPS_TO_REST = 200
ROUND_TO = 8  # a row has a multiple of so many numbers, as many as are computed at once


class _Schedule:
    """The numbers of Adam (Kingma and Ba 2015, algorithm 1) for any steps."""

    def __init__(self, lr, decay):
        self.lr, self.decay = lr, float(decay)
        t = np.arange(
            1, 20_001
        )  # after that, a correction is 1 to the last bit of a float32
        self.corrections = np.array([0, *(np.sqrt(1 - BETA2**t) / (1 - BETA1**t))])
        self.tails = np.stack([self._tail(BETA1 * BETA2 ** (j / 2)) for j in range(4)])
        k = np.arange(STEPS_TO_REST)
        self.fades = np.stack([BETA1**k, BETA2 ** (k / 2)])

    def _tail(self, fade):
        """Compute the sum of the rates of all steps after each step, which fade.

        They are divided by the learning rate of the step. Each is computed from the next one.
        At the end, the correction stays 1.
        """
        q = self.decay * fade
        tails = accumulate(
            self.corrections[:0:-1], lambda tail, x: q * (x + tail), initial=q / (1 - q)
        )
        return np.array(list(tails))[::-1]

    def of(self, first, num_steps):
        """Compute the numbers for some steps.

        In the i-th step without gradient, Adam subtracts rate * mean * fade1 / (root * fade2 +
        eps), where mean and root fade with i. With c = root / (root + eps) and x = 1 - fade2,
        the divisor is (root + eps) * (1 - c x), and 1 / (1 - c x) is 1 + c x + (c x)^2 +
        (c x)^3 to the last bit: x is small until fade1 is. So what a row still moves by is
        `MOVE` times a polynomial of c, or of 1 - c, which is `SHARE`. Its coefficients are
        sums of rate * fade1 * x^j, made of those of rate * fade1 * fade2^j, the tails.
        """
        steps = np.arange(first - 1, first + num_steps)
        lr = self.lr * self.decay ** (steps - 1)
        at = np.minimum(steps, len(self.corrections) - 1)
        fade1, fade2 = self.fades
        s0, s1, s2, s3 = (
            (lr * self.tails[j, at])[:, None] * fade1 * fade2**j for j in range(4)
        )
        ways = np.zeros((len(steps), STEPS_TO_REST + 2, 4))
        a1, a2, a3 = s0 - s1, s0 - 2 * s1 + s2, s0 - 3 * s1 + 3 * s2 - s3
        of_share = s0 + a1 + a2 + a3, -a1 - 2 * a2 - 3 * a3, a2 + 3 * a3, -a3
        ways[:, 1:-1] = np.stack(of_share, axis=-1)
        numbers = (lr * self.corrections[at])[1:], ways, self.fades.T
        return Adam(*(x.astype(np.float32, order="C") for x in numbers))


@cache
def _pool(threads, process):
    """Keep threads, because to start them takes as long as a step.

    Numba's loops in threads double the time to compile, and the system sometimes puts two of
    numba's threads on one core. So each thread gets a core of its own if there is one for
    each. (macOS has no such call.) After a fork, the new process has no threads yet.
    """
    numbers = count()

    def pin():
        if threads == usable_cores() and hasattr(os, "sched_setaffinity"):
            cores = sorted(os.sched_getaffinity(0))
            os.sched_setaffinity(0, {cores[next(numbers) % len(cores)]})

    return ThreadPoolExecutor(threads, initializer=pin)


def _in_threads(function, threads):
    """Call a compiled function with the number of each thread, in all of them at once."""
    calls = _pool(threads, os.getpid()).map(function, range(threads))
    list(calls)  # so that an error of a thread is raised


class _Threads:
    """The choice between one thread and all threads, whichever is faster at the moment.

    Where other programs use the cores too, threads wait for each other, and one alone is
    faster. The results are the same. Every call is timed. Now and then we try what seems
    slower, and more often one thread is what we use, because others come and go.
    """

    FIRST, RARELY, OFTEN = 3, 64, 5  # calls; the first ones are slow in any case

    def __init__(self, most):
        self.most, self.calls, self.paces = most, 0, {1: math.inf, most: math.inf}

    def call(self, function, work):
        """Call a function in threads, and note its time per unit of work."""
        number = self._choose()
        self.calls += 1
        started = time.perf_counter()
        _in_threads(function, number)
        self.paces[number] = (time.perf_counter() - started) / work

    def _choose(self):
        if self.calls % self.RARELY == self.FIRST:
            return 1
        alone = self.paces[1] < self.paces[self.most] and self.calls % self.OFTEN
        return 1 if alone else self.most


_choice = cache(_Threads)  # what one engine has found out holds for the next one


class FusedEngine:
    """The engine that trains a net by the compiled passes. Chapter 09.

    It keeps weights of its own; `write_back` copies them into the net.

    Parameters
    ----------
    net : nn.Sequential
        As `build_net` makes it, initialized.
    lr : float
        Learning rate of Adam in the first step.
    decay : float
        What each step multiplies the learning rate by.
    threads : int, optional
        How many threads to use; by default one for each core. The results are the same.
    """

    name = "fused"
    default_device = staticmethod(npx.cpu)
    steps_at_once = 40  # so that starting the threads costs little

    def __init__(self, net, lr, decay=1.0, threads=None):
        self.net, self.schedule, self.steps_done = net, _Schedule(lr, decay), 0
        self.threads = threads or config.NUMBA_NUM_THREADS
        # The step whose weights the net has. Another thread may ask for them at any time.
        self._written, self._lock = 0, threading.Lock()

    @cached_property
    def tables(self):
        """The weights of both tables, and what Adam remembers, from the first step on."""
        weights = np.concatenate([layer.weight.data().asnumpy() for layer in self.net])
        size = -(-weights.shape[1] // ROUND_TO) * ROUND_TO
        # NumPy asks the system for large pages when the memory is not to be zeros beforehand.
        rows = _aligned((len(weights), 3, size))
        rows[:, :SHARE], rows[:, SHARE] = 0, 1
        rows[:, REST, : weights.shape[1]] = weights
        return Tables(rows, np.zeros(len(rows), np.int32))

    @staticmethod
    def minibatches(data_iter, start=0):
        """Iterate over the minibatches to train on, those with shared noise words.

        Parameters
        ----------
        data_iter : SkipGramData
            The text.
        start : int
            Number of the minibatch to begin with.

        Returns
        -------
        iterator of Runs
        """
        return data_iter.runs(start)

    def step(self, minibatch):
        """Train on one minibatch.

        Parameters
        ----------
        minibatch : Runs or Examples
            The minibatch. `Examples` have noise words of their own and take longer.

        Returns
        -------
        float
            Sum of the losses of its centers, before the step.
        """
        return self.steps([minibatch])[0]

    def steps(self, minibatches):
        """Train on some minibatches, one after the other.

        Parameters
        ----------
        minibatches : list of Runs or Examples
            At least one.

        Returns
        -------
        list of float
            Sum of the losses of the centers of each minibatch, before its step.

        Raises
        ------
        ValueError
            If a word is not in the tables, or a context is not among the others of its run.
        """
        minibatches = [x if isinstance(x, Runs) else as_runs(x) for x in minibatches]
        runs = Runs(*map(np.concatenate, zip(*minibatches, strict=True)))
        _check_words(len(self.tables.done) // 2, runs.centers, runs.others)
        layout, rows = _layout(runs, minibatches, len(self.tables.done)), self.tables.rows
        most, phases = np.diff(layout.batches).max(), 3 * len(minibatches) + 1
        memory = Memory(
            np.full((self.threads, len(rows)), -1, np.int32),
            *np.empty((3, *layout.words.shape), np.int32),
            np.zeros(len(minibatches), np.int64),
            *_aligned((2, most * layout.words.shape[1] * rows.shape[2])),
            claimed=np.zeros(phases, np.int64),
            finished=np.zeros(phases, np.int64),
            losses=np.empty(len(layout.words)),
        )
        adam = self.schedule.of(self.steps_done + 1, len(minibatches))
        work = self.tables, adam, runs, layout, memory, self.steps_done + 1
        with self._lock:
            _choice(self.threads).call(lambda i: passes._work(*work, i), len(runs.others))
            self.steps_done += len(minibatches)
        return np.add.reduceat(memory.losses, layout.batches[:-1]).tolist()

    def evaluate(self, data_iter):
        """Compute the mean loss over the centers of some text, without training.

        Parameters
        ----------
        data_iter : SkipGramData
            Its epoch 0 is evaluated, so that the pairs are the same each time. Each center
            has noise words of its own.

        Returns
        -------
        float
            Nats per pair.

        Raises
        ------
        ValueError
            If a word is not in the tables.
        """
        self.write_back()
        v, u = (layer.weight.data().asnumpy() for layer in self.net)
        with data_iter.at_epoch(0):
            minibatches = data_iter.examples()
        total = centers = 0
        for examples in minibatches:
            _check_words(min(len(v), len(u)), examples.centers, examples.others)
            losses = np.empty(len(examples.centers))
            self._share(passes._losses_of, *examples, v, u, losses)
            total, centers = total + losses.sum(), centers + len(losses)
        return total / centers

    def write_back(self):
        """Copy the weights into the net if it doesn't have them yet.

        This has no effect on later steps.
        """
        with self._lock:
            if self._written != self.steps_done:
                self._copy_weights()
                self._written = self.steps_done

    def _copy_weights(self):
        rows, (_, size), step = (
            self.tables.rows,
            self.net[0].weight.shape,
            self.steps_done + 1,
        )
        out, ways = _aligned((len(rows) * size + 8,)), self.schedule.of(step, 0).ways[0]
        words = np.arange(len(rows), dtype=np.int32)
        passes._weights(self.tables, words, step, ways, out, size)
        weights = out[: len(rows) * size].reshape(2, -1, size)
        for layer, table in zip(self.net, weights, strict=True):
            # Making an MXNet array of it first takes three times as long.
            layer.weight.set_data(table)

    def _share(self, function, *args):
        """Call a function in threads that each do an equal part of its last argument."""
        n, threads = len(args[-1]), self.threads
        _in_threads(
            lambda i: function(*args, n * i // threads, n * (i + 1) // threads), threads
        )

    def state(self):
        """Return everything that later steps depend on.

        Returns
        -------
        dict of str to ndarray
        """
        rows, done = self.tables
        return {"rows": rows, "done": done, "steps": np.array(self.steps_done)}

    def restore(self, state):
        """Go on from what `state` returned, in this or another process.

        Parameters
        ----------
        state : dict of str to ndarray
            What `state` returned.
        """
        self.tables = Tables(state["rows"], state["done"])
        self.steps_done, self._written = int(state["steps"]), -1
        self.write_back()


def _aligned(shape):
    """Make an array that begins where a line of the cache does, so that no load needs two."""
    size = math.prod(shape)
    memory = np.empty(size + 16, np.float32)
    start = -memory.ctypes.data % 64 // memory.itemsize
    return memory[start : start + size].reshape(shape)


def _check_words(rows, *indices):
    for words in indices:
        # Seen as a number without a sign, one below 0 is very large.
        if (largest := words.view(np.uint32).max(initial=0)) >= rows:
            raise ValueError(
                f"The minibatch has the word {np.int32(largest)}, but the tables have "
                f"only {rows:,} rows. Make the net with the vocabulary of the data."
            )


def _layout(runs, minibatches, rows):
    shift = (runs.num_centers.max() + 3) // 4 * 4
    words, fit = passes._lay_out(runs, shift, rows // 2)
    if not fit:
        raise ValueError(
            "A center of the minibatch has contexts that are not among the others of its run. "
            "Take the minibatches from `runs` or `examples` of the data."
        )
    batches = edges([len(each.num_centers) for each in minibatches])
    return Layout(words, shift, batches, edges(runs.num_centers))
