"""From sentences to minibatches: subsampling, windows, noise words, padding, mask."""

from typing import NamedTuple

import numpy as np
from mxnet import nd
from mxnet import np as mx_np

from w2v_lesson.corpus import read_ptb
from w2v_lesson.vocabulary import Vocab

# Rejected noise words are drawn again this often; then exactly, word by word.
MAX_REDRAWS = 20


class Batch(NamedTuple):
    """One minibatch, as the source's loader gives it; all are MXNet float32 arrays.

    centers : shape (batch, 1), word indices
    contexts_negatives : shape (batch, max_len), word indices: the contexts, then
        the noise words, then padding (0)
    masks : shape (batch, max_len), 1 for a pair, 0 for padding
    labels : shape (batch, max_len), 1 for a context, 0 for a noise word or padding
    """

    centers: mx_np.ndarray
    contexts_negatives: mx_np.ndarray
    masks: mx_np.ndarray
    labels: mx_np.ndarray


class Examples(NamedTuple):
    """One example for each center word, its context and noise words laid end to end.

    centers : int32, shape (n,), word indices
    others : int32, shape (pairs,), of each center its contexts, then its noise words
    starts : int64, shape (n + 1,), example i owns others[starts[i]:starts[i + 1]]
    num_contexts : int64, shape (n,), how many of these are contexts
    """

    centers: np.ndarray
    others: np.ndarray
    starts: np.ndarray
    num_contexts: np.ndarray


def index_corpus(sentences, vocab):
    """Turn sentences into two parallel arrays, without the unknown words.

    Returns `ids` (int32, shape (words,)), the index of each word, and
    `sentence_of` (int32, shape (words,)), the number of its sentence. Chapter 01.
    """
    index, unk = vocab.token_to_idx.get, vocab.unk  # vocab[token], without the calls
    ids = np.array([index(t, unk) for line in sentences for t in line], dtype=np.int32)
    lengths = [len(line) for line in sentences]
    sentence_of = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    known = ids != unk
    return ids[known], sentence_of[known]


def keep_probability(counts, threshold=1e-4):
    """Probability that subsampling keeps a word, sqrt(threshold / frequency) or 1.

    counts : shape (words,), occurrences in the corpus (0 for `<unk>`)
    threshold : `t`, as a share of all words; a word rarer than this is always kept

    Returns float64, shape (words,), between 0 and 1.
    Source: Mikolov et al. 2013b, section 2.3. Chapter 01.
    """
    frequency = np.asarray(counts) / np.sum(counts)
    return np.sqrt(threshold / np.maximum(frequency, threshold))


def subsample(ids, sentence_of, keep, rng):
    """Drop frequent words at random, then sentences with fewer than two words left.

    ids, sentence_of : as `index_corpus` returns them
    keep : shape (len(vocab),), probability to keep each word
    rng : numpy.random.Generator

    Returns the shortened `ids` and `sentence_of`. Chapter 01.
    """
    kept = rng.random(len(ids)) < keep[ids]
    ids, sentence_of = ids[kept], sentence_of[kept]
    if not len(ids):
        return ids, sentence_of
    long_enough = np.bincount(sentence_of)[sentence_of] >= 2
    return ids[long_enough], sentence_of[long_enough]


def draw_windows(ids, sentence_of, max_window_size, rng):
    """Draw a window for each word and list the words in it.

    The window reaches 1 to `max_window_size` words to each side, every size being
    equally likely, and never beyond the sentence.

    Returns `contexts` (int32, shape (n, 2 * max_window_size)), word indices from
    left to right, and `inside` (bool, same shape), which of them are in the window.
    Source: Mikolov et al. 2013a, section 3.2. Chapter 01.
    """
    n = len(ids)
    sizes = rng.integers(1, max_window_size, size=n, endpoint=True)
    reach = np.arange(1, max_window_size + 1)
    offsets = np.concatenate([-reach[::-1], reach])
    neighbours = np.arange(n)[:, None] + offsets  # (n, 2 * max_window_size)
    inside = (neighbours >= 0) & (neighbours < n)
    neighbours = neighbours.clip(0, n - 1)
    inside &= np.abs(offsets) <= sizes[:, None]
    inside &= sentence_of[neighbours] == sentence_of[:, None]
    return ids[neighbours], inside


def noise_weights(counts, exponent=0.75):
    """Probability of each word to be drawn as noise: proportional to count^exponent.

    counts : shape (words,), occurrences; a word with 0 (`<unk>`) is never drawn

    Returns float64, shape (words,), sum 1.
    Source: Mikolov et al. 2013b, section 2.2. Chapter 01.
    """
    counts = np.asarray(counts, dtype=np.float64)
    weights = np.where(counts > 0, counts**exponent, 0.0)
    return weights / weights.sum()


