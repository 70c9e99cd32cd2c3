"""Your own text as arrays of word indices: counted, indexed, kept on the disk."""

import errno
import hashlib
import json
import os
import shutil
import tempfile
import time
import unicodedata
import warnings
from collections import Counter
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from w2v_lesson.files.disk import cache_dir
from w2v_lesson.ptb import CorpusError
from w2v_lesson.text.reading import digest
from w2v_lesson.vocabulary import UNKNOWN, Vocab, index_corpus

FORMAT = "w2v_lesson index 2"  # another number when the rule of `read_text` changes
ARRAYS = ("ids.npy", "sentence_of.npy")
WORDS, SUMS = "words.json", "SHA256SUMS"
BYTES_PER_WORD = 8  # in both arrays
SENTENCES_AT_ONCE = 1000
SECONDS_BETWEEN_REPORTS = 0.25
SECONDS_OF_DAY = 86_400
# Vectors of parts of the Penn Treebank, of 25,000 to 887,521 words, were held against
# WordSim-353: with fewer, the interval of the rank correlation mostly includes 0.
ENOUGH_WORDS = 100_000


class Report(NamedTuple):
    """What was read of a text; as a str in plain words.

    sentences, words : how many, repeated ones and rare ones too
    distinct_words : how many different ones
    kept_words : how many of these are in the vocabulary, without `<unk>`
    share_dropped : of `words`, from 0 to 1, the occurrences of all others
    num_bytes : size of the files (packed, if they are)
    """

    sentences: int
    words: int
    distinct_words: int
    kept_words: int
    share_dropped: float
    num_bytes: int

    @property
    def warning(self):
        """What to expect if the text is too small to learn from, else an empty str."""
        if self.words >= ENOUGH_WORDS:
            return ""
        return (
            f"{self.words:,} words are too few to learn much from: doubt the nearest "
            "words. Of six parts of the Penn Treebank with 50,000 words, one gave "
            "vectors that agree with human judgements beyond chance; of six with 100,000, "
            f"five did. Give at least {ENOUGH_WORDS:,} words."
        )

    def __str__(self):
        return (
            f"{self.num_bytes / 1e6:,.1f} MB read: {self.sentences:,} sentences, "
            f"{self.words:,} words, {self.distinct_words:,} of them different. "
            f"The vocabulary has {self.kept_words:,}; the others, "
            f"{self.share_dropped:.1%} of the text, are dropped as rare or unknown."
            + (f"\nWarning: {self.warning}" if self.warning else "")
        )


class Index(NamedTuple):
    """A text as `index_text` returns it.

    ids, sentence_of : as `index_corpus` returns them; read-only, on the disk, if kept
    vocab : Vocab
    report : Report
    """

    ids: np.ndarray
    sentence_of: np.ndarray
    vocab: Vocab
    report: Report


def index_text(text, min_freq=5, max_words=None, *, name=None, cache=True, progress=None):
    """Count the words of a text, and turn it into arrays of word indices.

    text : Text, of `read_text`; it is read twice, memory holds only the counter of its
        different words (about 100 bytes each) and some thousand sentences
    min_freq : words seen fewer times count as unknown
    max_words : keep so many words, the most frequent ones; None keeps all
    name : of your own `tokenize` and `split_sentences`, for example "spacy 3.7"; such a
        text is kept under this name only, as a function cannot be told from another
    cache : keep the arrays in `cache_dir()/texts` and take them from there next time.
        To tell that files and settings are the same, they are hashed, which takes
        about a second for a gigabyte. A damaged copy is noticed and made anew. The folder
        may be deleted at any time.
    progress : called as progress(bytes_done, bytes_all, seconds_left) up to four times
        a second and at the end; of both readings together

    If the arrays cannot be kept, for example because the disk is full, it warns and they
    are in memory.
    Returns `Index`. Raises what reading a `Text` raises; ValueError if no word is as
    frequent as `min_freq`; CorpusError if the text changes meanwhile. Chapter 11.
    """
    stamp, watch = text.stamp(), _Watch(progress, text.num_bytes)
    folder = None
    if cache and (name or (text.tokenize is None and text.split_sentences is None)):
        folder = _folder_of(text, min_freq, max_words, name)
    index = folder and _load(folder)
    if not index:
        vocab, report = _count(text, min_freq, max_words, watch)
        index = (folder and _keep(folder, text, stamp, vocab, report, watch)) or Index(
            *_in_memory(_indexed(text, stamp, vocab, watch)), vocab, report
        )
    watch.end()
    return index


def _count(text, min_freq, max_words, watch):
    """First reading: the vocabulary and the report."""
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
    )


def _indexed(text, stamp, vocab, watch):
    """Second reading: `ids` and `sentence_of` of a thousand sentences at a time."""
    sentences, first, words = text.sentences(watch.reading(1)), 0, 0
    while chunk := list(islice(sentences, SENTENCES_AT_ONCE)):
        ids, sentence_of = index_corpus(chunk, vocab)
        yield ids, sentence_of + np.int32(first)
        first, words = first + len(chunk), words + len(ids)
    if text.stamp() != stamp or words != _known_words(vocab):
        raise CorpusError(
            "The text was changed while it was read, or your tokenizer does not give "
            "the same words each time. Nothing was kept; call it again."
        )


