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
PIECE = 48  # rows of a table that a thread takes on at once
AHEAD = 4  # how many rows ahead of its use a row is fetched from memory
SPINS = 300  # looks before a waiting thread lets others have its core
WEIGHT, MEAN, ROOT = 0, 1, 2  # what a table keeps for each row, see `Table`


class Table(NamedTuple):
    """One embedding table and what Adam remembers of it. Chapter 09.

    Attributes
    ----------
    rows : ndarray of float32, shape (vocabulary, 3, size)
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
    rate : ndarray of float64, shape (2,)
        The learning rate of step 1, and the logarithm of what a step multiplies it by.
    corrections : ndarray of float64, shape (steps,)
        What multiplies the learning rate of each step, because Adam's averages begin at 0.
    fades1, fades2 : ndarray of float64, shape (STEPS_TO_REST + 2,)
        ``[k]`` is by how much `MEAN` and `ROOT` fade in k steps without gradient.
    tails : ndarray of float64, shape (steps, 4)
        ``tails[t, i]`` is the sum of the rates of all steps t + k, k > 0, each times q^k and
        divided by the learning rate of step t, where q = BETA1 * BETA2^(i / 2).
    """

    rate: np.ndarray
    corrections: np.ndarray
    fades1: np.ndarray
    fades2: np.ndarray
    tails: np.ndarray


class Groups(NamedTuple):
    """Equal words of several minibatches, as `group` finds them; one row for each.

    Attributes
    ----------
    count : ndarray of int64, shape (minibatches,)
        How many different words there are.
    words : ndarray of int32, shape (minibatches, most)
        The different words, in the order of their first places.
    starts : ndarray of int32, shape (minibatches, most + 1)
        Word i has the gradients in rows ``order[starts[i]:starts[i + 1]]``.
    order : ndarray of int32, shape (minibatches, most)
        Rows of the gradients of the minibatch.
    """

    count: np.ndarray
    words: np.ndarray
    starts: np.ndarray
    order: np.ndarray


# One run; see `sampling.Runs`, of whose arrays it has its part.
_Run = NamedTuple(
    "_Run",
    [(name, np.ndarray) for name in ("centers", "place", "left", "right", "others")]
    + [("num_noise", int), ("noise_share", float)],
)


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


_BYTES, _INT = ir.IntType(8).as_pointer(), ir.IntType(32)
_PREFETCH = ir.FunctionType(ir.VoidType(), [_BYTES, _INT, _INT, _INT])
_OPTIONS = [ir.Constant(_INT, n) for n in (0, 3, 1)]  # to read, to keep close, data


@intrinsic
def _fetch_line(typing_context, array, row, offset):
    """Fetch the line at `offset` bytes from the start of array[row]."""

    def code(context, builder, signature, arguments):
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        size = cgutils.unpack_tuple(builder, array.strides)[0]
        place = builder.add(builder.mul(arguments[1], size), arguments[2])
        start = builder.gep(builder.bitcast(array.data, _BYTES), [place])
        name = "llvm.prefetch.p0i8"
        function = cgutils.get_or_insert_function(builder.module, _PREFETCH, name)
        builder.call(function, [start, *_OPTIONS])
        return context.get_dummy_value()

    return types.void(array, types.int64, types.int64), code


@inlined
def _fetch(rows, word, kinds):
    """Start to fetch the first kinds of numbers that a table keeps for a word."""
    for offset in range(0, 4 * kinds * rows.shape[2], 64):  # bytes; a line has 64
        _fetch_line(rows, word, offset)


@intrinsic
def _add_to(typing_context, counts, place, number):
    """Add to counts[place] and return what it was, all in one go for other threads."""

    def code(context, builder, signature, arguments):
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        place = builder.gep(array.data, [arguments[1]])
        return builder.atomic_rmw("add", place, arguments[2], "seq_cst")

    return types.int64(counts, types.int64, types.int64), code


