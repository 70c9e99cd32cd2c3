"""The map of words without a browser: what it sends to the page."""

import threading

import numpy as np
import pytest
import toy

from w2v_lesson.vectors import principal_components, unit_length
from w2v_lesson.widgets.plane import Plane, parse_groups, turn

WORDS = ["<unk>", "june", "july", "oil", "gas", "<s>"] + [f"x{i}" for i in range(20)]
GROUPS = {"months": ["june", "july"], "energy": ["oil", "gas"]}
GROUPED = [1, 2, 3, 4]


@pytest.fixture
def vectors():
    return toy.vectors(WORDS)


def points(plane):
    return np.frombuffer(plane.points, np.float32).reshape(-1, 2)


def cosines(plane):
    return np.frombuffer(plane.answer["cosines"], np.float32)


def test_words_lie_in_the_plane_in_which_those_of_the_groups_differ_most(vectors):
    plane = Plane(vectors.vocab, GROUPS)
    plane.move(vectors.center)
    unit = unit_length(vectors.center)
    axes, explained = principal_components(unit[GROUPED])
    expected = (unit - unit[GROUPED].mean(axis=0)) @ axes.T
    np.testing.assert_allclose(points(plane)[1:], expected[1:], atol=1e-6)
    assert np.isnan(points(plane)[0]).all()  # <unk> has no meaning
    np.testing.assert_allclose(plane.explained, explained)


def test_a_list_of_words_will_do_as_well(vectors):
    plane = Plane(WORDS, GROUPS)
    plane.move(vectors.center)
    assert plane.words == WORDS


def test_a_turned_space_leaves_the_words_where_they_were(vectors):
    plane = Plane(WORDS, GROUPS)
    plane.move(vectors.center)
    before = points(plane)
    turned, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(5, 5)))
    plane.move(vectors.center @ turned)
    np.testing.assert_allclose(points(plane)[1:], before[1:], atol=1e-5)


def test_turn_undoes_a_turn_and_a_reflection():
    target = np.random.default_rng(0).normal(size=(9, 2))
    target -= target.mean(axis=0)
    for other in ([[0.6, -0.8], [0.8, 0.6]], [[0, 1], [1, 0]]):
        moved = target @ np.array(other) + [3, 4]
        found = (moved - moved.mean(axis=0)) @ turn(moved, target)
        np.testing.assert_allclose(found, target, atol=1e-12)


def test_a_given_plane_stays(vectors):
    axes = np.eye(2, 5)
    plane = Plane(WORDS, GROUPS, axes)
    for table in (vectors.center, vectors.context):
        plane.move(table)
        np.testing.assert_allclose(points(plane)[1:], unit_length(table)[1:, :2], atol=1e-6)
    assert plane.explained is None


def test_the_plane_of_other_vectors_stays_and_the_view_has_room_for_them(vectors):
    plane = Plane(WORDS, GROUPS)
    plane.fix(vectors.center)
    plane.move(vectors.context)
    plane.move(vectors.center)
    shown = points(plane)[GROUPED]
    middle, half = np.split(np.array(plane.frame), 2)
    np.testing.assert_allclose(shown.min(axis=0), middle - half, atol=1e-6)
    np.testing.assert_allclose(shown.max(axis=0), middle + half, atol=1e-6)


def test_the_focus_is_answered_with_its_neighbors_and_all_cosines(vectors):
    plane = Plane(WORDS, GROUPS)
    plane.focus = "oil"  # before there are any vectors
    assert plane.answer["near"] == []
    plane.move(vectors.center)
    assert plane.answer["word"] == "oil"
    assert plane.answer["near"] == [n.word for n in vectors.similar("oil", 5)]
    expected = [vectors.cosine("oil", word) for word in WORDS[1:]]
    np.testing.assert_allclose(cosines(plane)[1:], expected, atol=1e-6)
    plane.neighbors = 2
    assert len(plane.answer["near"]) == 2
    plane.focus = "x3"  # of no group
    assert plane.answer["near"] == [n.word for n in vectors.similar("x3", 2)]
    plane.focus = ""
    assert (plane.answer["word"], plane.answer["near"]) == ("", [])


def test_the_answer_follows_the_vectors(vectors):
    plane = Plane(WORDS, GROUPS, focus="oil")
    plane.move(vectors.center)
    plane.move(vectors.context)
    expected = [n.word for n in vectors.similar("oil", 5, "context")]
    assert plane.answer["near"] == expected


def test_clicks_during_a_training_are_answered_with_one_and_the_same_vectors(vectors):
    plane = Plane(WORDS, GROUPS)
    ended = threading.Event()

    def train():
        for _ in range(50):
            plane.move(vectors.center)
        ended.set()

    thread = threading.Thread(target=train)
    thread.start()
    while not ended.is_set():
        for word in ("oil", "june"):
            plane.focus = word
    thread.join()
    assert plane.answer["near"] == [n.word for n in vectors.similar("june", 5)]


def test_unknown_and_too_few_words_are_refused(vectors):
    with pytest.raises(ValueError, match="needs 3 words or more, but it has 2"):
        Plane(WORDS, {"a": ["oil", "gas"]})
    with pytest.raises(ValueError, match="'smartphone' is not among the words"):
        Plane(WORDS, {"a": ["oil", "gas", "smartphone"]})
    with pytest.raises(ValueError, match="'<unk>' is not among the words"):
        Plane(WORDS, GROUPS, focus="<unk>")
    plane = Plane(WORDS, GROUPS)
    with pytest.raises(ValueError, match="'smartphone' is not among the words"):
        plane.focus = "smartphone"
    assert plane.focus == ""


def test_other_groups_are_shown_by_the_next_move(vectors):
    plane = Plane(WORDS, GROUPS)
    plane.move(vectors.center)
    plane.groups = {"new": ["x1", "x2", "x3"]}
    plane.move(vectors.center)
    assert np.isfinite(points(plane)[1:]).all()


@pytest.mark.parametrize(
    "text, groups",
    [
        ("oil gas", {"oil": ["oil", "gas"]}),
        ("Months: June July; oil", {"Months": ["June", "July"], "oil": ["oil"]}),
        ("a b a; b c", {"a": ["a", "b"], "c": ["c"]}),
        (" ; x: ;; ", {}),
        ("x: a; x: b", {"x": ["a", "b"]}),
        ("", {}),
        ("\n a\n b ;\n c", {"a": ["a", "b"], "c": ["c"]}),
    ],
)
def test_groups_are_read_as_typed(text, groups):
    assert parse_groups(text) == groups


def test_a_word_that_is_found_twice_is_taken_once():
    groups = parse_groups("A: Oil oil; OIL gas", str.lower)
    assert groups == {"A": ["oil"], "gas": ["gas"]}
