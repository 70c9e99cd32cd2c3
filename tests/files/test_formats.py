"""Vectors go to other tools and back: gensim reads them, and hostile files are refused."""

import gzip
import json
import os
import pickle
import struct
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors
from hypothesis import assume, example, given
from hypothesis import strategies as st
from mxnet import autograd, npx
from mxnet import np as mnp

from w2v_lesson.files import foreign
from w2v_lesson.files.formats import (
    VectorsFileError,
    load_gluon,
    load_vectors,
    save_gluon,
    save_numpy,
    save_projector,
    save_vectors,
    save_word2vec,
    to_gensim,
)
from w2v_lesson.model import build_net
from w2v_lesson.vectors import WordVectors
from w2v_lesson.vocabulary import Vocab
from w2v_lesson.widgets.explorer import Explorer

# Not in the order of their counts, to see whether they get sorted.
WORDS = [
    "<unk>",
    "n't",
    "at&t",
    "<s>",
    '"',
    "größe",
    "東京",
    "\\",
    "$",
    "a\u0301",
    "N",
    "0",
]
COUNTS = [50, 3, 9, 1, 2, 12, 7, 30, 8, 11, 90, 4]
RANKED = [
    w for _, w in sorted(zip(COUNTS, WORDS, strict=True), reverse=True) if w != "<unk>"
]


def vectors_of(words, counts=None, size=5):
    tables = np.random.default_rng(0).normal(size=(2, len(words), size))
    counts = np.arange(len(words), 0, -1) if counts is None else counts
    return WordVectors(Vocab.from_counts(words, counts), *tables, about={"lr": 0.002})


@pytest.fixture
def vectors():
    return vectors_of(WORDS, COUNTS)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "vectors"


def neighbors(vectors, word, table="center", k=5):
    return [n.word for n in vectors.similar(word, k, table)]


def assert_same_table(loaded, vectors, table="center"):
    """Every word but `<unk>` has exactly its vector."""
    assert {*loaded.vocab.idx_to_token} == {*vectors.vocab.idx_to_token}
    for word in vectors.vocab.idx_to_token:
        if word != "<unk>":
            np.testing.assert_array_equal(loaded.vector(word), vectors.vector(word, table))


def assert_same(loaded, vectors):
    assert loaded.vocab.idx_to_token == vectors.vocab.idx_to_token
    np.testing.assert_array_equal(loaded.vocab.counts, vectors.vocab.counts)
    np.testing.assert_array_equal(loaded.center, vectors.center)
    np.testing.assert_array_equal(loaded.context, vectors.context)


# Out, read by gensim


@pytest.mark.parametrize("table", ["center", "context", "sum"])
@pytest.mark.parametrize(
    "name, binary", [("v.txt", 0), ("v.bin", 1), ("v.txt.gz", 0), ("v.bin.gz", 1)]
)
def test_gensim_reads_word2vec_files_and_ranks_the_same_neighbors(
    vectors, tmp_path, table, name, binary
):
    save_word2vec(vectors, tmp_path / name, table, bool(binary), tmp_path / "counts")
    keyed = KeyedVectors.load_word2vec_format(
        str(tmp_path / name), str(tmp_path / "counts"), bool(binary)
    )
    assert keyed.index_to_key == RANKED
    assert [keyed.get_vecattr(w, "count") for w in RANKED] == sorted(
        set(COUNTS) - {50}, reverse=True
    )
    for word in RANKED:
        np.testing.assert_array_equal(keyed[word], vectors.vector(word, table))
        theirs = keyed.most_similar(word, topn=5)
        assert [w for w, _ in theirs] == neighbors(vectors, word, table)
        ours = [n.cosine for n in vectors.similar(word, 5, table)]
        np.testing.assert_allclose([c for _, c in theirs], ours, atol=1e-6)


def test_gensim_in_memory_ranks_the_same_neighbors_and_knows_the_counts(vectors):
    keyed = to_gensim(vectors, "sum")
    assert keyed.index_to_key == RANKED
    assert keyed.get_vecattr("N", "count") == 90
    for word in RANKED:
        assert [w for w, _ in keyed.most_similar(word, topn=5)] == neighbors(
            vectors, word, "sum"
        )


