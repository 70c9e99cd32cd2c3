"""How good are the vectors? Human judgements of similarity, and contexts against noise."""

from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.stats import mannwhitneyu, spearmanr


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
    # Found, not imported: gensim takes seconds to load.
    path = Path(find_spec("gensim").origin).parent / "test/test_data/wordsim353.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    fields = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return [(a.lower(), b.lower(), float(score)) for a, b, score in fields]


def agreement(vectors, judgements, which="center"):
    """Rank correlation of cosines with human judgements.

    vectors : WordVectors
    judgements : list of (word, word, score)
    which : "center", "context" or "sum"

    Returns `Agreement`.
    """
    pairs = [(a, b, s) for a, b, s in judgements if a in vectors and b in vectors]
    if len(pairs) < 3:
        return Agreement(float("nan"), len(pairs), len(judgements))
    cosines = [vectors.cosine(a, b, which) for a, b, _ in pairs]
    rho = spearmanr(cosines, [score for *_, score in pairs]).statistic
    return Agreement(float(rho), len(pairs), len(judgements))


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
