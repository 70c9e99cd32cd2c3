"""How a text is laid out: one sentence per line, or without spaces between words. Chapter 12."""

import re
from itertools import pairwise

from w2v_lesson.ptb import CorpusError

MIN_LINES = 20  # to judge by
MAX_ENDS_PER_LINE = 0.1  # sentence ends, in a text that has one sentence on each line
MIN_WIDTH = 40  # letters, of lines that were broken for their length
# The share of lines that would have had room for the first word of the next: in a text that
# was broken into lines it is at most this, and less if its sentences have no marks.
MAX_ROOM, MAX_ROOM_UNMARKED = 0.5, 0.05
# Scripts that put no space between words, the number of letters from one white space to the
# next above which a text has none (its words have two or five on average), and a line of code.
HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
UNSPACED = {
    "Japanese": (
        re.compile(
            f"[{HAN}]*[\u3041-\u309f\u30a1-\u30ff][\u3041-\u309f\u30a1-\u30ff{HAN}]*"
        ),
        4,
        "import nagisa; text = read_text({path}, tokenize=nagisa.wakati)",
    ),
    "Chinese": (
        re.compile(f"[{HAN}]+"),
        4,
        "import jieba; text = read_text({path}, tokenize=jieba.lcut)",
    ),
    "Thai": (
        re.compile("[\u0e01-\u0e4e]+"),
        9,
        "import pythainlp; text = read_text({path}, tokenize=pythainlp.word_tokenize)",
    ),
    "Lao, Khmer, or Burmese": (
        re.compile("[\u0e81-\u0eff\u1000-\u109f\u1780-\u17d3]+"),
        9,
        "text = read_text({path}, tokenize=YOUR_TOKENIZER)",
    ),
}
MIN_UNSPACED = 100  # letters


def has_sentence_per_line(sample, sentence_end):
    """Tell whether a text has one sentence or document on each line.

    Parameters
    ----------
    sample : str
        The beginning of the text, up to the end of a line.
    sentence_end : re.Pattern
        Finds the ends of sentences.

    Returns
    -------
    bool or None
        None if line breaks mean something, but the sentences end in marks, too.

    Notes
    -----
    In a text that was broken into lines of a certain width, the next word had no room.
    """
    lines = [line.rstrip() for line in sample.split("\n") if line.strip()]
    if len(lines) < MIN_LINES:
        return False
    pairs = list(pairwise(lines))
    open_ends = [(one, other) for one, other in pairs if not _ends(one, sentence_end)]
    if len(open_ends) < 0.5 * len(pairs):
        return False
    ends = sum(len(sentence_end.findall(f"{line}\n")) for line in lines)
    lengths = sorted(map(len, lines))
    if ends <= MAX_ENDS_PER_LINE * len(lines):
        return not _was_broken(open_ends, lengths[-1], MAX_ROOM_UNMARKED)
    return (
        False if _was_broken(open_ends, lengths[int(0.9 * len(lines))], MAX_ROOM) else None
    )


def _was_broken(pairs, width, max_room):
    """Tell whether one line ends and the next begins where the width leaves no room."""
    room = sum(len(one) + 1 + len(other.split()[0]) <= width for one, other in pairs)
    return width >= MIN_WIDTH and room <= max_room * len(pairs)


def _ends(line, sentence_end):
    last = f"{line[-9:]}\n"  # the mark, and a few quotes and brackets
    return any(found.end() == len(last) for found in sentence_end.finditer(last))


def refuse_unspaced(path, sample):
    """Refuse a text without spaces between words, for which our rule finds no words.

    Parameters
    ----------
    path : Path
        The file.
    sample : str
        The beginning of its text.

    Raises
    ------
    CorpusError
        Shows the line of code that reads it.
    """
    spaces = sum(character.isspace() or character == "\u200b" for character in sample)
    for language, (pattern, max_letters, code) in UNSPACED.items():
        found = sum(map(len, pattern.findall(sample)))
        if found < MIN_UNSPACED or found <= max_letters * spaces:
            continue
        line = code.format(path=repr(str(path)))
        raise CorpusError(
            f"{path} is written without spaces between its words, as {language} is, so it needs "
            f"a tokenizer. In Python: {line} (install the tokenizer first). Without one, "
            f"tokenize=list takes each letter for a word. Or use a copy of the text in which "
            "spaces separate the words."
        )