def test_unknown_counts_are_not_made_up_for_gensim(path):
    keyed = to_gensim(vectors_of(["<unk>", "a", "b"], [0, 0, 0]))
    assert "count" not in keyed.expandos
    with pytest.raises(ValueError, match="not known"):
        save_word2vec(vectors_of(["<unk>", "a"], [0, 0]), path, counts=path.with_name("c"))
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("replace", [None, "_"])
@pytest.mark.parametrize("word", ["new york", "a\nb", "a\tb", "", " ", "x\u2028y", "\xa0"])
def test_words_that_word2vec_cannot_hold_are_named_or_replaced(path, word, replace):
    vectors = vectors_of(["<unk>", "a", word])
    if replace is None:
        with pytest.raises(ValueError, match=r"cannot hold.*replace='_'") as caught:
            save_word2vec(vectors, path)
        assert repr(word) in str(caught.value)
        assert list(path.parent.iterdir()) == []
        return
    save_word2vec(vectors, path, replace=replace)
    (written,) = {*load_vectors(path).vocab.idx_to_token} - {"a", "<unk>"}
    assert written == ("".join("_" if c.isspace() else c for c in word) or "_")


def test_replacing_must_keep_words_apart_and_give_words(path):
    with pytest.raises(ValueError, match="some words become the same: 'a_b'"):
        save_word2vec(vectors_of(["<unk>", "a b", "a_b"]), path, replace="_")
    with pytest.raises(ValueError, match="replace must be"):
        save_word2vec(vectors_of(["<unk>", "a b"]), path, replace=" ")
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("save", [save_word2vec, save_projector])
def test_what_no_text_file_can_hold_is_refused_and_nothing_written(path, save):
    with pytest.raises(ValueError, match="half a character"):
        save(vectors_of(["<unk>", "a\ud800"]), path)
    diverged = vectors_of(["<unk>", "a"])
    diverged.center[1, 2] = np.nan
    with pytest.raises(ValueError, match=r"not finite.*lower lr"):
        save(diverged, path)
    with pytest.raises(ValueError, match="<unk> is the only word"):
        save(vectors_of(["<unk>"]), path)
    assert list(path.parent.iterdir()) == []


def test_the_same_vectors_give_the_same_bytes(vectors, tmp_path):
    for name in ("a.gz", "b.gz"):
        save_word2vec(vectors, tmp_path / name)
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()


# Out and in again


@pytest.mark.parametrize("name", ["v", "v.gz"])
@pytest.mark.parametrize("binary", [False, True])
def test_word2vec_files_come_back_exactly(vectors, tmp_path, name, binary):
    path, counts = tmp_path / name, tmp_path / "counts"
    save_word2vec(vectors, path, "sum", binary, counts)
    loaded = load_vectors(path, counts=counts)
    assert_same_table(loaded, vectors, "sum")
    assert loaded.context is None
    assert loaded.about == {
        "source": name,
        "format": "word2vec binary" if binary else "word2vec text",
    }
    assert loaded.vocab.idx_to_token == [*RANKED, "<unk>"]
    assert not loaded.matrix()[loaded.vocab.unk].any()
    assert loaded.vocab.counts[loaded.vocab["N"]] == 90
    assert neighbors(loaded, "N") == neighbors(vectors, "N", "sum")
    assert not load_vectors(path).vocab.counts.any()


def test_a_file_packed_under_any_name_is_recognised(vectors, tmp_path):
    save_word2vec(vectors, tmp_path / "v.gz")
    (tmp_path / "v.gz").rename(tmp_path / "v.txt")
    assert_same_table(load_vectors(tmp_path / "v.txt"), vectors)


def test_the_lesson_s_own_kinds_come_back_whole(vectors, tmp_path):
    save_vectors(vectors, tmp_path / "v")
    save_numpy(vectors, tmp_path / "folder" / "below")
    for loaded in (
        load_vectors(tmp_path / "v"),
        load_vectors(str(tmp_path / "folder" / "below")),
    ):
        assert_same(loaded, vectors)
        assert loaded.about == {"lr": 0.002}


def test_any_tool_can_read_the_folder(vectors, path):
    save_numpy(vectors, path)
    index = json.loads((path / "words.json").read_text(encoding="utf-8"))
    assert index["words"] == WORDS and index["counts"] == COUNTS
    np.testing.assert_array_equal(np.load(path / "context.npy"), vectors.context)


