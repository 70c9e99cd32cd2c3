"""Train on your own text, with settings that suit its size. Chapter 12."""

import warnings
from numbers import Real
from typing import NamedTuple

from mxnet import npx

from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.minibatches import SkipGramData
from w2v_lesson.ptb import CorpusError
from w2v_lesson.settings import Settings, check_whole_number
from w2v_lesson.text.indexing import MIN_USEFUL_WORDS, Index, check_text, index_text
from w2v_lesson.text.sentences import Text, read_text
from w2v_lesson.training import prepare_training
from w2v_lesson.vectors import WordVectors
from w2v_lesson.vocabulary import NoWordLeftError, index_corpus, known_counts

MAX_WORDS = 100_000  # in the vocabulary; the tables and Adam's memory then take 240 MB
MIN_WORDS = 1000  # of a text; in shorter ones hardly any word occurs often enough
BYTES_PER_ENGLISH_WORD = 6  # with the space; for a first guess


class Suggestion(NamedTuple):
    """Settings for a text. Chapter 12.

    Attributes
    ----------
    min_freq : int
        Words that occur less often are dropped.
    num_epochs : int
        Passes over the text.
    """

    min_freq: int
    num_epochs: int


def suggest(num_words):
    """Suggest settings that suit the size of a text. Chapter 12.

    Parameters
    ----------
    num_words : int
        Number of words in the text, including repeated and rare ones.

    Returns
    -------
    Suggestion
        `num_epochs` is 16 for 100,000 words. Each time the text is half as long, it is 1.6
        times as large, but it stays between 5 and 45. `min_freq` is 3 below 200,000 words,
        and 5 otherwise.

    Notes
    -----
    The number of epochs comes from the benchmark "Your own text". There, for parts of the
    Penn Treebank with 25,000 words, the held-out loss was lowest after about 45 epochs. It
    took 25 epochs for 50,000 words, 16 for 100,000, 10 for 200,000, and 7 for 400,000.
    `min_freq` is a convention.
    """
    if not isinstance(num_words, Real):
        raise TypeError(f"num_words must be a number, not {num_words!r}.")
    num_epochs = round(16 * (100_000 / max(1, num_words)) ** (2 / 3))
    return Suggestion(3 if num_words < 200_000 else 5, min(45, max(5, num_epochs)))


def index_by_size(text, max_words=MAX_WORDS, *, cache=True, progress=None):
    """Index a text with the `min_freq` that `suggest` gives for its size. Chapter 12.

    First the size is guessed from the number of bytes. If the guess turns out to be wrong,
    the text is indexed again.

    Parameters
    ----------
    text : Text
        As `read_text` returns it.
    max_words, cache, progress
        See `index_text`.

    Returns
    -------
    Index

    Raises
    ------
    CorpusError
        If the text has fewer than 1,000 words, or if `index_text` raises it.
    ValueError
        If `max_words` is not a whole number of at least 1.
    """
    check_text(text)
    if max_words is not None:
        check_whole_number("max_words", max_words)

    def index(min_freq):
        try:
            return index_text(text, min_freq, max_words, cache=cache, progress=progress)
        except NoWordLeftError as error:
            raise _too_small("hardly any word occurs more than once or twice") from error

    guess = suggest(text.num_bytes / BYTES_PER_ENGLISH_WORD).min_freq
    found = index(guess)
    if (wanted := suggest(found.report.words).min_freq) != guess:
        found = index(wanted)
    if found.report.words < MIN_WORDS:
        raise _too_small(f"it has {found.report.words:,} words")
    return found


def _too_small(why):
    return CorpusError(
        f"This text is too small to train on: {why}. Give one with at least {MIN_WORDS:,} "
        f"words. With {MIN_USEFUL_WORDS:,} words or more, the vectors will be better."
    )


