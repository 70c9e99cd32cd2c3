"""Pieces of text into paragraphs and sentences. Chapter 12.

The default rules are hand-written, because they are then simple enough to explain in a few
sentences. NLTK and spaCy have better rules for single languages, and `read_text` can use
them.
"""

import re
from itertools import chain

from w2v_lesson.ptb import CorpusError
from w2v_lesson.text.encodings import check_encoding, garbled_word
from w2v_lesson.text.layout import has_sentence_per_line, refuse_unspaced
from w2v_lesson.text.markup import refuse_markup
from w2v_lesson.text.reading import file_status, find_files, read_pieces
from w2v_lesson.text.words import split_words
from w2v_lesson.wording import option

MAX_PARAGRAPH_CHARACTERS = 100_000  # a tenth of the longest text that spaCy's models accept
MAX_SENTENCE_WORDS = 1000
MAX_WORD_LETTERS = 1000  # a longer one is mentioned
MAX_NOTES = 10
SAMPLE_CHARACTERS = 2**16  # from which the layout of a file is told
BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
# Of Unicode's property Sentence_Terminal: marks with a space behind them, and those of scripts
# that need none. The first stand in numbers and abbreviations, too.
SPACED_ENDS = ".!?…‼‽⁇⁈⁉．\u037e։۔܀܁܂߹។៕᙮᠃᠉⸮"
ENDS = "。！？｡।॥؟።፧፨།။︒︕︖﹖﹗"
# In Greek, a question ends in what looks like a semicolon, and is often typed as one.
GREEK_QUESTION = "(?<=[\u0370-\u03ff\u1f00-\u1fff]);"
CLOSERS = r"""["'”’»›)\]」』】》〉）］]*"""
SENTENCE_END = re.compile(
    rf"(?:[{SPACED_ENDS}{ENDS}]|{GREEK_QUESTION})(?:(?<=[{ENDS}])[{ENDS}]*{CLOSERS}\s?|{CLOSERS}\s)"
)


