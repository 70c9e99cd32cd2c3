"""Figures of judging say which number is whose, and what their axes mean."""

import drawn
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from w2v_lesson import figures

SHARES = np.array([0.2, 0.001, 0.4])


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


def test_learning_curves_show_means_and_ranges_in_percent_and_the_guess():
    draws = np.array([[0.25, 0.5], [0.5, 0.75]])
    figure = figures.learning_curves([2, 4], {"one": draws, "two": 1 - draws}, 0.125)
    (ax,) = figure.axes
    values = {label: [y for _, y in xy] for label, xy in drawn.lines(ax).items()}
    assert values == {"one": [37.5, 62.5], "two": [62.5, 37.5], "guess": [12.5, 12.5]}
    places = [x for x, _ in drawn.lines(ax)["two"]]
    assert places == pytest.approx([2, 4])
    ranges = [[list(s[:, 1]) for s in each.get_segments()] for each in ax.collections]
    assert ranges == [[[25, 50], [50, 75]], [[50, 75], [25, 50]]]
    assert [drawn.color(line) for line in ax.lines[:2]] == [figures.BLUE, figures.ORANGE]
    assert [drawn.legend(figure)[label] for label in ("one", "two")] == [
        figures.BLUE,
        figures.ORANGE,
    ]
    for line, each in zip(ax.lines, ax.collections, strict=False):
        np.testing.assert_allclose(each.get_color()[0][:3], to_rgb(line.get_color()))
    assert drawn.ticks(ax.xaxis) == {2: "2", 4: "4"}
    assert "labelled words" in ax.get_xlabel() and "%" in ax.get_ylabel()
    assert ax.get_ylim() == (0, 100)


def test_a_confusion_has_a_row_for_each_class_of_words_and_a_column_for_each_answer():
    shares = np.array([[0.75, 0.25], [0.0, 1.0]])
    (ax,) = figures.confusion(["job", "<unk>"], shares).axes
    (image,) = ax.images
    np.testing.assert_array_equal(image.get_array(), 100 * shares)
    at = {text.get_position(): text.get_text() for text in ax.texts}
    assert at == {(0, 0): "75", (1, 0): "25", (0, 1): "0", (1, 1): "100"}
    assert [t.get_color() for t in ax.texts] == ["white", "black", "black", "white"]
    assert drawn.ticks(ax.xaxis) == drawn.ticks(ax.yaxis) == {0: "job", 1: "<unk>"}
    assert ax.get_xlabel() == "answer of the classifier"
    assert ax.get_ylabel() == "class of the word"
    assert ax.yaxis_inverted()  # the first class on top


def test_overlap_curves_are_in_percent_at_the_counts_where_their_groups_begin():
    shares = {"center": SHARES, "sum": 1 - SHARES}
    figure = figures.overlap_curves([10, 20, 40], shares, 7)
    (ax,) = figure.axes
    for label, xy in drawn.lines(ax).items():
        np.testing.assert_allclose(xy, np.c_[[10, 20, 40], 100 * shares[label]])
    assert drawn.legend(figure) == {"center": figures.BLUE, "sum": figures.ORANGE}
    assert drawn.colors(ax.lines) == drawn.legend(figure)
    assert drawn.ticks(ax.xaxis) == {10: "10", 20: "20", 40: "40"}
    assert ax.get_ylim()[0] == 0
    assert "occurrences" in ax.get_xlabel()
    assert ax.get_ylabel() == "% of the 7 nearest kept"


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