def _known_words(vocab):
    return int(vocab.counts.sum() - vocab.counts[vocab.unk])


def _in_memory(parts):
    return [np.concatenate(each) for each in zip(*parts, strict=True)]


def _folder_of(text, min_freq, max_words, name):
    """Folder for this text with these settings; None, with a warning, if there is none."""
    # The marks and letters that `read_text` knows are those of this Python's Unicode.
    facts = [FORMAT, unicodedata.unidata_version, text.encoding, name, min_freq, max_words]
    facts += [digest(path) for path in text.files]
    key = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]
    try:
        folder = cache_dir() / "texts"
        folder.mkdir(exist_ok=True)
        return folder / key
    except (CorpusError, OSError) as error:
        warnings.warn(f"{error} Until then, texts are read anew each time.", stacklevel=3)
        return None


def _load(folder):
    """The `Index` kept in a folder; None if there is none, or if it is damaged."""
    try:
        sums = json.loads((folder / SUMS).read_text())
        if sums != _sums_of(folder):
            return None
        about = json.loads((folder / WORDS).read_text())
        arrays = [np.load(folder / each, mmap_mode="r") for each in ARRAYS]
        vocab = Vocab.from_counts(about["tokens"], about["counts"])
        return Index(*arrays, vocab, Report(*about["report"]))
    except (OSError, CorpusError, ValueError):
        return None


def _sums_of(folder):
    return {each: digest(folder / each) for each in (*ARRAYS, WORDS)}


def _keep(folder, text, stamp, vocab, report, watch):
    """Index to the disk; None, with a warning, if it cannot be written there."""
    try:
        _sweep(folder.parent)
        with tempfile.TemporaryDirectory(
            prefix=".draft-", dir=folder.parent, ignore_cleanup_errors=True
        ) as place:
            draft = Path(place) / folder.name
            draft.mkdir()
            _write(draft, _indexed(text, stamp, vocab, watch), vocab, report)
            index = _load(draft)  # open files stay, whatever another process does
            _publish(draft, folder)
            return index
    except OSError as error:
        megabytes = BYTES_PER_WORD * _known_words(vocab) / 1e6
        warnings.warn(
            f"The indexed text could not be kept in {folder.parent} ({error.strerror}). "
            f"Make room for {megabytes:,.1f} MB there, or set the environment variable "
            "W2V_LESSON_CACHE to another folder. Until then it is in memory.",
            stacklevel=3,
        )
        return None


def _write(draft, parts, vocab, report):
    """Write the arrays part by part, then the words, then the sums of all."""
    header = {"descr": "<i4", "fortran_order": False, "shape": (_known_words(vocab),)}
    with open(draft / ARRAYS[0], "xb") as ids, open(draft / ARRAYS[1], "xb") as sentences:
        # Not through a memmap: on a full disk that ends the process.
        for file in (ids, sentences):
            np.lib.format.write_array_header_1_0(file, header)
        for part in parts:
            for file, array in zip((ids, sentences), part, strict=True):
                file.write(array.astype("<i4"))
    about = {"tokens": vocab.idx_to_token, "counts": vocab.counts.tolist()}
    (draft / WORDS).write_text(json.dumps({**about, "report": report}))
    (draft / SUMS).write_text(json.dumps(_sums_of(draft)))


def _publish(draft, folder):
    """Give the draft its final name, at once; a good copy of another process stays."""
    while True:
        try:
            os.rename(draft, folder)
            return
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR):
                raise
        if _load(folder):
            return
        with suppress(FileNotFoundError):  # another process may have cleared it away
            os.rename(folder, draft.with_suffix(f".{time.monotonic_ns()}"))


def _sweep(folder):
    """Remove drafts that were left behind by processes that were killed."""
    for draft in folder.glob(".draft-*"):
        if time.time() - draft.stat().st_mtime > SECONDS_OF_DAY:
            shutil.rmtree(draft, ignore_errors=True)


class _Watch:
    """Reports the progress of two readings, not too often."""

    def __init__(self, progress, num_bytes):
        self.progress, self.num_bytes = progress, num_bytes
        self.started = self.reported = time.monotonic()

    def reading(self, number):
        """Function to tell the bytes read in the first (0) or second reading (1)."""
        return lambda num_bytes: self._tell(number * self.num_bytes + num_bytes)

    def _tell(self, done):
        now = time.monotonic()
        if self.progress and now - self.reported >= SECONDS_BETWEEN_REPORTS:
            self.reported = now
            left = 2 * self.num_bytes - done
            self.progress(done, done + left, (now - self.started) / done * left)

    def end(self):
        if self.progress:
            self.progress(2 * self.num_bytes, 2 * self.num_bytes, 0.0)
