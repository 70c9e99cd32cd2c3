"""Figures of tables and shapes say which row, number or shape is where."""

import drawn
import matplotlib.colors
import numpy as np

from w2v_lesson import figures

RNG = np.random.default_rng(0)
SHAPES = {
    "center": (2, 1),
    "contexts_and_negatives": (2, 3),
    "v": (2, 1, 4),
    "u": (2, 3, 4),
    "scores": (2, 1, 3),
}


def test_lookup_shows_the_table_and_the_rows_asked_for():
    table = RNG.normal(size=(6, 4))
    left, right, bar = figures.lookup(table, [5, 0, 0, 1]).axes
    np.testing.assert_array_equal(left.images[0].get_array(), table)
    np.testing.assert_array_equal(right.images[0].get_array(), table[[5, 0, 0, 1]])
    assert left.images[0].get_clim() == right.images[0].get_clim()
    low, high = left.images[0].get_clim()
    assert low == -high  # symmetric, so white is zero
    assert (left.get_title(), right.get_title()) == ("table", "what the lookup returns")
    assert left.get_xlabel() == right.get_xlabel() == "dimension"
    assert left.get_ylabel() == "row = word index"
    assert right.get_ylabel() == "word index looked up"
    assert drawn.ticks(right.yaxis) == {0: "5", 1: "0", 2: "0", 3: "1"}
    marked = [drawn.color(label) == figures.ORANGE for label in left.get_yticklabels()]
    assert marked == [True, True, False, False, False, True]
    assert bar.get_ylabel() == "weight"


def cells(ax):
    """Color of each cell by its (column, row)."""
    return {
        (round(p.get_x() + 0.5), round(p.get_y() + 0.5)): drawn.color(p).lower()
        for p in ax.patches
    }


def test_a_table_with_room_has_its_numbers_in_cells_of_their_colors():
    table = np.array([[0.5, -0.5], [0.001, -0.001], [0.0, 0.25]])
    (ax,) = figures.table_with_room(table).axes
    fills, inks = figures.weight_colors(table.ravel(), 0.5)
    expected = dict(zip(np.ndindex(3, 2), fills, strict=True))
    assert cells(ax) == {(j, i): color for (i, j), color in expected.items()}
    at = {t.get_position(): t for t in ax.texts}
    numbers = {(i, j): at[j, i].get_text() for i, j in np.ndindex(3, 2)}
    assert list(numbers.values()) == ["0.50", "-0.50", "0.00", "0.00", "0.00", "0.25"]
    assert [at[j, i].get_color() for i, j in np.ndindex(3, 2)] == inks
    titles = drawn.placed(ax)
    assert titles["table"][0] < 2 and 6 <= titles["what the lookup returns"][0] < 8
    assert ax.get_xlim()[1] >= 2 + 4 + 1  # there is room for two more columns
    assert drawn.ticks(ax.xaxis) == {0: "0", 1: "1", 6: "0", 7: "1"}
    assert ax.yaxis_inverted()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("dimension", "row = word index")


def test_weights_are_red_above_and_blue_below_0_and_can_be_read():
    fills, inks = figures.weight_colors([-2.0, 0.0, 2.0], 2.0)
    (low, middle, high) = (matplotlib.colors.to_rgb(c) for c in fills)
    assert low[2] > low[0] and high[0] > high[2]
    assert min(middle) > 0.9
    assert inks == ["black"] * 3  # in a dark theme, where figures are inverted, too
    assert min(figures.style.contrast("black", fill) for fill in fills) > 7


def test_the_flow_of_shapes_goes_down_from_the_inputs_to_the_scores():
    (ax,) = figures.shape_flow(SHAPES).axes
    at = drawn.placed(ax)
    flows = [
        ("center", "look up in embed_v", "batch_dot", "scores"),
        ("contexts_and_negatives", "look up in embed_u", "batch_dot", "scores"),
    ]
    for flow in flows:
        heights = [at[box][1] for box in flow]
        assert heights == sorted(heights, reverse=True)
        assert len({at[box][0] < 0.45 for box in flow[:2]}) == 1  # one above the other
    boxes = {
        (p.get_x() + p.get_width() / 2, p.get_y() + p.get_height() / 2): p
        for p in ax.patches
    }
    for name in figures.SHAPE_BOXES:
        (box,) = (b for c, b in boxes.items() if np.allclose(c, at[name]))
        is_array = name in SHAPES
        assert drawn.color(box) == ("#FFFFFF" if is_array else figures.BLUE)
        (text,) = (t for t in ax.texts if t.get_text() == name)
        assert figures.contrast(text.get_color(), drawn.color(box)) >= 4.5
    arrows = [t for t in ax.texts if not t.get_text()]
    assert len(arrows) == len(SHAPES)
    assert all(arrow.xy[1] < arrow.xyann[1] for arrow in arrows)  # they point down
    for *_, axes in figures.SHAPE_PLACES.values():  # each text has its arrow at its left
        x, y = at[axes]
        beside = [a for a in arrows if 0 < x - a.xy[0] < 0.1 and a.xy[0] == a.xyann[0]]
        assert sum(arrow.xy[1] < y < arrow.xyann[1] for arrow in beside) == 1


def test_the_flow_of_shapes_has_each_shape_over_the_names_of_its_axes_or_leaves_room():
    at = drawn.placed(figures.shape_flow(SHAPES).axes[0])
    said = {name: figures.shape_text(name, shape) for name, shape in SHAPES.items()}
    assert list(said.values()) == [
        "(2, 1)",
        "(2, 3)",
        "v (2, 1, 4)",
        "u (2, 3, 4)",
        "(2, 1, 3)",
    ]
    axes = {
        "center": "(batch, 1)",
        "contexts_and_negatives": "(batch, max_len)",
        "v": "(batch, 1, embed_size)",
        "u": "(batch, max_len, embed_size)",
        "scores": "(batch, 1, max_len)",
    }
    for name, text in said.items():
        (x, y), (below_x, below_y) = at[text], at[axes[name]]
        assert x == below_x and 0 < y - below_y < 0.1
    assert at["v (2, 1, 4)"][1] < at["look up in embed_v"][1]
    assert at["v (2, 1, 4)"][0] < at["u (2, 3, 4)"][0]
    without = drawn.placed(figures.shape_flow().axes[0])
    assert set(at) - set(without) == set(said.values())
