"""The explorer of the front page and of chapters 00 and 06: each word with its neighbors."""

from functools import cache, partial

import numpy as np

from live import Figure, packed
from w2v_lesson.files.pretrained import ptb_vectors
from w2v_lesson.vocabulary import UNKNOWN

MOST = 10  # neighbors in a list


def explorer(word, k, tables=("center",)):
    """Make the explorer of the vectors that chapter 00 trains.

    Parameters
    ----------
    word : str
        The first word.
    k : int
        How many neighbors each list has, ten at most.
    tables : sequence of str, optional
        One list for each of them, two at most.

    Returns
    -------
    Figure
    """
    return Figure("explorer", partial(_data, word, k, tables), ("words.js",))


def _data(word, k, tables):
    vectors = ptb_vectors()
    order = _by_count(vectors)
    return {
        "words": order,
        "counts": [int(vectors.vocab.counts[vectors.index(token)]) for token in order],
        "word": word,
        "k": k,
        "tables": list(tables),
        "lists": [
            {
                "places": packed(places[:, :k], "uint16"),
                "cosines": packed(cosines[:, :k], "int8"),
            }
            for places, cosines in map(_neighbors, tables)
        ],
    }


def _by_count(vectors):
    """List the words, the most frequent first, as the notebook's explorer does."""
    rows = (-vectors.vocab.counts).argsort(kind="stable")
    return [token for token in vectors.vocab.to_tokens(rows) if token != UNKNOWN]


@cache  # several pages have the same
def _neighbors(table):
    """Find the neighbors of each word: their places in the order, and hundredths."""
    vectors = ptb_vectors()
    order = _by_count(vectors)
    place = {word: i for i, word in enumerate(order)}
    found = [vectors.similar(word, MOST, table) for word in order]
    # As they are shown; a bar is drawn no finer, either.
    cosines = [[round(100 * float(f"{n.cosine:.2f}")) for n in near] for near in found]
    return np.array([[place[n.word] for n in near] for near in found]), np.array(cosines)
