"""Which words stay, how wide a window is, which words are noise. Chapter 01.

First the rules, then the draws, which are compiled. Every random number is a hash of a
key and of the place it is drawn for. No draw depends on another, so any part of the
corpus can be drawn at any time, in any order, and on any number of threads, with the same
result, and nothing that was drawn needs to be stored.
"""

import threading
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numba import njit, prange

# Rules


def keep_probability(counts, threshold=1e-4):
    """Probability that subsampling keeps a word, sqrt(threshold / frequency) or 1.

    counts : shape (words,), occurrences in the corpus (0 for `<unk>`)
    threshold : `t`, as a share of all words; a word rarer than this is always kept

    Returns float64, shape (words,), between 0 and 1.
    Source: Mikolov et al. 2013b, section 2.3. Chapter 01.
    """
    frequency = np.asarray(counts) / np.sum(counts)
    return np.sqrt(threshold / np.maximum(frequency, threshold))


def noise_weights(counts, exponent=0.75):
    """Probability of each word to be drawn as noise: proportional to count^exponent.

    counts : shape (words,), occurrences; a word with 0 (`<unk>`) is never drawn

    Returns float64, shape (words,), sum 1.
    Source: Mikolov et al. 2013b, section 2.2. Chapter 01.
    """
    counts = np.asarray(counts, dtype=np.float64)
    weights = np.where(counts > 0, counts**exponent, 0.0)
    return weights / weights.sum()


# What is drawn, and from what


class Examples(NamedTuple):
    """A minibatch without padding: the words of all its examples laid end to end.

    centers : int32, shape (n,), word indices
    others : int32, shape (pairs,), of each center its contexts, then its noise words
    starts : int64, shape (n + 1,), example i owns others[starts[i]:starts[i + 1]]
    num_contexts : int32, shape (n,), how many of these are contexts
    """

    centers: np.ndarray
    others: np.ndarray
    starts: np.ndarray
    num_contexts: np.ndarray


class Words(NamedTuple):
    """A subsampled corpus with the window of each word; all int32, shape (words,).

    ids : word indices
    left, right : how many words before and after are contexts
    """

    ids: np.ndarray
    left: np.ndarray
    right: np.ndarray


class NoiseTables(NamedTuple):
    """Tables for drawing noise words in constant time each (alias method).

    Every word has a column of equal width. It is filled by the word itself up to its
    `share`, and by one other word, its `alias`, above. To draw is to choose a column
    and a height at random. Both are of shape (words,).

    columns : float64, alias + share, in one number so that one look finds both
    probabilities : what the columns were made from
    """

    columns: np.ndarray
    probabilities: np.ndarray


def noise_tables(probabilities):
    """Make `NoiseTables` for these probabilities, shape (words,), sum 1.

    Source: Vose 1991, "A linear algorithm for generating random numbers with a given
    distribution".
    """
    probabilities = np.asarray(probabilities, dtype=np.float64)
    left = probabilities * len(probabilities)  # of each word, in widths of a column
    # A column starts as its own alias alone; so do those stay that are full.
    share, alias = np.zeros_like(left), np.arange(len(left))
    small, large = list(np.flatnonzero(left < 1)), list(np.flatnonzero(left >= 1))
    while small and large:
        low, high = small.pop(), large[-1]
        share[low], alias[low] = left[low], high
        left[high] -= 1 - left[low]
        if left[high] < 1:
            small.append(large.pop())
    # Below 1 also when added: else the sum would be another alias.
    return NoiseTables(alias + np.minimum(share, 1 - 2.0**-24), probabilities)


# Draws


MAX_TRIES = 50  # for one noise word; after that it is drawn from the words left
FAR = 1 << 32  # between the places of two tries: more than a center has noise words
# Not every kind of threads that numba may find lets two callers run side by side.
one_at_a_time = threading.RLock()
STEP = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio, as splitmix64 has it


def random_keys(*numbers):
    """Make three keys (uint64, shape (3,)) from whole numbers such as seed and epoch."""
    return np.random.SeedSequence(numbers).generate_state(3, np.uint64)


