"""Figures of chapters 05 and 07: loss curves."""

import numpy as np

from w2v_lesson.figures.style import BLUE, GRAY, ORANGE, figure


def loss_curve(records, num_epochs, guess=None, width=6.4, height=3.4):
    """Draw training and held-out loss, and mark the best epoch. Chapter 05.

    Parameters
    ----------
    records : list of training.Record
    num_epochs : int
        Number of epochs planned, where the axis ends.
    guess : float, optional
        Loss of a model that always gives the same best answer, in nats per pair.
    width, height : float
        Inches; 100 pixels each on the page.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = figure(width, height)
    ax.plot(
        [r.epoch for r in records],
        [r.loss for r in records],
        color=BLUE,
        alpha=0.7,
        lw=1,
        label="training, as it goes",
    )
    ends = [r for r in records if r.epoch_loss is not None]
    ax.plot(
        [r.epoch for r in ends],
        [r.epoch_loss for r in ends],
        "o-",
        color=BLUE,
        label="training, mean of the epoch",
    )
    tested = [r for r in ends if r.heldout_loss is not None]
    if tested:
        ax.plot(
            [r.epoch for r in tested],
            [r.heldout_loss for r in tested],
            "s--",
            color=ORANGE,
            label="held-out",
        )
        best = min(tested, key=lambda r: r.heldout_loss)
        ax.plot(
            best.epoch,
            best.heldout_loss,
            "*",
            color=ORANGE,
            markerfacecolor="none",  # the square inside stays visible
            ms=18,
            label=f"lowest held-out: epoch {best.epoch:.0f}",
        )
    if guess is not None:
        label = f"always the same answer: {guess:.3f}"
        ax.axhline(guess, color=GRAY, lw=1, ls=":", label=label)
    ax.set(xlim=(0, 1.02 * num_epochs), xlabel="epoch", ylabel="loss (nats per pair)")
    ax.legend(frameon=False, fontsize=8)
    return fig


def epoch_losses(runs, guess):
    """Draw the losses of two kinds of training by epoch, and mark the lowest. Chapter 07.

    Parameters
    ----------
    runs : dict of str to (ndarray, ndarray)
        For each label the training losses and the held-out losses of several runs, each
        of shape (runs, epochs).
    guess : float
        Loss of a model that knows nothing about words, in nats per pair.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = figure(6.4, 3.6)
    looks = (ORANGE, "o-", "s--"), (BLUE, "^-", "D--")
    for (label, losses), (color, *styles) in zip(runs.items(), looks, strict=False):
        for each, name, style in zip(losses, ("training", "held-out"), styles, strict=True):
            epochs, mean = range(1, len(each[0]) + 1), np.mean(each, axis=0)
            ax.plot(epochs, np.transpose(each), color=color, lw=0.8, alpha=0.5)
            ax.plot(epochs, mean, style, ms=4.5, color=color, label=f"{label}: {name}")
        ax.plot(epochs[np.argmin(mean)], min(mean), "*", color=color, ms=15)
    ax.axhline(guess, color=GRAY, lw=1, ls=":", label="always the same guess")
    ax.plot([], [], "*", color=GRAY, ms=11, label="lowest held-out loss")
    ax.set(xlabel="epoch", ylabel="loss (nats per pair)")
    fig.legend(loc="outside upper center", ncols=3, frameon=False, fontsize=8)
    return fig
