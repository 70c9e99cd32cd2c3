"""The compiled passes over rows and runs. Chapter 09.

All of them are in this one file on purpose: numba keeps machine code until the file of a
function changes, and does not notice a change in another file whose code it has inlined.
"""

import math
from typing import NamedTuple

import numpy as np
from llvmlite import ir
from numba import njit
from numba.core import cgutils, types
from numba.extending import intrinsic

compiled = njit(cache=True, fastmath=True, error_model="numpy", nogil=True)
# Numba's own inlining: a call would pass every array in seven words.
inlined = njit(inline="always", fastmath=True, error_model="numpy")

BETA1, BETA2, EPSILON = 0.9, 0.999, np.float32(1e-8)  # Adam's, as in MXNet
NEW1, NEW2 = np.float32(1) - np.float32(BETA1), np.float32(1) - np.float32(BETA2)
ZERO, ONE, TWO, HALF = (np.float32(x) for x in (0, 1, 2, 0.5))
# After so many steps without a gradient a row no longer moves: 0.9^200 is 7e-10 of its last
# move, which is less than the last bit of a weight.
STEPS_TO_REST = 200
AHEAD = 8  # how many rows ahead of its use a row is fetched from memory
SPINS = 300  # looks before a waiting thread lets others have its core
PIECE = 48  # rows of a table that a thread takes on at once
WEIGHT, MEAN, ROOT = 0, 1, 2  # what a table keeps for each row, see `Tables`


class Tables(NamedTuple):
    """Both embedding tables, the centers' above the contexts', and what Adam remembers.

    Attributes
    ----------
    rows : ndarray of float32, shape (2 * vocabulary, 3, size)
        Weights, the mean of the gradients, and the root of the mean of their squares.
    done : ndarray of int32, shape (2 * vocabulary,)
        The step that each row has reached.
    latest : ndarray of int32, shape (2 * vocabulary,)
        Memory for `_link`, -1 everywhere before and after.
    """

    rows: np.ndarray
    done: np.ndarray
    latest: np.ndarray


class Adam(NamedTuple):
    """Numbers of Adam that depend on the step alone.

    Attributes
    ----------
    rate : ndarray, shape (2,)
        The learning rate of step 1, and the logarithm of what a step multiplies it by.
    corrections : ndarray
        What multiplies it in each step, because Adam's averages begin at 0.
    fades : ndarray, shape (k, 3)
        By how much `MEAN` and `ROOT` fade in k steps without gradient, and how many times as
        large the learning rate was k steps before.
    tails : ndarray, shape (t, 4)
        The sum of the rates of all steps t + k, k > 0, each times q^k and divided by the
        learning rate of step t, where q = BETA1 * BETA2^(i / 2) in column i.
    """

    rate: np.ndarray
    corrections: np.ndarray
    fades: np.ndarray
    tails: np.ndarray


class Layout(NamedTuple):
    """Several minibatches.

    Attributes
    ----------
    words : ndarray of int32, shape (runs, width)
        What `_lay_out` makes of `shift`.
    shift : int
        Column where the others begin.
    batches, starts : ndarray of int64
        Where the runs of each minibatch and the centers of each run begin.
    """

    words: np.ndarray
    shift: int
    batches: np.ndarray
    starts: np.ndarray


class Memory(NamedTuple):
    """What threads share.

    Attributes
    ----------
    heads, following : ndarray of int32
        The chains of `_link`.
    found : ndarray of int64
        How many chains each minibatch has.
    gradients : ndarray of float32, shape (places, size)
        One for each place in `Layout.words`.
    claimed, finished : ndarray of int64
        How many pieces of each phase threads have taken on and done.
    losses : ndarray of float64, shape (runs,)
        The sum over the centers of each run.
    """

    heads: np.ndarray
    following: np.ndarray
    found: np.ndarray
    gradients: np.ndarray
    claimed: np.ndarray
    finished: np.ndarray
    losses: np.ndarray


# Functions of one number, in a form that a processor computes for many numbers at once:
# `np.exp` would be a call for each number, and a loop with a call is not vectorized.


LOG_2 = np.float32(math.log(2))
LOWEST = np.float32(-87)  # e^-88 is no longer a normal float32
# The Taylor series: for |f| <= (log 2) / 2, f^8 / 8! is below the last bit.
C0, C1, C2, C3, C4, C5, C6, C7 = (np.float32(1 / math.factorial(k)) for k in range(8))
D3, D5, D7, D9, D11, D13, D15 = (np.float32(1 / k) for k in range(3, 17, 2))


