"""Questions to the vectors, answered as by brute force; files that are no vectors."""

import difflib
import io
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v_lesson import vectors as module
from w2v_lesson.vectors import (
    TABLES,
    UnknownWordError,
    VectorsFileError,
    WordVectors,
    principal_components,
)
from w2v_lesson.vocabulary import Vocab

WORDS = ["#", "<unk>", "chip", "chips", "drive", '"', "n't", "café", "水", "king", "N"]


def vectors_of(words=WORDS, embed_size=6, seed=0, context=True):
    rng = np.random.default_rng(seed)
    center, other = rng.normal(size=(2, len(words), embed_size)).astype(np.float32)
    vocab = Vocab.from_counts(words, np.arange(10, 10 + len(words)))
    return WordVectors(vocab, center, other if context else None, {"lr": 0.002})


def cosine(x, y):
    x, y = x.astype(np.float64), y.astype(np.float64)
    return x @ y / np.sqrt((x @ x) * (y @ y))


def by_brute_force(vectors, query, excluded, table):
    """(cosine, word) of all words that may be answers, the nearest first."""
    rows = zip(vectors.vocab.idx_to_token, vectors.matrix(table), strict=True)
    left = [(w, x) for w, x in rows if w not in excluded and w != "<unk>"]
    return sorted(((cosine(query, x), w) for w, x in left), reverse=True)


def assert_same(found, expected):
    assert [n.word for n in found] == [word for _, word in expected]
    np.testing.assert_allclose(
        [n.cosine for n in found], [value for value, _ in expected], atol=1e-6
    )


# similar and analogy


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("word", ["chip", "#", "n't"])
def test_similar_is_what_brute_force_finds(word, table):
    vectors = vectors_of()
    query = vectors.matrix(table)[WORDS.index(word)]
    expected = by_brute_force(vectors, query, [word], table)
    assert_same(vectors.similar(word, 4, table), expected[:4])
    # As many as there are: all words but the query and <unk>.
    assert_same(vectors.similar(word, len(WORDS) - 2, table), expected)


@pytest.mark.parametrize("table", TABLES)
def test_analogy_is_what_brute_force_finds(table):
    vectors = vectors_of()
    unit = vectors.matrix(table) / np.linalg.norm(
        vectors.matrix(table), axis=1, keepdims=True
    )
    a, b, c = (unit[WORDS.index(word)] for word in ("king", "chip", "drive"))
    inputs = ["king", "chip", "drive"]
    expected = by_brute_force(vectors, b - a + c, inputs, table)
    assert_same(vectors.analogy(*inputs, k=3, table=table), expected[:3])
    assert_same(vectors.analogy(*inputs, k=len(WORDS) - 4, table=table), expected)


def test_analogy_of_a_parallelogram_is_its_fourth_corner():
    angle = np.radians([0, 30, 70, 100, 200, 250])
    table = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    vocab = Vocab.from_counts(["man", "woman", "king", "queen", "<unk>", "x"], [1] * 6)
    vectors = WordVectors(vocab, table * [[1], [2], [3], [4], [5], [6]])
    (best,) = vectors.analogy("man", "woman", "king", k=1)
    assert best.word == "queen"
    (back,) = vectors.analogy("woman", "man", "queen", k=1)
    assert back.word == "king"


def test_analogy_with_a_word_twice_excludes_it_once():
    vectors = vectors_of()
    found = vectors.analogy("chip", "chip", "king", k=len(WORDS) - 3)
    assert not {"chip", "king", "<unk>"} & {n.word for n in found}
    assert [n.word for n in found[:3]] == [
        n.word for n in vectors.similar("king", 4) if n.word != "chip"
    ][:3]


def test_the_word_itself_and_unknown_are_never_answers_even_if_nearest():
    # All vectors point the same way, so that the forbidden ones are as near as any.
    vocab = Vocab.from_counts(WORDS, range(len(WORDS)))
    vectors = WordVectors(vocab, np.ones((len(WORDS), 3)))
    similar = {n.word for n in vectors.similar("chip", len(WORDS) - 2)}
    assert similar == set(WORDS) - {"chip", "<unk>"}
    analogy = {n.word for n in vectors.analogy("chip", "king", "N", len(WORDS) - 4)}
    assert analogy == set(WORDS) - {"chip", "king", "N", "<unk>"}


def test_neighbors_carry_the_words_counts():
    vectors = vectors_of()
    for neighbor in vectors.similar("chip", 5):
        assert neighbor.count == 10 + WORDS.index(neighbor.word)
        assert [type(value) for value in neighbor] == [str, float, int]


