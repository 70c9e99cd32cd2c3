"""Split text into paragraphs, sentences, and words. Chapter 12.

The default rules are hand-written, because they are then simple enough to explain in a few
sentences. NLTK and spaCy have better rules for single languages, and `read_text` can use
them.
"""

import re
import unicodedata
from functools import cache

from w2v_lesson.ptb import CorpusError
from w2v_lesson.text.reading import check_encoding, file_status, find_files, read_pieces

MAX_PARAGRAPH_CHARACTERS = 100_000  # a tenth of the longest text that spaCy's models accept
MAX_SENTENCE_WORDS = 1000
BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
SENTENCE_END = re.compile(r"""[.!?…]["'”’»)\]]*\s""")
JOINERS = "'‐\u200c\u200d-"  # apostrophe, hyphens, and those of Persian and Hindi


def read_text(path_or_paths, *, encoding="utf-8", split_sentences=None, tokenize=None):
    """Read your own text as sentences, each a list of words. Chapter 12.

    Parameters
    ----------
    path_or_paths : path or iterable of paths
        Files of plain text, which may be packed by gzip, and folders. In a folder and the
        folders inside, this reads all .txt, .md, .txt.gz and .md.gz files, except hidden
        ones, sorted by name.
    encoding : str
        Encoding of all files. A byte-order mark (BOM) is not part of the text.
    split_sentences : callable, optional
        Called as ``split_sentences(paragraph)`` with a str; returns a list of str.
    tokenize : callable, optional
        Called as ``tokenize(sentence)`` with a str; returns its words. NLTK's
        `word_tokenize` and the `tokenizer` of a spaCy pipeline both work. Each word is
        turned into a str and is otherwise left alone. Empty words and white space are
        dropped. As everywhere in the lesson, ``<unk>`` means the unknown word.

    Returns
    -------
    Text
        Iterating over it reads the files.

    Raises
    ------
    CorpusError
        If there is no such file.
    ValueError
        If there is no such encoding.

    Notes
    -----
    Without `split_sentences`, a sentence ends at a blank line, and after ``.``, ``!``,
    ``?`` or ``…`` if white space follows. Closing quotes or brackets may stand in between.
    The mark is part of the sentence. So "Mr. Smith" is split in two, and a line break
    alone does not end a sentence. If your text has one sentence on each line, use
    ``str.splitlines``.

    Without `tokenize`, words are runs of letters, digits and accents in lower case, with
    single apostrophes and hyphens inside. Everything else separates words. Languages that
    are written without spaces need their own tokenizer.

    A paragraph ends at a blank line. If it has more than 100,000 characters, it is divided
    at a line break, or else at a space. A sentence with more than 1,000 words is divided,
    too.
    """
    encoding = check_encoding(encoding)
    return Text(find_files(path_or_paths), encoding, split_sentences, tokenize)


