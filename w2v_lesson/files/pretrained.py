"""Trained vectors for chapters that need some, from the cache or trained now. Chapter 00.

Hand-written, because no library knows the lesson's cache folder.
"""

import warnings
from contextlib import nullcontext, suppress
from dataclasses import asdict

from w2v_lesson.files.disk import cache_dir
from w2v_lesson.files.formats import VectorsFileError, load_vectors, save_vectors
from w2v_lesson.ptb import CorpusError
from w2v_lesson.settings import Settings, falling_rate
from w2v_lesson.vectors import WordVectors

CORPUS = "ptb"
SETTINGS = Settings(**falling_rate(Settings.num_epochs))
EDITION = 3  # add one whenever the same settings no longer give the same vectors


def ptb_vectors(watch=None):
    """Load vectors of the Penn Treebank, or train them for five epochs.

    The first call trains them, which takes a few seconds, and keeps them in the cache
    folder. Later calls load them. Chapter 00.

    Parameters
    ----------
    watch : callable, optional
        Called as ``watch(training, num_epochs)`` to run the training, for example
        `widgets.progress.progress_bar`. Without it, the training runs silently. If it has
        an attribute ``while_reading``, this is called first, and the context manager that
        it returns is open while the libraries and the text are read.

    Returns
    -------
    WordVectors
        ``about["heldout_loss"]`` is in nats per pair.

    Warns
    -----
    UserWarning
        If the vectors cannot be kept.
    """
    path = _path()
    if path and path.exists():
        try:
            return load_vectors(path)
        except (VectorsFileError, OSError):
            pass  # train again and replace the damaged file
    vectors = _train(watch or _run_silently)
    if path:
        _keep(vectors, path)
    return vectors


def stored_ptb_vectors():
    """Load the vectors that `ptb_vectors` has kept, without training any. Chapter 05.

    Returns
    -------
    WordVectors or None
        None if there are none yet, or if their file is damaged.
    """
    return _load(_path())


def _load(path):
    if path and path.exists():
        with suppress(VectorsFileError):  # a damaged file is made anew
            return load_vectors(path)
    return None


def _path():
    # The threshold has never been part of the name, and existing caches should stay valid.
    numbers = {**asdict(SETTINGS), "corpus": CORPUS, "edition": EDITION}
    order = ("corpus", "batch_size", "max_window_size", "num_noise_words", "embed_size")
    order += ("lr", "num_epochs", "seed", "edition")
    try:
        name = "-".join(str(numbers[each]) for each in order)
        return cache_dir() / f"vectors-{name}.npz"
    except CorpusError as error:
        warnings.warn(f"{error} Until then, vectors are trained each time.", stacklevel=3)
        return None


def _train(watch):
    with getattr(watch, "while_reading", nullcontext)():
        training, vocab = _prepare()
    watch(training, SETTINGS.num_epochs)
    if training.epochs_done < SETTINGS.num_epochs:
        raise KeyboardInterrupt("The training was stopped. Run the cell again.")
    about = {"corpus": CORPUS, **asdict(SETTINGS), "edition": EDITION}
    about["heldout_loss"] = training.records[-1].heldout_loss
    return WordVectors.from_net(training.net, vocab, about)


def _prepare():
    # Imported here: MXNet takes seconds to load, and cached vectors do not need it.
    from w2v_lesson.engine.fused import FusedEngine
    from w2v_lesson.minibatches import load_data_ptb
    from w2v_lesson.training import prepare_training

    options = SETTINGS.data_options
    data_iter, vocab = load_data_ptb(**options, redraw=True)
    heldout, _ = load_data_ptb(**options, split="valid", vocab=vocab)
    training = prepare_training(data_iter, SETTINGS, heldout=heldout, engine=FusedEngine)
    return training, vocab


def _run_silently(training, num_epochs):
    for _ in training.run(num_epochs):
        pass


def _keep(vectors, path):
    try:
        save_vectors(vectors, path)
    except OSError as error:
        warnings.warn(f"The vectors could not be kept in {path}: {error}", stacklevel=3)
