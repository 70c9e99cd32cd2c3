"""`python -m w2v_lesson`: its commands, their options, and their exit codes.

This file uses only the standard library and the syntax of Python 3.8, because `python -m
w2v_lesson doctor` must work even if packages are missing. This also means that the help
need not wait for MXNet. Hand-written with argparse, because click would be one more package
to install.
"""

import argparse
import atexit
import os
import sys
import warnings
from contextlib import suppress
from importlib import import_module

from w2v_lesson.app import options as types
from w2v_lesson.app.options import EXPECTED_ERRORS, WrongArgumentError, explain
from w2v_lesson.app.terminal import plain, say
from w2v_lesson.settings import Settings

EXAMPLES = """\
examples:
  python -m w2v_lesson train novel.txt --out novel
  python -m w2v_lesson similar novel whale ship --k 5
  python -m w2v_lesson export novel novel.bin --format word2vec-binary
  python -m w2v_lesson fresh 05
  python -m w2v_lesson collect handed_in --out class.csv
  python -m w2v_lesson doctor

You can write w2v-lesson in place of python -m w2v_lesson.

Exit codes: 0 done; 1 something is wrong, and the message says what to do; 2 a wrong argument;
130 interrupted. If a training was interrupted, the same command continues it.
"""

WORDS = """\
How the text is read: words are runs of letters and digits, in lower case. A word that is
hyphenated at the end of a line becomes whole again. Soft hyphens, other invisible characters,
and the Arabic tatweel are left out, ligatures are taken apart, and the Turkish \u0130 becomes i. A
language that is written without spaces needs a copy of the text in which spaces separate the
words."""

# The module that runs a command, by a function of its name. It is imported only then.
MODULES = {
    "train": "w2v_lesson.app.train",
    "similar": "w2v_lesson.app.trained",
    "export": "w2v_lesson.app.trained",
    "update": "w2v_lesson.app.working_copy",
    "fresh": "w2v_lesson.app.working_copy",
    "collect": "w2v_lesson.app.hand_in",
    "doctor": "w2v_lesson.app.doctor",
}
VECTORS = (
    "folder of `train`, or a file of vectors: ours, word2vec (text or binary), or GloVe, also "
    "packed by gzip, bzip2, or xz"
)
FORMATS = ("word2vec", "word2vec-binary", "projector", "numpy", "gluon")
TABLES = ("center", "context", "sum")
ERRORS = ("strict", "replace", "ignore")
MAX_SIZE = 100_000  # numbers in a vector; the largest that people use have 4,096
FAILED, WRONG_ARGUMENT, INTERRUPTED = 1, 2, 130
NO_MEMORY = "Failed to allocate CPU Memory"  # what MXNet says
CONTINUE = "To continue, run the same command again."


def main(arguments=None):
    """Run one command.

    Parameters
    ----------
    arguments : list of str, optional
        By default, the arguments of this process.

    Returns
    -------
    int
        The exit code.
    """
    options = make_parser().parse_args(arguments)
    # Even a word that the terminal cannot display must not end the command.
    with suppress(AttributeError):
        sys.stdout.reconfigure(errors="backslashreplace")
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_: say(f"Note: {explain(message)}")
        try:
            return _run(options)
        except KeyboardInterrupt:
            say(_also("Interrupted.", options))
            return INTERRUPTED
        except BrokenPipeError:
            _leave_broken_pipe()
        except MemoryError as error:
            _say_memory_is_short(error, options)
        except ImportError as error:
            say(
                f"{options.name}: {error}. To see what is missing on this machine, run: "
                "python -m w2v_lesson doctor"
            )
        except EXPECTED_ERRORS as error:
            if NO_MEMORY in str(error):  # an error of MXNet's
                _say_memory_is_short(MemoryError(), options)
                return FAILED
            say(f"{options.name}: {explain(error)}")
            if isinstance(error, WrongArgumentError):
                return WRONG_ARGUMENT
        return FAILED


def _run(options):
    run = getattr(import_module(MODULES[options.name]), options.name)
    exit_code = run(options)
    if sys.stdout is not None:  # it is None if the shell has closed it
        try:
            sys.stdout.flush()
        except OSError:
            _leave_broken_pipe()
            raise
    return exit_code


def _also(said, options):
    """Add how a training goes on; the other commands simply start again."""
    return f"{said} {CONTINUE}" if options.name == "train" else said


def _say_memory_is_short(error, options):
    """Say what to do; NumPy's errors say how much was needed."""
    _leave_mxnet()
    asked = f"{error}. " if str(error) else ""
    said = (
        f"{options.name}: There is not enough memory. {asked}Close other programs, or choose a "
        "smaller text, fewer words, or shorter vectors."
    )
    say(_also(said, options))


