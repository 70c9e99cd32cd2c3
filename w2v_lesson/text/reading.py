"""Find text files, unpack them, and decode them. Chapter 12.

Hand-written, because `open` and `gzip` alone would say neither which file is wrong nor what
to do about it.
"""

import gzip
import hashlib
import io
import lzma
import os
import re
import shlex
import stat
import zlib
from collections.abc import Mapping
from pathlib import Path

from w2v_lesson.files.kinds import BYTES_TO_TELL, archive, document, opener
from w2v_lesson.files.targets import check_path
from w2v_lesson.ptb import CorpusError
from w2v_lesson.text.encodings import Decoder

# Of the files that are read in a folder.
SUFFIXES = tuple(
    kind + packing for packing in ("", ".gz", ".bz2", ".xz") for kind in (".txt", ".md")
)
BYTES_PER_PIECE = 2**20
ADDRESS = re.compile(r"\w+://")


def find_files(path_or_paths):
    """List the text files at one path or several.

    Parameters
    ----------
    path_or_paths : path or iterable of paths
        Files and folders. In a folder and the folders inside, this finds all files with
        one of the `SUFFIXES`, except hidden ones, sorted by name.

    Returns
    -------
    list of Path

    Raises
    ------
    CorpusError
        If there are no files, or if one of them is missing.
    TypeError, ValueError
        If these are no paths, for example an open file, the text itself, or sentences.
    """
    if isinstance(path_or_paths, (str, os.PathLike)) or not _are_several(path_or_paths):
        path_or_paths = [path_or_paths]
    path_or_paths = list(path_or_paths)
    for each in path_or_paths:
        if isinstance(each, str) and ADDRESS.match(each):
            raise CorpusError(
                f"{each} is an address on the web. Save what is there to a file, and give "
                "the path of that file."
            )
    path_or_paths = [check_path(path, "path_or_paths") for path in path_or_paths]
    files = []
    for path in (Path(path).expanduser() for path in path_or_paths):
        files += _files_in(path) if os.path.isdir(path) else [path]
    if not files:
        raise CorpusError("No file was named. Give the path of a text file.")
    for path in files:
        file_status(path)
    return files


def _are_several(paths):
    """Tell whether these may be paths; an open file is iterable, too, but gives its lines."""
    if isinstance(paths, (bytes, io.IOBase, Mapping)) or hasattr(paths, "to_numpy"):
        return False  # also what pandas makes
    return hasattr(paths, "__iter__")


def _files_in(folder):
    """List the text files in a folder and the folders inside, sorted."""

    def fail(error):
        raise _unreadable(error.filename, error) from error

    files, seen = [], set()
    for where, folders, names in os.walk(folder, onerror=fail, followlinks=True):
        if (real := os.path.realpath(where)) in seen:  # links may lead round in a circle
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        files += [Path(where, name) for name in names if not name.startswith(".")]
    files = sorted(path for path in files if path.name.lower().endswith(SUFFIXES))
    if not files:
        raise CorpusError(
            f"The folder {folder} contains no file with a name ending in "
            f"{', '.join(SUFFIXES)}. Give the paths of the files, or another folder."
        )
    return files


def file_status(path):
    """Ask the system for the size and times of a file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    os.stat_result

    Raises
    ------
    CorpusError
        If there is no regular file at `path`.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    if not stat.S_ISREG(status.st_mode):
        raise CorpusError(f"{path} is not a regular file. Copy its text into a file first.")
    return status


def sha256_of(path):
    """Compute the SHA-256 of a file.

    Parameters
    ----------
    path : path

    Returns
    -------
    str
        The hash in hexadecimal digits.

    Raises
    ------
    CorpusError
        If the file cannot be read.
    """
    try:
        with open(path, "rb") as file:
            digest = hashlib.sha256()
            while piece := file.read(BYTES_PER_PIECE):
                digest.update(piece)
            return digest.hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path, error):
    """Make a CorpusError of what the system or gzip says about a file."""
    suffix, name = Path(path).suffix.lower(), shlex.quote(str(path))
    tool = {".bz2": "bzip2", ".xz": "xz"}.get(suffix, "gzip")
    # The unpackers raise errors of all kinds; those of the system have a number.
    if not isinstance(error, OSError) or error.errno is None:
        return CorpusError(
            f"{path} is not a valid {tool} file ({error}). Get it again, or, to see what is "
            f"wrong, run: {tool} -t {name}"
        )
    if isinstance(error, FileNotFoundError) and Path(path).is_symlink():
        advice = "It is a link to something that is not there. Give the files that are."
    elif isinstance(error, FileNotFoundError):
        advice = f"Is the name right? The current folder is {Path.cwd()}."
    elif isinstance(error, PermissionError):
        advice = "Ask its owner for permission to read it, or for a copy."
    else:
        advice = "Copy it to another disk, or try again."
    return CorpusError(f"Cannot read {path} ({error.strerror or error}). {advice}")


def read_pieces(path, encoding):
    """Read the text of a file piece by piece.

    Parameters
    ----------
    path : Path
        A text file, which may be packed by gzip, bzip2, or xz.
    encoding : str
        As `check_encoding` returns it.

    Yields
    ------
    text : str
        About a megabyte. Every line ends with a line feed, and a byte-order mark at the
        beginning of the file is removed.
    num_bytes : int
        Number of bytes of the file on disk that have been read.

    Raises
    ------
    CorpusError
        If the file cannot be read or decoded, or is not a text file.
    """
    decode, done = Decoder(path, encoding), 0
    for chunk, done in _chunks(path):
        if decode.offset == 0:
            _refuse_other_formats(path, chunk)
            decode.check_start(chunk)
        yield decode(chunk), done
    yield decode(b"", final=True), done


def _chunks(path):
    """Yield the unpacked bytes of a file in chunks, and how many bytes were read on disk."""
    try:
        with open(path, "rb") as raw:
            unpack = opener(raw.read(BYTES_TO_TELL)) or (
                gzip.open if path.suffix.lower() == ".gz" else None
            )
            raw.seek(0)
            file = unpack(raw) if unpack else raw
            while chunk := file.read(BYTES_PER_PIECE):
                yield chunk, raw.tell()
    except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError) as error:
        raise _unreadable(path, error) from error


def _refuse_other_formats(path, start):
    """Raise CorpusError if the first bytes of a file show that it is something else."""
    if opener(start):
        raise CorpusError(
            f"{path} is packed twice. Unpack it once, and give what was in it."
        )
    if found := archive(path, start):
        kind, advice = found
        raise CorpusError(f"{path} is {kind}. {advice}")
    if kind := document(start):
        raise CorpusError(
            f"{path} is {kind}. Save it as plain text in UTF-8, and use that file."
        )