@intrinsic
def _give_way(typing_context):
    """Let another thread have this core, if one is waiting for it."""

    def code(context, builder, signature, arguments):
        kind = ir.FunctionType(_INT, [])
        name = "sched_yield"
        builder.call(cgutils.get_or_insert_function(builder.module, kind, name), [])
        return context.get_dummy_value()

    return types.void(), code


@compiled
def _wait(finished, phase, pieces):
    """Wait until all pieces of a phase are finished, whichever threads do them."""
    spins = 0
    while _add_to(finished, phase, 0) < pieces:
        spins += 1
        if spins > SPINS:
            _give_way()


# Rows of a table


@inlined
def _rate(step, adam):
    """Compute the learning rate of a step, without Adam's correction."""
    return adam.rate[0] * math.exp(adam.rate[1] * (step - 1))


@inlined
def _catch_up(out, table, w, step, now, adam):
    """Compute the weights of a row before `step`, after its steps without gradient.

    In the k-th of them Adam subtracts rate * mean * fade1[k] / (root * fade2[k] + eps).
    With c = root / (root + eps) and x = 1 - fade2[k], the divisor is (root + eps) *
    (1 - c x). So one division does for all steps, and 1 / (1 - c x) is 1 + c x + (c x)^2
    + (c x)^3 to the last bit: x is small until fade1 is. What is left to know are the
    sums of rate * fade1 * x^j over the steps. They are made of those of rate * fade1 *
    fade2^i, each of which is a tail less the part of it that begins at `step`. The learning
    rate of the step before `step` is `now`.
    """
    weight, mean, root = table.rows[w, WEIGHT], table.rows[w, MEAN], table.rows[w, ROOT]
    done, tails = table.done[w], adam.tails
    k = step - 1 - done
    fade1 = now * adam.fades1[k] if k < len(adam.fades1) else 0.0
    fade2 = adam.fades2[k] if k < len(adam.fades2) else 0.0
    rate = _rate(done, adam)
    b, e = min(done, len(tails) - 1), min(step - 1, len(tails) - 1)
    s0 = rate * tails[b, 0] - tails[e, 0] * fade1
    s1 = rate * tails[b, 1] - tails[e, 1] * fade1 * fade2
    s2 = rate * tails[b, 2] - tails[e, 2] * fade1 * (fade2 * fade2)
    s3 = rate * tails[b, 3] - tails[e, 3] * fade1 * (fade2 * fade2 * fade2)
    a0, a1 = np.float32(s0), np.float32(s0 - s1)
    a2, a3 = np.float32(s0 - 2 * s1 + s2), np.float32(s0 - 3 * s1 + 3 * s2 - s3)
    for d in range(len(out)):
        inverse = ONE / (root[d] + EPSILON)
        c = root[d] * inverse
        out[d] = weight[d] - mean[d] * inverse * (a0 + c * (a1 + c * (a2 + c * a3)))


@compiled
def catch_up(table, words, step, adam):
    """Bring the weights of different words to where they are before a step, in place.

    Chapter 09.

    Parameters
    ----------
    table : Table
    words : ndarray of int32
    step : int
    adam : Adam
    """
    now = _rate(step - 1, adam)
    for i, w in enumerate(words):
        _fetch(table.rows, words[min(i + AHEAD, len(words) - 1)], 3)
        if table.done[w] < step - 1:
            _catch_up(table.rows[w, WEIGHT], table, w, step, now, adam)


