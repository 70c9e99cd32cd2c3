"""From your own text to its vectors: settings by its size, and a place to keep them."""

import re
import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from mxnet import npx

from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.files.formats import save_vectors
from w2v_lesson.minibatches import SkipGramData
from w2v_lesson.ptb import CorpusError
from w2v_lesson.settings import Settings
from w2v_lesson.text.indexing import index_text
from w2v_lesson.text.sentences import Text, read_text
from w2v_lesson.training import prepare_training
from w2v_lesson.vectors import WordVectors
from w2v_lesson.vocabulary import known_counts

MOST_WORDS = 100_000  # in the vocabulary; the tables and Adam's memory take 240 MB then
BYTES_PER_WORD = 6  # of English text, for a first guess
LEAST_WORDS = 1000  # below, hardly a word is there often enough


class Suggestion(NamedTuple):
    """Settings for a text.

    min_freq : words seen fewer times are dropped
    num_epochs : passes over the text
    """

    min_freq: int
    num_epochs: int


def suggest(num_words):
    """Settings that suit a text of so many words, all of them counted.

    Some 2 million words are to be trained on in all, in 5 epochs at least and 40 at most.
    Below 200,000 words, a word is kept from 3 occurrences on, else from 5.

    Parts of the Penn Treebank were held against vectors of its other half: of 30,000
    words they agreed best after 40 epochs, of 60,000 after 20 to 40, of 120,000 after 10
    to 20, of 240,000 after 8 to 12, and got worse with more. A min_freq of 3 or 5 made no
    difference. Returns `Suggestion`. Chapter 11.
    """
    num_epochs = min(40, max(5, round(2_000_000 / max(1, num_words))))
    return Suggestion(3 if num_words < 200_000 else 5, num_epochs)


def index_by_size(text, max_words=MOST_WORDS, *, cache=True, progress=None):
    """Index a text with the `min_freq` that `suggest` has for its size.

    text : Text, of `read_text`
    max_words, cache, progress : see `index_text`

    It is read once more if its size on the disk led to another guess. Returns `Index`.
    Raises what `index_text` raises, and CorpusError for a text below 1,000 words.
    """

    def index(min_freq):
        try:
            return index_text(text, min_freq, max_words, cache=cache, progress=progress)
        except ValueError as error:  # no word is there often enough
            raise _too_small("hardly any word occurs more than once or twice") from error

    guess = suggest(text.num_bytes / BYTES_PER_WORD).min_freq
    found = index(guess)
    if (wanted := suggest(found.report.words).min_freq) != guess:
        found = index(wanted)
    if found.report.words < LEAST_WORDS:
        raise _too_small(f"it has {found.report.words:,} words")
    return found


def _too_small(why):
    return CorpusError(
        f"This text is too small to train on: {why}. Give one of at least "
        f"{LEAST_WORDS:,} words; from 100,000 on the vectors begin to be of use."
    )


def training_of(index, seed=0):
    """A training on an `Index` with the settings of chapter 04, not begun yet.

    Returns `Training`, with the fused engine and minibatches drawn anew for each epoch.
    Raises ValueError if nothing is left to train on.
    """
    npx.set_np()  # it holds per thread
    settings = Settings(seed=seed)
    data_iter = SkipGramData(
        index.ids, index.sentence_of, index.vocab, **settings.data_options, redraw=True
    )
    return prepare_training(data_iter, settings, engine=FusedEngine)


def vectors_of(training, index, name):
    """Vectors as trained so far; `about` says of which text, and how long."""
    about = {
        "text": name,
        "words": index.report.words,
        "sentences": index.report.sentences,
        "epochs": training.records[-1].epoch if training.records else 0.0,
    }
    return WordVectors.from_net(training.net, index.vocab, about)


