"""Turn your own text into arrays of word indices. Chapter 12."""

import time
import unicodedata
from collections import Counter
from itertools import islice
from typing import NamedTuple

import numpy as np

from w2v_lesson.ptb import CorpusError
from w2v_lesson.settings import check_whole_number
from w2v_lesson.text import index_cache
from w2v_lesson.text.sentences import Text
from w2v_lesson.vocabulary import UNKNOWN, Vocab, index_corpus, known_counts
from w2v_lesson.wording import megabytes

# Change the number whenever the rule of `read_text` or the kept files change.
FORMAT = "w2v_lesson index 4"
SENTENCES_PER_PART = 1000
MIN_SECONDS_BETWEEN_REPORTS = 0.25
# In the benchmark "Your own text", we trained on parts of the Penn Treebank. For all parts
# of this size, the vectors agreed with human judgments better than by chance, but not for
# all smaller parts.
MIN_USEFUL_WORDS = 100_000


class Report(NamedTuple):
    """A summary of a text that was read; ``str`` writes it out. Chapter 12.

    Attributes
    ----------
    sentences, words : int
        How many there are, including repeated and rare ones.
    distinct_words : int
        How many different words there are.
    kept_words : int
        How many of the different words are in the vocabulary, without ``<unk>``.
    share_dropped : float
        Occurrences of all other words as a share of `words`, from 0 to 1.
    num_bytes : int
        Size of the files, packed if they are.
    notes : tuple of str
        What to know about how the text was read.
    """

    sentences: int
    words: int
    distinct_words: int
    kept_words: int
    share_dropped: float
    num_bytes: int
    notes: tuple = ()

    @property
    def warning(self):
        """What to expect if the text is small; otherwise empty."""
        if self.words >= MIN_USEFUL_WORDS:
            return ""
        return (
            f"A text of {self.words:,} words is small, so be skeptical of the nearest words. "
            "We trained on parts of the Penn Treebank, six of each size, and compared the "
            "vectors with human judgments. With 25,000 words, one of the six agreed better "
            "than by chance (permutation test, p < 0.05), with 50,000 words four, and with "
            f"{MIN_USEFUL_WORDS:,} words all six."
        )

    def __str__(self):
        return (
            f"Read {megabytes(self.num_bytes)}: {self.sentences:,} sentences with "
            f"{self.words:,} words, {self.distinct_words:,} of them different. The "
            f"vocabulary has {self.kept_words:,} of these. The others, "
            f"{self.share_dropped:.1%} of the text, are dropped as rare or unknown."
            + "".join(f"\nNote: {note}" for note in self.notes)
            + (f"\nWarning: {self.warning}" if self.warning else "")
        )


class Index(NamedTuple):
    """A text as `index_text` returns it. Chapter 12.

    Attributes
    ----------
    ids : ndarray of int32, shape (words,)
        Index of each known word; read-only and memory-mapped if kept on disk.
    sentence_of : ndarray of int32, shape (words,)
        Number of the sentence that each of these words is in.
    vocab : Vocab
    report : Report
    """

    ids: np.ndarray
    sentence_of: np.ndarray
    vocab: Vocab
    report: Report


