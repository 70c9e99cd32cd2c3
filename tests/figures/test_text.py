"""Figures of the text say what each word, curve, and cell is."""

import drawn
import matplotlib.colors
import numpy as np

from w2v_lesson import figures
from w2v_lesson.figures.drawings import ROLE_COLORS

SHARES, KEEP = np.array([0.2, 0.001, 0.4]), np.array([0.3, 1.0, 0.2])
CURVE = [[0.001, 1.0], [0.2, 0.3], [0.4, 0.2]]  # by share


def assert_axes_of_keeping(ax):
    assert ax.get_xscale() == "log"
    assert ax.get_xlabel() == "share of all words in the text"
    assert ax.get_ylabel() == "keep probability"
    assert ax.get_ylim()[0] == 0 and ax.get_ylim()[1] > 1


def test_keep_curve_goes_by_share_and_names_the_words_at_their_points():
    (ax,) = figures.keep_curve(SHARES, KEEP, {"the": 2, "us$": 0}).axes
    curve, *dots = ax.lines
    assert curve.get_xydata().tolist() == CURVE
    assert [dot.get_xydata().tolist() for dot in dots] == [[[0.4, 0.2]], [[0.2, 0.3]]]
    assert [drawn.color(line) for line in ax.lines] == [
        figures.BLUE,
        figures.ORANGE,
        figures.ORANGE,
    ]
    names = {text.get_text(): text.xy for text in ax.texts}
    assert names == {"the": (0.4, 0.2), "us$": (0.2, 0.3)}
    assert_axes_of_keeping(ax)


def test_keep_frame_has_a_curve_for_comparison_and_names_the_dots_to_come():
    figure = figures.keep_frame(SHARES, KEEP, "t = 1e-04")
    (ax,) = figure.axes
    assert drawn.lines(ax)["t = 1e-04"] == CURVE
    assert drawn.legend(figure) == {
        "t = 1e-04": figures.GRAY,
        "kept word": figures.BLUE,
        "dropped word": figures.ORANGE,
    }
    (size,) = {h.get_markersize() for h in ax.lines if h.get_label() == "kept word"}
    assert (
        size > next(h for h in ax.lines if h.get_label() == "dropped word").get_markersize()
    )
    assert_axes_of_keeping(ax)


def test_survival_bars_mark_dropped_words_by_sign_hatch_and_color_and_show_the_numbers():
    figure = figures.survival_bars(["a", "chip", "$"], [0.1, 0.9, 1.0], [0.5, 0.4, 0])
    (ax,) = figure.axes
    assert drawn.ticks(ax.xaxis) == {0: "× a", 1: "chip", 2: "$"}
    assert [bar.get_height() for bar in ax.patches] == [0.1, 0.9, 1.0]
    assert [bar.get_hatch() for bar in ax.patches] == ["///", "", ""]
    assert [drawn.color(bar) for bar in ax.patches] == [
        figures.ORANGE,
        figures.BLUE,
        figures.BLUE,
    ]
    assert drawn.lines(ax) == {"random number": [[0, 0.5], [1, 0.4], [2, 0]]}
    assert drawn.legend(figure) == {"random number": "#000000"}
    assert ax.get_ylabel() == "keep probability"


def test_window_marks_center_contexts_and_noise_words_in_the_order_of_the_sentence():
    (ax,) = figures.window(["a", "b", "c", "d"], 1, [0, 2], ["x", "y"]).axes
    colors = {
        t.get_text(): matplotlib.colors.to_hex(t.get_bbox_patch().get_facecolor()).upper()
        for t in ax.texts
    }
    assert colors == {
        "a": figures.BLUE,
        "b": figures.ORANGE,
        "c": figures.BLUE,
        "d": figures.LIGHT,
        "x": figures.GREEN,
        "y": figures.GREEN,
    }
    at = drawn.placed(ax)
    assert sorted("abcd", key=lambda word: at[word]) == list("abcd")
    assert {at[word][1] for word in "abcd"} > {at["x"][1]} or at["x"][1] < at["a"][1]
    for line, word in zip(ax.lines, "xy", strict=True):  # from the center to its noise
        (above, below) = line.get_xydata()
        assert above[0] == at["b"][0] and below[0] == at[word][0]
        assert at["b"][1] > above[1] > below[1] > at[word][1]
        assert drawn.color(line) == figures.GREEN
    # The noise words share the width: each in the middle of its half.
    assert ax.get_xlim() == (0, 4)
    assert [at[word][0] for word in "xy"] == [1, 3]


