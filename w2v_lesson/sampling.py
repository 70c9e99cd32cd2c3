"""Which words are kept, how wide a window is, and which words are noise. Chapter 01.

First come the rules, then the draws, which are compiled. Every random number is a hash of a
seed and of the place that it is drawn for, so no draw depends on another. Any part of the
corpus can be drawn at any time, in any order, and on any number of threads, and the result
is the same. Nothing that was drawn needs to be stored. Hand-written, because no library
draws like that. In gensim, for example, the draws depend on the order of the threads.
"""

import threading
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numba import njit, prange

# Rules


def keep_probability(counts, threshold=1e-4):
    """Compute the probability that subsampling keeps each word. Chapter 01.

    Parameters
    ----------
    counts : array_like, shape (words,)
        Occurrences in the corpus; 0 for `<unk>`.
    threshold : float
        t, as a share of all words. Words with a smaller share are always kept.

    Returns
    -------
    ndarray of float64, shape (words,)
        sqrt(threshold / frequency), at most 1.

    References
    ----------
    Mikolov et al. 2013b, section 2.3.
    """
    frequency = np.asarray(counts) / np.sum(counts)
    return np.sqrt(threshold / np.maximum(frequency, threshold))


def noise_weights(counts, exponent=0.75):
    """Compute the probability of drawing each word as noise. Chapter 01.

    Parameters
    ----------
    counts : array_like, shape (words,)
        Occurrences in the corpus. A word with a count of 0, such as `<unk>`, is never drawn.
    exponent : float
        The probability is proportional to count^exponent.

    Returns
    -------
    ndarray of float64, shape (words,)
        Probabilities, which add up to 1.

    References
    ----------
    Mikolov et al. 2013b, section 2.2.
    """
    counts = np.asarray(counts, dtype=np.float64)
    weights = np.where(counts > 0, counts**exponent, 0.0)
    return weights / weights.sum()


# What is drawn, and what it is drawn from


class Examples(NamedTuple):
    """A minibatch without padding: the words of all its examples laid end to end.

    Attributes
    ----------
    centers : ndarray of int32, shape (n,)
        Word indices.
    others : ndarray of int32, shape (pairs,)
        For each center, first its contexts, then its noise words.
    starts : ndarray of int64, shape (n + 1,)
        Example i owns ``others[starts[i]:starts[i + 1]]``.
    num_contexts : ndarray of int32, shape (n,)
        How many of the words that an example owns are contexts.
    """

    centers: np.ndarray
    others: np.ndarray
    starts: np.ndarray
    num_contexts: np.ndarray

    @property
    def num_pairs(self):
        """Number of pairs, contexts and noise words."""
        return len(self.others)


class Words(NamedTuple):
    """A subsampled corpus with the window of each word.

    Attributes
    ----------
    ids : ndarray of int32, shape (words,)
        Word indices.
    left, right : ndarray of int32, shape (words,)
        How many words before and after are contexts.
    """

    ids: np.ndarray
    left: np.ndarray
    right: np.ndarray


class Runs(NamedTuple):
    """Centers that are neighbors in the text, and the noise words that they share.

    A minibatch has many runs. The words of a run, its *others*, are first its noise words
    and then the stretch of text that holds the contexts of all its centers. All arrays are
    laid end to end, run after run, so minibatches are joined by joining their arrays.

    Attributes
    ----------
    centers : ndarray of int32, shape (n,)
        Word index of each center.
    place, left, right : ndarray of int32, shape (n,)
        The contexts of a center are the words ``place - left`` to ``place + right`` among
        the others of its run, without ``place`` itself.
    others : ndarray of int32, shape (words,)
        Word indices: of each run the noise words, then the stretch of text.
    num_centers, num_others, num_noise : ndarray of int32, shape (runs,)
        How many centers, others and noise words each run has.
    noise_share : ndarray of float64, shape (runs,)
        K / (1 + K), the share of the noise words in the loss of a center.
    """

    centers: np.ndarray
    place: np.ndarray
    left: np.ndarray
    right: np.ndarray
    others: np.ndarray
    num_centers: np.ndarray
    num_others: np.ndarray
    num_noise: np.ndarray
    noise_share: np.ndarray

    @property
    def num_pairs(self):
        """Contexts, each with the K noise words whose weight goes with it."""
        each = np.repeat(1 / (1 - self.noise_share), self.num_centers)
        return round(np.dot(self.left + self.right, each))


