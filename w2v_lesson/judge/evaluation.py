"""Measure how good vectors are (chapter 07, and the laboratory of chapter 09).

Vectors are compared with human judgments of similarity, with the vectors of other training
runs, and with held-out text.
"""

from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.stats import bootstrap, mannwhitneyu, spearmanr

from w2v_lesson.vectors import unit_length

MAX_ROWS_AT_ONCE = 512  # the whole matrix of words × words would not fit into memory
MIN_PAIRS = 3  # with two, a rank correlation is 1 or -1
NUM_RESAMPLES = 999
STANDARD_ERRORS = 1.96  # to each side, for a level of 95%


class Agreement(NamedTuple):
    """Agreement of vectors with human judgments of similarity.

    Parameters
    ----------
    rho : float
        Spearman's rank correlation, from -1 to 1; nan with fewer than three pairs.
    covered : int
        Number of pairs in which both words have vectors. Only these count.
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
    Finkelstein et al. 2002, "Placing search in context: the concept revisited", ACM
    Transactions on Information Systems 20(1).
    """
    return _read_judgments("wordsim353.tsv")


def read_simlex999():
    """Read the pairs of SimLex-999, which comes with the package gensim (chapter 07).

    Its scores measure similarity alone. Opposites, and words that merely belong together,
    have low scores.

    Returns
    -------
    list of (str, str, float)
        Two words in lower case, and their human score from 0 to 10.

    References
    ----------
    Hill, Reichart and Korhonen 2015, "SimLex-999: evaluating semantic models with
    (genuine) similarity estimation", Computational Linguistics 41(4).
    """
    return _read_judgments("simlex999.txt")


def _read_judgments(name):
    # gensim is only located, because importing it takes seconds.
    path = Path(find_spec("gensim").origin).parent / "test/test_data" / name
    lines = path.read_text(encoding="utf-8").splitlines()
    fields = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return [(a.lower(), b.lower(), float(score)) for a, b, score in fields]


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
    pairs = [(a, b, s) for a, b, s in judgments if a in vectors and b in vectors]
    if len(pairs) < MIN_PAIRS:
        return Agreement(float("nan"), len(pairs), len(judgments))
    cosines = [vectors.cosine(a, b, which) for a, b, _ in pairs]
    rho = spearmanr(cosines, [score for *_, score in pairs]).statistic
    return Agreement(float(rho), len(pairs), len(judgments))


def interval_by_words(pairs, statistic, *columns):
    """Compute a statistic of pairs of words, and its 95% confidence interval (chapter 07).

    Pairs that share a word are not independent, because a poor vector of that word spoils
    all of them. So each word is left out in turn, with all of its pairs. The more the
    statistic changes, the wider the interval is. It says nothing about other training runs.

    Parameters
    ----------
    pairs : list of tuple
        Each begins with two words. There must be at least three pairs.
    statistic : callable
        Computes a number from the columns.
    *columns : numpy.ndarray
        Data about the pairs, in their order, each of shape (num_pairs, ...).

    Returns
    -------
    value, low, high : float
        The statistic over all pairs, and the ends of its interval.

    Raises
    ------
    ValueError
        If there are fewer than three pairs.

    Notes
    -----
    This is the jackknife. Leaving out words leaves out each pair twice, once for each of
    its words, so the changes from leaving out single pairs are subtracted once.

    References
    ----------
    Aronow, Samii and Assenova 2015, "Cluster-robust variance estimation for dyadic data",
    Political Analysis 23(4) (the subtraction).
    """
    if len(pairs) < MIN_PAIRS:
        raise ValueError(
            f"An interval needs {MIN_PAIRS} pairs or more, but there are {len(pairs)}."
        )
    value = statistic(*columns)
    words = np.array([pair[:2] for pair in pairs])

    def squared_changes(left_out):
        changes = [
            statistic(*(column[~each] for column in columns)) - value for each in left_out
        ]
        return np.sum(np.square(changes))

    by_word = squared_changes((words == word).any(axis=1) for word in np.unique(words))
    by_pair = squared_changes(np.eye(len(pairs), dtype=bool))
    margin = STANDARD_ERRORS * np.sqrt(max(by_word - by_pair, by_pair))
    return float(value), float(value - margin), float(value + margin)


