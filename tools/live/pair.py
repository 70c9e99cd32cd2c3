"""The loss of one pair, chapter 04, with a logit, a label, and a mask to choose."""

from functools import cache

import numpy as np

from live import Figure
from live.controls import choice_data, slider_data
from w2v_lesson.model import pair_by_gluon
from w2v_lesson.widgets.loss import CURVES, TANGENT, watch_loss


def pair():
    """Make the figure of `w2v_lesson.widgets.loss.watch_loss`.

    Returns
    -------
    Figure
    """
    return Figure("pair", _data, ("controls.js",), ("by_hand.js", "chart.js", "table.js"))


@cache  # the chapter and the route of 50 minutes have the same
def _data():
    view = watch_loss()
    logit = view.controls["logit"]
    logits = np.arange(logit.min, logit.max + logit.step, logit.step)
    return {
        "label": choice_data(view.controls["label"]),
        "logit": slider_data(logit),
        "mask": choice_data(view.controls["mask"]),
        "axes": view.backdrop.frame(),
        "curves": CURVES,
        "tangent": TANGENT,
        "gluon": [[_by_gluon(logits, label, mask) for label in (0, 1)] for mask in (0, 1)],
    }


def _by_gluon(logits, label, mask):
    """Write loss and gradient for each logit. Rounding in two stages would change some."""
    pairs = [pair_by_gluon(logit, label, mask) for logit in logits]
    return [[f"{number + 0.0:.4f}" for number in pair] for pair in pairs]
