"""Text files in: found, unpacked and decoded piece by piece, with clear errors."""

import codecs
import gzip
import hashlib
import io
import os
import stat
import zlib
from pathlib import Path

from w2v_lesson.ptb import CorpusError

SUFFIXES = (".txt", ".md", ".txt.gz", ".md.gz")  # read in a folder
BYTES_AT_ONCE = 2**20
GZIP = b"\x1f\x8b"
# What a book is often stored as: how such a file begins, and what it is.
NOT_TEXT = {
    b"PK\x03\x04": "a zip archive, as .docx, .odt and .epub files are",
    b"%PDF": "a PDF",
    b"{\\rtf": "an RTF document",
    b"\xd0\xcf\x11\xe0": "an old Word document",
}

# The longer first: that of UTF-32 begins with that of UTF-16.
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}

WIDE = ("utf-16", "utf-32")  # in these, a zero byte is part of a character


def find_files(path_or_paths):
    """Files of a path or several, list of Path; those of a folder as `read_text` says.

    Raises CorpusError if there is none, or if one is missing.
    """
    if isinstance(path_or_paths, (str, os.PathLike)):
        path_or_paths = [path_or_paths]
    files = []
    for path in (Path(path).expanduser() for path in path_or_paths):
        files += _files_in(path) if path.is_dir() else [path]
    if not files:
        raise CorpusError("No file was named. Give the path of a text file.")
    for path in files:
        facts_of(path)
    return files


def _files_in(folder):
    """Text files of a folder and of those inside, sorted."""

    def fail(error):
        raise _unreadable(error.filename, error) from error

    files = []
    for where, folders, names in os.walk(folder, onerror=fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files += [Path(where, name) for name in names if not name.startswith(".")]
    files = sorted(path for path in files if path.name.lower().endswith(SUFFIXES))
    if not files:
        raise CorpusError(
            f"The folder {folder} holds no file that ends in {', '.join(SUFFIXES)}. "
            "Name the files themselves, or another folder."
        )
    return files


def facts_of(path):
    """Size and times of a file; CorpusError if there is none."""
    try:
        facts = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    if not stat.S_ISREG(facts.st_mode):
        raise CorpusError(f"{path} is no regular file. Copy its text to one.")
    return facts


def digest(path):
    """SHA-256 of a file, in hexadecimal; CorpusError if it cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path, error):
    """CorpusError for what the system or gzip will not read."""
    if isinstance(error, (EOFError, zlib.error, gzip.BadGzipFile)):
        return CorpusError(
            f"{path} is a damaged gzip file, or none ({error}). Fetch it again, or look "
            "what is wrong by: gzip -t FILE"
        )
    if isinstance(error, FileNotFoundError):
        advice = f"Is the name right? The current folder is {Path.cwd()}."
    elif isinstance(error, PermissionError):
        advice = "Ask its owner for the right to read it, or for a copy."
    else:
        advice = "Copy it to another disk, or try again."
    return CorpusError(f"Cannot read {path} ({error.strerror or error}). {advice}")


def check_encoding(encoding):
    """Name of an encoding as the decoders use it; ValueError if there is no such."""
    try:
        codecs.getincrementaldecoder(encoding)
        " ".encode(encoding)
        # The mark at the beginning is taken off here, for every encoding.
        return codecs.lookup(encoding).name.removesuffix("-sig")
    except LookupError:
        raise ValueError(
            f"There is no text encoding {encoding!r}. Common ones are utf-8, utf-16, "
            "cp1252 (Western Windows) and gb18030 (Chinese)."
        ) from None


def decoded(path, encoding):
    """Text of a file in pieces, each with how many bytes of the file are read.

    encoding : of `check_encoding`

    All line ends are made "\\n". Raises CorpusError as `read_text` says.
    """
    decode, done = _Decoder(path, encoding), 0
    for chunk, done in _chunks(path):
        if decode.offset == 0:
            _refuse_other_formats(path, chunk, encoding)
        yield decode(chunk), done
    yield decode(b"", final=True), done


def _chunks(path):
    """Bytes of a file, unpacked, in pieces, each with how many are read on the disk."""
    try:
        with open(path, "rb") as raw:
            packed = path.suffix.lower() == ".gz" or raw.read(len(GZIP)) == GZIP
            raw.seek(0)
            file = gzip.GzipFile(fileobj=raw) if packed else raw
            while chunk := file.read(BYTES_AT_ONCE):
                yield chunk, raw.tell()
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(path, error) from error


def _refuse_other_formats(path, chunk, encoding):
    """Raise CorpusError if the first bytes of a file tell that it is something else."""
    for beginning, kind in NOT_TEXT.items():
        if chunk.startswith(beginning):
            raise CorpusError(
                f"{path} is {kind}. Save it as plain text in UTF-8, and give that file."
            )
    for mark, kind in BYTE_ORDER_MARKS.items():
        if chunk.startswith(mark) and not encoding.startswith(WIDE):
            raise CorpusError(
                f'{path} is in {kind.upper()}, by its first bytes. Give encoding="{kind}".'
            )


class _Decoder:
    """Bytes of one file to text, piece by piece; `offset` counts those unpacked."""

    def __init__(self, path, encoding):
        self.path, self.encoding, self.offset = path, encoding, 0
        self._bytes = codecs.getincrementaldecoder(encoding)()
        self._lines = io.IncrementalNewlineDecoder(self._bytes, translate=True)

    def __call__(self, chunk, final=False):
        waiting = len(self._bytes.getstate()[0])  # of a character that was cut
        try:
            text = self._lines.decode(chunk, final)
        except UnicodeError as error:
            if b"\0" in chunk and not self.encoding.startswith(WIDE):
                raise self._zeros() from error
            raise self._wrong_bytes(error, self.offset - waiting) from error
        if "\0" in text:
            raise self._zeros()
        text = text.removeprefix("\ufeff") if self.offset == 0 else text
        self.offset += len(chunk)
        return text

    def _wrong_bytes(self, error, offset):
        start = getattr(error, "start", 0)
        value = getattr(error, "object", b"")[start : start + 1].hex()
        return CorpusError(
            f"{self.path} is not in the encoding {self.encoding}: see byte "
            f"{offset + start:,} (hex {value}), counted from 0. Give the encoding it "
            'is in, for example encoding="cp1252", or save it as UTF-8.'
        )

    def _zeros(self):
        return CorpusError(
            f"{self.path} is no text: it holds zero bytes, as programs and pictures do. "
            'Give a text file; if it is one in UTF-16, give encoding="utf-16-le".'
        )
