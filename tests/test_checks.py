"""Feedback: right answers of any style pass, each known mistake gets its own words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v_lesson import checks
from w2v_lesson.checks import NOT_YET, check, progress, same
from w2v_lesson.exercises import EXERCISES

VALUES = [name for name, each in EXERCISES.items() if each.inputs is None]
FUNCTIONS = [name for name, each in EXERCISES.items() if each.inputs is not None]
MISTAKES = [(name, text) for name, each in EXERCISES.items() for text in each.mistakes]


@pytest.fixture(autouse=True)
def nothing_solved(monkeypatch):
    monkeypatch.setattr(checks, "_results", {})


# The exercises


@pytest.mark.parametrize("name", EXERCISES)
def test_the_right_answer_passes(name):
    feedback = check(name, EXERCISES[name].right)
    assert feedback.solved is True
    assert repr(feedback) == f"✓ Right. {EXERCISES[name].praise}"


@pytest.mark.parametrize("name, text", MISTAKES)
def test_each_known_mistake_gets_its_own_words(name, text):
    feedback = check(name, EXERCISES[name].mistakes[text])
    assert feedback.solved is False
    assert feedback.text == f"✗ Not yet. {text}"


@pytest.mark.parametrize("name", EXERCISES)
def test_what_is_left_alone_is_said_to_be_so_kindly(name):
    stub = lambda *_: None  # noqa: E731
    answers = [...] if name in VALUES else [..., stub, lambda *_: ...]
    for answer in answers:
        feedback = check(name, answer)
        assert feedback.solved is None
        assert feedback.text == NOT_YET


@pytest.mark.parametrize("name", EXERCISES)
def test_another_wrong_answer_gets_a_hint(name):
    wrong = "nonsense" if name in VALUES else lambda *_: "nonsense"
    feedback = check(name, wrong)
    assert feedback.solved is False
    assert EXERCISES[name].hint in feedback.text


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_that_stops_is_told_why(name):
    def broken(*_):
        raise OSError("this <way>")

    text = check(name, broken).text
    assert "yours gives the error OSError: this <way>" in text


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_value_in_place_of_a_function_is_told(name):
    assert "asks for a function" in check(name, 3).text


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_right_answer_may_use_arrays_of_numpy(name):
    """Of lists made arrays, and answered by an array or a number of NumPy's."""
    right = EXERCISES[name].right

    def with_arrays(*inputs):
        lists = [x.tolist() if isinstance(x, np.ndarray) else x for x in inputs]
        result = right(*lists)
        return result if isinstance(result, (str, type(None))) else np.array(result)

    assert check(name, with_arrays, array=np.array).solved


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_check_does_not_change_what_it_tries(name):
    def spoil(*inputs):
        for each in inputs:
            if isinstance(each, list):
                each.clear()
        return 0

    check(name, spoil)
    assert check(name, EXERCISES[name].right).solved


@pytest.mark.parametrize("name", EXERCISES)
def test_texts_are_sentences(name):
    each = EXERCISES[name]
    for text in [*each.mistakes, each.hint, each.praise]:
        assert text[0].isupper() or not text[0].isalpha() or text.startswith("t "), text
        assert text.endswith((".", "!", "?")), text


# The progress of a chapter


def test_progress_counts_what_is_solved_and_names_the_rest():
    name = "keep_probability"
    names = [n for n, each in EXERCISES.items() if each.chapter == "01"]
    assert progress("01").startswith(f"Chapter 01: 0 of {len(names)} exercises solved.")
    check(name, EXERCISES[name].right)
    assert f"1 of {len(names)}" in progress("01")
    assert name not in progress("01")
    check(name, lambda *_: 7)
    assert name in progress("01")
    for each in names:
        check(each, EXERCISES[each].right)
    assert progress("01").endswith("exercises solved. Well done!")


def test_an_unknown_exercise_names_those_that_are_there():
    with pytest.raises(KeyError, match="keep_probability"):
        check("kep_probability", 1)


# What counts as the same

numbers = st.floats(-1e6, 1e6, allow_nan=False)
nested = st.recursive(numbers, lambda inner: st.lists(inner, min_size=2, max_size=4))


@given(nested)
def test_lists_tuples_and_rounding_make_no_difference(value):
    def restyle(each):
        return tuple(map(restyle, each)) if isinstance(each, list) else each * (1 + 1e-6)

    assert same(value, restyle(value))


@given(numbers, st.floats(1e-3, 10))
def test_numbers_that_differ_are_different(value, step):
    assert not same(value, value + step * max(1, abs(value)))


@given(st.lists(numbers, min_size=2, max_size=9))
def test_arrays_are_the_same_as_lists_and_a_longer_one_is_not(values):
    assert same(np.array(values), values)
    assert not same(values, [*values, 0.0])


@pytest.mark.parametrize(
    "one, other, equal",
    [
        (np.float32(0.1), 0.1, True),
        (np.array([0.5]), 0.5, True),
        (True, 1, True),
        ("a", "a", True),
        ("1", 1, False),
        (None, 0, False),
        ([1, 2], 3, False),
        (float("nan"), 1.0, False),
    ],
)
def test_same(one, other, equal):
    assert same(one, other) is equal