@njit(cache=True)
def random_bits(key, place):
    """Return 64 random bits (uint64) for this key (uint64) and place (int).

    Source: the generator splitmix64; Steele, Lea, Flood 2014, "Fast splittable
    pseudorandom number generators".
    """
    x = key + (np.uint64(place) + np.uint64(1)) * STEP
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@njit(cache=True)
def below(bits, n):
    """Turn random bits into a whole number from 0 to n - 1; uses the upper 32."""
    return np.int64(((bits >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32))


@njit(cache=True)
def subsample(ids, sentence_of, keep, key):
    """Drop frequent words at random, then sentences with fewer than two words left.

    ids, sentence_of : as `index_corpus` returns them
    keep : float64, shape (len(vocab),), probability to keep each word
    key : uint64, see `random_keys`

    Returns the shortened `ids` and `sentence_of`. Chapter 01.
    """
    kept_ids, kept_sentence_of = np.empty_like(ids), np.empty_like(sentence_of)
    n = first = 0  # words kept; where their last sentence begins
    for i in range(len(ids)):
        if n == first or sentence_of[i] != kept_sentence_of[first]:
            n = first = n if n - first >= 2 else first
        if (random_bits(key, i) >> np.uint64(11)) * 2.0**-53 < keep[ids[i]]:
            kept_ids[n], kept_sentence_of[n] = ids[i], sentence_of[i]
            n += 1
    n = n if n - first >= 2 else first
    return kept_ids[:n].copy(), kept_sentence_of[:n].copy()


@njit(cache=True)
def draw_windows(sentence_of, max_window_size, key):
    """Draw a window for each word, every size from 1 to `max_window_size` alike.

    Returns `left` and `right` (int32, shape (words,)): how many words before and
    after each word are its contexts; a window never leaves its sentence.
    Source: Mikolov et al. 2013a, section 3.2. Chapter 01.
    """
    n = len(sentence_of)
    left, right = np.empty(n, np.int32), np.empty(n, np.int32)
    first = 0
    for i in range(n):
        size = 1 + below(random_bits(key, i), max_window_size)
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
    """Whether `word` is among words[first:last]; in full, which is faster than a stop."""
    found = False
    for i in range(first, last):
        found |= words[i] == word
    return found


@njit(cache=True)
def _draw_exactly(bits, probabilities, words, first, last):
    """Draw a word that is not in words[first:last], however rare; -1 if there is none."""
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
def _draw(key, place, columns):
    """Draw a word: one of two that share a column, see `NoiseTables`."""
    bits = random_bits(key, place)
    word = below(bits, len(columns))
    alias = np.int64(columns[word])
    share = columns[word] - alias
    height = np.int64(bits & np.uint64(0xFFFFFF)) * 2.0**-24
    return np.int32(word if height < share else alias)


@njit(cache=True)
def _replace_contexts(others, first, last, end, key, columns, probabilities):
    """Draw again the noise words others[last:end] that are contexts, others[first:last]."""
    for p in range(last, end):
        tries = 0
        while tries < MAX_TRIES and _in(others[p], others, first, last):
            tries += 1
            others[p] = _draw(key, p - last + tries * FAR, columns)
        if tries == MAX_TRIES:
            bits = random_bits(key, p - last + (tries + 1) * FAR)
            others[p] = _draw_exactly(bits, probabilities, others, first, last)


@njit(cache=True, parallel=True)
def draw_others(ids, left, right, rows, num_noise_words, key, columns, probabilities):
    """List the contexts of some centers and draw their noise words.

    ids, left, right : the subsampled corpus and its windows
    rows : int, shape (n,), which words of it are the centers
    num_noise_words : K, noise words for each context
    key : uint64, see `random_keys`
    columns, probabilities : as in `NoiseTables`

    Returns `centers`, `others`, `starts` and `num_contexts` as in `Examples`; no noise
    word is a context of its center, and it is -1 where there is no such word.
    Source: Mikolov et al. 2013b, section 2.2. Chapter 01.
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
        # All noise words first, then one look whether any is a context: few are, and
        # without a question after each word the processor draws several at a time.
        own_key = random_bits(key, center)
        for p in range(last, end):
            others[p] = _draw(own_key, p - last, columns)
        found = False
        for c in range(first, last):
            found |= _in(others[c], others, last, end)
        if found:
            _replace_contexts(others, first, last, end, own_key, columns, probabilities)
    return centers, others, starts, num_contexts


def draw_examples(words, rows, num_noise_words, tables, key):
    """Draw the noise words of some centers.

    words : Words
    rows : int, shape (n,), which of them are the centers
    num_noise_words : K, noise words for each context
    tables : NoiseTables
    key : uint64, of `random_keys`

    Returns `Examples`; no noise word is a context of the same center.
    Raises ValueError if a center has every other word for a context. Chapter 01.
    """
    with one_at_a_time:
        examples = Examples(*draw_others(*words, rows, num_noise_words, key, *tables))
    if examples.others.min(initial=0) < 0:
        raise ValueError(
            "There is no noise word to draw: all words of the vocabulary "
            f"({np.count_nonzero(tables.probabilities)}) are contexts of one center. "
            "Give more text, or lower max_window_size or min_freq."
        )
    return examples


def cut(examples, sizes):
    """Cut examples into minibatches of these sizes, in order; they share the memory."""
    for first, last in pairwise([0, *np.cumsum(sizes)]):
        starts = examples.starts[first : last + 1]
        yield Examples(
            examples.centers[first:last],
            examples.others[starts[0] : starts[-1]],
            starts - starts[0],
            examples.num_contexts[first:last],
        )


# One sentence, step by step


class Drawn(NamedTuple):
    """What was drawn for one center of a sentence, see `draw_example`.

    size : the window size drawn, before the sentence cut the window off
    contexts : list of int, places of the contexts in the sentence
    noise_words : int32, shape (contexts, K), word indices
    """

    size: int
    contexts: list[int]
    noise_words: np.ndarray


def survival(keep, key):
    """Draw which words of one sentence subsampling keeps: number below probability.

    keep : float64, shape (words,), probability to keep each word of the sentence
    key : uint64, see `random_keys`

    Returns `numbers` (float64, shape (words,), from 0 to 1), which depend on the key
    alone, and `kept` (bool, shape (words,)). Chapter 01.
    """
    # Those of `subsample`, for a text that begins with this sentence.
    bits = [int(random_bits(key, i)) for i in range(len(keep))]
    numbers = np.array([(each >> 11) * 2.0**-53 for each in bits])
    return numbers, numbers < keep


def draw_example(ids, center, max_window_size, num_noise_words, tables, seed):
    """Draw the window and the noise words of one word of a sentence; returns `Drawn`.

    ids : int32, shape (words,), the sentence as word indices
    center : place of the center word in it, from 0
    num_noise_words : K, noise words for each context
    tables : NoiseTables

    Raises ValueError if there is no such place or no noise word to draw. Chapter 01.
    """
    if not 0 <= center < len(ids):
        raise ValueError(f"center must be from 0 to {len(ids) - 1}, not {center}.")
    keys = random_keys(seed)
    sentence = np.zeros(len(ids) + max_window_size, np.int32)
    # In a longer sentence the same windows, which its end does not cut off.
    size = int(draw_windows(sentence, max_window_size, keys[1])[1][center])
    windows = draw_windows(sentence[: len(ids)], max_window_size, keys[1])
    words = Words(np.asarray(ids, np.int32), *windows)
    others = draw_examples(words, np.array([center]), num_noise_words, tables, keys[2])[1]
    first, last = center - words.left[center], center + words.right[center]
    contexts = [i for i in range(int(first), int(last) + 1) if i != center]
    noise_words = others[len(contexts) :].reshape(len(contexts), num_noise_words)
    return Drawn(size, contexts, noise_words)
