"""Vectors that word2vec, GloVe and the like have written, read with care."""

import codecs
import gzip
import io
import os
import re
import warnings
import zlib
from collections import Counter

import numpy as np

from w2v_lesson.vectors import VectorsFileError, WordVectors
from w2v_lesson.vocabulary import UNKNOWN, Vocab

CHUNK = 1 << 20  # bytes read in one go
ROWS = 1000  # of a binary file, kept together
LONGEST_WORD = 1 << 16  # bytes
LINES_TO_JUDGE_BY = 100
# Text of numbers is packed to a third or so; a row of zeros further. More is no vectors.
MOST_UNPACKED, UNPACKED_ANYWAY = 100, 1 << 24  # times the file's size, bytes
KINDS = (
    "Known are word2vec text and binary, GloVe text (each also as .gz), the .npz file of "
    "WordVectors.save and the folder of save_numpy."
)


def fault(path, what, advice=""):
    """The VectorsFileError that says what is wrong with a file, and what to do."""
    advice = advice or f"Get or save the file again, or check its kind. {KINDS}"
    return VectorsFileError(f"{path} cannot be read as vectors: {what}. {advice}")


class _Unpacked(io.RawIOBase):
    """A file or, if it is packed by gzip, its content, up to what vectors can be."""

    def __init__(self, path):
        self._path, self.size, self._read = path, os.path.getsize(path), 0
        self._file = open(path, "rb")  # noqa: SIM115 - closed by `close`
        self.packed = self._file.read(2) == b"\x1f\x8b"
        self._file.seek(0)
        self._content = gzip.GzipFile(fileobj=self._file) if self.packed else self._file

    def readable(self):
        return True

    def readinto(self, buffer):
        try:
            number = self._content.readinto(buffer)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise fault(self._path, f"it cannot be unpacked ({error})") from error
        self._read += number
        if self.packed and self._read > MOST_UNPACKED * self.size + UNPACKED_ANYWAY:
            raise fault(
                self._path,
                f"unpacked it is more than {MOST_UNPACKED} times as large",
                "No vectors are. If you trust it, unpack it first (gunzip).",
            )
        return number

    def close(self):
        self._file.close()
        super().close()


def load_foreign(path, encoding="utf-8", max_words=None):
    """Read word2vec text or binary, or GloVe text; the content tells which.

    As `formats.load_vectors`, which sees to all other kinds.
    """
    with io.BufferedReader(_Unpacked(path), CHUNK) as file:
        start = file.peek(3)[:3]
        if start == codecs.BOM_UTF8:
            file.read(3)
        reader = _Reader(path, file, encoding, max_words)
        reader.read()
    return reader.vectors()


