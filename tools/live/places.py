"""Where the live figures of the site are."""

from live.explorer import explorer
from live.film import film

FRONT = "index"
# By page and by what the notebook shows in this place. On the front page, the second part is
# the name of its place in the template.
PLACES = {
    (FRONT, "explorer"): explorer("chip", 10),
    (FRONT, "film"): film(),
    ("00_meet_word_vectors", "The explorer of similar words"): explorer("chip", 10),
    ("05_train_and_watch", "The training panel"): film(),
    ("06_ask_the_vectors", "The explorer of similar words"): explorer(
        "president", 8, ("center", "context")
    ),
}
