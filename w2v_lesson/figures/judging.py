"""Figures of chapters 07, 08, and 13: intervals, learning curves, confusions, scores."""

import numpy as np
from matplotlib import colormaps

from w2v_lesson.figures.style import BLUE, GRAY, GREEN, ORANGE, figure, text_on


def intervals(estimates, xlabel, reference=0):
    """Draw values with a range around each, and a dotted line. Chapters 07 and 08.

    Parameters
    ----------
    estimates : dict of str to (float, float, float)
        For each label a value and the ends of its range, the lower one first. The first
        label is drawn at the top.
    xlabel : str
    reference : float
        A value to compare with, drawn as the dotted line.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = figure(6.4, 0.9 + 0.3 * len(estimates))
    for i, (value, low, high) in enumerate(estimates.values()):
        ax.plot([low, high], [i, i], "|-", color=BLUE, ms=9, lw=1.5)
        ax.plot(value, i, "o", color=BLUE)
    ax.axvline(reference, color=GRAY, lw=1, ls=":")
    ax.set_yticks(range(len(estimates)), list(estimates))
    ax.set(xlabel=xlabel, ylim=(len(estimates) - 0.5, -0.5))
    return fig


def learning_curves(sizes, curves, guess):
    """Draw accuracy against the number of labels, with intervals. Chapter 08.

    Parameters
    ----------
    sizes : list of int
        Labels per class.
    curves : dict of str to array_like, shape (len(sizes), 3)
        For each label, by size, the accuracy and the ends of its 95% interval, from 0
        to 1. At most three curves.
    guess : float
        Accuracy of a guess, from 0 to 1.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = figure(6.4, 3.4)
    looks = (BLUE, "o-"), (ORANGE, "s--"), (GREEN, "^:")
    width = 1.03 ** np.arange(3)  # side by side, because the intervals would overlap
    for shift, (color, look), label in zip(width, looks, curves, strict=False):
        x, (means, low, high) = shift * np.asarray(sizes), 100 * np.transpose(curves[label])
        ax.plot(x, means, look, color=color, label=label)
        ax.vlines(x, low, high, color=color, lw=1)
    ax.axhline(100 * guess, color=GRAY, lw=1, ls=":", label="guess")
    ax.set_xscale("log")
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.minorticks_off()
    ax.set(
        xlabel="labeled words per class",
        ylabel="% of the other words correct,\n95% interval",
        ylim=(0, 100),
    )
    ax.legend(frameon=False, fontsize=8, loc=(0.65, 0.22))
    return fig


def confusion(names, shares):
    """Draw how often each class was mistaken for another, in percent. Chapter 08.

    Parameters
    ----------
    names : list of str
        Names of the classes.
    shares : ndarray, shape (classes, classes)
        Rows are classes of words, and columns are answers. Each row adds up to 1.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = figure(6.4, 3.6)
    colors = colormaps["cividis_r"]
    ax.imshow(100 * shares, cmap=colors, vmin=0, vmax=100, aspect="auto")
    for (i, j), share in np.ndenumerate(shares):
        ax.text(
            j,
            i,
            f"{100 * share:.0f}%",
            ha="center",
            va="center",
            color=text_on(colors(share)[:3]),
        )
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks(range(len(names)), names)
    ax.set(xlabel="answer of the classifier", ylabel="class of the word")
    return fig


def overlap_curves(lows, shares, k):
    """Draw the share of neighbors that are kept against the word's count. Chapter 07.

    Parameters
    ----------
    lows : sequence of int, shape (groups,)
        The smallest count in each group of words.
    shares : dict of str to array_like, shape (groups, 3)
        For each label the share of neighbors in common, from 0 to 1, and the ends of its
        interval. At most three curves.
    k : int
        Number of neighbors of each word.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = figure()
    looks = (BLUE, "o-"), (ORANGE, "s--"), (GRAY, "^:")
    for (label, each), (color, look) in zip(shares.items(), looks, strict=False):
        means, *ends = 100 * np.transpose(each)
        ax.plot(lows, means, look, color=color, label=label, clip_on=False)
        ax.vlines(lows, *ends, color=color, lw=2.5, alpha=0.6)
    ax.set_xscale("log")
    ax.set_xticks(lows, [f"{low:,}" for low in lows], minor=False)
    ax.minorticks_off()
    ax.set(
        xlabel="occurrences of the word (each group goes up to the next mark)",
        ylabel=f"% of the {k} nearest words kept",
        ylim=(0, None),
    )
    fig.legend(
        loc="outside upper center",
        ncols=3,
        frameon=False,
        title="mean over the words, with its 95% interval",
    )
    return fig


def dot_per_training(values, middle, xlabel):
    """Draw a value of several training runs, one dot for each run. Chapter 07.

    Parameters
    ----------
    values : dict of str to array_like, shape (runs,)
        For each label the values. The first label is drawn at the top.
    middle : (float, str)
        A value to compare with, and its name.
    xlabel : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = figure(6.4, 1.2 + 0.26 * len(values))
    for i, each in enumerate(values.values()):
        dots = ax.plot(each, np.full(len(each), i), "o", color=BLUE, ms=5, alpha=0.6)
    dots[0].set_label("one training run")
    ax.axvline(middle[0], color=GRAY, lw=1, ls=":", label=middle[1])
    ax.set_yticks(range(len(values)), list(values))
    ax.set(xlabel=xlabel, ylim=(len(values) - 0.5, -0.5))
    fig.legend(loc="outside upper center", ncols=2, frameon=False)
    return fig


def scores_against_best(best, scores, unseen, named):
    """Draw scores of pairs against the best scores, and scores of unseen pairs. Chapter 13.

    Parameters
    ----------
    best, scores : ndarray, shape (pairs,)
        For each pair the best score, PMI minus log K, and the model's score.
    unseen : ndarray, shape (others,)
        The model's scores for pairs that were never seen.
    named : dict of str to (float, float)
        For each label the best score and the model's score of one pair.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = figure(6.4, 4.2)
    low, high = np.floor(best.min()), np.ceil(best.max())
    ax.plot(
        best, scores, ".", color=BLUE, ms=3, alpha=0.3, mew=0, label="seen 10 times or more"
    )
    place = low - 1 + np.random.default_rng(0).uniform(-0.3, 0.3, len(unseen))
    ax.plot(place, unseen, ".", color=GREEN, ms=3, alpha=0.3, mew=0, label="never seen")
    ends = [max(low, scores.min()), high]
    ax.plot(ends, ends, "--", color=GRAY, lw=1, label="score = best score")
    for label, (x, y) in named.items():
        ax.plot(x, y, "o", color=ORANGE, ms=5)
        ax.annotate(
            label,
            (x, y),
            (-6, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            parse_math=False,
            bbox={"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1},
        )
    whole = np.arange(low, high + 1, 2)
    ax.set_xticks([low - 1, *whole], ["−∞", *(f"{x:.0f}".replace("-", "−") for x in whole)])
    ax.set(
        xlabel="best score: PMI − log K (natural logarithm)", ylabel="score of the model"
    )
    fig.legend(frameon=False, loc="outside upper center", ncols=3, markerscale=4)
    return fig