def resampled_interval(data, statistic, level, seed, **options):
    """Compute the interval that holds the middle `level` of a statistic over 999 resamples.

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


def nearest_words(vectors, k=10, table="center"):
    """Find the k nearest words of every word (chapter 07).

    Parameters
    ----------
    vectors : WordVectors
        The vectors to search.
    k : int, optional
        Number of nearest words.
    table : {"center", "context", "sum"}, optional
        The table whose vectors are compared.

    Returns
    -------
    numpy.ndarray
        Word indices in any order, int, shape (vocab_size, k). No list contains the word
        itself or `<unk>`.
    """
    unit, unk = unit_length(vectors.matrix(table)), vectors.vocab.unk
    found = []
    for start in range(0, len(unit), MAX_ROWS_AT_ONCE):
        cosines = unit[start : start + MAX_ROWS_AT_ONCE] @ unit.T
        rows = np.arange(len(cosines))
        cosines[rows, start + rows] = -np.inf
        cosines[:, unk] = -np.inf
        nearest = np.argpartition(-cosines, k - 1, axis=1)[:, :k]
        found.append(nearest.copy())  # a view would keep the whole array
    return np.concatenate(found)


def overlap_at_k(lists, partner=None):
    """Compute the share of its nearest words that each word keeps in another training run.

    Parameters
    ----------
    lists : list of numpy.ndarray
        The nearest words in two or more training runs with the same vocabulary, each as
        `nearest_words` returns it, shape (vocab_size, k).
    partner : numpy.ndarray, optional
        For each word another word, int, shape (vocab_size,). The word's own list is then
        compared with its partner's list in the other training run, to see how many words
        two lists share by chance.

    Returns
    -------
    numpy.ndarray
        Share of words in common, from 0 to 1, averaged over all pairs of training runs;
        float64, shape (vocab_size,). The share of `<unk>` has no meaning.

    Raises
    ------
    ValueError
        If there are fewer than two training runs.

    Notes
    -----
    Chapter 07.
    """
    if len(lists) < 2:
        raise ValueError(f"A comparison needs two or more training runs, not {len(lists)}.")
    partner = slice(None) if partner is None else partner
    shares = [
        (one[:, :, None] == other[partner, None, :]).any(axis=2).mean(axis=1)
        for one, other in combinations(lists, 2)
    ]
    return np.mean(shares, axis=0)


def swap_partners(groups, seed=0):
    """Give each word a partner, drawn at random from its group (chapter 07).

    Parameters
    ----------
    groups : numpy.ndarray
        Number of each word's group, int, shape (num_words,).
    seed : int, optional
        Seed of the draw.

    Returns
    -------
    numpy.ndarray
        The partner of each word, int, shape (num_words,). Each word is the partner of one
        word. Only a word that is alone in its group is its own partner.
    """
    rng, partner = np.random.default_rng(seed), np.arange(len(groups))
    for group in np.unique(groups):
        circle = rng.permutation(np.flatnonzero(groups == group))
        partner[circle] = np.roll(circle, 1)
    return partner


def means_by_group(values, groups, level=0.95, seed=0):
    """Average a value over the words of each group, with a bootstrap interval (chapter 07).

    Parameters
    ----------
    values : numpy.ndarray
        Value of each word, shape (num_words,).
    groups : numpy.ndarray
        Number of each word's group, int, shape (num_words,). Each group must have at least
        two words.
    level : float, optional
        Share of the means in the interval.
    seed : int, optional
        Seed of the draws.

    Returns
    -------
    numpy.ndarray
        Mean of each group and the ends of its interval, in order, shape (num_groups, 3).
    """
    found = []
    for group in np.unique(groups):
        inside = values[groups == group]
        interval = resampled_interval((inside,), np.mean, level, seed)
        found.append((inside.mean(), *interval))
    return np.array(found)


def separation(center, context, data_iter):
    """Compute how well scores distinguish contexts in held-out text from noise words.

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
    The AUC depends only on the order of the scores, so it can also compare vectors from
    other programs. Chapter 07.
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
