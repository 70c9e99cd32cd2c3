"""Words with classes, and tools to judge a classifier of such words (chapter 08).

This module also makes vectors by counting, which chapter 08 compares with those of
word2vec.
"""

import gc

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import svds

from w2v_lesson.judge.evaluation import resampled_interval
from w2v_lesson.settings import Settings

SVD_TOLERANCE = 1e-2  # a smaller one takes longer and classifies no better
# We wrote these lists from common knowledge, before we looked at any vector. Every word
# occurs at least ten times in the training text. Some, such as *may*, have other meanings
# there, too.
CLASSES = {
    "country": "afghanistan australia belgium brazil britain canada china colombia cuba "
    "england finland france germany greece hungary india iran ireland israel "
    "italy japan korea lebanon malaysia mexico netherlands nicaragua panama "
    "poland spain switzerland taiwan",
    "time": "afternoon april aug. august autumn december evening fall february friday "
    "january july june march may monday morning night nov. november oct. october "
    "saturday sept. september spring summer sunday thursday tuesday wednesday "
    "winter",
    "job": "actor adviser analyst architect artist author banker broker chairman "
    "consultant critic dealer designer director doctor economist editor engineer "
    "farmer governor judge lawyer mayor physician pilot professor prosecutor "
    "reporter scientist secretary teacher writer",
    "commodity": "aluminum beef cattle coal cocoa coffee copper corn cotton gas gasoline "
    "gold grain iron lead meat milk oil orange palladium paper petroleum "
    "platinum pork rice rubber silver soybeans steel sugar tobacco wheat",
    "company": "aetna amoco apple at&t boeing cbs chevron chrysler citicorp coca-cola "
    "disney exxon ford ge gte hewlett-packard honda ibm intel jaguar kodak "
    "lockheed lotus microsoft motorola nissan sears sony texaco toyota ual "
    "xerox",
    "first name": "alan arthur barbara bob brian charles david donald elizabeth fred "
    "george henry jack james joe john kenneth linda margaret mary michael "
    "nancy patrick paul peter richard robert ronald stephen susan thomas "
    "william",
}


def labeled_words():
    """Return all words of `CLASSES` and their classes (chapter 08).

    Returns
    -------
    words : list of str
        The words, class by class.
    labels : numpy.ndarray
        Number of the class of each word, int, shape (num_words,).
    """
    lists = [line.split() for line in CLASSES.values()]
    labels = np.repeat(np.arange(len(lists)), [len(each) for each in lists])
    return [word for each in lists for word in each], labels


def stratified_folds(labels, num_folds, seed):
    """Deal the words into folds with about equally many words of each class (chapter 08).

    Parameters
    ----------
    labels : numpy.ndarray
        Class of each word, shape (num_words,).
    num_folds : int
        Number of folds.
    seed : int
        Seed of the deal.

    Returns
    -------
    numpy.ndarray
        Number of the fold of each word, int, shape (num_words,).

    Raises
    ------
    ValueError
        If a class has fewer words than there are folds.
    """
    rng = np.random.default_rng(seed)
    folds = np.zeros(len(labels), int)
    for label in np.unique(labels):
        places = rng.permutation(np.flatnonzero(labels == label))
        if len(places) < num_folds:
            raise ValueError(
                f"Class {label} has {len(places)} words, too few for {num_folds} folds. Lower "
                "num_folds."
            )
        folds[places] = np.arange(len(places)) % num_folds
    return folds


def draw_per_class(labels, n, seed):
    """Draw n words of each class (chapter 08).

    Parameters
    ----------
    labels : numpy.ndarray
        Class of each word, shape (num_words,).
    n : int
        Number of words to draw from each class.
    seed : int
        Seed of the draw.

    Returns
    -------
    numpy.ndarray
        Which words were drawn, bool, shape (num_words,).

    Raises
    ------
    ValueError
        If a class has n words or fewer, so that none would be left to test.
    """
    rng = np.random.default_rng(seed)
    drawn = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        places = np.flatnonzero(labels == label)
        if len(places) <= n:
            raise ValueError(
                f"Class {label} has {len(places)} words, so n must be less than that, not {n}."
            )
        drawn[rng.choice(places, n, replace=False)] = True
    return drawn