def _leave_broken_pipe():
    """Discard the rest of the output, because Python would otherwise complain as it ends.

    The program that was reading the output, for example `head`, has seen enough.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # not every stream is a file
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _leave_mxnet():
    """Keep MXNet from raising an error of its own as Python ends, if it has no memory either."""
    if loaded := sys.modules.get("mxnet.base"):
        atexit.unregister(loaded._notify_shutdown)


class _Parser(argparse.ArgumentParser):
    """A parser whose errors hold no control characters."""

    def error(self, message):
        super().error(plain(message))


def make_parser():
    """Make the parser of all commands.

    Returns
    -------
    argparse.ArgumentParser
        Its results have the name of the command as `name`.
    """
    parser = _Parser(
        "python -m w2v_lesson",
        description="Learn word vectors from your own text, and use them.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="name", required=True, metavar="command")
    _add_train(commands)
    _add_similar(commands)
    _add_export(commands)
    _add_update(commands)
    _add_fresh(commands)
    _add_collect(commands)
    _add_doctor(commands)
    return parser


def _add(commands, name, purpose, example):
    return commands.add_parser(
        name,
        help=purpose,
        description=f"{purpose[0].upper()}{purpose[1:]}.",
        epilog=f"example:\n  python -m w2v_lesson {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _add_train(commands):
    train = _add(
        commands,
        "train",
        "learn word vectors from text files",
        "train novel.txt --out novel --epochs 10\n\n" + WORDS,
    )
    train.add_argument(
        "text",
        nargs="+",
        type=types.path,
        help="text files, which may be packed by gzip, or folders",
    )
    train.add_argument(
        "--out",
        required=True,
        type=types.path,
        metavar="DIR",
        help="folder for vectors and checkpoints",
    )
    _add_reading(train)
    positive = types.whole_number(1)
    numbers = {
        "epochs": (positive, None, "passes over the text"),
        "size": (
            types.whole_number(1, MAX_SIZE),
            Settings.embed_size,
            "numbers in a vector",
        ),
        "window": (
            positive,
            Settings.max_window_size,
            "largest distance between a center and a context, in words",
        ),
        "noise-words": (
            positive,
            Settings.num_noise_words,
            "K, noise words for each context",
        ),
        "min-freq": (types.whole_number(0), None, "drop words that occur less often"),
        "max-words": (
            positive,
            100_000,
            "keep only this many words, the most frequent ones",
        ),
        "batch-size": (positive, Settings.batch_size, "centers in a minibatch"),
        "lr": (types.positive_number, Settings.lr, "learning rate of Adam"),
        "seed": (
            types.whole_number(0),
            Settings.seed,
            "seed of everything that is drawn at random",
        ),
    }
    for name, (kind, default, purpose) in numbers.items():
        shown = (
            "the default depends on the size of the text" if default is None else default
        )
        train.add_argument(
            f"--{name}",
            type=kind,
            metavar="N",
            help=f"{purpose} ({shown})",
            default=default,
        )


def _add_reading(train):
    _add_encoding(train, "the files")
    either = train.add_mutually_exclusive_group()
    for name, value, purpose in (
        ("--lines", True, "each line is a sentence (recognized if you don't say)"),
        ("--no-lines", False, "sentences end at marks such as a period, not at line ends"),
    ):
        either.add_argument(
            name, dest="lines", action="store_const", const=value, help=purpose
        )
    train.add_argument(
        "--plain",
        action="store_true",
        help="read files that look like HTML, JSON, a table, or the like as they are",
    )


def _add_encoding(command, of):
    command.add_argument(
        "--encoding",
        default="utf-8",
        type=types.encoding,
        help=f"encoding of {of} (utf-8)",
    )


def _add_vectors(command):
    command.add_argument("vectors", type=types.path, help=VECTORS)


def _add_reading_of_vectors(command):
    _add_encoding(command, "the words in a file of another tool")
    command.add_argument(
        "--errors",
        default="strict",
        choices=ERRORS,
        help="what to do with bytes that are not in this encoding (strict: stop there)",
    )


def _add_similar(commands):
    similar = _add(
        commands, "similar", "list the nearest words", "similar novel whale --k 5"
    )
    _add_vectors(similar)
    similar.add_argument("words", nargs="+", metavar="word")
    similar.add_argument(
        "--k",
        type=types.whole_number(1),
        metavar="N",
        help="how many words (10, or all if there are fewer)",
    )
    similar.add_argument("--table", default="center", choices=TABLES)
    _add_reading_of_vectors(similar)


def _add_export(commands):
    export = _add(
        commands,
        "export",
        "write vectors in the format of another tool",
        "export novel novel.vec --format word2vec",
    )
    _add_vectors(export)
    export.add_argument(
        "out",
        type=types.path,
        help="file to write, or folder for projector and numpy; - for standard output",
    )
    export.add_argument("--format", choices=FORMATS, default="word2vec")
    export.add_argument(
        "--table",
        default="center",
        choices=TABLES,
        help="which table to write, for word2vec and projector (center)",
    )
    export.add_argument(
        "--replace",
        type=types.without_blanks,
        metavar="TEXT",
        help="what to write for a blank in a word, such as _ (word2vec)",
    )
    _add_reading_of_vectors(export)


def _add_update(commands):
    update = _add(
        commands,
        "update",
        "copy the chapters to a folder of your own, or renew those you have not changed",
        "update",
    )
    _add_folder(update)


def _add_fresh(commands):
    fresh = _add(
        commands,
        "fresh",
        "begin a chapter again with a fresh copy; the old one is kept",
        "fresh 05",
    )
    fresh.add_argument("chapter", help="its number, such as 05")
    _add_folder(fresh)


def _add_folder(command):
    command.add_argument(
        "--folder",
        type=types.path,
        metavar="DIR",
        help="your copies (my_lesson in the lesson's folder)",
    )


def _add_collect(commands):
    collect = _add(
        commands,
        "collect",
        "make a table of the exercises that students' notebooks say are solved; runs nothing",
        "collect handed_in --out class.csv",
    )
    collect.add_argument(
        "folder",
        type=types.path,
        help="folder that has a folder or a notebook for each student",
    )
    collect.add_argument(
        "--out",
        type=types.path,
        metavar="FILE",
        help="CSV file to write (printed by default)",
    )


def _add_doctor(commands):
    _add(
        commands,
        "doctor",
        "find out whether this machine is ready for the lesson",
        "doctor",
    )
