"""The compiled passes over rows and runs. Chapter 09.

All of them are in this one file on purpose: numba keeps machine code until the file of a
function changes, and does not notice a change in another file whose code it has inlined.
"""

import math
import operator
from typing import NamedTuple

import numpy as np
from llvmlite import ir
from numba import njit
from numba.core import cgutils, types
from numba.extending import intrinsic, models, overload, register_model

compiled = njit(cache=True, fastmath=True, error_model="numpy", nogil=True)
# Numba's own inlining: a call would pass every array in seven words.
inlined = njit(inline="always", fastmath=True, error_model="numpy")

BETA1, BETA2, EPSILON = 0.9, 0.999, np.float32(1e-8)  # Adam's, as in MXNet
NEW1, NEW2 = np.float32(1) - np.float32(BETA1), np.float32(1) - np.float32(BETA2)
ZERO, ONE, TWO, HALF = (np.float32(x) for x in (0, 1, 2, 0.5))
AHEAD = 8  # how many rows ahead of its use a row is fetched from memory
SPINS = 300  # looks before a waiting thread lets others have its core
PIECE = 48  # rows of a table that a thread takes on at once
REST, MOVE, SHARE = 0, 1, 2  # what a table keeps for each row, see `Tables`


class Tables(NamedTuple):
    """Both embedding tables, the centers' above the contexts', and what Adam remembers.

    Adam goes on moving a row when it has no gradient, by less in each step. We know in
    advance where that leads to, so we keep the end, and what the way to it depends on.

    Attributes
    ----------
    rows : ndarray of float32, shape (2 * vocabulary, 3, size)
        Where the weights come to rest if no gradient comes, the last move of each weight
        before the learning rate (the mean of its gradients / (root + epsilon)), and the share
        of epsilon, epsilon / (root + epsilon). The root is that of the mean of their squares.
    done : ndarray of int32, shape (2 * vocabulary,)
        The last step in which each row had a gradient.
    """

    rows: np.ndarray
    done: np.ndarray


