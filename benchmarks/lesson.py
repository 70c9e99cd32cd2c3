"""The lesson's side: its data and its training, with the settings of chapter 04."""

from benchmarks import EMBED_SIZE, LR, SEED, SHAPE
from w2v_lesson.minibatches import load_data_ptb
from w2v_lesson.model import build_net
from w2v_lesson.training import Training


def load(**options):
    """Training data (drawn afresh each epoch, unless told) and vocabulary."""
    return load_data_ptb(*SHAPE, **{"redraw": True, "seed": SEED, **options})


def prepare(data_iter, vocab, heldout=None, engine="gluon"):
    """Make a `Training` that has not begun."""
    net = build_net(len(vocab), EMBED_SIZE)
    return Training(net, data_iter, LR, heldout=heldout, engine=engine, seed=SEED)


def epoch_records(training, num_epochs):
    """Train, and return the record at the end of each epoch."""
    return [r for r in training.run(num_epochs) if r.epoch_loss is not None]
