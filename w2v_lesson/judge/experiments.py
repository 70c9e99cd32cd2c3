"""Trainings with other settings, each judged by the same measures."""

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


class Result(NamedTuple):
    """What came out of an experiment.

    settings : Settings
    records : list of `training.Record`
    seconds : of training, evaluation not included
    epochs : epochs trained, with fraction
    heldout_loss : nats per pair at the last epoch's end, on the pairs of the standard
        settings; nan before the first epoch's end
    auc : `evaluation.separation` on the same pairs
    wordsim : `evaluation.Agreement` of the center table with WordSim-353
    neighbors : dict of word to list of its three nearest words
    failure : why it ended before its time, or ""
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


class Experiments:
    """The Penn Treebank, loaded once, for any number of trainings on it.

    probes : words whose nearest words are looked up after each
    engine : as for `Training`

    Raises KeyError if the corpus has no such probe.
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
            raise KeyError(f"The corpus has no word {', '.join(unknown)}; choose others.")
        self.probes, self.engine = tuple(probes), engine
        self._words = index_corpus(sentences, self.vocab)
        # The same for all experiments, whatever their own settings.
        self.heldout = self._data(index_corpus(heldout, self.vocab), Settings())
        self.judgements = read_wordsim353()

    def _data(self, words, settings, **options):
        return SkipGramData(*words, self.vocab, **settings.data_options, **options)

    def training(self, settings):
        """Prepare a training: a `Training`, not begun."""
        data_iter = self._data(self._words, settings, redraw=True)
        return prepare_training(
            data_iter, settings, heldout=self.heldout, engine=self.engine
        )

    def run(self, settings, watch=None):
        """Train with these settings and judge; return `Result`.

        watch : called as watch(training) before the start and at each record;
            `training.stop()` in it ends the experiment

        A loss that diverges or a lack of memory ends the experiment, not the program:
        the result says so in `failure`.
        """
        training, failure = self.training(settings), ""
        watch = watch or (lambda training: None)
        try:
            watch(training)
            for _ in training.run(settings.num_epochs):
                watch(training)
        except FloatingPointError as error:
            failure = str(error)
        except MemoryError:
            failure = "There was not enough memory. Lower embed_size."
        if not failure and training.epochs_done < settings.num_epochs:
            failure = "stopped"
        return self._result(settings, training, failure)

    def _result(self, settings, training, failure):
        records, nan = training.records, math.nan
        ends = [r.heldout_loss for r in records if r.heldout_loss is not None]
        auc, wordsim, neighbors = nan, Agreement(nan, 0, len(self.judgements)), {}
        if records and failure in ("", "stopped"):  # else the weights are no numbers
            vectors = WordVectors.from_net(training.net, self.vocab)
            auc = separation(vectors.center, vectors.context, self.heldout)
            wordsim = agreement(vectors, self.judgements)
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
        )
