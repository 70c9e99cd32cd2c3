"""The lesson without a notebook: train, ask, export, collect, examine the machine."""

import argparse
import os
import signal
import sys
import time
import warnings
from pathlib import Path

from w2v_lesson.classroom.collect import write_table
from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.engine.warm_up import is_compiled
from w2v_lesson.files.checkpoint import Checkpoints
from w2v_lesson.files.disk import atomic_path
from w2v_lesson.files.formats import load_vectors
from w2v_lesson.minibatches import SkipGramData
from w2v_lesson.settings import Settings
from w2v_lesson.text.forecast import forecast
from w2v_lesson.text.indexing import index_text
from w2v_lesson.text.own_text import index_by_size, suggest
from w2v_lesson.text.sentences import read_text
from w2v_lesson.training import prepare_training
from w2v_lesson.vectors import WordVectors

EXAMPLES = """\
examples:
  python -m w2v_lesson train novel.txt --out novel
  python -m w2v_lesson similar novel whale ship --k 5
  python -m w2v_lesson export novel novel.bin --format word2vec-binary
  python -m w2v_lesson collect handed_in --out class.csv
  python -m w2v_lesson doctor

Exit codes: 0 done, 1 something to mend (the message says what), 2 a wrong argument,
130 interrupted; a training then goes on from there by the same command.
"""

FORMATS = ("word2vec", "word2vec-binary", "projector", "numpy", "gluon")
VECTORS, CHECKPOINTS = "vectors.npz", "checkpoints"  # in the folder of `train`
SECONDS_BETWEEN_LINES = 10  # where the output is not a terminal
INTERRUPTED = 130


def main(arguments=None):
    """Run one command; returns its exit code."""
    options = parser().parse_args(arguments)
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_: _say(f"Note: {message}")
        try:
            return options.command(options)
        except KeyboardInterrupt:
            _say("Interrupted.")
            return INTERRUPTED
        except (OSError, ValueError, LookupError, RuntimeError, ArithmeticError) as error:
            _say(f"{options.name}: {error}")
            return 1


