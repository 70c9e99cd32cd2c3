"""Figures of neighbors say which cosine belongs to which word, and the map where each word is."""

import drawn
import numpy as np

from w2v_lesson import figures
from w2v_lesson.vectors import Neighbor

NEIGHBORS = [
    Neighbor("chips", 0.8, 12),
    Neighbor("<unk>", 0.5, 1234567),
    Neighbor("$", -0.2, 3),
    Neighbor("N", 0.1, 0),
]


def test_neighbor_bars_have_the_nearest_on_top_and_name_value_and_count():
    (ax,) = figures.neighbor_bars("chip", NEIGHBORS).axes
    assert drawn.ticks(ax.yaxis) == {0: "chips", 1: "<unk>", 2: "$", 3: "N"}
    assert [bar.get_width() for bar in ax.patches] == [0.8, 0.5, -0.2, 0.1]
    assert [round(bar.get_y() + bar.get_height() / 2) for bar in ax.patches] == [0, 1, 2, 3]
    assert ax.yaxis_inverted()
    assert {text.strip(): y for text, (_, y) in drawn.placed(ax).items()} == {
        "0.80   seen 12 times": 0,
        "0.50   seen 1,234,567 times": 1,
        "-0.20   seen 3 times": 2,
        "0.10": 3,
    }
    assert ax.get_xlabel() == "cosine similarity to “chip”"
    assert ax.get_xlim()[0] <= -0.2


def test_compared_neighbors_are_marked_where_both_lists_have_them():
    lists = {"one": NEIGHBORS, "two": NEIGHBORS[2:] + [Neighbor("x", 0.05, 1)]}
    axes = figures.compare_neighbors(lists).axes
    for ax, (title, found) in zip(axes, lists.items(), strict=True):
        both = [neighbor.word in ("$", "N") for neighbor in found]
        assert ax.get_title() == title
        assert list(drawn.ticks(ax.yaxis).values()) == [n.word for n in found]
        assert [bar.get_width() for bar in ax.patches] == [n.cosine for n in found]
        assert ax.yaxis_inverted()
        said = {round(t.get_position()[1]): t.get_text().strip() for t in ax.texts}
        assert list(said.values()) == [
            f"{n.cosine:.2f}" + " ● both" * each
            for n, each in zip(found, both, strict=True)
        ]
        assert list(said) == list(range(len(found)))
        assert [drawn.color(bar) for bar in ax.patches] == [
            figures.BLUE if each else figures.ORANGE for each in both
        ]
        assert ax.get_xlabel() == "cosine similarity"


def test_word_map_puts_each_word_at_its_point_and_names_groups_and_axes():
    points = np.array([[0.0, 1], [2, 3], [4, 5]])
    figure = figures.word_map(["a", "b", "c"], points, ["x", "y", "x"], [0.51, 0.2])
    (ax,) = figure.axes
    # The words are moved apart a little: each is still nearest to its own point.
    for word, point in zip("abc", points, strict=True):
        (label,) = (text for text in ax.texts if text.get_text() == word)
        distances = np.linalg.norm(points - label.get_position(), axis=1)
        assert (points[distances.argmin()] == point).all()
    groups = {c.get_label(): c.get_offsets().tolist() for c in ax.collections}
    assert groups == {"x": [[0, 1], [4, 5]], "y": [[2, 3]]}
    assert drawn.legend(figure) == drawn.colors(ax.collections)
    assert len(set(drawn.legend(figure).values())) == 2
    assert ax.get_xlabel() == "first component (51% of the variance)"
    assert ax.get_ylabel() == "second component (20%)"


def test_word_map_is_the_same_each_time_and_uses_no_global_seed():
    points = np.random.default_rng(0).normal(size=(12, 2)) / 50
    words, groups = [f"word{i}" for i in range(12)], ["x"] * 12
    state = np.random.get_state()[1].copy()
    maps = [figures.word_map(words, points, groups, [0.5, 0.2]) for _ in range(2)]
    places = [[text.get_position() for text in m.axes[0].texts] for m in maps]
    assert places[0] == places[1]
    np.testing.assert_array_equal(np.random.get_state()[1], state)
