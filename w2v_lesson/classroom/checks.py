"""Give feedback on exercises: say that an answer is right, or what went wrong.

Every chapter calls `check` below its exercises and `progress` at the end.
"""

import copy
import math
import numbers
import re
from collections.abc import Iterator, KeysView, ValuesView
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from w2v_lesson.classroom.exercises import CHAPTERS, EXERCISES
from w2v_lesson.classroom.limit import OutOfTimeError, time_limit

NOT_YET = "○ Not attempted yet: put your answer in place of the three dots."
IN_QUOTES = "Your answer is text. Leave out the quotes, so that it is a number."
NO_RETURN = "✗ Not yet. The function returns nothing. Does it end in `return …`?"
# Relative errors. What someone worked out by hand is also rounded.
ARITHMETIC_TOLERANCE, BY_HAND_TOLERANCE = 1e-4, 5e-3
KINDS = {
    bool: "True or False",
    numbers.Real: "a number",
    str: "text",
    (list, tuple, frozenset): "a list",
    dict: "a dictionary",
}
MAX_SHOWN, MAX_ITEMS = 200, 40  # characters and elements of one value in the feedback
MAX_LENGTH = 1_000_000  # elements of an answer, which may be an endless iterator
MAX_SECONDS = 10  # for all trials of a function together
# Never by color alone: the text begins with a sign, and says the same in words.
COLORS = {True: "#009E73", False: "#D55E00", None: "#767676"}
BOX = Markup(
    '<div class="w2v-feedback" role="status" style="border-left:4px solid {0};'
    "padding:4px 12px;max-width:48em;font-family:var(--jp-ui-font-family, sans-serif);"
    'line-height:1.5"><span style="color:{0};font-weight:bold" aria-hidden="true">{1}</span>'
    " <b>{2}</b>{3}</div>"
)


class Feedback(NamedTuple):
    """What `check` says about an answer.

    Parameters
    ----------
    solved : bool or None
        None if there is no answer yet.
    text : str
        What the reader sees.
    """

    solved: bool | None
    text: str

    def __repr__(self):
        return self.text

    def _repr_html_(self):
        sign, text = self.text.split(" ", 1)
        first, rest = re.fullmatch(r"(.*?[.:](?= |$))(.*)", text, re.DOTALL).groups()
        return BOX.format(COLORS[self.solved], sign, _with_code(first), _with_code(rest))


