"""The lesson's own file of vectors: what is saved comes back, and other files are refused."""

import io
import json
import pickle

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from w2v_lesson.files import formats
from w2v_lesson.files.formats import VectorsFileError, load_vectors, save_vectors
from w2v_lesson.vectors import WordVectors
from w2v_lesson.vocabulary import Vocab

WORDS = ["#", "<unk>", "chip", "chips", "drive", '"', "n't", "café", "水", "king", "N"]


def vectors_of(words=WORDS, size=6, context=True):
    center, other = np.random.default_rng(0).normal(size=(2, len(words), size))
    vocab = Vocab.from_counts(words, np.arange(10, 10 + len(words)))
    return WordVectors(vocab, center, other if context else None, {"lr": 0.002})


@pytest.mark.parametrize("context", [True, False])
def test_what_was_saved_is_loaded_exactly(tmp_path, context):
    vectors = vectors_of(context=context)
    save_vectors(vectors, tmp_path / "v.npz")
    loaded = load_vectors(tmp_path / "v.npz")
    assert loaded.vocab.idx_to_token == WORDS
    assert {type(word) for word in loaded.vocab.idx_to_token} == {str}
    assert loaded.vocab.counts.tolist() == vectors.vocab.counts.tolist()
    assert loaded.about == {"lr": 0.002}
    assert loaded.center.dtype == np.float32
    np.testing.assert_array_equal(loaded.center, vectors.center)
    if context:
        np.testing.assert_array_equal(loaded.context, vectors.context)
    else:
        assert loaded.context is None
    assert loaded.similar("n't", 3) == vectors.similar("n't", 3)


def test_file_name_is_taken_as_given(tmp_path):
    save_vectors(vectors_of(), tmp_path / "vectors")  # np.savez would add .npz
    assert [file.name for file in tmp_path.iterdir()] == ["vectors"]
    assert len(load_vectors(str(tmp_path / "vectors"))) == len(WORDS)


def saved(tmp_path):
    save_vectors(vectors_of(), tmp_path / "v.npz")
    return (tmp_path / "v.npz").read_bytes()


def array_file(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content[:-10],
        lambda content: content[:3],
        lambda content: b"",
        lambda content: np.random.default_rng(0).bytes(2000),
        lambda content: b"PK\x03\x04" + content[500:],
        lambda content: array_file(np.ones((3, 3))),
    ],
    ids=[
        "half",
        "end cut",
        "3 bytes",
        "empty",
        "random",
        "spoilt start",
        "another array",
    ],
)
def test_a_file_without_vectors_is_a_clear_error(tmp_path, change):
    path = tmp_path / "v.npz"
    path.write_bytes(change(saved(tmp_path)))
    with pytest.raises(VectorsFileError, match=r"again|Give the folder") as caught:
        load_vectors(path)
    assert str(path) in str(caught.value)


def test_a_damaged_byte_is_an_error_or_changes_nothing(tmp_path):
    path, vectors, refused = tmp_path / "v.npz", vectors_of(), 0
    content = saved(tmp_path)
    for i in range(0, len(content), 4):
        at = i + (i // 4) % 4  # every four neighboring bytes in turn
        path.write_bytes(content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])
        try:
            loaded = load_vectors(path)
        except VectorsFileError:
            refused += 1
            continue
        assert loaded.vocab.idx_to_token == vectors.vocab.idx_to_token
        assert loaded.about == vectors.about
        np.testing.assert_array_equal(loaded.vocab.counts, vectors.vocab.counts)
        np.testing.assert_array_equal(loaded.center, vectors.center)
        np.testing.assert_array_equal(loaded.context, vectors.context)
    assert refused > len(content) // 4 / 2


def content_of(path):
    with np.load(path) as file:
        return dict(file)


@pytest.mark.parametrize("name", ["letters", "lengths", "counts", "about", "center"])
def test_a_file_that_lacks_a_part_is_a_clear_error(tmp_path, name):
    saved(tmp_path)
    content = content_of(tmp_path / "v.npz")
    del content[name]
    np.savez(tmp_path / "v.npz", **content)
    with pytest.raises(VectorsFileError):
        load_vectors(tmp_path / "v.npz")


@pytest.mark.parametrize(
    "change",
    [
        {"about": '{"format": "w2v_lesson vectors 99"}'},
        {"about": "{}"},
        {"about": "[1, 2]"},
        {"about": "no JSON"},
        {"center": np.ones((3, 4))},
        {"context": np.ones(len(WORDS))},
        {"counts": np.ones(3, dtype=np.int64)},
        {"letters": np.frombuffer(b"w", np.uint8)},
        {"letters": np.full(sum(len(word.encode()) for word in WORDS), 0xFF, np.uint8)},
        {"lengths": np.full(len(WORDS), 2, np.int64)},
        {"lengths": np.array([-1, 1] + [0] * (len(WORDS) - 2), np.int64)},
    ],
    ids=[
        "version",
        "no version",
        "list",
        "no JSON",
        "center",
        "context",
        "counts",
        "letters",
        "no UTF-8",
        "lengths",
        "negative length",
    ],
)
def test_a_file_with_a_wrong_part_is_a_clear_error(tmp_path, change):
    saved(tmp_path)
    content = content_of(tmp_path / "v.npz")
    np.savez(tmp_path / "v.npz", **{**content, **change})
    with pytest.raises(VectorsFileError):
        load_vectors(tmp_path / "v.npz")


