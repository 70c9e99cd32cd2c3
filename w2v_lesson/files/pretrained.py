"""Trained vectors for a chapter that needs some: from the cache, or made now."""

import warnings

from w2v_lesson.files.disk import cache_dir
from w2v_lesson.files.formats import VectorsFileError, load_vectors, save_vectors
from w2v_lesson.minibatches import load_data_ptb
from w2v_lesson.model import build_net
from w2v_lesson.ptb import CorpusError
from w2v_lesson.training import Training
from w2v_lesson.vectors import WordVectors

# What chapter 04 trains; part of the name of the file in the cache.
SETTINGS = {
    "corpus": "ptb",
    "batch_size": 512,
    "max_window_size": 5,
    "num_noise_words": 5,
    "embed_size": 100,
    "lr": 0.002,
    "num_epochs": 5,
    "seed": 0,
    "edition": 2,  # one more when the same settings come to give other vectors
}


def ptb_vectors(watch=None):
    """Vectors of the Penn Treebank, trained with the settings of chapter 04.

    The first call trains them (some ten seconds on two cores) and keeps them in the
    cache folder; later calls load them.

    watch : called as watch(training, num_epochs) to run the training, for example
        `widgets.progress_bar`; None runs it silently

    Returns `WordVectors`; `about["heldout_loss"]` is in nats per pair. Warns if
    they cannot be kept.
    """
    path = _path()
    if path and path.exists():
        try:
            return load_vectors(path)
        except VectorsFileError:
            pass  # a damaged file is made anew
    vectors = _train(watch or _run_silently)
    if path:
        _keep(vectors, path)
    return vectors


def _path():
    try:
        name = "-".join(str(value) for value in SETTINGS.values())
        return cache_dir() / f"vectors-{name}.npz"
    except CorpusError as error:
        warnings.warn(f"{error} Until then, vectors are trained each time.", stacklevel=3)
        return None


def _train(watch):
    # Imported here: MXNet takes seconds to load, and cached vectors do not need it.

    s = SETTINGS
    shape = s["batch_size"], s["max_window_size"], s["num_noise_words"]
    data_iter, vocab = load_data_ptb(*shape, redraw=True, seed=s["seed"])
    heldout, _ = load_data_ptb(*shape, split="valid", vocab=vocab, seed=s["seed"])
    net = build_net(len(vocab), s["embed_size"])
    training = Training(
        net, data_iter, s["lr"], heldout=heldout, engine="fused", seed=s["seed"]
    )
    watch(training, s["num_epochs"])
    if training.epochs_done < s["num_epochs"]:
        raise KeyboardInterrupt("The training was stopped; run the cell again.")
    heldout_loss = training.records[-1].heldout_loss
    return WordVectors.from_net(net, vocab, {**s, "heldout_loss": heldout_loss})


def _run_silently(training, num_epochs):
    for _ in training.run(num_epochs):
        pass


def _keep(vectors, path):
    try:
        save_vectors(vectors, path)
    except OSError as error:
        warnings.warn(f"The vectors could not be kept in {path}: {error}", stacklevel=3)
