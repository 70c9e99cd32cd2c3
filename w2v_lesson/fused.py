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

import math
import time
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

import numpy as np
from mxnet import npx
from numba import get_num_threads, njit, prange, set_num_threads

from w2v_lesson import sampling
from w2v_lesson.exponential import exp_below_0
from w2v_lesson.minibatches import SkipGramData, index_corpus
from w2v_lesson.model import build_net, initialize
from w2v_lesson.prefetch import fetch
from w2v_lesson.vocabulary import Vocab

BETA1, BETA2, EPSILON = 0.9, 0.999, np.float32(1e-8)  # Adam's, as in MXNet
ZERO, ONE = np.float32(0), np.float32(1)
# After so many steps without a gradient a row is at rest: 0.9^200 is 7e-10 of its last
# move, which is less than the last bit of a weight.
STEPS_TO_REST = 200
CHUNKS = 32  # pieces of work, shared out among the threads
MOVE = 6  # moving a row takes as long as summing up so many terms of its gradient
PAIRS_AHEAD = 8  # how far ahead of its use a row is fetched from memory
ROWS_AHEAD = 4
PAIRS_AT_ONCE = 512  # of their losses: a product of 1024 twos would overflow
WEIGHT, MEAN, ROOT = 0, 1, 2  # what a table keeps for each row, see `Table`

compiled = njit(cache=True, fastmath=True, error_model="numpy")
in_threads = njit(cache=True, fastmath=True, error_model="numpy", parallel=True)
# Numba's own inlining: a call would pass every array in seven words.
inlined = njit(inline="always", fastmath=True, error_model="numpy")


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


# Rows


@inlined
def _fetch_row(rows, word):
    """Fetch all that the table keeps for a word that comes soon."""
    fetch(rows, word, 4 * rows.shape[1] * rows.shape[2])


@inlined
def _dot(a, b):
    total = ZERO
    for d in range(len(a)):
        total += a[d] * b[d]
    return total


@inlined
def _dot4(a, b0, b1, b2, b3):
    # Four at once: `a` is read once, and the four sums do not wait for each other.
    s0 = s1 = s2 = s3 = ZERO
    for d in range(len(a)):
        s0 += a[d] * b0[d]
        s1 += a[d] * b1[d]
        s2 += a[d] * b2[d]
        s3 += a[d] * b3[d]
    return s0, s1, s2, s3


@inlined
def _add(total, f, a):
    for d in range(len(total)):
        total[d] += f * a[d]


@inlined
def _add4(total, f0, a0, f1, a1, f2, a2, f3, a3):
    for d in range(len(total)):
        total[d] += f0 * a0[d] + f1 * a1[d] + f2 * a2[d] + f3 * a3[d]


@inlined
def _move(weight, mean, root, gradient, rate, fade1, fade2):
    """One step of Adam on one row; the fades also count the steps it has missed."""
    # 1 - beta is rounded as MXNet rounds it.
    for d in range(len(weight)):
        g, old = gradient[d], fade2 * root[d]
        mean[d] = fade1 * mean[d] + (ONE - np.float32(BETA1)) * g
        root[d] = np.sqrt(old * old + (ONE - np.float32(BETA2)) * g * g)
        weight[d] -= rate * mean[d] / (root[d] + EPSILON)


@inlined
def _catch_up(out, weight, mean, root, done, step, fades1, fades2, tails):
    """Weights after the steps between `done` and `step`, which had no gradient.

    In the k-th of them Adam subtracts rate * mean * fade1[k] / (root * fade2[k] + eps).
    With c = root / (root + eps) and x = 1 - fade2[k], the divisor is (root + eps) *
    (1 - c x). So one division does for all steps, and 1 / (1 - c x) is 1 + c x + (c x)^2
    + (c x)^3 to the last bit: x is small until fade1 is. What is left to know are the
    sums of rate * fade1 * x^j over the steps; they are made of those of rate * fade1 *
    fade2^i, each of which is a tail less the part of it that begins at `step`.
    """
    k = step - 1 - done
    fade1 = fades1[k] if k < len(fades1) else 0.0
    fade2 = fades2[k] if k < len(fades2) else 0.0
    start, end = tails[min(done, len(tails) - 1)], tails[min(step - 1, len(tails) - 1)]
    s0 = start[0] - end[0] * fade1
    s1 = start[1] - end[1] * fade1 * fade2
    s2 = start[2] - end[2] * fade1 * fade2**2
    s3 = start[3] - end[3] * fade1 * fade2**3
    a0, a1 = np.float32(s0), np.float32(s0 - s1)
    a2, a3 = np.float32(s0 - 2 * s1 + s2), np.float32(s0 - 3 * s1 + 3 * s2 - s3)
    for d in range(len(weight)):
        inverse = ONE / (root[d] + EPSILON)
        c = root[d] * inverse
        out[d] = weight[d] - mean[d] * inverse * (a0 + c * (a1 + c * (a2 + c * a3)))