@compiled
def update(table, words, starts, order, gradients, step, adam):
    """Add up the gradients of some words and move their rows, which are caught up with.

    Chapter 09.

    Parameters
    ----------
    table : Table
    words, starts, order : ndarray of int32
        As in `Groups`.
    gradients : ndarray of float32, shape (rows, size)
    step : int
    adam : Adam
    """
    correction = adam.corrections[min(step, len(adam.corrections) - 1)]
    rate = np.float32(_rate(step, adam) * correction)
    total = np.empty(table.rows.shape[2], np.float32)
    for i, w in enumerate(words):
        _fetch(table.rows, words[min(i + AHEAD, len(words) - 1)], 3)
        for d in range(len(total)):
            total[d] = ZERO
        for j in range(starts[i], starts[i + 1]):
            gradient = gradients[order[j]]
            for d in range(len(total)):
                total[d] += gradient[d]
        k = step - table.done[w]
        fade1 = np.float32(adam.fades1[k] if k < len(adam.fades1) else 0.0)
        fade2 = np.float32(adam.fades2[k] if k < len(adam.fades2) else BETA2 ** (0.5 * k))
        weight, mean, root = table.rows[w, WEIGHT], table.rows[w, MEAN], table.rows[w, ROOT]
        for d in range(len(total)):
            g, old = total[d], fade2 * root[d]
            mean[d] = fade1 * mean[d] + NEW1 * g
            root[d] = np.sqrt(old * old + NEW2 * g * g)
            weight[d] -= rate * mean[d] / (root[d] + EPSILON)
        table.done[w] = step


@compiled
def current_weights(table, step, adam, out, first, last):
    """Compute the weights of rows `first` to before `last` after a step, into `out`.

    No table is changed. Chapter 09.

    Parameters
    ----------
    table : Table
    step : int
    adam : Adam
    out : ndarray of float32, shape (vocabulary, embed_size)
    first, last : int
    """
    now = _rate(step, adam)
    for w in range(first, last):
        _catch_up(out[w], table, w, step + 1, now, adam)


@compiled
def group(words, sizes, slots, distinct, starts, order):
    """Find equal words without a pass over the whole vocabulary. Chapter 09.

    Parameters
    ----------
    words : ndarray of int32, shape (n,)
        Words of some runs, laid end to end.
    sizes : ndarray of int32, shape (runs,)
        How many of them each run has. Each run begins with an even row of the gradients.
    slots : ndarray of int32, shape (vocabulary,)
        Zeros, before and after.
    distinct, starts, order : ndarray of int32
        Where a row of `Groups` goes; long enough for n words.

    Returns
    -------
    int
        How many different words there are.
    """
    count = total = place = row = 0
    for word in words:
        if slots[word] == 0:
            distinct[count], starts[count] = word, 0
            count += 1
            slots[word] = count
        starts[slots[word] - 1] += 1
    for k in range(count):
        starts[k], total = total, total + starts[k]
    for size in sizes:
        for _ in range(size):
            k = slots[words[place]] - 1
            order[starts[k]] = row
            starts[k], place, row = starts[k] + 1, place + 1, row + 1
        row += row % 2
    for k in range(count, 0, -1):
        starts[k], slots[distinct[k - 1]] = starts[k - 1], 0
    starts[0] = 0
    return count


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
        x0, x1 = x[k], x[k + 1]
        a0, a1, b0, b1 = (
            factors[i, k],
            factors[i, k + 1],
            factors[i + 1, k],
            factors[i + 1, k + 1],
        )
        for d in range(len(s)):
            s[d] += a0 * x0[d] + a1 * x1[d]
            t[d] += b0 * x0[d] + b1 * x1[d]


@compiled
def _take(table, words, out):
    """Copy the weights of some words, and zeros behind them, as products come in fours."""
    for i, word in enumerate(words):
        _fetch(table.rows, words[min(i + 2 * AHEAD, len(words) - 1)], 1)
        row, weight = out[i], table.rows[word, WEIGHT]
        for d in range(len(row)):
            row[d] = weight[d]
    out[len(words) : len(words) + 4] = 0


