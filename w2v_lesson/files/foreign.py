"""Read vectors that word2vec, GloVe and other tools have written (chapter 12).

gensim reads text files. This module recognizes the kind of a file by its content, checks
what gensim does not check (the header, the length of each row, the end of the file), and
raises an error that says where something is wrong. It reads binary rows itself, because
gensim loses count when a word is repeated, skips rows that the header does not promise, and
searches large files for hours if a word does not end.
"""

import codecs
import logging
import mmap
import os
import re
import tempfile
from collections import Counter
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from w2v_lesson.files.kinds import UNPACKING_ERRORS, opener_of
from w2v_lesson.files.not_vectors import is_number, other_kind
from w2v_lesson.vectors import WordVectors
from w2v_lesson.vocabulary import UNKNOWN, Vocab

CHUNK = 1 << 20  # bytes
MAX_WORD_LENGTH = 1 << 16  # bytes
MAX_NUMBER_LENGTH = 32  # bytes
MAX_HEADER_LENGTH = 64  # bytes
# Hardly any number of a vector is smaller than this, or larger than 1 divided by it.
SMALLEST = 1e-20
ROWS_AT_ONCE = 10_000  # of a table that is checked
HEADER = re.compile(rb"\s*(\d{1,18})[ \t]+(\d{1,18})\s*")  # of word2vec
NUM_LINES_TO_JUDGE_BY = 100
# Packing shrinks digits to about a third, and vectors of zeros to a hundredth.
MAX_UNPACKED_RATIO, MIN_UNPACKED_BOUND = 100, 1 << 24  # times the file's size, bytes
BLANK = b"\x00blank\x00"  # stands for a blank in a word, at which gensim would split it
KINDS = (
    "Supported are word2vec text and binary, GloVe text (each also as .gz, .bz2, or .xz), the "
    ".npz file of save_vectors, and the folder of save_numpy."
)


class VectorsFileError(ValueError):
    """Raised if a file does not contain vectors, or is not complete."""


def fault(path, what, advice=""):
    """Return the error that says what is wrong with a file and what to do.

    Parameters
    ----------
    path : str or Path
        The file.
    what : str
        What is wrong with it, without a period at the end.
    advice : str, optional
        What to do, in full sentences. By default: get the file again, or check its kind.

    Returns
    -------
    VectorsFileError
        The error, for the caller to raise.
    """
    advice = advice or f"Get or save the file again, or check its kind. {KINDS}"
    return VectorsFileError(f"{path} cannot be read as vectors: {what}. {advice}")


class _Header(NamedTuple):
    """The header of a file; `rows` is None for GloVe, which has no header."""

    format: str
    rows: int | None
    size: int

    @property
    def is_binary(self):
        return self.format == "word2vec binary"


class _Source(NamedTuple):
    """A file, and how to read it; `plain` is the path of the unpacked content."""

    path: Path
    plain: Path
    encoding: str
    errors: str
    max_words: int | None


def load_foreign(path, encoding="utf-8", max_words=None, errors="strict"):
    """Read word2vec text or binary, or GloVe text, each also packed by gzip, bzip2, or xz.

    `formats.load_vectors` reads all other kinds. Reading a text file or a packed file puts
    a copy of its rows into the folder for temporary files.

    Parameters
    ----------
    path : Path
        The file.
    encoding : str
        Encoding of the words.
    max_words : int, optional
        Read only this many words from the beginning of the file.
    errors : {"strict", "replace", "ignore"}
        What to do with bytes that are not in the encoding.

    Returns
    -------
    WordVectors
        With a center table only. All counts are 0, because the file doesn't have any.

    Raises
    ------
    VectorsFileError
        If the file is damaged, is cut off, or contains something else.
    """
    with tempfile.TemporaryDirectory() as folder:
        plain = _unpacked(path, folder)
        header = _read_header(path, plain)
        if header.rows is not None and max_words is not None and max_words >= header.rows:
            max_words = None  # the whole file, so check its end, too
        source = _Source(path, plain, encoding, errors, max_words)
        read = _read_binary if header.is_binary else _read_text
        words, table, rows = read(source, header)
    if not words:
        raise fault(path, "it contains no words")
    about = {"source": path.name, "format": header.format}
    if rows > len(words):
        about["repeated"] = rows - len(words)
    if UNKNOWN not in words:
        words = [*words, UNKNOWN]
        table = np.concatenate([table, np.zeros((1, header.size), np.float32)])
    return WordVectors(Vocab.from_counts(words, np.zeros(len(words))), table, about=about)


