"""The compiled passes over rows and pairs. Chapter 09.

All of them are in this one file on purpose: numba keeps machine code until the file of a
function changes, and does not notice a change in another file whose code it has inlined.
"""

import math

import numpy as np
from llvmlite import ir
from numba import njit, prange
from numba.core import cgutils, types
from numba.extending import intrinsic

compiled = njit(cache=True, fastmath=True, error_model="numpy")
in_threads = njit(cache=True, fastmath=True, error_model="numpy", parallel=True)
# Numba's own inlining: a call would pass every array in seven words.
inlined = njit(inline="always", fastmath=True, error_model="numpy")


# The exponential function, in a form that a processor computes for many numbers at once:
# `np.exp` would be a call for each number, and a loop with a call is not vectorized.


LOG_2, HALF = np.float32(math.log(2)), np.float32(0.5)
LOWEST = np.float32(-87)  # e^-88 is no longer a normal float32
# The Taylor series: for |f| <= (log 2) / 2, f^8 / 8! is below the last bit.
C0, C1, C2, C3, C4, C5, C6, C7 = (np.float32(1 / math.factorial(k)) for k in range(8))


@njit(inline="always", fastmath=True)
def exp_below_0(x):
    """Compute e^x for a number that is at most 0. Chapter 09.

    Parameters
    ----------
    x : float32
        At most 0.

    Returns
    -------
    float32
        e^x, or e^-87 for every x below -87.

    Notes
    -----
    The result is 2^n * e^f, with a whole n and a small f. Its relative error is at most 3e-7
    where the processor multiplies and adds in one instruction, as all of today do, and 6e-6
    elsewhere.
    """
    x = max(x, LOWEST)
    n = np.floor(x / LOG_2 + HALF)
    f = x - n * LOG_2
    series = C0 + f * (C1 + f * (C2 + f * (C3 + f * (C4 + f * (C5 + f * (C6 + f * C7))))))
    # A float32 holds its exponent, plus 127, in the bits above 23.
    bits = np.int32((np.int32(n) + 127) << 23)
    return bits.view(np.float32) * series


# Memory, asked for before it is needed. The rows of a minibatch lie all over a table that
# is larger than the processor's caches, so a pass mostly waits for memory.


LINE = 64  # bytes that today's processors fetch at once
_READ, _KEEP_CLOSE, _DATA = 0, 3, 1  # arguments of llvm.prefetch


@intrinsic
def _fetch_line(typing_context, array, row, offset):
    """Fetch the line at `offset` bytes from the start of array[row]."""

    def code(context, builder, signature, arguments):
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        size = cgutils.unpack_tuple(builder, array.strides)[0]
        place = builder.add(builder.mul(arguments[1], size), arguments[2])
        start = builder.bitcast(array.data, _POINTER)
        fetch = cgutils.get_or_insert_function(builder.module, _PREFETCH, _NAME)
        builder.call(fetch, [builder.gep(start, [place]), *_OPTIONS])
        return context.get_dummy_value()

    return types.void(array, types.int64, types.int64), code


_POINTER, _INT = ir.IntType(8).as_pointer(), ir.IntType(32)
_PREFETCH = ir.FunctionType(ir.VoidType(), [_POINTER, _INT, _INT, _INT])
_NAME = "llvm.prefetch.p0i8"
_OPTIONS = [ir.Constant(_INT, n) for n in (_READ, _KEEP_CLOSE, _DATA)]


@njit(inline="always")
def fetch(array, row, num_bytes):
    """Start to fetch a row from memory, without waiting for it. Chapter 09.

    Parameters
    ----------
    array : ndarray
        Any array.
    row : int
        Which row; one that is not there does no harm.
    num_bytes : int
        How many bytes from the start of the row.

    References
    ----------
    https://llvm.org/docs/LangRef.html#llvm-prefetch-intrinsic
    """
    for offset in range(0, num_bytes, LINE):
        _fetch_line(array, row, offset)


# Rows


BETA1, BETA2, EPSILON = 0.9, 0.999, np.float32(1e-8)  # Adam's, as in MXNet
ZERO, ONE = np.float32(0), np.float32(1)
# After so many steps without a gradient a row no longer moves: 0.9^200 is 7e-10 of its last
# move, which is less than the last bit of a weight.
STEPS_TO_REST = 200
CHUNKS = 32  # pieces of work, shared out among the threads
MOVE = 6  # moving a row takes as long as summing up so many terms of its gradient
PAIRS_AHEAD = 8  # how far ahead of its use a row is fetched from memory
ROWS_AHEAD = 4
PAIRS_AT_ONCE = 512  # whose losses share a logarithm: a product of 1024 twos overflows
WEIGHT, MEAN, ROOT = 0, 1, 2  # what a table keeps for each row, see `Table`


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
    # With four at once, `a` is read once, and the four sums do not wait for each other.
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
    """Take one step of Adam on one row; the fades also count the steps it has missed."""
    # 1 - beta is rounded as MXNet rounds it.
    for d in range(len(weight)):
        g, old = gradient[d], fade2 * root[d]
        mean[d] = fade1 * mean[d] + (ONE - np.float32(BETA1)) * g
        root[d] = np.sqrt(old * old + (ONE - np.float32(BETA2)) * g * g)
        weight[d] -= rate * mean[d] / (root[d] + EPSILON)