@pytest.mark.parametrize("context", [True, False])
def test_a_folder_of_the_first_edition_is_read(vectors, path, context):
    path.mkdir()
    np.save(path / "center.npy", vectors.center)
    if context:
        np.save(path / "context.npy", vectors.context)
    index = {
        "format": "w2v_lesson folder 1",
        "words": WORDS,
        "counts": COUNTS,
        "about": {"lr": 0.002},
        "crc32": {"center.npy": 0, **({"context.npy": 0} if context else {})},
    }
    (path / "words.json").write_text(json.dumps(index), encoding="utf-8")
    loaded = load_vectors(path)
    assert loaded.vocab.idx_to_token == WORDS
    assert loaded.vocab.counts.tolist() == COUNTS
    assert loaded.about == {"lr": 0.002}
    np.testing.assert_array_equal(loaded.center, vectors.center)
    assert (loaded.context is not None) == context


def test_one_table_alone_comes_back_and_does_not_join_another_s_context(vectors, path):
    alone = WordVectors(vectors.vocab, vectors.center)
    save_numpy(alone, path)
    assert load_vectors(path).context is None
    save_numpy(vectors, path)
    with pytest.raises(ValueError, match="Choose another folder"):
        save_numpy(alone, path)
    assert_same(load_vectors(path), vectors)


@pytest.mark.parametrize("kind", ["npz", "folder"])
def test_of_our_own_the_most_frequent_words_are_read(vectors, path, kind):
    (save_vectors if kind == "npz" else save_numpy)(vectors, path)
    loaded = load_vectors(path, max_words=3)
    assert loaded.vocab.idx_to_token == ["<unk>", "größe", "\\", "N"]
    np.testing.assert_array_equal(loaded.vector("N", "sum"), vectors.vector("N", "sum"))


TOKENS = st.text(st.characters(), max_size=6) | st.sampled_from(
    ["<b>", '"', "'", "a\tb", "a b", "\ufeff", "1 2", "7", "nan", "#", "\x00", "\x85", "é"]
)


@given(st.lists(TOKENS, min_size=1, max_size=5, unique=True), st.integers(1, 4))
@example(["\ufeff"], 1)
@example(["1.5"], 1)
@example(["a\ud800"], 2)
@example(["a\0", "a"], 1)
@example(["\0\0", "\0"], 1)
def test_any_word_comes_back_from_each_format_or_is_refused(words, size):
    assume("<unk>" not in words)
    vectors = vectors_of(["<unk>", *words], size=size)
    with tempfile.TemporaryDirectory() as folder:
        for binary in (False, True):
            path = Path(folder) / str(binary)
            try:
                save_word2vec(vectors, path, binary=binary)
            except ValueError:
                assert not path.exists()
                assert any(w.split() != [w] or max(w) >= "\ud800" for w in words)
                continue
            assert_same_table(load_vectors(path), vectors)
            keyed = KeyedVectors.load_word2vec_format(str(path), binary=binary)
            assert keyed.index_to_key == words
        save_numpy(vectors, Path(folder) / "numpy")
        assert_same(load_vectors(Path(folder) / "numpy"), vectors)
        save_vectors(vectors, Path(folder) / "own")
        assert_same(load_vectors(Path(folder) / "own"), vectors)


# In, from gensim


@pytest.fixture
def keyed(vectors):
    return to_gensim(vectors)


@pytest.mark.parametrize(
    "how", [{}, {"binary": True}, {"write_header": False}], ids=["text", "binary", "GloVe"]
)
def test_files_that_gensim_wrote_are_read(keyed, vectors, path, how):
    keyed.save_word2vec_format(str(path), str(path) + ".vocab", **how)
    loaded = load_vectors(path, counts=str(path) + ".vocab")
    assert_same_table(loaded, vectors)
    assert loaded.vocab.counts[loaded.vocab["größe"]] == 12
    if how == {"write_header": False}:
        assert loaded.about["format"] == "GloVe text"
        theirs = KeyedVectors.load_word2vec_format(str(path), no_header=True)
        assert theirs.index_to_key == loaded.vocab.idx_to_token[:-1]


def test_max_words_reads_no_further(keyed, path):
    for how in ({}, {"binary": True}, {"write_header": False}):
        keyed.save_word2vec_format(str(path), **how)
        content = path.read_bytes()
        path.write_bytes(
            content[:-20] + b"\xff" * 20
        )  # the error later in the file isn't reached
        assert load_vectors(path, max_words=2).vocab.idx_to_token == [*RANKED[:2], "<unk>"]


@pytest.mark.parametrize("how", [{}, {"binary": True}])
def test_a_file_cut_before_max_words_is_refused(keyed, path, how):
    keyed.save_word2vec_format(str(path), **how)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"11 5", b"14 5")[: len(content)] + b"\n" * 900)
    with pytest.raises(VectorsFileError, match=r"after 11 of|at word 12"):
        load_vectors(path, max_words=12)