@inlined
def _exp_below_0(x):
    """Compute e^x for an x of at most 0, as 2^n * e^f with a whole n and a small f.

    The relative error is at most 3e-7 where the processor multiplies and adds in one
    instruction, as all of today do, and 6e-6 elsewhere. Below -87, it is e^-87.
    """
    x = max(x, LOWEST)
    n = np.floor(x / LOG_2 + HALF)
    f = x - n * LOG_2
    series = C0 + f * (C1 + f * (C2 + f * (C3 + f * (C4 + f * (C5 + f * (C6 + f * C7))))))
    # A float32 holds its exponent, plus 127, in the bits above 23.
    bits = np.int32((np.int32(n) + 127) << 23)
    return bits.view(np.float32) * series


@inlined
def _log_1_plus(x):
    """Compute log(1 + x) for 0 <= x <= 1, as 2 artanh(z) = 2 (z + z^3 / 3 + z^5 / 5 ...)."""
    z = x / (TWO + x)
    y = z * z
    series = y * (D3 + y * (D5 + y * (D7 + y * (D9 + y * (D11 + y * (D13 + y * D15))))))
    return TWO * z * (ONE + series)


# What LLVM can do and numba does not offer: to ask for memory before it is needed, to count
# in common with other threads, and to let one of them have the core.


@intrinsic
def _fetch_line(typing_context, rows, w, offset):
    """Fetch the line at `offset` bytes of a row, without waiting for it."""

    def code(context, builder, signature, arguments):
        rows = context.make_array(signature.args[0])(context, builder, arguments[0])
        size, *_ = cgutils.unpack_tuple(builder, rows.strides)
        place = builder.add(builder.mul(arguments[1], size), arguments[2])
        number, address = ir.IntType(32), ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [address, number, number, number])
        fetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        start = builder.gep(builder.bitcast(rows.data, address), [place])
        builder.call(
            fetch, [start, number(0), number(3), number(1)]
        )  # read, keep close, data
        return context.get_dummy_value()

    return types.void(rows, types.int64, types.int64), code


@intrinsic
def _add_to(typing_context, counts, place, number):
    """Add to counts[place] and return what it was, all in one go for other threads."""

    def code(context, builder, signature, arguments):
        counts = context.make_array(signature.args[0])(context, builder, arguments[0])
        place = builder.gep(counts.data, [arguments[1]])
        return builder.atomic_rmw("add", place, arguments[2], "seq_cst")

    return types.int64(counts, types.int64, types.int64), code


_give_way = types.ExternalFunction("sched_yield", types.int32())


# Rows of the tables


@inlined
def _fetch(rows, w, kinds):
    """Start to fetch the first kinds of numbers that the tables keep for a word."""
    for offset in range(0, 4 * kinds * rows.shape[2], 64):  # bytes; a line has 64
        _fetch_line(rows, w, offset)


@compiled
def _rate(step, adam):
    """Compute the learning rate of a step, without Adam's correction."""
    return adam.rate[0] * math.exp(adam.rate[1] * (step - 1))


@compiled
def _corrected_rate(step, adam):
    """Compute what Adam multiplies a mean by in a step."""
    return np.float32(
        _rate(step, adam) * adam.corrections[min(step, len(adam.corrections) - 1)]
    )


@inlined
def _fades(k, adam):
    """Compute by how much `MEAN` and `ROOT` fade in k steps without gradient."""
    if k < len(adam.fades):
        return adam.fades[k, 0], adam.fades[k, 1]
    return 0.0, BETA2 ** (0.5 * k)


@compiled
def _catching_up(done, step, now, adam, out):
    """Compute the four numbers by which `_catch_up` moves a row to before `step`, into `out`.

    In the k-th step without gradient, Adam subtracts rate * mean * fade1[k] / (root * fade2[k]
    + eps). With c = root / (root + eps) and x = 1 - fade2[k], the divisor is (root + eps) *
    (1 - c x). So one division does for all steps, and 1 / (1 - c x) is 1 + c x + (c x)^2 +
    (c x)^3 to the last bit: x is small until fade1 is. What is left to know are the sums of
    rate * fade1 * x^j over the steps. They are made of those of rate * fade1 * fade2^i, each
    of which is a tail less the part of it that begins at `step`. The learning rate of the
    step before `step` is `now`.
    """
    tails, k = adam.tails, step - 1 - done
    fade1, fade2 = _fades(k, adam)
    # An exponential for each row would take as long as all the rest.
    rate = now * adam.fades[k, 2] if k < len(adam.fades) else _rate(done, adam)
    fade1, b, e = now * fade1, min(done, len(tails) - 1), min(step - 1, len(tails) - 1)
    s0 = rate * tails[b, 0] - tails[e, 0] * fade1
    s1 = rate * tails[b, 1] - tails[e, 1] * fade1 * fade2
    s2 = rate * tails[b, 2] - tails[e, 2] * fade1 * (fade2 * fade2)
    s3 = rate * tails[b, 3] - tails[e, 3] * fade1 * (fade2 * fade2 * fade2)
    out[0], out[1] = s0, s0 - s1
    out[2], out[3] = s0 - 2 * s1 + s2, s0 - 3 * s1 + 3 * s2 - s3


