"""Bytes into text, and what to say when they do not fit the encoding. Chapter 12.

No encoding is ever guessed silently. If the bytes show another one, the error names it.
"""

import codecs
import io

from w2v_lesson.files.kinds import copy_through
from w2v_lesson.files.wide import BYTES_TO_JUDGE_BY, WIDE, is_text, wide_encoding
from w2v_lesson.ptb import CorpusError
from w2v_lesson.wording import option

COMMON = ("cp1252", "cp1250", "cp1251", "gb18030", "shift_jis", "euc-kr")


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
        self._at_start = True

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
        start = data[:BYTES_TO_JUDGE_BY]
        if found and _decoded(start, found) != _decoded(start, self.encoding):
            raise CorpusError(
                f"{self.path} is not in {self.encoding}. Its first bytes show that it is in "
                f"{found.upper()}. Give {option('encoding', found)}."
            )

    def _wrong_bytes(self, error, chunk, offset):
        start = getattr(error, "start", 0)
        data = getattr(error, "object", chunk)
        return CorpusError(
            f"{self.path} is not encoded in {self.encoding}: byte {offset + start:,} (hex "
            f"{data[start : start + 1].hex()}), counted from 0, does not fit. "
            f"{_readings(data, start)}Give the encoding it is in, for example "
            f"{option('encoding', 'cp1252')}, or save it as UTF-8."
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
        if width > 1 or len(places) > max(1, len(chunk) / 1000):
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


def _readings(data, start):
    """Show what the letters around a byte say in common encodings."""
    begin = max(data.rfind(each, 0, start) for each in (b" ", b"\n")) + 1
    piece = data[max(begin, start - 12) : start + 12].split(b"\n")[0]
    found = {}
    for encoding in COMMON:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(piece).strip()
        except UnicodeError:
            continue
        if text.isprintable():
            found.setdefault(text, encoding)
    shown = [f"{text!r} in {encoding}" for text, encoding in found.items()]
    return f"There it says {', '.join(shown)}. " if shown else ""
