"""Find text files, unpack them, and decode them. Chapter 12.

Hand-written, because `open` and `gzip` alone would say neither which file is wrong nor what
to do about it. Guessing the encoding, as chardet does, can silently go wrong.
"""

import codecs
import gzip
import hashlib
import io
import os
import stat
import zlib
from pathlib import Path

from w2v_lesson.files.targets import check_path
from w2v_lesson.ptb import CorpusError

SUFFIXES = (".txt", ".md", ".txt.gz", ".md.gz")  # which files of a folder are read
BYTES_PER_PIECE = 2**20
GZIP = b"\x1f\x8b"
# Formats that books often have: how such a file begins, and what it is.
NOT_TEXT = {
    b"PK\x03\x04": "a zip archive, as .docx, .odt and .epub files are",
    b"%PDF": "a PDF",
    b"{\\rtf": "an RTF document",
    b"\xd0\xcf\x11\xe0": "an old Word document",
}

# The longer ones first, because the mark of UTF-32 begins with that of UTF-16.
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}

WIDE = ("utf-16", "utf-32")  # in these, a zero byte is part of a character


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
    return hasattr(paths, "__iter__") and not isinstance(paths, (bytes, io.IOBase))


def _files_in(folder):
    """List the text files in a folder and the folders inside, sorted."""

    def fail(error):
        raise _unreadable(error.filename, error) from error

    files = []
    for where, folders, names in os.walk(folder, onerror=fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
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
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path, error):
    """Turn what the system or gzip says about a file into a CorpusError."""
    if isinstance(error, (EOFError, zlib.error, gzip.BadGzipFile)):
        return CorpusError(
            f"{path} is not a valid gzip file ({error}). Get the file again. To see what "
            f"is wrong, run: gzip -t {path}"
        )
    if isinstance(error, FileNotFoundError):
        advice = f"Is the name right? The current folder is {Path.cwd()}."
    elif isinstance(error, PermissionError):
        advice = "Ask its owner for permission to read it, or for a copy."
    else:
        advice = "Copy it to another disk, or try again."
    return CorpusError(f"Cannot read {path} ({error.strerror or error}). {advice}")


def check_encoding(encoding):
    """Check the name of an encoding.

    Parameters
    ----------
    encoding : str
        Any name for the encoding that Python knows.

    Returns
    -------
    str
        The name that `read_pieces` expects.

    Raises
    ------
    ValueError
        If there is no such text encoding.
    """
    try:
        codecs.getincrementaldecoder(encoding)
        " ".encode(encoding)
        # `read_pieces` removes a byte-order mark, whatever the encoding is.
        return codecs.lookup(encoding).name.removesuffix("-sig")
    except LookupError:
        raise ValueError(
            f"There is no text encoding {encoding!r}. Common ones are utf-8, utf-16, "
            "cp1252 (Western Windows) and gb18030 (Chinese)."
        ) from None


def read_pieces(path, encoding):
    """Read the text of a file piece by piece.

    Parameters
    ----------
    path : Path
        A text file, which may be packed by gzip.
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
    decode, done = _Decoder(path, encoding), 0
    for chunk, done in _chunks(path):
        if decode.offset == 0:
            _refuse_other_formats(path, chunk, encoding)
        yield decode(chunk), done
    yield decode(b"", final=True), done


def _chunks(path):
    """Yield the unpacked bytes of a file in chunks, and how many bytes were read on disk."""
    try:
        with open(path, "rb") as raw:
            packed = path.suffix.lower() == ".gz" or raw.read(len(GZIP)) == GZIP
            raw.seek(0)
            file = gzip.GzipFile(fileobj=raw) if packed else raw
            while chunk := file.read(BYTES_PER_PIECE):
                yield chunk, raw.tell()
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(path, error) from error


def _refuse_other_formats(path, chunk, encoding):
    """Raise CorpusError if the first bytes of a file show that it is not plain text."""
    for beginning, kind in NOT_TEXT.items():
        if chunk.startswith(beginning):
            raise CorpusError(
                f"{path} is {kind}. Save it as plain text in UTF-8, and use that file."
            )
    for mark, kind in BYTE_ORDER_MARKS.items():
        if chunk.startswith(mark) and not encoding.startswith(WIDE):
            raise CorpusError(
                f"The first bytes of {path} show that it is in {kind.upper()}. Give "
                f'encoding="{kind}".'
            )


class _Decoder:
    """Decode the bytes of one file chunk by chunk; `offset` counts the bytes so far."""

    def __init__(self, path, encoding):
        self.path, self.encoding, self.offset = path, encoding, 0
        self._bytes = codecs.getincrementaldecoder(encoding)()
        self._lines = io.IncrementalNewlineDecoder(self._bytes, translate=True)
        self._at_start = True

    def __call__(self, chunk, final=False):
        num_waiting = len(self._bytes.getstate()[0])  # bytes of a character that was split
        try:
            text = self._lines.decode(chunk, final)
        except UnicodeError as error:
            if b"\0" in chunk and not self.encoding.startswith(WIDE):
                raise self._zeros() from error
            raise self._wrong_bytes(error, self.offset - num_waiting) from error
        if "\0" in text:
            raise self._zeros()
        self.offset += len(chunk)
        if self._at_start and text:
            text, self._at_start = text.removeprefix("\ufeff"), False
        return text

    def _wrong_bytes(self, error, offset):
        start = getattr(error, "start", 0)
        value = getattr(error, "object", b"")[start : start + 1].hex()
        return CorpusError(
            f"{self.path} is not encoded in {self.encoding}: byte {offset + start:,} (hex "
            f"{value}), counted from 0, does not fit. Give the encoding it is in, for "
            'example encoding="cp1252", or save it as UTF-8.'
        )

    def _zeros(self):
        return CorpusError(
            f"{self.path} is not a text file. It contains zero bytes, as programs and "
            "pictures do. If it is text in UTF-16 after all, give "
            'encoding="utf-16-le".'
        )