class Text:
    """Sentences of text files, each a list of str, as `read_text` makes them.

    Every iteration reads the files again. Memory holds only one paragraph and about a
    megabyte of a file. Chapter 12.

    Parameters
    ----------
    files : list of Path
        Text files.
    encoding : str
        As `check_encoding` returns it.
    split_sentences, tokenize : callable or None
        See `read_text`.

    Raises
    ------
    CorpusError
        On iteration, if a file cannot be read or decoded or is not a text file, or if none
        of the files contains a word.
    TypeError
        On iteration, if a callable does not return a list.
    """

    def __init__(self, files, encoding, split_sentences, tokenize):
        self.files, self.encoding = files, encoding
        self.split_sentences, self.tokenize = split_sentences, tokenize

    @property
    def has_default_rules(self):
        """Whether the default rules of `read_text` find the sentences and words."""
        return self.split_sentences is None and self.tokenize is None

    def stamp(self):
        """Return the sizes and times that show whether a file has changed.

        Returns
        -------
        list of (int, int)
            For each file, its size in bytes and the time of its last change in ns.
        """
        found = (file_status(path) for path in self.files)
        return [(status.st_size, status.st_mtime_ns) for status in found]

    @property
    def num_bytes(self):
        """Size of all files on disk, in bytes."""
        return sum(size for size, _ in self.stamp())

    def __iter__(self):
        return self.sentences()

    def sentences(self, watch=None):
        """Iterate over the sentences.

        Parameters
        ----------
        watch : callable, optional
            Called before each paragraph as ``watch(num_bytes)`` with the number of bytes
            that have been read.

        Yields
        ------
        list of str
        """
        empty = True
        for paragraph in self._paragraphs(watch or (lambda num_bytes: None)):
            for words in self._sentences_of(paragraph):
                for start in range(0, len(words), MAX_SENTENCE_WORDS):
                    empty = False
                    yield words[start : start + MAX_SENTENCE_WORDS]
        if empty:
            raise CorpusError(
                f"There is no word in {', '.join(map(str, self.files[:3]))}"
                f"{' …' if len(self.files) > 3 else ''}. Give a file that contains text."
            )

    def _paragraphs(self, watch):
        before = 0
        for path in self.files:
            for paragraph, done in _split_in_paragraphs(read_pieces(path, self.encoding)):
                watch(before + done)
                yield paragraph
            before += file_status(path).st_size

    def _sentences_of(self, paragraph):
        if self.split_sentences is None:
            sentences = _split_in_sentences(paragraph)
        else:
            sentences = _list_from("split_sentences", self.split_sentences, paragraph)
        if self.tokenize is None:
            return map(split_words, sentences)
        return (_list_from("tokenize", self.tokenize, each) for each in sentences)


def split_words(sentence):
    """Split a sentence into words by the rule of `read_text`. Chapter 12.

    Parameters
    ----------
    sentence : str

    Returns
    -------
    list of str
    """
    # NFC, because é may be one character or two, but should give the same word either way.
    plain = unicodedata.normalize("NFC", sentence.lower()).replace("’", "'")
    return _word_pattern().findall(plain)


@cache
def _word_pattern():
    # `re` does not count vowel signs (of Hindi, for example) and lone accents as letters.
    # The signs of rare scripts beyond 0xFFFF would make the search ten times as slow.
    signs = (c for c in map(chr, range(0x10000)) if unicodedata.category(c)[0] == "M")
    letters, marks = r"[^\W_]+", re.escape("".join(signs))
    return re.compile(rf"{letters}(?:[{marks}]+[^\W_]*|[{JOINERS}]{letters})*")


def _list_from(name, function, text):
    """Call the reader's function, and return its result as a list of str."""
    found = function(text)
    if isinstance(found, (str, bytes)) or not hasattr(found, "__iter__"):
        raise TypeError(
            f"{name} must return a list of str, but for {text[:40]!r} it returned "
            f"{str(found)[:40]!r}. Make it return a list, as str.split does."
        )
    return [each for each in map(str, found) if each and not each.isspace()]


def _split_in_sentences(paragraph):
    """Yield the sentences of a paragraph, each with the mark that ends it."""
    start = 0
    for end in SENTENCE_END.finditer(paragraph):
        yield paragraph[start : end.end() - 1]  # without the white space
        start = end.end()
    yield paragraph[start:]


def _split_in_paragraphs(pieces):
    """Yield the paragraphs of a text, however it is cut into pieces.

    `pieces` yields pairs of a text and a number, and the number is passed on.
    """
    rest, done = "", 0
    for text, done in pieces:
        rest, start = rest + text, 0
        while len(rest) - start > MAX_PARAGRAPH_CHARACTERS:
            # Always look at the same number of characters, because pieces must not matter.
            window = rest[start : start + MAX_PARAGRAPH_CHARACTERS]
            *whole, last = BLANK_LINE.split(window)
            if not whole:
                end = last.rfind("\n") + 1 or last.rfind(" ") + 1 or len(last)
                whole, last = [last[:end]], last[end:]
            yield from ((paragraph, done) for paragraph in whole)
            start += MAX_PARAGRAPH_CHARACTERS - len(last)
        rest = rest[start:]
    yield from ((paragraph, done) for paragraph in BLANK_LINE.split(rest))
