"""Figures of chapters 01 and 02: subsampling, windows, noise words, minibatches."""

import numpy as np
from matplotlib.colors import to_rgba_array

from w2v_lesson.figures.drawings import ROLE_COLORS
from w2v_lesson.figures.style import BLUE, GRAY, GREEN, LIGHT, ORANGE, figure, text_on


def keep_curve(frequency, keep, marked):
    """Draw the keep probability of words against their share of the text. Chapter 01.

    Parameters
    ----------
    frequency, keep : ndarray, shape (words,)
        Share of the text and keep probability of each word, both from 0 to 1.
    marked : dict of str to int
        Words to name, with their indices.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = figure()
    order = np.argsort(frequency)
    ax.semilogx(frequency[order], keep[order], color=BLUE)
    for word, i in marked.items():
        ax.plot(frequency[i], keep[i], "o", color=ORANGE)
        ax.annotate(
            word, (frequency[i], keep[i]), xytext=(6, 4), textcoords="offset points"
        )
    ax.set(
        xlabel="share of all words in the text",
        ylim=(0, 1.12),
        ylabel="keep probability",
    )
    return fig


def keep_frame(frequency, keep, label):
    """Draw the axes over which a curve of keep probabilities moves. Chapter 01.

    Parameters
    ----------
    frequency, keep : ndarray, shape (words,)
        The curve that stays for comparison, as in `keep_curve`.
    label : str
        Label of that curve.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = figure(6.4, 2.8)
    order = np.argsort(frequency)
    ax.semilogx(frequency[order], keep[order], "--", color=GRAY, label=label)
    for size, color, what in ((12, BLUE, "kept word"), (8, ORANGE, "dropped word")):
        ax.plot([], [], ".", ms=size, color=color, label=what)
    ax.set(
        xlabel="share of all words in the text",
        ylim=(0, 1.12),
        ylabel="keep probability",
    )
    fig.legend(frameon=False, loc="outside upper center", ncols=3, fontsize=9)
    return fig


def survival_bars(words, keep, numbers):
    """Draw keep probabilities as bars and random numbers as ticks. Chapter 01.

    Parameters
    ----------
    words : list of str
        One sentence.
    keep, numbers : sequence of float, shape (words,)
        From 0 to 1. A word stays if its number is lower than its keep probability.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = figure(max(4.0, 0.55 * len(words)), 2.9)
    for i, stays in enumerate(np.less(numbers, keep)):
        ax.bar(
            i,
            keep[i],
            color=BLUE if stays else ORANGE,
            hatch="" if stays else "///",
            edgecolor="white",
        )
    ax.plot(
        range(len(words)), numbers, "_", color="black", ms=16, mew=2, label="random number"
    )
    marks = ["" if stays else "× " for stays in np.less(numbers, keep)]
    words = [mark + word for mark, word in zip(marks, words, strict=True)]
    ax.set_xticks(range(len(words)), words, rotation=45, ha="right")
    ax.set(ylim=(0, 1.12), ylabel="keep probability")
    fig.legend(loc="outside upper right", frameon=False)
    return fig


def window(words, center, contexts, noise=()):
    """Draw a sentence with a center word, its contexts and, below, noise words. Chapter 01.

    Parameters
    ----------
    words : list of str
        The sentence.
    center : int
        Position of the center word.
    contexts : sequence of int
        Positions of its contexts.
    noise : sequence of str, optional
        Noise words.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = figure(0.9 * max(len(words), len(noise)), 1.9 if len(noise) else 1.1)
    for i, word in enumerate(words):
        color = ORANGE if i == center else BLUE if i in contexts else None
        _boxed(ax, i + 0.5, 1, word, color)
    for i, word in enumerate(noise):
        x = (i + 0.5) * len(words) / len(noise)
        ax.plot([center + 0.5, x], [0.78, 0.22], color=GREEN, lw=0.6, zorder=0)
        _boxed(ax, x, 0, word, GREEN)
    ax.set(xlim=(0, len(words)), ylim=(-0.4 if len(noise) else 0.6, 1.4))
    ax.axis("off")
    return fig