def parser():
    """Make the parser of all commands."""
    top = argparse.ArgumentParser(
        "python -m w2v_lesson",
        description="Word vectors of your own text.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="name", required=True, metavar="command")
    _add_train(commands)
    _add_similar(commands)
    _add_export(commands)
    _add_collect(commands)
    _add(
        commands,
        "doctor",
        doctor,
        "is this machine ready, and if not, what to do",
        "  python -m w2v_lesson doctor",
    )
    return top


def _add(commands, name, run, text, example):
    one = commands.add_parser(
        name,
        help=text,
        description=f"{text[0].upper()}{text[1:]}.",
        epilog=f"example:\n{example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    one.set_defaults(command=run)
    return one


def _add_train(commands):
    one = _add(
        commands,
        "train",
        train,
        "learn word vectors from text files",
        "  python -m w2v_lesson train novel.txt --out novel --epochs 10",
    )
    one.add_argument("text", nargs="+", help="text files, also packed by gzip, or folders")
    one.add_argument(
        "--out", required=True, metavar="DIR", help="folder for vectors and checkpoints"
    )
    one.add_argument("--encoding", default="utf-8", help="of the files (utf-8)")
    numbers = {
        "epochs": (int, "by size", "passes over the text"),
        "size": (int, Settings.embed_size, "numbers in a vector"),
        "window": (int, Settings.max_window_size, "words to each side, at most"),
        "noise-words": (int, Settings.num_noise_words, "K, for each context"),
        "min-freq": (int, "by size", "words seen fewer times are dropped"),
        "max-words": (int, 100_000, "keep only so many words, the most frequent"),
        "batch-size": (int, Settings.batch_size, "centers in a minibatch"),
        "lr": (float, Settings.lr, "learning rate of Adam"),
        "seed": (int, Settings.seed, "of all that is drawn"),
    }
    for name, (kind, default, text) in numbers.items():
        one.add_argument(
            f"--{name}",
            type=kind,
            metavar="N",
            help=f"{text} ({default})",
            default=None if default == "by size" else default,
        )


def _add_similar(commands):
    one = _add(
        commands,
        "similar",
        similar,
        "list the nearest words",
        "  python -m w2v_lesson similar novel whale --k 5",
    )
    one.add_argument("vectors", help="folder of `train`, or a file of vectors")
    one.add_argument("words", nargs="+", metavar="word")
    one.add_argument("--k", type=int, default=10, metavar="N", help="how many (10)")
    one.add_argument("--table", default="center", choices=("center", "context", "sum"))


def _add_export(commands):
    one = _add(
        commands,
        "export",
        export,
        "write vectors in the format of another tool",
        "  python -m w2v_lesson export novel novel.vec --format word2vec",
    )
    one.add_argument("vectors", help="folder of `train`, or a file of vectors")
    one.add_argument("out", help="file to write; for projector and numpy a folder")
    one.add_argument("--format", choices=FORMATS, default="word2vec")
    one.add_argument(
        "--table",
        default="center",
        choices=("center", "context", "sum"),
        help="which one, for word2vec and projector (center)",
    )


def _add_collect(commands):
    one = _add(
        commands,
        "collect",
        collect,
        "tabulate which exercises students' notebooks say are solved; runs nothing",
        "  python -m w2v_lesson collect handed_in --out class.csv",
    )
    one.add_argument("folder", help="with a folder or a notebook for each student")
    one.add_argument("--out", metavar="FILE", help="table to write (CSV); else printed")


def train(options):
    """Read the text, train, write the vectors; go on from a checkpoint if there is one."""

    folder, line = _folder(options.out), Line()
    index = _index(options, line)
    print(index.report, flush=True)
    if options.epochs is None:
        options.epochs = suggest(index.report.words).num_epochs
    training = _training(options, index, folder)
    if not _run(training, options.epochs, line):
        print("Stopped; nothing is lost. The same command goes on from there.")
        return INTERRUPTED
    _save(training, index.vocab, folder / VECTORS)
    print(
        f"The vectors are in {folder / VECTORS}. To ask them: python -m w2v_lesson "
        f"similar {options.out} WORD"
    )
    return 0


def _folder(path):
    """The folder, made if it is not there; an error now rather than after an hour."""
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OSError(
            f"Cannot make the folder {folder} ({error.strerror}). Name another by --out."
        ) from error
    if not os.access(folder, os.W_OK):
        raise OSError(f"Cannot write to {folder}. Name another folder by --out.")
    return folder


def _index(options, line):

    def progress(done, total, left):
        line.say(f"reading: {done / max(total, 1):.0%}, about {left:.0f} s left")

    text = read_text(options.text, encoding=options.encoding)
    if options.min_freq is None:
        index = index_by_size(text, options.max_words, progress=progress)
    else:
        index = index_text(text, options.min_freq, options.max_words, progress=progress)
    line.end()
    return index


def _training(options, index, folder):

    settings = Settings(
        batch_size=options.batch_size,
        max_window_size=options.window,
        num_noise_words=options.noise_words,
        embed_size=options.size,
        lr=options.lr,
        num_epochs=options.epochs,
        seed=options.seed,
    )
    data_iter = SkipGramData(
        index.ids, index.sentence_of, index.vocab, **settings.data_options, redraw=True
    )
    if not is_compiled():  # the forecast does it
        _say("Compiling the fast engine, this once: about a minute.")
    expected = forecast(data_iter, options.size)
    print(
        f"Expected here: {expected.seconds_per_million:.1f} s for each million words and "
        f"epoch, {_time(options.epochs * expected.seconds)} in all.",
        flush=True,
    )
    checkpoints = Checkpoints(folder / CHECKPOINTS)
    return prepare_training(
        data_iter, settings, engine=FusedEngine, checkpoints=checkpoints
    )


def _run(training, num_epochs, line):
    """Train to the end; returns whether it got there."""
    if training.records:
        print(f"Going on from epoch {training.records[-1].epoch:.2f}.", flush=True)
    # What a cluster sends before it ends a job.
    signal.signal(signal.SIGTERM, lambda *_: training.stop())
    for record in training.run(num_epochs):
        line.say(
            f"epoch {record.epoch:.2f} of {num_epochs}, loss {record.loss:.3f} nats "
            f"per pair, about {_time(record.seconds_left)} left",
            always=record.epoch_loss is not None,
        )
    line.end()
    return training.epochs_done >= num_epochs


def _save(training, vocab, path):

    about = {"epochs": training.epochs_done, "loss": training.records[-1].loss}
    WordVectors.from_net(training.net, vocab, about).save(path)


def similar(options):
    """Print the nearest words of each word."""
    vectors = _load(options.vectors)
    known = vectors.vocab.counts.any()
    for word in options.words:
        print(word)
        for near in vectors.similar(word, options.k, options.table):
            count = f"{near.count:10,}" if known else ""
            print(f"  {near.cosine:6.3f}{count}  {near.word}")
    return 0


def export(options):
    """Write the vectors in the format that was asked for."""
    from w2v_lesson.files import formats

    vectors, table = _load(options.vectors), options.table
    if options.format in ("word2vec", "word2vec-binary"):
        binary = options.format == "word2vec-binary"
        formats.save_word2vec(vectors, options.out, table, binary)
    elif options.format == "projector":
        formats.save_projector(vectors, options.out, table)
    else:
        save = {"numpy": formats.save_numpy, "gluon": formats.save_gluon}[options.format]
        save(vectors, options.out)
    print(f"{len(vectors) - 1:,} words, {options.format}: {options.out}")  # without <unk>
    return 0


def _load(path):

    path = Path(path)
    if path.is_dir() and (path / CHECKPOINTS).exists() and not (path / VECTORS).exists():
        raise ValueError(
            f"The training in {path} has not ended yet. Run its `train` command again."
        )
    return load_vectors(path / VECTORS if (path / VECTORS).exists() else path)


def collect(options):
    """Write the table; 1 if a file could not be read or is of another version."""
    from w2v_lesson.classroom.collect import collect

    handed, complaints = collect(options.folder)
    if options.out is None:
        write_table(handed, sys.stdout)
    else:
        _write_table(handed, Path(options.out))
    files, students = ({getattr(one, key) for one in handed} for key in ("file", "student"))
    _say(
        f"Notebooks with exercises: {len(files)}; students: {len(students)}. This is what "
        "the notebooks say; their outputs can be edited by hand."
    )
    for line in complaints:
        _say(line)
    return 1 if complaints else 0


def _write_table(handed, path):

    if not path.parent.is_dir():
        raise OSError(f"There is no folder {path.parent}. Name another file by --out.")
    # With the signature, without which Excel reads UTF-8 as something else.
    with atomic_path(path) as draft, draft.open("w", encoding="utf-8-sig") as file:
        write_table(handed, file)


def doctor(_):
    """Examine this machine."""
    from w2v_lesson.app import doctor

    return doctor.report()


class Line:
    """A line of progress on the standard error: on a terminal always the same one."""

    def __init__(self):
        self.terminal = sys.stderr.isatty()
        self._said, self._open = 0.0, False

    def say(self, text, always=False):
        """Say it; where every line stays, not too often, unless `always`."""
        if self.terminal:
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
            self._open = True
        elif always or time.monotonic() - self._said > SECONDS_BETWEEN_LINES:
            self._said = time.monotonic()
            _say(text)

    def end(self):
        """Go to the next line, if this one has been written to."""
        if self._open:
            print(file=sys.stderr, flush=True)
        self._open = False


def _say(text):
    print(text, file=sys.stderr, flush=True)


def _time(seconds):
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
