"""What is given in place of a file of vectors, and the next step for each. Chapter 12."""

import shlex

from w2v_lesson.files.kinds import BYTES_TO_TELL, archive, copy_through, document, opener
from w2v_lesson.files.wide import BYTES_TO_JUDGE_BY, is_text, wide_encoding

FASTTEXT = b"\xba\x16\x4f\x2f"  # how a model of fastText begins
WEB_PAGE = (b"<!doctype", b"<html", b"<?xml")
GIT_LFS = b"version https://git-lfs"
DELIMITERS = b",;"


def other_kind(path, lines):
    """Tell what a file is that is not in a format of vectors.

    Parameters
    ----------
    path : Path
        The file on the disk.
    lines : list of bytes
        Its first lines, unpacked if it is packed.

    Returns
    -------
    (str, str) or None
        What it is, and the next step; None if it may be vectors.
    """
    start = b"".join(lines)[:BYTES_TO_JUDGE_BY]
    return (
        _by_first_bytes(path, start)
        or _in_another_encoding(path, start)
        or _with_other_line_ends(path, lines)
        or _with_delimiters(path, lines)
        or _in_brackets(path, lines)
        or _with_a_header(path, lines)
        or _without_words(lines)
        or _running_text(path, lines)
    )


def _by_first_bytes(path, start):
    name = shlex.quote(str(path))
    if start.startswith(FASTTEXT):
        advice = (
            "Give the .vec file that fastText wrote beside it. Or write one in Python: "
            "from gensim.models.fasttext import load_facebook_vectors; "
            f"load_facebook_vectors({str(path)!r}).save_word2vec_format({f'{path}.vec'!r})"
        )
        return "it is a model of fastText", advice
    if found := archive(path, start[:BYTES_TO_TELL]):
        return f"it is {found[0]}", found[1]
    if opener(start):
        return "it is packed twice", "Unpack it once, and give what was in it."
    if kind := document(start):
        return f"it is {kind}", "Give the file of vectors itself, as text."
    if start.lstrip().lower().startswith(WEB_PAGE):
        advice = "Get the file again, and look at the address: it may have led to a page about it."
        return "it is a web page", advice
    if start.startswith(GIT_LFS):
        advice = f"Get the file itself: git lfs pull --include {name}. Then try again."
        return "it is a placeholder of Git LFS", advice
    if start[8:10] == b'{"':
        return (
            "it is a safetensors file, which has no words",
            "Give a file with the words in it.",
        )
    if start.lstrip()[:1] in (b"{", b"[") and b'"' in start[:BYTES_TO_TELL]:
        return "it is JSON", "Give a file with a word and its numbers on each line."
    return None


def _give_a_copy(path, how, change):
    return f"Give a copy {how}. To make one, run: {copy_through(path, change)}"


def _in_another_encoding(path, start):
    encoding = wide_encoding(start)
    if not encoding:
        return None
    name = encoding.upper()
    change = f"iconv -f {name.replace('-LE', 'LE').replace('-BE', 'BE')} -t UTF-8"
    return f"it is in {name}", _give_a_copy(path, "in UTF-8", change)


def _with_other_line_ends(path, lines):
    if len(lines) > 1 or lines[0].rstrip().count(b"\r") < 2:
        return None
    what = "its lines end in carriage returns, as on old Macs"
    return what, _give_a_copy(path, "with line feeds", r"tr '\r' '\n'")


def _with_delimiters(path, lines):
    """Recognize a table: a word and numbers, with commas or semicolons in between."""
    for delimiter in map(chr, DELIMITERS):
        rows = [
            line.decode("latin-1").strip().replace('"', "").split(delimiter)
            for line in lines
            if line.strip()
        ]
        commas = delimiter == ";" and any("," in field for row in rows for field in row[1:])
        if commas:
            rows = [[field.replace(",", ".") for field in row] for row in rows]
        tables = [len(row) > 2 and all(map(is_number, row[1:])) for row in rows]
        header = bool(tables) and not (tables[0] and rows[0][0])
        if sum(tables) < max(1, 0.9 * (len(rows) - header)):
            continue
        first, change = (
            "1d; " if header else "",
            "y/;,/ ./" if commas else f"y/{delimiter}/ /",
        )
        change = shlex.join(["sed", f'{first}s/"//g; {change}'])
        return "it is a table (CSV)", _give_a_copy(path, "with blanks", change)
    fields = [line.split()[1:] for line in lines if line.strip()]
    if fields and all(
        row and all(_has_decimal_comma(each) for each in row) for row in fields
    ):
        what = "its numbers have decimal commas"
        return what, _give_a_copy(path, "with points", "tr , .")
    return None


def _in_brackets(path, lines):
    """Recognize what Python prints: a word and a list of numbers."""
    rows = [line.strip().rstrip(b"]").split(b"[") for line in lines if line.strip()]
    if not rows or not all(len(row) == 2 and row[0] for row in rows):
        return None
    if not all(all(map(is_number, row[1].replace(b",", b" ").split())) for row in rows):
        return None
    change = r"sed -E 's/:? *\[/ /; s/[],]/ /g'"
    return "its numbers stand in brackets", _give_a_copy(path, "without them", change)


def _with_a_header(path, lines):
    """Recognize a line with the names of the columns, and below it words and numbers."""
    rows = _rows(lines)
    named = len(rows) > 2 and len(rows[0]) > 2 and not any(map(is_number, rows[0]))
    if not named or not all(
        len(row) == len(rows[0]) and all(map(is_number, row[1:])) for row in rows[1:]
    ):
        return None
    what = "its first line names the columns"
    return what, _give_a_copy(path, "without that line", "sed 1d")


def _has_decimal_comma(field):
    return field.count(b",") == 1 and is_number(field.replace(b",", b".").decode("latin-1"))


def _without_words(lines):
    """Recognize a table of numbers alone, such as vectors.tsv of the Projector."""
    rows = _rows(lines)
    counts = rows[1:]  # without the names of the columns
    if len(rows) > 2 and all(len(row) == 2 and row[1].isdigit() for row in counts):
        return "it lists words and counts", "Give the file of vectors that belongs to it."
    alone = [all(map(is_number, row)) and "." in row[0] for row in rows]
    if len(rows) > 2 and all(alone):
        advice = (
            "Give a file with a word at the beginning of each line. If the words are in "
            "another file, in the same order: paste WORDS NUMBERS > BOTH"
        )
        return "its lines are numbers without words", advice
    return None


def _running_text(path, lines):
    rows = _rows(lines)
    with_numbers = sum(len(row) > 1 and is_number(row[-1]) for row in rows)
    if (
        with_numbers
        or not rows
        or not is_text(b"".join(lines)[:BYTES_TO_JUDGE_BY], "utf-8")
    ):
        return None
    said = lines[0][:40].decode("utf-8", "replace").strip()
    advice = (
        "Give a file of vectors. To learn vectors from this text, run: python -m w2v_lesson "
        f"train {shlex.quote(str(path))} --out DIR"
    )
    return f"line 1 ({said!r}) is not a word and numbers; it looks like text", advice


def _rows(lines):
    """Return the fields of each line that is not empty."""
    return [
        [field.decode("latin-1") for field in line.split()]
        for line in lines
        if line.strip()
    ]


def is_number(field):
    """Tell whether a field of a line is a number.

    Parameters
    ----------
    field : str or bytes

    Returns
    -------
    bool
    """
    try:
        float(field)
    except ValueError:
        return False
    return ("_" if isinstance(field, str) else b"_") not in field  # Python allows it