# Passes


@compiled
def group(words, ends):
    """Find equal words: a counting sort, which keeps their order.

    words : int32, shape (n,)
    ends : int32, shape (vocabulary,), scratch

    Returns `distinct` (sorted), `starts` and `order`: distinct[i] stands at the places
    order[starts[i]:starts[i + 1]] of `words`.
    """
    ends[:] = 0
    for word in words:
        ends[word] += 1
    distinct, starts = np.empty((2, len(words) + 1), np.int32)
    n = total = 0
    for word in range(len(ends)):
        count, ends[word] = ends[word], total
        # Written over unless there is such a word: no question that is hard to foresee.
        distinct[n], starts[n] = word, total
        n, total = n + (count > 0), total + count
    starts[n] = total
    order = np.empty_like(words)
    for p, word in enumerate(words):
        order[ends[word]] = p
        ends[word] += 1
    return distinct[:n], starts[: n + 1], order


@in_threads
def catch_up(rows, done, words, step, fades1, fades2, tails):
    """Bring the weights of some rows to where they are before `step`, in place."""
    # Found first: most are rare words, which stand at the end, all in one thread's share.
    behind, n = np.empty_like(words), 0
    for w in words:
        behind[n] = w
        n += done[w] < step - 1
    for i in prange(n):
        w = behind[i]
        _fetch_row(rows, behind[min(i + ROWS_AHEAD, n - 1)])
        weight = rows[w, WEIGHT]
        _catch_up(
            weight,
            weight,
            rows[w, MEAN],
            rows[w, ROOT],
            done[w],
            step,
            fades1,
            fades2,
            tails,
        )


@in_threads
def current_weights(rows, done, step, fades1, fades2, tails):
    """Weights of all rows after `step`, shape (vocabulary, embed_size); changes nothing."""
    out = np.empty((len(rows), rows.shape[2]), np.float32)
    for w in prange(len(rows)):
        _catch_up(
            out[w],
            rows[w, WEIGHT],
            rows[w, MEAN],
            rows[w, ROOT],
            done[w],
            step + 1,
            fades1,
            fades2,
            tails,
        )
    return out


@inlined
def _score(row, others, u, scores):
    n = len(others)
    for p in range(0, n - 3, 4):
        for ahead in range(p + PAIRS_AHEAD, min(p + PAIRS_AHEAD + 4, n)):
            fetch(u, others[ahead], 4 * u.shape[2])
        scores[p], scores[p + 1], scores[p + 2], scores[p + 3] = _dot4(
            row,
            u[others[p], WEIGHT],
            u[others[p + 1], WEIGHT],
            u[others[p + 2], WEIGHT],
            u[others[p + 3], WEIGHT],
        )
    for p in range(n - n % 4, n):
        scores[p] = _dot(row, u[others[p], WEIGHT])


@inlined
def _gradient(total, errors, others, u):
    """Add the gradient of a center's row to `total`."""
    n = len(others)
    for p in range(0, n - 3, 4):
        _add4(
            total,
            errors[p],
            u[others[p], WEIGHT],
            errors[p + 1],
            u[others[p + 1], WEIGHT],
            errors[p + 2],
            u[others[p + 2], WEIGHT],
            errors[p + 3],
            u[others[p + 3], WEIGHT],
        )
    for p in range(n - n % 4, n):
        _add(total, errors[p], u[others[p], WEIGHT])


@inlined
def _sum_up(total, order, first, last, factors, source_of, sources):
    """Sum up the terms order[first:last] of a gradient."""
    total[:] = 0
    for j in range(first, last - 3, 4):
        a, b, c, d = order[j], order[j + 1], order[j + 2], order[j + 3]
        _add4(
            total,
            factors[a],
            sources[source_of[a]],
            factors[b],
            sources[source_of[b]],
            factors[c],
            sources[source_of[c]],
            factors[d],
            sources[source_of[d]],
        )
    for j in range(last - (last - first) % 4, last):
        _add(total, factors[order[j]], sources[source_of[order[j]]])


@inlined
def _loss_and_errors(scores, num_contexts, errors):
    """Mean loss of an example; `errors` is its derivative by each score."""
    n, loss = len(scores), 0.0
    for first in range(0, n, PAIRS_AT_ONCE):
        positive, product = ZERO, 1.0
        for p in range(first, min(first + PAIRS_AT_ONCE, n)):
            score, target = scores[p], ONE if p < num_contexts else ZERO
            small = exp_below_0(-abs(score))  # at most 1: never overflows
            # -log sigma is log(1 + small), and -score if that is positive; likewise for
            # noise. One logarithm of a product does for the logarithms of all pairs.
            positive += max(score, ZERO) - target * score
            product *= 1.0 + small
            sigma = (ONE if score > 0 else small) / (ONE + small)
            errors[p] = (sigma - target) / np.float32(n)  # last: may be the same array
        loss += positive + math.log(product)
    return loss / n


