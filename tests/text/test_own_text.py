"""Settings by the size of a text, a first word, names of files that are free."""

import itertools

import numpy as np
import pytest
import toy

from w2v_lesson.files.formats import load_vectors
from w2v_lesson.text import own_text
from w2v_lesson.text.indexing import index_text
from w2v_lesson.text.own_text import (
    as_files,
    first_word,
    index_by_size,
    save_new,
    suggest,
    training_of,
    vectors_of,
)
from w2v_lesson.text.sentences import CorpusError, read_text
from w2v_lesson.vectors import WordVectors
from w2v_lesson.vocabulary import Vocab


@pytest.fixture
def book(tmp_path):
    """A file of some 1,400 words in 40 kinds, one sentence a paragraph."""
    path = tmp_path / "book.txt"
    path.write_text("\n\n".join(" ".join(s) for s in toy.sentences()))
    return path


# Settings


@pytest.mark.parametrize(
    ("num_words", "min_freq", "num_epochs"),
    [
        (0, 3, 40),
        (30_000, 3, 40),
        (60_000, 3, 33),
        (120_000, 3, 17),
        (199_999, 3, 10),
        (200_000, 5, 10),
        (250_000, 5, 8),
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
    monkeypatch.setattr(own_text, "BYTES_PER_WORD", 0.001)  # it looks like a large one
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


def test_a_training_has_the_settings_of_chapter_04_and_the_same_result_twice(book):
    index = index_by_size(read_text(book), cache=False)
    found = []
    for _ in range(2):
        training = training_of(index, seed=1)
        assert (training.data_iter.batch_size, training.engine.name) == (512, "fused")
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


def test_a_small_vocabulary_has_a_first_word_too():
    center = np.random.default_rng(0).normal(size=(7, 5))
    assert first_word(vectors_with([9, 5, 5, 5, 5, 5, 5], center)) in "abcdef"
    alone = WordVectors(Vocab.from_counts(["<unk>", "a"], [5, 5]), center[:2])
    assert first_word(alone) == "a"


# Uploads


def test_uploads_are_files_for_the_time_of_the_block():
    contents = [("a.txt", b"one"), ("a.txt", b"two"), ("../../b.txt", b"three"), ("", b"")]
    with as_files(contents) as paths:
        assert [path.name for path in paths] == ["a.txt", "a.txt", "b.txt", "text"]
        assert [path.read_bytes() for path in paths] == [content for _, content in contents]
        folder = paths[0].parents[1]
        assert all(path.parents[1] == folder for path in paths)
    assert not folder.exists()


def test_uploads_are_removed_after_an_error_and_errors_name_the_file_alone():
    with pytest.raises(CorpusError) as caught, as_files([("a.txt", b"\xff")]) as paths:
        list(read_text(paths))
    assert str(caught.value).startswith("a.txt is not in the encoding utf-8")
    assert not paths[0].exists()


# Saving


def test_nothing_that_is_there_is_overwritten(tmp_path):
    vectors = toy.vectors(["<unk>", "a", "b"])
    folder = tmp_path / "new" / "folder"
    names = [save_new(vectors, folder, "My book: 1/2").name for _ in range(3)]
    assert names == ["My-book-1-2.npz", "My-book-1-2-2.npz", "My-book-1-2-3.npz"]
    for name in names:
        loaded = load_vectors(folder / name)
        np.testing.assert_array_equal(loaded.center, vectors.center)


@pytest.mark.parametrize("name", ["", "…", "/"])
def test_a_name_without_letters_gets_one(tmp_path, name):
    assert save_new(toy.vectors(["<unk>", "a"]), tmp_path, name).name == "text.npz"


def test_a_name_is_kept_in_any_script(tmp_path):
    assert save_new(toy.vectors(["<unk>", "a"]), tmp_path, "война").name == "война.npz"


def test_what_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    vectors = toy.vectors(["<unk>", "a"])

    def full(path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(vectors, "save", full)
    with pytest.raises(OSError, match="No space"):
        save_new(vectors, tmp_path, "a")
    assert list(tmp_path.iterdir()) == []