@pytest.mark.parametrize("k", [0, -1, len(WORDS) - 1, 10**6, 2.5, True, "3", None])
def test_k_must_be_a_whole_number_of_words_there_are(k):
    with pytest.raises(ValueError, match=f"whole number from 1 to {len(WORDS) - 2}"):
        vectors_of().similar("chip", k)
    with pytest.raises(ValueError, match="k must be a whole number from 1 to"):
        vectors_of().analogy("chip", "king", "drive", k)


def test_whole_numbers_of_numpy_are_accepted_as_k():
    assert len(vectors_of().similar("chip", np.int64(3))) == 3


@given(st.integers(0, 10_000))
def test_any_vectors_give_what_brute_force_finds(seed):
    vectors = vectors_of(seed=seed)
    expected = by_brute_force(vectors, vectors.vector("chip"), ["chip"], "center")
    found = vectors.similar("chip", 5)
    # Ties in float32 may come in another order.
    np.testing.assert_allclose(
        [n.cosine for n in found], [value for value, _ in expected[:5]], atol=1e-6
    )


def test_vectors_of_zero_have_cosine_0_and_not_nan():
    table = np.ones((len(WORDS), 3))
    table[WORDS.index("chip")] = 0
    vectors = WordVectors(Vocab.from_counts(WORDS, range(len(WORDS))), table)
    assert {n.cosine for n in vectors.similar("chip", 3)} == {0.0}
    assert vectors.cosine("chip", "king") == 0.0
    (last,) = vectors.similar("king", len(WORDS) - 2)[-1:]
    assert (last.word, last.cosine) == ("chip", 0.0)


@pytest.mark.parametrize("scale", [1e-4, 1.0, 1e6])
def test_the_length_of_vectors_makes_no_difference(scale):
    vectors = vectors_of()
    scaled = WordVectors(vectors.vocab, vectors.center * np.float32(scale))
    expected = [(n.cosine, n.word) for n in vectors.similar("chip", 5)]
    assert_same(scaled.similar("chip", 5), expected)


def test_cosine_of_two_words():
    vectors = vectors_of()
    for table in TABLES:
        expected = cosine(vectors.vector("chip", table), vectors.vector("king", table))
        assert vectors.cosine("chip", "king", table) == pytest.approx(expected, abs=1e-6)
    assert vectors.cosine("chip", "chip") == pytest.approx(1)


# Words without a vector


def test_unknown_word_gets_near_spellings_and_the_reason():
    with pytest.raises(UnknownWordError, match=r"'chipp' .* chips?, chips?\. Words"):
        vectors_of().similar("chipp")
    with pytest.raises(UnknownWordError) as caught:
        vectors_of().index("drves")
    assert "Near spellings: drive." in str(caught.value)
    assert "rare in the training text" in str(caught.value)


def test_upper_case_is_not_answered_but_lower_case_is_suggested():
    with pytest.raises(UnknownWordError, match=r"Near spellings: chip\b"):
        vectors_of().similar("CHIP")


def test_a_word_unlike_any_other_gets_no_suggestion_but_the_reason():
    with pytest.raises(UnknownWordError, match=r"^'zzzzzz' has no vector. Words that"):
        vectors_of().similar("zzzzzz")


@pytest.mark.parametrize(
    "typed, found",
    [
        ("apple", "apple"),
        ("Apple", "Apple"),
        ("APPLE", "apple"),
        (" Apple\t", "Apple"),
        ("Paris", "Paris"),
        ("paris", None),
        ("ÉTÉ", "été"),
        ("<unk>", None),
        ("", None),
        ("  ", None),
    ],
)
def test_what_is_typed_is_found_as_it_is_or_else_in_lower_case(typed, found):
    words = ["<unk>", "Apple", "apple", "Paris", "été"]
    assert vectors_of(words).find(typed) == found


def test_owners_of_cased_vectors_are_not_told_that_upper_case_was_dropped():
    with pytest.raises(UnknownWordError) as caught:
        vectors_of(["<unk>", "Apple", "Paris"]).index("Pariss")
    assert "upper case" not in str(caught.value)


@pytest.mark.parametrize("word", ["", "   ", "\t\n"])
def test_no_word_asks_for_one(word):
    with pytest.raises(UnknownWordError, match=r"No word given\. Type one"):
        vectors_of().similar(word)


def test_unknown_itself_is_no_word_and_is_never_suggested():
    vectors = vectors_of()
    assert "<unk>" not in vectors
    with pytest.raises(UnknownWordError, match="'<unk>' has no vector"):
        vectors.similar("<unk>")
    for word in ("<unk>", "unk", "<unk", "<UNK>"):
        assert "<unk>" not in vectors.near_spellings(word)


