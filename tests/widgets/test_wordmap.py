"""The map's widget without a browser, by its traits and controls."""

import numpy as np
import pytest
import toy

from w2v_lesson.vectors import WordVectors
from w2v_lesson.vocabulary import Vocab
from w2v_lesson.widgets.plane import Plane
from w2v_lesson.widgets.wordmap import WordMap

WORDS = ["<unk>", "june", "july", "oil", "gas", "<s>", "at&t"] + [
    f"x{i}" for i in range(20)
]
TEXT = "months: june july; oil gas at&t"
GROUPS = {"months": ["june", "july"], "oil": ["oil", "gas", "at&t"]}


@pytest.fixture
def vectors():
    center, context = np.random.default_rng(0).normal(size=(2, len(WORDS), 8))
    return WordVectors(Vocab.from_counts(WORDS, range(len(WORDS), 0, -1)), center, context)


@pytest.fixture
def map_(vectors):
    return WordMap(vectors, TEXT)


def controls(map_):
    """The words, the button, the number of neighbors."""
    return [*map_.children[0].children, map_.children[1]]


def points(map_):
    return np.frombuffer(map_.plane.points, np.float32)


def test_the_map_shows_the_groups_in_their_plane(map_, vectors):
    assert map_.plane.groups == GROUPS
    alone = Plane(vectors.vocab, GROUPS)
    alone.move(vectors.center)
    np.testing.assert_array_equal(points(map_), np.frombuffer(alone.points, np.float32))
    assert f"shows {alone.explained.sum():.0%} of the variance" in map_._below.value


def test_state_can_be_given_at_the_start(vectors):
    map_ = WordMap(vectors, TEXT, table="sum", focus="oil", neighbors=2)
    assert controls(map_)[2].value == map_.neighbors == 2
    assert map_.plane.answer["near"] == [n.word for n in vectors.similar("oil", 2, "sum")]


def test_controls_and_state_follow_each_other(map_):
    text, _, near = controls(map_)
    map_.plane.focus = "july"
    near.value = 3
    assert map_.neighbors == 3 and len(map_.plane.answer["near"]) == 3
    map_.neighbors = 1
    assert near.value == 1
    map_.words = "x1 x2 x3 x4"
    assert text.value == "x1 x2 x3 x4"
    assert map_.plane.groups == {"x1": ["x1", "x2", "x3", "x4"]}
    assert map_.plane.focus == "july"  # a dot can be joined, too


def test_another_table_moves_the_words(map_):
    before = points(map_).copy()
    map_.table = "sum"
    assert not np.array_equal(points(map_), before, equal_nan=True)


def test_unknown_words_are_named_with_suggestions_and_the_rest_is_drawn(map_):
    map_.words = "june jully x1 x2 <b>"
    assert "jully (near: july" in map_._below.value
    assert "&lt;b&gt;" in map_._below.value and "<b>" not in map_._below.value
    assert map_.plane.groups == {"june": ["june", "x1", "x2"]}
    map_.words = "june july x1"
    assert "Not drawn" not in map_._below.value


def test_too_few_words_are_said_and_the_last_map_stays(map_):
    map_.words = "june jully"
    assert "needs 3 words or more, but it has 1" in map_._fault.value
    assert "jully (near: july" in map_._below.value
    assert map_.plane.groups == GROUPS
    map_.words = TEXT
    assert map_._fault.value == ""


def test_draw_shows_all_words_again_however_far_the_reader_has_zoomed(map_, monkeypatch):
    sent = []
    monkeypatch.setattr(map_.plane, "send", sent.append)
    controls(map_)[1].click()
    assert sent == ["show all"]
    map_.words = "x1 x2 x3"
    assert sent == ["show all"] * 2


CASED = ["<unk>", "Apple", "apple", "Berlin", "yen"] + [f"x{i}" for i in range(20)]


def test_vectors_that_tell_upper_case_are_asked_for_the_words_as_they_are_typed():
    map_ = WordMap(toy.vectors(CASED), "Fruit: Apple apple; Berlin Yen YEN BERLIN")
    assert map_.plane.groups == {"Fruit": ["Apple", "apple"], "Berlin": ["Berlin", "yen"]}
    assert "have no vector: BERLIN" in map_._below.value