def load_data_text(
    text,
    batch_size,
    max_window_size,
    num_noise_words,
    *,
    vocab=None,
    min_freq=5,
    max_words=None,
    name=None,
    cache=True,
    progress=None,
    **options,
):
    """Load your own text as minibatches, as `load_data_ptb` does the Penn Treebank.

    Chapter 12.

    Parameters
    ----------
    text : path, iterable of paths, or Text
        Use `read_text` to make a `Text` with a tokenizer of your own.
    batch_size, max_window_size, num_noise_words : int
        See `load_data_ptb`.
    vocab : Vocab, optional
        The vocabulary of the training text. Pass it when you load held-out text.
    min_freq, max_words, name, cache, progress
        See `index_text`. They have no effect if you pass a `vocab`.
    **options
        redraw, group_by_length, threshold, seed; see `SkipGramData`.

    Returns
    -------
    data_iter : SkipGramData
        Its arrays are on disk if they are kept there. The arrays of held-out text are in
        memory and take 8 bytes for each word.
    vocab : Vocab

    Raises
    ------
    CorpusError, TypeError, ValueError
        As `read_text` and `index_text` raise them.

    Warns
    -----
    UserWarning
        If the text is too small to learn from, or for each note of the report.
    """
    text = text if isinstance(text, Text) else read_text(text)
    if vocab is not None:
        ids, sentence_of = index_corpus(list(text), vocab)
        notes = text.notes
    else:
        ids, sentence_of, vocab, report = index_text(
            text, min_freq, max_words, name=name, cache=cache, progress=progress
        )
        notes = [*report.notes, *filter(None, [report.warning])]
    for note in notes:
        warnings.warn(note, stacklevel=2)
    data_iter = SkipGramData(
        ids, sentence_of, vocab, batch_size, max_window_size, num_noise_words, **options
    )
    return data_iter, vocab


def training_of(index, seed=0):
    """Prepare to train on an index, with the settings of chapter 05. Chapter 12.

    Parameters
    ----------
    index : Index
    seed : int
        Seed of everything that is drawn at random.

    Returns
    -------
    Training
        Not started yet. It uses the fused engine and draws the minibatches anew for each
        epoch.

    Raises
    ------
    ValueError
        If nothing is left to train on.
    """
    if not isinstance(index, Index):
        raise TypeError(
            f"index must be an Index, not {type(index).__name__}. Make one: "
            "index_text(read_text(path))."
        )
    npx.set_np()  # MXNet keeps this setting for each thread
    settings = Settings(seed=seed)
    data_iter = SkipGramData(
        index.ids, index.sentence_of, index.vocab, **settings.data_options, redraw=True
    )
    return prepare_training(data_iter, settings, engine=FusedEngine)


def vectors_of(training, index, name):
    """Take the vectors of a training run as they are now. Chapter 12.

    Parameters
    ----------
    training : Training
    index : Index
        The text that it trains on.
    name : str
        Name of the text.

    Returns
    -------
    WordVectors
        Its `about` has the name and size of the text, and the number of epochs trained.
    """
    about = {
        "text": name,
        "words": index.report.words,
        "sentences": index.report.sentences,
        "epochs": training.records[-1].epoch if training.records else 0.0,
    }
    return WordVectors.from_net(training.net, index.vocab, about)


MIN_LETTERS = 5  # of a word that is more likely to have a meaning of its own


def first_word(vectors):
    """Choose a word to begin with, one with near neighbors.

    Chapter 12.

    Parameters
    ----------
    vectors : WordVectors

    Returns
    -------
    str
        Words that make up more than a thousandth of the text, such as "the", have
        neighbors that say little, and so have most short words, such as "and". Of the 30
        most frequent other words, it is the one with the nearest neighbors.
    """
    counts, by_count = known_counts(vectors.vocab), vectors.vocab.by_frequency()
    few = by_count[counts[by_count] < counts.sum() / 1000]
    words = vectors.vocab.to_tokens(few if len(few) else by_count)
    long = [word for word in words if len(word) >= MIN_LETTERS and word.isalpha()]
    words = (long or words)[:30]
    k = min(5, len(vectors) - 2)  # without the word itself and <unk>

    def nearness(word):
        return sum(n.cosine for n in vectors.similar(word, k)) if k else 0.0

    return max(words, key=nearness)
