"""Text in: the Penn Treebank, verified, and your own files, as lists of words."""

import re
import unicodedata
from functools import cache

from w2v_lesson.ptb import CorpusError
from w2v_lesson.text.reading import check_encoding, decoded, facts_of, find_files

LONGEST_PARAGRAPH = 100_000  # characters; a tenth of what spaCy's models take
LONGEST_SENTENCE = 1000  # words
BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
SENTENCE_END = re.compile(r"""[.!?…]["'”’»)\]]*\s""")
JOINERS = "'‐\u200c\u200d-"  # apostrophe, hyphens, and those of Persian and Hindi


def read_text(path_or_paths, *, encoding="utf-8", split_sentences=None, tokenize=None):
    """Read your own text: sentences, each a list of words.

    path_or_paths : a file, a folder, or several of them. A file is plain text, or such
        text packed by gzip. Of a folder all .txt, .md, .txt.gz and .md.gz files are
        read, those of its folders too, sorted by name; hidden ones are left out.
    encoding : of all files; a byte-order mark (BOM) is no part of the text
    split_sentences : called as split_sentences(paragraph), str, gives list of str
    tokenize : called as tokenize(sentence), str, gives its words; NLTK's `word_tokenize`
        and the `tokenizer` of a spaCy pipeline will do. Each becomes a str and stays as
        it is; only what is empty or white space is no word. `<unk>` means the unknown
        word, as everywhere in the lesson.

    Without `split_sentences`, a blank line ends a sentence, and so does `.`, `!`, `?` or
    `…` followed by white space (closing quotes or brackets may stand between). So "Mr.
    Smith" is cut in two, and a line break alone ends none: for text with one sentence a
    line give `str.splitlines`. Without `tokenize`, words are runs of letters, digits and
    accents in lower case, with single apostrophes and hyphens inside; all else
    separates. For a language written without spaces, give your own.
    A paragraph ends at a blank line, or after 100,000 characters at the latest: at a
    line break, else at a space. A sentence is cut after 1,000 words.

    Returns a `Text`; the files are read when it is iterated over.
    Raises CorpusError if there is no such file, ValueError for an unknown encoding.
    Chapter 11.
    """
    encoding = check_encoding(encoding)
    return Text(find_files(path_or_paths), encoding, split_sentences, tokenize)


class Text:
    """Sentences of text files, each a list of str; every iteration reads them anew.

    Memory holds a paragraph and a megabyte of the file. Made by `read_text`.

    Attributes
    ----------
    files : list of Path
    encoding, split_sentences, tokenize : see `read_text`

    Iteration raises CorpusError if a file cannot be read or decoded, is no text, or if
    there is no word in all of them; TypeError if a callable gives no list.
    """

    def __init__(self, files, encoding, split_sentences, tokenize):
        self.files, self.encoding = files, encoding
        self.split_sentences, self.tokenize = split_sentences, tokenize

    def stamp(self):
        """Size in bytes and time of change in ns of each file, list of (int, int)."""
        found = (facts_of(path) for path in self.files)
        return [(facts.st_size, facts.st_mtime_ns) for facts in found]

    @property
    def num_bytes(self):
        """Size of all files, on the disk (packed, if they are)."""
        return sum(size for size, _ in self.stamp())

    def __iter__(self):
        return self.sentences()

    def sentences(self, watch=None):
        """Iterate over the sentences.

        watch : called for each paragraph as watch(num_bytes), those read so far
        """
        empty = True
        for paragraph in self._paragraphs(watch or (lambda num_bytes: None)):
            for words in self._sentences_of(paragraph):
                for start in range(0, len(words), LONGEST_SENTENCE):
                    empty = False
                    yield words[start : start + LONGEST_SENTENCE]
        if empty:
            raise CorpusError(
                f"There is no word in {', '.join(map(str, self.files[:3]))}"
                f"{' …' if len(self.files) > 3 else ''}. Give a file that holds text."
            )

    def _paragraphs(self, watch):
        before = 0
        for path in self.files:
            for paragraph, done in _cut_in_paragraphs(decoded(path, self.encoding)):
                watch(before + done)
                yield paragraph
            before += facts_of(path).st_size

    def _sentences_of(self, paragraph):
        if self.split_sentences is None:
            sentences = _split_in_sentences(paragraph)
        else:
            sentences = _list_from("split_sentences", self.split_sentences, paragraph)
        if self.tokenize is None:
            return map(split_words, sentences)
        return (_list_from("tokenize", self.tokenize, each) for each in sentences)


def _split_in_sentences(paragraph):
    """Yield the sentences of a paragraph; the mark that ends one belongs to it."""
    start = 0
    for end in SENTENCE_END.finditer(paragraph):
        yield paragraph[start : end.end() - 1]  # without the white space
        start = end.end()
    yield paragraph[start:]


def split_words(sentence):
    """Words of a sentence, list of str, by the rule of `read_text`."""
    # NFC: é may be one character or two, and is to be one word either way.
    plain = unicodedata.normalize("NFC", sentence.lower()).replace("’", "'")
    return _word_pattern().findall(plain)


@cache
def _word_pattern():
    # For `re`, vowel signs (of Hindi, say) and lone accents are no letters. Those beyond
    # 0xFFFF, of rare scripts, would make the search ten times as slow.
    signs = (c for c in map(chr, range(0x10000)) if unicodedata.category(c)[0] == "M")
    letters, marks = r"[^\W_]+", re.escape("".join(signs))
    return re.compile(rf"{letters}(?:[{marks}]+[^\W_]*|[{JOINERS}]{letters})*")


def _list_from(name, function, text):
    """What a callable of the reader's gives for a text, list of str."""
    found = function(text)
    if isinstance(found, (str, bytes)) or not hasattr(found, "__iter__"):
        raise TypeError(
            f"{name} must give a list of str; for {text[:40]!r} it gave "
            f"{str(found)[:40]!r}. Let it return a list, as str.split does."
        )
    return [each for each in map(str, found) if each and not each.isspace()]


def _cut_in_paragraphs(pieces):
    """Paragraphs of a text that comes in pieces, wherever it is cut into these.

    pieces : of (text, number), the number is passed on
    """
    rest, done = "", 0
    for text, done in pieces:
        rest, start = rest + text, 0
        while len(rest) - start > LONGEST_PARAGRAPH:
            # Always so many characters: what is cut does not depend on the pieces.
            *whole, last = BLANK_LINE.split(rest[start : start + LONGEST_PARAGRAPH])
            if not whole:
                end = last.rfind("\n") + 1 or last.rfind(" ") + 1 or len(last)
                whole, last = [last[:end]], last[end:]
            yield from ((paragraph, done) for paragraph in whole)
            start += LONGEST_PARAGRAPH - len(last)
        rest = rest[start:]
    yield from ((paragraph, done) for paragraph in BLANK_LINE.split(rest))
