"""Bytes into text, and what to say when they do not fit the encoding. Chapter 12.

No encoding is ever guessed silently. If the bytes show another one, the error names it.
"""

import codecs
import io
import re
import shlex

import charset_normalizer

from w2v_lesson.files.kinds import copy_through
from w2v_lesson.files.wide import BYTES_TO_JUDGE_BY, WIDE, is_text, wide_encoding
from w2v_lesson.ptb import CorpusError
from w2v_lesson.wording import option

COMMON = (
    *("cp1252", "cp1250", "cp1251", "gb18030", "shift_jis", "euc_kr", "big5", "euc_jp"),
    *("koi8_r", "cp866", "cp1253", "cp1254", "cp1255", "cp1256", "mac_roman", "cp850"),
)
# Python counts them as encodings of text, but no text is written in them.
OF_PROGRAMS = ("idna", "punycode", "unicode-escape", "raw-unicode-escape")
MAX_READINGS, MAX_NAMES = 6, 3
BYTES_AROUND = 2**12  # of a wrong byte
MIN_CHARACTERS = 3  # beyond ASCII, from which UTF-8 is told
# One character of UTF-8 that was taken for two or three of cp1252 or latin-1.
AFTER_FIRST = "[\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u2122]"
GARBLED = re.compile(
    f"(?:[\u00c2-\u00df]{AFTER_FIRST}|[\u00e0-\u00ef]{AFTER_FIRST}{{2}}"
    f"|[\u00f0-\u00f4]{AFTER_FIRST}{{3}})+"
)
WITHOUT_WRONG_BYTES = (
    'import sys; b = sys.stdin.buffer.read().decode("utf-8", "ignore").encode(); '
    "sys.stdout.buffer.write(b)"
)


def check_encoding(encoding):
    """Check the name of an encoding.

    Parameters
    ----------
    encoding : str
        Any name that Python knows it by.

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
        if codecs.lookup(encoding).name in OF_PROGRAMS:
            raise LookupError
        # `Decoder` removes a byte-order mark, whatever the encoding is.
        return codecs.lookup(encoding).name.removesuffix("-sig")
    except (LookupError, ValueError, TypeError):
        raise ValueError(
            f"There is no text encoding {encoding!r}. Common ones are utf-8, utf-16, "
            "cp1252 (Western Windows) and gb18030 (Chinese)."
        ) from None


class Decoder:
    """Decodes the bytes of one file chunk by chunk.

    Parameters
    ----------
    path : Path
        Named in errors.
    encoding : str
        As `check_encoding` returns it.

    Attributes
    ----------
    offset : int
        How many bytes have been decoded so far.
    """

    def __init__(self, path, encoding):
        self.path, self.encoding, self.offset = path, encoding, 0
        self._bytes = codecs.getincrementaldecoder(encoding)()
        self._lines = io.IncrementalNewlineDecoder(self._bytes, translate=True)
        self._at_start, self._is_ascii = True, True

    def __call__(self, chunk, final=False):
        """Return the text of the next bytes, every line of it ending in a line feed.

        Parameters
        ----------
        chunk : bytes
        final : bool
            Whether these are the last bytes.

        Returns
        -------
        str

        Raises
        ------
        CorpusError
            If the bytes are not in the encoding, or are not text.
        """
        num_waiting = len(self._bytes.getstate()[0])  # bytes of a character that was split
        try:
            text = self._lines.decode(chunk, final)
        except UnicodeError as error:
            if b"\0" in chunk and not self.encoding.startswith(WIDE):
                raise self._zeros(chunk) from error
            raise self._wrong_bytes(error, chunk, self.offset - num_waiting) from error
        if "\0" in text:
            raise self._zeros(chunk)
        self.offset += len(chunk)
        self._is_ascii = self._is_ascii and text.isascii()
        if self._at_start and text:
            text, self._at_start = text.removeprefix("\ufeff"), False
        return text

    def check_start(self, data):
        """Refuse a file whose first bytes show that its encoding is another.

        Many bytes are text in any encoding, though a text that nobody has written.

        Parameters
        ----------
        data : bytes
            The beginning of the file.

        Raises
        ------
        CorpusError
        """
        found = wide_encoding(data)
        if found is None and self.encoding.startswith(WIDE) and b"\0" not in data:
            found = "utf-8" if len(data) >= 8 and is_text(data, "utf-8") else None
        elif found is None and b"\x1b$" in data and self.encoding == "utf-8":
            found = "iso2022_jp"
        elif found is None and self.encoding != "utf-8":
            found = "utf-8" if _is_utf8(data) else None
        start = data[:BYTES_TO_JUDGE_BY]
        if found and _decoded(start, found) != _decoded(start, self.encoding):
            raise CorpusError(
                f"{self.path} is not in {self.encoding}. Its first bytes show that it is in "
                f"{found.upper()}. Give {option('encoding', found)}."
            )

    def _wrong_bytes(self, error, chunk, offset):
        start = getattr(error, "start", 0)
        data = getattr(error, "object", chunk)
        where = (
            f"byte {offset + start:,} (hex {data[start : start + 1].hex()}), counted from 0, "
            "does not fit"
        )
        if self.encoding == "utf-8" and (
            not self._is_ascii or _is_damaged_utf8(data, error)
        ):
            command = copy_through(
                self.path, f"python -c {shlex.quote(WITHOUT_WRONG_BYTES)}"
            )
            return CorpusError(
                f"{self.path} is in UTF-8, but damaged: {where}. It may be cut off, or put "
                "together from texts in different encodings. To make a copy without such "
                f"bytes, run: {command}"
            )
        return CorpusError(
            f"{self.path} is not encoded in {self.encoding}: {where}. "
            f"{_readings(data, start)}Find the encoding in which it reads right, and "
            f"give {option('encoding', 'NAME')}. Or save it as UTF-8."
        )

    def _zeros(self, chunk):
        """Tell text with a zero byte in it from files that are not text."""
        width = int(self.encoding[4:6]) // 8 if self.encoding.startswith(WIDE) else 1
        units = range(-self.offset % width, len(chunk), width)
        places = [at for at in units if not any(chunk[at : at + width])]
        where = (
            f"the first at byte {self.offset + places[0]:,}, counted from 0"
            if places
            else ""
        )
        if width > 1 or not is_text(chunk.replace(b"\0", b""), self.encoding):
            advice = "Save its text as plain text in UTF-8, and use that file."
            what = "is not a text file: it contains zero bytes, as programs and pictures do"
        else:
            command = copy_through(self.path, "tr -d '\\000'")
            advice = f"To make a copy without them, run: {command}"
            what = "contains zero bytes, which are no part of a text"
        return CorpusError(f"{self.path} {what}{', ' * bool(where)}{where}. {advice}")


def _decoded(data, encoding):
    """Return a text without its mark; None if a mark is missing that must be there."""
    try:
        text = codecs.getincrementaldecoder(encoding)("replace").decode(data)
    except UnicodeError:
        return None
    return text.removeprefix("\ufeff")


def _beyond_ascii(text):
    return sum(character > "\x7f" and character != "\ufffd" for character in text)


def _is_utf8(data):
    """Tell whether bytes are UTF-8 and show it; a letter may be cut off at their end."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeError:
        return False
    has_mark = data.startswith(codecs.BOM_UTF8)
    return has_mark or _beyond_ascii(text[:BYTES_TO_JUDGE_BY]) >= MIN_CHARACTERS