class NoiseSampler:
    """Draw words with given probabilities, in constant time each (alias method).

    Every word gets a column of equal width; a column is filled by its own word up
    to `share`, and by one other word, its `alias`, above. Drawing is then one
    column at random and one comparison.

    probabilities : shape (words,), sum 1
    Source: Vose 1991, "A linear algorithm for generating random numbers with a
    given distribution". Chapter 01.
    """

    def __init__(self, probabilities):
        self.probabilities = np.asarray(probabilities, dtype=np.float64)
        self.share = self.probabilities * len(self.probabilities)
        self.alias = np.arange(len(self.share), dtype=np.int32)
        small = list(np.flatnonzero(self.share < 1))
        large = list(np.flatnonzero(self.share >= 1))
        left = self.share.copy()
        while small and large:
            low, high = small.pop(), large[-1]
            self.alias[low] = high
            left[high] -= 1 - left[low]
            self.share[low] = left[low]
            if left[high] < 1:
                small.append(large.pop())
        for rest in small + large:  # full columns, up to rounding
            self.share[rest] = 1.0
        self.share = self.share.astype(np.float32)

    def draw(self, shape, rng):
        """Draw an int32 array of word indices of this shape."""
        column = rng.integers(0, len(self.share), size=shape, dtype=np.int32)
        own = rng.random(shape, dtype=np.float32) < self.share[column]
        return np.where(own, column, self.alias[column])


def draw_noise_words(contexts, num_noise_words, sampler, rng):
    """Draw noise words for centers that have equally many contexts.

    contexts : int32, shape (n, c)
    num_noise_words : K, noise words for each context
    sampler : NoiseSampler

    Returns int32, shape (n, c * K); none is a context of the same center.
    Raises ValueError if a center has every other word for a context.
    Source: Mikolov et al. 2013b, section 2.2. Chapter 01.
    """
    noise = sampler.draw((len(contexts), contexts.shape[1] * num_noise_words), rng)
    rows = np.arange(len(contexts))  # those that may hold a context still
    for _ in range(MAX_REDRAWS):
        hits = _is_context(noise[rows], contexts[rows])
        rows, hits = rows[hits.any(axis=1)], hits[hits.any(axis=1)]
        if not len(rows):
            return noise
        candidates = noise[rows]
        candidates[hits] = sampler.draw(hits.sum(), rng)
        noise[rows] = candidates
    for row in rows:
        noise[row] = _draw_exactly(contexts[row], noise.shape[1], sampler, rng)
    return noise


def _is_context(noise, contexts):
    """Which noise words, shape (n, c * K), are among the row's contexts (n, c)."""
    hits = np.zeros(noise.shape, dtype=bool)
    for column in contexts.T:
        hits |= noise == column[:, None]
    return hits


def _draw_exactly(contexts, size, sampler, rng):
    """Draw from the noise words that are no contexts, however rare they are."""
    weights = sampler.probabilities.copy()
    weights[contexts] = 0.0
    if not weights.any():
        raise ValueError(
            "There is no noise word to draw: all words of the vocabulary "
            f"({np.count_nonzero(sampler.probabilities)}) are contexts of one center. "
            "Give more text, or lower max_window_size or min_freq."
        )
    return rng.choice(len(weights), size=size, p=weights / weights.sum())


def draw_examples(ids, sentence_of, max_window_size, num_noise_words, sampler, rng):
    """Draw windows and noise words for a whole (subsampled) corpus.

    Returns `Examples`, one for each word of `ids`, sorted by number of contexts.
    """
    contexts, inside = draw_windows(ids, sentence_of, max_window_size, rng)
    num_contexts = inside.sum(axis=1)
    order = np.argsort(num_contexts, kind="stable")
    others = []
    for c in range(1, 2 * max_window_size + 1):
        rows = order[num_contexts[order] == c]
        block = contexts[rows][inside[rows]].reshape(-1, c)
        noise = draw_noise_words(block, num_noise_words, sampler, rng)
        others.append(np.hstack([block, noise]).ravel())
    sizes = num_contexts[order] * (1 + num_noise_words)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    return Examples(ids[order], np.concatenate(others), starts, num_contexts[order])


