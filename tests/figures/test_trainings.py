"""Loss curves say which loss each curve shows, and from which training."""

import drawn
import numpy as np
import pytest
from drawn import records

from w2v_lesson import figures

TRAINING, HELDOUT = [[1, 0.6875], [2, 0.625]], [[1, 0.5625], [2, 0.625]]
STEPS = [[i / 4, 0.75 - i / 32] for i in range(1, 9)]


def test_loss_curve_shows_steps_epochs_held_out_loss_and_the_best_epoch():
    figure = figures.loss_curve(records(), 2)
    (ax,) = figure.axes
    assert drawn.lines(ax) == {
        "training, as it goes": STEPS,
        "training, mean of the epoch": TRAINING,
        "held-out": HELDOUT,
        "lowest held-out: epoch 1": HELDOUT[:1],
    }
    assert drawn.legend(figure) == {
        "training, as it goes": figures.BLUE,
        "training, mean of the epoch": figures.BLUE,
        "held-out": figures.ORANGE,
        "lowest held-out: epoch 1": figures.ORANGE,
    }
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss (nats per pair)")
    assert ax.get_xlim()[0] == 0 and ax.get_xlim()[1] >= 2


@pytest.mark.parametrize("made", [[], records()[:1], records(heldout=False)])
def test_loss_curve_of_a_training_just_begun_or_without_held_out_data(made):
    figure = figures.loss_curve(made, 2)
    assert not any("held-out" in text for text in drawn.texts(figure))
    assert figures.to_html(figure, "a curve")


def test_epoch_losses_star_the_lowest_held_out_loss_and_mark_the_guess():
    training = np.array([[0.75, 0.5, 0.25], [0.25, 0.5, 0.25]])
    heldout = np.array([[0.5, 0.25, 0.5], [0.75, 0.25, 0.25]])
    runs = {"once": (training, heldout), "afresh": (heldout, training)}
    figure = figures.epoch_losses(runs, 0.45)
    (ax,) = figure.axes
    found = drawn.lines(ax)
    assert {y for _, y in found.pop("always the same guess")} == {0.45}
    assert found.pop("lowest held-out loss") == []
    means = [[1, 0.5], [2, 0.5], [3, 0.25]], [[1, 0.625], [2, 0.25], [3, 0.375]]
    assert found == {
        "once: training": means[0],
        "once: held-out": means[1],
        "afresh: training": means[1],
        "afresh: held-out": means[0],
    }
    stars = [line for line in ax.lines if line.get_marker() == "*"][:2]
    assert [star.get_xydata().tolist() for star in stars] == [[[2, 0.25]], [[3, 0.25]]]
    assert [drawn.color(star) for star in stars] == [figures.ORANGE, figures.BLUE]
    thin = [line.get_ydata().tolist() for line in ax.lines if line.get_linewidth() < 1]
    assert thin == [each.tolist() for each in (*training, *heldout, *heldout, *training)]
    assert drawn.legend(figure) == {
        "once: training": figures.ORANGE,
        "once: held-out": figures.ORANGE,
        "afresh: training": figures.BLUE,
        "afresh: held-out": figures.BLUE,
        "always the same guess": figures.GRAY,
        "lowest held-out loss": figures.GRAY,
    }
    dashed = {line.get_label(): line.get_linestyle() == "--" for line in ax.lines}
    assert dashed["once: held-out"] and dashed["afresh: held-out"]
    assert not dashed["once: training"] and not dashed["afresh: training"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss (nats per pair)")
