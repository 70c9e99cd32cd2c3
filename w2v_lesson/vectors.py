"""Questions to trained word vectors: similar words, analogies; saving and loading."""

import difflib
import json
from typing import NamedTuple

import numpy as np
from numpy import copysign
from numpy.linalg import norm, svd

from w2v_lesson.files.disk import atomic_path
from w2v_lesson.vocabulary import UNKNOWN, Vocab
from w2v_lesson.wording import times_seen

TABLES = ("center", "context", "sum")
FORMAT = "w2v_lesson vectors 1"
LEAST_LIKENESS = 0.6  # of spellings, as difflib measures it
MOST_LETTERS = 64  # counted apart


class UnknownWordError(LookupError):
    """A word without a vector; the message suggests others, and `near` lists them."""

    def __init__(self, message, near=()):
        super().__init__(message)
        self.near = list(near)


class VectorsFileError(ValueError):
    """A file that does not hold vectors, or only a part of them."""


class Neighbor(NamedTuple):
    """A word near to what was asked for.

    word : str
    cosine : cosine similarity, from -1 to 1
    count : occurrences of the word in the training text; 0 if that is not known
    """

    word: str
    cosine: float
    count: int

    @property
    def seen(self):
        """The count in words; nothing if it is not known."""
        return times_seen(self.count)


class WordVectors:
    """The vectors of a vocabulary, and the questions one can put to them.

    vocab : Vocab
    center : float32, shape (len(vocab), embed_size), the table v
    context : the table u, same shape; or None if there is only one table
    about : dict of str to str or number, how they were made

    Every question takes `table`: "center", "context" or "sum" (center + context).
    Raises ValueError if a shape does not fit. Chapter 05.
    """

    def __init__(self, vocab, center, context=None, about=None):
        self.vocab, self.about = vocab, dict(about or {})
        self.center = np.asarray(center, dtype=np.float32)
        self.context = None if context is None else np.asarray(context, np.float32)
        shapes = [m.shape for m in (self.center, self.context) if m is not None]
        if len(set(shapes)) > 1 or len(shapes[0]) != 2 or shapes[0][0] != len(vocab):
            raise ValueError(
                f"Each table must have one row for each of the {len(vocab)} words, and "
                f"rows of one length; the shapes are {shapes}."
            )
        self._unit, self._spelling = {}, None

    @classmethod
    def from_net(cls, net, vocab, about=None):
        """Take the two tables out of a trained net."""
        center, context = (layer.weight.data().asnumpy() for layer in net)
        return cls(vocab, center, context, about)

    def __len__(self):
        return len(self.vocab)

    def __contains__(self, word):
        return word in self.vocab and word != UNKNOWN

    def matrix(self, table="center"):
        """All vectors of a table, float32, shape (len(vocab), embed_size)."""
        if table not in TABLES:
            raise ValueError(f"table must be one of {TABLES}, not {table!r}.")
        if table == "center":
            return self.center
        if self.context is None:
            raise ValueError("These vectors have a center table only.")
        return self.context if table == "context" else self.center + self.context

    def vector(self, word, table="center"):
        """Vector of a word, float32, shape (embed_size,)."""
        return self.matrix(table)[self.index(word)]

    def find(self, typed):
        """Return the word of the vocabulary that a reader means, or None.

        Parameters
        ----------
        typed : str
            What the reader typed. Blanks around it don't count.

        Returns
        -------
        str or None
            The word exactly as typed if it has a vector, else the same word in lower
            case if that has one. So vectors that tell upper case from lower case answer
            for *Apple* and *apple*, and those that don't answer for both with *apple*.
        """
        typed = typed.strip()
        return next((word for word in (typed, typed.lower()) if word in self), None)

    def index(self, word):
        """Row of a word. Raises UnknownWordError if it has none."""
        if word in self:
            return self.vocab[word]
        if not word or not word.strip():
            raise UnknownWordError("No word given. Type one, for example 'chip'.")
        near = self.near_spellings(word)
        hint = f"Near spellings: {', '.join(near)}. " if near else ""
        raise UnknownWordError(
            f"'{word}' has no vector. {hint}Words that were rare in the training text have "
            "none.",
            near,
        )

    def near_spellings(self, word, n=5):
        """Up to n words of the vocabulary that are spelled like this one.

        The same that `difflib.get_close_matches` finds, the most alike first.
        """
        if self._spelling is None:
            self._spelling = _Spelling(self.vocab.idx_to_token)
        near = self._spelling.near(word.strip().lower(), n)
        return [token for token in near if token != UNKNOWN]

    def directions(self, words, table="center"):
        """Vectors of words, brought to length 1; float32, shape (words, embed_size)."""
        return self._unit_vectors(table)[[self.index(word) for word in words]]

    def cosine(self, word, other, table="center"):
        """Cosine similarity of two words, from -1 to 1."""
        unit = self._unit_vectors(table)
        return float(unit[self.index(word)] @ unit[self.index(other)])

    def similar(self, word, k=10, table="center"):
        """The k words whose vectors point most nearly the same way.

        Returns a list of `Neighbor`, the nearest first; without the word itself
        and `<unk>`. Raises UnknownWordError, ValueError if k is not possible.
        """
        index = self.index(word)
        return self._nearest(self._unit_vectors(table)[index], {index}, k, table)

    def analogy(self, a, b, c, k=5, table="center"):
        """The k best answers to "a is to b as c is to ...": nearest to b - a + c.

        The vectors are brought to length 1 first. Returns a list of `Neighbor`,
        without a, b, c and `<unk>`. Raises as `similar` does.
        Source: Mikolov, Yih and Zweig 2013 (3CosAdd).
        """
        unit = self._unit_vectors(table)
        ia, ib, ic = (self.index(word) for word in (a, b, c))
        return self._nearest(unit[ib] - unit[ia] + unit[ic], {ia, ib, ic}, k, table)

    def _nearest(self, query, excluded, k, table):
        excluded = excluded | {self.vocab.unk}
        most = len(self) - len(excluded)
        if isinstance(k, bool) or not isinstance(k, (int, np.integer)) or not 0 < k <= most:
            raise ValueError(f"k must be a whole number from 1 to {most}, not {k!r}.")
        cosines = self._unit_vectors(table) @ unit_length(query)
        cosines[list(excluded)] = -np.inf
        best = np.argsort(-cosines, kind="stable")[:k]
        return [
            Neighbor(self.vocab.to_tokens(i), float(cosines[i]), int(self.vocab.counts[i]))
            for i in best
        ]

    def _unit_vectors(self, table):
        if table not in self._unit:
            self._unit[table] = unit_length(self.matrix(table))
        return self._unit[table]

    def save(self, path):
        """Write everything to one NumPy .npz file, without pickle; whole or not at all."""
        tables = {"center": self.center}
        if self.context is not None:
            tables["context"] = self.context
        about = json.dumps({"format": FORMAT, **self.about})
        tokens = np.array(self.vocab.idx_to_token)
        with atomic_path(path) as draft, open(draft, "wb") as file:
            np.savez(file, tokens=tokens, counts=self.vocab.counts, about=about, **tables)

    @classmethod
    def load(cls, path):
        """Read what `save` wrote. Raises VectorsFileError if the file is no such."""
        with open(path, "rb") as file:
            try:
                return cls._from_file(file)
            except Exception as error:  # whatever a file of unknown content leads to
                raise VectorsFileError(
                    f"{path} does not hold the vectors of this lesson, or only a part "
                    f"of them ({error}). Delete it and save them again."
                ) from error

    @classmethod
    def _from_file(cls, file):
        with np.load(file, allow_pickle=False) as archive:
            if any(each.compress_type for each in archive.zip.infolist()):
                raise ValueError("packed, so that it may be of any size")
            content = {name: archive[name] for name in archive.files}
        about = json.loads(str(content["about"]))
        if about.pop("format") != FORMAT:
            raise ValueError("another format")
        vocab = Vocab.from_counts(content["tokens"].tolist(), content["counts"])
        return cls(vocab, content["center"], content.get("context"), about)