def read_counts(path, encoding, vocab):
    """Read how often words occur from a file with "word count" in each line.

    Parameters
    ----------
    path : str or Path
        The file, which may be packed by gzip.
    encoding : str
        Encoding of the words.
    vocab : Vocab
        The words whose counts are wanted.

    Returns
    -------
    int64 array, shape (len(vocab),)
        The counts; 0 for a word that the file doesn't list.

    Raises
    ------
    VectorsFileError
        If a line contains something else.
    """
    found = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        open(_unpacked(path, folder), "rb") as file,
    ):
        for number, line in enumerate(file, 1):
            word, _, count = line.rstrip().rpartition(b" ")
            try:
                if not word or not re.fullmatch(rb"\d{1,18}", count):
                    raise ValueError("not a word and a whole number")
                found[word.decode(encoding)] = int(count)
            except ValueError as error:
                raise VectorsFileError(
                    f"{path} cannot be read as counts: line {number} is not a word in "
                    f"{encoding} and a whole number. Give the file of counts that belongs "
                    "to these vectors, and its encoding."
                ) from error
    return np.array([found.get(word, 0) for word in vocab.idx_to_token], np.int64)


def _unpacked(path, folder):
    """Return the path itself or, if the file is packed, the path of its content."""
    unpack = opener_of(path)
    if unpack is None:
        return path
    plain = Path(folder) / "unpacked"
    max_size = MAX_UNPACKED_RATIO * os.path.getsize(path) + MIN_UNPACKED_BOUND
    try:
        with unpack(path) as packed, open(plain, "wb") as file:
            while piece := packed.read(CHUNK):
                file.write(piece)
                if file.tell() > max_size:
                    what = f"unpacked it is more than {MAX_UNPACKED_RATIO} times as large"
                    tool = {"gzip": "gunzip", "bz2": "bunzip2"}.get(
                        unpack.__module__, "unxz"
                    )
                    advice = f"No vectors are. If you trust it, unpack it first ({tool})."
                    raise fault(path, what, advice)
    except UNPACKING_ERRORS as error:
        if isinstance(error, OSError) and error.errno is not None:  # of the disk
            raise
        raise fault(path, f"it cannot be unpacked ({error})") from error
    return plain


# The kind


def has_header(path):
    """Tell whether a file, which may be packed, begins as word2vec's do.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool
    """
    try:
        with (opener_of(path) or open)(path, "rb") as file:
            return bool(HEADER.fullmatch(file.readline(MAX_HEADER_LENGTH)))
    except UNPACKING_ERRORS:
        return False


def _read_header(path, plain):
    """Recognize the kind by the first line, or by the first lines if there is no header."""
    with _open(plain) as file:
        first = file.readline()
        stated = HEADER.fullmatch(first)
        if not stated:
            lines = [first, *islice(file, NUM_LINES_TO_JUDGE_BY - 1)]
            if found := other_kind(path, lines):
                raise fault(path, *found)
            return _Header("GloVe text", None, _size_of_rows(path, lines))
        rows, size = map(int, stated.groups())
        if not rows or not size:
            raise fault(path, f"its first line says {rows} words of {size} numbers")
        _check_room(path, plain, rows, size, rows * (2 * size + 2) - 1)
        if not _is_binary(file.readline(MAX_WORD_LENGTH + MAX_NUMBER_LENGTH * size), size):
            return _Header("word2vec text", rows, size)
        _check_room(path, plain, rows, size, rows * (4 * size + 2))
        return _Header("word2vec binary", rows, size)


