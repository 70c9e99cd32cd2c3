"""The window over a sentence, chapter 01, with its noise words."""

from functools import cache

from live import Figure
from w2v_lesson import Vocab, read_ptb
from w2v_lesson.widgets.journey import DROPPED, SENTENCE
from w2v_lesson.widgets.text import WindowDraws

# One draw of all nine centers takes 1.6 kB of the page.
NUM_DRAWS = 20
NOTE = (
    f"This page holds the first {NUM_DRAWS} draws of the notebook. After the last of them, it "
    "shows the first one again."
)


def window():
    """Make the figure of `w2v_lesson.widgets.text.WindowDraws` that the chapter shows.

    Returns
    -------
    Figure
    """
    return Figure("window", _data, shared=("table.js",))


@cache  # the chapter and the route of 50 minutes have the same
def _data():
    vocab = Vocab(read_ptb("train"), min_freq=10)
    view = WindowDraws([word for word in SENTENCE.split() if word not in DROPPED], vocab)
    centers = range(len(view.words))
    return {
        "words": view.words,
        "draws": [
            [_drawn(view, vocab, center, seed) for center in centers]
            for seed in range(NUM_DRAWS)
        ],
        "numNoiseWords": view.drawn.noise_words.shape[1],
        "note": NOTE,
    }


def _drawn(view, vocab, center, seed):
    view.center, view.seed = center, seed
    size, contexts, noise_words = view.drawn
    noise = [" ".join(vocab.to_tokens(row)) for row in noise_words]
    return {"size": size, "contexts": contexts, "noise": noise}
