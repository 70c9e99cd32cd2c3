"""Where the live figures of the site are."""

from live.explorer import explorer
from live.film import film
from live.pair import pair
from live.steps import steps
from live.window import window

FRONT = "index"
FASTER = (
    "This training was recorded with the fast program of chapter 09, in which centers share "
    "noise words. So the losses differ a little from those below."
)
# By page and by what the notebook shows in this place. On the front page, the second part is
# the name of its place in the template.
PLACES = {
    (FRONT, "explorer"): explorer("chip", 10),
    (FRONT, "film"): film(),
    ("00_meet_word_vectors", "The explorer of similar words"): explorer("chip", 10),
    ("01_turn_text_into_questions", "The words of a sentence with their windows"): window(),
    ("04_mask_the_loss", "The figure above with its controls"): pair(),
    ("04_mask_the_loss", "One example, step by step, as in the figure above"): steps(),
    ("05_train_and_watch", "The training panel"): film(FASTER),
    ("06_ask_the_vectors", "The explorer of similar words"): explorer(
        "president", 8, ("center", "context")
    ),
    ("50_minutes", "The explorer of similar words"): explorer("chip", 10),
    ("50_minutes", "The training panel"): film(FASTER),
    ("50_minutes", "The words of a sentence with their windows"): window(),
    ("50_minutes", "The figure above with its controls"): pair(),
}