@given(st.text("chipsdrvekn'té水xN ", max_size=12), st.integers(1, 8))
def test_near_spellings_are_those_of_difflib(word, n):
    vectors = vectors_of()
    asked = word.strip().lower()
    expected = difflib.get_close_matches(asked, WORDS, n)
    expected = [token for token in expected if token != "<unk>"]
    assert vectors.near_spellings(word, n) == expected


@pytest.mark.parametrize("most", [1, 3, 64])
def test_near_spellings_among_more_letters_than_are_counted_apart(most, monkeypatch):
    monkeypatch.setattr(module, "MOST_LETTERS", most)
    words = ["<unk>", *(f"{chr(0x4E00 + i)}w{chr(0x5E00 + i)}{i}" for i in range(200))]
    vectors = WordVectors(Vocab.from_counts(words, [1] * 201), np.eye(201))
    for word in words[1::20]:
        asked = word[1:] + "x"
        expected = difflib.get_close_matches(asked.lower(), words, 5)
        assert expected and vectors.near_spellings(asked) == expected


def test_the_error_lists_what_its_message_suggests():
    with pytest.raises(UnknownWordError) as caught:
        vectors_of().index("chipp")
    assert caught.value.near == vectors_of().near_spellings("chipp")
    assert f"Near spellings: {', '.join(caught.value.near)}." in str(caught.value)


def test_unknown_word_in_an_analogy_is_refused():
    for inputs in (("x", "chip", "king"), ("chip", "x", "king"), ("chip", "king", "x")):
        with pytest.raises(UnknownWordError, match="'x' has no vector"):
            vectors_of().analogy(*inputs)


# Tables and shapes


def test_sum_is_center_plus_context():
    vectors = vectors_of()
    np.testing.assert_array_equal(
        vectors.vector("chip", "sum"),
        vectors.vector("chip", "center") + vectors.vector("chip", "context"),
    )


def test_unknown_table_is_refused_and_the_known_ones_are_named():
    with pytest.raises(ValueError, match="'center', 'context', 'sum'"):
        vectors_of().similar("chip", 3, "both")


@pytest.mark.parametrize("table", ["context", "sum"])
def test_a_center_table_alone_answers_for_itself_only(table):
    vectors = vectors_of(context=False)
    assert len(vectors.similar("chip", 3)) == 3
    with pytest.raises(ValueError, match="center table only"):
        vectors.similar("chip", 3, table)


@pytest.mark.parametrize(
    "center, context",
    [
        ((len(WORDS) - 1, 4), None),
        ((len(WORDS),), None),
        ((len(WORDS), 4), (len(WORDS) + 1, 4)),
        ((len(WORDS), 4), (len(WORDS), 5)),
    ],
)
def test_tables_that_do_not_fit_are_refused(center, context):
    vocab = Vocab.from_counts(WORDS, range(len(WORDS)))
    with pytest.raises(ValueError, match="shape"):
        WordVectors(vocab, np.ones(center), None if context is None else np.ones(context))


def test_vectors_of_a_net_are_its_two_tables():
    from mxnet import npx

    from w2v_lesson.model import build_net, initialize

    net = build_net(len(WORDS), 4)
    initialize(net, npx.cpu())
    vocab = Vocab.from_counts(WORDS, range(len(WORDS)))
    vectors = WordVectors.from_net(net, vocab, {"seed": 3})
    np.testing.assert_array_equal(vectors.center, net[0].weight.data().asnumpy())
    np.testing.assert_array_equal(vectors.context, net[1].weight.data().asnumpy())
    assert (vectors.about, len(vectors)) == ({"seed": 3}, len(WORDS))


# Files


@pytest.mark.parametrize("context", [True, False])
def test_what_was_saved_is_loaded_exactly(tmp_path, context):
    vectors = vectors_of(context=context)
    vectors.save(tmp_path / "v.npz")
    loaded = WordVectors.load(tmp_path / "v.npz")
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
    vectors_of().save(tmp_path / "vectors")  # np.savez would add .npz
    assert [file.name for file in tmp_path.iterdir()] == ["vectors"]
    assert len(WordVectors.load(str(tmp_path / "vectors"))) == len(WORDS)


def saved(tmp_path):
    vectors_of().save(tmp_path / "v.npz")
    return (tmp_path / "v.npz").read_bytes()


def damaged(content):
    half = len(content) // 2
    return content[:half] + bytes([content[half] ^ 0xFF]) + content[half + 1 :]


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
        lambda content: b"chip 0.1 0.2 0.3\n",
        lambda content: b"PK\x03\x04" + content[500:],
        damaged,
        lambda content: array_file(np.ones((3, 3))),
    ],
    ids=[
        "half",
        "end cut",
        "3 bytes",
        "empty",
        "random",
        "text",
        "spoilt start",
        "a bit",
        "another array",
    ],
)
def test_a_file_without_vectors_is_a_clear_error(tmp_path, change):
    path = tmp_path / "v.npz"
    path.write_bytes(change(saved(tmp_path)))
    with pytest.raises(VectorsFileError, match="Delete it and save them again") as caught:
        WordVectors.load(path)
    assert str(path) in str(caught.value)


