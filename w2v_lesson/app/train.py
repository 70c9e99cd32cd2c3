"""The command `train`: read a text, train on it, and write its vectors. Chapter 12."""

import os
import signal
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from w2v_lesson.app.command_line import INTERRUPTED
from w2v_lesson.app.terminal import ProgressLine, say
from w2v_lesson.app.trained import CHECKPOINTS, VECTORS
from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.engine.warm_up import is_compiled
from w2v_lesson.files.checkpoint import Checkpoints
from w2v_lesson.files.formats import save_vectors
from w2v_lesson.minibatches import SkipGramData
from w2v_lesson.settings import Settings
from w2v_lesson.text.forecast import forecast
from w2v_lesson.text.indexing import index_text
from w2v_lesson.text.own_text import index_by_size, suggest
from w2v_lesson.text.sentences import read_text
from w2v_lesson.training import prepare_training
from w2v_lesson.vectors import WordVectors
from w2v_lesson.wording import duration, time_left


def train(options):
    """Read the text, train, and write the vectors; continue from a checkpoint if there is one.

    Parameters
    ----------
    options : argparse.Namespace
        Has text, out, encoding, and the numbers of `command_line`.

    Returns
    -------
    int
        The exit code: 0, or 130 if training was stopped.
    """
    settings = _settings(options)
    text = read_text(
        options.text, encoding=options.encoding, lines=options.lines, plain=options.plain
    )
    folder = _writable_folder(options.out)
    index = _index(text, options)
    print(index.report, flush=True)
    if options.epochs is None:
        num_epochs = suggest(index.report.words).num_epochs
        settings = replace(settings, num_epochs=num_epochs)
    data_iter = SkipGramData(
        index.ids, index.sentence_of, index.vocab, **settings.data_options, redraw=True
    )
    _print_forecast(data_iter, settings)
    checkpoints = Checkpoints(folder / CHECKPOINTS)
    training = prepare_training(
        data_iter, settings, engine=FusedEngine, checkpoints=checkpoints
    )
    if not _run(training, settings.num_epochs):
        print("Stopped. Nothing is lost: run the same command to continue.")
        return INTERRUPTED
    about = {"epochs": training.epochs_done, "loss": training.records[-1].loss}
    save_vectors(WordVectors.from_net(training.net, index.vocab, about), folder / VECTORS)
    print(
        f"The vectors are in {folder / VECTORS}. To see which words are similar, run: "
        f"python -m w2v_lesson similar {options.out} WORD"
    )
    return 0


def _settings(options):
    """Make the settings first: a wrong number should raise an error before the text is read."""
    return Settings(
        batch_size=options.batch_size,
        max_window_size=options.window,
        num_noise_words=options.noise_words,
        embed_size=options.size,
        lr=options.lr,
        num_epochs=Settings.num_epochs if options.epochs is None else options.epochs,
        seed=options.seed,
    )


def _writable_folder(path):
    """Make the folder if it does not exist; an error now is better than after an hour."""
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OSError(
            f"Cannot make the folder {folder} ({error.strerror}). Give another one with --out."
        ) from error
    if not os.access(folder, os.W_OK):
        raise OSError(f"Cannot write to {folder}. Give another folder with --out.")
    return folder


def _index(text, options):
    line = ProgressLine()

    def progress(done, total, seconds_left):
        line.say(f"reading: {done / total:.0%}, {time_left(seconds_left)}")

    if options.min_freq is None:
        index = index_by_size(text, options.max_words, progress=progress)
    else:
        index = index_text(text, options.min_freq, options.max_words, progress=progress)
    line.end()
    return index


def _print_forecast(data_iter, settings):
    if not is_compiled():  # `forecast` compiles it
        say("Compiling the fast engine. This takes about a minute, but only once.")
    expected = forecast(data_iter, settings.embed_size)
    print(
        f"Expected on this machine: {expected.seconds_per_million:.1f} s per epoch for each "
        f"million words, {duration(settings.num_epochs * expected.seconds)} in all.",
        flush=True,
    )


def _run(training, num_epochs):
    """Train to the end; return False if training was stopped before."""
    if training.records:
        print(f"Continuing from epoch {training.records[-1].epoch:.2f}.", flush=True)
    line = ProgressLine()
    with _stopping_on_sigterm(training):
        for record in training.run(num_epochs):
            line.say(
                f"epoch {record.epoch:.2f} of {num_epochs}, loss {record.loss:.3f} nats "
                f"per pair, {time_left(record.seconds_left)}",
                always=record.epoch_loss is not None,
            )
    line.end()
    return training.epochs_done >= num_epochs


@contextmanager
def _stopping_on_sigterm(training):
    """Stop training at SIGTERM, which a cluster sends before it ends a job."""
    before = signal.signal(signal.SIGTERM, lambda *_: training.stop())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