@inlined
def _catch_up(out, weight, mean, root, done, step, fades1, fades2, tails):
    """Compute the weights after the steps between `done` and `step`, without gradient.

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
    """Find equal words by a counting sort, which keeps their order. Chapter 09.

    Parameters
    ----------
    words : ndarray of int32, shape (n,)
        Word indices.
    ends : ndarray of int32, shape (vocabulary,)
        Scratch memory.

    Returns
    -------
    distinct : ndarray of int32, shape (words,)
        The different words, sorted.
    starts : ndarray of int32, shape (words + 1,)
        Word ``distinct[i]`` stands at the places ``order[starts[i]:starts[i + 1]]``.
    order : ndarray of int32, shape (n,)
        Places in `words`.
    """
    ends[:] = 0
    for word in words:
        ends[word] += 1
    distinct, starts = np.empty((2, len(words) + 1), np.int32)
    n = total = 0
    for word in range(len(ends)):
        count, ends[word] = ends[word], total
        # Written in any case, and written over unless there is such a word, because a
        # branch would be hard to predict.
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
    """Bring the weights of some rows to where they are before a step, in place.

    Chapter 09.

    Parameters
    ----------
    rows, done : ndarray
        As in `fused.Table`.
    words : ndarray of int32, shape (n,)
        Which rows.
    step : int
        Number of the step that comes next, from 1.
    fades1, fades2, tails : ndarray of float64
        As in `fused.Adam`.
    """
    # The rows behind are found first. Most are rare words, which stand at the end and would
    # all be in one thread's share.
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
    """Compute the weights of all rows after a step, and change nothing. Chapter 09.

    Parameters
    ----------
    rows, done : ndarray
        As in `fused.Table`.
    step : int
        Number of the last step, from 1.
    fades1, fades2, tails : ndarray of float64
        As in `fused.Adam`.

    Returns
    -------
    ndarray of float32, shape (vocabulary, embed_size)
    """
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
    """Compute the mean loss of an example, and into `errors` its derivatives by the scores."""
    n, loss = len(scores), 0.0
    for first in range(0, n, PAIRS_AT_ONCE):
        positive, product = ZERO, 1.0
        for p in range(first, min(first + PAIRS_AT_ONCE, n)):
            score, target = scores[p], ONE if p < num_contexts else ZERO
            small = exp_below_0(-abs(score))  # at most 1, so it never overflows
            # -log sigma is log(1 + small), and -score if that is positive; likewise for
            # noise. The logarithm of one product replaces the logarithms of all pairs.
            positive += max(score, ZERO) - target * score
            product *= 1.0 + small
            sigma = (ONE if score > 0 else small) / (ONE + small)
            errors[p] = (sigma - target) / np.float32(n)  # last: may be the same array
        loss += positive + math.log(product)
    return loss / n


@in_threads
def score(centers, others, starts, num_contexts, v, u):
    """Do everything that is done example by example. Chapter 09.

    That is the forward pass and, for the center table, the backward pass.

    Parameters
    ----------
    centers, others, starts, num_contexts : ndarray
        As in `sampling.Examples`.
    v, u : ndarray of float32, shape (vocabulary, 3, embed_size)
        Rows of the center and of the context table, as in `fused.Table`.

    Returns
    -------
    losses : ndarray of float64, shape (n,)
        Nats per pair.
    errors : ndarray of float32, shape (pairs,)
        Derivative of the mean loss by each score.
    example_of : ndarray of int32, shape (pairs,)
        Number of the example that each pair belongs to.
    center_rows, gradients : ndarray of float32, shape (n, embed_size)
        Weights and gradient of each center.
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
    """Compute the loss of each example. Chapter 09.

    Parameters
    ----------
    centers, others, starts, num_contexts, v, u : ndarray
        As in `score`; of the tables only the weights are read, so they may have shape
        (vocabulary, 1, embed_size).

    Returns
    -------
    ndarray of float64, shape (n,)
        Nats per pair.
    """
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
    """Sum up the gradients of some rows of a table and move them, in place. Chapter 09.

    Parameters
    ----------
    rows, done : ndarray
        As in `fused.Table`.
    words, starts, order : ndarray of int32
        As `group` returns them.
    factors, source_of, sources : ndarray
        Term j of the gradients is ``factors[j] * sources[source_of[j]]``.
    step : int
        Number of the step, from 1.
    rates, fades1, fades2 : ndarray of float64
        As in `fused.Adam`.
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
