"""Chapters 00 and 06: the way from a sentence to word vectors, in seven moving pictures.

journey.js and its parts draw them, and journey.css has their look. What they show comes from
here.
"""

from pathlib import Path

import anywidget
import numpy as np
import traitlets

from w2v_lesson import by_hand, figures
from w2v_lesson.figures.drawings import ROLE_COLORS
from w2v_lesson.figures.style import PALETTE, bundle, themed
from w2v_lesson.vectors import unit_length
from w2v_lesson.widgets.style import script

# What chapter 01 draws for its sentence in epoch 0. Written down, as in chapters 02 and 03,
# because drawing it again takes seconds. The tests draw it and compare.
SENTENCE = "u.s. chip makers are facing continued slack demand following a traditionally slow summer"
DROPPED = {"u.s.", "makers", "slack", "a"}
CENTER, CONTEXTS = "chip", ["are", "facing"]
NOISE_WORDS = ["followed", "low", "corry", "currencies", "improve"]
NOISE_WORDS += ["mixte", "in", "white", "million", "competition"]
VOCAB_SIZE = 6_719
V_WORDS = ["china", "chinese", "chip", "chips", "chiron"]  # around chip in the vocabulary
U_WORDS = ["facility", "facing", "fact", "⋮", "followed"]

# As in chapter 04: a few large numbers instead of a hundred small ones, drawn from seed 0.
EMBED_SIZE, LARGEST, LR = 4, 0.8, 1.0
MEETING = ["ended", "since", "fiscal", "dogs", "software", "church"]
MEETING_SIZE, MEETING_LR, MEETING_STEPS = 8, 2.0, 40
ALT = (
    "Six panels. A sentence and its pairs with yes and no; a packed minibatch with its mask; "
    "two tables and a score; the answer to a pair, pushed toward its label; two words pushed "
    "in the direction of their contexts; words that share contexts close together."
)


class Journey(anywidget.AnyWidget):
    """Seven pictures that lead from a sentence to word vectors, step by step or by themselves.

    By keyboard: the arrow keys go back and forth, and Space starts and pauses.

    Parameters
    ----------
    seconds : float, default 8.0
        How long each picture stays while they change by themselves.

    Attributes
    ----------
    data : dict
        What the pictures show, as `journey_data` returns it.
    """

    _esm = script("journey_paint.js", "journey_pictures.js", "journey.js")
    _css = PALETTE + Path(__file__).with_suffix(".css").read_text("utf-8")
    data = traitlets.Dict().tag(sync=True)

    def __init__(self, seconds=8.0):
        super().__init__(data={**journey_data(), "seconds": seconds})

    def _repr_mimebundle_(self, **options):
        data, about = super()._repr_mimebundle_(**options)
        picture, alt = bundle(figures.journey(), ALT)
        return {**picture, **data}, {**about, **alt}

    def __repr__(self):
        return "From a sentence to word vectors in seven pictures; run this cell to use it."


def journey_data():
    """Compute all numbers and sentences of the journey, ready for JSON.

    Returns
    -------
    dict
        See how journey.js uses it.
    """
    followed = [CONTEXTS[-1], NOISE_WORDS[0]]
    roles = dict(zip([CENTER, *followed], ["center", "context", "noise"], strict=True))
    rows, pairs = _pairs(followed)
    meeting = _meeting()
    return {
        "sentence": [(word, word not in DROPPED) for word in SENTENCE.split()],
        "center": CENTER,
        "contexts": CONTEXTS,
        "noise": NOISE_WORDS,
        "followed": followed,
        "roles": roles,
        "colors": _colors(),
        "tables": {"v": V_WORDS, "u": U_WORDS},
        "words": f"{VOCAB_SIZE:,}",
        "rows": rows,
        "pairs": pairs,
        "meeting": meeting,
        "steps": _steps(pairs, meeting),
    }


def _colors():
    fills = {
        "center": ROLE_COLORS["center"],
        "context": ROLE_COLORS["context"],
        "noise": ROLE_COLORS["noise word"],
        "second": figures.PINK,
    }
    # Thin lines follow the theme; boxes have their own ink, which can be read in any.
    return {
        role: {"fill": c, "ink": figures.text_on(c), "line": themed(c)}
        for role, c in fills.items()
    }


def _pairs(followed):
    """Draw the rows of the two pairs that we follow; compute what the model makes of them."""
    rng = np.random.default_rng(0)
    v = rng.uniform(-LARGEST, LARGEST, EMBED_SIZE)
    U = rng.uniform(-LARGEST, LARGEST, (len(followed), EMBED_SIZE))
    pairs = []
    for word, u, label in zip(followed, U, (1, 0), strict=True):
        done = by_hand.step(v, u[None], np.array([label]), LR)
        pairs.append(
            {
                "word": word,
                "label": label,
                "v": v.tolist(),
                "u": u.tolist(),
                "score": done.dots[0],
                "answer": done.sigmoids[0],
                "answer_after": by_hand.sigmoid(done.U[0] @ done.v),
                "loss": done.loss,
                "path": _in_their_plane(v, u, done.v, done.U[0]),
            }
        )
    rows = dict(zip([CENTER, *followed], [v.tolist(), *U.tolist()], strict=True))
    return rows, pairs


