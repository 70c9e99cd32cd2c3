"""The vocabulary: which words there are, and how often each occurs. Chapter 01.

Hand-written, because d2l's `Vocab` has the same interface but keeps no counts.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import chain
from numbers import Integral

import numpy as np

UNKNOWN = "<unk>"


class NoWordLeftError(ValueError):
    """Raised if no word of a text occurs often enough."""


class Vocab:
    """Words and their indices, in the order and with the interface of `d2l.Vocab`.

    Words are in alphabetical order, so the index says nothing about frequency. Chapter 01.

    Parameters
    ----------
    sentences : list of list of str
        The text.
    min_freq : int
        Words that occur less often are not listed and share the index of `<unk>`.

    Attributes
    ----------
    idx_to_token : list of str, length len(vocab)
    token_to_idx : dict from str to int
    counts : ndarray of int64, shape (len(vocab),)
        Occurrences of each word in the text; those of `<unk>` include all rare words.

    Raises
    ------
    TypeError
        If the text is something else than lists of words.
    ValueError
        If no word is left but `<unk>`.
    """

    def __init__(self, sentences, min_freq=0):
        tokens = list(chain.from_iterable(_checked(sentences)))
        _check_words(tokens)
        counter = Counter(tokens)
        self._choose(counter, min_freq)

    def _choose(self, counter, min_freq):
        if isinstance(min_freq, bool) or not isinstance(min_freq, (int, np.integer)):
            raise ValueError(f"min_freq must be a whole number, not {min_freq!r}.")
        frequent = {token for token, count in counter.items() if count >= min_freq}
        if not frequent - {UNKNOWN}:
            raise NoWordLeftError(
                f"No word occurs {min_freq} times or more among the {len(counter)} "
                "different words of this text. Lower min_freq, or give more text."
            )
        self.idx_to_token = sorted(frequent | {UNKNOWN})
        self._build_index()
        self.counts = np.array([counter[token] for token in self.idx_to_token])
        self.counts[self.unk] += counter.total() - self.counts.sum()

    @classmethod
    def from_counter(cls, counter, min_freq=0, max_words=None):
        """Make a vocabulary of words that have already been counted.

        Parameters
        ----------
        counter : collections.Counter of str
            Occurrences of each word.
        min_freq : int
            Words that occur less often are not listed.
        max_words : int, optional
            Keep only this many words besides `<unk>`, the most frequent ones. Among equally
            frequent words, the alphabet decides.

        Returns
        -------
        Vocab

        Raises
        ------
        ValueError
            If no word is left but `<unk>`, or if `max_words` is below 1.
        """
        if not isinstance(counter, Mapping):
            raise TypeError(
                f"counter must be a Counter of words, not {_kind(counter)}. To count the words "
                "of a text, use Vocab(sentences)."
            )
        _check_words(counter)
        if not all(isinstance(count, Integral) for count in counter.values()):
            raise TypeError("Each count of the counter must be a whole number.")
        vocab = cls.__new__(cls)
        vocab._choose(Counter(counter), min_freq)
        return vocab if max_words is None else vocab._most_frequent(max_words)

    def _most_frequent(self, max_words):
        if not isinstance(max_words, (int, np.integer)) or max_words < 1:
            raise ValueError(f"max_words must be at least 1, not {max_words!r}.")
        kept = np.union1d(self.by_frequency()[:max_words], self.unk)  # sorted
        counts = self.counts[kept]
        counts[kept == self.unk] += self.counts.sum() - counts.sum()
        return self.from_counts(self.to_tokens(kept), counts)

    @classmethod
    def from_counts(cls, tokens, counts):
        """Make a vocabulary of words in a given order.

        Parameters
        ----------
        tokens : list of str
            The words, including `<unk>`.
        counts : array_like of int, shape (len(tokens),)
            How often each word occurs.

        Returns
        -------
        Vocab

        Raises
        ------
        ValueError
            If there is not one count for each word, or no `<unk>`.
        """
        if isinstance(tokens, (str, bytes)) or not hasattr(tokens, "__len__"):
            raise TypeError(f"tokens must be a list of words, not {_kind(tokens)}.")
        if len(tokens) != len(counts) or UNKNOWN not in tokens:
            raise ValueError(
                f"A vocabulary needs one count for each word and must contain {UNKNOWN}. "
                f"There are {len(tokens)} words and {len(counts)} counts."
            )
        _check_words(tokens)
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
        """Return the index of a word, or a list of indices for several words.

        A word that is not listed gets the index of `<unk>`.
        """
        if isinstance(tokens, (list, tuple)):
            return [self[token] for token in tokens]
        if not isinstance(tokens, str):
            raise TypeError(f"Look up a word or a list of words, not {tokens!r}.")
        return self.token_to_idx.get(tokens, self.unk)

    def to_tokens(self, indices):
        """Return the word at an index, or a list of words for several indices.

        Parameters
        ----------
        indices : int or sequence of int
            From 0 to len(vocab) - 1.

        Returns
        -------
        str or list of str

        Raises
        ------
        IndexError
            If there is no such index.
        """
        if hasattr(indices, "__len__") and not isinstance(indices, (str, bytes)):
            return [self.to_tokens(index) for index in _list(indices)]
        if isinstance(indices, bool) or not isinstance(indices, Integral):
            raise TypeError(f"Look up an index or a list of indices, not {indices!r}.")
        if not 0 <= indices < len(self):
            raise IndexError(f"The index must be from 0 to {len(self) - 1}, not {indices}.")
        return self.idx_to_token[indices]

    @property
    def unk(self):
        """Index of `<unk>`, which stands for every unlisted word."""
        return self.token_to_idx[UNKNOWN]

    def by_frequency(self):
        """Return the indices of all words but `<unk>`, the most frequent first.

        Returns
        -------
        ndarray of int64, shape (len(vocab) - 1,)
            Equally frequent words stay in their order.
        """
        order = np.argsort(-self.counts, kind="stable")
        return order[order != self.unk]


def known_counts(vocab):
    """Return the counts of the words, with 0 for `<unk>`. Chapter 01.

    The unknown word is never a center, a context, or a noise word.

    Parameters
    ----------
    vocab : Vocab
        The vocabulary.

    Returns
    -------
    ndarray of int64, shape (len(vocab),)
    """
    counts = vocab.counts.copy()
    counts[vocab.unk] = 0
    return counts


def index_corpus(sentences, vocab):
    """Turn sentences into two parallel arrays, without the unknown words. Chapter 01.

    Parameters
    ----------
    sentences : list of list of str
        The text.
    vocab : Vocab
        Its words.

    Returns
    -------
    ids : ndarray of int32, shape (words,)
        Index of each word.
    sentence_of : ndarray of int32, shape (words,)
        Number of the sentence that each word is in.

    Raises
    ------
    TypeError
        If the text is something else than lists of words.
    """
    if not isinstance(vocab, Vocab):
        raise TypeError(f"vocab must be a Vocab, not {_kind(vocab)}.")
    index, unk = vocab.token_to_idx.get, vocab.unk  # vocab[token], without the calls
    lines = list(_checked(sentences))
    tokens = list(chain.from_iterable(lines))
    _check_words(tokens)
    ids = np.array([index(token, unk) for token in tokens], dtype=np.int32)
    lengths = [len(line) for line in lines]
    sentence_of = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    known = ids != unk
    return ids[known], sentence_of[known]


def _checked(sentences):
    """Yield the sentences; raise TypeError at one that is not a list of words."""
    if isinstance(sentences, (str, bytes, Mapping, Iterator)) or not isinstance(
        sentences, Iterable
    ):
        raise TypeError(
            "The text must be a list of sentences, each a list of words, but it is "
            f"{_kind(sentences)}. Pass list(...) of a generator, and use "
            "w2v_lesson.text.sentences.read_text for files."
        )
    for sentence in sentences:
        no_list = str, bytes, Mapping, Set  # in the last two, words have no order
        if isinstance(sentence, no_list) or not hasattr(sentence, "__len__"):
            raise TypeError(
                f"Each sentence must be a list of words, but one is {_kind(sentence)}. If "
                "it is text, split it first, for example with sentence.split()."
            )
        yield sentence


def _check_words(words):
    kinds = set(map(type, words))
    if wrong := [kind for kind in kinds if not issubclass(kind, str)]:
        raise TypeError(
            f"Each word must be a str, but some are {wrong[0].__name__}. A sentence is a "
            "list of words, and a text is a list of sentences."
        )


def _list(indices):
    """Return the numbers of a list, or of an array of any library, as whole ones if they are."""
    numbers = indices.tolist() if hasattr(indices, "tolist") else indices
    return [int(x) if isinstance(x, float) and x.is_integer() else x for x in numbers]


def _kind(value):
    return f"{type(value).__name__} ({str(value)[:40]!r})" if value is not None else "None"
