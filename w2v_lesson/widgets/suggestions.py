"""Experiments to begin with in the laboratory, and what to watch in each. Chapter 09.

Each was tried with two seeds before it was written down.
"""

from typing import NamedTuple

from w2v_lesson.settings import Settings


class Suggestion(NamedTuple):
    """An experiment to try.

    Parameters
    ----------
    title : str
        For its button.
    settings : Settings
    watch : str
        What to watch.
    """

    title: str
    settings: Settings
    watch: str


SUGGESTIONS = [
    Suggestion(
        "Shrink the window",
        Settings(max_window_size=2),
        "The window goes from 5 words to 2. Which neighbors change? Look for words that can "
        "take each other's place, such as one month for another.",
    ),
    Suggestion(
        "Ten numbers only",
        Settings(embed_size=10),
        "A vector gets 10 numbers instead of 100. Is that enough to get far below the dotted "
        "line? And what happens to the neighbors of july?",
    ),
    Suggestion(
        "Learn too fast",
        Settings(lr=0.05),
        "The learning rate is 25 times as large. How long does the loss fall, and what "
        "happens then?",
    ),
    Suggestion(
        "Learn too slowly",
        Settings(lr=0.0002),
        "The learning rate is a tenth of the usual one. How far below the dotted line does "
        "the loss get, and do the neighbors make sense by then?",
    ),
    Suggestion(
        "Train four times as long",
        Settings(num_epochs=20),
        "The training loss (the line) falls to the end. When does the held-out loss (the "
        "marks) begin to rise?",
    ),
]