def _open(plain):
    """Open a file, and skip the mark that some editors put at the beginning of UTF-8."""
    file = open(plain, "rb")  # noqa: SIM115 - the caller closes it
    if file.peek(3)[:3] == codecs.BOM_UTF8:
        file.read(3)
    return file


def _check_room(path, plain, rows, size, least):
    """Refuse a header that promises more than the file can hold, before reserving memory."""
    if (there := os.path.getsize(plain)) < least:
        raise fault(
            path,
            f"its first line promises {rows:,} words of {size:,} numbers, but "
            f"{there:,} bytes are too few for that. It is cut off or damaged",
        )


def _size_of_rows(path, lines):
    """Return how many numbers most of the lines have; words may contain blanks."""
    found = Counter(len(line.split()) - 1 for line in lines if line.strip())
    size = found.most_common(1)[0][0] if found else 0
    if not size:
        raise _fault_at(path, 1, lines[0], "is not a word and numbers")
    return size


def _is_binary(row, size):
    """Tell a row of binary numbers from one of digits."""
    numbers = row.rsplit(None, size)[1:]
    if len(numbers) == size and all(map(is_number, numbers)):
        return False
    return any(byte > 126 or byte < 32 for byte in row.partition(b" ")[2].rstrip(b"\r\n"))


# The rows. Both readers return the words, their vectors, and the number of rows read. There
# are more rows than words if some words are repeated.


def _read_text(source, header):
    from gensim.models import KeyedVectors  # takes a second to load

    with tempfile.TemporaryDirectory() as folder:
        checked, rows = Path(folder) / "rows.txt", 0
        with open(checked, "wb") as file:
            for row in _checked_rows(source, header):
                file.write(row + b"\n")
                rows += 1
        try:
            with without_warnings_of_gensim():
                keyed = KeyedVectors.load_word2vec_format(
                    str(checked),
                    encoding=source.encoding,
                    unicode_errors=source.errors,
                    no_header=True,
                )
        except ValueError as error:
            _find_wrong_row(source, header)
            raise fault(source.path, f"gensim reports: {error}") from error
    number = keyed.next_index  # repeated words leave empty rows at the end
    words = [word.replace(BLANK.decode(), " ") for word in keyed.index_to_key[:number]]
    return words, keyed.vectors[:number], rows


def _checked_rows(source, header):
    """Yield the rows as gensim expects them, each a word and the right number of numbers."""
    rows = 0
    for number, row in _numbered_rows(source, header):
        if rows == source.max_words:
            return
        rows += 1
        if header.rows is not None and rows > header.rows:
            raise _too_many(source, header)
        # As many blanks or tabs between the numbers as there are.
        word, *numbers = row.rsplit(None, header.size)
        has_all = len(numbers) == header.size and b"_" not in b"".join(numbers)
        # A number at the end of a word shows that there is one too many.
        too_many = b" " in word and is_number(word.rpartition(b" ")[2])
        if not has_all or too_many or not word or word.strip(b" ") != word:
            what = f"is not a word and {header.size} numbers"
            raise _fault_at(source.path, number, row, what)
        yield b" ".join([word.replace(b" ", BLANK), *numbers])
    if header.rows is not None and rows < (source.max_words or header.rows):
        what = f"it ends after {rows:,} of the {header.rows:,} words that it promises"
        raise fault(source.path, what)


def _numbered_rows(source, header):
    """Yield each row with the number of its line, without empty lines."""
    with _open(source.plain) as file:
        for number, line in enumerate(file, 1):
            if number == 1 and header.rows is not None:
                continue
            if row := line.rstrip():
                yield number, row


