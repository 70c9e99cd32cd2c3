"""Measure how good the vectors are after how many seconds of training, beside gensim."""

import time
from itertools import chain
from typing import NamedTuple

from gensim.models.callbacks import CallbackAny2Vec

from benchmarks import SHAPE, lesson, yardstick
from benchmarks.report import table
from benchmarks.sides import Side
from w2v_lesson.engine import warm_up
from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.judge.evaluation import agreement, read_wordsim353, separation
from w2v_lesson.minibatches import load_data_ptb
from w2v_lesson.settings import Settings, falling_rate
from w2v_lesson.training import prepare_training
from w2v_lesson.vectors import WordVectors

TITLE = "Seconds to a quality"
SHOWN = (1, 2, 3, 5, 10, 15, 20)  # epochs


class Snapshot(NamedTuple):
    """Quality at the end of an epoch.

    epoch : epochs trained
    seconds : seconds of training so far, without evaluation
    heldout_loss : nats per pair; None for gensim, whose loss is on another scale
    auc : area under the ROC curve, for held-out contexts against noise words
    rho_center, rho_sum : Spearman's rank correlation with WordSim-353
    covered, total : number of pairs of WordSim-353 with vectors, and of all pairs
    """

    epoch: int
    seconds: float
    heldout_loss: float | None
    auc: float
    rho_center: float
    rho_sum: float
    covered: int
    total: int


class Watch:
    """A clock for a training. It takes snapshots, and it stands still during each of them."""

    def __init__(self, vocab):
        self.vocab, self.judgements = vocab, read_wordsim353()
        self.heldout, _ = load_data_ptb(*SHAPE, split="valid", vocab=vocab)
        self.seconds, self.snapshots = 0.0, []

    def start(self):
        self._started = time.perf_counter()

    def stop(self):
        self.seconds += time.perf_counter() - self._started

    def take(self, epoch, center, context, heldout_loss=None):
        """Add a `Snapshot`; the clock must be stopped."""
        vectors = WordVectors(self.vocab, center, context)
        rho, rho_sum = (
            agreement(vectors, self.judgements, which) for which in ("center", "sum")
        )
        auc = separation(center, context, self.heldout)
        self.snapshots.append(
            Snapshot(
                epoch,
                self.seconds,
                heldout_loss,
                auc,
                rho.rho,
                rho_sum.rho,
                rho.covered,
                rho.total,
            )
        )


def run(quick=False):
    """Train both programs; return a section of Markdown."""
    few, many = (1, 2) if quick else (5, 20)
    with Side(warm_up.compile_ahead) as side:
        ours = {n: side.call(train_ours, n) for n in (few, many)}
    with Side() as side:
        theirs = {n: side.call(train_gensim, n) for n in (few, many)}
    end = ours[many][-1]
    return f"""\
The tables show how good the vectors are after a number of seconds of training. Loading, the
vocabulary, and evaluation don't count. Ours is the fused engine: Adam with a learning rate that
falls over all its epochs (`falling_rate`), 512 centers a step, everything drawn again each epoch.
gensim's falls linearly from 0.025 to almost 0. So for both, a training of {few} epochs is not the
beginning of one of {many}. gensim has {yardstick.WORKERS} workers, whose order is random, so its
numbers vary a little from run to run. Each has only one seed, so differences in the last digit
mean nothing.

AUC is the probability that a context in held-out text (PTB valid) has a higher score than a
noise word. rho is the rank correlation with people's ratings in WordSim-353, of which
{end.covered} of {end.total} pairs are in the vocabulary. With so few pairs, the
standard error of rho is about {(end.covered - 1) ** -0.5:.2f}.

Seconds until one of our two trainings has reached, at the end of an epoch, the value that gensim
has at its end:

{summary_table(ours, theirs)}

Ours, {many} epochs in total:

{epoch_table(ours[many])}

Ours, {few} epochs in total:

{epoch_table(ours[few])}

gensim, {many} epochs in total:

{epoch_table(theirs[many])}

gensim, {few} epochs in total:

{epoch_table(theirs[few])}
"""


def train_ours(num_epochs):
    """Train with the fused engine, and return a `Snapshot` for each epoch."""
    data_iter, vocab = lesson.load()
    settings = Settings(num_epochs=num_epochs, **falling_rate(num_epochs))
    training = prepare_training(data_iter, settings, engine=FusedEngine)
    watch = Watch(vocab)
    watch.start()
    for record in training.run(num_epochs):
        if record.epoch_loss is not None:
            watch.stop()
            loss = training.engine.evaluate(watch.heldout)
            vectors = WordVectors.from_net(training.net, vocab)
            watch.take(training.epochs_done, vectors.center, vectors.context, loss)
            watch.start()
    return watch.snapshots


class AtEpochEnds(CallbackAny2Vec):
    """A callback that takes snapshots of gensim's model."""

    def __init__(self, watch):
        self.watch, self.epoch = watch, 0

    def on_epoch_end(self, model):
        self.watch.stop()
        self.epoch += 1
        if self.epoch in SHOWN:
            self.watch.take(self.epoch, *yardstick.tables(model, self.watch.vocab))
        self.watch.start()


def train_gensim(num_epochs):
    """Train gensim, and return a `Snapshot` for each epoch of the table."""
    sentences, vocab = yardstick.load()
    model = yardstick.prepare(sentences)
    watch = Watch(vocab)
    watch.start()
    yardstick.train(model, sentences, num_epochs, [AtEpochEnds(watch)])
    return watch.snapshots


def epoch_table(snapshots):
    """Make a row for each epoch of the table."""
    with_loss = snapshots[0].heldout_loss is not None
    header = ["epochs", "training, s"]
    header += ["held-out loss, nats per pair"] if with_loss else []
    rows = []
    for one in snapshots:
        if one.epoch in SHOWN:
            row = [f"{one.epoch}", f"{one.seconds:.1f}"]
            row += [f"{one.heldout_loss:.4f}"] if with_loss else []
            row += [f"{x:.3f}" for x in (one.auc, one.rho_center, one.rho_sum)]
            rows.append(row)
    return table([*header, "held-out AUC", "rho, center", "rho, center + context"], rows)


def summary_table(ours, theirs):
    """Tabulate when ours reaches the values that gensim has at its end."""
    rows = []
    ours = sorted(chain(*ours.values()), key=lambda one: one.seconds)
    for num_epochs, snapshots in theirs.items():
        end = snapshots[-1]
        for name, key in (("AUC", "auc"), ("rho, center", "rho_center")):
            goal = getattr(end, key)
            reached = [one for one in ours if getattr(one, key) >= goal]
            rows.append(
                [
                    f"{name}, gensim's at the end of {num_epochs}",
                    f"{goal:.3f}",
                    f"{end.seconds:.1f}",
                    f"{reached[0].seconds:.1f} (epoch {reached[0].epoch})"
                    if reached
                    else "not reached",
                ]
            )
    return table(["", "value", "gensim, s", "ours, s"], rows)
