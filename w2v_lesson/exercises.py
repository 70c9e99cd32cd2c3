"""The exercises of the chapters: what is right, and the mistakes people really make."""

import math
from typing import Any, NamedTuple


class Exercise(NamedTuple):
    """An exercise whose answer is a value or a function.

    chapter : "01"
    right : the value, or a function that gives it
    mistakes : dict of what to say to the wrong value or function that it belongs to
    hint : what to say to any other wrong answer
    praise : what the right answer shows
    inputs : for a function, the arguments of each trial; arrays as nested lists
    """

    chapter: str
    right: Any
    mistakes: dict
    hint: str
    praise: str
    inputs: list | None = None


def keep(count, total, threshold):
    return min(1.0, math.sqrt(threshold * total / count))


def window(length, center, size):
    first, last = max(0, center - size), min(length - 1, center + size)
    return [i for i in range(first, last + 1) if i != center]


EXERCISES = {
    "keep_probability": Exercise(
        "01",
        keep,
        {
            "The square root is missing: this falls too fast with the count.":
                lambda count, total, t: min(1.0, t * total / count),
            "A probability cannot be above 1: rare words need min(1, …).":
                lambda count, total, t: math.sqrt(t * total / count),
            "The fraction is upside down: frequent words must be kept less often.":
                lambda count, total, t: min(1.0, math.sqrt(count / total / t)),
            "This is the probability to be dropped, one minus the one asked for.":
                lambda count, total, t: 1 - keep(count, total, t),
            "t is compared with the share of the word, count / total, not with its count.":
                lambda count, total, t: min(1.0, math.sqrt(t / count)),
        },
        "Divide the count by the total first, then follow the formula.",
        "Frequent words are thinned out, rare ones stay.",
        [(1000, 100_000, 1e-4), (5, 100_000, 1e-4), (60_000, 1_000_000, 1e-4),
         (100, 100_000, 1e-3)],
    ),
}  # fmt: skip
