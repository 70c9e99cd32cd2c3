"""Correlate numbers over pairs of words, and collect pairs from a text (chapter 13)."""

import numpy as np

NUM_RESAMPLES = 200


def correlation_interval(x, y, w, c, num_words, level=0.95, seed=0):
    """Compute a correlation over pairs of words, with an interval for other such words.

    Pairs that share a word are not independent. So the words are drawn with replacement,
    200 times, and each pair is weighted by how often its two words were drawn. Chapter 13.

    Parameters
    ----------
    x, y : numpy.ndarray
        Two numbers for each pair, float, shape (num_pairs,).
    w, c : numpy.ndarray
        Indices of the two words of each pair, int, shape (num_pairs,).
    num_words : int
        Number of words to draw from.
    level : float, optional
        Share of the correlations in the interval.
    seed : int, optional
        Seed of the draws.

    Returns
    -------
    correlation, low, high : float
        Pearson's correlation and the ends of its interval.

    Notes
    -----
    This is for tens of thousands of pairs. `evaluation.interval_by_words` would take too
    long for so many, because it leaves out each pair in turn.

    References
    ----------
    Owen 2007, "The pigeonhole bootstrap", Annals of Applied Statistics 1(2).
    """
    rng, found = np.random.default_rng(seed), []
    for _ in range(NUM_RESAMPLES):
        times = np.bincount(rng.integers(0, num_words, num_words), minlength=num_words)
        found.append(_correlation(x, y, times[w] * times[c]))
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return _correlation(x, y), float(low), float(high)


def _correlation(x, y, weights=None):
    table = np.cov(x, y, aweights=weights)
    return float(table[0, 1] / np.sqrt(table[0, 0] * table[1, 1]))


def near_words(lines, wanted, allowed, reach=5):
    """List the words near each occurrence of some words (chapter 13).

    Parameters
    ----------
    lines : list of list of str
        Sentences.
    wanted : set of str
        The words whose surroundings are listed.
    allowed : set of str
        The words that may be listed.
    reach : int, optional
        Largest distance that counts as near, in words.

    Returns
    -------
    dict of str to list of str
        For each wanted word that has any, the allowed words near it, each as often as it
        appears there.
    """
    found = {}
    for line in lines:
        for i, word in enumerate(line):
            if word in wanted:
                near = line[max(0, i - reach) : i] + line[i + 1 : i + reach + 1]
                near = [each for each in near if each in allowed]
                if near:
                    found.setdefault(word, []).extend(near)
    return found
