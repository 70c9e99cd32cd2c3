"""The map's widget without a browser, by its traits and controls."""

import numpy as np
import pytest
import toy

from w2v_lesson.figures import livemap
from w2v_lesson.vectors import WordVectors
from w2v_lesson.vocabulary import Vocab
from w2v_lesson.widgets import wordmap
from w2v_lesson.widgets.wordmap import WordMap

WORDS = ["<unk>", "june", "july", "oil", "gas", "<s>", "at&t"] + [
    f"x{i}" for i in range(20)
]
TEXT = "months: june july; oil gas at&t"


@pytest.fixture
def vectors():
    center, context = np.random.default_rng(0).normal(size=(2, len(WORDS), 8))
    return WordVectors(Vocab.from_counts(WORDS, range(len(WORDS), 0, -1)), center, context)


@pytest.fixture
def map_(vectors):
    return WordMap(vectors, TEXT)


def controls(map_):
    """Return the controls: the words, the button, around, neighbors, and zoom."""
    return [*map_.children[0].children, *map_.children[1].children]


def test_map_draws_the_groups_and_names_them(map_, vectors):
    assert map_.groups == {"months": ["june", "july"], "oil": ["oil", "gas", "at&t"]}
    words = ["june", "july", "oil", "gas", "at&t"]
    place = livemap.project(vectors, words, [], "center")
    assert map_._picture.value == livemap.draw(map_.groups, [], *place)[0]
    assert "months" in map_._below.value
    assert "5 of 5 words are in view" in map_._below.value


def test_state_can_be_given_at_the_start(vectors):
    map_ = WordMap(vectors, TEXT, table="sum", around="oil", neighbors=2, zoom=2.0)
    _, _, around, near, zoom = controls(map_)
    assert (around.value, near.value, zoom.value) == ("oil", 2, 2.0)
    nearest = vectors.similar("oil", 2, "sum")
    assert f"Joined to oil, nearest first: {nearest[0].word}" in map_._below.value


def test_controls_and_state_follow_each_other(map_):
    text, _, around, near, zoom = controls(map_)
    before = map_._picture.value
    around.value = "july"
    near.value, zoom.value = 3, 1.5
    assert (map_.around, map_.neighbors, map_.zoom) == ("july", 3, 1.5)
    assert map_._picture.value != before
    map_.around, map_.neighbors, map_.zoom = "", 0, 1.0
    assert (around.value, near.value, zoom.value) == ("", 0, 1)
    assert map_._picture.value == before
    map_.words = "x1 x2 x3 x4"
    assert text.value == "x1 x2 x3 x4"
    assert around.options == ("x1", "x2", "x3", "x4")


def test_neighbors_need_a_word_to_be_those_of(map_):
    near = controls(map_)[3]
    assert near.disabled
    map_.around = "june"
    assert not near.disabled


def test_a_neighbor_on_the_map_is_joined_and_not_drawn_twice(vectors):
    nearest = vectors.similar("oil", 1)[0].word
    map_ = WordMap(vectors, f"oil gas {nearest}", around="oil", neighbors=1)
    assert "3 of 3 words are in view" in map_._below.value
    assert map_._picture.value.count(f">{nearest}</text>") == 1


def test_the_chosen_word_stays_chosen_while_it_is_on_the_map(map_):
    map_.around = "oil"
    map_.words = "oil gas x1"
    assert map_.around == controls(map_)[2].value == "oil"
    map_.words = "gas x1 x2"
    assert (map_.around, controls(map_)[2].value) == ("", "")


def test_unknown_words_are_named_with_suggestions_and_the_rest_is_drawn(map_):
    map_.words = "june jully x1 x2 <b>"
    assert "jully (near: july" in map_._below.value
    assert "&lt;b&gt;" in map_._below.value and "<b>" not in map_._below.value
    assert map_.groups == {"june": ["june", "x1", "x2"]}
    map_.words = "june july x1"
    assert "Not drawn" not in map_._below.value


def test_too_few_words_are_said_and_the_last_map_stays(map_):
    before = map_._picture.value
    map_.words = "june jully"
    assert "needs 3 words or more, but it has 1" in map_._fault.value
    assert "jully (near: july" in map_._below.value
    assert map_._picture.value == before
    map_.words = TEXT
    assert map_._fault.value == ""


def test_a_word_that_is_not_on_the_map_cannot_be_its_middle(map_):
    map_.around = "<s>"
    assert "&#39;&lt;s&gt;&#39; is not on the map" in map_._fault.value
    map_.around = " Oil "
    assert map_._fault.value == ""


def test_zooming_past_all_words_says_what_to_do():
    said = wordmap._view_in_words(0, 3, "", [])
    assert "0 of 3 words are in view. Zoom out, or choose a word" in said


def test_the_button_draws_the_words_again(map_):
    map_._picture.value = ""
    controls(map_)[1].click()
    assert "<svg" in map_._picture.value


CASED = ["<unk>", "Apple", "apple", "Berlin", "yen"] + [f"x{i}" for i in range(20)]


def test_vectors_that_tell_upper_case_are_asked_for_the_words_as_they_are_typed():
    vectors = toy.vectors(CASED)
    map_ = WordMap(vectors, "Fruit: Apple apple; Berlin Yen YEN BERLIN")
    assert map_.groups == {"Fruit": ["Apple", "apple"], "Berlin": ["Berlin", "yen"]}
    assert "have no vector: BERLIN" in map_._below.value
    for typed, meant in (("Apple", "Apple"), ("apple", "apple"), ("YEN", "yen")):
        map_.around, map_.neighbors = typed, 1
        assert map_._fault.value == ""
        (nearest,) = vectors.similar(meant, 1)
        assert f"Joined to {meant}, nearest first: {nearest.word}" in map_._below.value