class NoiseTables(NamedTuple):
    """Tables for drawing a noise word in constant time (alias method).

    Every word has a column of the same width. Up to its *share*, the column belongs to the
    word itself, and above that to one other word, its *alias*. To draw a word, we choose a
    column and a height at random.

    Attributes
    ----------
    columns : ndarray of float64, shape (words,)
        Alias + share in one number, so one lookup finds both.
    probabilities : ndarray of float64, shape (words,)
        The probabilities that the columns were made from.
    """

    columns: np.ndarray
    probabilities: np.ndarray


def noise_tables(probabilities):
    """Make the tables for drawing noise words. Chapter 01.

    Parameters
    ----------
    probabilities : array_like, shape (words,)
        Probability of each word, as `noise_weights` returns it; they add up to 1.

    Returns
    -------
    NoiseTables

    References
    ----------
    Vose 1991, "A linear algorithm for generating random numbers with a given distribution".
    """
    probabilities = np.asarray(probabilities, dtype=np.float64)
    left = probabilities * len(probabilities)  # of each word, as a number of columns
    # At first every word is its own alias. A full column stays like that.
    share, alias = np.zeros_like(left), np.arange(len(left))
    small, large = list(np.flatnonzero(left < 1)), list(np.flatnonzero(left >= 1))
    while small and large:
        low, high = small.pop(), large[-1]
        share[low], alias[low] = left[low], high
        left[high] -= 1 - left[low]
        if left[high] < 1:
            small.append(large.pop())
    # A share that rounds to 1 would turn the sum into the next alias.
    return NoiseTables(alias + np.minimum(share, 1 - 2.0**-24), probabilities)


# Draws


MAX_TRIES = 50  # for one noise word; after that it is drawn from the allowed words only
FAR = 1 << 32  # from one try to the next; no center has this many noise words
# With some of numba's threading layers, two callers can't run at the same time.
one_at_a_time = threading.RLock()
STEP = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio, as in splitmix64


def derive_seeds(*numbers):
    """Derive the seeds of three kinds of draws from whole numbers.

    Parameters
    ----------
    *numbers : int
        For example the seed of a training and the number of its epoch.

    Returns
    -------
    ndarray of uint64, shape (3,)
        Seeds for subsampling, windows and noise words.
    """
    return np.random.SeedSequence(numbers).generate_state(3, np.uint64)