class _Reader:
    """Words and numbers of a file of another tool, read in pieces.

    path : for messages
    file : io.BufferedReader at the beginning of the text
    """

    def __init__(self, path, file, encoding, max_words):
        self.path, self.file, self.encoding = path, file, encoding
        self.left = max_words  # rows to be read yet; None for all
        self.words, self.tables, self.about = [], [], {"source": path.name}
        self.line = 1  # number of the next line

    def read(self):
        first = self.file.readline()
        header = re.fullmatch(rb"\s*(\d{1,18})[ \t]+(\d{1,18})\s*", first)
        if not header:
            self.about["format"] = "GloVe text"
            self._read_text(first, None)
            return
        self.line = 2
        rows, size = map(int, header.groups())
        first = self.file.readline()
        binary = _is_binary(first, size)
        self.about["format"] = f"word2vec {'binary' if binary else 'text'}"
        self._check_header(rows, size, binary)
        if self.left is None or self.left >= rows:
            promised, self.left = rows, rows + 1  # one more, to see that there is none
        else:
            promised = self.left
        (self._read_binary if binary else self._read_text)(first, size)
        self._check_number(len(self.words), promised, rows)

    def _check_header(self, rows, size, binary):
        """Does the file have room for what its first line promises?"""
        if not rows or not size:
            raise fault(self.path, f"its first line says {rows} words of {size} numbers")
        least = rows * (4 * size + 2 if binary else 2 * size + 2) - 1
        raw = self.file.raw
        if not raw.packed and least > raw.size:
            raise fault(
                self.path,
                f"its first line promises {rows:,} words of {size:,} numbers, "
                f"for which {raw.size:,} bytes are too few",
            )

    def _check_number(self, found, promised, rows):
        if found < promised:
            what = f"it ends after {found:,} of the {rows:,} words that its first line says"
            raise fault(self.path, what)
        if found > promised:
            what = f"it holds more than the {rows:,} words that its first line says"
            raise fault(self.path, what)

    # Text

    def _read_text(self, first, size):
        """Read lines to the end; without a size, that of most of the first lines."""
        lines = [first, *self.file.readlines(CHUNK)]
        if size is None:
            size = self._size_of(lines[:LINES_TO_JUDGE_BY])
        while lines and self.left != 0:
            self._take_lines(lines, size)
            lines = self.file.readlines(CHUNK)

    def _size_of(self, lines):
        found = Counter(line.rstrip().count(b" ") for line in lines if line.strip())
        size = found.most_common(1)[0][0] if found else 0
        if not size:
            raise self._at_line(lines[0], "is not a word and numbers")
        return size

    def _take_lines(self, lines, size):
        rows = [line.rstrip() for line in lines]
        kept = [row for row in rows if row][: self.left]
        cut = [_cut(row, size) for row in kept]
        words = [word for word, _ in cut]
        numbers = _numbers([text for _, text in cut], size)
        decoded = self._decoded(words)
        if numbers is None or decoded is None or not all(map(_may_be_word, words)):
            self._explain(rows, size)
        self._keep(decoded, numbers)
        self.line += len(rows)
        if self.left is not None:
            self.left -= len(kept)

    def _decoded(self, words):
        try:
            return b"\n".join(words).decode(self.encoding).split("\n")
        except UnicodeDecodeError:
            return None

    def _explain(self, rows, size):
        """Find the line that is wrong, and raise what says so."""
        for row in rows:
            word, text = _cut(row, size)
            if row and (_numbers([text], size) is None or not _may_be_word(word)):
                raise self._at_line(row, f"is not a word and {size} numbers")
            self._decode(word, f"line {self.line}")
            self.line += 1
        raise fault(self.path, "its words are not what the encoding allows")

    def _at_line(self, row, what):
        said = row[:40].decode(self.encoding, "replace")
        return fault(self.path, f"line {self.line} ({said!r}) {what}")

    # Binary

    def _read_binary(self, buffer, size):
        start, length, words, rows = 0, 4 * size, [], []
        while self.left != 0:
            blank = buffer.find(b" ", start)
            if blank < 0 or blank + 1 + length > len(buffer):
                buffer, start = self._more(buffer[start:], blank < 0), 0
                if not buffer:
                    break
                continue
            words.append(self._binary_word(buffer[start:blank], len(words)))
            rows.append(np.frombuffer(buffer, "<f4", size, blank + 1))
            start = blank + 1 + length
            self.left -= 1
            if len(rows) == ROWS:
                self._keep(words, np.array(rows))
                words, rows = [], []
        self._keep(words, np.array(rows, np.float32).reshape(-1, size))

    def _more(self, rest, in_word):
        """What is left and the next piece of the file; b"" at its end."""
        if in_word and len(rest) > LONGEST_WORD:
            raise fault(self.path, "a word in it does not end")
        piece = self.file.read(CHUNK)  # not what the header asks for, which may lie
        if not piece and rest.strip(b"\n"):
            place = f"after some {len(self.words):,} words" if self.words else "early"
            raise fault(self.path, f"it is cut off or damaged, {place}")
        return rest + piece if piece else b""

    def _binary_word(self, word, before):
        word = word.lstrip(b"\n")  # word2vec ends each row with one
        place = f"word {len(self.words) + before + 1:,}"
        if not word:
            raise fault(self.path, f"{place} is empty")
        return self._decode(word, place)

    def _decode(self, word, place):
        try:
            return word.decode(self.encoding)
        except UnicodeDecodeError as error:
            raise fault(
                self.path,
                f"{place} has the byte 0x{word[error.start]:02x}, which is not "
                f"{self.encoding}",
                "Give the encoding of the file, for example encoding='latin-1'.",
            ) from error

    # The result

    def _keep(self, words, numbers):
        self.words += words
        self.tables.append(numbers)

    def vectors(self):
        if not self.words:
            raise fault(self.path, "it holds no word")
        table, index = np.concatenate(self.tables), {}
        for i, word in enumerate(self.words):
            index.setdefault(word, i)
        if repeated := len(self.words) - len(index):
            self.about["repeated"] = repeated
            table = table[list(index.values())]
        if UNKNOWN not in index:
            index[UNKNOWN] = len(index)
            table = np.concatenate([table, np.zeros((1, table.shape[1]), np.float32)])
        words = list(index)
        return WordVectors(
            Vocab.from_counts(words, np.zeros(len(words))), table, about=self.about
        )


def _is_binary(row, size):
    """Are the numbers after the first word no text?"""
    _, text = _cut(row.rstrip(), size)
    if _numbers([text], size) is not None:
        return False
    _, _, text = row.partition(b" ")
    return any(byte > 126 or byte < 32 for byte in text.rstrip(b"\r\n"))


def _cut(row, size):
    """A row as (word, text of its last `size` numbers); a word may hold blanks."""
    if row.count(b" ") <= size:
        word, _, text = row.partition(b" ")
        return word, text
    word = row.rsplit(b" ", size)[0]
    return word, row[len(word) + 1 :]


def _numbers(rows, size):
    """Numbers of rows of text, float32, shape (rows, size); None if they are not such."""
    if not rows:
        return np.zeros((0, size), np.float32)
    text = b" ".join(rows)
    if not text or b"  " in text or any(row.count(b" ") != size - 1 for row in rows):
        return None
    try:
        with warnings.catch_warnings():
            # NumPy 1 warns of what is no number, NumPy 2 raises ValueError.
            warnings.simplefilter("error", DeprecationWarning)
            numbers = np.fromstring(text, np.float32, sep=" ")
    except (DeprecationWarning, ValueError):
        return None
    return numbers.reshape(-1, size) if numbers.size == len(rows) * size else None


def _may_be_word(word):
    """Not empty, no blanks around, and no number at its end as in a row with too many."""
    blank, last = word.rpartition(b" ")[1:]
    return word.strip(b" ") == word != b"" and not (blank and _is_number(last))


def _is_number(text):
    return _numbers([text], 1) is not None


def read_counts(path, encoding, vocab):
    """Counts of words from a file of "word count" lines, int64; 0 where it has none.

    Raises VectorsFileError.
    """
    found = {}
    with io.BufferedReader(_Unpacked(path), CHUNK) as file:
        for number, line in enumerate(file, 1):
            word, _, count = line.rstrip().rpartition(b" ")
            try:
                if not word or not re.fullmatch(rb"\d{1,18}", count):
                    raise ValueError("no word, or no whole number")
                found[word.decode(encoding)] = int(count)
            except ValueError as error:
                raise VectorsFileError(
                    f"{path} cannot be read as counts: line {number} is not a word in "
                    f"{encoding} and a whole number. Give the file of counts that belongs "
                    "to these vectors, and its encoding."
                ) from error
    return np.array([found.get(word, 0) for word in vocab.idx_to_token], np.int64)
