"""Figures of chapters 00, 06, and 12: neighbors and the map."""

import numpy as np

from w2v_lesson.figures.style import BLUE, GRAY, GREEN, ORANGE, PINK, figure


def neighbor_bars(word, neighbors):
    """Draw the neighbors of a word as bars, with the nearest at the top. Chapter 00.

    Parameters
    ----------
    word : str
    neighbors : list of vectors.Neighbor

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = figure(6.4, 0.9 + 0.28 * len(neighbors))
    cosines = [n.cosine for n in neighbors]
    ax.barh([n.word for n in neighbors], cosines, color=BLUE)
    for i, n in enumerate(neighbors):
        ax.text(n.cosine + 0.01, i, f"{n.cosine:.2f}   {n.seen}", va="center", fontsize=8)
    ax.invert_yaxis()
    ax.set(
        xlim=(min(0, *cosines), 1.35),
        xticks=np.arange(0, 1.1, 0.2),
        xlabel=f"cosine similarity to “{word}”",
    )
    return fig


def compare_neighbors(lists):
    """Draw two lists of neighbors side by side. Chapter 06.

    Words in both lists have a blue bar and a dot.

    Parameters
    ----------
    lists : dict of str to list of vectors.Neighbor
        Title and neighbors of each of the two lists.

    Returns
    -------
    matplotlib.figure.Figure
    """
    first, second = ({n.word for n in found} for found in lists.values())
    rows = max(map(len, lists.values()))
    fig, axes = figure(6.4, 1.0 + 0.28 * rows, ncols=2)
    for ax, (title, found) in zip(axes, lists.items(), strict=True):
        both = [n.word in first & second for n in found]
        ax.barh(
            [n.word for n in found],
            [n.cosine for n in found],
            color=[BLUE if each else ORANGE for each in both],
        )
        for i, (n, each) in enumerate(zip(found, both, strict=True)):
            ax.text(
                max(0, n.cosine) + 0.03,
                i,
                f"{n.cosine:.2f} {'● both' * each}",
                va="center",
                fontsize=8,
            )
        ax.invert_yaxis()
        ax.set(
            title=title,
            xlim=(min(0, *(n.cosine for n in found)), 1.3),
            xticks=np.arange(0, 1.1, 0.5),
            xlabel="cosine similarity",
        )
    return fig


def word_map(words, points, groups, explained):
    """Draw words as points in the plane, colored by group. Chapter 06.

    Parameters
    ----------
    words : list of str
    points : ndarray, shape (words, 2)
    groups : list of str
        Group of each word; at most five groups.
    explained : sequence of float, shape (2,)
        Each axis's share of the variance, from 0 to 1.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from adjustText import adjust_text  # imports SciPy, which takes two seconds

    fig, ax = figure(7.2, 5.4)
    styles = zip((BLUE, ORANGE, GREEN, PINK, GRAY), "osD^v", strict=True)
    for group, (color, marker) in zip(dict.fromkeys(groups), styles, strict=False):
        rows = [i for i, each in enumerate(groups) if each == group]
        ax.scatter(*points[rows].T, color=color, marker=marker, label=group, s=28)
    ax.set(
        xlabel=f"first component ({explained[0]:.0%} of the variance)",
        ylabel=f"second component ({explained[1]:.0%})",
    )
    ax.margins(0.1)
    # Outside the axes, where there are no words.
    fig.legend(loc="outside upper center", ncols=5, frameon=False)
    center = {"ha": "center", "va": "center", "fontsize": 9}
    starts = _away_from_neighbors(points)
    labels = [ax.text(*at, w, **center) for w, at in zip(words, starts, strict=True)]
    fig.draw_without_rendering()  # their sizes are needed to separate the labels
    adjust_text(
        labels,
        *points.T,
        ax=ax,
        target_x=points[:, 0],  # where the lines end
        target_y=points[:, 1],
        expand=(1.3, 1.7),
        iter_lim=500,
        force_static=(0.3, 0.6),  # away from other words' points, too
        force_pull=(0.05, 0.05),
        arrowprops={"arrowstyle": "-", "color": GRAY, "lw": 0.6},
    )
    return fig


def _away_from_neighbors(points):
    """Return a place for each label, on the side away from the nearest other points."""
    size = np.ptp(points, axis=0)
    steps = (points[:, None] - points) / size  # [i, j]: from j to i
    lengths = np.linalg.norm(steps, axis=2, keepdims=True) + 1e-9
    away = (steps / lengths * np.exp(-((lengths / 0.08) ** 2))).sum(axis=1)
    away /= np.linalg.norm(away, axis=1, keepdims=True) + 1e-9
    return points + 0.04 * size * away
