"""The command `train`: read a text, train on it, and write its vectors. Chapter 12."""

import os
import shlex
import signal
import tempfile
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from w2v_lesson.app.command_line import CONTINUE, FAILED, INTERRUPTED
from w2v_lesson.app.options import arguments, explain
from w2v_lesson.app.terminal import ProgressLine, say, show
from w2v_lesson.app.trained import CHECKPOINTS, VECTORS
from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.engine.warm_up import is_compiled
from w2v_lesson.files.checkpoint import FILE_NAME, NEW_RUN, Checkpoints, OtherRunError
from w2v_lesson.files.formats import is_own, save_vectors
from w2v_lesson.files.targets import STDOUT, may_replace
from w2v_lesson.minibatches import SkipGramData
from w2v_lesson.settings import Settings
from w2v_lesson.text.forecast import forecast
from w2v_lesson.text.indexing import index_text
from w2v_lesson.text.own_text import index_by_size, suggest
from w2v_lesson.text.sentences import read_text
from w2v_lesson.training import prepare_training
from w2v_lesson.vectors import WordVectors
from w2v_lesson.wording import duration, time_left

# A little above ln 2, where the loss begins, because weights begin at random.
TOO_HIGH = 0.7


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
    with arguments():
        text = read_text(
            options.text,
            encoding=options.encoding,
            lines=options.lines,
            plain=options.plain,
        )
        folder = _writable_folder(options.out)
        checkpoints = Checkpoints(folder / CHECKPOINTS)
        with _naming_out(folder):
            checkpoints.check(_kept_settings(settings))
    index = _index(text, options)
    show(index.report)
    if options.epochs is None:
        num_epochs = suggest(index.report.words).num_epochs
        settings = replace(settings, num_epochs=num_epochs)
    data_iter = SkipGramData(
        index.ids, index.sentence_of, index.vocab, **settings.data_options, redraw=True
    )
    with _naming_out(folder):
        training = prepare_training(
            data_iter, settings, engine=FusedEngine, checkpoints=checkpoints
        )
    data_iter.check_epochs(training.epochs_done, settings.num_epochs)
    _say_what_is_done(training, settings.num_epochs)
    if training.epochs_done < settings.num_epochs:
        _print_forecast(data_iter, settings)
    if not _run(training, settings.num_epochs, folder):
        print(f"Stopped. Nothing is lost. {CONTINUE}")
        return INTERRUPTED
    net, about = training.net, _about(training)
    del training  # and with it Adam's memory, because the vectors need room
    return _save(lambda: WordVectors.from_net(net, index.vocab, about), folder)


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


def _kept_settings(settings):
    """Name those settings as checkpoints do that need no text to be compared."""
    kept = {**settings.data_options, "embed_size": settings.embed_size, "lr": settings.lr}
    return {**kept, "initial_seed": settings.seed}


def _writable_folder(path):
    """Make the folder if it does not exist; an error now is better than after an hour."""
    if path == STDOUT:
        raise ValueError(
            "--out must be a folder, because more than the vectors is written."
        )
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OSError(
            f"Cannot make the folder {folder} ({error.strerror}). Give another one with --out."
        ) from error
    if not os.access(folder, os.W_OK):
        raise OSError(f"Cannot write to {folder}. Give another folder with --out.")
    if not may_replace(folder / VECTORS, is_own):
        raise OSError(
            f"{folder / VECTORS} is not a file of this lesson, and stays as it is. Give "
            "another folder with --out."
        )
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


def _say_what_is_done(training, num_epochs):
    if training.records:
        print(f"Continuing from epoch {training.records[-1].epoch:.2f}.", flush=True)
    if num_epochs < training.epochs_done:
        say(
            f"Note: {training.epochs_done} epochs are done already, more than --epochs "
            f"{num_epochs}. Nothing is trained, and the vectors stay those of epoch "
            f"{training.epochs_done}. For fewer epochs, give another --out."
        )


def _run(training, num_epochs, folder):
    """Train to the end; return False if training was stopped before."""
    line, loss = ProgressLine(), 0.0
    with _stopping_on_signals(training), closing(training.run(num_epochs)) as records:
        try:
            for record in records:
                line.say(_progress(record, num_epochs), record.epoch_loss is not None)
                if record.epoch_loss is not None:
                    if not loss and record.epoch_loss > TOO_HIGH:
                        line.end()
                        say(_too_high(record.epoch_loss, folder))
                    loss = record.epoch_loss
        except FloatingPointError as error:
            line.end()
            raise FloatingPointError(f"{error} {_start_again(folder)}") from error
    line.end()
    if loss > TOO_HIGH and num_epochs > 1:  # the first warning is far above
        say(_too_high(loss, folder))
    return training.epochs_done >= num_epochs


def _progress(record, num_epochs):
    loss = record.loss if record.epoch_loss is None else record.epoch_loss
    return (
        f"epoch {record.epoch:.2f} of {num_epochs}, loss {loss:.3f} nats per pair, "
        f"{time_left(record.seconds_left)}"
    )


def _too_high(loss, folder):
    return (
        f"Warning: the loss of this epoch, {loss:.3f}, is above ln 2 = 0.693, "
        "which is the loss of vectors that know nothing. The learning rate is probably too "
        f"high: start again with a smaller --lr. {_start_again(folder)}"
    )


def _start_again(folder):
    """Say how to train with other settings although there is a checkpoint."""
    return (
        "For a new training, give another folder with --out, or delete this training's checkpoint: "
        f"rm {shlex.quote(str(folder / CHECKPOINTS / FILE_NAME))}"
    )


@contextmanager
def _naming_out(folder):
    """Say how to start a new training where the checkpoint belongs to another one."""
    try:
        yield
    except OtherRunError as error:
        said = str(error).removesuffix(NEW_RUN)
        raise OtherRunError(f"{said} {_start_again(folder)}") from error


def _about(training):
    done = [each for each in training.records if each.epoch_loss is not None]
    return {"epochs": training.epochs_done, "loss": done[-1].epoch_loss}


def _save(make_vectors, folder):
    """Save the vectors, elsewhere if need be; the checkpoint keeps what was trained."""
    try:
        vectors = make_vectors()
        folder.mkdir(parents=True, exist_ok=True)  # someone may have deleted it meanwhile
        save_vectors(vectors, folder / VECTORS)
    except (OSError, ValueError) as error:  # np.savez raises either if the disk is full
        say(f"train: The vectors cannot be saved in {folder}: {explain(error)}")
        place = Path(tempfile.mkdtemp(prefix="w2v-vectors-"))
        save_vectors(vectors, place / VECTORS)
        _say_where(place)
        return FAILED
    _say_where(folder)
    return 0


def _say_where(folder):
    show(
        f"The vectors are in {folder / VECTORS}. To see which words are similar, run: "
        f"python -m w2v_lesson similar {shlex.quote(str(folder))} WORD"
    )


@contextmanager
def _stopping_on_signals(training):
    """Stop training at a signal that would end the process.

    A cluster sends SIGTERM before it ends a job, and a terminal SIGHUP when it is closed.
    """
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    numbers = [getattr(signal, name) for name in names]
    # What nohup ignores stays ignored.
    before = {each: signal.getsignal(each) for each in numbers}
    before = {each: old for each, old in before.items() if old is not signal.SIG_IGN}
    for each in before:
        signal.signal(each, lambda *_: training.stop())
    try:
        yield
    finally:
        for each, old in before.items():
            signal.signal(each, old)