def _is_damaged_utf8(data, error):
    """Tell whether bytes are UTF-8 apart from a few, or from the last letter."""
    before = data[: error.start]
    if _is_utf8(before) or (before.isascii() and error.reason == "unexpected end of data"):
        return True
    text = data.decode("utf-8", "replace")
    return _beyond_ascii(text) > text.count("\ufffd")


def garbled_word(sample):
    """Find a word that shows that UTF-8 was once taken for another encoding.

    Parameters
    ----------
    sample : str
        The beginning of a text.

    Returns
    -------
    str or None
        The first such word, if most letters beyond ASCII are such.
    """
    found = GARBLED.findall(sample)
    if len(found) < MIN_CHARACTERS or sum(map(len, found)) < 0.5 * _beyond_ascii(sample):
        return None
    return next(word for word in sample.split() if GARBLED.search(word))


def _readings(data, start):
    """Show what the letters around a byte say in common encodings."""
    begin = max(data.rfind(each, 0, start) for each in (b" ", b"\n")) + 1
    piece = data[max(begin, start - 12) : start + 12].split(b"\n")[0]
    around = data[max(0, start - BYTES_AROUND) : start + BYTES_AROUND]
    likely = charset_normalizer.from_bytes(
        around, cp_isolation=COMMON, enable_fallback=False
    )
    found = {}
    for encoding in dict.fromkeys([*(each.encoding for each in likely), *COMMON]):
        if text := _reading(piece, encoding):
            found.setdefault(text, []).append(encoding)
    shown = [
        f"{text!r} in {' or '.join(names[:MAX_NAMES])}"
        for text, names in list(found.items())[:MAX_READINGS]
    ]
    return f"There it says {', '.join(shown)}. " if shown else ""


def _reading(piece, encoding):
    """Return what bytes say in an encoding; None if they cannot be in it."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(piece).strip()
    except UnicodeError:
        return None
    return text if text.isprintable() else None
