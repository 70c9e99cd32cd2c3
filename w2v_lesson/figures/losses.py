"""Figures of chapter 04: the loss of a pair, and moving vectors."""

import numpy as np

from w2v_lesson.figures.style import BLUE, GRAY, GREEN, LIGHT, ORANGE, figure


def pair_losses(logits, curves, marks=()):
    """Draw the loss of one pair against its logit, with tangents. Chapter 04.

    Parameters
    ----------
    logits : ndarray, shape (points,)
    curves : dict of str to ndarray, shape (points,)
        For each label the losses in nats. At most two curves.
    marks : sequence of (float, float, float), optional
        Logit, loss, and gradient at each point that gets a tangent.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = figure()
    styles = [(BLUE, "-"), (GREEN, "--")]  # the colors of contexts and noise words
    for (label, values), (color, style) in zip(curves.items(), styles, strict=False):
        ax.plot(logits, values, color=color, linestyle=style, label=label)
    ax.axhline(np.log(2), color=GRAY, lw=0.8)
    ax.text(logits[0], np.log(2) + 0.08, "ln 2", color=GRAY)
    for logit, loss, gradient in marks:
        x, y = tangent(logit, loss, gradient)
        ax.plot(x, y, color="black", lw=1)
        ax.plot(logit, loss, "o", color="black")
        left = gradient > 0  # on this side there is neither a curve nor a tangent
        ax.annotate(
            f"slope {gradient:+.2f}",
            (logit, loss),
            xytext=(-9 if left else 9, 5),
            textcoords="offset points",
            ha="right" if left else "left",
        )
    ax.set(xlabel="logit  u·v", ylabel="loss (nats per pair)")
    ax.legend(frameon=False)
    return fig


def tangent(x, y, slope, length=2.0, reach=np.inf):
    """Find the ends of a line through (x, y) with a given slope. Chapter 04.

    Parameters
    ----------
    x, y, slope : float
    length : float, default 2.0
        Width of the line along the x axis.
    reach : float, optional
        The line ends where x is as far from 0 as this.

    Returns
    -------
    xs, ys : ndarray, shape (2,)
    """
    xs = np.clip([x - length / 2, x + length / 2], -reach, reach)
    return xs, y + slope * (xs - x)


# Color and marker of the center, of contexts, and of noise words.
ROLES = {"center": (ORANGE, "D"), "context": (BLUE, "o"), "noise word": (GREEN, "s")}


def shadow_plane(points):
    """Make axes of equal scale for vectors that are projected onto a plane. Chapter 04.

    Parameters
    ----------
    points : array_like, shape (..., 2)
        All points that must be in view.

    Returns
    -------
    matplotlib.figure.Figure
    """
    points = np.reshape(points, (-1, 2))
    low, high = points.min(axis=0), points.max(axis=0)
    pad = 0.06 * max(high - low)
    (left, bottom), (right, top) = low - pad, high + pad
    height = 4.0 * (top - bottom) / (right - left)
    # Not wider, so that it fits beside the file browser; with room for labels and legend.
    fig, ax = figure(4.6, min(5.0, 0.85 + height))
    ax.axhline(0, color=LIGHT, zorder=0)
    ax.axvline(0, color=LIGHT, zorder=0)
    ax.set(
        xlim=(left, right),
        ylim=(bottom, top),
        aspect="equal",
        xlabel="first direction of the plane",
        ylabel="second direction",
    )
    marks = [ax.scatter([], [], marker=m, color=c) for c, m in ROLES.values()]
    fig.legend(marks, list(ROLES), loc="outside upper center", ncols=3, frameon=False)
    return fig


def one_step(words, roles, before, after):
    """Draw vectors in a plane, with arrows to where one step takes them. Chapter 04.

    Parameters
    ----------
    words : list of str
    roles : list of str
        Keys of `ROLES`, one for each word.
    before, after : ndarray, shape (words, 2)

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig = shadow_plane([before, after])
    (ax,) = fig.axes
    for word, role, start, end in zip(words, roles, before, after, strict=True):
        color, marker = ROLES[role]
        ax.plot(*start, marker, color=color)
        look = {"color": color, "lw": 1.5, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", end, start, arrowprops={"arrowstyle": "-|>", **look})
        down, va = (-7, "top") if end[1] > start[1] else (7, "bottom")  # off the arrow
        ax.annotate(
            word, start, xytext=(0, down), textcoords="offset points", ha="center", va=va
        )
    return fig
