"""Sentences into words, by the rules of Unicode. Chapter 12.

Hand-written, because a reader can then say the rule in two sentences. Better rules for one
language come from NLTK or spaCy, whose functions `read_text` takes.
"""

import re
import unicodedata
from functools import cache

# Apostrophe, hyphens, the point of Catalan (col·lecció), two marks of Hebrew, and the joiners
# of Persian and Hindi.
JOINERS = "'‐·‧\u05f3\u05f4\u200c\u200d-"
# Unicode's property Default_Ignorable_Code_Point: what no reader sees. The zero-width space
# (200B) is left out, because it separates words, and the two joiners, because some scripts
# spell with them. Tatweel (0640, 07FA) only makes an Arabic or N'Ko word longer.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u0640\u07fa\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# In Latin, Greek, and Cyrillic, a joiner says how to print a word, and not how to spell it.
PRINTED_JOINER = re.compile("(?<=[a-zA-Z\u00c0-\u052f\u1e00-\u1fff])[\u200c\u200d]")
# Ligatures and other letters that exist only for printing.
PRINTED_FORMS = re.compile(
    "[\u0132\u0133\u01c4-\u01cc\u01f1-\u01f3\ufb00-\ufdff\ufe70-\ufefc\uff10-\uffdc"
    "\U0001d400-\U0001d7ff]"
)
HYPHENATED = re.compile(r"[-‐\u00ad](?<=\w.)[^\S\n]*\n[^\S\n]*(?=([^\W\d_]+))")
# "pre- and postwar": a hyphen before one of these belongs to its word.
CONJUNCTIONS = {"and", "or", "to", "und", "oder", "et", "ou", "y", "en", "of", "och", "e"}
DOTTED = re.compile("i\u0307+")
MARKS_IN_A_ROW = re.compile(r"[^\w\s\x00-\x7f]{31,}")
MAX_MARKS = 30  # on one letter, as in Unicode's Stream-Safe Text Format


def split_words(sentence):
    """Split a sentence into words by the rule of `read_text`. Chapter 12.

    Parameters
    ----------
    sentence : str

    Returns
    -------
    list of str
    """
    if "\n" in sentence:
        sentence = HYPHENATED.sub(_hyphen, sentence)
    if not sentence.isascii():
        sentence = _spelled(sentence)
    return _word_pattern().findall(_low(sentence))


def _hyphen(found):
    """Return what to put in place of a hyphen at the end of a line."""
    rest = found[1]
    return "" if rest == rest.lower() and rest not in CONJUNCTIONS else found[0]


def _spelled(sentence):
    """Return a sentence without what only concerns how it is printed."""
    letters = "".join(set(sentence))  # much shorter, so this is the faster way to look
    if INVISIBLE.search(letters):
        sentence = INVISIBLE.sub("", sentence)
    if PRINTED_FORMS.search(letters):
        sentence = PRINTED_FORMS.sub(_plain_letters, sentence)
    if "\u200c" in letters or "\u200d" in letters:
        sentence = PRINTED_JOINER.sub("", sentence)
    if any(map(unicodedata.combining, set(sentence))):
        sentence = MARKS_IN_A_ROW.sub(_fewer_marks, sentence)
    return sentence


def _plain_letters(found):
    return unicodedata.normalize("NFKC", found[0])


def _low(sentence):
    """Return a sentence in lower case, each letter as one character where there is one."""
    if sentence.isascii():
        return sentence.lower()
    # The lower case of the Turkish İ is i, to which Python adds a dot (U+0307). A text may
    # have been put in lower case by Python before.
    sentence = DOTTED.sub("i", sentence.replace("I\u0307", "i").lower())
    # NFC, because é may be one character or two, and must be the same word either way.
    return unicodedata.normalize("NFC", sentence).replace("’", "'")


def _fewer_marks(found):
    """Keep only a few marks of each letter, because NFC sorts them, which would take long."""
    kept, marks = [], 0
    for character in found[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)


@cache
def _word_pattern():
    # `re` does not count vowel signs (of Hindi, say) and lone accents as letters. Those
    # beyond 0xFFFF, of rare scripts, would make the search ten times as slow.
    signs = (c for c in map(chr, range(0x10000)) if unicodedata.category(c)[0] == "M")
    letters, marks = r"[^\W_]+", re.escape("".join(signs))
    return re.compile(rf"{letters}(?:[{marks}]+[^\W_]*|[{JOINERS}]{letters})*")
