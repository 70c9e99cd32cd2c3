"""Feedback on exercises, in words: what is right, and what went wrong where it is not."""

import copy
import math
from collections.abc import Iterator, KeysView, ValuesView
from typing import Any, NamedTuple

from w2v_lesson.classroom.exercises import CHAPTERS, EXERCISES

NOT_YET = "○ Not attempted yet: put your answer in place of the three dots."
NO_RETURN = "✗ Not yet. The function gives nothing back: does it end in `return …`?"
# By how much a number may be off: a function's by its arithmetic, one worked out by hand
# also by its rounding.
BY_ARITHMETIC, BY_HAND = 1e-4, 5e-3


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
    array : makes the arrays that the function is given from nested lists, say
        `numpy.array` or MXNet's `np.array`

    Returns `Feedback`, and keeps it for `progress`. Raises KeyError for an unknown name.
    """
    if name not in EXERCISES:
        raise KeyError(f"There is no exercise {name!r}; there are {', '.join(EXERCISES)}.")
    feedback = _judge(EXERCISES[name], answer, array)
    _results[name] = feedback.solved
    return feedback


class Line(str):
    """Words that show without quotes at the end of a cell."""

    def __repr__(self):
        return str(self)


def progress(chapter):
    """Say how many exercises of a chapter ("01") are solved, and which are left.

    Raises KeyError for a chapter without exercises.
    """
    if chapter not in CHAPTERS:
        raise KeyError(f"No exercises in {chapter!r}; chapters are {', '.join(CHAPTERS)}.")
    names = list(CHAPTERS[chapter])
    rest = [name for name in names if not _results.get(name)]
    line = f"Chapter {chapter}: {len(names) - len(rest)} of {len(names)} exercises solved."
    return Line(line + (f" Still to do: {', '.join(rest)}." if rest else " Well done!"))


def _judge(exercise, answer, array):
    if answer is ... or answer is None:
        return Feedback(None, NOT_YET)
    if exercise.inputs is None:
        return _judge_value(exercise, answer)
    if not callable(answer):
        return Feedback(False, "✗ This exercise asks for a function; pass it by its name.")
    return _judge_function(exercise, answer, array)


def _judge_value(exercise, answer):
    if callable(answer):
        return Feedback(False, "✗ This exercise asks for a value, not for a function.")
    answer = _plain(answer)  # at once: what yields can be read only once
    tolerance = BY_HAND if isinstance(exercise.right, float) else BY_ARITHMETIC
    if same(answer, exercise.right, tolerance):
        return Feedback(True, f"✓ Right. {exercise.praise}")
    for text, wrong in exercise.mistakes.items():
        if same(answer, wrong, tolerance):
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
        return Feedback(None, NOT_YET) if _is_stub(function) else Feedback(False, NO_RETURN)
    rights = _all_of(exercise.right, exercise.inputs)
    if all(map(same, theirs, rights)):
        return Feedback(True, f"✓ Right. {exercise.praise}")
    for text, wrong in exercise.mistakes.items():
        if all(map(same, theirs, _all_of(wrong, exercise.inputs))):
            return Feedback(False, f"✗ Not yet. {text}")
    return Feedback(False, _first_difference(exercise, theirs, rights))


def _is_stub(function):
    """Whether a function has no more in it than three dots."""
    code = getattr(function, "__code__", None)
    return code is None or len(code.co_code) <= len((lambda: ...).__code__.co_code)


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


def same(one, other, tolerance=BY_ARITHMETIC):
    """Whether two answers are equal, of whatever type, numbers up to a relative error.

    If one of them is a set, the order of the other does not matter.
    """
    one, other = _plain(one), _plain(other)
    if isinstance(one, set) or isinstance(other, set):
        return _as_set(one) == _as_set(other)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(same(*pair, tolerance) for pair in pairs)
    if _is_number(one) and _is_number(other):
        return math.isclose(one, other, rel_tol=tolerance, abs_tol=1e-6)
    return one == other


def _as_set(value):
    """What is in a list or set, or one thing as a set; None if anything is there twice."""
    items = value if isinstance(value, (list, tuple, set)) else [value]
    try:
        found = set(items)
    except TypeError:  # lists in a list
        return None
    return found if len(found) == len(items) else None


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _plain(value: Any):
    """Turn arrays of any library into nested lists, one number into a float."""
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, str):
        return value.strip().lower()
    if isinstance(value, (set, frozenset)):
        return {_plain(each) for each in value}
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    if isinstance(value, (list, Iterator, range, KeysView, ValuesView)):
        value = [_plain(each) for each in value]
    while isinstance(value, list) and len(value) == 1 and _is_number(value[0]):
        value = value[0]
    return value


def _as_array(value, array):
    if isinstance(value, dict):
        return {key: _as_array(each, array) for key, each in value.items()}
    return array(value) if isinstance(value, list) else value


def _short(value):
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, set):
        value = sorted(value, key=str)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_short, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {_short(each)}' for key, each in value.items())}}}"
    return repr(value)
