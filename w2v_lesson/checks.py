"""Feedback on exercises, in words: what is right, and what went wrong where it is not."""

import copy
import math
from typing import Any, NamedTuple

from w2v_lesson.exercises import EXERCISES

NOT_YET = "○ Not attempted yet: put your answer in place of the three dots."


class Feedback(NamedTuple):
    """What a check says.

    solved : True, False, or None if there was no answer yet
    text : for the reader
    """

    solved: bool | None
    text: str

    def __repr__(self):
        return self.text


_results = {}


def check(name, answer, array=list):
    """Compare an answer with what is right and with what people often get wrong.

    name : of the exercise, a key of `exercises.EXERCISES`
    answer : a value, or a function that is tried on several inputs
    array : makes the arrays that the function is given from nested lists

    Returns `Feedback`, and keeps it for `progress`. Raises KeyError for an unknown name.
    """
    if name not in EXERCISES:
        raise KeyError(f"There is no exercise {name!r}; there are {', '.join(EXERCISES)}.")
    feedback = _judge(EXERCISES[name], answer, array)
    _results[name] = feedback.solved
    return feedback


def progress(chapter):
    """Say how many exercises of a chapter ("01") are solved."""
    names = [name for name, each in EXERCISES.items() if each.chapter == chapter]
    solved = [name for name in names if _results.get(name)]
    line = f"Chapter {chapter}: {len(solved)} of {len(names)} exercises solved."
    rest = [name for name in names if name not in solved]
    return line + (f" Still to do: {', '.join(rest)}." if rest else " Well done!")


def _judge(exercise, answer, array):
    if answer is ... or answer is None:
        return Feedback(None, NOT_YET)
    if exercise.inputs is None:
        return _judge_value(exercise, answer)
    if not callable(answer):
        return Feedback(False, "✗ This exercise asks for a function; pass it by its name.")
    return _judge_function(exercise, answer, array)


def _judge_value(exercise, answer):
    if same(answer, exercise.right):
        return Feedback(True, f"✓ Right. {exercise.praise}")
    for text, wrong in exercise.mistakes.items():
        if same(answer, wrong):
            return Feedback(False, f"✗ Not yet. {text}")
    return Feedback(False, f"✗ Not yet. {exercise.hint}")


def _judge_function(exercise, function, array):
    theirs = []
    for inputs in exercise.inputs:
        try:
            # A copy, which the answer may spoil.
            given = [_as_array(x, array) for x in copy.deepcopy(inputs)]
            theirs.append(_plain(function(*given)))
        except Exception as error:
            theirs.append(_Raised(error))
    if all(given is None or given is ... for given in theirs):
        return Feedback(None, NOT_YET)
    rights = _all_of(exercise.right, exercise.inputs)
    if all(map(same, theirs, rights)):
        return Feedback(True, f"✓ Right. {exercise.praise}")
    for text, wrong in exercise.mistakes.items():
        if all(map(same, theirs, _all_of(wrong, exercise.inputs))):
            return Feedback(False, f"✗ Not yet. {text}")
    return Feedback(False, _first_difference(exercise, theirs, rights))


def _all_of(function, inputs):
    return [_result_of(function, each) for each in inputs]


def _result_of(function, inputs):
    try:
        return function(*inputs)
    except Exception as error:
        return _Raised(error)


def _first_difference(exercise, theirs, rights):
    for inputs, given, right in zip(exercise.inputs, theirs, rights, strict=True):
        if not same(given, right):
            asked = ", ".join(map(_short, inputs))
            return (
                f"✗ Not yet. For ({asked}) yours gives {_short(given)}, and "
                f"{_short(right)} is right. {exercise.hint}"
            )
    raise AssertionError("there is no difference")


class _Raised:
    """An error in place of a result; one is as good as another of its kind."""

    def __init__(self, error):
        self.error = error

    def __eq__(self, other):
        return isinstance(other, _Raised) and type(other.error) is type(self.error)

    def __repr__(self):
        return f"the error {type(self.error).__name__}: {self.error}"


def same(one, other):
    """Whether two answers are equal, numbers up to four digits, of whatever type."""
    one, other = _plain(one), _plain(other)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if _is_number(one) and _is_number(other):
        return math.isclose(one, other, rel_tol=1e-4, abs_tol=1e-6)
    return one == other


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _plain(value: Any):
    """Turn an array of any library into nested lists, one number into a float."""
    value = value.tolist() if hasattr(value, "tolist") else value
    while isinstance(value, list) and len(value) == 1 and _is_number(value[0]):
        value = value[0]
    return value


def _as_array(value, array):
    return array(value) if isinstance(value, list) else value


def _short(value):
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_short, value))}]"
    return repr(value)
