"""From sentences to minibatches: subsampling, windows, noise words, padding, mask.

Chapter 02. Hand-written, because Gluon's `DataLoader` calls Python for each example and
cannot go back to a given epoch and minibatch.
"""

import hashlib
import json
from contextlib import contextmanager
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
from mxnet import nd
from mxnet import np as mx_np

from w2v_lesson import sampling
from w2v_lesson.corpus_checks import checked_corpus, surely_has_pairs
from w2v_lesson.ptb import read_ptb
from w2v_lesson.sampling import (
    Words,
    as_runs,
    draw_examples,
    draw_runs,
    keep_probability,
    noise_tables,
    noise_weights,
    split_examples,
    split_runs,
)
from w2v_lesson.settings import Settings, check_positive, check_whole_number
from w2v_lesson.vocabulary import Vocab, index_corpus, known_counts

MAX_EPOCHS_CHECKED = 1000  # of a short text
WORDS_AT_ONCE = 10_000_000  # of a long corpus; this takes about 330 MB
CENTERS_AT_ONCE = 8_192  # in each call that draws noise words; this takes about 1 MB


class Batch(NamedTuple):
    """One minibatch in float32, as the original chapter's loader returns it. Chapter 02.

    Attributes
    ----------
    centers : mx.np.ndarray, shape (batch, 1)
        Word indices.
    contexts_negatives : mx.np.ndarray, shape (batch, max_len)
        Word indices: the contexts, then the noise words, then padding (0).
    masks : mx.np.ndarray, shape (batch, max_len)
        1 for a pair, 0 for padding.
    labels : mx.np.ndarray, shape (batch, max_len)
        1 for a context, 0 for a noise word or padding.
    """

    centers: mx_np.ndarray
    contexts_negatives: mx_np.ndarray
    masks: mx_np.ndarray
    labels: mx_np.ndarray


def make_batch(examples):
    """Pad examples to the length of the longest one. Chapter 02.

    Parameters
    ----------
    examples : Examples
        The examples of one minibatch.

    Returns
    -------
    Batch
    """
    sizes = np.diff(examples.starts)
    column = np.arange(sizes.max())  # (max_len,)
    masks = column < sizes[:, None]  # (batch, max_len)
    index = examples.starts[:-1, None] + column
    others = examples.others.take(index, mode="clip") * masks
    labels = column < examples.num_contexts[:, None]
    return Batch(*map(_to_mxnet, (examples.centers[:, None], others, masks, labels)))


def batchify(examples):
    """Pack examples into four arrays, with padding, mask, and label. Chapter 02.

    The chapters use this version. The loader uses `make_batch`, which does the same for all
    examples of a minibatch at once.

    Parameters
    ----------
    examples : list of (int, list of int, list of int)
        Word indices: a center, its contexts, and its noise words.

    Returns
    -------
    centers : ndarray of int, shape (batch, 1)
    contexts_negatives, masks, labels : ndarray of int, shape (batch, max_len)
        See `Batch`.
    """
    rows = [contexts + noise_words for _, contexts, noise_words in examples]
    max_len = max(len(row) for row in rows)

    def pad(row):
        return row + [0] * (max_len - len(row))

    centers = [[center] for center, _, _ in examples]
    contexts_negatives = [pad(row) for row in rows]
    masks = [pad([1] * len(row)) for row in rows]
    labels = [pad([1] * len(contexts)) for _, contexts, _ in examples]
    return [np.array(each) for each in (centers, contexts_negatives, masks, labels)]


def padding(masks):
    """Compute the share of padding among the cells of a minibatch. Chapter 02.

    Parameters
    ----------
    masks : array, shape (batch, max_len)
        1 for a pair, 0 for padding.

    Returns
    -------
    float
        From 0 to 1.
    """
    return 1 - float(masks.mean())


def _to_mxnet(array):
    # This shares the memory. mxnet.np.array would copy it, which takes six times as long.
    return nd.from_numpy(array.astype(np.float32)).as_np_ndarray()