def test_many_pieces_are_one_file(path, monkeypatch):
    monkeypatch.setattr(foreign, "CHUNK", 4)
    vectors = vectors_of(["<unk>", *(f"w{i}" for i in range(50))])
    for binary in (False, True):
        save_word2vec(vectors, path, binary=binary)
        assert_same_table(load_vectors(path), vectors)


# In, from others


@pytest.mark.parametrize(
    "content, words",
    [
        ("the 1 2\nof -.5 3e-2\n", ["the", "of"]),
        ("the 1 2\nof 1 2", ["the", "of"]),  # no line end at the end
        ("the 1 2 \nof 1 2 \n", ["the", "of"]),  # as word2vec.c writes it
        ("the 1 2\r\nof 1 2\r\n", ["the", "of"]),
        ("\ufeffthe 1 2\nof 1 2\n", ["the", "of"]),
        ("\n\nthe 1 2\n\nof 1 2\n\n", ["the", "of"]),
        ("2 2\nthe 1 2\nof 1 2\n", ["the", "of"]),
        ("2\t2\nthe 1 2\nof 1 2\n", ["the", "of"]),
        (
            ". . . 1 2\nat name@domain.com 1 2\nof 1 2\na 1 2\nb 1 2\n",
            [". . .", "at name@domain.com", "of", "a", "b"],
        ),
        ("7 1 2\n8 1 2\n", ["7", "8"]),  # words that are numbers
        ("2 1\n7 1\n8 2\n", ["7", "8"]),
        ("nan 1 2\n", ["nan"]),
        ("\xa0 1 2\n", ["\xa0"]),
    ],
)
def test_text_in_the_ways_it_is_found(path, content, words):
    path.write_bytes(content.encode())
    loaded = load_vectors(path)
    assert loaded.vocab.idx_to_token == [*words, "<unk>"]
    assert loaded.center.dtype == np.float32


def test_numbers_and_unk_are_those_of_the_file(path):
    path.write_text("a 1 -2.5\n<unk> 3 4\nb 1e-3 0\n", encoding="utf-8")
    loaded = load_vectors(path)
    assert loaded.vocab.idx_to_token == ["a", "<unk>", "b"]
    np.testing.assert_array_equal(loaded.center, np.float32([[1, -2.5], [3, 4], [1e-3, 0]]))


@pytest.mark.parametrize("name", ["v", "v.gz"])
def test_of_a_word_repeated_in_a_binary_file_the_first_row_is_kept(tmp_path, name):
    rows = [
        word.encode() + b" " + np.full(2, i, "<f4").tobytes()
        for i, word in enumerate("aabab")
    ]
    content = b"5 2\n" + b"\n".join(rows)
    (tmp_path / name).write_bytes(
        gzip.compress(content, mtime=0) if name == "v.gz" else content
    )
    loaded = load_vectors(tmp_path / name)
    assert loaded.vocab.idx_to_token == ["a", "b", "<unk>"]
    np.testing.assert_array_equal(loaded.center, [[0, 0], [2, 2], [0, 0]])
    assert loaded.about["repeated"] == 3
    assert "b" not in load_vectors(tmp_path / name, max_words=2)


@pytest.mark.parametrize("binary", [False, True])
def test_a_word_cut_in_the_middle_of_a_character_is_read_if_one_asks(path, binary):
    numbers = np.float32([1, 2]).tobytes() if binary else b"1 2\n"
    path.write_bytes(b"2 2\na " + numbers + "größ".encode()[:-1] + b" " + numbers)
    with pytest.raises(VectorsFileError, match="errors='replace'"):
        load_vectors(path)
    assert "grö\ufffd" in load_vectors(path, errors="replace")
    assert "grö" in load_vectors(path, errors="ignore")


def test_of_a_repeated_word_the_first_row_is_kept_and_noted(path):
    path.write_text("a 1 2\nb 3 4\na 5 6\n", encoding="utf-8")
    loaded = load_vectors(path)
    assert loaded.vocab.idx_to_token == ["a", "b", "<unk>"]
    np.testing.assert_array_equal(loaded.vector("a"), [1, 2])
    assert loaded.about["repeated"] == 1