def principal_components(vectors):
    """The two directions along which vectors differ most, of length 1.

    vectors : shape (words, embed_size), at least three of them, not all the same

    Returns (axes, explained): shape (2, embed_size) and, for each, its share of the
    variance, shape (2,). The places on the map are
    `(vectors - vectors.mean(axis=0)) @ axes.T`. An axis may point either way; here
    the way that makes the sum of its numbers positive. Chapter 05.
    """
    X = vectors - vectors.mean(axis=0)
    _, S, axes = svd(X, full_matrices=False)
    axes = axes[:2] * copysign(1, axes[:2].sum(axis=1, keepdims=True))
    return axes, S[:2] ** 2 / (S**2).sum()


class _Spelling:
    """Near spellings among many words, in milliseconds.

    A likeness is at most what the letters in common, in any order, allow. That bound
    is found for all words at once; only those it leaves are compared letter by letter.
    """

    def __init__(self, words):
        self.words = words
        self._lengths = np.array([len(word) for word in words])
        letters, columns, seen = np.unique(
            list("".join(words)), return_inverse=True, return_counts=True
        )
        # Rare letters share a column, for which the bound holds as well: vectors from
        # the web have thousands of letters, for which no memory would be enough.
        width = min(len(letters), MOST_LETTERS)
        places = np.minimum(np.argsort(np.argsort(-seen, kind="stable")), width - 1)
        self._places = dict(zip(letters.tolist(), places.tolist(), strict=True))
        rows, columns = np.repeat(np.arange(len(words)), self._lengths), places[columns]
        counts = np.bincount(rows * width + columns, minlength=len(words) * width)
        self._counts = counts.reshape(-1, width).astype(np.int16)

    def near(self, word, n):
        asked = np.zeros(self._counts.shape[1], np.int16)
        for letter in word:
            if letter in self._places:
                asked[self._places[letter]] += 1
        common = np.minimum(self._counts, asked).sum(axis=1)
        bound = 2 * common / np.maximum(self._lengths + len(word), 1)
        matcher, found = difflib.SequenceMatcher(b=word), []
        for i in np.argsort(-bound, kind="stable"):
            least = found[n - 1][0] if len(found) >= n else LEAST_LIKENESS
            if bound[i] < least:
                break
            matcher.set_seq1(self.words[i])
            if (likeness := matcher.ratio()) >= LEAST_LIKENESS:
                found = sorted([*found, (likeness, self.words[i])], reverse=True)[:n]
        return [word for _, word in found]


def unit_length(vectors):
    """Bring vectors, shape (..., embed_size), to length 1; zero stays zero."""
    length = norm(vectors, axis=-1, keepdims=True)
    return vectors / np.maximum(length, 1e-9)