def mean_interval(right, level=0.95, seed=0):
    """Compute a mean, with a confidence interval for other words like these (chapter 08).

    The words are drawn with replacement, 999 times, and the interval contains the middle
    `level` of the means. It says nothing about other training runs.

    Parameters
    ----------
    right : numpy.ndarray
        Whether a word was classified correctly in each repeat, or the difference of two
        such arrays, shape (num_repeats, num_words). It is nan where a word was not tested.
        A word that was never tested is left out.
    level : float, optional
        Share of the means in the interval.
    seed : int, optional
        Seed of the draws.

    Returns
    -------
    mean, low, high : float
        The mean and the ends of its interval.

    Notes
    -----
    The repeats of a word are averaged first, because they are not independent. Different
    words are nearly independent. For the method, see `evaluation.resampled_interval`.
    """
    right = np.asarray(right, float)
    words = np.nanmean(right[:, ~np.isnan(right).all(axis=0)], axis=0)
    if np.ptp(words) == 0:  # nothing varies, and SciPy would warn
        return (float(words[0]),) * 3
    return float(words.mean()), *resampled_interval((words,), np.mean, level, seed)


def context_counts(ids, sentence_of, num_words, max_window_size=Settings.max_window_size):
    """Count how often each word appears near each other word (chapter 08).

    Parameters
    ----------
    ids, sentence_of : numpy.ndarray
        The corpus without unknown words, as `vocabulary.index_corpus` returns it, each of
        shape (corpus_size,).
    num_words : int
        Size of the vocabulary.
    max_window_size : int, optional
        Largest distance that counts as near, in words.

    Returns
    -------
    scipy.sparse matrix
        Symmetric, float64, shape (num_words, num_words).
    """
    total = coo_matrix((num_words, num_words)).tocsr()
    for step in range(1, max_window_size + 1):
        near = sentence_of[step:] == sentence_of[:-step]
        pairs = ids[:-step][near], ids[step:][near]
        total = total + coo_matrix((np.ones(near.sum()), pairs), total.shape).tocsr()
    return total + total.T


def ppmi_vectors(counts, size=100, seed=0):
    """Make vectors from counts alone, by PPMI and a singular value decomposition.

    Parameters
    ----------
    counts : scipy.sparse matrix
        As `context_counts` returns it, shape (vocab_size, vocab_size).
    size : int, optional
        Length of a vector, in numbers.
    seed : int, optional
        Seed of the vector that the decomposition starts from.

    Returns
    -------
    numpy.ndarray
        The vectors, float32, shape (vocab_size, size).

    Notes
    -----
    The PPMI (positive pointwise mutual information) of a pair is log(its count / the count
    expected by chance), or 0 if that is negative. For the expected count, the counts of the
    contexts are raised to the power 0.75. The matrix of PPMI is decomposed into U S V, and
    the vectors are the rows of U times the square roots of S. Chapter 08.

    References
    ----------
    Levy, Goldberg and Dagan 2015, "Improving distributional similarity with lessons
    learned from word embeddings", sections 2.2, 3.2, and 3.3.
    """
    pairs = counts.tocoo()
    words = np.asarray(counts.sum(axis=1)).ravel()
    contexts = words**0.75
    expected = words[pairs.row] * contexts[pairs.col] / contexts.sum()
    ppmi = np.maximum(np.log(pairs.data / expected), 0)
    start = np.random.default_rng(seed).normal(size=len(words))
    U, S, _ = svds(
        coo_matrix((ppmi, (pairs.row, pairs.col)), counts.shape).tocsr(),
        k=size,
        v0=start,
        tol=SVD_TOLERANCE,
    )
    gc.collect()  # svds leaves the matrix in a cycle, where 40 MB would wait for their turn
    return (U * np.sqrt(S)).astype(np.float32)
