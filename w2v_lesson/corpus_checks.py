"""Refuse a text that cannot be trained on before the training begins. Chapter 02."""

import numpy as np

from w2v_lesson.vocabulary import UNKNOWN, Vocab, known_counts

WORDS_AT_ONCE = 10_000_000
# The probability that an epoch has no pair, below which it is negligible.
MAX_LOG_PROBABILITY = np.log(1e-6)


def checked_corpus(ids, sentence_of, vocab):
    """Check that a text consists of words of a vocabulary.

    Parameters
    ----------
    ids, sentence_of : ndarray of int, shape (words,)
        As `index_corpus` returns them.
    vocab : Vocab

    Returns
    -------
    ids, sentence_of : ndarray of int32, shape (words,)

    Raises
    ------
    TypeError
        If these are not arrays of whole numbers and a vocabulary.
    ValueError
        If the arrays belong to another vocabulary, or do not belong together, or if the
        counts of the vocabulary are impossible.
    """
    if not isinstance(vocab, Vocab):
        raise TypeError(f"vocab must be a Vocab, not {type(vocab).__name__}.")
    counts = np.asarray(vocab.counts)
    if counts.shape != (len(vocab),) or counts.dtype.kind not in "iu" or counts.min() < 0:
        raise ValueError(
            f"vocab.counts must have a whole number of at least 0 for each of the {len(vocab):,} "
            "words. Make the vocabulary from the text: Vocab(sentences)."
        )
    for name, array in (("ids", ids), ("sentence_of", sentence_of)):
        if not isinstance(array, np.ndarray) or array.dtype.kind not in "iu":
            raise TypeError(
                f"{name} must be an array of whole numbers, as index_corpus(sentences, "
                f"vocab) returns it, not {getattr(array, 'dtype', type(array).__name__)}."
            )
    if ids.ndim != 1 or ids.shape != sentence_of.shape:
        raise ValueError(
            "ids and sentence_of must have the same length, but their shapes are "
            f"{ids.shape} and {sentence_of.shape}. Pass both as index_corpus returns them."
        )
    counts = known_counts(vocab)
    if not counts.any():
        raise ValueError(
            "The counts of these words are not known, but subsampling and noise words need "
            "them. Make the vocabulary from the text: Vocab(sentences)."
        )
    for start in range(0, len(ids), WORDS_AT_ONCE):
        part = slice(start, start + WORDS_AT_ONCE)
        _check_ids(ids[part], counts)
        _check_order(sentence_of[max(0, start - 1) : part.stop])
    return _as_int32(ids), _as_int32(sentence_of)


def _check_ids(ids, counts):
    if ids.min() < 0 or ids.max() >= len(counts):
        raise ValueError(
            f"ids must be from 0 to {len(counts) - 1:,}, because the vocabulary has "
            f"{len(counts):,} words, but they go from {ids.min():,} to {ids.max():,}. They "
            "belong to another vocabulary: pass the one given to index_corpus."
        )
    if not counts[ids].all():
        raise ValueError(
            f"The text has words that never occur in the text of the vocabulary, or "
            f"{UNKNOWN}. Pass ids as index_corpus(sentences, vocab) returns them."
        )


def _check_order(sentence_of):
    ordered = (sentence_of[1:] >= sentence_of[:-1]).all()
    if not ordered or sentence_of[0] < 0 or sentence_of[-1] > np.iinfo(np.int32).max:
        raise ValueError("sentence_of must count the sentences: 0, 0, 0, 1, 1, 2, ...")


def _as_int32(array):
    if array.dtype == np.int32 and array.flags.c_contiguous:
        return array  # it may be mapped from a file
    return np.ascontiguousarray(array, np.int32)


def surely_has_pairs(ids, sentence_of, keep):
    """Tell whether each epoch has a sentence with two words, whatever is subsampled.

    Parameters
    ----------
    ids, sentence_of : ndarray of int32, shape (words,)
        The text.
    keep : ndarray of float64, shape (len(vocab),)
        Probability of keeping each word.

    Returns
    -------
    bool
        True if the probability of an epoch without one is negligible.
    """
    total = 0.0  # logarithm of the probability
    for start in range(0, len(ids), WORDS_AT_ONCE // 100):
        part = slice(start, start + WORDS_AT_ONCE // 100)
        total += _log_probability_of_no_pair(sentence_of[part], keep[ids[part]])
        if total < MAX_LOG_PROBABILITY:
            return True
    return False


def _log_probability_of_no_pair(sentence_of, keep):
    """Return the log of the probability that at most one word is kept in each sentence."""
    drop = np.maximum(1 - keep, 1e-12)
    starts = np.flatnonzero(np.diff(sentence_of, prepend=-1))
    none_kept = np.add.reduceat(np.log(drop), starts)
    return float((none_kept + np.log1p(np.add.reduceat(keep / drop, starts))).sum())