def _with_code(text):
    """Escape a text, and show what stands between backticks as code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))


_results = {}


def check(name, answer, array=list):
    """Compare an answer with the right one and with common mistakes.

    The result is kept for `progress`. Every answer gets feedback, even one that raises an
    error or never ends.

    Parameters
    ----------
    name : str
        Name of the exercise, a key of `exercises.EXERCISES`.
    answer : object
        A value, or a function that is tried on several inputs.
    array : callable, optional
        Turns nested lists into the arrays that the function is given, for example
        `numpy.array` or MXNet's `np.array`.

    Returns
    -------
    Feedback
        A notebook shows its text.

    Raises
    ------
    KeyError
        If there is no exercise with this name.
    """
    if not isinstance(name, str) or name not in EXERCISES:
        raise KeyError(
            f"There is no exercise {name!r}. The exercises are: {', '.join(EXERCISES)}."
        )
    feedback = _judge_in_time(EXERCISES[name], answer, array)
    _results[name] = feedback.solved
    return feedback


def _judge_in_time(exercise, answer, array):
    try:
        with time_limit(MAX_SECONDS):
            return _judge(exercise, answer, array)
    except OutOfTimeError:
        why = f"Your answer is not complete after {MAX_SECONDS} s. Is there a loop that never ends?"
    except _TooLongError:
        why = f"Your answer has more than {MAX_LENGTH:,} elements, or never ends."
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # reading or printing the answer raised it
        why = f"Reading your answer raised {type(error).__name__}."
    return Feedback(False, f"✗ Not yet. {why} {exercise.hint}")


class Line(str):
    """Text that a notebook shows without quotes at the end of a cell."""

    def __repr__(self):
        return str(self)


def progress(chapter):
    """Say how many exercises of a chapter are solved, and which are left.

    Parameters
    ----------
    chapter : str
        Number of the chapter, such as "01".

    Returns
    -------
    Line
        One line of text.

    Raises
    ------
    KeyError
        If the chapter has no exercises.
    """
    if not isinstance(chapter, str) or chapter not in CHAPTERS:
        raise KeyError(
            f"Chapter {chapter!r} has no exercises. Choose one of: {', '.join(CHAPTERS)}."
        )
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
        return Feedback(
            False,
            "✗ This exercise asks for a function. Pass its name, without parentheses.",
        )
    return _judge_function(exercise, answer, array)


def _judge_value(exercise, answer):
    if callable(answer):
        return Feedback(False, "✗ This exercise asks for a value, not a function.")
    note = _note_on_type(answer)
    is_several = hasattr(answer, "__len__") and not isinstance(answer, (str, dict))
    answer = _plain(answer)  # before it is compared: a generator can be read only once
    tolerance = (
        BY_HAND_TOLERANCE if isinstance(exercise.right, float) else ARITHMETIC_TOLERANCE
    )
    if _matches(answer, exercise.right, tolerance):
        return Feedback(True, f"✓ Right. {exercise.praise}{note}")
    for wrong, text in exercise.mistakes:
        if _matches(answer, wrong, tolerance):
            return Feedback(False, f"✗ Not yet. {text}{note}")
    if (
        _is_number(exercise.right)
        and isinstance(answer, str)
        and _is_number(_unquoted(answer))
    ):
        return Feedback(False, f"✗ Not yet. {IN_QUOTES}")
    given, asked = _kind(answer), _kind(_plain(exercise.right))
    if given != asked and not (is_several and asked == KINDS[numbers.Real]):
        note = f" (The right answer is {asked}, and yours is {given}.)"
    return Feedback(False, f"✗ Not yet. {exercise.hint}{note}")


def _kind(value):
    found = (name for kinds, name in KINDS.items() if isinstance(value, kinds))
    return next(found, f"of type {type(value).__name__}")


def _note_on_type(answer):
    if isinstance(answer, (Decimal, Fraction)):
        return (
            f" (Your answer is a {type(answer).__name__}. A plain number is enough here.)"
        )
    return ""


def _unquoted(value):
    """Turn text that is a number into that number, also inside lists."""
    if isinstance(value, (list, tuple)):
        return [_unquoted(each) for each in value]
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _judge_function(exercise, function, array):
    theirs = []
    for inputs in exercise.inputs:
        # The function gets a copy, because it may change its inputs.
        given = [_as_array(x, array) for x in copy.deepcopy(inputs)]
        theirs.append(_result_of(lambda *each: _plain(function(*each)), given))
    if all(given is None or given is ... for given in theirs):
        return Feedback(None, NOT_YET) if _is_stub(function) else Feedback(False, NO_RETURN)
    rights = _all_of(exercise.right, exercise.inputs)
    if all(map(_matches, theirs, rights)):
        return Feedback(True, f"✓ Right. {exercise.praise}")
    for wrong, text in exercise.mistakes:
        if all(map(_matches, theirs, _all_of(wrong, exercise.inputs))):
            return Feedback(False, f"✗ Not yet. {text}")
    if all(map(_matches, map(_unquoted, theirs), rights)):
        return Feedback(False, f"✗ Not yet. {IN_QUOTES}")
    return Feedback(False, _first_difference(exercise, theirs, rights))


def _is_stub(function):
    """Tell whether a function consists of nothing but three dots."""
    code = getattr(function, "__code__", None)
    return code is None or len(code.co_code) <= len((lambda: ...).__code__.co_code)


def _all_of(function, inputs):
    return [_result_of(function, each) for each in inputs]


def _result_of(function, inputs):
    try:
        return function(*inputs)
    except (KeyboardInterrupt, OutOfTimeError, _TooLongError):
        raise
    except BaseException as error:  # SystemExit, for example
        return _Raised(error)


def _first_difference(exercise, theirs, rights):
    for inputs, given, right in zip(exercise.inputs, theirs, rights, strict=True):
        if not _matches(given, right):
            asked = _cut(", ".join(map(_short, inputs)))
            if isinstance(given, _Raised):
                return (
                    f"✗ Not yet. Your function raises {_cut(given.text)}. It was given "
                    f"({asked}), and the right answer is {_short(right)}. {exercise.hint}"
                )
            given, right = _told_apart(given, right)
            return (
                f"✗ Not yet. For ({asked}), your function gives {given}, "
                f"but the right answer is {right}. {exercise.hint}"
            )
    raise AssertionError("there is no difference")


class _Raised:
    """An error in place of a result, equal to any other error of the same type."""

    def __init__(self, error):
        self.error = error

    def __eq__(self, other):
        return isinstance(other, _Raised) and type(other.error) is type(self.error)

    def __repr__(self):
        return f"the error {self.text}"

    @property
    def text(self):
        """Name and message, without a period at the end."""
        return f"{type(self.error).__name__}: {str(self.error).rstrip('.')}"


def same(one, other, tolerance=ARITHMETIC_TOLERANCE):
    """Tell whether two answers are equal, whatever their types.

    If one of them is a set, the order of the other does not matter.

    Parameters
    ----------
    one, other : object
        Numbers, words, sequences, sets or arrays of any library.
    tolerance : float, optional
        Largest relative error allowed between numbers.

    Returns
    -------
    bool
        Also False if the two cannot be compared.
    """
    try:
        return _matches(_plain(one), other, tolerance)
    except Exception:  # whatever an object of unknown type may raise
        return False


def _matches(plain, right, tolerance=ARITHMETIC_TOLERANCE):
    """Do what `same` does, for an answer that `_plain` has already turned into lists."""
    try:
        return _same_plain(plain, _plain(right), tolerance)
    except Exception:  # `==` may raise, or give an array or pandas' NA
        return False


def _same_plain(one, other, tolerance):
    if isinstance(one, frozenset) or isinstance(other, frozenset):
        return _as_set(one) == _as_set(other)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(_same_plain(*p, tolerance) for p in pairs)
    if _is_number(one) and _is_number(other):
        return one == other or math.isclose(one, other, rel_tol=tolerance, abs_tol=1e-6)
    return bool(one == other)


def _as_set(value):
    """Make a set of a list or of a single thing; None if something occurs twice."""
    items = value if isinstance(value, (list, tuple, frozenset)) else [value]
    try:
        found = frozenset(items)
    except TypeError:  # a list of lists
        return None
    return found if len(found) == len(items) else None


def _is_number(value):
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


class _TooLongError(ValueError):
    """An answer has too many elements to compare."""


def _plain(value: Any):
    """Turn arrays of any library into nested lists, and an array of one number into it."""
    if type(value) in (int, float, bool):  # most often
        return value
    size = getattr(value, "size", 0)
    if isinstance(size, int) and size > MAX_LENGTH:
        raise _TooLongError
    value = value.to_numpy() if hasattr(value, "to_numpy") else value  # pandas
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, str):
        return value.strip().lower()
    if isinstance(value, (set, frozenset)):
        return frozenset(map(_plain, value))
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    if isinstance(value, (list, Iterator, range, KeysView, ValuesView)):
        value = list(islice(value, MAX_LENGTH + 1))
        if len(value) > MAX_LENGTH:
            raise _TooLongError
        value = [_plain(each) for each in value]
    if isinstance(value, Decimal):
        value = float(value)
    while isinstance(value, list) and len(value) == 1 and _is_number(value[0]):
        value = value[0]
    return value


def _as_array(value, array):
    if isinstance(value, dict):
        return {key: _as_array(each, array) for key, each in value.items()}
    return array(value) if isinstance(value, list) else value


def _told_apart(given, right):
    """Show two values with as many digits as it takes to see the difference."""
    if _short(given) != _short(right) or not isinstance(given, (int, float)):
        return _short(given), _short(right)
    return f"{given:.10g}", f"{right:.10g}"


def _short(value):
    return _cut(_shown(value))


def _cut(text):
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]} …"


def _shown(value):
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, int) and value.bit_length() > MAX_SHOWN:
        return f"a whole number of {value.bit_length():,} bits"  # Python refuses long ones
    if isinstance(value, str):
        return repr(value[:MAX_SHOWN])
    if isinstance(value, (set, frozenset)):
        value = sorted(value, key=str)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_first_of(map(_shown, value)))}]"
    if isinstance(value, dict):
        pairs = (f"{key!r}: {_shown(each)}" for key, each in value.items())
        return f"{{{', '.join(_first_of(pairs))}}}"
    return repr(value)


def _first_of(texts):
    first = list(islice(texts, MAX_ITEMS))
    return first if next(texts, None) is None else [*first, "…"]