@inlined
def _catch_up(rows, w, sums):
    """Move the weights of a row by its steps without gradient."""
    a0, a1, a2, a3 = sums
    for d in range(rows.shape[2]):
        inverse = ONE / (rows[w, ROOT, d] + EPSILON)
        c = rows[w, ROOT, d] * inverse
        moved = rows[w, MEAN, d] * inverse * (a0 + c * (a1 + c * (a2 + c * a3)))
        rows[w, WEIGHT, d] -= moved


@inlined
def _update(rows, w, gradient, rate, fade1, fade2):
    """Move a row, which is caught up with, by its gradient, as Adam does."""
    for d in range(len(gradient)):
        g, old = gradient[d], fade2 * rows[w, ROOT, d]
        mean = fade1 * rows[w, MEAN, d] + NEW1 * g
        root = np.sqrt(old * old + NEW2 * g * g)
        rows[w, MEAN, d], rows[w, ROOT, d] = mean, root
        rows[w, WEIGHT, d] -= rate * mean / (root + EPSILON)


@compiled
def _current_weights(tables, step, adam, out, first, last):
    """Compute the weights of some rows after a step into `out`; the tables stay as they are."""
    now, row = _rate(step, adam), np.empty((1, 3, tables.rows.shape[2]), np.float32)
    sums = np.empty(4, np.float32)
    for w in range(first, last):
        row[0] = tables.rows[w]
        _catching_up(tables.done[w], step + 1, now, adam, sums)
        _catch_up(row, 0, (sums[0], sums[1], sums[2], sums[3]))
        out[w] = row[0, WEIGHT, : out.shape[1]]


# One run: products of small matrices


@compiled
def _products(a, b, i, first, last, out):
    """Compute out[i, j] = a[i] @ b[j] for two rows i, and j from `first` to before `last`.

    Eight at once: a number that is loaded serves two or four sums, and none waits for others.
    """
    a0, a1, s, t = a[i], a[i + 1], out[i], out[i + 1]
    for j in range(first, last, 4):
        b0, b1, b2, b3 = b[j], b[j + 1], b[j + 2], b[j + 3]
        s0 = s1 = s2 = s3 = t0 = t1 = t2 = t3 = ZERO
        for d in range(len(a0)):
            x, y = a0[d], a1[d]
            s0, t0 = s0 + x * b0[d], t0 + y * b0[d]
            s1, t1 = s1 + x * b1[d], t1 + y * b1[d]
            s2, t2 = s2 + x * b2[d], t2 + y * b2[d]
            s3, t3 = s3 + x * b3[d], t3 + y * b3[d]
        s[j], s[j + 1], s[j + 2], s[j + 3] = s0, s1, s2, s3
        t[j], t[j + 1], t[j + 2], t[j + 3] = t0, t1, t2, t3


@compiled
def _combine(factors, i, x, first, last, out):
    """Add to out[i] the sum of factors[i, k] * x[k], for two rows i, k from `first` on.

    Two rows into two: with more, LLVM gives up to prove that they don't overlap.
    """
    s, t = out[i], out[i + 1]
    for k in range(first, last, 2):
        a0, a1, x0 = factors[i, k], factors[i, k + 1], x[k]
        b0, b1, x1 = factors[i + 1, k], factors[i + 1, k + 1], x[k + 1]
        for d in range(len(s)):
            s[d] += a0 * x0[d] + a1 * x1[d]
            t[d] += b0 * x0[d] + b1 * x1[d]


