"""Figures of chapter 03: an embedding table, a lookup, and shapes."""

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from w2v_lesson.figures.style import BLUE, GRAY, ORANGE, figure, text_on


def lookup(table, indices):
    """Draw an embedding table and, beside it, the rows that a lookup returns. Chapter 03.

    Parameters
    ----------
    table : ndarray, shape (words, embed_size)
    indices : list of int
        Word indices to look up, in this order.

    Returns
    -------
    matplotlib.figure.Figure
    """
    limit = np.abs(table).max()
    colors = {"cmap": "RdBu_r", "vmin": -limit, "vmax": limit, "aspect": "auto"}
    fig, (left, right) = figure(6.4, 4.2, ncols=2)
    image = left.imshow(table, **colors)
    right.imshow(table[indices], **colors)
    left.set(
        title="table",
        xlabel="dimension",
        ylabel="row = word index",
        yticks=range(len(table)),
        xticks=range(table.shape[1]),
    )
    right.set(
        title="what the lookup returns",
        xlabel="dimension",
        ylabel="word index looked up",
        xticks=range(table.shape[1]),
    )
    right.set_yticks(range(len(indices)), indices)
    for i in indices:
        left.get_yticklabels()[i].set(color=ORANGE, fontweight="bold")
    fig.colorbar(image, ax=right, label="weight")
    return fig


def table_with_room(table):
    """Draw an embedding table with its numbers and, on the right, room for rows. Chapter 03.

    Parameters
    ----------
    table : ndarray, shape (words, embed_size)
        Row i is drawn at y = i, and its numbers are at x = 0, 1, and so on. The room for
        more rows begins at x = embed_size + 4.

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows, columns = table.shape
    limit, right = np.abs(table).max(), columns + 4
    fig, ax = figure(6.0, 0.5 + 0.22 * rows)
    for i, row in enumerate(table):
        for j, (color, text) in enumerate(zip(*weight_colors(row, limit), strict=True)):
            ax.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, color=color, lw=0))
            ax.text(
                j,
                i,
                f"{row[j].round(2) + 0:.2f}",
                color=text,
                fontsize=8,
                ha="center",
                va="center_baseline",
            )
    for x, title in ((0, "table"), (right, "what the lookup returns")):
        ax.text(x + columns / 2 - 0.5, -1.1, title, ha="center")
    ax.set(
        xlim=(-0.5, right + columns - 0.5),
        ylim=(rows - 0.4, -1.6),
        xlabel="dimension",
        ylabel="row = word index",
        yticks=range(rows),
    )
    ax.set_xticks(
        [*range(columns), *range(right, right + columns)], 2 * list(range(columns))
    )
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    return fig


def weight_colors(weights, limit):
    """Color weights: red above 0, blue below, white at 0. Chapter 03.

    Parameters
    ----------
    weights : array_like, shape (n,)
    limit : float
        The weight with the strongest color.

    Returns
    -------
    cells : list of str
        Color of each weight's cell.
    texts : list of str
        For each cell, a text color that is readable on it.
    """
    # Without the strongest colors, so that black text can be read on every cell. That also
    # holds in dark themes, where figures are inverted.
    rgba = colormaps["RdBu_r"](0.5 + np.asarray(weights) / (4 * limit))
    return [to_hex(c) for c in rgba], [text_on(c[:3]) for c in rgba]


# Places of the boxes, and of the shapes beside the arrows, with x and y from 0 to 1.
SHAPE_BOXES = {
    "center": (0.22, 0.93, 0.4),
    "contexts_and_negatives": (0.72, 0.93, 0.5),
    "look up in embed_v": (0.22, 0.63, 0.4),
    "look up in embed_u": (0.72, 0.63, 0.5),
    "batch_dot": (0.495, 0.32, 0.95),
    "scores": (0.495, 0.04, 0.4),
}

SHAPE_PLACES = {
    "center": (0.22, 0.8, "(batch, 1)"),
    "contexts_and_negatives": (0.72, 0.8, "(batch, max_len)"),
    "v": (0.22, 0.49, "(batch, 1, embed_size)"),
    "u": (0.72, 0.49, "(batch, max_len, embed_size)"),
    "scores": (0.495, 0.19, "(batch, 1, max_len)"),
}


def shape_flow(shapes=None):
    """Draw how arrays flow through `skip_gram`, with shapes beside the arrows. Chapter 03.

    Parameters
    ----------
    shapes : dict of str to tuple of int, optional
        As `model.skip_gram_shapes` returns it. Without it, room is left for the shapes at
        `SHAPE_PLACES`, a little above the names of their axes.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = figure(6.0, 4.2)
    for text, (x, y, width) in SHAPE_BOXES.items():
        data = text in SHAPE_PLACES
        ax.add_patch(
            Rectangle(
                (x - width / 2, y - 0.06),
                width,
                0.12,
                ec=BLUE,
                lw=1.5,
                fc="white" if data else BLUE,
            )
        )
        ax.text(x, y, text, ha="center", va="center", color="black" if data else "white")
    for name, (x, y, axes) in SHAPE_PLACES.items():
        ax.annotate(
            "",
            (x - 0.14, y - 0.095),
            (x - 0.14, y + 0.075),
            arrowprops={"arrowstyle": "-|>", "color": GRAY, "lw": 2},
        )
        ax.text(x - 0.1, y - 0.05, axes, fontsize=9, color=GRAY)
        if shapes:
            ax.text(x - 0.1, y + 0.015, shape_text(name, shapes[name]), fontsize=10)
    ax.set(xlim=(0, 1), ylim=(-0.03, 1))
    ax.axis("off")
    return fig


def shape_text(name, shape):
    """Write a shape the way it appears beside its arrow. Chapter 03.

    Parameters
    ----------
    name : str
        A key of `SHAPE_PLACES`.
    shape : tuple of int

    Returns
    -------
    str
        For example "u (512, 36, 100)".
    """
    return f"{name} {shape}" if name in "uv" else str(shape)
