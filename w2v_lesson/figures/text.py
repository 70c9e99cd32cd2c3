"""Figures of chapter 01: subsampling, windows, noise words, minibatches."""

import numpy as np
from matplotlib.colors import to_rgba_array

from w2v_lesson.figures.style import BLUE, GRAY, GREEN, LIGHT, ORANGE, figure, text_on


def keep_curve(frequency, keep, marked):
    """Probability to keep a word against its share of the text.

    frequency, keep : shape (words,)
    marked : dict of word to index, the words to name
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
        xlabel="share of all words of the text",
        ylim=(0, 1.12),
        ylabel="probability to be kept",
    )
    return fig


def keep_frame(frequency, keep, label):
    """Axes over which the probability to keep a word moves; one curve for comparison.

    frequency, keep : shape (words,)
    label : what the curve for comparison is
    """
    fig, ax = figure(6.4, 2.6)
    order = np.argsort(frequency)
    ax.semilogx(frequency[order], keep[order], "--", color=GRAY, label=label)
    for size, color, what in ((12, BLUE, "word that stays"), (8, ORANGE, "dropped word")):
        ax.plot([], [], ".", ms=size, color=color, label=what)
    ax.set(
        xlabel="share of all words of the text",
        ylim=(0, 1.12),
        ylabel="probability to be kept",
    )
    ax.legend(frameon=False, loc="lower left", fontsize=8)
    return fig


def survival_bars(words, keep, numbers):
    """Probability to keep each word of a sentence as bars, its random number as a tick.

    keep, numbers : shape (words,), from 0 to 1; a word stays if its number is lower
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
    ax.set(ylim=(0, 1.12), ylabel="probability to be kept")
    fig.legend(loc="outside upper right", frameon=False)
    return fig


def window(words, center, contexts, noise=()):
    """A sentence with a center word, its contexts and, below, the noise words.

    center : position of the center word
    contexts : positions of its contexts
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
    """Probability to be drawn as noise, by rank of the word.

    counts : shape (words,), to rank the words by
    curves : dict of label to probabilities, shape (words,)
    moving : label of a black curve that will move over the figure
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
    ax.set(xlabel="rank of the word (1 = most frequent)", ylabel="probability to be drawn")
    ax.legend(frameon=False)
    return fig


def minibatches(batches):
    """The cells of minibatches as pictures: contexts, noise words and padding.

    batches : dict of title to (masks, labels), each of shape (batch, max_len); where
        one is narrower than another, white says that there are no cells
    """
    longest = max(masks.shape[1] for masks, _ in batches.values())
    fig, axes = _minibatch_axes(batches)
    for ax, (masks, labels) in zip(axes, batches.values(), strict=True):
        colors = cell_colors(masks, labels, (len(masks), longest))
        ax.imshow(colors, aspect="auto", interpolation="nearest")
    return fig


def minibatch_frame(titles, size):
    """The axes of `minibatches` without cells; size : (rows, columns) of the largest."""
    fig, axes = _minibatch_axes(titles)
    for ax in axes:
        ax.set(xlim=(-0.5, size[1] - 0.5), ylim=(size[0] - 0.5, -0.5))
    return fig


def _minibatch_axes(titles):
    fig, axes = figure(7.0, 3.4, ncols=len(titles), squeeze=False)
    for ax, title in zip(axes[0], titles, strict=True):
        ax.set(title=title, xlabel="position in the row", ylabel="example")
    marks = [axes[0, 0].scatter([], [], marker="s", color=c) for c in (BLUE, GREEN, LIGHT)]
    fig.legend(
        marks,
        ["context", "noise word", "padding"],
        loc="outside lower center",
        ncols=3,
        frameon=False,
    )
    return fig, axes[0]


def cell_colors(masks, labels, size):
    """Colors of a minibatch's cells: uint8, shape (rows, columns, 3).

    masks, labels : shape (batch, max_len)
    size : (rows, columns) of the picture, white where the batch has no cells
    """
    kinds = np.full(size, 3)
    kinds[: masks.shape[0], : masks.shape[1]] = masks + labels
    palette = to_rgba_array([LIGHT, GREEN, BLUE, "white"])[:, :3]
    return np.round(255 * palette).astype(np.uint8)[kinds]
