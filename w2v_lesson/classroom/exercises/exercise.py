"""The parts of an exercise."""

from typing import Any, NamedTuple


class Mistake(NamedTuple):
    """A wrong answer that people often give.

    Parameters
    ----------
    answer : object
        A value or a function, like the right answer.
    text : str
        Feedback for this answer.
    """

    answer: Any
    text: str


class Exercise(NamedTuple):
    """An exercise whose answer is a value or a function.

    Parameters
    ----------
    right : object
        The value, or a function that returns it. It is a set if the order does not matter.
    mistakes : list of Mistake
        The first one that matches is used.
    hint : str
        Feedback for any other wrong answer.
    praise : str
        Feedback for the right answer: what it shows.
    inputs : list of tuple, optional
        For a function, the arguments of each trial. Arrays are written as nested lists.
    """

    right: Any
    mistakes: list
    hint: str
    praise: str
    inputs: list | None = None
