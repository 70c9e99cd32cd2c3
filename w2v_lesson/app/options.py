"""Values of options: check them first, and name them as they are typed.

Like `command_line`, this uses only the standard library and the syntax of Python 3.8.
"""

import argparse
import math
import re
from contextlib import contextmanager

EXPECTED_ERRORS = (OSError, ValueError, LookupError, RuntimeError, ArithmeticError)
# What the messages of the package name, and what to type instead.
OPTIONS = {
    "embed_size": "--size",
    "max_window_size": "--window",
    "num_noise_words": "--noise-words",
    "num_epochs": "--epochs",
    "min_freq": "--min-freq",
    "max_words": "--max-words",
    "batch_size": "--batch-size",
    "initial_seed": "--seed",
    "lr": "--lr",
    "save_numpy": "--format numpy",
    "save_word2vec": "--format word2vec",
}
VALUES = {"encoding": "--encoding", "errors": "--errors", "replace": "--replace"}
FLAGS = {"lines=True": "--lines", "lines=False": "--no-lines", "plain=True": "--plain"}
# Parts of a path or a longer name are left alone.
BEFORE, AFTER = r"(?<![\w/\\.=-])`?", r"`?(?![\w/\\-]|\.\w)"


class WrongArgumentError(ValueError):
    """An argument that cannot be right; the command then ends with exit code 2."""


@contextmanager
def arguments(name=None):
    """Turn every expected error inside the block into a WrongArgumentError.

    Parameters
    ----------
    name : str, optional
        The option that it is about.
    """
    try:
        yield
    except EXPECTED_ERRORS as error:
        said = explain(error)
        raise WrongArgumentError(f"{name}: {said}" if name else said) from error


def explain(error):
    """Write an error in the words of the command line.

    Parameters
    ----------
    error : Exception

    Returns
    -------
    str
    """
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename is not None else ""
        return f"{where}{error.strerror}."
    said = str(error)
    if said.startswith("Traceback"):  # the errors of MXNet hold their own
        said = said.strip().splitlines()[-1]
    return in_options(said)


def in_options(message):
    """Replace the names of Python arguments in a message by options.

    Parameters
    ----------
    message : str

    Returns
    -------
    str
    """
    for name, option in FLAGS.items():
        message = re.sub(BEFORE + re.escape(name) + AFTER, option, message)
    for name, option in VALUES.items():
        value = BEFORE + name + r"=([\"'])([\w.-]+)\1`?"
        message = re.sub(value, option + r" \2", message)
    message = message.replace("`replace`", "--replace")
    for name, option in OPTIONS.items():
        message = re.sub(BEFORE + name + AFTER, option, message)
    return re.sub(r"^(k|seed|table) must", r"--\1 must", message)


def whole_number(smallest, largest=2**31 - 1):
    """Make the type of an option that takes a whole number.

    Parameters
    ----------
    smallest, largest : int

    Returns
    -------
    callable
        Turns the text into an int.
    """

    def read(text):
        try:
            value = int(text)
        except ValueError:
            value = None
        if value is None or value < smallest:
            raise argparse.ArgumentTypeError(
                f"must be a whole number of at least {smallest}, not {text!r}."
            )
        if value > largest:
            raise argparse.ArgumentTypeError(f"must be at most {largest}, not {text!r}.")
        return value

    return read


def positive_number(text):
    """Turn the text of an option into a number greater than 0.

    Parameters
    ----------
    text : str

    Returns
    -------
    float
    """
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"must be a number greater than 0, not {text!r}.")
    return value


def without_blanks(text):
    """Check that the text of an option has no blank and is not empty.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    if text.split() != [text]:
        raise argparse.ArgumentTypeError(f"must be text without blanks, not {text!r}.")
    return text


def path(text):
    """Check that a path is not empty, because that would mean the current folder.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    if not text.strip():
        raise argparse.ArgumentTypeError("must be a file or folder, and not empty.")
    return text


def encoding(text):
    """Check that Python knows an encoding of text.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    # Imported here, because the doctor needs this file even if packages are missing.
    from w2v_lesson.text.encodings import check_encoding

    try:
        check_encoding(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text
