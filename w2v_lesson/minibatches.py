"""From sentences to minibatches: subsampling, windows, noise words, padding, mask."""

import warnings
from contextlib import contextmanager
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
from mxnet import nd
from mxnet import np as mx_np

from w2v_lesson import sampling
from w2v_lesson.corpus import Text, read_ptb, read_text
from w2v_lesson.indexing import index_corpus, index_text
from w2v_lesson.vocabulary import Vocab

HELDOUT_EVERY = 20  # of the sentences of your own text, if some are to be held out
WORDS_AT_ONCE = 10_000_000  # of a long corpus; takes some 330 MB
CENTERS_AT_ONCE = 8_192  # whose noise words are drawn in one call; takes some 1 MB


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


class Drawn(NamedTuple):
    """What was drawn for one center of a sentence, see `draw_example`.

    size : the window size drawn, before the sentence cut the window off
    contexts : list of int, places of the contexts in the sentence
    noise_words : int32, shape (contexts, K), word indices
    """

    size: int
    contexts: list[int]
    noise_words: np.ndarray


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


def draw_examples(words, rows, num_noise_words, tables, key):
    """Draw the noise words of some centers.

    words : Words
    rows : int, shape (n,), which of them are the centers
    num_noise_words : K, noise words for each context
    tables : NoiseTables
    key : uint64, of `sampling.keys`

    Returns `Examples`; no noise word is a context of the same center.
    Raises ValueError if a center has every other word for a context. Chapter 01.
    """
    with sampling.one_at_a_time:
        examples = Examples(
            *sampling.draw_others(*words, rows, num_noise_words, key, *tables)
        )
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


def survival(keep, key):
    """Draw which words of one sentence subsampling keeps: number below probability.

    keep : float64, shape (words,), probability to keep each word of the sentence
    key : uint64, see `sampling.keys`

    Returns `numbers` (float64, shape (words,), from 0 to 1), which depend on the key
    alone, and `kept` (bool, shape (words,)). Chapter 01.
    """
    # Those of `sampling.subsample`, for a text that begins with this sentence.
    bits = [int(sampling.random_bits(key, i)) for i in range(len(keep))]
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
    keys = sampling.keys(seed)
    sentence = np.zeros(len(ids) + max_window_size, np.int32)
    # In a longer sentence the same windows, which its end does not cut off.
    size = int(sampling.draw_windows(sentence, max_window_size, keys[1])[1][center])
    windows = sampling.draw_windows(sentence[: len(ids)], max_window_size, keys[1])
    words = Words(np.asarray(ids, np.int32), *windows)
    others = draw_examples(words, np.array([center]), num_noise_words, tables, keys[2])[1]
    first, last = center - words.left[center], center + words.right[center]
    contexts = [i for i in range(int(first), int(last) + 1) if i != center]
    noise_words = others[len(contexts) :].reshape(len(contexts), num_noise_words)
    return Drawn(size, contexts, noise_words)


def make_batch(examples):
    """Pad examples to the longest of them; return `Batch`. Chapter 01."""
    sizes = np.diff(examples.starts)
    column = np.arange(sizes.max())  # (max_len,)
    masks = column < sizes[:, None]  # (batch, max_len)
    index = examples.starts[:-1, None] + column
    others = examples.others.take(index, mode="clip") * masks
    labels = column < examples.num_contexts[:, None]
    return Batch(*map(_to_mxnet, (examples.centers[:, None], others, masks, labels)))


def known_counts(vocab):
    """Counts of the words, int64, shape (len(vocab),).

    That of `<unk>` is 0: it is neither center nor context nor noise.
    """
    counts = vocab.counts.copy()
    counts[vocab.unk] = 0
    return counts


def padding(masks):
    """Share of a minibatch's cells that are padding; masks : shape (batch, max_len)."""
    return 1 - float(masks.mean())


def _to_mxnet(array):
    # Shares the memory; mxnet.np.array would copy, six times as slowly.
    return nd.from_numpy(array.astype(np.float32)).as_np_ndarray()