def index_text(text, min_freq=5, max_words=None, *, name=None, cache=True, progress=None):
    """Count the words of a text, and turn it into arrays of word indices. Chapter 12.

    The text is read twice. Memory holds only the counts of its different words (about 100
    bytes each) and about a thousand sentences.

    Parameters
    ----------
    text : Text
        As `read_text` returns it.
    min_freq : int
        Words that occur less often count as unknown.
    max_words : int, optional
        Keep only this many words, the most frequent ones.
    name : str, optional
        Name for your own `tokenize` and `split_sentences`, for example "spacy 3.7". A text
        that is read with them is kept only if they have a name, because we cannot
        distinguish one function from another.
    cache : bool
        Whether to keep the arrays in ``cache_dir()/texts`` and load them from there next
        time. To see whether a text is the same, its files are hashed, which takes about a
        second for each gigabyte. A damaged copy is noticed and replaced. You may delete
        the folder at any time.
    progress : callable, optional
        Called as ``progress(bytes_done, bytes_all, seconds_left)`` up to four times a
        second and at the end. The numbers cover both readings together.

    Returns
    -------
    Index

    Raises
    ------
    CorpusError
        If a file cannot be read (see `Text`), or if the text changes while it is read.
    ValueError
        If no word occurs `min_freq` times.

    Warns
    -----
    UserWarning
        If the arrays cannot be kept, for example because the disk is full. They are then
        in memory.
    """
    check_text(text)
    check_whole_number("min_freq", min_freq, smallest=0)
    if max_words is not None:
        check_whole_number("max_words", max_words)
    stamp, watch = text.stamp(), _Watch(progress, text.num_bytes)
    folder, kept = None, None
    if cache and (name or text.has_default_rules):
        # Which characters are letters and marks depends on the Unicode version of this
        # Python.
        settings = [FORMAT, unicodedata.unidata_version, text.encoding, name]
        settings += [text.lines, text.plain]
        folder = index_cache.folder_for(text.files, [*settings, min_freq, max_words])
        kept = folder and index_cache.load(folder)
    if not kept:
        vocab, report = _count(text, min_freq, max_words, watch)
        if folder:
            parts, num_words = _indexed(text, stamp, vocab, watch), _num_known(vocab)
            kept = index_cache.keep(folder, parts, num_words, _as_facts(vocab, report))
    if kept:
        ids, sentence_of, facts = kept
        vocab, report = _from_facts(**facts)
    else:
        parts = zip(*_indexed(text, stamp, vocab, watch), strict=True)
        ids, sentence_of = map(np.concatenate, parts)
    watch.end()
    return Index(ids, sentence_of, vocab, report)


def check_text(text):
    """Raise TypeError unless something is a Text.

    Parameters
    ----------
    text : object
    """
    if not isinstance(text, Text):
        raise TypeError(
            f"text must be a Text, not {type(text).__name__}. Make one: read_text(path)."
        )


def _count(text, min_freq, max_words, watch):
    """Read the text for the first time, and make the vocabulary and the report."""
    counter, sentences = Counter(), 0
    for sentence in text.sentences(watch.reading(0)):
        counter.update(sentence)
        sentences += 1
    vocab = Vocab.from_counter(counter, min_freq, max_words)
    words, dropped = counter.total(), int(vocab.counts[vocab.unk])
    return vocab, Report(
        sentences,
        words,
        len(counter.keys() - {UNKNOWN}),
        len(vocab) - 1,
        dropped / words,
        text.num_bytes,
        tuple(text.notes),
    )


def _indexed(text, stamp, vocab, watch):
    """Read the text again, and yield `ids` and `sentence_of` for some sentences at a time."""
    sentences, first, words = text.sentences(watch.reading(1)), 0, 0
    while some := list(islice(sentences, SENTENCES_PER_PART)):
        ids, sentence_of = index_corpus(some, vocab)
        yield ids, sentence_of + np.int32(first)
        first, words = first + len(some), words + len(ids)
    if text.stamp() != stamp or words != _num_known(vocab):
        raise CorpusError(
            "The text changed while it was being read, or your tokenizer does not return "
            "the same words each time. Nothing was kept. Try again."
        )


def _num_known(vocab):
    return int(known_counts(vocab).sum())


def _as_facts(vocab, report):
    """Put what belongs to the arrays into a dict for JSON; `_from_facts` reverses this."""
    counts = vocab.counts.tolist()
    return {"tokens": vocab.idx_to_token, "counts": counts, "report": report}


def _from_facts(tokens, counts, report):
    *numbers, notes = report
    return Vocab.from_counts(tokens, counts), Report(*numbers, tuple(notes))


class _Watch:
    """Report the progress of two readings, not too often."""

    def __init__(self, progress, num_bytes):
        self.progress = progress
        self.num_bytes = max(1, num_bytes)  # a tokenizer may find words in an empty file
        self.started = self.reported = time.monotonic()

    def reading(self, number):
        """Return a function to call with the bytes read so far in reading `number`, 0 or 1."""
        return lambda num_bytes: self._tell(number * self.num_bytes + num_bytes)

    def _tell(self, done):
        now = time.monotonic()
        long_ago = now - self.reported >= MIN_SECONDS_BETWEEN_REPORTS
        if self.progress and long_ago and done:  # nothing is done yet if a file is empty
            self.reported = now
            left = max(0, 2 * self.num_bytes - done)  # the file may have grown
            self.progress(done, done + left, (now - self.started) / done * left)

    def end(self):
        if self.progress:
            self.progress(2 * self.num_bytes, 2 * self.num_bytes, 0.0)
