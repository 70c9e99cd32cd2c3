"""Questions to the vectors have the same answers as by brute force."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v_lesson.vectors import (
    TABLES,
    Neighbor,
    UnknownWordError,
    WordVectors,
    principal_components,
    unit_length,
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
    """List (cosine, word) for all words that may be answers, the nearest first."""
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
    # All vectors point in the same direction, so the forbidden ones are as near as any other.
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


def test_who_names_no_k_gets_ten_neighbors_and_five_answers():
    vectors = vectors_of(["<unk>", *"abcdefghijklmnop"])
    assert len(vectors.similar("a")) == 10
    assert len(vectors.analogy("a", "b", "c")) == 5


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


def letters_in_common(x, y):
    """Compute the length of the longest common subsequence, as in a textbook."""
    row = [0] * (len(y) + 1)
    for letter in x:
        last = row
        row = [0]
        for i, other in enumerate(y):
            row.append(last[i] + 1 if letter == other else max(row[-1], last[i + 1]))
    return row[-1]


@given(st.text("chipsdrvekn'té水xN ", max_size=12), st.integers(1, 8))
def test_near_spellings_share_most_letters_in_the_same_order(word, n):
    vectors = vectors_of()
    asked, found = word.strip().lower(), []
    for token, count in zip(WORDS, vectors.vocab.counts.tolist(), strict=True):
        common = letters_in_common(asked, token.lower())
        similarity = 2 * common / (len(asked) + len(token))
        if similarity > 0.6 - 1e-9 and token != "<unk>":
            found.append((-similarity, -count, token))
    assert vectors.near_spellings(word, n) == [token for *_, token in sorted(found)[:n]]


@pytest.mark.parametrize(
    "counts, expected",
    [
        ([0, 5, 7, 6], ["stark", "start", "stare"]),
        ([0, 7, 7, 7], ["stare", "stark", "start"]),
        ([0, 1, 1, 2], ["start", "stare", "stark"]),
    ],
)
def test_of_equally_near_spellings_the_more_frequent_comes_first(counts, expected):
    for order in ([0, 1, 2, 3], [3, 2, 1, 0]):
        words = [["<unk>", "stare", "stark", "start"][i] for i in order]
        vocab = Vocab.from_counts(words, [counts[i] for i in order])
        vectors = WordVectors(vocab, np.eye(4))
        assert vectors.near_spellings("starx") == expected
        assert vectors.near_spellings("starx", 1) == expected[:1]


def test_near_spellings_of_cased_words_are_found_in_either_case():
    vectors = vectors_of(["<unk>", "Paris", "Berlin", "paris-based"])
    for typed in ("pariss", "Pariss", "PARISS"):
        assert vectors.near_spellings(typed, 1) == ["Paris"]


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
    with pytest.raises(ValueError, match="only a center table"):
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


# Counts


def test_a_count_of_zero_is_an_unknown_one():
    assert Neighbor("a", 0.5, 1234).seen == "seen 1,234 times"
    assert Neighbor("a", 0.5, 0).seen == ""


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


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("row", [np.nan, np.inf, 0, 1, 1e30, 1e38])
def test_no_word_is_its_own_neighbor_whatever_its_numbers(row, k):
    table = np.ones((5, 3), np.float32)
    table[1] = row
    vectors = WordVectors(Vocab.from_counts([*"abcd", "<unk>"], [4, 3, 2, 1, 0]), table)
    for word in "abcd":
        near = vectors.similar(word, k)
        assert len({word, "<unk>", *(each.word for each in near)}) == k + 2
        assert all(np.isfinite(each.cosine) for each in near)
    near = vectors.analogy(*"abc", k=1)
    assert [each.word for each in near] == ["d"]


@pytest.mark.parametrize("number", [0, 1, np.nan, np.inf])
def test_a_map_of_equal_vectors_explains_nothing(number):
    equal = unit_length(np.full((4, 3), number, np.float32))
    axes, explained = principal_components(equal)
    assert np.isfinite(axes).all() and explained == pytest.approx([0, 0], abs=0.01)


@pytest.mark.parametrize("k", [1, 2, 0])
def test_a_single_word_has_no_neighbors_and_that_is_said(k):
    vectors = WordVectors(Vocab([["a"]]), np.eye(2))
    with pytest.raises(ValueError, match="no other word"):
        vectors.similar("a", k)
