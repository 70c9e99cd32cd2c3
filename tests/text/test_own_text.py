"""Your own text: settings by its size, minibatches, a training, a first word."""

import itertools
import re
from contextlib import nullcontext
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import toy

from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.minibatches import load_data_ptb
from w2v_lesson.model import build_net
from w2v_lesson.ptb import CorpusError
from w2v_lesson.text import own_text
from w2v_lesson.text.indexing import index_text
from w2v_lesson.text.own_text import (
    first_word,
    index_by_size,
    load_data_text,
    suggest,
    training_of,
    vectors_of,
)
from w2v_lesson.text.sentences import read_text
from w2v_lesson.training import Training
from w2v_lesson.vectors import WordVectors
from w2v_lesson.vocabulary import Vocab


@pytest.fixture
def book(tmp_path):
    """Write a file of about 1,400 words, 40 of them different, one sentence per paragraph."""
    path = tmp_path / "book.txt"
    path.write_text("\n\n".join(" ".join(s) for s in toy.sentences()))
    return path


# Settings


@pytest.mark.parametrize(
    ("num_words", "min_freq", "num_epochs"),
    [
        (0, 3, 45),
        (25_000, 3, 35),
        (50_000, 3, 22),
        (100_000, 3, 14),
        (199_999, 3, 9),
        (200_000, 5, 9),
        (400_000, 5, 6),
        (900_000, 5, 5),
        (50_000_000, 5, 5),
    ],
)
def test_settings_by_size(num_words, min_freq, num_epochs):
    assert suggest(num_words) == (min_freq, num_epochs)


def test_a_larger_text_never_gets_more_epochs_or_a_lower_min_freq():
    found = [suggest(n) for n in range(0, 3_000_000, 5000)]
    for before, after in itertools.pairwise(found):
        assert after.num_epochs <= before.num_epochs
        assert after.min_freq >= before.min_freq


def readings(monkeypatch):
    seen = []

    def index(text, min_freq, *rest, **options):
        seen.append(min_freq)
        return index_text(text, min_freq, *rest, **options)

    monkeypatch.setattr(own_text, "index_text", index)
    return seen


def test_a_text_is_read_once_if_the_guess_by_its_bytes_was_right(book, monkeypatch):
    seen = readings(monkeypatch)
    index = index_by_size(read_text(book), cache=False)
    assert seen == [3]
    known = [w for line in read_text(book) for w in line if w in index.vocab]
    assert index.vocab.to_tokens(index.ids) == known


def test_a_text_is_read_again_if_its_bytes_led_to_another_min_freq(book, monkeypatch):
    monkeypatch.setattr(
        own_text, "BYTES_PER_ENGLISH_WORD", 0.001
    )  # it looks like a large one
    seen = readings(monkeypatch)
    index = index_by_size(read_text(book), cache=False)
    assert seen == [5, 3]
    assert index.vocab.counts[1:].min() >= 3


@pytest.mark.parametrize("text", ["One, two.", "all words differ here", "a a a b b b " * 9])
def test_too_small_a_text_is_refused_and_told_what_to_do(tmp_path, text):
    path = tmp_path / "tiny.txt"
    path.write_text(text)
    with pytest.raises(CorpusError, match=r"too small.*at least 1,000 words"):
        index_by_size(read_text(path), cache=False)


@pytest.mark.parametrize(("num_words", "enough"), [(999, False), (1000, True)])
def test_a_thousand_words_are_enough(tmp_path, num_words, enough):
    path = tmp_path / "small.txt"
    path.write_text(" ".join(f"w{i % 10}" for i in range(num_words)))
    with nullcontext() if enough else pytest.raises(CorpusError, match="999 words"):
        assert index_by_size(read_text(path), cache=False).report.words == num_words


def test_max_words_below_one_is_refused_by_its_name(book):
    with pytest.raises(ValueError, match="max_words"):
        index_by_size(read_text(book), 0, cache=False)


def test_a_training_has_the_settings_of_chapter_04_and_the_same_result_twice(book):
    index = index_by_size(read_text(book), cache=False)
    found = []
    for _ in range(2):
        training = training_of(index, seed=1)
        assert (training.data_iter.batch_size, training.engine.name) == (512, "fused")
        assert training.data_iter.redraw
        for _ in training.run(2):
            pass
        found.append(vectors_of(training, index, "book"))
    np.testing.assert_array_equal(found[0].center, found[1].center)
    assert found[0].center.shape == (len(index.vocab), 100)
    assert found[0].about == {
        "text": "book",
        "words": index.report.words,
        "sentences": index.report.sentences,
        "epochs": 2,
    }


