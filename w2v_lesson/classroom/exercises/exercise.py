"""What an exercise is made of."""

from typing import Any, NamedTuple


class Mistake(NamedTuple):
    """A wrong answer that people often give.

    Parameters
    ----------
    answer : object
        A value or a function, like the right answer.
    text : str
        What to say to it.
    """

    answer: Any
    text: str


class Exercise(NamedTuple):
    """An exercise whose answer is a value or a function.

    Parameters
    ----------
    right : object
        The value, or a function that gives it; a set where the order is free.
    mistakes : list of Mistake
        The first that fits is used.
    hint : str
        What to say to any other wrong answer.
    praise : str
        What the right answer shows.
    inputs : list of tuple, optional
        For a function, the arguments of each trial; arrays are nested lists.
    """

    right: Any
    mistakes: list
    hint: str
    praise: str
    inputs: list | None = None