@compiled
def _weigh(place, left, right, others, count, noise, share, weights):
    """Write how much each pair counts: noise words above 0, contexts below, the rest 0."""
    each, clash = share / max(noise, 1), False
    for i in range(len(place)):
        for m in range(noise):
            weights[i, m] = each
        context = (share - 1) / (left[i] + right[i])
        for j in range(place[i] - left[i], place[i] + right[i] + 1):
            weights[i, j] = context if j != place[i] else 0
    for j in range(noise, count):
        found = False
        for m in range(noise):  # to the end, because a loop with an exit is slower
            found |= others[m] == others[j]
        clash |= found
        if found:
            for m in range(noise):
                for i in range(len(place)):
                    if others[m] == others[j] and weights[i, j] < 0:
                        weights[i, m] = 0  # for this center it is no noise, but a context
    if clash:
        for i in range(len(place)):
            total = weights[i, :noise].sum()
            weights[i, :noise] *= share / total if total > 0 else 0


@compiled
def _errors(scores, weights, n, count, scale):
    """Replace the scores by derivatives of the loss, times `scale`; return the loss.

    Without a branch and without a call, so that a processor does it for eight pairs at once.
    """
    loss = 0.0
    for i in range(n):
        mine, weight, part = scores[i], weights[i], ZERO
        for j in range(count):
            # A noise word is to have a low score, and a context a high one.
            x = mine[j] if weight[j] > 0 else -mine[j]
            small = _exp_below_0(-abs(x))  # at most 1, so it never overflows
            sigma = (ONE if x > 0 else small) / (ONE + small)
            part += abs(weight[j]) * (max(x, ZERO) + _log_1_plus(small))
            mine[j] = weight[j] * sigma * scale
        loss += part
    return loss