@njit(cache=True)
def random_bits(seed, place):
    """Return 64 random bits for a place.

    Parameters
    ----------
    seed : uint64
        One of those that `derive_seeds` returns.
    place : int
        The place that the bits are drawn for. The same place gives the same bits.

    Returns
    -------
    uint64

    References
    ----------
    The generator splitmix64: Steele, Lea, Flood 2014, "Fast splittable pseudorandom number
    generators".
    """
    x = seed + (np.uint64(place) + np.uint64(1)) * STEP
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@njit(cache=True)
def below(bits, n):
    """Turn random bits into a whole number below n.

    Parameters
    ----------
    bits : uint64
        Random bits; only the upper 32 are used.
    n : int
        How many numbers there are to choose from.

    Returns
    -------
    int64
        From 0 to n - 1, each about equally likely.
    """
    return np.int64(((bits >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32))


@njit(cache=True)
def subsample(ids, sentence_of, keep, seed):
    """Drop frequent words at random, then sentences with fewer than two words left.

    Chapter 01.

    Parameters
    ----------
    ids, sentence_of : ndarray of int32, shape (words,)
        The corpus, as `index_corpus` returns it.
    keep : ndarray of float64, shape (len(vocab),)
        Keep probability of each word of the vocabulary.
    seed : uint64
        The first of those that `derive_seeds` returns.

    Returns
    -------
    ids, sentence_of : ndarray of int32, shape (words kept,)
    """
    kept_ids, kept_sentence_of = np.empty_like(ids), np.empty_like(sentence_of)
    n = first = 0  # number of words kept, and where the last sentence of these begins
    for i in range(len(ids)):
        if n == first or sentence_of[i] != kept_sentence_of[first]:
            n = first = n if n - first >= 2 else first
        if (random_bits(seed, i) >> np.uint64(11)) * 2.0**-53 < keep[ids[i]]:
            kept_ids[n], kept_sentence_of[n] = ids[i], sentence_of[i]
            n += 1
    n = n if n - first >= 2 else first
    return kept_ids[:n].copy(), kept_sentence_of[:n].copy()


@njit(cache=True)
def draw_windows(sentence_of, max_window_size, seed):
    """Draw a window for each word, every size equally likely. Chapter 01.

    Parameters
    ----------
    sentence_of : ndarray of int32, shape (words,)
        Number of the sentence of each word; a window never leaves it.
    max_window_size : int
        The largest size of a window, in words to each side; the smallest is 1.
    seed : uint64
        The second of those that `derive_seeds` returns.

    Returns
    -------
    left, right : ndarray of int32, shape (words,)
        How many words before and after each word are its contexts.

    References
    ----------
    Mikolov et al. 2013a, section 3.2.
    """
    n = len(sentence_of)
    left, right = np.empty(n, np.int32), np.empty(n, np.int32)
    first = 0
    for i in range(n):
        size = 1 + below(random_bits(seed, i), max_window_size)
        if sentence_of[i] != sentence_of[first]:
            first = i
        left[i] = min(size, i - first)
        right[i] = 0
        while right[i] < size and i + right[i] + 1 < n:
            if sentence_of[i + right[i] + 1] != sentence_of[i]:
                break
            right[i] += 1
    return left, right


@njit(cache=True, inline="always")
def _in(word, words, first, last):
    """Tell whether `word` is among words[first:last].

    No early exit: the loop is faster without a branch.
    """
    found = False
    for i in range(first, last):
        found |= words[i] == word
    return found


@njit(cache=True)
def _draw_exactly(bits, probabilities, words, first, last):
    """Draw a word that is not in words[first:last], however rare; -1 if all words are."""
    total = 0.0
    for word in range(len(probabilities)):
        if not _in(word, words, first, last):
            total += probabilities[word]
    rest, drawn = (bits >> np.uint64(11)) * 2.0**-53 * total, -1
    for word in range(len(probabilities)):
        if probabilities[word] > 0 and not _in(word, words, first, last):
            drawn = word
            rest -= probabilities[word]
            if rest < 0:
                break
    return drawn


@njit(cache=True, inline="always")
def _draw(seed, place, columns):
    """Draw a word, one of the two that share a column (see `NoiseTables`)."""
    bits = random_bits(seed, place)
    word = below(bits, len(columns))
    alias = np.int64(columns[word])
    share = columns[word] - alias
    height = np.int64(bits & np.uint64(0xFFFFFF)) * 2.0**-24
    return np.int32(word if height < share else alias)


@njit(cache=True)
def _replace_contexts(others, first, last, end, seed, columns, probabilities):
    """Redraw noise words in others[last:end] that are contexts, in others[first:last]."""
    for p in range(last, end):
        tries = 0
        while tries < MAX_TRIES and _in(others[p], others, first, last):
            tries += 1
            others[p] = _draw(seed, p - last + tries * FAR, columns)
        if tries == MAX_TRIES:
            bits = random_bits(seed, p - last + (tries + 1) * FAR)
            others[p] = _draw_exactly(bits, probabilities, others, first, last)


@njit(cache=True, parallel=True)
def draw_others(ids, left, right, rows, num_noise_words, seed, columns, probabilities):
    """List the contexts of some centers and draw their noise words. Chapter 01.

    Parameters
    ----------
    ids, left, right : ndarray of int32, shape (words,)
        The subsampled corpus and its windows, as in `Words`.
    rows : ndarray of int, shape (n,)
        Which of its words are the centers.
    num_noise_words : int
        K, noise words for each context.
    seed : uint64
        The third of those that `derive_seeds` returns.
    columns, probabilities : ndarray of float64, shape (len(vocab),)
        As in `NoiseTables`.

    Returns
    -------
    centers, others, starts, num_contexts : ndarray
        As in `Examples`. No noise word is a context of its center. If every word is a
        context of the center, the noise word is -1.

    References
    ----------
    Mikolov et al. 2013b, section 2.2.
    """
    n = len(rows)
    centers, num_contexts = np.empty(n, np.int32), np.empty(n, np.int32)
    starts = np.zeros(n + 1, np.int64)
    for i in prange(n):
        row = rows[i]
        centers[i], num_contexts[i] = ids[row], left[row] + right[row]
    for i in range(n):
        starts[i + 1] = starts[i] + num_contexts[i] * (1 + num_noise_words)
    others = np.empty(starts[n], np.int32)
    for i in prange(n):
        center, last, end = rows[i], starts[i], starts[i + 1]
        first = last
        for j in range(center - left[center], center + right[center] + 1):
            if j != center:
                others[last] = ids[j]
                last += 1
        # First draw all noise words, then search them once for contexts. Only few of them
        # are contexts, and without a branch after each word the processor draws several at
        # a time.
        own_seed = random_bits(seed, center)
        for p in range(last, end):
            others[p] = _draw(own_seed, p - last, columns)
        found = False
        for c in range(first, last):
            found |= _in(others[c], others, last, end)
        if found:
            _replace_contexts(others, first, last, end, own_seed, columns, probabilities)
    return centers, others, starts, num_contexts


def draw_examples(words, rows, num_noise_words, tables, seed):
    """Draw the noise words of some centers. Chapter 01.

    Parameters
    ----------
    words : Words
        The subsampled corpus and its windows.
    rows : ndarray of int, shape (n,)
        Which of its words are the centers.
    num_noise_words : int
        K, noise words for each context.
    tables : NoiseTables
        The distribution of noise words.
    seed : uint64
        The third of those that `derive_seeds` returns.

    Returns
    -------
    Examples
        No noise word is a context of the same center.

    Raises
    ------
    ValueError
        If all words of the vocabulary are contexts of one center.
    """
    with one_at_a_time:
        examples = Examples(*draw_others(*words, rows, num_noise_words, seed, *tables))
    if examples.others.min(initial=0) < 0:
        raise ValueError(
            "There is no noise word to draw: all words of the vocabulary "
            f"({np.count_nonzero(tables.probabilities)}) are contexts of one center. "
            "Give more text, or lower max_window_size or min_freq."
        )
    return examples


def split_examples(examples, sizes):
    """Split examples into minibatches, in order; they share the memory.

    Parameters
    ----------
    examples : Examples
        The examples of all minibatches.
    sizes : list of int
        Number of examples in each minibatch.

    Yields
    ------
    Examples
    """
    for first, last in pairwise(edges(sizes)):
        starts = examples.starts[first : last + 1]
        yield Examples(
            examples.centers[first:last],
            examples.others[starts[0] : starts[-1]],
            starts - starts[0],
            examples.num_contexts[first:last],
        )


def edges(sizes):
    """Return where parts that are laid end to end begin, and where the last one ends.

    Parameters
    ----------
    sizes : list of int, or ndarray of int, shape (n,)
        Number of elements in each part.

    Returns
    -------
    ndarray of int64, shape (n + 1,)
    """
    return np.concatenate([[0], np.cumsum(sizes)])


# Runs of centers that share their noise words


@njit(cache=True)
def draw_shared(ids, left, right, firsts, run_length, num_shared, seed, columns):
    """List the centers and contexts of some runs, and draw their noise words. Chapter 09.

    Parameters
    ----------
    ids, left, right : ndarray of int32, shape (words,)
        The subsampled corpus and its windows, as in `Words`.
    firsts : ndarray of int64, shape (runs,)
        Place of the first center of each run.
    run_length : int
        R, centers in a run. The last run of the text may be shorter.
    num_shared : int
        M, noise words of a run.
    seed : uint64
        The third of those that `derive_seeds` returns.
    columns : ndarray of float64, shape (len(vocab),)
        As in `NoiseTables`.

    Returns
    -------
    centers, place, left, right, others, num_centers, num_others : ndarray
        As in `Runs`. A noise word may be a context of a center. For that center, it is then
        no noise.
    """
    runs = len(firsts)
    num_centers, num_others = np.empty(runs, np.int32), np.empty(runs, np.int32)
    stretch = np.empty(runs, np.int64)  # where the stretch of text of each run begins
    for r in range(runs):
        first, last = firsts[r], min(firsts[r] + run_length, len(ids))
        start, end = first, last
        for p in range(first, last):
            start, end = min(start, p - left[p]), max(end, p + right[p] + 1)
        stretch[r], num_centers[r] = start, last - first
        num_others[r] = num_shared + end - start
    centers = np.empty(num_centers.sum(), np.int32)
    place, lefts, rights = np.empty((3, len(centers)), np.int32)
    others = np.empty(num_others.sum(), np.int32)
    i = o = 0
    for r in range(runs):
        for p in range(firsts[r], firsts[r] + num_centers[r]):
            centers[i], place[i] = ids[p], num_shared + p - stretch[r]
            lefts[i], rights[i] = left[p], right[p]
            i += 1
        own_seed = random_bits(seed, firsts[r])
        for m in range(num_shared):
            others[o + m] = _draw(own_seed, m, columns)
        for j in range(num_shared, num_others[r]):
            others[o + j] = ids[stretch[r] + j - num_shared]
        o += num_others[r]
    return centers, place, lefts, rights, others, num_centers, num_others


def draw_runs(words, firsts, run_length, num_shared, num_noise_words, tables, seed):
    """Draw the noise words of some runs. Chapter 09.

    Parameters
    ----------
    words : Words
        The subsampled corpus and its windows.
    firsts : ndarray of int64, shape (runs,)
        Place of the first center of each run.
    run_length, num_shared : int
        R and M, centers and noise words of a run.
    num_noise_words : int
        K, how many noise words one context weighs as much as.
    tables : NoiseTables
        The distribution of noise words.
    seed : uint64
        The third of those that `derive_seeds` returns.

    Returns
    -------
    Runs
    """
    drawn = draw_shared(*words, firsts, run_length, num_shared, seed, tables.columns)
    share = num_noise_words / (1 + num_noise_words)
    return Runs(
        *drawn,
        np.full(len(firsts), num_shared, np.int32),
        np.full(len(firsts), share),
    )


def split_runs(runs, sizes):
    """Split runs into minibatches, in order; they share the memory.

    Parameters
    ----------
    runs : Runs
        The runs of all minibatches.
    sizes : list of int
        Number of runs in each minibatch.

    Yields
    ------
    Runs
    """
    center, other = edges(runs.num_centers), edges(runs.num_others)
    for first, last in pairwise(edges(sizes)):
        yield Runs(
            *(x[center[first] : center[last]] for x in runs[:4]),
            runs.others[other[first] : other[last]],
            *(x[first:last] for x in runs[5:]),
        )


def as_runs(examples):
    """Make each example a run of one center, with noise words that it does not share.

    Parameters
    ----------
    examples : Examples
        A minibatch of centers that each have noise words of their own.

    Returns
    -------
    Runs
        The same pairs.

    Raises
    ------
    ValueError
        If the numbers of contexts do not fit the words.
    """
    n, contexts = len(examples.centers), examples.num_contexts
    sizes = np.diff(examples.starts).astype(np.int32)
    noise = sizes - contexts
    ends = examples.starts[0], examples.starts[-1] - len(examples.others)
    if any(ends) or min(noise.min(initial=0), contexts.min(initial=0)) < 0:
        raise ValueError(
            "The numbers of contexts of the minibatch do not fit its words. Take the "
            "minibatches from `examples` of the data."
        )
    # The noise words come first here, and the center stands before its contexts.
    run = np.repeat(np.arange(n), sizes + 1)
    column = np.arange(len(run)) - (examples.starts[:-1] + np.arange(n))[run]
    source = np.where(column < noise[run], column + contexts[run], column - noise[run] - 1)
    source = (source + examples.starts[:-1][run]).clip(0)
    others = np.where(column == noise[run], examples.centers[run], examples.others[source])
    ones, zeros = np.ones(n, np.int32), np.zeros(n, np.int32)
    share = noise / sizes
    return Runs(
        examples.centers, noise, zeros, contexts, others, ones, sizes + 1, noise, share
    )


# One sentence, step by step


class Drawn(NamedTuple):
    """What `draw_example` drew for one center of a sentence.

    Attributes
    ----------
    size : int
        The window size as drawn, before the ends of the sentence cut the window short.
    contexts : list of int
        Places of the contexts in the sentence.
    noise_words : ndarray of int32, shape (contexts, K)
        Word indices.
    """

    size: int
    contexts: list[int]
    noise_words: np.ndarray


def survival(keep, seed, first=0):
    """Draw which words of one sentence are kept by subsampling. Chapter 01.

    Parameters
    ----------
    keep : ndarray of float64, shape (words,)
        Keep probability of each word of the sentence.
    seed : uint64
        The first of those that `derive_seeds` returns.
    first : int, optional
        Place of the sentence's first word in the corpus.

    Returns
    -------
    numbers : ndarray of float64, shape (words,)
        Random numbers from 0 to 1, which depend only on the seed and the place.
    kept : ndarray of bool, shape (words,)
        Whether each number is below its probability.
    """
    # The same numbers that `subsample` draws for these places.
    bits = [int(random_bits(seed, first + i)) for i in range(len(keep))]
    numbers = np.array([(each >> 11) * 2.0**-53 for each in bits])
    return numbers, numbers < keep


def draw_example(ids, center, max_window_size, num_noise_words, tables, seed):
    """Draw the window and the noise words of one word of a sentence. Chapter 01.

    Parameters
    ----------
    ids : ndarray of int32, shape (words,)
        The sentence as word indices.
    center : int
        Place of the center word in it, from 0.
    max_window_size : int
        Largest size of the window, in words to each side.
    num_noise_words : int
        K, noise words for each context.
    tables : NoiseTables
        The distribution of noise words.
    seed : int
        Any whole number.

    Returns
    -------
    Drawn

    Raises
    ------
    ValueError
        If the sentence has no such place, or if there is no noise word to draw.
    """
    if not 0 <= center < len(ids):
        raise ValueError(f"center must be a place from 0 to {len(ids) - 1}, not {center}.")
    _, of_windows, of_noise = derive_seeds(seed)
    sentence = np.zeros(len(ids) + max_window_size, np.int32)
    # A longer sentence draws the same windows, and its end does not shorten them.
    size = int(draw_windows(sentence, max_window_size, of_windows)[1][center])
    windows = draw_windows(sentence[: len(ids)], max_window_size, of_windows)
    words = Words(np.asarray(ids, np.int32), *windows)
    drawn = draw_examples(words, np.array([center]), num_noise_words, tables, of_noise)
    first, last = center - words.left[center], center + words.right[center]
    contexts = [i for i in range(int(first), int(last) + 1) if i != center]
    noise_words = drawn.others[len(contexts) :].reshape(len(contexts), num_noise_words)
    return Drawn(size, contexts, noise_words)