def make_batch(examples, rows):
    """Pad the chosen examples to the longest of them.

    rows : int, shape (batch,), which examples
    Returns `Batch`. Chapter 01.
    """
    sizes = examples.starts[rows + 1] - examples.starts[rows]
    column = np.arange(sizes.max())  # (max_len,)
    masks = column < sizes[:, None]  # (batch, max_len)
    index = examples.starts[rows][:, None] + column
    others = examples.others.take(index, mode="clip") * masks
    labels = column < examples.num_contexts[rows][:, None]
    arrays = (examples.centers[rows][:, None], others, masks, labels)
    return Batch(*map(_to_mxnet, arrays))


def _to_mxnet(array):
    # Shares the memory; mxnet.np.array would copy, six times as slowly.
    return nd.from_numpy(array.astype(np.float32)).as_np_ndarray()


class SkipGramData:
    """Minibatches of skip-gram examples with noise words; each pass is an epoch.

    ids, sentence_of : the corpus, as `index_corpus` returns it
    vocab : Vocab; its counts set the subsampling and the noise distribution
    redraw : draw subsampling, windows and noise words afresh for each epoch;
        else once, as the source does
    group_by_length : put examples with equally many contexts together, so that
        little is padded; batches still come in random order
    seed : epoch e is a function of (seed, e) alone, so `data.epoch = e` goes back
        to it

    `len(data)` is the number of batches in the coming epoch.
    Raises ValueError if there is nothing to train on. Chapter 01.
    """

    def __init__(self, ids, sentence_of, vocab, batch_size, max_window_size,
                 num_noise_words, *, redraw=False, group_by_length=True,
                 threshold=1e-4, seed=0):  # fmt: skip
        check_whole_number("batch_size", batch_size)
        check_whole_number("max_window_size", max_window_size)
        check_whole_number("num_noise_words", num_noise_words)
        self.ids, self.sentence_of, self.vocab = ids, sentence_of, vocab
        self.batch_size = batch_size
        self.max_window_size = max_window_size
        self.num_noise_words = num_noise_words
        self.redraw, self.group_by_length = redraw, group_by_length
        self.seed, self.epoch = seed, 0
        counts = vocab.counts.copy()
        counts[vocab.unk] = 0  # `<unk>` is neither center nor context nor noise
        self.keep = keep_probability(counts, threshold)
        self.sampler = NoiseSampler(noise_weights(counts))
        self._drawn_for = self._examples = None
        self.examples()

    def examples(self):
        """Return the `Examples` of the coming epoch, drawing them if need be."""
        draw = self.epoch if self.redraw else 0
        if self._drawn_for != draw:
            rng = np.random.default_rng([self.seed, 0, draw])
            kept = subsample(self.ids, self.sentence_of, self.keep, rng)
            if not len(kept[0]):
                raise ValueError(
                    "No sentence has two words left once rare words are dropped and "
                    "frequent ones are subsampled. Give more text, or lower min_freq."
                )
            self._examples = draw_examples(
                *kept, self.max_window_size, self.num_noise_words, self.sampler, rng
            )
            self._drawn_for = draw
        return self._examples

    def __len__(self):
        return -(-len(self.examples().centers) // self.batch_size)

    def __iter__(self):
        examples = self.examples()
        rng = np.random.default_rng([self.seed, 1, self.epoch])
        self.epoch += 1
        order = rng.permutation(len(examples.centers))
        if self.group_by_length:
            order = order[np.argsort(examples.num_contexts[order], kind="stable")]
        batches = np.split(order, range(self.batch_size, len(order), self.batch_size))
        # All is settled here: looking at the data meanwhile changes nothing.
        return (make_batch(examples, batches[i]) for i in rng.permutation(len(batches)))


def load_data_ptb(batch_size, max_window_size, num_noise_words, *, split="train",
                  vocab=None, min_freq=10, **options):  # fmt: skip
    """Load the Penn Treebank as minibatches, by the source's name and arguments.

    batch_size : centers in a minibatch
    max_window_size : largest distance between center and context, in words
    num_noise_words : K, noise words for each context
    split : "train", "valid" or "test"
    vocab : Vocab of the training text; give it to load "valid" or "test"
    min_freq : words seen fewer times count as unknown
    options : redraw, group_by_length, threshold, seed; see `SkipGramData`

    Returns (data_iter, vocab): `SkipGramData` and `Vocab`.
    Raises ValueError for a bad argument, CorpusError without the text. Chapter 01.
    """
    sentences = read_ptb(split)
    vocab = Vocab(sentences, min_freq) if vocab is None else vocab
    ids, sentence_of = index_corpus(sentences, vocab)
    data_iter = SkipGramData(
        ids, sentence_of, vocab, batch_size, max_window_size, num_noise_words, **options
    )
    return data_iter, vocab


def check_whole_number(name, value):
    """Raise ValueError unless `value` is a whole number of at least 1."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, not {value!r}.")