@compiled
def _weigh(run, weights, since, until):
    """Write how much each pair counts: noise words above 0, contexts below, the rest 0.

    From center `since` to before `until` each of the others is scored.
    """
    _, place, left, right, others, noise, share = run
    n, count = len(place), len(others)
    weights[:n, :noise], weights[:n, noise:count] = 1, 0
    since[:noise], until[:noise] = 0, n
    since[noise : count + 1], until[noise : count + 1] = n, 0
    for i in range(n):
        weight = (1 - share) / (left[i] + right[i])
        for j in range(place[i] - left[i], place[i] + right[i] + 1):
            if j != place[i]:
                weights[i, j] = -weight
                since[j], until[j] = min(since[j], i), i + 1
    for j in range(noise, count):
        found = False
        for m in range(noise):  # to the end, because a loop with an exit is slower
            found |= others[m] == others[j]
        if found:
            for m in range(noise):
                for i in range(since[j], until[j]):
                    if others[m] == others[j] and weights[i, j] < 0:
                        weights[i, m] = 0  # for this center it is no noise, but a context
    for i in range(n):
        weights[i, :noise] *= share / max(weights[i, :noise].sum(), ONE)


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
def _contexts(run, i):
    """Return the first and the last of the others, plus 1, that two centers have as context."""
    k = min(i + 1, len(run.place) - 1)
    first = min(run.place[i] - run.left[i], run.place[k] - run.left[k])
    return first, max(run.place[i] + run.right[i], run.place[k] + run.right[k]) + 1


