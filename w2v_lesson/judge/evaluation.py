"""Measure how good vectors are (chapter 07, and the laboratory of chapter 09).

They are compared with human judgments of similarity, with the vectors of other trainings,
and with held-out text.
"""

from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.stats import bootstrap, mannwhitneyu, rankdata, spearmanr

from w2v_lesson.vectors import unit_length

MAX_ROWS_AT_ONCE = 512  # the whole matrix of words × words would fill the memory
MIN_PAIRS = 3  # with two, a rank correlation is 1 or -1
NUM_RESAMPLES = 999


class Agreement(NamedTuple):
    """Agreement of vectors with human judgments of similarity.

    Parameters
    ----------
    rho : float
        Spearman's rank correlation, from -1 to 1; nan with fewer than three pairs.
    covered : int
        Number of pairs of which both words have vectors; only they count.
    total : int
        Number of pairs in the list.
    """

    rho: float
    covered: int
    total: int


def read_wordsim353():
    """Read the pairs of WordSim-353, which comes with the package gensim (chapter 07).

    Returns
    -------
    list of (str, str, float)
        Two words in lower case, and their human score from 0 to 10.

    References
    ----------
    Finkelstein et al. 2002, "Placing search in context: the concept revisited".
    """
    return _read_judgments("wordsim353.tsv")


def read_simlex999():
    """Read the pairs of SimLex-999, which comes with the package gensim (chapter 07).

    It asks for similarity alone: words that merely belong together, and opposites, have
    low scores.

    Returns
    -------
    list of (str, str, float)
        Two words in lower case, and their human score from 0 to 10.

    References
    ----------
    Hill, Reichart and Korhonen 2015, "SimLex-999: evaluating semantic models with
    (genuine) similarity estimation".
    """
    return _read_judgments("simlex999.txt")


def _read_judgments(name):
    # gensim is only located, because importing it takes seconds.
    path = Path(find_spec("gensim").origin).parent / "test/test_data" / name
    lines = path.read_text(encoding="utf-8").splitlines()
    fields = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return [(a.lower(), b.lower(), float(score)) for a, b, score in fields]


def scored_pairs(vectors, judgments, which="center"):
    """Return cosines and human scores of the pairs of which both words have vectors.

    Parameters
    ----------
    vectors, judgments, which
        As for `agreement`.

    Returns
    -------
    cosines, scores : numpy.ndarray
        Float, shape (covered,), in the order of `judgments`.
    """
    pairs = [(a, b, s) for a, b, s in judgments if a in vectors and b in vectors]
    cosines = [vectors.cosine(a, b, which) for a, b, _ in pairs]
    return np.array(cosines), np.array([score for *_, score in pairs])


def agreement(vectors, judgments, which="center"):
    """Compute the rank correlation of cosines with human judgments (chapter 07).

    Parameters
    ----------
    vectors : WordVectors
        The vectors to judge.
    judgments : list of (str, str, float)
        Two words and their score.
    which : {"center", "context", "sum"}, optional
        The table whose vectors are compared.

    Returns
    -------
    Agreement
        The correlation, and how many pairs it is based on.
    """
    cosines, scores = scored_pairs(vectors, judgments, which)
    if len(scores) < MIN_PAIRS:
        return Agreement(float("nan"), len(scores), len(judgments))
    rho = spearmanr(cosines, scores).statistic
    return Agreement(float(rho), len(scores), len(judgments))


def agreement_interval(vectors, judgments, which="center", level=0.95, seed=0):
    """Compute a confidence interval of `agreement` for other pairs like these (chapter 07).

    The pairs are drawn anew with replacement, 999 times, and the interval contains the
    middle `level` of the rank correlations. It says nothing about other trainings.

    Parameters
    ----------
    vectors, judgments, which
        As for `agreement`.
    level : float, optional
        Share of the correlations in the interval.
    seed : int, optional
        Seed of the draws.

    Returns
    -------
    low, high : float
        Both nan with fewer than three pairs.
    """
    pairs = scored_pairs(vectors, judgments, which)
    if len(pairs[0]) < MIN_PAIRS:
        return float("nan"), float("nan")
    return resampled_interval(
        pairs, _rank_correlations, level, seed, paired=True, vectorized=True
    )