class SkipGramData:
    """Minibatches of skip-gram examples with noise words; each pass is an epoch.

    ``len(data)`` is the number of minibatches in the coming epoch. Noise words are drawn
    for a few minibatches at a time and never stored. Chapter 02.

    Parameters
    ----------
    ids, sentence_of : ndarray of int32, shape (words,)
        The corpus, as `index_corpus` returns it; it may be on disk (memmap).
    vocab : Vocab
        Its counts determine the subsampling and the noise distribution.
    batch_size : int
        Centers in a minibatch.
    max_window_size : int
        Largest distance between center and context, in words.
    num_noise_words : int
        K, noise words for each context.
    redraw : bool
        Draw subsampling, windows, and noise words anew for each epoch. Otherwise they are
        drawn once, as in the original chapter.
    group_by_length : bool
        Put examples with the same number of contexts together, which saves padding. The
        minibatches still come in random order.
    run_length : int
        R, the number of neighbors in the text that share noise words in `runs`. If it does
        not divide `batch_size`, the largest smaller number that does is used.
    num_shared_noise : int
        M, the number of noise words that they share; 0 if each center has its own in `runs`.
    threshold : float
        t in subsampling, see `keep_probability`.
    seed : int
        Epoch e depends only on (seed, e), so ``data.epoch = e`` goes back to it.
    words_at_once : int
        A longer corpus is drawn and shuffled in parts of about this many words, in random
        order, so memory holds only one part at a time. No part splits a sentence.

    Raises
    ------
    TypeError
        If the corpus is something else than arrays of whole numbers.
    ValueError
        If a number has an impossible value, if the corpus belongs to another vocabulary, or
        if there is nothing to train on. Iterating raises this error, too, if there is no
        noise word to draw.
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
        run_length=Settings.run_length,
        num_shared_noise=Settings.num_shared_noise,
        threshold=Settings.threshold,
        seed=Settings.seed,
        words_at_once=WORDS_AT_ONCE,
    ):
        check_whole_number("batch_size", batch_size)
        check_whole_number("max_window_size", max_window_size)
        check_whole_number("num_noise_words", num_noise_words)
        check_whole_number("run_length", run_length)
        check_whole_number("num_shared_noise", num_shared_noise, smallest=0)
        check_whole_number("words_at_once", words_at_once)
        check_whole_number("seed", seed, smallest=0)
        check_positive("threshold", threshold)
        self.ids, self.sentence_of = checked_corpus(ids, sentence_of, vocab)
        self.vocab = vocab
        self.batch_size = batch_size
        self.max_window_size = max_window_size
        self.num_noise_words = num_noise_words
        self.run_length = max(
            n for n in range(1, min(run_length, batch_size) + 1) if batch_size % n == 0
        )
        self.num_shared_noise = num_shared_noise
        self.redraw, self.group_by_length = redraw, group_by_length
        self.threshold, self.seed, self.epoch = threshold, seed, 0
        counts = known_counts(vocab)
        self.keep = keep_probability(counts, threshold)
        self.tables = noise_tables(noise_weights(counts))
        self.parts = _cut_in_parts(sentence_of, words_at_once)
        self._drawn_for = self._words = self._sized_for = self._sizes = None
        self._part_sizes()

    def _seeds(self, part):
        """Return the seeds for subsampling, windows and noise words of the coming epoch."""
        return sampling.derive_seeds(self.seed, 0, self.epoch if self.redraw else 0, part)

    def words(self, part=0):
        """Subsample one part of the corpus for the coming epoch, and draw its windows.

        Parameters
        ----------
        part : int
            Number of the part, from 0; a short corpus has only one.

        Returns
        -------
        Words
        """
        seeds = self._seeds(part)
        if self._drawn_for != seeds[0]:
            mine = self.parts[part]
            ids, sentence_of = sampling.subsample(
                self.ids[mine], self.sentence_of[mine], self.keep, seeds[0]
            )
            windows = sampling.draw_windows(sentence_of, self.max_window_size, seeds[1])
            self._words, self._drawn_for = Words(ids, *windows), seeds[0]
        return self._words

    def _part_sizes(self):
        """Return the numbers of words and contexts of each part in the coming epoch."""
        seed = self._seeds(0)[0]
        if self._sized_for != seed:
            drawn = (self.words(part) for part in range(len(self.parts)))
            self._sizes = [
                (len(w.ids), w.left.sum(dtype=int) + w.right.sum(dtype=int)) for w in drawn
            ]
            self._sized_for = seed
        if not any(words for words, _ in self._sizes):
            raise ValueError(
                "No sentence has two words left once rare words are dropped and "
                "frequent ones are subsampled. Give more text, or lower min_freq."
            )
        return self._sizes

    def check_epochs(self, first, last):
        """Raise an error if there is nothing to train on in one of these epochs.

        In a short text, subsampling may leave nothing in some epochs. It is better to know
        at the start of a training.

        Parameters
        ----------
        first, last : int
            Numbers of the epochs, from 0; the last one does not count.

        Raises
        ------
        ValueError
            If no sentence has two words left in one of these epochs.
        """
        if not self.redraw or surely_has_pairs(self.ids, self.sentence_of, self.keep):
            return
        for epoch in range(first, min(last, first + MAX_EPOCHS_CHECKED)):
            with self.at_epoch(epoch):
                self._part_sizes()

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
        """Use another epoch as the coming one inside the block.

        Parameters
        ----------
        epoch : int
            Number of the epoch, from 0.
        """
        before, self.epoch = self.epoch, epoch
        try:
            yield
        finally:
            self.epoch = before

    def _part_lengths(self):
        """Return the number of minibatches of each part in the coming epoch."""
        return [-(-words // self.batch_size) for words, _ in self._part_sizes()]

    def __len__(self):
        return sum(self._part_lengths())

    def examples(self, start=0):
        """Iterate over the minibatches of the coming epoch, without padding.

        Parameters
        ----------
        start : int
            Number of the minibatch to begin with, from 0; earlier ones are not drawn.

        Returns
        -------
        iterator of Examples
        """
        return self._minibatches(self._examples_of, start)

    def runs(self, start=0):
        """Iterate over the minibatches of the coming epoch with shared noise words.

        There are as many as `examples` has, and they have the same centers and contexts in
        another order. Chapter 09.

        Parameters
        ----------
        start : int
            Number of the minibatch to begin with, from 0; those before are not drawn.

        Returns
        -------
        iterator of Runs
        """
        if not self.num_shared_noise:
            return map(as_runs, self.examples(start))
        return self._minibatches(self._runs_of, start)

    def _minibatches(self, minibatches_of, start):
        epoch, lengths = self.epoch, self._part_lengths()
        order = np.random.default_rng([self.seed, 2, epoch]).permutation(len(lengths))
        self.epoch += 1
        ends = np.cumsum([lengths[part] for part in order])
        # The epoch is fixed here, so looking at the data meanwhile does not change it.
        return chain.from_iterable(
            minibatches_of(part, epoch, max(0, start - (end - lengths[part])))
            for part, end in zip(order, ends, strict=True)
            if start < end
        )

    def _examples_of(self, part, epoch, start):
        with self.at_epoch(epoch):
            words, seed = self.words(part), self._seeds(part)[2]
        rng = np.random.default_rng([self.seed, 1, epoch, part])
        order = rng.permutation(len(words.ids))
        if self.group_by_length:
            # NumPy sorts numbers of 8 or 16 bits several times as fast as longer ones.
            kind = np.min_scalar_type(2 * self.max_window_size)
            num_contexts = (words.left + words.right).astype(kind)
            order = order[np.argsort(num_contexts[order], kind="stable")]
        batches = np.split(order, range(self.batch_size, len(order), self.batch_size))
        coming = [batches[i] for i in rng.permutation(len(batches))[start:]]
        at_once = max(1, CENTERS_AT_ONCE // self.batch_size)
        for first in range(0, len(coming), at_once):
            several = coming[first : first + at_once]
            rows = np.concatenate(several)
            examples = draw_examples(words, rows, self.num_noise_words, self.tables, seed)
            yield from split_examples(examples, [len(batch) for batch in several])

    def _runs_of(self, part, epoch, start):
        with self.at_epoch(epoch):
            words, seed = self.words(part), self._seeds(part)[2]
        if np.count_nonzero(self.tables.probabilities) <= 2 * self.max_window_size:
            # So few words could all be contexts of one center, which raises an error here.
            draw_examples(words, np.arange(len(words.ids)), 1, self.tables, seed)
        rng = np.random.default_rng([self.seed, 1, epoch, part])
        order = rng.permutation(-(-len(words.ids) // self.run_length)) * self.run_length
        in_a_batch = self.batch_size // self.run_length
        batches = np.split(order, range(in_a_batch, len(order), in_a_batch))[start:]
        at_once = max(1, CENTERS_AT_ONCE // self.batch_size)
        for first in range(0, len(batches), at_once):
            several = batches[first : first + at_once]
            runs = draw_runs(
                words,
                np.concatenate(several),
                self.run_length,
                self.num_shared_noise,
                self.num_noise_words,
                self.tables,
                seed,
            )
            yield from split_runs(runs, [len(batch) for batch in several])

    def __iter__(self):
        return map(make_batch, self.examples())

    def fingerprint(self):
        """Describe everything that distinguishes these minibatches from others.

        The text and the vocabulary are given by their sizes and the first 16 digits of a
        SHA-256, which takes about a second for 50 million words.

        Returns
        -------
        dict
            Values that can be written as JSON, by name.
        """
        tokens = json.dumps(self.vocab.idx_to_token).encode()
        ends = [part.stop for part in self.parts]
        words = _digest(tokens, self.vocab.counts)
        return {
            "text": f"{len(self.ids):,} words ({_digest(self.ids, self.sentence_of)})",
            "vocabulary": f"{len(self.vocab):,} words ({words})",
            "parts": f"{len(ends):,} of the text ({_digest(np.array(ends))})",
            "batch_size": self.batch_size,
            "max_window_size": self.max_window_size,
            "num_noise_words": self.num_noise_words,
            "threshold": self.threshold,
            "redraw": self.redraw,
            "group_by_length": self.group_by_length,
            "run_length": self.run_length,
            "num_shared_noise": self.num_shared_noise,
            "seed": self.seed,
        }


def check_data(name, data):
    """Raise an error unless an argument is the data of a text.

    Parameters
    ----------
    name : str
        What the argument is called.
    data : object

    Raises
    ------
    TypeError
        If it is no `SkipGramData`.
    """
    if not isinstance(data, SkipGramData):
        raise TypeError(
            f"{name} must be a SkipGramData, not {type(data).__name__}. For example, use the "
            "first of the two results of load_data_ptb: data_iter, vocab = load_data_ptb(…)."
        )


def _digest(*contents):
    total = hashlib.sha256()
    for content in contents:
        total.update(content)
    return total.hexdigest()[:16]


def _cut_in_parts(sentence_of, words_at_once):
    """Return slices of about this many words that begin and end with a sentence."""
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
    """Load the Penn Treebank as minibatches. Chapter 02.

    The name and the first arguments are those of the original chapter.

    Parameters
    ----------
    batch_size : int
        Centers in a minibatch.
    max_window_size : int
        Largest distance between center and context, in words.
    num_noise_words : int
        K, noise words for each context.
    split : {"train", "valid", "test"}
        Which part of the text to load.
    vocab : Vocab, optional
        The vocabulary of the training text. Pass it when you load "valid" or "test".
    min_freq : int
        Words that occur less often count as unknown.
    **options
        `redraw`, `group_by_length`, `run_length`, `num_shared_noise`, `threshold`, and
        `seed`, as in `SkipGramData`.

    Returns
    -------
    data_iter : SkipGramData
    vocab : Vocab

    Raises
    ------
    ValueError
        If an argument has an impossible value.
    CorpusError
        If the text is not installed, or not the expected one.
    """
    sentences = read_ptb(split)
    vocab = Vocab(sentences, min_freq) if vocab is None else vocab
    ids, sentence_of = index_corpus(sentences, vocab)
    data_iter = SkipGramData(
        ids, sentence_of, vocab, batch_size, max_window_size, num_noise_words, **options
    )
    return data_iter, vocab