# The first word


def vectors_with(counts, center):
    return WordVectors(Vocab.from_counts(["<unk>", *"abcdef"], counts), center)


def test_the_first_word_is_no_frequent_one_and_has_the_nearest_neighbors():
    center = np.random.default_rng(0).normal(size=(7, 50))
    center[1] = center[2]  # a and b are near to each other, but frequent
    center[5] = center[6] + 0.3 * center[5]
    vectors = vectors_with([99_999, 9000, 9000, 9000, 8, 7, 6], center)
    assert first_word(vectors) in ("e", "f")


def test_the_first_word_is_a_long_one_if_there_is_one():
    tokens = ["<unk>", "and", "the", "1,234.5", "whale", "ship", "whales"]
    center = np.random.default_rng(0).normal(size=(7, 50))
    center[1] = center[2]  # the nearest of all
    vectors = WordVectors(Vocab.from_counts(tokens, [9, 8, 7, 6, 5, 4, 3]), center)
    assert first_word(vectors) in ("whale", "whales")


def test_a_small_vocabulary_has_a_first_word_too():
    center = np.random.default_rng(0).normal(size=(7, 5))
    assert first_word(vectors_with([9, 5, 5, 5, 5, 5, 5], center)) in "abcdef"
    alone = WordVectors(Vocab.from_counts(["<unk>", "a"], [5, 5]), center[:2])
    assert first_word(alone) == "a"


# Your own text as minibatches


@pytest.fixture(scope="module")
def ptb_path(tmp_path_factory):
    path = tmp_path_factory.mktemp("ptb") / "ptb.txt"
    path.write_text("".join(" ".join(line) + "\n" for line in toy.ptb()))
    return path


@pytest.mark.slow
def test_the_treebank_from_a_file_gives_the_batches_of_the_treebank(ptb_path):
    text = read_text(ptb_path, split_sentences=str.splitlines, tokenize=str.split)
    mine, vocab = load_data_text(text, 512, 5, 5, min_freq=10, seed=3)
    theirs, _ = load_data_ptb(512, 5, 5, seed=3)
    assert vocab.idx_to_token == theirs.vocab.idx_to_token
    assert vocab.counts.tolist() == theirs.vocab.counts.tolist()
    assert np.array_equal(mine.ids, theirs.ids)
    assert np.array_equal(mine.sentence_of, theirs.sentence_of)
    for one, other in zip(next(mine.examples()), next(theirs.examples()), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.filterwarnings("ignore:A text of .* words is small")
def test_held_out_text_is_loaded_with_the_vocabulary_of_the_training_text(write):
    shape, options = (8, 2, 1), {"threshold": 1}
    _, vocab = load_data_text(write("a b a b. " * 30), *shape, **options)
    other = write("b new a b.", "new.txt")
    heldout, same = load_data_text(other, *shape, vocab=vocab, **options)
    assert same is vocab is heldout.vocab
    assert vocab.to_tokens(heldout.ids) == ["b", "a", "b"]


def lee_corpus():
    """Find 300 news articles from 2001 that come with gensim, without importing it."""
    place = Path(find_spec("gensim").origin).parent / "test/test_data"
    return place / "lee_background.cor"


def test_another_real_text_is_read_kept_and_learnt_from(cache):
    with pytest.warns(UserWarning, match=r"60,005 words is small"):
        data, vocab = load_data_text(lee_corpus(), 256, 5, 5, seed=1)
    content = lee_corpus().read_text().lower()
    # In a different way, for words that can't contain an apostrophe or a hyphen.
    for word in ("president", "australian", "afghanistan"):
        apart = len(re.findall(rf"(?<![\w'-]){word}(?![\w'-])", content))
        assert 0 <= apart - vocab.counts[vocab[word]] <= 0.05 * apart
    training = Training(build_net(len(vocab), 20), data, 0.01, engine=FusedEngine, seed=1)
    losses = [r.epoch_loss for r in training.run(3) if r.epoch_loss is not None]
    assert losses[0] > losses[1] > losses[2]
