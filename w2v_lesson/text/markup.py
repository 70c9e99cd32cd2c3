"""Recognize what is text to a program, but no prose: HTML, JSON, tables, and so on. Chapter 12.

The marks of such a file would become words. Each kind is recognized by its content and answered
with the command that takes the text out of it.
"""

import csv
import json
import re
import shlex
from collections import Counter

from w2v_lesson.files.kinds import copy_through
from w2v_lesson.ptb import CorpusError
from w2v_lesson.wording import option

MIN_ROWS, MIN_TAGGED = 5, 20  # of a table, and words with tags
MAX_LETTERS_PER_MARK = 1000  # a text with fewer marks is read as it is
MARKUP = re.compile(
    r"\s*(<!doctype html|<html|<\?xml|<!--|<[a-z][\w:.-]*(\s+[\w:.-]+=(\"[^\"<>]*\"|'[^'<>]*'))+\s*>)",
    re.I,
)
TAG = re.compile(
    r"</[a-zA-Z][\w:.-]*\s*>|<(?:br|hr|p)\s*/?>|&(?:[a-zA-Z]{2,8}|#\d{2,5}|#x[0-9a-fA-F]{2,4});"
)
WIKI = re.compile(r"\[\[[^\[\]\n]+\]\]|\{\{[^{}\n]+\}\}|^==+[^=\n]+==+\s*$", re.M)
MAIL = re.compile(r"(?:From .*\n)?(?:[A-Z][\w-]*: .*\n(?:[ \t].*\n)*){3}")
MAIL_FIELD = re.compile(
    r"^(?:MIME-Version|Message-ID|Content-Type|Received|Return-Path|Subject): ", re.M | re.I
)
FRAMES = re.compile(r"^\{\d+\}\{\d+\}", re.M)
SONG_TIMES = re.compile(r"^\[\d+:\d+[.:]\d+\]", re.M)
LABEL = re.compile(r"^__label__\S", re.M)
TAGGED = re.compile(r"(?<!\S)[^\s/]+/[A-Za-z.,:$'`()*-]{1,8}(?!\S)")
TREE = re.compile(r"\([A-Z$,.:'`-]+ [^\s()]+\)")
TREE_START = re.compile(r"\s*\(\s*(?:[A-Z]+\s*)?\(")
TERMINAL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
TIMES = re.compile(r"^[^\S\n]*(\d+:)?\d+:\d+[.,]\d+\s*-->\s*(\d+:)?\d+:\d+[.,]\d+", re.M)
MARKDOWN = re.compile(
    r"\]\([^()\s]+(?: \"[^\"\n]*\")?\)|^\[[^\]\n]+\]: \S+$|^ {0,3}(?:```|~~~)|^\|?[ :]*-{3,}[ :]*\|[-|: ]*$",
    re.M,
)
LATEX = re.compile(r"\\(?:documentclass|begin|end|section|chapter|cite|label|ref)\b *[\[{]")
NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
SOUP = 'bs4.BeautifulSoup({}, "html.parser").get_text(" ")'


def refuse_markup(path, sample):
    """Refuse a file whose marks would become words.

    Parameters
    ----------
    path : Path
        The file.
    sample : str
        Its beginning, decoded.

    Raises
    ------
    CorpusError
        Says what the file is, and how to get at its text.
    """
    for kind, filter_of in KINDS:
        if (command := filter_of(sample)) is None:
            continue
        if command:
            advice = f"To write its text to a file, run: {copy_through(path, command)}"
        elif filter_of is _vectors:
            name = shlex.quote(str(path))
            advice = f"To see which words are similar, run: python -m w2v_lesson similar {name} WORD"
        else:
            advice = "Write its text to a file, and use that file."
        raise CorpusError(
            f"{path} is {kind}, and its marks would become words. If it is plain text all "
            f"the same, give {option('plain', True)}. {advice}"
        )


def _python(code):
    return f"python -c {shlex.quote(code)}"


def _html(sample):
    """Return the command that takes the text out of HTML; None if this is none."""
    if MARKUP.match(sample) or _dense(TAG, sample):
        return _python(f"import sys, bs4; print({SOUP.format('sys.stdin')})")
    return None


def _json(sample):
    start = sample.lstrip("\ufeff \t\n")
    try:
        record, _ = json.JSONDecoder().raw_decode(start)
    except (ValueError, RecursionError):  # not at all, or longer than the sample
        whole = re.match(r'[\[{]\s*(?:"[^"\n]*"\s*:|\{\s*"|\[\s*["{])', start)
        return "" if whole else None
    if isinstance(record, list):
        return "" if any(isinstance(each, (str, dict, list)) for each in record) else None
    if not isinstance(record, dict):
        return None
    texts = {name: each for name, each in record.items() if isinstance(each, str)}
    if not texts or "\n" in start[: len(start) - len(start.lstrip("{ \n"))]:
        return ""
    name = max(texts, key=lambda each: len(texts[each]))
    return _python(
        f"import json, sys; [print(json.loads(x)[{json.dumps(name)}]) for x in sys.stdin]"
    )


