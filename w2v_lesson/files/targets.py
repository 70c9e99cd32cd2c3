"""Look at what a path names before anything is written there. Chapter 12.

A file is replaced, a stream (a pipe, a terminal, or another device) is written to, and
everything else is refused. Hand-written, because libraries for atomic writing replace
whatever they find, even a device.
"""

import os
import re
import stat
import sys
from contextlib import contextmanager, nullcontext
from pathlib import Path

STDOUT = "-"
OPEN_STREAM = re.compile(r"/(?:dev|proc/(?:\d+|self|thread-self))/fd/(\d+)")
MAX_LENGTH = 255  # characters of a name, as on all systems
MAX_LINKS = 40  # as many as Linux follows
REFUSED = {stat.S_IFDIR: "a folder", stat.S_IFBLK: "a disk", stat.S_IFSOCK: "a socket"}


def check_path(path, name="path"):
    """Raise an error unless something can be a path.

    Parameters
    ----------
    path : object
        What was given as a path.
    name : str
        Name of the argument, for the message.

    Returns
    -------
    Path

    Raises
    ------
    TypeError
        If it is neither text nor a path object.
    ValueError
        If it is empty, which would mean the current folder, or contains a zero byte.
    """
    if not isinstance(path, (str, os.PathLike)) or not isinstance(os.fspath(path), str):
        raise TypeError(
            f"{name} must be a path, such as 'novel.txt', not {type(path).__name__}. Pass "
            "the name of the file, not its content or an open file."
        )
    text = os.fspath(path)
    if not text or "\0" in text or max(map(len, text.split("/"))) > MAX_LENGTH:
        raise ValueError(
            f"{name} must be the path of a file or folder, not {text[:40]!r}. Pass the name "
            "of the file, not its content."
        )
    return Path(path)


class Target:
    """Where a result goes: a file to replace, or a stream to write to.

    Parameters
    ----------
    path : str or Path
        "-" stands for the standard output.

    Attributes
    ----------
    path : Path
        As it was given.
    real : Path
        The file itself, behind all links.
    is_stream : bool
        Whether to write to what is there. Otherwise, it is replaced.

    Raises
    ------
    OSError
        If nothing can be written there, for example because it is a folder.
    """

    def __init__(self, path):
        self.path = check_path(path)
        self._number = 1 if str(path) == STDOUT else _open_stream(self.path)
        self.real = Path(os.path.realpath(self.path))
        self.is_stream = self._number is not None
        if self.is_stream:
            return
        if os.fspath(path).endswith("/"):
            raise IsADirectoryError(f"{path} names a folder. Give the name of a file.")
        try:
            mode = self.path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            _check_folder(self.path, self.real.parent)
            return
        if kind := REFUSED.get(stat.S_IFMT(mode)):
            raise IsADirectoryError(f"{path} is {kind}. Give the name of a file.")
        if not os.access(self.path, os.W_OK):
            raise PermissionError(f"{path} is write-protected. Give another name.")
        self.is_stream = not stat.S_ISREG(mode)

    def open_stream(self):
        """Open the stream that is there.

        Returns
        -------
        context manager
            Gives a binary file.
        """
        if self._number == 1:
            sys.stdout.flush()
        if str(self.path) == STDOUT and hasattr(sys.stdout, "buffer"):
            return nullcontext(sys.stdout.buffer)  # it stays open
        if self._number is not None:
            return os.fdopen(os.dup(self._number), "wb")
        return os.fdopen(os.open(self.path, os.O_WRONLY), "wb")


def _open_stream(path):
    """Return the number of the open stream that a path such as /dev/stdout names, or None."""
    path = os.path.abspath(path)
    for _ in range(MAX_LINKS):
        place = os.path.join(
            os.path.realpath(os.path.dirname(path)), os.path.basename(path)
        )
        for name in (path, place):
            if found := OPEN_STREAM.fullmatch(name):
                return int(found[1])
        if not os.path.islink(path):
            return None
        path = os.path.join(os.path.dirname(path), os.readlink(path))
    return None


def _check_folder(path, folder):
    if folder.is_dir():
        return
    raise FileNotFoundError(
        f"{path} cannot be written, because there is no folder {folder}. Make it first, or "
        "give another name."
    )


def may_replace(path, is_ours):
    """Tell whether a path is free, or names a file of ours.

    Parameters
    ----------
    path : str or Path
    is_ours : callable
        Called as ``is_ours(path)`` if there is a file that is not empty.

    Returns
    -------
    bool
        Also True if the file is empty.
    """
    path = Path(path)
    if not path.exists():
        return True
    return path.is_file() and (not path.stat().st_size or bool(is_ours(path)))


def begins(path, beginnings):
    """Tell whether a file begins in one of some ways.

    Parameters
    ----------
    path : Path
    beginnings : tuple of bytes

    Returns
    -------
    bool
    """
    with open(path, "rb") as file:
        return file.read(max(map(len, beginnings))).startswith(beginnings)


@contextmanager
def naming(path):
    """Make an error of the system inside the block say which path it is about.

    Parameters
    ----------
    path : str or Path
    """
    try:
        yield
    except OSError as error:
        if error.errno is None or error.filename == str(path):
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error
