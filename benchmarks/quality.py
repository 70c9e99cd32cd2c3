"""Measure how good the vectors are with own and with shared noise words, over several seeds."""

import numpy as np
from scipy import stats

from benchmarks import NUM_EPOCHS, SHAPE, yardstick
from benchmarks.report import table
from benchmarks.sides import Side
from w2v_lesson.engine import warm_up
from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.judge.evaluation import agreement, read_wordsim353, separation
from w2v_lesson.minibatches import load_data_ptb
from w2v_lesson.settings import Settings, falling_rate
from w2v_lesson.training import prepare_training
from w2v_lesson.vectors import WordVectors

TITLE = "Quality"
SEEDS = 5
OWN = {"num_shared_noise": 0}
WAYS = {
    "own noise words": OWN,
    "shared": {},
    "shared, falling rate": falling_rate(NUM_EPOCHS),
}
MEASURES = ("held-out loss", "AUC", "rho, center", "rho, center + context")
DIGITS = (4, 4, 3, 3)


def run(quick=False):
    """Train in each way with each seed; return a section of Markdown."""
    num_epochs, seeds = (1, 2) if quick else (NUM_EPOCHS, SEEDS)
    with Side(warm_up.compile_ahead) as side:
        found = {
            name: np.array(
                [side.call(measure, seed, num_epochs, way) for seed in range(seeds)]
            )
            for name, way in WAYS.items()
        }
    with Side() as side:
        gensim = [side.call(measure_gensim, seed, num_epochs) for seed in range(seeds)]
    found["gensim"] = np.array(gensim)
    rows = [[name, *map(interval, values.T, DIGITS)] for name, values in found.items()]
    own = found.pop("own noise words")
    del found["gensim"]
    changes = [
        [name, *map(interval, (values - own).T, DIGITS)] for name, values in found.items()
    ]
    return f"""\
After {num_epochs} epochs, with the fused engine; everything is drawn again in each epoch. Held-out
loss (nats per pair) and AUC are those of PTB valid, on the same pairs for all; rho is the rank
correlation with WordSim-353. Means over {seeds} seeds, with intervals in which the mean of many
seeds lies with a probability of 95% (Student's t). gensim has 2 workers, whose order is random;
its loss is on another scale.

{table(["", *MEASURES], rows)}

The change against own noise words with the same seed:

{table(["", *MEASURES], changes)}
"""


def measure(seed, num_epochs, way):
    """Train, and return what `MEASURES` names."""
    settings = Settings(seed=seed, num_epochs=num_epochs, **way)
    data_iter, vocab = load_data_ptb(**settings.data_options, redraw=True)
    heldout, _ = load_data_ptb(*SHAPE, split="valid", vocab=vocab)
    training = prepare_training(data_iter, settings, heldout=heldout, engine=FusedEngine)
    records = list(training.run(num_epochs))
    vectors = WordVectors.from_net(training.net, vocab)
    return records[-1].heldout_loss, *judge(vectors, heldout)


def measure_gensim(seed, num_epochs):
    """Train gensim, and return what `MEASURES` names."""
    sentences, vocab = yardstick.load()
    heldout, _ = load_data_ptb(*SHAPE, split="valid", vocab=vocab)
    model = yardstick.prepare(sentences, seed=seed)
    yardstick.train(model, sentences, num_epochs)
    vectors = WordVectors(vocab, *yardstick.tables(model, vocab))
    return np.nan, *judge(vectors, heldout)


def judge(vectors, heldout):
    """Compute AUC and both rank correlations."""
    ratings = read_wordsim353()
    rhos = (agreement(vectors, ratings, which).rho for which in ("center", "sum"))
    return separation(vectors.center, vectors.context, heldout), *rhos


def interval(values, digits):
    """Write a mean with the half width of its interval."""
    if np.isnan(values).any():
        return "–"
    half = stats.t.ppf(0.975, len(values) - 1) * stats.sem(values)
    return f"{values.mean():.{digits}f} ± {half:.{digits}f}"
