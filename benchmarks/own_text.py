"""Find how many epochs a small text needs, and how large it must be; chapter 12 quotes this."""

from statistics import mean, median

import numpy as np
from scipy.stats import rankdata

from benchmarks import SHAPE
from benchmarks.report import table
from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.judge.evaluation import read_wordsim353
from w2v_lesson.minibatches import SkipGramData
from w2v_lesson.ptb import read_ptb
from w2v_lesson.settings import FASTER_RATE, Settings
from w2v_lesson.text.own_text import suggest
from w2v_lesson.training import prepare_training
from w2v_lesson.vectors import WordVectors, unit_length
from w2v_lesson.vocabulary import Vocab, index_corpus

TITLE = "Your own text"
# Words in a part, number of parts, and epochs to train (until well after the lowest loss).
PARTS = (
    (25_000, 6, 56),
    (50_000, 6, 36),
    (100_000, 6, 24),
    (200_000, 4, 16),
    (400_000, 2, 10),
)
PERMUTATIONS = 999
LEVEL = 0.05


def run(quick=False):
    """Train on parts of several sizes; return a section of Markdown."""
    sentences = read_ptb()
    losses, judged = [], []
    for num_words, num_parts, num_epochs in PARTS[:1] if quick else PARTS:
        parts = disjoint_parts(sentences, num_words, num_parts)
        found = [Part(part, seed) for seed, part in enumerate(parts)]
        for each in found:
            each.train(2 if quick else num_epochs)
        size = [f"{num_words:,}", str(num_parts)]
        losses.append(size + loss_cells(found))
        judged.append(size + judged_cells(found))
    return f"""\
We cut disjoint parts out of the Penn Treebank's training text. Each part has its own
vocabulary, training, and seed. The engine is the fused one, with shared noise words and a
constant learning rate of {FASTER_RATE}. Everything is drawn again each epoch, and `suggest` sets
`min_freq`. The held-out loss is measured on every third sentence of PTB valid, indexed with the
part's vocabulary, so you can compare losses within a line but not between lines. "Best" is the
epoch with the lowest held-out loss: median (smallest .. largest) of the parts. Losses are means
over the parts.

{table(LOSS_HEADER, losses)}

We compare the vectors (center table) after the best epoch with WordSim-353, on the pairs whose
words are both in the part's vocabulary. ρ is Spearman's rank correlation: mean (smallest ..
largest). The test shuffles the vectors at random among the words of these pairs,
{PERMUTATIONS} times. It shuffles words rather than pairs, because pairs share words (Mantel
1967). p is the share of all arrangements, including the true one, with a ρ at least as large.

{table(JUDGED_HEADER, judged)}
"""


LOSS_HEADER = ["words in a part", "parts", "best epoch", "loss there"]
LOSS_HEADER += ["epochs by `suggest`", "loss there"]
JUDGED_HEADER = ["words in a part", "parts", "pairs", "ρ", f"parts with p < {LEVEL}"]


def disjoint_parts(sentences, num_words, num_parts):
    """Cut out parts with this many words, in whole sentences, spread evenly over the text."""
    ends = np.cumsum([len(sentence) for sentence in sentences])
    starts = np.linspace(0, ends[-1] - 1.01 * num_words, num_parts)
    return [
        sentences[slice(*np.searchsorted(ends, [start, start + num_words], "right"))]
        for start in starts
    ]


class Part:
    """A part of the text, the losses of a training on it, and the vectors of the best epoch."""

    def __init__(self, sentences, seed):
        self.num_words = sum(map(len, sentences))
        self.plan = suggest(self.num_words)
        vocab = Vocab(sentences, self.plan.min_freq)
        data, heldout = (
            SkipGramData(*index_corpus(text, vocab), vocab, *SHAPE, seed=seed, redraw=True)
            for text in (sentences, read_ptb("valid")[::3])
        )
        self.training = prepare_training(
            data, Settings(lr=FASTER_RATE, seed=seed), heldout=heldout, engine=FusedEngine
        )

    def train(self, num_epochs):
        """Train, and keep the losses and the vectors of the epoch with the lowest loss."""
        self.losses = []
        for record in self.training.run(num_epochs):
            if record.heldout_loss is not None:
                self.losses.append(record.heldout_loss)
                if record.heldout_loss == min(self.losses):
                    vocab = self.training.data_iter.vocab
                    self.vectors = WordVectors.from_net(self.training.net, vocab)

    @property
    def best(self):
        return int(np.argmin(self.losses)) + 1


def loss_cells(found):
    best, num_epochs = [each.best for each in found], found[0].plan.num_epochs
    planned = [each.losses[min(num_epochs, len(each.losses)) - 1] for each in found]
    return [
        f"{median(best):g} ({min(best)} .. {max(best)})",
        f"{mean(min(each.losses) for each in found):.3f}",
        f"{num_epochs}",
        f"{mean(planned):.3f}",
    ]


def judged_cells(found):
    tests = [judged_by_people(each.vectors) for each in found]
    pairs, rhos, p_values = zip(*tests, strict=True)
    return [
        f"{min(pairs)} .. {max(pairs)}",
        f"{mean(rhos):.2f} ({min(rhos):.2f} .. {max(rhos):.2f})",
        f"{sum(p < LEVEL for p in p_values)}",
    ]


def judged_by_people(vectors, seed=0):
    """Return the number of pairs, ρ with WordSim-353, and p from shuffling words."""
    pairs = [(a, b, s) for a, b, s in read_wordsim353() if a in vectors and b in vectors]
    words = sorted({word for a, b, _ in pairs for word in (a, b)})
    place = {word: i for i, word in enumerate(words)}
    one, other = np.array([[place[a], place[b]] for a, b, _ in pairs]).T
    unit = unit_length(vectors.center[vectors.vocab[words]])
    cosines = unit @ unit.T
    scores = rankdata([score for *_, score in pairs])

    def rho(order):
        return np.corrcoef(rankdata(cosines[order[one], order[other]]), scores)[0, 1]

    rng = np.random.default_rng(seed)
    true = rho(np.arange(len(words)))
    chance = [rho(rng.permutation(len(words))) for _ in range(PERMUTATIONS)]
    p = (1 + sum(each >= true for each in chance)) / (1 + PERMUTATIONS)
    return len(pairs), true, p