def _boxed(ax, x, y, word, color):
    box = {"boxstyle": "round", "fc": color or LIGHT, "ec": "none"}
    ax.text(
        x,
        y,
        word,
        ha="center",
        va="center",
        fontsize=9,
        bbox=box,
        color=text_on(color or LIGHT),
    )


def noise_curves(counts, curves, moving=None):
    """Draw how likely words are to be drawn as noise, by their rank. Chapter 01.

    Parameters
    ----------
    counts : ndarray, shape (words,)
        Occurrences, which determine the ranks. Words that do not occur are left out.
    curves : dict of str to ndarray, shape (words,)
        For each label the probabilities. At most three curves.
    moving : str, optional
        Label of a black curve that will move over the figure.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = figure()
    order = np.argsort(-counts)[: np.count_nonzero(counts)]
    styles = [(ORANGE, "--"), (BLUE, "-"), (GREEN, ":")]
    for (label, probability), (color, style) in zip(curves.items(), styles, strict=False):
        ax.loglog(
            1 + np.arange(len(order)),
            probability[order],
            color=color,
            linestyle=style,
            label=label,
        )
    if moving:
        ax.plot([], [], color="black", lw=3, label=moving)
    ax.set(
        xlabel="rank of the word (1 = most frequent)", ylabel="probability of being drawn"
    )
    fig.legend(frameon=False, loc="outside upper center", ncols=2, fontsize=9)
    return fig


def minibatches(batches):
    """Draw the cells of minibatches: contexts, noise words, and padding. Chapter 02.

    Parameters
    ----------
    batches : dict of str to (ndarray, ndarray)
        For each title the masks and the labels, each of shape (batch, max_len). An
        empty area holds no cells, because another minibatch is wider.

    Returns
    -------
    matplotlib.figure.Figure
    """
    longest = max(masks.shape[1] for masks, _ in batches.values())
    fig, axes = _minibatch_axes(batches)
    for ax, (masks, labels) in zip(axes, batches.values(), strict=True):
        colors = cell_colors(masks, labels, (len(masks), longest))
        ax.imshow(colors, aspect="auto", interpolation="nearest")
    return fig


def minibatch_frame(titles, size):
    """Draw the axes of `minibatches` without cells. Chapter 02.

    Parameters
    ----------
    titles : list of str
    size : (int, int)
        Rows and columns of the largest minibatch.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, axes = _minibatch_axes(titles)
    for ax in axes:
        ax.set(xlim=(-0.5, size[1] - 0.5), ylim=(size[0] - 0.5, -0.5))
    return fig


def _minibatch_axes(titles):
    fig, axes = figure(7.0, 3.4, ncols=len(titles), squeeze=False)
    for ax, title in zip(axes[0], titles, strict=True):
        ax.set(title=title, xlabel="position in the row", ylabel="example")
    kinds = ["context", "noise word", "padding"]
    marks = [axes[0, 0].scatter([], [], marker="s", color=ROLE_COLORS[k]) for k in kinds]
    fig.legend(
        marks,
        kinds,
        loc="outside lower center",
        ncols=3,
        frameon=False,
    )
    return fig, axes[0]


def cell_colors(masks, labels, size):
    """Color the cells of a minibatch. Chapter 02.

    Parameters
    ----------
    masks, labels : ndarray, shape (batch, max_len)
    size : (int, int)
        Rows and columns of the picture. It is white where the minibatch has no cells.

    Returns
    -------
    ndarray of uint8, shape (rows, columns, 3)
    """
    kinds = np.full(size, 3)
    kinds[: masks.shape[0], : masks.shape[1]] = masks + labels
    palette = to_rgba_array([ROLE_COLORS["padding"], GREEN, BLUE, "white"])[:, :3]
    return np.round(255 * palette).astype(np.uint8)[kinds]
