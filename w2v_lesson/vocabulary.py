"""The vocabulary: which words there are, and how often each was seen."""

from collections import Counter
from itertools import chain

import numpy as np


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


UNKNOWN = "<unk>"


class Vocab:
    """Words and their indices, in the order and with the interface of `d2l.Vocab`.

    Words seen fewer than `min_freq` times are not listed; they share the index of
    `<unk>`. Words are sorted by spelling, so the index says nothing about frequency.

    Attributes
    ----------
    idx_to_token : list of str, length `len(vocab)`
    token_to_idx : dict from str to int
    counts : int64, shape (len(vocab),), occurrences of each word in `sentences`;
        that of `<unk>` includes every rare word.

    Raises ValueError if no word is left but `<unk>`. Chapter 01.
    """

    def __init__(self, sentences, min_freq=0):
        self._choose(Counter(chain.from_iterable(sentences)), min_freq)

    def _choose(self, counter, min_freq):
        frequent = {token for token, count in counter.items() if count >= min_freq}
        if not frequent - {UNKNOWN}:
            raise ValueError(
                f"No word occurs {min_freq} times or more among the {len(counter)} "
                "different words of this text. Lower min_freq, or give more text."
            )
        self.idx_to_token = sorted(frequent | {UNKNOWN})
        self._build_index()
        self.counts = np.array([counter[token] for token in self.idx_to_token])
        self.counts[self.unk] += counter.total() - self.counts.sum()

    @classmethod
    def from_counter(cls, counter, min_freq=0, max_words=None):
        """Make a vocabulary of words counted before, as if of their sentences.

        counter : Counter of str
        max_words : keep so many words besides `<unk>`, the most frequent, those spelled
            first among equals; None keeps all

        Raises ValueError if no word is left but `<unk>`, or for max_words below 1.
        """
        vocab = cls.__new__(cls)
        vocab._choose(counter, min_freq)
        return vocab if max_words is None else vocab._most_frequent(max_words)

    def _most_frequent(self, max_words):
        if max_words < 1:
            raise ValueError(f"max_words must be at least 1, not {max_words!r}.")
        order = np.argsort(-self.counts, kind="stable")  # equals stay in order
        kept = np.union1d(order[order != self.unk][:max_words], self.unk)  # sorted
        counts = self.counts[kept]
        counts[kept == self.unk] += self.counts.sum() - counts.sum()
        return self.from_counts(self.to_tokens(kept), counts)

    @classmethod
    def from_counts(cls, tokens, counts):
        """Make a vocabulary of `tokens` (in this order) seen `counts` times.

        Raises ValueError if their numbers differ or `<unk>` is missing.
        """
        if len(tokens) != len(counts) or UNKNOWN not in tokens:
            raise ValueError("A vocabulary needs one count for each word, and <unk>.")
        vocab = cls.__new__(cls)
        vocab.idx_to_token = list(tokens)
        vocab._build_index()
        vocab.counts = np.asarray(counts, dtype=np.int64)
        return vocab

    def _build_index(self):
        self.token_to_idx = {token: i for i, token in enumerate(self.idx_to_token)}

    def __len__(self):
        return len(self.idx_to_token)

    def __contains__(self, token):
        return token in self.token_to_idx

    def __getitem__(self, tokens):
        """Index of a word, or a list of them; an unlisted word gets that of `<unk>`."""
        if isinstance(tokens, (list, tuple)):
            return [self[token] for token in tokens]
        return self.token_to_idx.get(tokens, self.unk)

    def to_tokens(self, indices):
        """Word at an index, or a list of words for several indices."""
        if hasattr(indices, "__len__"):
            return [self.idx_to_token[int(index)] for index in indices]
        return self.idx_to_token[indices]

    @property
    def unk(self):
        """Index of `<unk>`, which stands for every unlisted word."""
        return self.token_to_idx[UNKNOWN]


def known_counts(vocab):
    """Counts of the words, int64, shape (len(vocab),).

    That of `<unk>` is 0: it is neither center nor context nor noise.
    """
    counts = vocab.counts.copy()
    counts[vocab.unk] = 0
    return counts
