"""Words with a class each, and what judging a classifier of them takes."""

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import svds

from w2v_lesson.judge.evaluation import resampled_interval
from w2v_lesson.settings import Settings

TOLERANCE = 1e-2  # of singular values; finer takes longer and classifies no better
# From common knowledge, written down before any vector was looked at. Every word occurs
# ten times or more in the training text. Some have other meanings there: *may*, *apple*.
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


def labelled_words():
    """All words of `CLASSES` and their classes.

    Returns (words, labels): list of str, and the number of the class of each, int,
    shape (words,). Chapter 07.
    """
    lists = [line.split() for line in CLASSES.values()]
    labels = np.repeat(np.arange(len(lists)), [len(each) for each in lists])
    return [word for each in lists for word in each], labels


def stratified_folds(labels, num_folds, seed):
    """Deal the words into folds with equally many of each class, or nearly.

    labels : shape (words,)
    seed : other seeds deal other folds

    Returns the number of the fold of each word, int, shape (words,).
    Raises ValueError if a class has fewer words than there are folds.
    """
    rng = np.random.default_rng(seed)
    folds = np.zeros(len(labels), int)
    for label in np.unique(labels):
        places = rng.permutation(np.flatnonzero(labels == label))
        if len(places) < num_folds:
            raise ValueError(
                f"Class {label} has {len(places)} words, too few for {num_folds} folds."
            )
        folds[places] = np.arange(len(places)) % num_folds
    return folds


def draw_per_class(labels, n, seed):
    """Draw n words of each class; bool, shape (words,), true for those drawn.

    labels : shape (words,)

    Raises ValueError if a class has n words or fewer, so that none is left to test.
    """
    rng = np.random.default_rng(seed)
    drawn = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        places = np.flatnonzero(labels == label)
        if len(places) <= n:
            raise ValueError(f"Class {label} has {len(places)} words; draw fewer than {n}.")
        drawn[rng.choice(places, n, replace=False)] = True
    return drawn


def mean_interval(right, level=0.95, seed=0):
    """Mean, and its confidence interval for other words like these.

    right : shape (repeats, words): whether a word was classified right in each
        repeat, or the difference of two such arrays. A word's repeats are averaged first:
        they are not independent, its neighbors in the list nearly are.

    The words are drawn anew with replacement, 999 times; the interval holds the middle
    `level` of the means. It tells nothing about other trainings of the vectors.

    Returns (mean, low, high), float. Source: Efron 1979 (bootstrap). Chapter 07.
    """
    words = np.asarray(right, float).mean(axis=0)
    if np.ptp(words) == 0:  # nothing varies, and SciPy would warn
        return (float(words[0]),) * 3
    return float(words.mean()), *resampled_interval((words,), np.mean, level, seed)


def context_counts(ids, sentence_of, num_words, max_window_size=Settings.max_window_size):
    """How often each word stands near each other word, SciPy sparse matrix.

    ids, sentence_of : the corpus without unknown words, as `minibatches.index_corpus`
        returns it, each of shape (words,)
    num_words : in the vocabulary

    Returns float64, shape (num_words, num_words), symmetric.
    """
    total = coo_matrix((num_words, num_words)).tocsr()
    for step in range(1, max_window_size + 1):
        near = sentence_of[step:] == sentence_of[:-step]
        pairs = ids[:-step][near], ids[step:][near]
        total = total + coo_matrix((np.ones(near.sum()), pairs), total.shape).tocsr()
    return total + total.T


def ppmi_vectors(counts, size=100, seed=0):
    """Vectors from counts alone: positive pointwise mutual information, reduced by SVD.

    counts : sparse, shape (vocabulary, vocabulary), as `context_counts` makes it
    size : numbers in a vector

    A pair's PPMI is log(its count / the count expected by chance), or 0 if that is
    negative; contexts' counts are raised to 0.75. Returns float32, shape (vocabulary,
    size). Source: Levy, Goldberg and Dagan 2015, sections 2.2 and 3.2. Chapter 07.
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
        tol=TOLERANCE,
    )
    return (U * np.sqrt(S)).astype(np.float32)