def _in_their_plane(v, u, new_v, new_u):
    """Place two vectors before and after a step in the plane that holds them all.

    Up is the direction halfway between the two before the step.
    """
    up = unit_length(unit_length(v[None]) + unit_length(u[None]))[0]
    right = u - (u @ up) * up
    plane = np.array([right / np.linalg.norm(right), up]).T
    return {
        "v": (np.array([v, new_v]) @ plane).tolist(),
        "u": (np.array([u, new_u]) @ plane).tolist(),
    }


def _meeting():
    """Move july and june as chapter 04 does, in turns, by the same contexts and noise words."""
    rng = np.random.default_rng(0)
    sizes = (MEETING_SIZE, MEETING_SIZE, (len(MEETING), MEETING_SIZE))
    july, june, U = (rng.uniform(-LARGEST, LARGEST, size) for size in sizes)
    labels, path = np.array([1, 1, 1, 0, 0, 0]), [np.vstack([july, june, U])]
    for _ in range(MEETING_STEPS):
        done = by_hand.step(july, U, labels, MEETING_LR)
        july, U = done.v, done.U
        done = by_hand.step(june, U, labels, MEETING_LR)
        june, U = done.v, done.U
        path.append(np.vstack([july, june, U]))
    path = np.array(path)
    first, second = (unit_length(path[:, i]) for i in (0, 1))
    places = path @ _plane(path)
    return {
        "words": ["july", "june", *MEETING],
        "roles": ["center", "second", *(["context"] * 3), *(["noise"] * 3)],
        "path": places.round(4).tolist(),
        "cosines": np.sum(first * second, axis=1).tolist(),
        "scale": 100 / np.abs(places).max(),
    }


def _plane(path):
    """Choose the plane that shows the two centers best, turned so that they end up on top."""
    centers = np.vstack([path[0, :2], path[-1, :2]])
    _, _, directions = np.linalg.svd(unit_length(centers), full_matrices=False)
    plane = directions[:2].T
    x, y = path[-1, :2].mean(axis=0) @ plane
    return plane @ np.array([[y, x], [-x, y]]) / np.hypot(x, y)


def _steps(pairs, meeting):
    """Say what each picture shows: its title, its text, and a text for who cannot see it."""
    real, made_up = pairs
    first, last = meeting["cosines"][0], meeting["cosines"][-1]
    return [
        {
            "title": "A sentence",
            "text": "We begin with a sentence from a newspaper of 1989. The words that are struck "
            "through are left out: rare ones, and some frequent ones, chosen by chance.",
            "alt": f"The sentence: {SENTENCE}. Left out: u.s., makers, slack, a.",
        },
        {
            "title": "A window",
            "text": "Every word takes its turn as the center, with a window around it. Here "
            "the center is *chip*, and the other words in the window are its contexts.",
            "alt": "A window over chip, the center, and are and facing, its contexts.",
        },
        {
            "title": "Pairs",
            "text": "Two words make a question: did they appear near each other? For *chip* "
            "with *are* or *facing* the text says yes, and we add pairs of *chip* with a word "
            "drawn at random, for which the answer is no.",
            "alt": "Pairs with the answer yes: chip and are, chip and facing. With the answer "
            f"no: chip and each of {', '.join(NOISE_WORDS[:4])}, and six more.",
        },
        {
            "title": "Two rows of two tables",
            "text": "Every word has a row of numbers in each of two tables, four here and a "
            "hundred in the lesson, which are random at first. We look up *chip* in one table and the other word in the other.",
            "alt": f"The row of chip in table v, and the rows of {real['word']} and "
            f"{made_up['word']} in table u, four numbers each.",
        },
        {
            "title": "A score and an answer",
            "text": "Multiply two rows number by number and add up: that is the score of the "
            "pair. The S‑shaped curve turns it into an answer between 0 (surely no) and 1 "
            "(surely yes).",
            "alt": " ".join(
                f"chip and {p['word']}: score {p['score']:.2f}, answer {p['answer']:.2f}."
                for p in pairs
            ),
        },
        {
            "title": "The loss",
            "text": "The loss says how wrong an answer is: it is small if the answer is close "
            "to what it should be, and it grows with the distance. Training makes it smaller.",
            "alt": " ".join(
                f"chip and {p['word']}: should be {p['label']}, is {p['answer']:.2f}, loss "
                f"{p['loss']:.2f}."
                for p in pairs
            ),
        },
        {
            "title": "Arrows",
            "text": "Drawn as arrows, the two rows of a pair are pushed: together if the answer "
            "should be yes, apart if it should be no. After many such steps, words with the "
            "same contexts, such as *july* and *june*, point the same way.",
            "alt": f"Arrows of chip and {real['word']} move together, those of chip and "
            f"{made_up['word']} apart. In {MEETING_STEPS} steps, the cosine of july and june "
            f"rises from {first:.2f} to {last:.2f}.",
        },
    ]
