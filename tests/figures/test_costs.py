"""Figures of costs say which cost belongs to what."""

import drawn
import numpy as np

from w2v_lesson import figures


def test_cost_bars_have_the_first_on_top_with_its_value_beside_it():
    (ax,) = figures.cost_bars({"copy": 52.0, "<unk>": 0.5, "draw": 7.25}, "ms a step").axes
    assert drawn.ticks(ax.yaxis) == {0: "copy", 1: "<unk>", 2: "draw"}
    assert [bar.get_width() for bar in ax.patches] == [52, 0.5, 7.25]
    assert [round(bar.get_y() + bar.get_height() / 2) for bar in ax.patches] == [0, 1, 2]
    assert ax.yaxis_inverted()  # 0 is on top
    beside = {text: (x, y) for text, (x, y) in drawn.placed(ax).items()}
    assert {text: y for text, (_, y) in beside.items()} == {"52": 0, "0.5": 1, "7.2": 2}
    assert all(x > float(text) for text, (x, _) in beside.items())
    assert ax.get_xlim()[0] == 0 and ax.get_xlim()[1] > 52
    assert ax.get_xlabel() == "ms a step"
    assert ax.get_legend() is None


def test_cost_bars_of_several_rounds_end_at_the_median_and_a_line_shows_the_range():
    rounds = {"copy": [60.0, 50.0, 52.0], "draw": [7.0]}
    figure = figures.cost_bars(rounds, "ms a step")
    (ax,) = figure.axes
    assert [bar.get_width() for bar in ax.patches] == [52, 7]
    (bars,) = ax.collections
    assert [segment[:, 0].tolist() for segment in bars.get_segments()] == [[50, 60], [7, 7]]
    assert drawn.texts(figure).count("from the fastest to the slowest") == 1
    assert drawn.placed(ax)["52"][0] > 60


def test_steps_on_machines_have_a_panel_for_each_way_and_a_line_for_each_single_machine():
    panels = {
        "tables": {"1 Gbit/s": np.array([50.0, 60]), "10 Gbit/s": np.array([12.0, 14])},
        "rows": {"1 Gbit/s": np.array([20.0, 25]), "10 Gbit/s": np.array([9.0, 9.5])},
    }
    alone = {"one machine": 8.0, "one fast machine": 2.0}
    figure = figures.steps_on_machines([2, 4], panels, alone)
    left, right = figure.axes
    assert [left.get_title(), right.get_title()] == ["tables", "rows"]
    for ax, curves in zip(figure.axes, panels.values(), strict=True):
        found = drawn.lines(ax)
        for label, time in alone.items():
            assert {time} == {y for _, y in found.pop(label)}
        assert found == {
            label: [[2, times[0]], [4, times[1]]] for label, times in curves.items()
        }
        assert drawn.colors(ax.lines) == {
            "1 Gbit/s": figures.ORANGE,
            "10 Gbit/s": figures.BLUE,
            "one machine": "#000000",
            "one fast machine": "#000000",
        }
        assert [line.get_linestyle() for line in ax.lines[-2:]] == ["--", "-"]
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("machines", "ms a step")
        assert drawn.ticks(ax.xaxis) == {2: "2", 4: "4"}
        assert ax.get_xscale() == ax.get_yscale() == "log"
    assert drawn.legend(figure) == drawn.colors(left.lines)
    assert left.get_ylim() == right.get_ylim()
