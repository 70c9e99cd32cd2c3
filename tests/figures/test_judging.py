"""Figures for judging vectors say which number belongs to what, and what their axes mean."""

import drawn
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from w2v_lesson import figures


def test_intervals_have_the_first_on_top_and_a_line_at_0():
    estimates = {"chair": (0.3, 0.2, 0.4), "<unk>": (-0.1, -0.1, 0.1)}
    (ax,) = figures.intervals(estimates, "difference").axes
    ranges = [line.get_xydata() for line in ax.lines if line.get_marker() == "|"]
    assert [r.tolist() for r in ranges] == [[[0.2, 0], [0.4, 0]], [[-0.1, 1], [0.1, 1]]]
    values = [line.get_xydata().tolist() for line in ax.lines if line.get_marker() == "o"]
    assert values == [[[0.3, 0]], [[-0.1, 1]]]
    assert ax.yaxis_inverted()
    assert drawn.ticks(ax.yaxis) == {0: "chair", 1: "<unk>"}
    assert ax.lines[-1].get_xdata() == [0, 0]
    *marks, zero = map(drawn.color, ax.lines)
    assert set(marks) == {figures.BLUE} and zero == figures.GRAY
    assert ax.get_xlabel() == "difference"


def test_learning_curves_show_means_and_intervals_in_percent_and_the_guess():
    one = np.array([[0.375, 0.25, 0.5], [0.625, 0.5, 0.75]])
    figure = figures.learning_curves([2, 4], {"one": one, "two": one / 2}, 0.125)
    (ax,) = figure.axes
    values = {label: [y for _, y in xy] for label, xy in drawn.lines(ax).items()}
    assert values == {"one": [37.5, 62.5], "two": [18.75, 31.25], "guess": [12.5, 12.5]}
    places = [x for x, _ in drawn.lines(ax)["one"]]
    assert places == pytest.approx([2, 4])
    intervals = [[list(s[:, 1]) for s in each.get_segments()] for each in ax.collections]
    assert intervals == [[[25, 50], [50, 75]], [[12.5, 25], [25, 37.5]]]
    assert [drawn.color(line) for line in ax.lines[:2]] == [figures.BLUE, figures.ORANGE]
    assert [drawn.legend(figure)[label] for label in ("one", "two")] == [
        figures.BLUE,
        figures.ORANGE,
    ]
    for line, each in zip(ax.lines, ax.collections, strict=False):
        np.testing.assert_allclose(each.get_color()[0][:3], to_rgb(line.get_color()))
    assert drawn.ticks(ax.xaxis) == {2: "2", 4: "4"}
    assert "labeled words" in ax.get_xlabel()
    assert "%" in ax.get_ylabel() and "95% interval" in ax.get_ylabel()
    assert ax.get_ylim() == (0, 100)


def test_a_confusion_has_a_row_for_each_class_of_words_and_a_column_for_each_answer():
    shares = np.array([[0.75, 0.25], [0.0, 1.0]])
    (ax,) = figures.confusion(["job", "<unk>"], shares).axes
    (image,) = ax.images
    np.testing.assert_array_equal(image.get_array(), 100 * shares)
    at = {text.get_position(): text.get_text() for text in ax.texts}
    assert at == {(0, 0): "75%", (1, 0): "25%", (0, 1): "0%", (1, 1): "100%"}
    assert [t.get_color() for t in ax.texts] == ["white", "black", "black", "white"]
    assert drawn.ticks(ax.xaxis) == drawn.ticks(ax.yaxis) == {0: "job", 1: "<unk>"}
    assert ax.get_xlabel() == "answer of the classifier"
    assert ax.get_ylabel() == "class of the word"
    assert ax.yaxis_inverted()  # the first class on top


def test_overlap_curves_are_in_percent_with_their_intervals():
    center = np.array([[0.25, 0.125, 0.5], [0.5, 0.5, 0.75], [0.75, 0.5, 1]])
    figure = figures.overlap_curves([10, 20, 40], {"center": center, "swap": center / 2}, 7)
    (ax,) = figure.axes
    assert drawn.lines(ax) == {
        "center": [[10, 25], [20, 50], [40, 75]],
        "swap": [[10, 12.5], [20, 25], [40, 37.5]],
    }
    first, _ = ax.collections
    ends = [segment.tolist() for segment in first.get_segments()]
    assert ends[0] == [[10, 12.5], [10, 50]] and ends[2] == [[40, 50], [40, 100]]
    assert drawn.legend(figure) == {"center": figures.BLUE, "swap": figures.ORANGE}
    for line, each in zip(ax.lines, ax.collections, strict=True):
        np.testing.assert_allclose(each.get_color()[0][:3], to_rgb(line.get_color()))
    (legend,) = figure.legends
    assert "95% interval" in legend.get_title().get_text()
    assert drawn.ticks(ax.xaxis) == {10: "10", 20: "20", 40: "40"}
    assert ax.get_ylim()[0] == 0
    assert "occurrences" in ax.get_xlabel()
    assert ax.get_ylabel() == "% of the 7 nearest words kept"


def test_each_training_has_a_dot_and_nothing_looks_like_an_interval():
    values = {"chair": [0.25, 0.5, 0.125], "<unk>": [-0.5, -0.25, 0]}
    figure = figures.dot_per_training(values, (0.125, "mean of all"), "leaning")
    (ax,) = figure.axes
    *rows, middle = ax.lines
    assert [row.get_xdata().tolist() for row in rows] == list(values.values())
    assert [row.get_ydata().tolist() for row in rows] == [[0] * 3, [1] * 3]
    assert {(row.get_marker(), row.get_linestyle()) for row in rows} == {("o", "None")}
    assert middle.get_xdata() == [0.125, 0.125]
    assert drawn.legend(figure) == {
        "one training run": figures.BLUE,
        "mean of all": figures.GRAY,
    }
    assert drawn.ticks(ax.yaxis) == {0: "chair", 1: "<unk>"}
    assert ax.yaxis_inverted() and ax.get_xlabel() == "leaning"


def test_scores_stand_against_the_best_ones_and_those_never_seen_at_minus_infinity():
    best, scores = np.array([-1.5, 0.5, 3.0]), np.array([-1.0, 0.0, 2.0])
    named = {"bear stearns": (2.5, 1.5)}
    figure = figures.scores_against_best(best, scores, np.array([-2.0, -3.0]), named)
    (ax,) = figure.axes
    seen, unseen, ends = drawn.lines(ax).values()
    np.testing.assert_array_equal(seen, np.c_[best, scores])
    assert [y for _, y in unseen] == [-2, -3]
    assert all(abs(x + 3) <= 0.3 for x, _ in unseen)  # one to the left of the lowest
    assert drawn.ticks(ax.xaxis)[-3] == "−∞"
    assert all(x == y for x, y in ends)
    assert list(drawn.legend(figure)) == list(drawn.lines(ax))
    assert drawn.legend(figure) == drawn.colors(drawn.labelled(ax.lines))
    (mark,) = (line for line in ax.lines if drawn.color(line) == figures.ORANGE)
    assert mark.get_xydata().tolist() == [[2.5, 1.5]]
    assert [text.get_text() for text in ax.texts] == ["bear stearns"]
