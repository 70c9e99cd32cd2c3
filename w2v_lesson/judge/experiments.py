"""Train with other settings, and judge each training run by the same measures.

The laboratory of chapter 09 is built on this.
"""

import math
from typing import NamedTuple

from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.judge.evaluation import Agreement, agreement, read_wordsim353, separation
from w2v_lesson.minibatches import SkipGramData
from w2v_lesson.ptb import read_ptb
from w2v_lesson.settings import Settings
from w2v_lesson.training import prepare_training
from w2v_lesson.vectors import WordVectors
from w2v_lesson.vocabulary import Vocab, index_corpus

# Every training starts at log 2, where each answer is 1/2; this much above it, the steps
# are too large and lead away.
DIVERGED = 1.05 * math.log(2)


class Result(NamedTuple):
    """What an experiment found.

    Parameters
    ----------
    settings : Settings
        The settings of the training run.
    records : list of Record
        As `Training` keeps them.
    seconds : float
        Training time, without evaluation.
    epochs : float
        Epochs trained; not a whole number if training was stopped.
    heldout_loss : float
        Nats per pair at the end, on the pairs of the standard settings; nan if the loss
        diverged before an epoch was finished.
    auc : float
        `evaluation.separation` on the same pairs.
    wordsim : Agreement
        Agreement of the center table with WordSim-353.
    neighbors : dict of str to list of str
        The three nearest words of each probe.
    failure : str
        Why it ended early, or "".
    vectors : WordVectors or None
        None if there was not enough memory or a loss was not finite.
    """

    settings: Settings
    records: list
    seconds: float
    epochs: float
    heldout_loss: float
    auc: float
    wordsim: Agreement
    neighbors: dict
    failure: str
    vectors: WordVectors | None = None

    @property
    def highest_loss(self):
        """The highest loss of all records, in nats per pair; 0 without any."""
        losses = [(r.loss, r.heldout_loss or 0) for r in self.records]
        return max(map(max, losses), default=0.0)

    @property
    def diverged(self):
        """Whether the loss rose above the one at the start."""
        return self.highest_loss > DIVERGED

    @property
    def outcome(self):
        """How it ended, in words."""
        if self.diverged:
            return (
                f"diverged: the loss rose to {self.highest_loss:.2g}; choose a smaller "
                "learning rate"
            )
        if self.failure == "stopped":
            return f"stopped after {self.epochs:.2f} of {self.settings.num_epochs} epochs"
        return self.failure or f"done in {self.seconds:.1f} s"


class Experiments:
    """The Penn Treebank, loaded once for any number of training runs.

    Parameters
    ----------
    probes : sequence of str, optional
        Words whose nearest words are looked up after each training run.
    sentences, heldout : list of list of str, optional
        Text to train on and text to judge by; by default, the Penn Treebank's.
    min_freq : int, optional
        Words with fewer occurrences count as unknown.
    engine : str, optional
        As for `Training`.

    Raises
    ------
    KeyError
        If one of the probes does not occur in the corpus.
    """

    def __init__(
        self,
        probes=("chip", "bank", "july"),
        *,
        sentences=None,
        heldout=None,
        min_freq=10,
        engine=FusedEngine,
    ):
        sentences = read_ptb("train") if sentences is None else sentences
        heldout = read_ptb("valid") if heldout is None else heldout
        self.vocab = Vocab(sentences, min_freq)
        unknown = [word for word in probes if word not in self.vocab.token_to_idx]
        if unknown:
            raise KeyError(f"Not in the corpus: {', '.join(unknown)}. Choose other probes.")
        self.probes, self.engine = tuple(probes), engine
        self._words = index_corpus(sentences, self.vocab)
        # All experiments are judged by the same pairs, whatever their settings.
        self.heldout = self._data(index_corpus(heldout, self.vocab), Settings())
        self.judgments = read_wordsim353()

    def _data(self, words, settings, **options):
        return SkipGramData(*words, self.vocab, **settings.data_options, **options)

    def training(self, settings):
        """Prepare a training run without starting it.

        Parameters
        ----------
        settings : Settings
            What to train with.

        Returns
        -------
        Training
            Its held-out data have the standard settings.
        """
        data_iter = self._data(self._words, settings, redraw=True)
        return prepare_training(
            data_iter, settings, heldout=self.heldout, engine=self.engine
        )

    def run(self, settings, watch=None):
        """Train with these settings and judge the vectors.

        Parameters
        ----------
        settings : Settings
            What to train with.
        watch : callable, optional
            Called as ``watch(training)`` before the start and after each record. It can end
            the experiment with `training.stop()`.

        Returns
        -------
        Result
            If the loss diverges or there is not enough memory, `failure` says so.

        Raises
        ------
        ValueError
            If a setting is impossible.
        """
        training, failure = self.training(settings), ""
        watch = watch or (lambda training: None)
        try:
            watch(training)
            for _ in training.run(settings.num_epochs):
                watch(training)
        except FloatingPointError:
            failure = (
                "diverged: the loss is no longer a finite number; choose a smaller "
                "learning rate"
            )
        except MemoryError:
            failure = "not enough memory; choose a smaller size of a vector"
        if not failure and training.epochs_done < settings.num_epochs:
            failure = "stopped"
        return self._result(settings, training, failure)

    def _result(self, settings, training, failure):
        records, nan, vectors = training.records, math.nan, None
        ends = [r.heldout_loss for r in records if r.heldout_loss is not None]
        # All judgments are of the same moment.
        if failure == "stopped" and records and records[-1].heldout_loss is None:
            ends.append(training.engine.evaluate(self.heldout))
        auc, wordsim, neighbors = nan, Agreement(nan, 0, len(self.judgments)), {}
        if records and failure in ("", "stopped"):  # otherwise the weights may be nan
            vectors = WordVectors.from_net(training.net, self.vocab)
            auc = separation(vectors.center, vectors.context, self.heldout)
            wordsim = agreement(vectors, self.judgments)
            neighbors = {w: [n.word for n in vectors.similar(w, 3)] for w in self.probes}
        epochs = records[-1].epoch if records else 0.0
        heldout_loss = ends[-1] if ends else nan
        return Result(
            settings,
            records,
            training.seconds,
            epochs,
            heldout_loss,
            auc,
            wordsim,
            neighbors,
            failure,
            vectors,
        )