@compiled
def _score(v, u, run, scale, memory, gradients_v, gradients_u):
    """Compute the loss of a run, and its gradients times `scale` into the last arguments.

    A center is scored with all noise words, but only with those of the others that are near.
    """
    center_rows, other_rows, scores, weights, since, until = memory
    n, count, noise = len(run.centers), len(run.others), run.num_noise
    _take(v, run.centers, center_rows)
    _take(u, run.others, other_rows)
    _weigh(run, weights, since, until)
    for i in range(0, n, 2):
        first, last = _contexts(run, i)
        _products(center_rows, other_rows, i, 0, noise, scores)
        _products(center_rows, other_rows, i, first, last, scores)
    loss = _errors(scores, weights, n, count, scale)
    noise += noise % 2
    for i in range(0, n, 2):
        first, last = _contexts(run, i)
        gradients_v[i : i + 2] = 0
        _combine(scores, i, other_rows, 0, noise, gradients_v)
        _combine(scores, i, other_rows, max(first // 2 * 2, noise), last, gradients_v)
    for j in range(0, count, 2):
        first, last = min(since[j], since[j + 1]), max(until[j], until[j + 1])
        gradients_u[j : j + 2] = 0
        _combine(scores.T, j, center_rows, first // 2 * 2, last, gradients_u)
    return loss


# Several steps, by several threads


@compiled
def _rows_phase(v, u, groups, gradients, t, step, adam, counters, phase, moving):
    """Do a share of the rows that a step touches: catch up with them, or move them."""
    claimed, finished = counters
    of_v, of_u = groups
    pieces_u = -(-of_u.count[t] // PIECE)
    pieces = pieces_u - (-of_v.count[t] // PIECE)
    while True:
        piece = _add_to(claimed, phase, 1)
        if piece >= pieces:
            break
        is_u = piece < pieces_u
        table, found, gradient = (
            (u, of_u, gradients[1]) if is_u else (v, of_v, gradients[0])
        )
        first = PIECE * (piece if is_u else piece - pieces_u)
        last = min(first + PIECE, found.count[t])
        words, starts = found.words[t, first:last], found.starts[t, first : last + 1]
        if moving:
            update(table, words, starts, found.order[t], gradient, step, adam)
        else:
            catch_up(table, words, step, adam)
        _add_to(finished, phase, 1)
    _wait(finished, phase, pieces)


@compiled
def work(v, u, runs, edges, adam, step, groups, gradients, losses, counters, slots):
    """Do one thread's share of several steps. Chapter 09.

    First equal words are found, for all steps. Then the work of a step comes in three
    phases: rows are caught up with, runs are scored, and rows are moved. Threads claim
    pieces of a phase, and wait for all of them before they go on. They never share the terms
    of one sum, so their number changes no bit. A thread that the system holds back leaves
    its share to the others.

    Parameters
    ----------
    v, u : Table
    runs : Runs
        All minibatches.
    edges : tuple of ndarray of int64
        Where the runs of each minibatch begin, then the centers and the others of each run
        in the arrays of `runs`, and then the rows of their gradients.
    adam : Adam
    step : int
        Number of the first step, from 1.
    groups : tuple of Groups
        Memory for the equal words among the centers, and among the others.
    gradients : tuple of ndarray of float32, shape (rows, size)
        Memory for the gradients of centers and others.
    losses : ndarray of float64, shape (runs,)
        Where the losses go, summed over the centers of each run.
    counters : tuple of ndarray of int64, shape (1 + 3 * minibatches,)
        Zeros. They count how many pieces of each phase are claimed, and finished.
    slots : ndarray of int32, shape (vocabulary,)
        Zeros, before and after; of this thread alone.
    """
    batches, centers, others, center_rows, other_rows = edges
    claimed, finished = counters
    of_v, of_u = groups
    steps, size = len(batches) - 1, v.rows.shape[2]
    most, longest = runs.num_centers.max() + 4, runs.num_others.max() + 8
    rows, scores = (
        np.empty((most + longest, size), np.float32),
        np.zeros((2, most, longest)),
    )
    scores, reach = scores.astype(np.float32), np.empty((2, longest), np.int64)
    memory = rows[:most], rows[most:], scores[0], scores[1], reach[0], reach[1]
    while True:
        t = _add_to(claimed, 0, 1)
        if t >= steps:
            break
        a, z = batches[t], batches[t + 1]
        words, sizes = runs.centers[centers[a] : centers[z]], runs.num_centers[a:z]
        found = of_v.words[t], of_v.starts[t], of_v.order[t]
        of_v.count[t] = group(words, sizes, slots, *found)
        words, sizes = runs.others[others[a] : others[z]], runs.num_others[a:z]
        found = of_u.words[t], of_u.starts[t], of_u.order[t]
        of_u.count[t] = group(words, sizes, slots, *found)
        _add_to(finished, 0, 1)
    _wait(finished, 0, steps)
    for t in range(steps):
        a, z, phase = batches[t], batches[t + 1], 3 * t + 1
        rest = groups, gradients, t, step + t, adam, counters
        _rows_phase(v, u, *rest, phase, False)
        scale = ONE / np.float32(centers[z] - centers[a])
        while True:
            r = a + _add_to(claimed, phase + 1, 1)
            if r >= z:
                break
            c, o = slice(centers[r], centers[r + 1]), slice(others[r], others[r + 1])
            run = _Run(
                runs.centers[c],
                runs.place[c],
                runs.left[c],
                runs.right[c],
                runs.others[o],
                runs.num_noise[r],
                runs.noise_share[r],
            )
            to_v = gradients[0][center_rows[r] - center_rows[a] :]
            to_u = gradients[1][other_rows[r] - other_rows[a] :]
            losses[r] = _score(v, u, run, scale, memory, to_v, to_u)
            _add_to(finished, phase + 1, 1)
        _wait(finished, phase + 1, z - a)
        _rows_phase(v, u, *rest, phase + 2, True)


# Evaluation, with noise words of each center's own


@compiled
def losses_of(centers, others, starts, num_contexts, v, u, out, first, last):
    """Compute the losses of examples `first` to before `last` into `out`. Chapter 09.

    Parameters
    ----------
    centers, others, starts, num_contexts : ndarray
        As in `sampling.Examples`.
    v, u : ndarray of float32, shape (vocabulary, embed_size)
    out : ndarray of float64, shape (n,)
        Nats per pair.
    first, last : int
    """
    for i in range(first, last):
        begin, end = starts[i], starts[i + 1]
        center, loss = v[centers[i]], 0.0
        for p in range(begin, end):
            other, score = u[others[p]], ZERO
            for d in range(len(center)):
                score += center[d] * other[d]
            x = -score if p < begin + num_contexts[i] else score
            loss += max(x, ZERO) + _log_1_plus(_exp_below_0(-abs(x)))
        out[i] = loss / (end - begin)
