"""Where the live figures of the site are."""

from live.explorer import explorer
from live.film import film

FRONT = "index"
FASTER = (
    "This is a training by the fast program of chapter 09. There, centers share their noise "
    "words, so the losses differ a little from those below."
)
# By page and by what the notebook shows in this place. On the front page, the second part is
# the name of its place in the template.
PLACES = {
    (FRONT, "explorer"): explorer("chip", 10),
    (FRONT, "film"): film(),
    ("00_meet_word_vectors", "The explorer of similar words"): explorer("chip", 10),
    ("05_train_and_watch", "The training panel"): film(FASTER),
    ("06_ask_the_vectors", "The explorer of similar words"): explorer(
        "president", 8, ("center", "context")
    ),
}