def _table(sample):
    lines = sample.split("\n")
    for delimiter in "\t,;|":
        try:
            rows = [
                row for row in csv.reader(lines[:-1] or lines, delimiter=delimiter) if row
            ]
        except csv.Error:
            continue
        width, number = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
        rows = [row for row in rows if len(row) == width]
        if width < 2 or number < MIN_ROWS or number < 0.95 * len(rows):
            continue
        inner = [field for row in rows for field in row[1:]]
        # In prose, a space follows a comma, and a tab comes before a paragraph.
        spaced = sum(field.startswith(" ") for field in inner)
        indented = sum(not row[0].strip() for row in rows)
        if spaced > 0.2 * len(inner) or indented > 0.5 * len(rows):
            continue
        letters = [sum(len(row[i]) for row in rows) for i in range(width)]
        column, how = letters.index(max(letters)), f", delimiter={json.dumps(delimiter)}"
        how = "" if delimiter == "," else how
        return _python(
            f"import csv, sys; [print(row[{column}]) for row in csv.reader(sys.stdin{how}) "
            f"if len(row) > {column}]"
        )
    return None


def _subtitles(sample):
    if sample.startswith("WEBVTT") or len(TIMES.findall(sample)) >= 2:
        return "grep -vE -e '-->' -e '^[0-9]+[[:space:]]*$'"
    if sample.startswith("[Script Info]"):
        return r"sed -n -E 's/^Dialogue:([^,]*,){9}//p'"
    if _dense(FRAMES, sample):
        return r"sed -E 's/^\{[0-9]+\}\{[0-9]+\}//; y/|/ /'"
    return r"sed -E 's/\[[0-9]+:[0-9.:]+\]//g'" if _dense(SONG_TIMES, sample) else None


def _wiki(sample):
    return "pandoc -f mediawiki -t plain" if _dense(WIKI, sample) else None


def _mail(sample):
    start = MAIL.match(sample)
    return "" if start and MAIL_FIELD.search(start[0]) else None


def _labels(sample):
    return "sed -E 's/__label__[^[:space:]]+//g'" if _dense(LABEL, sample) else None


def _tags(sample):
    if len(TAGGED.findall(sample)) < max(MIN_TAGGED, 0.5 * len(sample.split())):
        return None
    return r"sed -E 's:/[^[:space:]/]+([[:space:]]|$):\1:g'"


def _trees(sample):
    if not TREE_START.match(sample) or not _dense(TREE, sample):
        return None
    words = r're.findall(r"\([^\s()]+ ([^\s()]+)\)", sys.stdin.read())'
    return _python(f"import re, sys; print(*{words})")


def _terminal(sample):
    code = r're.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", sys.stdin.read())'
    return _python(f"import re, sys; print({code})") if _dense(TERMINAL, sample) else None


def _latex(sample):
    return "pandoc -f latex -t plain" if _dense(LATEX, sample) else None


def _markdown(sample):
    if not _dense(MARKDOWN, sample):
        return None
    text = SOUP.format("mistune.html(sys.stdin.read())")
    return _python(f"import sys, bs4, mistune; print({text})")


def _dense(pattern, sample):
    marks = len(pattern.findall(sample))
    return marks >= 3 and marks * MAX_LETTERS_PER_MARK > len(sample)


def _vectors(sample):
    rows = [line.split() for line in sample.split("\n")[1 : 2 * MIN_ROWS]]
    are_numbers = [
        all(map(NUMBER.fullmatch, row[1:])) and len(row) > 10 for row in rows if row
    ]
    return "" if sum(are_numbers) >= max(1, 0.8 * len(are_numbers)) else None


KINDS = (
    ("HTML or XML", _html),
    ("JSON", _json),
    ("e-mail", _mail),
    ("a file of subtitles or lyrics with times", _subtitles),
    ("a file of vectors", _vectors),
    ("a file of fastText with labels", _labels),
    ("a text with a tag behind each word, such as the/DT", _tags),
    ("a file of syntax trees", _trees),
    ("wiki markup", _wiki),
    ("LaTeX", _latex),
    ("Markdown with links, code, or tables", _markdown),
    ("a text with codes that color a terminal", _terminal),
    ("a table (CSV)", _table),
)