def resampled_interval(data, statistic, level, seed, **options):
    """Compute the interval of the middle `level` of a statistic of 999 samples drawn anew.

    Parameters
    ----------
    data, statistic
        As for `scipy.stats.bootstrap`.
    level : float
        Share of the samples in the interval.
    seed : int
        Seed of the draws.
    **options
        Further options of `scipy.stats.bootstrap`.

    Returns
    -------
    low, high : float
        The ends of the interval.

    References
    ----------
    Efron 1979, "Bootstrap methods: another look at the jackknife" (percentile interval).
    """
    low, high = bootstrap(
        data,
        statistic,
        n_resamples=NUM_RESAMPLES,
        confidence_level=level,
        method="percentile",
        random_state=seed,
        **options,
    ).confidence_interval
    return float(low), float(high)


def _rank_correlations(x, y, axis):
    """Compute Spearman's correlations of many samples at once; SciPy's takes a second."""
    x, y = (rankdata(each, axis=axis) for each in (x, y))
    x, y = (each - each.mean(axis=axis, keepdims=True) for each in (x, y))
    lengths = np.sqrt((x**2).sum(axis=axis) * (y**2).sum(axis=axis))
    return (x * y).sum(axis=axis) / lengths


def overlap_at_k(runs, k=10, which="center"):
    """Compute how many of its k nearest words each word keeps in another training.

    Parameters
    ----------
    runs : list of WordVectors
        Two or more trainings with one vocabulary.
    k : int, optional
        Number of nearest words.
    which : {"center", "context", "sum"}, optional
        The table whose vectors are compared.

    Returns
    -------
    numpy.ndarray
        Share of words in common, from 0 to 1, averaged over all pairs of trainings;
        float64, shape (vocab_size,). The share of `<unk>` has no meaning.

    Raises
    ------
    ValueError
        If there are fewer than two trainings.

    Notes
    -----
    Chapter 07.
    """
    if len(runs) < 2:
        raise ValueError(f"A comparison needs two or more trainings, but got {len(runs)}.")
    nearest = [_nearest(each.matrix(which), each.vocab.unk, k) for each in runs]
    shares = [
        (one[:, :, None] == other[:, None, :]).sum(axis=(1, 2)) / k
        for one, other in combinations(nearest, 2)
    ]
    return np.mean(shares, axis=0)


def _nearest(matrix, unk, k):
    """Find the k nearest words of every word, unordered: int, shape (vocab_size, k)."""
    unit = unit_length(matrix)
    found = []
    for start in range(0, len(unit), MAX_ROWS_AT_ONCE):
        cosines = unit[start : start + MAX_ROWS_AT_ONCE] @ unit.T
        rows = np.arange(len(cosines))
        cosines[rows, start + rows] = -np.inf  # a word is not its own neighbor
        cosines[:, unk] = -np.inf
        nearest = np.argpartition(-cosines, k - 1, axis=1)[:, :k]
        found.append(nearest.copy())  # a view would keep the whole array
    return np.concatenate(found)


def means_by_count(values, counts, edges):
    """Average a value over words that occur about equally often (chapter 07).

    Parameters
    ----------
    values, counts : numpy.ndarray
        Value and number of occurrences of each word, shape (num_words,).
    edges : list of int
        Group i contains the counts from edges[i] to below edges[i + 1].

    Returns
    -------
    means, sizes : numpy.ndarray
        Mean value and number of words of each group, shape (num_groups,). The mean of an
        empty group is nan.
    """
    group = np.digitize(counts, edges)
    inside = [group == i for i in range(1, len(edges))]
    means = [values[each].mean() if each.any() else np.nan for each in inside]
    return np.array(means), np.array([each.sum() for each in inside])


def separation(center, context, data_iter):
    """Compute how well scores tell the contexts of held-out text from noise words.

    Parameters
    ----------
    center, context : numpy.ndarray
        The two tables, float, shape (vocab_size, embed_size).
    data_iter : SkipGramData
        Text that the vectors were not trained on.

    Returns
    -------
    float
        Area under the ROC curve (AUC): the probability that a context has a higher score
        than a noise word. Guessing gives 0.5, and 1 is perfect.

    Notes
    -----
    It depends only on the order of the scores, so it can also compare vectors from other
    programs. Chapter 07.
    """
    with data_iter.at_epoch(0):  # the same pairs each time
        minibatches = data_iter.examples()
    contexts, noise = [], []
    for centers, others, starts, num_contexts in minibatches:
        sizes = np.diff(starts)
        place = np.arange(len(others)) - np.repeat(starts[:-1], sizes)
        is_context = place < np.repeat(num_contexts, sizes)
        scores = (center[np.repeat(centers, sizes)] * context[others]).sum(axis=1)
        contexts.append(scores[is_context])
        noise.append(scores[~is_context])
    contexts, noise = np.concatenate(contexts), np.concatenate(noise)
    u = mannwhitneyu(contexts, noise, method="asymptotic").statistic
    return float(u / (len(contexts) * len(noise)))