class Adam(NamedTuple):
    """Numbers of Adam for several steps.

    Attributes
    ----------
    rates : ndarray of float32, shape (steps,)
        What multiplies `MOVE` in each step.
    ways : ndarray of float32, shape (steps + 1, k, 4)
        What a row still moves by before each step, and after the last one, k - 1 steps after
        its last gradient: `MOVE` times a polynomial of `SHARE`, with these coefficients.
    fades : ndarray of float32, shape (k, 2)
        By how much the mean and the root fade in k steps.
    """

    rates: np.ndarray
    ways: np.ndarray
    fades: np.ndarray


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
    latest : ndarray of int32, shape (threads, 2 * vocabulary)
        For `_link`, -1 everywhere before and after.
    heads, following, slots : ndarray of int32, shape (runs, width)
        The chains of `_link`, and the number of the chain of each place.
    found : ndarray of int64
        How many chains each minibatch has.
    current, gradients : ndarray of float32, shape (places * size,)
        Of a minibatch, the weights of the word of each chain, and the gradient of each place.
    claimed, finished : ndarray of int64
        How many pieces of each phase threads have taken on and done.
    losses : ndarray of float64, shape (runs,)
        The sum over the centers of each run.
    """

    latest: np.ndarray
    heads: np.ndarray
    following: np.ndarray
    slots: np.ndarray
    found: np.ndarray
    current: np.ndarray
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


# Eight numbers at once. Numba's own loops first find out whether two rows overlap. With them, a
# step takes 1.2 times as long (one thread, dimension 100).


class Eight(types.Type):
    """Eight float32 that are neighbors in memory; a processor computes them together."""


EIGHT, VECTOR = Eight("Eight"), ir.VectorType(ir.FloatType(), 8)


@register_model(Eight)
class _EightModel(models.PrimitiveModel):
    def __init__(self, manager, kind):
        super().__init__(manager, kind, VECTOR)


def _address(context, builder, kind, array, place):
    data = context.make_array(kind)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [place]), VECTOR.as_pointer())


@intrinsic
def _load(typing_context, array, place):
    """Return array[place : place + 8]."""

    def code(context, builder, signature, arguments):
        found = builder.load(_address(context, builder, signature.args[0], *arguments))
        found.align = 4
        return found

    return EIGHT(array, types.int64), code


@intrinsic
def _store(typing_context, array, place, x):
    """Write array[place : place + 8]."""

    def code(context, builder, signature, arguments):
        *where, x = arguments
        builder.store(x, _address(context, builder, signature.args[0], *where)).align = 4
        return context.get_dummy_value()

    return types.void(array, types.int64, EIGHT), code


@intrinsic
def _eight(typing_context, x):
    """Return eight times x."""

    def code(context, builder, signature, arguments):
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), 8), [0] * 8)
        nothing = ir.Constant(VECTOR, ir.Undefined)
        first = builder.insert_element(nothing, arguments[0], zeros.type.element(0))
        return builder.shuffle_vector(first, nothing, zeros)

    return EIGHT(types.float32), code


def _define(operation, instruction):
    @intrinsic
    def both(typing_context, x, y):
        def code(context, builder, signature, arguments):
            # A product and a sum may be one instruction. With more freedom, numba makes other
            # code when it compiles than what it then keeps on the disk, with other last bits.
            return getattr(builder, instruction)(*arguments, flags=["contract"])

        return EIGHT(EIGHT, EIGHT), code

    @overload(operation)
    def choose(x, y):
        return (lambda x, y: both(x, y)) if x is EIGHT and y is EIGHT else None


for _operation in ("add", "sub", "mul", "truediv"):
    _define(getattr(operator, _operation), f"f{_operation.replace('true', '')}")


@intrinsic
def _square_root(typing_context, x):
    def code(context, builder, signature, arguments):
        kind = ir.FunctionType(VECTOR, [VECTOR])
        root = cgutils.get_or_insert_function(builder.module, kind, "llvm.sqrt.v8f32")
        return builder.call(root, arguments)

    return EIGHT(EIGHT), code


@intrinsic
def _sum(typing_context, x):
    """Return the sum of the eight."""

    def code(context, builder, signature, arguments):
        kind = ir.FunctionType(ir.FloatType(), [ir.FloatType(), VECTOR])
        name = "llvm.vector.reduce.fadd.v8f32"
        add = cgutils.get_or_insert_function(builder.module, kind, name)
        zero = ir.Constant(ir.FloatType(), 0)
        return builder.call(add, [zero, arguments[0]], fastmath=["fast"])

    return types.float32(EIGHT), code


# What LLVM can do and numba does not offer: to ask for memory before it is needed, to count
# in common with other threads, and to let one of them have the core.


@intrinsic
def _fetch_line(typing_context, array, place):
    """Fetch the line of array[place], without waiting for it."""

    def code(context, builder, signature, arguments):
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        number, address = ir.IntType(32), ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [address, number, number, number])
        fetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        start = builder.bitcast(builder.gep(data, [arguments[1]]), address)
        how = number(0), number(3), number(1)  # to read, keep close, data
        builder.call(fetch, [start, *how])
        return context.get_dummy_value()

    return types.void(array, types.int64), code


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
def _fetch(flat, first, count):
    """Start to fetch some numbers from memory."""
    for place in range(first, first + count, 16):  # a line has 16
        _fetch_line(flat, place)


@inlined
def _way_left(way, share):
    """Compute a polynomial of Adam.ways for eight numbers."""
    a, b, c, d = _eight(way[0]), _eight(way[1]), _eight(way[2]), _eight(way[3])
    return a + share * (b + share * (c + share * d))


@compiled
def _weights(tables, words, step, ways, out, width):
    """Compute the weights of some words before a step.

    They go to every `width` numbers of `out`. What is more than that is overwritten by the
    next word.
    """
    flat, done, size = tables.rows.reshape(-1), tables.done, tables.rows.shape[2]
    rest = len(ways) - 1
    for i, w in enumerate(words):
        ahead = words[min(i + AHEAD, len(words) - 1)]
        _fetch(
            flat, np.int64(ahead) * 3 * size, (3 if step - done[ahead] < rest else 1) * size
        )
        k, start, to = min(step - done[w], rest), np.int64(w) * 3 * size, i * width
        way = ways[k, 0], ways[k, 1], ways[k, 2], ways[k, 3]
        for d in range(start, start + size, 8):
            weight = _load(flat, d)
            if k < rest:
                left = _way_left(way, _load(flat, d + 2 * size)) * _load(flat, d + size)
                weight = weight + left
            _store(out, to, weight)
            to += 8


@inlined
def _update(flat, w, size, weights, gradients, at, start, fades, rate, way):
    """Move a row by its gradient, as Adam does, and to where it then comes to rest.

    Everything is in units of epsilon / `SHARE`, the divisor so far, because one division is
    then enough: the root so far is 1 - share, and the gradient is g * share / epsilon.
    """
    rate, fade1, fade2 = _eight(rate), _eight(fades[0]), _eight(fades[1])
    new1, new2, one = _eight(NEW1), _eight(NEW2), _eight(ONE)
    inverse, to = _eight(ONE / EPSILON), np.int64(w) * 3 * size
    for d in range(to, to + size, 8):
        move, share = _load(flat, d + size), _load(flat, d + 2 * size)
        g, root = _load(gradients, start) * inverse * share, fade2 * (one - share)
        part = one / (_square_root(root * root + new2 * g * g) + share)
        move, share = (fade1 * move + new1 * g) * part, share * part
        _store(flat, d, _load(weights, at) - (rate + _way_left(way, share)) * move)
        _store(flat, d + size, move)
        _store(flat, d + 2 * size, share)
        at, start = at + 8, start + 8


# One run: products of small matrices


@compiled
def _gather(slots, current, size, x):
    """Copy the weights of the words of a run; a slot of -1 has zeros."""
    zero, to = _eight(ZERO), 0
    for i, slot in enumerate(slots):
        ahead = slots[min(i + AHEAD, len(slots) - 1)]
        _fetch(current, max(np.int64(ahead), 0) * size, size)
        start = max(np.int64(slot), 0) * size
        for d in range(start, start + size, 8):
            _store(x, to, _load(current, d) if slot >= 0 else zero)
            to += 8


@compiled
def _products(x, size, i, shift, first, last, out):
    """Compute out[i, j] = x[i] @ x[shift + j] for two rows i, and j from `first` on.

    Eight at once: a number that is loaded serves two or four sums, and none waits for others.
    """
    zero = _eight(ZERO)
    for j in range(first, last, 4):
        s0 = s1 = s2 = s3 = t0 = t1 = t2 = t3 = zero
        for d in range(size):
            k, m = 8 * (i * size + d), 8 * ((shift + j) * size + d)
            a0, a1 = _load(x, k), _load(x, k + 8 * size)
            b0, b1 = _load(x, m), _load(x, m + 8 * size)
            b2, b3 = _load(x, m + 16 * size), _load(x, m + 24 * size)
            s0, t0 = s0 + a0 * b0, t0 + a1 * b0
            s1, t1 = s1 + a0 * b1, t1 + a1 * b1
            s2, t2 = s2 + a0 * b2, t2 + a1 * b2
            s3, t3 = s3 + a0 * b3, t3 + a1 * b3
        out[i, j], out[i, j + 1] = _sum(s0), _sum(s1)
        out[i, j + 2], out[i, j + 3] = _sum(s2), _sum(s3)
        out[i + 1, j], out[i + 1, j + 1] = _sum(t0), _sum(t1)
        out[i + 1, j + 2], out[i + 1, j + 3] = _sum(t2), _sum(t3)


@compiled
def _combine(factors, i, x, size, shift, first, last, out, to, more):
    """Write to out[to + i] the sum of factors[i, k] * x[shift + k], for two i, k from `first` on.

    Two rows, and four k at once, so that what is loaded and stored serves eight products. With
    `more`, the sum is added to what is there.
    """
    to, zero = 8 * (to + i) * size, _eight(ZERO)
    if first >= last and not more:
        for d in range(to, to + 16 * size, 8):
            _store(out, d, zero)
    for k in range(first, last, 4):
        a0, a1 = _eight(factors[i, k]), _eight(factors[i, k + 1])
        a2, a3 = _eight(factors[i, k + 2]), _eight(factors[i, k + 3])
        b0, b1 = _eight(factors[i + 1, k]), _eight(factors[i + 1, k + 1])
        b2, b3 = _eight(factors[i + 1, k + 2]), _eight(factors[i + 1, k + 3])
        add = more or k > first
        for d in range(0, 8 * size, 8):
            e, s = 8 * (shift + k) * size + d, to + d
            x0, x1 = _load(x, e), _load(x, e + 8 * size)
            x2, x3 = _load(x, e + 16 * size), _load(x, e + 24 * size)
            t = s + 8 * size
            s_sum, t_sum = (_load(out, s), _load(out, t)) if add else (zero, zero)
            _store(out, s, s_sum + a0 * x0 + a1 * x1 + a2 * x2 + a3 * x3)
            _store(out, t, t_sum + b0 * x0 + b1 * x1 + b2 * x2 + b3 * x3)


@compiled
def _weigh(place, left, right, others, count, noise, share, weights):
    """Write how much each pair counts: noise words above 0, contexts below; the rest is 0."""
    each, dropped = np.float32(share / max(noise, 1)), False
    for i in range(len(place)):
        here, first, last = place[i], place[i] - left[i], place[i] + right[i]
        context = np.float32((share - 1) / (left[i] + right[i]))
        for j in range(weights.shape[1]):  # all, because a processor does eight at once
            near = (j >= first) & (j <= last) & (j != here)
            weights[i, j] = each if j < noise else (context if near else ZERO)
    for j in range(noise, count):
        clash = False
        for m in range(noise):  # to the end, because a loop with an exit is slower
            clash |= others[m] == others[j]
        if clash:
            _drop_context(j, others, noise, weights)
            dropped = True
    if dropped:
        _share_anew(noise, share, weights)


@compiled
def _drop_context(j, others, noise, weights):
    """Take the noise words that equal context j out of the noise words of its centers."""
    for m in range(noise):
        if others[m] == others[j]:
            for mine in weights:
                if mine[j] < 0:
                    mine[m] = 0


@compiled
def _share_anew(noise, share, weights):
    """Give the noise words of each center their share of its loss again."""
    for mine in weights:
        total = mine[:noise].sum()
        mine[:noise] *= np.float32(share) / total if total > 0 else ZERO


@compiled
def _errors(scores, weights, scale):
    """Replace the scores by derivatives of the loss, times `scale`; return the loss.

    Without a branch and without a call, so that a processor does it for eight pairs at once.
    """
    loss = ZERO
    for i in range(len(scores)):
        weight = weights[i]
        # A noise word is to have a low score, and a context a high one.
        x = scores[i] if weight > 0 else -scores[i]
        small = _exp_below_0(-abs(x))  # at most 1, so it never overflows
        sigma = (ONE if x > 0 else small) / (ONE + small)
        loss += abs(weight) * (max(x, ZERO) + _log_1_plus(small))
        scores[i] = weight * sigma * scale
    return loss


@compiled
def _score(words, slots, current, size, shift, runs, r, first, scale, gradients):
    """Compute the loss of a run, and its gradients times `scale`.

    A center is scored with all noise words, but only with those of the others that are near.
    """
    n, count, noise = runs.num_centers[r], runs.num_others[r], runs.num_noise[r]
    mine = slice(first, first + n)
    place, left, right = runs.place[mine], runs.left[mine], runs.right[mine]
    full, x = (noise + 3) // 4 * 4, np.empty(len(words) * 8 * size, np.float32)
    _gather(slots, current, 8 * size, x)
    # How many columns there are depends on this run alone, and so do the bits of the loss.
    weights = np.zeros((shift, (count + 11) // 8 * 8), np.float32)
    _weigh(place, left, right, words[shift:], count, noise, runs.noise_share[r], weights)
    scores, near = np.zeros_like(weights), np.empty((n + 1, 2), np.int64)
    for i in range(0, n, 2):
        k = min(i + 1, n - 1)
        near[i, 0] = min(place[i] - left[i], place[k] - left[k])
        near[i, 1] = max(place[i] + right[i], place[k] + right[k]) + 1
        _products(x, size, i, shift, 0, noise, scores)
        _products(x, size, i, shift, near[i, 0], near[i, 1], scores)
    loss = _errors(scores.reshape(-1), weights.reshape(-1), scale)
    for i in range(0, n, 2):
        start = max(near[i, 0] // 4 * 4, full)
        _combine(scores, i, x, size, shift, 0, full, gradients, 0, False)
        _combine(scores, i, x, size, shift, start, near[i, 1], gradients, 0, True)
    for j in range(0, count, 2):
        start, end = (0, n) if j < noise else (n, 0)
        for i in range(0, n, 2):
            if near[i, 0] <= j + 1 and j < near[i, 1]:
                start, end = min(start, i // 4 * 4), max(end, i + 2)
        _combine(scores.T, j, x, size, 0, start, end, gradients, shift, False)
    return loss


# Several steps


@compiled
def _lay_out(runs, shift, vocabulary):
    """Make a line for each run: its centers, and from column `shift` on its others.

    The rows of the others are below those of the centers. Where a line is longer than its
    run, and in four columns more, is -1. Also tell whether the contexts of each center are
    among the others of its run.
    """
    words = np.full((len(runs.num_others), shift + runs.num_others.max() + 4), -1, np.int32)
    i = o = 0
    fit = True
    for r in range(len(words)):
        noise, count = runs.num_noise[r], runs.num_others[r]
        for k in range(runs.num_centers[r]):
            place, left, right = runs.place[i], runs.left[i], runs.right[i]
            fit &= (left >= 0) & (right >= 0) & (noise >= 0) & (noise <= place - left)
            fit &= place + right < count
            words[r, k], i = runs.centers[i], i + 1
        for k in range(count):
            words[r, shift + k], o = vocabulary + runs.others[o], o + 1
    return words, fit


@compiled
def _link(words, latest, heads, following, slots):
    """Find places with equal words, without a pass over the vocabulary; count the words.

    The places of a word are a chain from one of `heads` by `following` to -1. All of them
    have the same slot, the number of their chain.
    """
    count = 0
    for place, word in enumerate(words):
        if word < 0:
            slots[place] = -1
            continue
        if latest[word] < 0:
            heads[count], slots[place], count = place, count, count + 1
        else:
            following[latest[word]], slots[place] = place, slots[latest[word]]
        latest[word], following[place] = place, -1
    for head in heads[:count]:
        latest[words[head]] = -1
    return count


@compiled
def _update_some(tables, words, heads, following, weights, gradients, step, t, adam):
    """Add up the gradients of some words, place by place, and move their rows.

    In two loops, because numba makes slow code of a row's loop where a function of the
    mathematics library is called beside it.
    """
    done, size, last = tables.done, tables.rows.shape[2], adam.ways[t + 1, 1]
    flat, fades = tables.rows.reshape(-1), np.zeros((len(heads), 2), np.float32)
    way = last[0], last[1], last[2], last[3]
    for i, head in enumerate(heads):
        k, done[words[head]] = step - done[words[head]], step
        if k < len(adam.fades):
            fades[i, 0], fades[i, 1] = adam.fades[k, 0], adam.fades[k, 1]
        else:
            fades[i, 1] = BETA2 ** (0.5 * k)
    for i, head in enumerate(heads):
        ahead = np.int64(words[heads[min(i + AHEAD, len(heads) - 1)]])
        _fetch(flat, ahead * 3 * size, 3 * size)
        place, to = following[head], np.int64(head) * size
        while place >= 0:
            start = np.int64(place) * size
            for d in range(0, size, 8):
                more = _load(gradients, start + d)
                _store(gradients, to + d, _load(gradients, to + d) + more)
            place = following[place]
        fade, rate = (fades[i, 0], fades[i, 1]), adam.rates[t]
        at = i * size
        _update(flat, words[head], size, weights, gradients, at, to, fade, rate, way)


@inlined
def _parts(layout, memory, t):
    """Return what belongs to minibatch `t`."""
    mine = slice(layout.batches[t], layout.batches[t + 1])
    words, heads = layout.words[mine].reshape(-1), memory.heads[mine].reshape(-1)
    return words, heads, memory.following[mine].reshape(-1), memory.slots[mine].reshape(-1)


@inlined
def _ends_of_piece(memory, t, p):
    """Return which words of minibatch `t` are in piece `p`: from the first to before the last."""
    return PIECE * p, min(PIECE * (p + 1), memory.found[t])


@inlined
def _link_one(layout, memory, t, number):
    """Find the equal words of minibatch `t`."""
    words, heads, following, slots = _parts(layout, memory, t)
    memory.found[t] = _link(words, memory.latest[number], heads, following, slots)


@inlined
def _look_up_piece(tables, adam, layout, memory, t, p, step):
    """Compute the weights of some words of minibatch `t`."""
    words, heads, _, _ = _parts(layout, memory, t)
    size, (first, last) = tables.rows.shape[2], _ends_of_piece(memory, t, p)
    to, mine = memory.current[first * size : last * size], words[heads[first:last]]
    _weights(tables, mine, step, adam.ways[t], to, size)


@inlined
def _score_one(size, runs, layout, memory, t, p):
    """Score run `p` of minibatch `t`."""
    first, last, starts = layout.batches[t], layout.batches[t + 1], layout.starts
    width, r = layout.words.shape[1] * size, first + p
    scale = ONE / np.float32(starts[last] - starts[first])
    to = memory.gradients[p * width :]
    words = layout.words[r], memory.slots[r], memory.current, size // 8, layout.shift
    memory.losses[r] = _score(*words, runs, r, starts[r], scale, to)


@inlined
def _update_piece(tables, adam, layout, memory, t, p, step):
    """Move some rows by the gradients of minibatch `t`."""
    words, heads, following, _ = _parts(layout, memory, t)
    size, (first, last) = tables.rows.shape[2], _ends_of_piece(memory, t, p)
    chains = words, heads[first:last], following, memory.current[first * size :]
    _update_some(tables, *chains, memory.gradients, step, t, adam)


@inlined
def _wait(memory, phase, pieces):
    """Wait until all pieces of a phase are done, by whatever thread."""
    spins = 0
    while _add_to(memory.finished, phase, 0) < pieces:
        spins += 1
        if spins > SPINS:
            _give_way()


@compiled
def _work(tables, adam, runs, layout, memory, step, number):
    """Do the share of thread `number` of several steps, the first of which is `step`.

    First, equal words are found. Then each step has three phases: weights are looked up, runs
    are scored, and rows are moved. Threads claim pieces of a phase, and wait for all of them
    before they go on. They never share the terms of one sum, so how many there are changes no
    bit. A thread that the system holds back leaves its share to the others.
    """
    steps, claimed, finished = len(layout.batches) - 1, memory.claimed, memory.finished
    t = _add_to(claimed, 0, 1)
    while t < steps:
        _link_one(layout, memory, t, number)
        _add_to(finished, 0, 1)
        t = _add_to(claimed, 0, 1)
    _wait(memory, 0, steps)
    for t in range(steps):
        phase, some = 3 * t + 1, -(-memory.found[t] // PIECE)
        p = _add_to(claimed, phase, 1)
        while p < some:
            _look_up_piece(tables, adam, layout, memory, t, p, step + t)
            _add_to(finished, phase, 1)
            p = _add_to(claimed, phase, 1)
        _wait(memory, phase, some)
        phase, pieces = phase + 1, layout.batches[t + 1] - layout.batches[t]
        p = _add_to(claimed, phase, 1)
        while p < pieces:
            _score_one(tables.rows.shape[2], runs, layout, memory, t, p)
            _add_to(finished, phase, 1)
            p = _add_to(claimed, phase, 1)
        _wait(memory, phase, pieces)
        phase += 1
        p = _add_to(claimed, phase, 1)
        while p < some:
            _update_piece(tables, adam, layout, memory, t, p, step + t)
            _add_to(finished, phase, 1)
            p = _add_to(claimed, phase, 1)
        _wait(memory, phase, some)


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