def first_word(vectors):
    """A word to begin with, of which the vectors have something to say.

    Of the 30 most frequent words below a thousandth of the text each (more frequent ones,
    such as "the", say little by their neighbors), the one with the nearest neighbors.
    """
    counts, by_count = known_counts(vectors.vocab), vectors.vocab.by_frequency()
    few = by_count[counts[by_count] < counts.sum() / 1000]
    words = vectors.vocab.to_tokens((few if len(few) else by_count)[:30])
    k = min(5, len(vectors) - 2)  # without the word itself and <unk>

    def nearness(word):
        return sum(n.cosine for n in vectors.similar(word, k)) if k else 0.0

    return max(words, key=nearness)


@contextmanager
def as_files(contents):
    """Write texts to a temporary folder, which is removed at the end of the block.

    contents : of (name, bytes)

    Gives the list of paths. Errors about them are told without the folder.
    """
    with tempfile.TemporaryDirectory(prefix="w2v-") as folder:
        paths = []
        for number, (name, content) in enumerate(contents):
            # In a folder each, as two may have one name; and never outside of it.
            path = Path(folder, str(number), Path(name.replace("\\", "/")).name or "text")
            path.parent.mkdir()
            path.write_bytes(content)
            paths.append(path)
        try:
            yield paths
        except CorpusError as error:
            place = re.escape(folder) + r"[\\/]\d+[\\/]"
            raise CorpusError(re.sub(place, "", str(error))) from error


def save_new(vectors, folder, name):
    """Save vectors in a folder under a name that is not taken: name.npz, name-2.npz, …

    folder : made if it is not there
    name : of the text; what a file name should not hold becomes a hyphen

    Returns the path. Raises OSError if it cannot be written; then nothing is.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    stem, number = re.sub(r"\W+", "-", name).strip("-")[:60] or "text", 1
    while True:
        path = folder / f"{stem}{'' if number == 1 else f'-{number}'}.npz"
        try:
            path.touch(exist_ok=False)  # from here on the name is ours
            break
        except FileExistsError:
            number += 1
    try:
        save_vectors(vectors, path)
    except BaseException:
        path.unlink()
        raise
    return path


HELDOUT_EVERY = 20  # of the sentences of your own text, if some are to be held out


def load_data_text(
    text,
    batch_size,
    max_window_size,
    num_noise_words,
    *,
    split="all",
    min_freq=5,
    max_words=None,
    name=None,
    cache=True,
    progress=None,
    **options,
):
    """Load your own text as minibatches, as `load_data_ptb` does the Penn Treebank.

    text : a path, several, or a `Text` of `read_text`, which takes your own tokenizer
    batch_size, max_window_size, num_noise_words : see `load_data_ptb`
    split : "all"; or "heldout" for every twentieth sentence, and "train" for the others.
        The vocabulary and its counts are those of the whole text, for all three.
    min_freq, max_words, name, cache, progress : see `index_text`
    options : redraw, group_by_length, threshold, seed; see `SkipGramData`

    Returns (data_iter, vocab): `SkipGramData` and `Vocab`. The arrays lie on the disk if
    they are kept there; of "train" and "heldout" they are in memory, 8 bytes a word.
    Warns if the text is too small to learn from.
    Raises what `read_text` and `index_text` raise. Chapter 11.
    """
    if split not in ("all", "train", "heldout"):
        raise ValueError(f"split must be all, train or heldout, not {split!r}.")
    text = text if isinstance(text, Text) else read_text(text)
    ids, sentence_of, vocab, report = index_text(
        text, min_freq, max_words, name=name, cache=cache, progress=progress
    )
    if report.warning:
        warnings.warn(report.warning, stacklevel=2)
    if split != "all":
        mine = (sentence_of % HELDOUT_EVERY == HELDOUT_EVERY - 1) == (split == "heldout")
        ids, sentence_of = ids[mine], sentence_of[mine]
    data_iter = SkipGramData(
        ids, sentence_of, vocab, batch_size, max_window_size, num_noise_words, **options
    )
    return data_iter, vocab
