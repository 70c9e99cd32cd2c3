"""How good are the vectors? Human judgements of similarity, and contexts against noise."""

from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.stats import bootstrap, mannwhitneyu, rankdata, spearmanr

from w2v_lesson.vectors import unit_length

ROWS_AT_ONCE = 512  # of a words × words matrix, which would fill the memory
RESAMPLES = 999


class Agreement(NamedTuple):
    """Agreement of vectors with human judgements of similarity.

    rho : Spearman's rank correlation, from -1 to 1; nan with fewer than three pairs
    covered : pairs of which both words have vectors; only they count
    total : pairs in the list
    """

    rho: float
    covered: int
    total: int


def read_wordsim353():
    """Return the pairs of WordSim-353, list of (word, word, score from 0 to 10).

    The list comes with the package gensim. Source: Finkelstein et al. 2002, "Placing
    search in context: the concept revisited".
    """
    return _read_judgements("wordsim353.tsv")


def read_simlex999():
    """Return the pairs of SimLex-999, list of (word, word, score from 0 to 10).

    It asks for likeness alone: words that merely belong together, and opposites, have
    low scores. It comes with gensim, too. Source: Hill, Reichart and Korhonen 2015,
    "SimLex-999: evaluating semantic models with (genuine) similarity estimation".
    """
    return _read_judgements("simlex999.txt")


def _read_judgements(name):
    # Found, not imported: gensim takes seconds to load.
    path = Path(find_spec("gensim").origin).parent / "test/test_data" / name
    lines = path.read_text(encoding="utf-8").splitlines()
    fields = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return [(a.lower(), b.lower(), float(score)) for a, b, score in fields]


def scored_pairs(vectors, judgements, which="center"):
    """Cosines and human scores of the pairs of which both words have vectors.

    vectors, judgements, which : as for `agreement`

    Returns two float arrays, shape (covered,).
    """
    pairs = [(a, b, s) for a, b, s in judgements if a in vectors and b in vectors]
    cosines = [vectors.cosine(a, b, which) for a, b, _ in pairs]
    return np.array(cosines), np.array([score for *_, score in pairs])


def agreement(vectors, judgements, which="center"):
    """Rank correlation of cosines with human judgements.

    vectors : WordVectors
    judgements : list of (word, word, score)
    which : "center", "context" or "sum"

    Returns `Agreement`.
    """
    cosines, scores = scored_pairs(vectors, judgements, which)
    if len(scores) < 3:
        return Agreement(float("nan"), len(scores), len(judgements))
    rho = spearmanr(cosines, scores).statistic
    return Agreement(float(rho), len(scores), len(judgements))


def agreement_interval(vectors, judgements, which="center", level=0.95, seed=0):
    """Confidence interval of `agreement`, for other pairs of words like these.

    The pairs are drawn anew with replacement, 999 times; the interval holds the middle
    `level` of the rank correlations. It tells nothing about other trainings.

    Returns (low, high), float; nan with fewer than three pairs. Chapter 06.
    """
    pairs = scored_pairs(vectors, judgements, which)
    if len(pairs[0]) < 3:
        return float("nan"), float("nan")
    return resampled_interval(
        pairs, _rank_correlations, level, seed, paired=True, vectorized=True
    )


def resampled_interval(data, statistic, level, seed, **options):
    """Interval of the middle `level` of a statistic of 999 samples drawn anew.

    data, statistic, options : as for `scipy.stats.bootstrap`

    Returns (low, high), float. Source: Efron 1979 (bootstrap, percentile interval).
    """
    low, high = bootstrap(
        data,
        statistic,
        n_resamples=RESAMPLES,
        confidence_level=level,
        method="percentile",
        random_state=seed,
        **options,
    ).confidence_interval
    return float(low), float(high)


def _rank_correlations(x, y, axis):
    """Spearman's, of many samples at once, for which SciPy's takes a second."""
    x, y = (rankdata(each, axis=axis) for each in (x, y))
    x, y = (each - each.mean(axis=axis, keepdims=True) for each in (x, y))
    lengths = np.sqrt((x**2).sum(axis=axis) * (y**2).sum(axis=axis))
    return (x * y).sum(axis=axis) / lengths


def overlap_at_k(runs, k=10, which="center"):
    """How many of its k nearest words each word keeps from one training to another.

    runs : two or more WordVectors of one vocabulary
    which : "center", "context" or "sum"

    Returns the share of words in common, from 0 to 1, the mean over all pairs of
    trainings, float64, shape (vocabulary,). That of `<unk>` means nothing.
    Raises ValueError for fewer than two trainings. Chapter 06.
    """
    if len(runs) < 2:
        raise ValueError(f"To compare trainings takes two or more, not {len(runs)}.")
    nearest = [_nearest(each.matrix(which), each.vocab.unk, k) for each in runs]
    shares = [
        (one[:, :, None] == other[:, None, :]).sum(axis=(1, 2)) / k
        for one, other in combinations(nearest, 2)
    ]
    return np.mean(shares, axis=0)


def _nearest(matrix, unk, k):
    """The k nearest words of every word, in no order: int, shape (vocabulary, k)."""
    unit = unit_length(matrix)
    found = []
    for start in range(0, len(unit), ROWS_AT_ONCE):
        cosines = unit[start : start + ROWS_AT_ONCE] @ unit.T
        rows = np.arange(len(cosines))
        cosines[rows, start + rows] = -np.inf  # a word is not its own neighbor
        cosines[:, unk] = -np.inf
        nearest = np.argpartition(-cosines, k - 1, axis=1)[:, :k]
        found.append(nearest.copy())  # a view would keep the places of all words
    return np.concatenate(found)


def means_by_count(values, counts, edges):
    """Mean of the values of words with equally many occurrences, or nearly.

    values, counts : shape (words,)
    edges : group i holds the counts from edges[i] to below edges[i + 1]

    Returns (means, sizes), each of shape (groups,); nan for an empty group.
    """
    group = np.digitize(counts, edges)
    inside = [group == i for i in range(1, len(edges))]
    means = [values[each].mean() if each.any() else np.nan for each in inside]
    return np.array(means), np.array([each.sum() for each in inside])


def separation(center, context, data_iter):
    """How well scores tell the contexts of held-out text from noise words.

    center, context : float, shape (vocabulary, embed_size), the two tables
    data_iter : SkipGramData, of text that was not trained on

    Returns the area under the ROC curve (AUC): the probability that a context scores
    higher than a noise word does; 0.5 is guessing, 1 perfect. It depends on the order
    of the scores alone, so that vectors of other programs can be compared by it.
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
