"""Whatever the answer, `check` gives short feedback: it never raises and never hangs."""

import itertools
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from w2v_lesson.classroom import checks
from w2v_lesson.classroom.checks import check
from w2v_lesson.classroom.exercises import EXERCISES


class Strange:
    """An object that raises an error whatever is done with it."""

    def __getattr__(self, name):
        raise SystemExit(name)

    def __eq__(self, other):
        raise SystemExit("no comparison")

    def __repr__(self):
        raise RecursionError("no text")


CIRCULAR = []
CIRCULAR.append(CIRCULAR)
LEAVES = [None, 10**5000, -(10**400), math.nan, "0.5", "x" * 10**6, b"\0", 1j, pd.NA]
LEAVES += [Decimal("1.5"), Decimal("sNaN"), Fraction(1, 3), Strange(), Strange, CIRCULAR]
LEAVES += [np.zeros(200_000), np.broadcast_to(0.0, (10**12,)), range(10**12)]
LEAVES += [pd.DataFrame({"a": [1]}), pd.Series([pd.NA]), np.array([[None]], dtype=object)]
ANSWERS = st.recursive(
    st.integers(0, len(LEAVES) - 1).map(lambda place: LEAVES[place])
    | st.floats()
    | st.integers()
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner),
)
MAX_FEEDBACK = 1200  # several hundred characters for the longest hint, and the values


@given(st.sampled_from(sorted(EXERCISES)), ANSWERS)
@settings(max_examples=150)
def test_whatever_the_answer_there_is_short_feedback(name, answer):
    for given_answer in (answer, lambda *_: answer, lambda *_: iter([answer])):
        feedback = check(name, given_answer)
        assert feedback.solved in (None, True, False)
        assert len(feedback.text) <= MAX_FEEDBACK


@pytest.mark.parametrize("error", [SystemExit, GeneratorExit, MemoryError, RecursionError])
def test_whatever_a_function_raises_there_is_feedback(error):
    def broken(*_):
        raise error("x" * 10**5)

    feedback = check("words_left", broken)
    assert error.__name__ in feedback.text and len(feedback.text) <= MAX_FEEDBACK


@pytest.mark.parametrize(
    "endless", [itertools.count(), itertools.repeat("a"), iter(int, 1), range(10**15)]
)
def test_an_answer_without_end_is_told(endless):
    assert "never ends" in check("num_padding", endless).text
    assert "never ends" in check("words_left", lambda *_: endless).text


def test_a_loop_without_end_is_told(monkeypatch):
    monkeypatch.setattr(checks, "MAX_SECONDS", 0.5)

    def stuck(*_):
        while True:
            pass

    text = check("words_left", stuck).text
    assert "not complete after 0.5 s" in text and EXERCISES["words_left"].hint in text
    assert check("words_left", stuck).solved is False


def test_an_interrupt_by_the_reader_is_no_answer():
    def interrupted(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("words_left", interrupted)


def test_other_kinds_of_numbers_are_numbers():
    right = EXERCISES["loss_of_a_quarter"].right
    for kind in (Decimal, Fraction):
        feedback = check("loss_of_a_quarter", kind(right))
        assert feedback.solved and f"is a {kind.__name__}" in feedback.text
        feedback = check("loss_of_a_quarter", kind(99))
        assert feedback.solved is False and f"is a {kind.__name__}" in feedback.text


def test_nan_is_not_taken_for_a_number_in_quotes():
    assert "quotes" not in check("cosine_by_hand", float("nan")).text


def test_numbers_in_quotes_are_told():
    right = EXERCISES["loss_of_a_quarter"].right
    for number in (right, 99.0):
        feedback = check("loss_of_a_quarter", str(number))
        assert feedback.solved is False and "quotes" in feedback.text
    words_left = EXERCISES["words_left"].right
    assert "quotes" in check("words_left", lambda *each: str(words_left(*each))).text


@pytest.mark.parametrize("name", [None, 3, ["words_left"], {}, "no such"])
def test_what_is_no_name_of_an_exercise_or_chapter_is_told(name):
    with pytest.raises(KeyError, match="no exercise"):
        check(name, 1)
    with pytest.raises(KeyError, match="no exercises"):
        checks.progress(name)
