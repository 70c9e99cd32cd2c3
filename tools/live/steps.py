"""Steps of gradient descent, chapter 04: july and june have the same contexts."""

import numpy as np

from live import Figure
from live.controls import slider_data
from w2v_lesson.widgets.journey import LARGEST, MEETING, MEETING_SIZE
from w2v_lesson.widgets.loss import MAX_STEPS, MS_PER_STEP, Descent

CENTERS = ["july", "june"]
LABELS = [1, 1, 1, 0, 0, 0]


def steps():
    """Make the figure of `w2v_lesson.widgets.loss.Descent` that the chapter shows.

    Returns
    -------
    Figure
    """
    shared = ("by_hand.js", "chart.js", "table.js", "steps_picture.js")
    return Figure("steps", _data, ("controls.js",), shared)


def _data():
    july, june, U = _start()
    view = Descent(CENTERS[0], MEETING, LABELS, july, U, second=(CENTERS[1], june))
    return {
        "centers": CENTERS,
        "others": MEETING,
        "labels": LABELS,
        "start": [july.tolist(), june.tolist(), *U.tolist()],
        "plane": view.plane.T.tolist(),
        "projection": view.about_plane,
        "axes": view.backdrop.frame(),
        "lr": slider_data(view.lr),
        "maxSteps": MAX_STEPS,
        "msPerStep": MS_PER_STEP,
    }


def _start():
    """Draw the vectors as `start` does in the chapter."""
    rng = np.random.default_rng(0)
    sizes = (MEETING_SIZE, MEETING_SIZE, (len(MEETING), MEETING_SIZE))
    return [rng.uniform(-LARGEST, LARGEST, size) for size in sizes]