class SkipGramData:
    """Minibatches of skip-gram examples with noise words; each pass is an epoch.

    ids, sentence_of : the corpus, as `index_corpus` returns it; may lie on disk (memmap)
    vocab : Vocab; its counts set the subsampling and the noise distribution
    redraw : draw subsampling, windows and noise words afresh for each epoch;
        else once, as the source does
    group_by_length : put examples with equally many contexts together, so that
        little is padded; batches still come in random order
    seed : epoch e is a function of (seed, e) alone, so `data.epoch = e` goes back
        to it
    words_at_once : a longer corpus is drawn and shuffled in parts of about so many words,
        whole sentences, in random order; memory holds one part

    `len(data)` is the number of batches in the coming epoch. Noise words are drawn for a
    few batches at a time and never stored.
    Raises ValueError if there is nothing to train on; iteration raises it if there is no
    noise word to draw. Chapter 01.
    """

    def __init__(
        self,
        ids,
        sentence_of,
        vocab,
        batch_size,
        max_window_size,
        num_noise_words,
        *,
        redraw=False,
        group_by_length=True,
        threshold=1e-4,
        seed=0,
        words_at_once=WORDS_AT_ONCE,
    ):
        check_whole_number("batch_size", batch_size)
        check_whole_number("max_window_size", max_window_size)
        check_whole_number("num_noise_words", num_noise_words)
        check_whole_number("words_at_once", words_at_once)
        self.ids, self.sentence_of, self.vocab = ids, sentence_of, vocab
        self.batch_size = batch_size
        self.max_window_size = max_window_size
        self.num_noise_words = num_noise_words
        self.redraw, self.group_by_length = redraw, group_by_length
        self.threshold, self.seed, self.epoch = threshold, seed, 0
        counts = known_counts(vocab)
        self.keep = keep_probability(counts, threshold)
        self.tables = noise_tables(noise_weights(counts))
        self.parts = _cut_in_parts(sentence_of, words_at_once)
        self._drawn_for = self._words = self._sized_for = self._sizes = None
        self._part_sizes()

    def _keys(self, part):
        """For subsampling, windows and noise words of the coming epoch."""
        return sampling.keys(self.seed, 0, self.epoch if self.redraw else 0, part)

    def words(self, part=0):
        """Return the subsampled `Words` of the coming epoch, of one part of the corpus."""
        keys = self._keys(part)
        if self._drawn_for != keys[0]:
            mine = self.parts[part]
            ids, sentence_of = sampling.subsample(
                self.ids[mine], self.sentence_of[mine], self.keep, keys[0]
            )
            windows = sampling.draw_windows(sentence_of, self.max_window_size, keys[1])
            self._words, self._drawn_for = Words(ids, *windows), keys[0]
        return self._words

    def _part_sizes(self):
        """Words and contexts of each part in the coming epoch."""
        key = self._keys(0)[0]
        if self._sized_for != key:
            drawn = (self.words(part) for part in range(len(self.parts)))
            self._sizes = [
                (len(w.ids), w.left.sum(dtype=int) + w.right.sum(dtype=int)) for w in drawn
            ]
            self._sized_for = key
        if not any(words for words, _ in self._sizes):
            raise ValueError(
                "No sentence has two words left once rare words are dropped and "
                "frequent ones are subsampled. Give more text, or lower min_freq."
            )
        return self._sizes

    @property
    def num_centers(self):
        """Number of examples in the coming epoch, one for each word that is kept."""
        return sum(words for words, _ in self._part_sizes())

    @property
    def num_pairs(self):
        """Number of pairs in the coming epoch: contexts and noise words."""
        contexts = sum(int(contexts) for _, contexts in self._part_sizes())
        return contexts * (1 + self.num_noise_words)

    @contextmanager
    def at_epoch(self, epoch):
        """Inside the block this epoch is the coming one; afterwards it is as before."""
        before, self.epoch = self.epoch, epoch
        try:
            yield
        finally:
            self.epoch = before

    def _part_lengths(self):
        """Number of batches of each part in the coming epoch."""
        return [-(-words // self.batch_size) for words, _ in self._part_sizes()]

    def __len__(self):
        return sum(self._part_lengths())

    def examples(self, start=0):
        """Iterate over the minibatches of the coming epoch as `Examples`.

        start : number of the minibatch to begin with, from 0; those before are not drawn
        """
        epoch, lengths = self.epoch, self._part_lengths()
        order = np.random.default_rng([self.seed, 2, epoch]).permutation(len(lengths))
        self.epoch += 1
        ends = np.cumsum([lengths[part] for part in order])
        # All is settled here: looking at the data meanwhile changes nothing.
        return chain.from_iterable(
            self._examples_of(part, epoch, max(0, start - (end - lengths[part])))
            for part, end in zip(order, ends, strict=True)
            if start < end
        )

    def _examples_of(self, part, epoch, start):
        with self.at_epoch(epoch):
            words, key = self.words(part), self._keys(part)[2]
        rng = np.random.default_rng([self.seed, 1, epoch, part])
        order = rng.permutation(len(words.ids))
        if self.group_by_length:
            # Of 8 or 16 bits: NumPy sorts them several times as fast.
            kind = np.min_scalar_type(2 * self.max_window_size)
            num_contexts = (words.left + words.right).astype(kind)
            order = order[np.argsort(num_contexts[order], kind="stable")]
        batches = np.split(order, range(self.batch_size, len(order), self.batch_size))
        coming = [batches[i] for i in rng.permutation(len(batches))[start:]]
        at_once = max(1, CENTERS_AT_ONCE // self.batch_size)
        for first in range(0, len(coming), at_once):
            several = coming[first : first + at_once]
            rows = np.concatenate(several)
            examples = draw_examples(words, rows, self.num_noise_words, self.tables, key)
            yield from cut(examples, [len(batch) for batch in several])

    def __iter__(self):
        return map(make_batch, self.examples())


def _cut_in_parts(sentence_of, words_at_once):
    """Slices of about so many words that begin and end with a sentence."""
    places = range(words_at_once, len(sentence_of), words_at_once)
    starts = {int(np.searchsorted(sentence_of, sentence_of[place])) for place in places}
    borders = sorted({0, *starts, len(sentence_of)})
    return [slice(*border) for border in pairwise(borders)] or [slice(0, 0)]


def load_data_ptb(
    batch_size,
    max_window_size,
    num_noise_words,
    *,
    split="train",
    vocab=None,
    min_freq=10,
    **options,
):
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


def load_data_text(
    text,
    batch_size,
    max_window_size,
    num_noise_words,
    *,
    split="all",
    min_freq=5,
    max_words=None,
    name=None,
    cache=True,
    progress=None,
    **options,
):
    """Load your own text as minibatches, as `load_data_ptb` does the Penn Treebank.

    text : a path, several, or a `Text` of `read_text`, which takes your own tokenizer
    batch_size, max_window_size, num_noise_words : see `load_data_ptb`
    split : "all"; or "heldout" for every twentieth sentence, and "train" for the others.
        The vocabulary and its counts are those of the whole text, for all three.
    min_freq, max_words, name, cache, progress : see `index_text`
    options : redraw, group_by_length, threshold, seed; see `SkipGramData`

    Returns (data_iter, vocab): `SkipGramData` and `Vocab`. The arrays lie on the disk if
    they are kept there; of "train" and "heldout" they are in memory, 8 bytes a word.
    Warns if the text is too small to learn from.
    Raises what `read_text` and `index_text` raise. Chapter 11.
    """
    if split not in ("all", "train", "heldout"):
        raise ValueError(f"split must be all, train or heldout, not {split!r}.")
    text = text if isinstance(text, Text) else read_text(text)
    ids, sentence_of, vocab, report = index_text(
        text, min_freq, max_words, name=name, cache=cache, progress=progress
    )
    if report.warning:
        warnings.warn(report.warning, stacklevel=2)
    if split != "all":
        mine = (sentence_of % HELDOUT_EVERY == HELDOUT_EVERY - 1) == (split == "heldout")
        ids, sentence_of = ids[mine], sentence_of[mine]
    data_iter = SkipGramData(
        ids, sentence_of, vocab, batch_size, max_window_size, num_noise_words, **options
    )
    return data_iter, vocab


def check_whole_number(name, value):
    """Raise ValueError unless `value` is a whole number of at least 1."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, not {value!r}.")
