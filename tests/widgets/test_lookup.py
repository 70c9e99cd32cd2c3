"""The figures of chapter 03 without a browser, by their controls."""

import re

import numpy as np
import pytest

from w2v_lesson import figures
from w2v_lesson.widgets.lookup import read_indices, watch_lookup, watch_shapes

TABLE = np.random.default_rng(0).uniform(-0.07, 0.07, (20, 4))


def told(view):
    """Return the layer's text for people who can't see it, without the part before ":"."""
    return re.search(r'aria-label="([^"]*)"', view._layer.value)[1].split(": ")[1]


def cells(text):
    """Return the texts of a table's cells, in order."""
    return re.findall(r"<td>(.*?)</td>", text)


# Indices


@pytest.mark.parametrize(
    "text, indices",
    [("1 2 3", [1, 2, 3]), ("0,19", [0, 19]), (" 7 ,\t7 ", [7, 7]), ("007", [7])],
)
def test_indices_are_read_with_spaces_or_commas_between(text, indices):
    assert read_indices(text, 20) == indices


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "No index given. Type one or more, for example 1 2 3."),
        (" , ", "No index given"),
        ("1 20", "There is no row 20: the table has 20 rows, with the indices 0 to 19."),
        ("-1", "There is no row -1"),
        ("1 x", "'x' is not a word index. Type whole numbers from 0 to 19."),
        ("1.5", "'1.5' is not a word index"),
        ("1_0", "'1_0' is not a word index"),
        ("²", "'²' is not a word index"),
        ("-", "'-' is not a word index"),
        ("--1", "'--1' is not a word index"),
        ("1 " * 21, "You typed 21 indices, but there is room for only 20."),
    ],
)
def test_what_is_no_row_is_told_from_what_is(text, said):
    with pytest.raises(ValueError, match=f"^{re.escape(said)}"):
        read_indices(text, 20)


# The lookup


def test_the_lookup_begins_with_its_rows_and_follows_the_field():
    view = watch_lookup(TABLE)
    assert told(view) == "1, 2, 3."
    assert "3 indices, so the lookup returns an array of shape (3, 4)." in view._below.value
    view.controls["indices"].value = "19"
    assert told(view) == "19."
    assert "1 index, so the lookup returns an array of shape (1, 4)." in view._below.value


def test_a_press_on_a_row_adds_it():
    view = watch_lookup(TABLE, "5")
    rows = view.picture.children[2].children
    assert [rows[i].description for i in (0, 19)] == ["Look up row 0", "Look up row 19"]
    rows[7].click()
    rows[0].click()
    assert view.controls["indices"].value == "5 7 0"
    assert told(view) == "5, 7, 0."
    view.controls["indices"].value = "x"  # to which no row could be added
    rows[1].click()
    assert view.controls["indices"].value == "1"
    assert "not a word index" not in view._fault.value


def test_a_row_that_is_asked_for_twice_is_returned_twice():
    view = watch_lookup(TABLE, "5 0 5")
    assert told(view) == "5, 0, 5."
    assert view._layer.value.count("<polygon") == 3  # arrows
    assert "you get it twice" in view._below.value
    numbers = re.findall(r">(-?\d\.\d\d)</text>", view._layer.value)
    expected = [f"{x + 0:.2f}" for x in TABLE[[5, 0, 5]].round(2).ravel()]
    assert numbers == expected
    fills = re.findall(r'fill="(#\w+)" stroke="none"', view._layer.value)
    limit = np.abs(TABLE).max()
    assert fills == figures.weight_colors(TABLE[[5, 0, 5]].ravel(), limit)[0]


@pytest.mark.parametrize("text", ["", "20", "<b>x</b>"])
def test_bad_indices_are_told_escaped_and_the_last_rows_stay(text):
    view = watch_lookup(TABLE)
    view.controls["indices"].value = text
    assert 'role="alert"' in view._fault.value
    assert "<b>x" not in view._fault.value
    assert told(view) == "1, 2, 3."
    view.controls["indices"].value = "4"
    assert view._fault.value == ""


# The shapes


def test_the_shapes_follow_each_slider():
    view = watch_shapes()
    assert told(view) == (
        "(512, 1), (512, 36), v (512, 1, 100), u (512, 36, 100), (512, 1, 36)."
    )
    for name, value in {"batch": 2, "max_len": 3, "embed_size": 4}.items():
        view.controls[name].value = value
    assert told(view) == "(2, 1), (2, 3), v (2, 1, 4), u (2, 3, 4), (2, 1, 3)."
    assert cells(view._below.value) == ["2", "6", "8", "24", "6"]
    assert "<code>u</code> holds 52% of all these numbers" in view._below.value
    assert "<b>24</b> multiplications" in view._below.value


def test_large_numbers_are_grouped():
    assert "<b>1,843,200</b> multiplications" in watch_shapes()._below.value