class Trap:
    """Unpickling this leaves a file behind."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_a_pickle_in_a_file_is_refused_and_not_executed(tmp_path):
    content = {"tokens": np.array([Trap(tmp_path / "sprung")], dtype=object)}
    np.savez(tmp_path / "v.npz", about='{"format": "w2v_lesson vectors 1"}', **content)
    with pytest.raises(VectorsFileError):
        load_vectors(tmp_path / "v.npz")
    (tmp_path / "p.npz").write_bytes(pickle.dumps(Trap(tmp_path / "sprung")))
    with pytest.raises(VectorsFileError):
        load_vectors(tmp_path / "p.npz")
    assert not (tmp_path / "sprung").exists()


def test_a_full_disk_leaves_the_vectors_saved_before(tmp_path, monkeypatch):
    def fill_disk(file, **arrays):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    before = saved(tmp_path)
    monkeypatch.setattr(np, "savez", fill_disk)
    with pytest.raises(OSError, match="No space left"):
        save_vectors(vectors_of(), tmp_path / "v.npz")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [before]


def test_saved_files_hold_no_pickle(tmp_path):
    saved(tmp_path)
    with np.load(tmp_path / "v.npz", allow_pickle=False) as file:
        assert all(file[name].dtype != object for name in file.files)


def test_a_missing_file_stays_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_vectors(tmp_path / "none.npz")


def test_another_format_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr(formats, "FORMAT", "w2v_lesson vectors 99")
    saved(tmp_path)
    with pytest.raises(VectorsFileError, match="another format, 'w2v_lesson vectors 99'"):
        load_vectors(tmp_path / "v.npz")


# Words of any kind


@pytest.mark.parametrize(
    "words",
    [
        ["", " ", "a\nb", "a\x00", "\x00", "\u2028", "\ufeff", "e\u0301", "é"],
        ["\ud800", "\ud83d\ude00", "😀"],  # halves of characters, and both halves in a row
        ["a", "1", "a1"],
    ],
)
def test_any_word_comes_back_from_the_file(tmp_path, words):
    vectors = vectors_of(["<unk>", *words])
    save_vectors(vectors, tmp_path / "v")
    loaded = load_vectors(tmp_path / "v")
    assert loaded.vocab.idx_to_token == ["<unk>", *words]
    np.testing.assert_array_equal(loaded.center, vectors.center)


@given(st.lists(st.text(st.characters(), max_size=5), max_size=5, unique=True))
@example([""])
def test_all_lists_of_words_come_back(tmp_path_factory, words):
    vectors = vectors_of(["<unk>", *(word for word in words if word != "<unk>")])
    path = tmp_path_factory.getbasetemp() / "any.npz"
    save_vectors(vectors, path)
    assert load_vectors(path).vocab.idx_to_token == vectors.vocab.idx_to_token


def test_one_long_token_costs_its_own_letters_only(tmp_path):
    words = ["<unk>", "x" * 100_000, *(f"w{i}" for i in range(5000))]
    vectors = vectors_of(words, size=2)
    save_vectors(vectors, tmp_path / "v")
    # 100,000 letters; for each other word its letters, 3 numbers of 8 bytes and 2 of 4.
    assert (tmp_path / "v").stat().st_size < 100_000 + 5000 * 60
    assert load_vectors(tmp_path / "v").vocab.idx_to_token == words


# Files of the first edition


@pytest.mark.parametrize("context", [True, False])
def test_a_file_of_the_first_edition_is_read(tmp_path, context):
    vectors = vectors_of(context=context)
    tables = {"center": vectors.center, **({"context": vectors.context} if context else {})}
    about = json.dumps({"format": "w2v_lesson vectors 1", "lr": 0.002})
    np.savez(
        tmp_path / "v.npz",
        tokens=np.array(WORDS),
        counts=vectors.vocab.counts,
        about=about,
        **tables,
    )
    loaded = load_vectors(tmp_path / "v.npz")
    assert loaded.vocab.idx_to_token == WORDS
    assert {type(word) for word in loaded.vocab.idx_to_token} == {str}
    assert loaded.vocab.counts.tolist() == vectors.vocab.counts.tolist()
    assert loaded.about == {"lr": 0.002}
    np.testing.assert_array_equal(loaded.center, vectors.center)
    if context:
        np.testing.assert_array_equal(loaded.context, vectors.context)


def test_a_file_of_the_first_edition_without_unk_is_refused(tmp_path):
    with open(tmp_path / "v.npz", "wb") as file:
        np.savez(
            file,
            tokens=np.array(["a", "b"]),
            counts=np.array([1, 1]),
            about='{"format": "w2v_lesson vectors 1"}',
            center=np.ones((2, 2), np.float32),
        )
    with pytest.raises(VectorsFileError, match="<unk>"):
        load_vectors(tmp_path / "v.npz")