def content_of(path):
    with np.load(path) as file:
        return dict(file)


@pytest.mark.parametrize("name", ["tokens", "counts", "about", "center"])
def test_a_file_that_lacks_a_part_is_a_clear_error(tmp_path, name):
    saved(tmp_path)
    content = content_of(tmp_path / "v.npz")
    del content[name]
    np.savez(tmp_path / "v.npz", **content)
    with pytest.raises(VectorsFileError):
        WordVectors.load(tmp_path / "v.npz")


@pytest.mark.parametrize(
    "change",
    [
        {"about": '{"format": "w2v_lesson vectors 2"}'},
        {"about": "{}"},
        {"about": "[1, 2]"},
        {"about": "no JSON"},
        {"center": np.ones((3, 4))},
        {"context": np.ones(len(WORDS))},
        {"counts": np.ones(3, dtype=np.int64)},
        {"tokens": np.array([f"w{i}" for i in range(len(WORDS))])},
    ],
    ids=[
        "version",
        "no version",
        "list",
        "no JSON",
        "center",
        "context",
        "counts",
        "no <unk>",
    ],
)
def test_a_file_with_a_wrong_part_is_a_clear_error(tmp_path, change):
    saved(tmp_path)
    content = content_of(tmp_path / "v.npz")
    np.savez(tmp_path / "v.npz", **{**content, **change})
    with pytest.raises(VectorsFileError):
        WordVectors.load(tmp_path / "v.npz")


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
        WordVectors.load(tmp_path / "v.npz")
    (tmp_path / "p.npz").write_bytes(pickle.dumps(Trap(tmp_path / "sprung")))
    with pytest.raises(VectorsFileError):
        WordVectors.load(tmp_path / "p.npz")
    assert not (tmp_path / "sprung").exists()


def test_a_full_disk_leaves_the_vectors_saved_before(tmp_path, monkeypatch):
    def fill_disk(file, **arrays):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    before = saved(tmp_path)
    monkeypatch.setattr(np, "savez", fill_disk)
    with pytest.raises(OSError, match="No space left"):
        vectors_of().save(tmp_path / "v.npz")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [before]


def test_saved_files_hold_no_pickle(tmp_path):
    saved(tmp_path)
    with np.load(tmp_path / "v.npz", allow_pickle=False) as file:
        assert all(file[name].dtype != object for name in file.files)


def test_a_missing_file_stays_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        WordVectors.load(tmp_path / "none.npz")


def test_another_format_is_refused_once_the_format_changes(tmp_path, monkeypatch):
    saved(tmp_path)
    monkeypatch.setattr(module, "FORMAT", "w2v_lesson vectors 2")
    with pytest.raises(VectorsFileError, match="another format"):
        WordVectors.load(tmp_path / "v.npz")


def test_a_count_of_zero_is_an_unknown_one():
    assert module.Neighbor("a", 0.5, 1234).seen == "seen 1,234 times"
    assert module.Neighbor("a", 0.5, 0).seen == ""


# Directions and the plane in which they differ most


def test_directions_are_the_vectors_at_length_1():
    vectors = vectors_of()
    found = vectors.directions(["king", "chip"], "sum")
    assert found.shape == (2, 6)
    for row, word in zip(found, ["king", "chip"], strict=True):
        assert np.linalg.norm(row) == pytest.approx(1, abs=1e-6)
        assert cosine(row, vectors.vector(word, "sum")) == pytest.approx(1, abs=1e-6)
    with pytest.raises(UnknownWordError):
        vectors.directions(["chip", "zzz"])


def test_principal_components_are_the_eigenvectors_of_the_covariance():
    X = np.random.default_rng(3).normal(size=(20, 6)) * [5, 1, 3, 1, 1, 1]
    axes, explained = principal_components(X)
    values, directions = np.linalg.eigh(np.cov(X.T))
    np.testing.assert_allclose(explained, values[:-3:-1] / values.sum())
    np.testing.assert_allclose(abs(axes @ directions[:, :-3:-1]), np.eye(2), atol=1e-9)
    assert (axes.sum(axis=1) > 0).all()


def test_no_axis_vanishes_where_the_sum_of_its_numbers_does():
    axes, explained = principal_components(np.array([[1.0, -1], [-1, 1], [2, -2], [0, 0]]))
    np.testing.assert_allclose(np.linalg.norm(axes, axis=1), 1)
    assert explained[0] == pytest.approx(1)