@in_threads
def score(centers, others, starts, num_contexts, v, u):
    """Forward and half of the backward pass: all that is done example by example.

    centers, others, starts, num_contexts : as in `Examples`
    v, u : rows of the center and of the context table, as in `Table`

    Returns `losses` (float64, shape (n,)), `errors` (shape (pairs,)), the derivative of
    the mean loss by each score; `example_of` (shape (pairs,)); `center_rows` and
    `gradients` (shape (n, embed_size)), the weights and the gradient of each center.
    """
    n, size = len(centers), v.shape[2]
    losses, scores = np.empty(n), np.empty(len(others), np.float32)
    errors, example_of = np.empty_like(scores), np.empty_like(others)
    center_rows = np.empty((n, size), np.float32)
    gradients = np.zeros((n, size), np.float32)
    for i in prange(n):
        first, last = starts[i], starts[i + 1]
        mine, error = others[first:last], errors[first:last]
        center_rows[i] = v[centers[i], WEIGHT]
        example_of[first:last] = i
        _score(center_rows[i], mine, u, scores[first:last])
        losses[i] = _loss_and_errors(scores[first:last], num_contexts[i], error)
        error *= ONE / np.float32(n)
        _gradient(gradients[i], error, mine, u)
    return losses, errors, example_of, center_rows, gradients


@in_threads
def losses_of(centers, others, starts, num_contexts, v, u):
    """Loss of each example (float64, shape (n,)); arguments as for `score`."""
    losses, scores = np.empty(len(centers)), np.empty(len(others), np.float32)
    for i in prange(len(centers)):
        mine = scores[starts[i] : starts[i + 1]]
        _score(v[centers[i], WEIGHT], others[starts[i] : starts[i + 1]], u, mine)
        losses[i] = _loss_and_errors(mine, num_contexts[i], mine)
    return losses


@in_threads
def update(
    rows,
    done,
    words,
    starts,
    order,
    factors,
    source_of,
    sources,
    step,
    rates,
    fades1,
    fades2,
):
    """Sum up the gradients of some rows of a table and move them, in place.

    rows, done : as in `Table`
    words, starts, order : as `group` returns them
    factors, source_of, sources : term j of the gradients is
        factors[j] * sources[source_of[j]]
    """
    rate = np.float32(rates[min(step, len(rates) - 1)])
    # Frequent words, which have most of the terms, come first.
    work = starts + MOVE * np.arange(len(starts))
    for chunk in prange(CHUNKS):
        gradient = np.empty(rows.shape[2], np.float32)
        first = np.searchsorted(work, chunk * work[-1] // CHUNKS)
        last = np.searchsorted(work, (chunk + 1) * work[-1] // CHUNKS)
        for i in range(first, last):
            w = words[i]
            _fetch_row(rows, words[min(i + ROWS_AHEAD, last - 1)])
            _sum_up(gradient, order, starts[i], starts[i + 1], factors, source_of, sources)
            k = step - done[w]
            fade1 = fades1[k] if k < len(fades1) else 0.0
            fade2 = fades2[k] if k < len(fades2) else BETA2 ** (0.5 * k)
            _move(
                rows[w, WEIGHT],
                rows[w, MEAN],
                rows[w, ROOT],
                gradient,
                rate,
                np.float32(fade1),
                np.float32(fade2),
            )
            done[w] = step


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


# What training uses


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


def compile_ahead():
    """Compile all passes, or load them from the cache that numba keeps on disk.

    Compiling takes half a minute to a minute, once; loading one second.
    """
    sentences = [["a", "b", "c", "d"]] * 2
    vocab = Vocab(sentences)
    words = index_corpus(sentences, vocab)
    data = SkipGramData(*words, vocab, 2, 1, 1, threshold=1.0)
    for array in words:  # as those of a text on the disk: other code for the compiler
        array.flags.writeable = False
    SkipGramData(*words, vocab, 2, 1, 1, threshold=1.0)
    net = build_net(len(vocab), 4)
    initialize(net, npx.cpu())
    engine = FusedEngine(net, lr=0.1)
    for examples in data.examples():
        engine.step(examples)
    engine.write_back()
    engine.evaluate(data)


def is_compiled():
    """Whether `compile_ahead` has been done before, in this or another process."""
    found = Path(losses_of.stats.cache_path).glob("fused.losses_of-*.nbi")  # the last one
    edited = Path(__file__).stat().st_mtime
    return any(path.stat().st_mtime > edited for path in found)


def _table(weights):
    rows = np.zeros((len(weights), 3, weights.shape[1]), np.float32)
    rows[:, WEIGHT] = weights
    return Table(rows, np.zeros(len(weights), np.int32))
