"""Figures of one pair's loss and of moving vectors say what is where."""

import drawn
import numpy as np
import pytest
from matplotlib.colors import to_hex

from w2v_lesson import figures

RNG = np.random.default_rng(0)


def test_pair_losses_have_a_curve_for_each_label_and_tangents_at_the_marks():
    logits = np.linspace(-5, 5, 3)
    curves = {"label 1": np.array([3.0, 2, 1]), "label 0": np.array([0.0, 1, 2])}
    figure = figures.pair_losses(logits, curves, [(2, 1.0, 0.5), (-1, 1.5, -0.25)])
    (ax,) = figure.axes
    assert drawn.lines(ax) == {
        "label 1": [[-5, 3], [0, 2], [5, 1]],
        "label 0": [[-5, 0], [0, 1], [5, 2]],
    }
    looks = {"label 1": figures.BLUE, "label 0": figures.GREEN}
    assert drawn.legend(figure) == drawn.colors(ax.lines) == looks
    dots = [line.get_xydata().tolist() for line in ax.lines if line.get_marker() == "o"]
    assert dots == [[[2, 1]], [[-1, 1.5]]]
    ends = [[[1, 0.5], [3, 1.5]], [[-2, 1.75], [0, 1.25]]]
    assert [
        xy for xy in (line.get_xydata().tolist() for line in ax.lines) if xy in ends
    ] == ends
    slopes = {t.get_text(): t.xy for t in ax.texts if "slope" in t.get_text()}
    assert slopes == {"slope +0.50": (2, 1.0), "slope -0.25": (-1, 1.5)}
    level = [y for line in ax.lines for y in line.get_ydata()].count(np.log(2))
    assert level == 2 and drawn.placed(ax)["ln 2"][1] == pytest.approx(np.log(2), abs=0.1)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("logit  u·v", "loss (nats per pair)")


def test_a_tangent_has_its_slope_and_width():
    x, y = figures.tangent(2.0, 1.0, -0.5, length=4)
    assert (x.tolist(), y.tolist()) == ([0, 4], [2, 0])


@pytest.mark.parametrize("stretch", [(1, 1), (3, 1), (1, 3)])
def test_the_shadow_plane_has_equal_scale_and_holds_all_points(stretch):
    points = RNG.normal(size=(5, 3, 2)) * stretch
    figure = figures.shadow_plane(points)
    figure.draw_without_rendering()
    (ax,) = figure.axes
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert (points > [left, bottom]).all() and (points < [right, top]).all()
    per_unit = ax.bbox.width / (right - left), ax.bbox.height / (top - bottom)
    assert per_unit[0] == pytest.approx(per_unit[1], rel=0.01)
    assert ax.get_xlabel() == "first direction of the plane"
    assert ax.get_ylabel() == "second direction"


def test_a_step_is_drawn_as_arrows_between_marks_of_their_roles():
    words, roles = ["chip", "$", "<unk>"], ["center", "context", "noise word"]
    before, after = RNG.normal(size=(2, 3, 2))
    figure = figures.one_step(words, roles, before, after)
    (ax,) = figure.axes
    arrows = [text for text in ax.texts if text.get_text() == ""]
    np.testing.assert_allclose([arrow.xy for arrow in arrows], after)
    np.testing.assert_allclose([arrow.xyann for arrow in arrows], before)
    marks = [line for line in ax.lines if line.get_marker() in "Dos"]
    assert [line.get_marker() for line in marks] == ["D", "o", "s"]
    np.testing.assert_allclose([line.get_xydata()[0] for line in marks], before)
    names = {text.get_text(): tuple(text.xy) for text in ax.texts if text.get_text()}
    assert names == {word: tuple(at) for word, at in zip(words, before, strict=True)}
    shown = {"center": figures.ORANGE, "context": figures.BLUE, "noise word": figures.GREEN}
    assert drawn.legend(figure) == shown
    assert [drawn.color(mark) for mark in marks] == list(shown.values())
    edges = [to_hex(arrow.arrow_patch.get_edgecolor()).upper() for arrow in arrows]
    assert edges == list(shown.values())


def test_the_legend_of_the_shadow_plane_has_the_marker_of_each_role():
    figure = figures.shadow_plane(RNG.normal(size=(4, 2)))
    step = figures.one_step(
        ["a", "b", "c"], list(figures.ROLES), *RNG.normal(size=(2, 3, 2))
    )
    drawn_marks = [line for line in step.axes[0].lines if line.get_marker() in "Dos"]
    marks = figure.legends[0].legend_handles
    corners = [len(mark.get_paths()[0].vertices) for mark in marks]
    expected = [len(line._marker.get_path().vertices) for line in drawn_marks]
    assert corners == expected
    turned = [mark.get_paths()[0].vertices[0].tolist() for mark in marks]
    assert turned[0] != turned[2]  # a diamond is not a square
