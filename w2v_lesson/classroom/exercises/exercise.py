"""What an exercise is made of."""

from typing import Any, NamedTuple


class Exercise(NamedTuple):
    """An exercise whose answer is a value or a function.

    right : the value, or a function that gives it; a set where the order is free
    mistakes : dict of what to say to the wrong value or function that it belongs to
    hint : what to say to any other wrong answer
    praise : what the right answer shows
    inputs : for a function, the arguments of each trial; arrays as nested lists
    """

    right: Any
    mistakes: dict
    hint: str
    praise: str
    inputs: list | None = None
