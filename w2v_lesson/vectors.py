"""Ask trained word vectors for similar words, analogies, and near spellings. Chapter 06.

To save and load vectors, see `files.formats`.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy import copysign
from numpy.linalg import norm, svd
from rapidfuzz import fuzz, process

from w2v_lesson.vocabulary import UNKNOWN, Vocab
from w2v_lesson.wording import times_seen

TABLES = ("center", "context", "sum")
MIN_SPELLING_SIMILARITY = 60  # percent


class UnknownWordError(LookupError):
    """Raised if a word has no vector; the message suggests other words.

    Attributes
    ----------
    near : list of str
        Words of the vocabulary with a similar spelling, the most similar first.
    """

    def __init__(self, message, near=()):
        super().__init__(message)
        self.near = list(near)


class Neighbor(NamedTuple):
    """A word in an answer, with its cosine similarity and its count.

    Attributes
    ----------
    word : str
    cosine : float
        Cosine similarity, from -1 to 1.
    count : int
        Occurrences of the word in the training text; 0 if the count is not known.
    """

    word: str
    cosine: float
    count: int

    @property
    def seen(self):
        """The count as text, for example "seen 1,234 times"; empty if it is not known."""
        return times_seen(self.count)


class WordVectors:
    """The vectors of a vocabulary, and the questions that you can ask them.

    Every question takes `table`, which is "center", "context", or "sum" (center + context).
    Chapter 06.

    Parameters
    ----------
    vocab : Vocab
    center : float32 array, shape (len(vocab), embed_size)
        The table v.
    context : float32 array of the same shape, optional
        The table u. None if there is only one table.
    about : dict, optional
        How the vectors were made: texts and numbers by name.

    Raises
    ------
    TypeError
        If `vocab` is something else than a `Vocab`, or a table no array of numbers.
    ValueError
        If the tables have the wrong shapes.
    """

    def __init__(self, vocab, center, context=None, about=None):
        if not isinstance(vocab, Vocab):
            raise TypeError(f"vocab must be a Vocab, not {type(vocab).__name__}.")
        self.vocab, self.about = vocab, dict(about or {})
        self.center = _as_table("center", center)
        self.context = None if context is None else _as_table("context", context)
        shapes = [m.shape for m in (self.center, self.context) if m is not None]
        if len(set(shapes)) > 1 or len(shapes[0]) != 2 or shapes[0][0] != len(vocab):
            raise ValueError(
                f"Each table must have one row for each of the {len(vocab)} words, and both "
                f"must have the same shape. The shapes are {shapes}."
            )
        self._unit = {}

    @classmethod
    def from_net(cls, net, vocab, about=None):
        """Take the two tables out of a trained net.

        Parameters
        ----------
        net : mxnet.gluon.nn.Sequential
            As `model.build_net` makes it.
        vocab : Vocab
            The vocabulary it was trained with.
        about : dict, optional
            As for `WordVectors`.

        Returns
        -------
        WordVectors
            Copies of the tables, so they don't change if the training continues.
        """
        try:
            center, context = (layer.weight.data().asnumpy() for layer in net)
        except (TypeError, ValueError, AttributeError) as error:
            raise TypeError(
                f"net must be a net of build_net, with two tables, not {type(net).__name__}."
            ) from error
        return cls(vocab, center, context, about)

    def __len__(self):
        return len(self.vocab)

    def __contains__(self, word):
        return word in self.vocab and word != UNKNOWN

    def matrix(self, table="center"):
        """Return all vectors of a table.

        Parameters
        ----------
        table : {"center", "context", "sum"}
            Which table to use; "sum" is center + context.

        Returns
        -------
        float32 array, shape (len(vocab), embed_size)
            Row i is the vector of word i.

        Raises
        ------
        ValueError
            If there is no such table.
        """
        if not isinstance(table, str) or table not in TABLES:
            raise ValueError(f"table must be one of {TABLES}, not {table!r}.")
        if table == "center":
            return self.center
        if self.context is None:
            raise ValueError(
                f"table must be 'center', not {table!r}: these vectors have only a center table."
            )
        return self.context if table == "context" else self.center + self.context

    def vector(self, word, table="center"):
        """Return the vector of a word.

        Parameters
        ----------
        word : str
            A word of the vocabulary.
        table : {"center", "context", "sum"}
            Which table to use; "sum" is center + context.

        Returns
        -------
        float32 array, shape (embed_size,)
            As it was trained, not scaled to length 1.

        Raises
        ------
        UnknownWordError
            If the word has no vector.
        ValueError
            If there is no such table.
        """
        return self.matrix(table)[self.index(word)]

    def find(self, typed):
        """Return the word of the vocabulary that the reader means, or None.

        Parameters
        ----------
        typed : str
            What the reader typed. Blanks around it are ignored.

        Returns
        -------
        str or None
            The word exactly as typed if it has a vector, otherwise the word in lower case
            if that has one. If the vectors distinguish upper and lower case, *Apple* and
            *apple* are two words. If they do not, both find *apple*.
        """
        if not isinstance(typed, str):
            raise TypeError(f"Give one word as a str, such as 'chip', not {typed!r}.")
        typed = typed.strip()
        return next((word for word in (typed, typed.lower()) if word in self), None)

    def index(self, word):
        """Return the row of a word in the tables.

        Parameters
        ----------
        word : str
            A word of the vocabulary.

        Returns
        -------
        int
            The row, from 0.

        Raises
        ------
        UnknownWordError
            If the word has no vector. The message suggests words with a similar spelling.
        TypeError
            If it is something else than one word.
        """
        if not isinstance(word, str):
            raise TypeError(f"Give one word as a str, such as 'chip', not {word!r}.")
        if word in self:
            return self.vocab[word]
        if not word or not word.strip():
            raise UnknownWordError("No word given. Type one, for example 'chip'.")
        near = self.near_spellings(word)
        hint = f"Near spellings: {', '.join(near)}. " if near else ""
        raise UnknownWordError(
            f"'{word}' has no vector. {hint}Words that are rare in the training text have "
            "none.",
            near,
        )

    def near_spellings(self, word, n=5):
        """Return up to n words of the vocabulary that are spelled like this one.

        Parameters
        ----------
        word : str
            Upper and lower case make no difference.
        n : int

        Returns
        -------
        list of str
            The most similar one first. If words are equally similar, the more frequent ones
            come first, and then the order is alphabetical.

        Notes
        -----
        Similarity is twice the number of letters that the two words share in the same
        order, as a percentage of the letters in both. Words below 60 are left out.
        """
        tokens, counts = self.vocab.idx_to_token, self.vocab.counts
        found = process.extract(
            word.strip(),
            tokens,
            scorer=fuzz.ratio,
            processor=str.lower,
            score_cutoff=MIN_SPELLING_SIMILARITY,
            limit=None,
        )
        found.sort(key=lambda each: (-each[1], -counts[each[2]], each[0]))
        return [token for token, _, _ in found if token != UNKNOWN][:n]

    def directions(self, words, table="center"):
        """Return the vectors of several words, scaled to length 1.

        Parameters
        ----------
        words : sequence of str
            Words of the vocabulary.
        table : {"center", "context", "sum"}
            Which table to use; "sum" is center + context.

        Returns
        -------
        float32 array, shape (len(words), embed_size)
            One row for each word, in the order given.

        Raises
        ------
        UnknownWordError
            If one of the words has no vector.
        ValueError
            If there is no such table.
        """
        if isinstance(words, (str, bytes)) or not isinstance(words, Iterable):
            raise TypeError(
                f"Give a list of words, such as ['chip', 'disk'], not {words!r}."
            )
        return self._unit_vectors(table)[[self.index(word) for word in words]]

    def cosine(self, word, other, table="center"):
        """Return the cosine similarity of two words.

        Parameters
        ----------
        word, other : str
            Words of the vocabulary.
        table : {"center", "context", "sum"}
            Which table to use; "sum" is center + context.

        Returns
        -------
        float
            From -1 (opposite directions) to 1 (the same direction).

        Raises
        ------
        UnknownWordError
            If one of the words has no vector.
        ValueError
            If there is no such table.
        """
        unit = self._unit_vectors(table)
        return float(unit[self.index(word)] @ unit[self.index(other)])

    def similar(self, word, k=10, table="center"):
        """Find the k words whose vectors point most nearly in the same direction.

        Parameters
        ----------
        word : str
        k : int
            How many words; at most the number of other words.
        table : {"center", "context", "sum"}

        Returns
        -------
        list of Neighbor
            The nearest first, without the word itself and `<unk>`.

        Raises
        ------
        UnknownWordError
            If the word has no vector.
        ValueError
            If k is not a whole number from 1 to the number of other words.
        """
        index = self.index(word)
        return self._nearest(self._unit_vectors(table)[index], {index}, k, table)

    def analogy(self, a, b, c, k=5, table="center"):
        """Find the k best answers to "a is to b as c is to ...": nearest to b - a + c.

        Parameters
        ----------
        a, b, c : str
        k : int
        table : {"center", "context", "sum"}

        Returns
        -------
        list of Neighbor
            The nearest first, without a, b, c, and `<unk>`.

        Raises
        ------
        UnknownWordError, ValueError
            As `similar` does.

        Notes
        -----
        The vectors are scaled to length 1 first. This is 3CosAdd of Mikolov, Yih, and
        Zweig (2013).
        """
        unit = self._unit_vectors(table)
        ia, ib, ic = (self.index(word) for word in (a, b, c))
        return self._nearest(unit[ib] - unit[ia] + unit[ic], {ia, ib, ic}, k, table)

    def _nearest(self, query, excluded, k, table):
        excluded = excluded | {self.vocab.unk}
        max_k = len(self) - len(excluded)
        if max_k < 1:
            raise ValueError("These vectors have no other word, so none is similar.")
        if (
            isinstance(k, bool)
            or not isinstance(k, (int, np.integer))
            or not 0 < k <= max_k
        ):
            raise ValueError(f"k must be a whole number from 1 to {max_k}, not {k!r}.")
        cosines = self._unit_vectors(table) @ unit_length(query)
        others = np.delete(np.arange(len(self)), list(excluded))
        best = others[np.argsort(-cosines[others], kind="stable")[:k]]
        return [
            Neighbor(self.vocab.to_tokens(i), float(cosines[i]), int(self.vocab.counts[i]))
            for i in best
        ]

    def _unit_vectors(self, table):
        if not isinstance(table, str) or table not in self._unit:
            self._unit[table] = unit_length(self.matrix(table))
        return self._unit[table]


def _as_table(name, numbers):
    try:
        return np.asarray(numbers, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{name} must be an array of numbers ({error}).") from error


def principal_components(vectors):
    """Return the two directions of length 1 along which vectors differ most.

    Parameters
    ----------
    vectors : array, shape (words, embed_size)
        At least three of them.

    Returns
    -------
    axes : array, shape (2, embed_size)
        The places on the map are `(vectors - vectors.mean(axis=0)) @ axes.T`. Each axis
        could point either way. We choose the one in which its numbers have a positive sum.
    explained : array, shape (2,)
        Each direction's share of the variance; zeros if the vectors are all the same.
        Chapter 06.
    """
    X = vectors - vectors.mean(axis=0)
    _, S, axes = svd(X, full_matrices=False)
    axes = axes[:2] * copysign(1, axes[:2].sum(axis=1, keepdims=True))
    return axes, S[:2] ** 2 / max((S**2).sum(), 1e-12)


def unit_length(vectors):
    """Scale vectors to length 1.

    Parameters
    ----------
    vectors : array, shape (..., embed_size)
        One vector or several.

    Returns
    -------
    array, shape (..., embed_size)
        The vectors divided by their lengths. A vector of zeros stays as it is, and one
        with a number that isn't finite becomes zeros, because it has no direction.
    """
    with np.errstate(over="ignore"):
        length = norm(vectors, axis=-1, keepdims=True)
    if not np.isfinite(length).all():
        vectors = np.where(np.isfinite(vectors).all(axis=-1, keepdims=True), vectors, 0)
        length = norm(vectors.astype(np.float64), axis=-1, keepdims=True)
    return (vectors / np.maximum(length, 1e-9)).astype(vectors.dtype, copy=False)
