"""UTF-16 and UTF-32 told by where the zero bytes are, with or without a mark. Chapter 12."""

import codecs

WIDE = ("utf-16", "utf-32")  # in these, a zero byte is part of a character
# The longer first, because the mark of UTF-32 begins with that of UTF-16.
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
BYTES_TO_JUDGE_BY = 2**14
MIN_ZEROS = 0.02  # share of the bytes; spaces and line ends are enough for that


def wide_encoding(data):
    """Tell by where the zero bytes are whether this is text in UTF-16 or UTF-32.

    Parameters
    ----------
    data : bytes
        The beginning of a file.

    Returns
    -------
    str or None
        "utf-16" or "utf-32" where a byte-order mark comes first, otherwise the name with
        the order of the bytes, such as "utf-16-be". None if it is something else.
    """
    for mark, name in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return name
    data = data[: min(len(data), BYTES_TO_JUDGE_BY) // 4 * 4]
    zeros = [data[start::4].count(0) for start in range(4)]
    if len(data) < 8 or sum(zeros) < MIN_ZEROS * len(data):
        return None
    quarter = len(data) // 4
    for name, high in (("utf-32-le", zeros[2:]), ("utf-32-be", zeros[:2])):
        if zeros[3 if name.endswith("le") else 0] == quarter and min(high) > quarter * 0.9:
            return name if is_text(data, name) else None
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    name = "utf-16-le" if odd > even else "utf-16-be"
    return name if max(even, odd) > 10 * min(even, odd) and is_text(data, name) else None


def is_text(data, encoding):
    """Tell whether bytes are text in an encoding: nearly all of it can be printed.

    Parameters
    ----------
    data : bytes
        The beginning of a file.
    encoding : str

    Returns
    -------
    bool
    """
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeError:
        return False
    return sum(c.isprintable() or c.isspace() for c in text) > 0.95 * len(text)
