"""The film of a training on the front page and in chapter 05: what each moment looked like."""

from functools import cache
from itertools import chain

import numpy as np

from live import Figure, packed
from w2v_lesson.by_hand import constant_guess_loss
from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.files.pretrained import ptb_vectors
from w2v_lesson.minibatches import load_data_ptb
from w2v_lesson.settings import Settings
from w2v_lesson.training import prepare_training
from w2v_lesson.vectors import WordVectors
from w2v_lesson.widgets.plane import PARTS, Plane, parse_groups

# As in chapter 05.
GROUPS = (
    "months: june july august october; countries: japan germany france canada; "
    "computing: chip computer software ibm; family: father mother son daughter"
)
PROBES = ["chip", "bank", "july"]
NEAREST = 4
RECORDS_PER_EPOCH, RECORDS_PER_FRAME = 20, 4  # so an epoch has five frames
DOTS = 1000  # words without a label, the most frequent ones
SCALE = 2**14  # places in the plane are stored as whole numbers of this part


def film(note=""):
    """Make the film of the training of chapter 05.

    Parameters
    ----------
    note : str, optional
        What stands below it.

    Returns
    -------
    Figure
    """
    return Figure("film", lambda: {**film_data(), "note": note}, (*PARTS, "controls.js"))


@cache  # two pages have the same film
def film_data():
    """Train as chapter 05 does, with the fast engine, and keep what is seen of it.

    Returns
    -------
    dict
        Frames that are equally far apart, from the first weights on, and all losses.
    """
    training, vocab = _prepare()
    # The plane of chapter 05: fixed to the vectors of chapter 00.
    plane = Plane(vocab, parse_groups(GROUPS))
    plane.fix(ptb_vectors().center)
    frames = [_frame(training, vocab, plane)]
    for _ in training.run(Settings.num_epochs):
        if len(training.records) % RECORDS_PER_FRAME == 0:
            frames.append(_frame(training, vocab, plane))
    rows = _rows(vocab)
    return {
        "epochs": Settings.num_epochs,
        "words": vocab.to_tokens(rows),
        "groups": plane.groups,
        "probes": PROBES,
        "frame": plane.frame,
        "scale": SCALE,
        "points": [packed(np.round(SCALE * points[rows]), "int16") for points, _ in frames],
        "near": [near for _, near in frames],
        **_losses(training),
    }


def _prepare():
    options = Settings().data_options
    data_iter, vocab = load_data_ptb(**options, redraw=True)
    heldout, _ = load_data_ptb(**options, split="valid", vocab=vocab)
    options = {"heldout": heldout, "records_per_epoch": RECORDS_PER_EPOCH}
    return prepare_training(data_iter, engine=FusedEngine, **options), vocab


def _frame(training, vocab, plane):
    """Where the words are now, and which are nearest to those with a label."""
    vectors = WordVectors.from_net(training.net, vocab)
    plane.move(vectors.center)
    asked = dict.fromkeys(chain(PROBES, *plane.groups.values()))
    near = {word: [n.word for n in vectors.similar(word, NEAREST)] for word in asked}
    return np.frombuffer(plane.points, np.float32).reshape(-1, 2), near


def _rows(vocab):
    """The words with a label, then the most frequent others."""
    labeled = [vocab[word] for group in parse_groups(GROUPS).values() for word in group]
    by_count = (-vocab.counts).argsort(kind="stable").tolist()
    others = [row for row in by_count if row not in {*labeled, vocab.unk}]
    return labeled + others[:DOTS]


def _losses(training):
    ends = [r for r in training.records if r.epoch_loss is not None]
    return {
        "losses": [[round(r.epoch, 3), round(r.loss, 4)] for r in training.records],
        "means": [round(r.epoch_loss, 3) for r in ends],
        "heldout": [round(r.heldout_loss, 3) for r in ends],
        "guess": round(constant_guess_loss(Settings.num_noise_words), 3),
    }