def test_noise_curves_rank_the_words_and_leave_out_those_without_a_count():
    counts = np.array([5, 0, 9])
    curves = {"noise": np.array([0.4, 0.0, 0.6]), "text": np.array([0.3, 0.0, 0.7])}
    figure = figures.noise_curves(counts, curves)
    (ax,) = figure.axes
    assert drawn.lines(ax) == {"noise": [[1, 0.6], [2, 0.4]], "text": [[1, 0.7], [2, 0.3]]}
    looks = {"noise": figures.ORANGE, "text": figures.BLUE}
    assert drawn.legend(figure) == drawn.colors(ax.lines) == looks
    assert ax.get_xlabel() == "rank of the word (1 = most frequent)"
    assert ax.get_ylabel() == "probability of being drawn"
    assert ax.get_xscale() == ax.get_yscale() == "log"


def test_a_curve_that_will_move_is_in_the_legend_only():
    curves = {"noise": np.array([0.3, 0.7])}
    figure = figures.noise_curves(np.array([5, 9]), curves, moving="slider")
    assert drawn.legend(figure) == {"noise": figures.ORANGE, "slider": "#000000"}
    assert drawn.lines(figure.axes[0])["slider"] == []


# Minibatches

KINDS = {"context": (1, 1), "noise word": (1, 0), "padding": (0, 0)}  # mask, label
LEGEND = {
    "context": figures.BLUE,
    "noise word": figures.GREEN,
    "padding": ROLE_COLORS["padding"],
}


def test_cells_have_the_colors_that_the_legend_names():
    for kind, (mask, label) in KINDS.items():
        ((cell,),) = figures.cell_colors(np.array([[mask]]), np.array([[label]]), (1, 1))
        assert matplotlib.colors.to_hex(cell / 255).upper() == LEGEND[kind]


def test_minibatches_tell_contexts_noise_words_and_padding_apart():
    masks, labels = np.array([[1.0, 1, 1, 0]]), np.array([[1.0, 0, 0, 0]])
    figure = figures.minibatches({"a": (masks, labels)})
    (ax,) = figure.axes
    kinds = [figures.BLUE, figures.GREEN, figures.GREEN, LEGEND["padding"]]
    shown = np.asarray(ax.images[0].get_array())[0] / 255
    assert [matplotlib.colors.to_hex(c).upper() for c in shown] == kinds
    assert drawn.legend(figure) == LEGEND
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("position in the row", "example")


def test_minibatches_are_as_wide_as_the_widest_and_white_beyond_their_cells():
    narrow, wide = (np.ones((2, 3)),) * 2, (np.ones((2, 5)),) * 2
    left, right = figures.minibatches({"narrow": narrow, "wide": wide}).axes
    assert (left.get_title(), right.get_title()) == ("narrow", "wide")
    assert left.get_xlim() == right.get_xlim() == (-0.5, 4.5)
    assert (np.asarray(left.images[0].get_array())[:, 3:] == 255).all()


def test_the_frame_of_minibatches_is_theirs_without_cells():
    figure = figures.minibatch_frame(["narrow", "wide"], (2, 5))
    assert [ax.get_xlim() for ax in figure.axes] == [(-0.5, 4.5)] * 2
    batches = dict.fromkeys(["narrow", "wide"], (np.ones((2, 5)),) * 2)
    full = figures.minibatches(batches)
    for ax, other in zip(figure.axes, full.axes, strict=True):
        assert ax.get_ylim() == other.get_ylim()
        assert ax.get_title() == other.get_title()
        assert (ax.get_xlabel(), ax.get_ylabel()) == (
            other.get_xlabel(),
            other.get_ylabel(),
        )
        assert not ax.images
    assert drawn.legend(figure) == LEGEND


def test_cells_of_a_batch_with_fewer_rows_leave_the_rest_white():
    colors = figures.cell_colors(np.ones((1, 2)), np.zeros((1, 2)), (2, 2))
    assert colors.dtype == np.uint8
    assert colors[0].tolist() == [[0, 122, 89]] * 2  # the green of noise words
    assert colors[1].tolist() == [[255, 255, 255]] * 2