@compiled
def _score(rows, words, shift, runs, r, first, scale, gradients):
    """Compute the loss of a run, and its gradients times `scale`.

    A center is scored with all noise words, but only with those of the others that are near.
    """
    n, count, noise = runs.num_centers[r], runs.num_others[r], runs.num_noise[r]
    mine = slice(first, first + n)
    place, left, right = runs.place[mine], runs.left[mine], runs.right[mine]
    x = np.empty((len(words), rows.shape[2]), np.float32)
    for i, word in enumerate(words):
        _fetch(rows, words[min(i + AHEAD, len(words) - 1)], 1)
        for d in range(rows.shape[2]):
            x[i, d] = rows[word, WEIGHT, d] if word >= 0 else 0
    centers, others, to_others = x[:shift], x[shift:], gradients[shift:]
    weights = np.zeros((shift, len(others)), np.float32)
    _weigh(place, left, right, words[shift:], count, noise, runs.noise_share[r], weights)
    scores, near = np.zeros_like(weights), np.empty((n + 1, 2), np.int64)
    for i in range(0, n, 2):
        k = min(i + 1, n - 1)
        near[i, 0] = min(place[i] - left[i], place[k] - left[k])
        near[i, 1] = max(place[i] + right[i], place[k] + right[k]) + 1
        _products(centers, others, i, 0, noise, scores)
        _products(centers, others, i, near[i, 0], near[i, 1], scores)
    loss, even = _errors(scores, weights, n, count, scale), noise + noise % 2
    for i in range(0, n, 2):
        gradients[i : i + 2] = 0
        _combine(scores, i, others, 0, even, gradients)
        _combine(scores, i, others, max(near[i, 0] // 2 * 2, even), near[i, 1], gradients)
    for j in range(0, count, 2):
        first, last = (0, n) if j < noise else (n, 0)
        for i in range(0, n, 2):
            if near[i, 0] <= j + 1 and j < near[i, 1]:
                first, last = min(first, i), max(last, i + 2)
        to_others[j : j + 2] = 0
        _combine(scores.T, j, centers, first, last, to_others)
    return loss


# Several steps


@compiled
def _lay_out(runs, shift, vocabulary):
    """Make a line for each run: its centers, and from column `shift` on its others.

    The rows of the others are below those of the centers. Where a line is longer than its
    run, and in four columns more, is -1.
    """
    words = np.full((len(runs.num_others), shift + runs.num_others.max() + 4), -1, np.int32)
    i = o = 0
    for r in range(len(words)):
        for k in range(runs.num_centers[r]):
            words[r, k], i = runs.centers[i], i + 1
        for k in range(runs.num_others[r]):
            words[r, shift + k], o = vocabulary + runs.others[o], o + 1
    return words


@compiled
def _link(words, latest, heads, following):
    """Find places with equal words, without a pass over the vocabulary; count the words.

    The places of a word are a chain from one of `heads` by `following` to -1.
    """
    count = 0
    for place, word in enumerate(words):
        if word >= 0:
            if latest[word] < 0:
                heads[count], count = place, count + 1
            else:
                following[latest[word]] = place
            latest[word], following[place] = place, -1
    for head in heads[:count]:
        latest[words[head]] = -1
    return count


@compiled
def _catch_up_some(tables, words, heads, step, adam):
    """Catch up with the rows of some words, in place.

    In two loops, because numba makes slow code of a row's loop where a function of the
    mathematics library is called beside it.
    """
    rows, done, now = tables.rows, tables.done, _rate(step - 1, adam)
    sums = np.empty((len(heads), 4), np.float32)
    for i, head in enumerate(heads):
        w = words[head]
        _fetch(rows, w, 3)
        _catching_up(done[w], step, now, adam, sums[i])
    for i, head in enumerate(heads):
        w = words[head]
        if done[w] < step - 1:
            _catch_up(rows, w, (sums[i, 0], sums[i, 1], sums[i, 2], sums[i, 3]))


@compiled
def _update_some(tables, words, heads, following, gradients, step, adam):
    """Add up the gradients of some words, place by place, and move their rows."""
    rows, done, rate = tables.rows, tables.done, _corrected_rate(step, adam)
    fades = np.empty((len(heads), 2), np.float32)
    for i, head in enumerate(heads):
        w = words[head]
        _fetch(rows, w, 3)
        fades[i, 0], fades[i, 1] = _fades(step - done[w], adam)
        done[w] = step
    for i, head in enumerate(heads):
        place = following[head]
        while place >= 0:
            for d in range(gradients.shape[1]):
                gradients[head, d] += gradients[place, d]
            place = following[place]
        _update(rows, words[head], gradients[head], rate, fades[i, 0], fades[i, 1])


@inlined
def _do(phase, t, p, tables, adam, runs, layout, memory, step):
    """Do piece `p` of a phase of minibatch `t`: find equal words, do some rows, score a run."""
    first, last = layout.batches[t], layout.batches[t + 1]
    words, heads, following = layout.words[first:last], memory.heads, memory.following
    flat, gradients, width = words.reshape(-1), memory.gradients, words.shape[1]
    some = heads[PIECE * p : min(PIECE * (p + 1), memory.found[t])]
    if phase == 0:
        memory.found[t] = _link(flat, tables.latest, heads, following)
    elif phase == 1:
        _catch_up_some(tables, flat, some, step, adam)
    elif phase == 2:
        to, r, starts = gradients[p * width : (p + 1) * width], first + p, layout.starts
        args = tables.rows, words[p], layout.shift, runs, r, starts[r]
        memory.losses[r] = _score(*args, ONE / np.float32(starts[last] - starts[first]), to)
    else:
        _update_some(tables, flat, some, following, gradients, step, adam)


@compiled
def _work(tables, adam, runs, layout, memory, step):
    """Do one thread's share of several steps, the first of which has the number `step`.

    A step has four phases: equal words are found, their rows are caught up with, runs are
    scored, and rows are moved. Threads claim pieces of a phase, and wait for all of them
    before they go on. They never share the terms of one sum, so their number changes no bit.
    A thread that the system holds back leaves its share to the others.
    """
    for t in range(len(layout.batches) - 1):
        for phase in range(4):
            pieces = -(-memory.found[t] // PIECE)
            if phase in (0, 2):
                pieces = 1 if phase == 0 else layout.batches[t + 1] - layout.batches[t]
            place, spins = 4 * t + phase, 0
            p = _add_to(memory.claimed, place, 1)
            while p < pieces:
                _do(phase, t, p, tables, adam, runs, layout, memory, step + t)
                _add_to(memory.finished, place, 1)
                p = _add_to(memory.claimed, place, 1)
            while _add_to(memory.finished, place, 0) < pieces:
                spins += 1
                if spins > SPINS:
                    _give_way()


# Evaluation, with noise words of each center's own


@compiled
def _losses_of(centers, others, starts, num_contexts, v, u, out, first, last):
    """Compute the losses of examples `first` to before `last`, in nats per pair."""
    for i in range(first, last):
        begin, end, center, loss = starts[i], starts[i + 1], v[centers[i]], 0.0
        for p in range(begin, end):
            other, score = u[others[p]], ZERO
            for d in range(len(center)):
                score += center[d] * other[d]
            x = -score if p < begin + num_contexts[i] else score
            loss += max(x, ZERO) + _log_1_plus(_exp_below_0(-abs(x)))
        out[i] = loss / (end - begin)