@pytest.mark.parametrize("binary", [False, True])
def test_other_encodings_are_read_if_named_and_else_say_where(path, binary):
    rows = [b"gr\xf6\xdfe " + (np.float32([1, 2]).tobytes() if binary else b"1 2\n")]
    path.write_bytes(b"2 2\n" + b"".join([rows[0].replace(b"gr\xf6\xdfe", b"a"), *rows]))
    assert "größe" in load_vectors(path, encoding="latin-1")
    place = "word 2" if binary else "line 3"
    with pytest.raises(VectorsFileError, match=f"{place} has the byte 0xf6.*latin-1"):
        load_vectors(path)


@pytest.mark.parametrize("encoding", ["utf-16", "no-such", "rot13", "hex"])
def test_encodings_that_cannot_be_are_said(path, encoding):
    with pytest.raises(ValueError, match=encoding):
        load_vectors(path, encoding=encoding)


@pytest.mark.parametrize("max_words", [0, -1, 2.0, True, "3"])
def test_max_words_must_be_a_number_of_words(path, max_words):
    with pytest.raises(ValueError, match="max_words must be"):
        load_vectors(path, max_words=max_words)


def test_others_vectors_go_into_the_explorer_without_made_up_counts(path):
    path.write_text("New_York 1 2\nparis 2 2\nnew 1 0\nnewer 2 1\n", encoding="utf-8")
    explorer = Explorer(load_vectors(path), "paris", k=2)
    shown = explorer._columns[0]
    assert "Nearest to <b>paris</b> in the center table" in shown._header.value
    assert len(shown.neighbors) == 2 and "seen" not in shown._bars.value
    explorer._text.value = "new"
    assert explorer.word == "new"
    assert explorer._completions.words == ["New_York", "newer"]  # in the file's order
    explorer._text.value = "New_York"  # in upper case, as it is in the file
    assert explorer.word == "New_York"


# Damaged and hostile files


GOOD = b"2 3\na 1 2 3\nb 4 5 6\n"
FLOATS = np.arange(3, dtype="<f4").tobytes()
BINARY = b"2 3\na " + FLOATS + b"\nb " + FLOATS + b"\n"


class Trap:
    """Raise an error as soon as somebody unpickles this."""

    def __reduce__(self):
        return exec, ("raise SystemExit('sprung')",)


