"""Prepare the lesson's side: its data and its training, with the settings of chapter 05."""

from benchmarks import SEED, SHAPE
from w2v_lesson import training
from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.minibatches import load_data_ptb
from w2v_lesson.training import GluonEngine

ENGINES = {engine.name: engine for engine in (GluonEngine, FusedEngine)}


def load(**options):
    """Load the training data (drawn again each epoch, by default) and the vocabulary."""
    return load_data_ptb(*SHAPE, **{"redraw": True, "seed": SEED, **options})


def prepare(data_iter, heldout=None, engine="gluon"):
    """Make a `Training` that hasn't started."""
    return training.prepare_training(data_iter, heldout=heldout, engine=ENGINES[engine])


def epoch_records(training, num_epochs):
    """Train, and return the record at the end of each epoch."""
    return [r for r in training.run(num_epochs) if r.epoch_loss is not None]
