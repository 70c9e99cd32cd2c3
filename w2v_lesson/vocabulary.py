"""The vocabulary: which words there are, and how often each was seen."""

from collections import Counter
from itertools import chain

import numpy as np

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
        counter = Counter(chain.from_iterable(sentences))
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