DAMAGED = {
    "empty": (b"", "empty"),
    "blank": (b"\n\n", "line 1"),
    "header alone": (b"2 3\n", "too few"),
    "no words": (b"0 3\n", "0 words"),
    "no numbers": (b"3 0\na\nb\nc\n", "of 0 numbers"),
    "too many rows": (b"1000000000000 3\na 1 2 3\n", "1,000,000,000,000 words"),
    "too long rows": (b"1 1000000000000\na 1 2 3\n", "too few"),
    "longer than int": (b"9" * 5000 + b" 3\na 1 2 3\n", "line"),
    "a row more promised": (GOOD.replace(b"2 3\n", b"3 3\n") + b"\n" * 9, "after 2 of"),
    "a row more there": (GOOD + b"c 1 2 3\n", "more than the 2"),
    "cut in a row": (GOOD[:-3], "line 3"),
    "unequal": (b"a 1 2 3\nb 4 5 6\nc 7 8\n", r"line 3 \('c 7 8'\)"),
    "too long": (b"a 1 2 3\nb 4 5 6\nc 7 8 9 10\n", "line 3"),
    "unequal under a header": (b"2 3\na 1 2 3\nb 4 5 6 7\n", "line 3"),
    "no number": (b"a 1 2 3\nb 4 x 6\n", r"line 2 \('b 4 x 6'\)"),
    "half a number": (b"a 1 2 3\nb 4 5 6x\n", "line 2"),
    "two in one": (b"a 1 2 3\nb 4-5  6\n", "line 2"),
    "Python's only": (b"a 1 2 3\nb 4 5_0 6\n", "line 2"),
    "no word": (b"a 1 2 3\n 4 5 6\n", "line 2"),
    "nan": (b"a 1 2 3\nb 4 nan 6\n", "not finite"),
    "inf": (b"a 1 2 3\nb 4 5 1e999\n", "not finite"),
    "nan in binary": (
        BINARY.replace(FLOATS, np.float32([1, np.nan, 2]).tobytes()),
        "not finite",
    ),
    "text": ("Call me Ishmaël.\nSome years ago".encode(), "line 1"),
    "one word": (b"word", "line 1"),
    "noise": (bytes(range(256)) * 9, "line"),
    "cut binary": (BINARY[:-4], "cut off"),
    "binary of one row": (BINARY[: len(BINARY) // 2 + 3] + b"\n" * 20, "cut off|after 1"),
    "more binary": (BINARY + b"c " + FLOATS, "more than the 2"),
    "zeros at the end": (b"900 3\n" + BINARY[4:] + bytes(90_000), "word 3"),
    "more numbers than promised": (BINARY.replace(b"2 3", b"2 2"), "word|more than"),
    "endless word": (b"1 1\n\xff" + b"x" * 200_000, "does not end|line|cut"),
    "empty binary word": (b"1 3\n " + FLOATS, "is empty"),
    "pickle": (pickle.dumps(Trap(), protocol=4), "pickle.*save_word2vec_format"),
    "npy": (b"\x93NUMPY\x01\x00", "npy file has no words"),
    "params": (struct.pack("<QQQ", 0x112, 0, 2), "load_gluon"),
    "zip": (b"PK\x03\x04 and no more", "cannot|does not contain"),
    "cut gz": (gzip.compress(GOOD, mtime=0)[:-9], "unpacked"),
    "damaged gz": (gzip.compress(GOOD, mtime=0)[:12] + b"\xff" * 30, "unpacked"),
    "packed nonsense": (gzip.compress(b"x\ny\n", mtime=0), "line 1"),
    "huge in gz": (gzip.compress(b"1 999999999999999999\na 1 2\n", mtime=0), "too few"),
    "huge binary in gz": (
        gzip.compress(b"1 999999999999999999\na " + FLOATS, mtime=0),
        "too few",
    ),
    "promise in gz": (gzip.compress(b"1000000000000 3\na 1 2 3\n", mtime=0), "too few"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_refused_and_says_what_and_what_to_do(path, name):
    content, said = DAMAGED[name]
    path.write_bytes(content)
    with pytest.raises(VectorsFileError, match=said) as caught:
        load_vectors(path)
    assert str(path) in str(caught.value)
    assert any(verb in str(caught.value) for verb in ("again", "Use ", "Give ", "Open "))


def test_what_is_unpacked_stays_within_bounds(path, monkeypatch):
    monkeypatch.setattr(foreign, "MIN_UNPACKED_BOUND", 1000)
    path.write_bytes(gzip.compress(b"a" + b" 0" * 100_000 + b"\n", mtime=0))
    with pytest.raises(VectorsFileError, match=r"100 times as large.*gunzip"):
        load_vectors(path)


def test_a_missing_file_stays_a_missing_file_and_a_folder_is_none(path):
    for load in (load_vectors, lambda path: load_gluon(path, None)):
        with pytest.raises(FileNotFoundError):
            load(path)
    path.mkdir()
    with pytest.raises(VectorsFileError, match=r"a folder without words\.json"):
        load_vectors(path)


@pytest.mark.parametrize("line", [b"a", b"a x", b"a -1", b" 3", b"", b"\xe9 3", b"a 1.5"])
def test_counts_that_are_none_are_refused(path, line):
    path.write_bytes(GOOD)
    counts = path.with_name("counts")
    counts.write_bytes(b"b 3\n" + line + b"\n")
    with pytest.raises(VectorsFileError, match="cannot be read as counts: line 2"):
        load_vectors(path, counts=counts)


def test_words_without_a_count_have_an_unknown_one(path):
    path.write_bytes(GOOD)
    counts = path.with_name("counts")
    counts.write_bytes(b"b 3\nz 9\n")
    assert load_vectors(path, counts=counts).vocab.counts.tolist() == [0, 3, 0]


def with_index(folder, **change):
    index = json.loads((folder / "words.json").read_bytes())
    (folder / "words.json").write_text(json.dumps({**index, **change}), encoding="utf-8")


def huge(folder):
    """A table whose header promises more than fits into memory."""
    data = (folder / "center.npy").read_bytes()
    data = data.replace(b"(12, 5), ", b"(12, 5000000000), ")[: len(data)]
    (folder / "center.npy").write_bytes(data)


def pickled(folder):
    np.save(folder / "center.npy", np.array([Trap()] * 12), allow_pickle=True)


def cut(folder):
    data = (folder / "context.npy").read_bytes()
    (folder / "context.npy").write_bytes(data[:-4])


FOLDERS = {
    "cut": cut,
    "huge": huge,
    "pickled": pickled,
    "missing": lambda folder: (folder / "center.npy").unlink(),
    "context missing": lambda folder: (folder / "context.npy").unlink(),
    "elsewhere": lambda folder: with_index(folder, tables=["../center"]),
    "other numbers": lambda folder: np.save(folder / "center.npy", np.ones((12, 5))),
    "other size": lambda folder: np.save(
        folder / "context.npy", np.ones((12, 6), np.float32)
    ),
    "no JSON": lambda folder: (folder / "words.json").write_bytes(b"{"),
    "deep JSON": lambda folder: (folder / "words.json").write_bytes(b"[" * 100_000),
    "no index": lambda folder: (folder / "words.json").write_bytes(b"[]"),
    "fewer words": lambda folder: with_index(folder, words=["<unk>"], counts=[1]),
    "no texts": lambda folder: with_index(folder, words=list(range(12))),
    "twice": lambda folder: with_index(folder, words=["<unk>"] + ["a"] * 11),
    "no unk": lambda folder: with_index(folder, words=list("abcdefghijkl")),
    "half counts": lambda folder: with_index(folder, counts=[0.5] * 12),
    "negative counts": lambda folder: with_index(folder, counts=[-1] * 12),
    "huge counts": lambda folder: with_index(folder, counts=[10**30] * 12),
}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_damaged_folder_is_refused(vectors, path, name):
    save_numpy(vectors, path)
    FOLDERS[name](path)
    with pytest.raises(VectorsFileError, match="not a complete folder of save_numpy"):
        load_vectors(path)


def test_an_npz_that_unpacks_to_any_size_or_holds_objects_is_refused(vectors, path):
    save_vectors(vectors, path)
    with np.load(path) as file:
        content = dict(file)
    for save, change in (
        (np.savez_compressed, {}),
        (np.savez, {"tokens": np.array([Trap()] * 12)}),
        (np.savez, {"center": np.full((12, 5), np.nan, np.float32)}),
    ):
        with open(path, "wb") as file:
            save(file, **{**content, **change})
        with pytest.raises(VectorsFileError):
            load_vectors(path)


def test_an_npz_whose_table_promises_too_much_is_refused(vectors, path):
    save_vectors(vectors, path)
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    content["center.npy"] = content["center.npy"].replace(
        b"(12, 5), ", b"(12, 5000000000), "
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    with pytest.raises(VectorsFileError):
        load_vectors(path)


# A disk that fills up


@pytest.mark.parametrize("save", [save_word2vec, save_numpy, save_projector, save_gluon])
def test_a_full_disk_leaves_what_was_there(vectors, path, monkeypatch, save):
    def full(handle):
        raise OSError(28, "No space left on device")

    def content():
        return {p: p.read_bytes() for p in path.parent.rglob("*") if p.is_file()}

    save(vectors, path)
    before = content()
    monkeypatch.setattr("os.fsync", full)
    other = WordVectors(vectors.vocab, vectors.context, vectors.center)
    with pytest.raises(OSError, match="No space"):
        save(other, path)
    assert content() == before != {}
    assert not list(path.parent.glob("**/.draft*"))


def test_a_disk_that_gets_full_in_mid_file_leaves_what_was_there(
    vectors, path, monkeypatch
):
    def full(keyed, name, *_, **__):
        Path(name).write_bytes(b"11 5\n")
        raise OSError(28, "No space left on device")

    save_word2vec(vectors, path)
    before = path.read_bytes()
    monkeypatch.setattr(KeyedVectors, "save_word2vec_format", full)
    with pytest.raises(OSError, match="No space"):
        save_word2vec(vectors, path)
    assert [each.read_bytes() for each in path.parent.iterdir()] == [before]


def test_a_disk_that_is_full_at_the_second_of_two_files_leaves_both(
    vectors, path, monkeypatch
):
    synced, sync = [], os.fsync

    def full_at_the_second(handle):
        synced.append(handle)
        if len(synced) == 2:
            raise OSError(28, "No space left on device")
        sync(handle)

    counts = path.with_name("counts")
    save_word2vec(vectors, path, counts=counts)
    before = path.read_bytes(), counts.read_bytes()
    other = vectors_of(["<unk>", "a", "b"])
    monkeypatch.setattr(os, "fsync", full_at_the_second)
    with pytest.raises(OSError, match="No space"):
        save_word2vec(other, path, counts=counts)
    assert (path.read_bytes(), counts.read_bytes()) == before


# TensorBoard Projector


def test_the_projector_s_files_belong_together_row_by_row(vectors, path):
    save_projector(vectors, path, "sum")
    table = np.loadtxt(path / "vectors.tsv", delimiter="\t", dtype=np.float32)
    header, *rows = (path / "metadata.tsv").read_text(encoding="utf-8").split("\n")[:-1]
    assert header == "word\tcount"
    assert [row.split("\t")[0] for row in rows] == RANKED
    assert rows[0] == "N\t90"
    expected = np.stack([vectors.vector(word, "sum") for word in RANKED])
    np.testing.assert_array_equal(table, expected)
    config = (path / "projector_config.pbtxt").read_text(encoding="utf-8")
    assert all(f'"{name}"' in config for name in ("vectors.tsv", "metadata.tsv", "sum"))


def test_a_label_stays_in_its_cell_and_line(path):
    words = ["<unk>", "a\tb", "c\nd", "e\r\n", "x\u2028y", "", '"<b>"', "東\x85"]
    save_projector(vectors_of(words), path)
    rows = (path / "metadata.tsv").read_bytes().decode().splitlines()
    assert [row.split("\t")[0] for row in rows[1:]] == [
        "a\\tb",
        "c\\nd",
        "e\\r\\n",
        "x\\u2028y",
        "",
        '"<b>"',
        "東\\x85",
    ]


def test_the_projector_gets_the_most_frequent_words_and_no_unknown_counts(vectors, path):
    save_projector(vectors, path, max_words=2)
    assert (path / "metadata.tsv").read_text(
        encoding="utf-8"
    ) == "word\tcount\nN\t90\n\\\t30\n"
    save_projector(vectors_of(["<unk>", "a", "b"], [0, 0, 0]), path)
    # A single column has no header.
    assert (path / "metadata.tsv").read_text(encoding="utf-8") == "a\nb\n"
    assert len((path / "vectors.tsv").read_text(encoding="utf-8").splitlines()) == 2


# Gluon


def fresh_net(vectors):
    npx.set_np()
    return build_net(*vectors.center.shape)


def test_a_fresh_net_reads_the_params_of_vectors(vectors, path):
    save_gluon(vectors, path)
    net = fresh_net(vectors)
    net.load_parameters(str(path))
    assert_same(WordVectors.from_net(net, vectors.vocab), vectors)
    with autograd.record():  # and continues with them
        net[0](mnp.array([1])).sum().backward()


@pytest.mark.parametrize("numpy_arrays", [True, False])
def test_params_of_a_net_are_read_as_mxnet_reads_them(vectors, path, numpy_arrays):
    save_gluon(vectors, path)
    net = fresh_net(vectors)
    net.load_parameters(str(path))
    save_gluon(net, path)
    if not numpy_arrays:  # MXNet's older kind of array has another mark in the file
        content = path.read_bytes()
        path.write_bytes(content.replace(b"\xca\xfa\x93\xf9", b"\xc9\xfa\x93\xf9"))
    assert_same(load_gluon(str(path), vectors.vocab), vectors)


def test_params_of_another_vocabulary_are_refused(vectors, path):
    save_gluon(vectors, path)
    with pytest.raises(VectorsFileError, match="12 rows, but the vocabulary has 2 words"):
        load_gluon(path, Vocab.from_counts(["<unk>", "a"], [1, 1]))


def test_one_table_alone_makes_no_params(vectors, path):
    with pytest.raises(ValueError, match="only a center table"):
        save_gluon(WordVectors(vectors.vocab, vectors.center), path)
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize(
    "at, value",
    [
        (0, b"\x13"),
        (16, b"\x03"),
        (24, b"\x00"),
        (28, b"\x01"),
        (32, b"\x03"),
        (36, b"\xff" * 8),
        (36, b"\xff\xff\xff\xff\xff\xff\xff\x7f"),
        (36, b"\x06"),
        (44, b"\x00" * 8),
        (60, b"\x01"),
        (-1, b"s"),
        (-40, b"\x03"),
        (-44, b"\xff" * 4),
    ],
)
def test_damaged_params_are_refused_before_mxnet_sees_them(vectors, path, at, value):
    save_gluon(vectors, path)
    content = bytearray(path.read_bytes())
    at %= len(content)
    content[at : at + len(value)] = value
    path.write_bytes(bytes(content))
    with pytest.raises(
        VectorsFileError, match=r"not a \.params file of the two tables|not finite"
    ):
        load_gluon(path, vectors.vocab)


def test_cut_params_are_refused_wherever_they_are_cut(vectors, path):
    save_gluon(vectors, path)
    content = path.read_bytes()
    for end in (0, 10, 24, 60, 100, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:end])
        with pytest.raises(VectorsFileError):
            load_gluon(path, vectors.vocab)
    path.write_bytes(content + b"x")
    with pytest.raises(VectorsFileError):
        load_gluon(path, vectors.vocab)