def read_text(
    path_or_paths,
    *,
    encoding="utf-8",
    split_sentences=None,
    tokenize=None,
    lines=None,
    plain=False,
):
    """Read your own text as sentences, each a list of words. Chapter 12.

    Parameters
    ----------
    path_or_paths : path or iterable of paths
        Files of plain text, which may be packed by gzip, bzip2, or xz, and folders. Of a
        folder, all .txt and .md files are read, packed or not, also those of inner folders,
        sorted by name and without hidden ones. A folder that links lead to several times
        is read once.
    encoding : str
        Encoding of all files. A byte-order mark (BOM) is not part of the text.
    split_sentences : callable, optional
        Called as ``split_sentences(paragraph)`` with a str; returns a list of str.
    tokenize : callable, optional
        Called as ``tokenize(sentence)`` with a str; returns its words. NLTK's
        `word_tokenize` and the `tokenizer` of a spaCy pipeline both work. Each word
        becomes a str and is otherwise left alone; empty words and white space are not
        words. As everywhere in the lesson, ``<unk>`` means the unknown word.
    lines : bool, optional
        Whether each line is a sentence. If you don't say, a file is read so when it has
        many lines, few marks that end sentences, and lines that were not broken for their
        length. The report of `index_text` says so then.
    plain : bool
        Read files that look like HTML, JSON, a table, or the like as they are.

    Returns
    -------
    Text
        Iterating over it reads the files.

    Raises
    ------
    CorpusError
        If there is no such file.
    TypeError
        If the paths or the functions are something else.
    ValueError
        If there is no such encoding, or if `lines` does not fit.

    Notes
    -----
    Without `split_sentences`, a sentence ends at a blank line, and behind ``.``, ``!``,
    ``?`` or ``…`` if white space follows; closing quotes or brackets may stand between.
    The marks of other scripts count as well, and those of Chinese, Japanese, Hindi,
    Arabic, Amharic, and Burmese need no white space. The mark is part of the sentence. So
    "Mr. Smith" is split in two, and a line break alone ends no sentence.

    Without `tokenize`, words are runs of letters, digits and accents in lower case, with
    single apostrophes and hyphens inside; everything else separates words. A word that is
    hyphenated at the end of a line becomes whole again. Soft hyphens, other invisible
    characters, and the Arabic tatweel are left out, ligatures are taken apart, and İ
    becomes i. A language that is written without spaces needs a tokenizer of its own.

    A paragraph ends at a blank line. If it has more than 100,000 characters, it is divided
    at a line break, or else at a space. A sentence with more than 1,000 words is divided,
    too.
    """
    encoding = check_encoding(encoding)
    for name, each in (("split_sentences", split_sentences), ("tokenize", tokenize)):
        if each is not None and not callable(each):
            raise TypeError(
                f"{name} must be a function, such as str.split, not {type(each).__name__}."
            )
    if not (lines is None or isinstance(lines, bool)) or (lines and split_sentences):
        raise ValueError(
            f"lines must be True, False, or None, and not be given together with "
            f"split_sentences; it is {lines!r}."
        )
    files = find_files(path_or_paths)
    return Text(files, encoding, split_sentences, tokenize, lines, plain)


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
    lines, plain
        See `read_text`.

    Attributes
    ----------
    notes : list of str
        What the reader should know about how the files were read; complete after an
        iteration.

    Raises
    ------
    CorpusError
        On iteration: if a file cannot be read or decoded, if it is not plain text, if it
        needs a tokenizer, or if there is no word in any of them.
    TypeError
        On iteration, if a callable does not return a list.
    """

    def __init__(self, files, encoding, split_sentences, tokenize, lines=None, plain=False):
        self.files, self.encoding = files, encoding
        self.split_sentences, self.tokenize = split_sentences, tokenize
        self.lines, self.plain = lines, plain
        self.notes = []

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
        self.notes, self._has_long_word, empty = [], False, True
        for paragraph, lines in self._paragraphs(watch or (lambda num_bytes: None)):
            for words in self._sentences_of(paragraph, lines):
                for start in range(0, len(words), MAX_SENTENCE_WORDS):
                    empty = False
                    yield words[start : start + MAX_SENTENCE_WORDS]
        if empty:
            raise CorpusError(
                f"There is no word in {', '.join(map(str, self.files[:3]))}"
                f"{' …' if len(self.files) > 3 else ''}. Give a file that contains text."
            )

    def _paragraphs(self, watch):
        """Yield each paragraph, and whether its lines are sentences."""
        before = 0
        for path in self.files:
            sample, pieces = _with_sample(read_pieces(path, self.encoding))
            lines = self._lines_of(path, sample)
            for paragraph, done in _split_in_paragraphs(pieces):
                watch(before + done)
                yield paragraph, lines
            before += file_status(path).st_size

    def _lines_of(self, path, sample):
        """Refuse what is no prose; else tell whether the lines of a file are sentences."""
        if not self.plain:
            refuse_markup(path, sample)
            if self.tokenize is None:
                refuse_unspaced(path, sample)
        self._look_for_lost_letters(path, sample)
        if self.split_sentences or self.lines is not None:
            return self.lines
        found = has_sentence_per_line(sample, SENTENCE_END)
        if found:
            self._note(
                f"{path} seems to have one sentence on each line, so each line was read as "
                f"a sentence. If that is wrong, give {option('lines', False)}."
            )
        elif found is None:
            self._note(
                f"Many lines of {path} end without a mark such as a period, and were read "
                "as parts of longer sentences. If each line is a sentence or document of "
                f"its own, give {option('lines', True)}."
            )
        return found

    def _look_for_lost_letters(self, path, sample):
        if word := garbled_word(sample):
            self._note(
                f"Letters of {path} were garbled when it was made, for example in "
                f"{word[:20]!r}. Its text was in UTF-8, but taken for another encoding. Get "
                "it again, or save it anew from its source as UTF-8."
            )
        if lost := sample.count("\ufffd"):
            self._note(
                f"{path} has {lost:,} characters � near its beginning. There, letters were "
                "lost when it was made. Get it again, or save it anew from its source as UTF-8."
            )

    def _note(self, text):
        if len(self.notes) < MAX_NOTES:
            self.notes.append(text)

    def _sentences_of(self, paragraph, lines):
        if self.split_sentences is not None:
            sentences = _list_from("split_sentences", self.split_sentences, paragraph)
        else:
            sentences = paragraph.splitlines() if lines else _split_in_sentences(paragraph)
        for sentence in sentences:
            if self.tokenize is None:
                words = split_words(sentence)
            else:
                words = _list_from("tokenize", self.tokenize, sentence)
            if len(sentence) > MAX_WORD_LETTERS:
                self._look_for_long_words(words)
            yield words

    def _look_for_long_words(self, words):
        longest = max(words, key=len, default="")
        if len(longest) > MAX_WORD_LETTERS and not self._has_long_word:
            self._has_long_word = True
            self._note(
                f"The text has a word of {len(longest):,} letters, which begins with "
                f"{longest[:20]!r}. Look whether that part of it is text."
            )


def _with_sample(pieces):
    """Read the beginning of a text; return it, and all pieces."""
    first, size = [], 0
    for piece in pieces:
        first.append(piece)
        size += len(piece[0])
        if size >= SAMPLE_CHARACTERS:
            break
    sample = "".join(text for text, _ in first)[:SAMPLE_CHARACTERS]
    return sample, chain(first, pieces)


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
        sentence = paragraph[start : end.end()]
        yield sentence[:-1] if sentence[-1].isspace() else sentence
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