def _find_wrong_row(source, header):
    """Raise an error that says in which row gensim found something wrong."""
    for number, row in _numbered_rows(source, header):
        word, *numbers = row.rsplit(None, header.size)
        if not all(map(is_number, numbers)):
            what = f"is not a word and {header.size} numbers"
            raise _fault_at(source.path, number, row, what)
        _decode(word, source, f"line {number}")


def _read_binary(source, header):
    rows, words = source.max_words or header.rows, {}
    table = np.empty((rows, header.size), np.float32)
    with (
        open(source.plain, "rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        start = data.find(b"\n") + 1
        for number in range(1, rows + 1):
            blank = data.find(b" ", start, start + MAX_WORD_LENGTH)
            end = blank + 1 + 4 * header.size
            if blank < 0 or end > len(data):
                what = f"it is cut off or damaged at word {number:,} of {header.rows:,}"
                raise fault(source.path, what)
            word = data[start:blank].lstrip(b"\n")  # word2vec writes one after each row
            if not word:
                raise fault(source.path, f"word {number:,} is empty")
            word = _decode(word, source, f"word {number:,}")
            if word not in words:
                table[len(words)] = np.frombuffer(data[blank + 1 : end], "<f4")
                words[word] = None
            start = end
        if source.max_words is None and data[start : start + MAX_WORD_LENGTH].strip(b"\n"):
            raise _too_many(source, header)
    _check_order(source, table[: len(words)])
    return list(words), table[: len(words)], rows


def _check_order(source, table):
    """Refuse numbers that arise when the bytes of a number are in the other order."""
    impossible, total, example = 0, 0, None
    # Part by part, because a copy of a large table may be more than the memory holds.
    for part in np.array_split(table, len(table) // ROWS_AT_ONCE + 1):
        sizes = np.abs(part[np.isfinite(part) & (part != 0)])
        found = sizes[(sizes < SMALLEST) | (sizes > 1 / SMALLEST)]
        impossible, total = impossible + found.size, total + sizes.size
        if example is None and found.size:
            example = found[0]
    if impossible > 0.2 * total:
        raise fault(
            source.path,
            f"its numbers are impossible, such as {example:.1e}",
            "The bytes of each number may be in the other order, as Java writes them. Save "
            "the vectors as text instead.",
        )


@contextmanager
def without_warnings_of_gensim():
    """Keep gensim from logging each repeated word and missing counts."""
    logger = logging.getLogger("gensim.models.keyedvectors")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _fault_at(path, number, row, what):
    said = row[:40].decode("utf-8", "replace")
    return fault(path, f"line {number} ({said!r}) {what}")


def _too_many(source, header):
    what = f"it has more than the {header.rows:,} words that its first line promises"
    return fault(source.path, what)


def _decode(word, source, place):
    try:
        return word.decode(source.encoding, source.errors)
    except UnicodeDecodeError as error:
        what = f"{place} has the byte 0x{word[error.start]:02x}, which is not {source.encoding}"
        # In latin-1, é at the end of a word is a byte that begins a character in UTF-8.
        cut = _is_cut_utf8(word, error) and _has_utf8(source.plain)
        first, second = ("errors='replace'", "encoding='latin-1'")[:: 1 if cut else -1]
        advice = (
            f"Words in this file were cut in the middle of a character, so give {first}, which "
            "shows � in place of the rest."
            if cut
            else f"Give the encoding of the file, for example {first}, or {second} if a word "
            "was cut in the middle of a character."
        )
        raise fault(source.path, what, advice) from error


def _is_cut_utf8(word, error):
    """Tell whether only the end of the last character is missing."""
    return error.encoding.startswith("utf") and error.reason == "unexpected end of data"


def _has_utf8(plain):
    """Tell whether a file begins with more characters of UTF-8 than of other encodings."""
    with open(plain, "rb") as file:
        found = re.findall(
            rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}", file.read(CHUNK)
        )
    return bool(found)
