"""A layer that moves over a figure is where the figure says."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from w2v_lesson import figures
from w2v_lesson.figures.backdrop import Backdrop


@pytest.fixture
def backdrop():
    fig, ax = figures.figure(4, 2)
    ax.set(xlim=(0, 10), ylim=(0, 1))
    return Backdrop(fig, "empty <axes>")


def numbers(svg, *names):
    """Values of attributes of the first element."""
    return [float(re.search(rf' {name}="([-\d.]+)"', svg)[1]) for name in names]


def test_a_page_that_draws_the_axes_knows_their_ends_ticks_and_names():
    fig, ax = figures.figure(4, 2)
    ax.set_xticks([-2, -1, 0, 2])
    ax.set_yticks([0.5], ["half"])
    ax.set(xlim=(-1.5, 2.5), ylim=(0, 1), xlabel="logit", ylabel="loss")
    frame = Backdrop(fig, "empty").frame()
    x = {
        "from": -1.5,
        "to": 2.5,
        "ticks": [(-1, "−1"), (0, "0"), (2, "2")],
        "name": "logit",
    }
    assert frame["x"] == x
    assert frame["y"] == {"from": 0, "to": 1, "ticks": [(0.5, "half")], "name": "loss"}


def test_points_lie_where_the_figure_has_them(backdrop):
    box = backdrop._axes[0].bbox
    corner = numbers(backdrop.points([0], [0], "red"), "cx", "cy")
    assert corner == pytest.approx([box.x0, 200 - box.y0], abs=0.06)
    corner = numbers(backdrop.points([10], [1], "red"), "cx", "cy")
    assert corner == pytest.approx([box.x1, 200 - box.y1], abs=0.06)


def test_places_are_where_the_picture_was_painted():
    """A dot that matplotlib draws and the same dot in a layer are at the same pixel."""
    fig, ax = figures.figure(4, 2)
    ax.set(xlim=(0, 10), ylim=(0, 1))
    ax.plot([3], [0.4], "s", color="#ff0000", ms=3)
    backdrop = Backdrop(fig, "a red dot")
    encoded = re.search(r"base64,([^\"]+)", backdrop.html)[1]
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded))).convert("RGB"))
    red = np.argwhere((pixels[..., 0] > 200) & (pixels[..., 1] < 50))
    painted = red.mean(axis=0)[::-1] / 2  # twice as fine as on the page
    assert numbers(backdrop.points([3], [0.4], "red"), "cx", "cy") == pytest.approx(
        painted, abs=1
    )


def test_everything_that_moves_has_the_color_and_size_that_it_is_given(backdrop):
    line = backdrop.line([0, 1], [0, 1], "red", width=3)
    assert 'stroke="red"' in line and numbers(line, "stroke-width") == [3]
    dots = backdrop.points([0, 1], [0, 1], "red", radius=7)
    assert re.findall('r="(.*?)" fill="(.*?)"', dots) == [("7", "red")] * 2
    assert backdrop.points([0], [0], "red", marker="s").endswith('fill="red"/>')
    bars = backdrop.bars([1, 2], [0.5, 0.5], ["red", "blue"])
    assert re.findall('fill="(.*?)"', bars) == ["red", "blue"]
    cells = backdrop.cells([1, 2], [0, 0], ["red", "blue"])
    assert re.findall('fill="(.*?)"', cells) == ["red", "blue"]
    text = backdrop.texts([1], [0], ["word"], color="red", anchor="end")
    assert 'fill="red"' in text and 'text-anchor="end"' in text
    arrow = backdrop.arrow((0, 0), (1, 1), "red", width=4)
    assert re.findall('(?:stroke|fill)="(.*?)"', arrow) == ["red", "red"]
    assert numbers(arrow, "stroke-width") == [4]


def test_a_log_axis_is_followed():
    fig, ax = figures.figure(4, 2)
    ax.set(xscale="log", xlim=(1, 100), ylim=(0, 1))
    backdrop = Backdrop(fig, "a log axis")
    x = [numbers(backdrop.points([v], [0], "red"), "cx")[0] for v in (1, 10, 100)]
    assert x[1] - x[0] == pytest.approx(x[2] - x[1], abs=0.2)


def test_bars_stand_on_zero(backdrop):
    bar = backdrop.bars([5], [0.5], ["red"], width=2)
    y, width, height = numbers(bar, "y", "width", "height")
    box = backdrop._axes[0].bbox
    assert width == pytest.approx(box.width * 0.2, abs=0.2)
    assert height == pytest.approx(box.height / 2, abs=0.2)
    assert y + height == pytest.approx(200 - box.y0, abs=0.2)


def test_a_layer_has_the_size_of_the_figure_and_says_its_state_escaped(backdrop):
    layer = backdrop.layer("t <is> 1", backdrop.texts([1], [0.5], ["<unk>"]))
    assert numbers(layer, "width", "height") == [400, 200]
    assert 'aria-label="t &lt;is&gt; 1"' in layer
    assert "&lt;unk&gt;" in layer and "<unk>" not in layer


def test_an_arrow_ends_where_it_should_and_may_have_no_length(backdrop):
    arrow = backdrop.arrow((0, 0), (10, 1), "red")
    box = backdrop._axes[0].bbox
    ends = numbers(arrow, "x1", "y1", "x2", "y2")
    assert ends == pytest.approx([box.x0, 200 - box.y0, box.x1, 200 - box.y1], abs=0.06)
    head = re.search(r'polygon points="([^"]+)"', arrow)[1].split()
    left, tip, right = np.array([corner.split(",") for corner in head], float)
    np.testing.assert_allclose(tip, ends[2:], atol=0.06)
    way = np.array(ends[2:]) - ends[:2]
    back = (left + right) / 2 - tip  # straight back along the same path
    assert back @ way < 0 and abs(np.cross(back, way)) < 0.1 * np.linalg.norm(way)
    assert (left - right) @ way == pytest.approx(0, abs=0.2 * np.linalg.norm(way))
    assert "nan" not in backdrop.arrow((1, 1), (1, 1), "red")


def test_cells_fill_the_axes(backdrop):
    cells = backdrop.image(np.zeros((3, 4, 3)))
    box = backdrop._axes[0].bbox
    assert numbers(cells, "x", "y", "width", "height") == pytest.approx(
        [box.x0, 200 - box.y1, box.width, box.height], abs=0.06
    )
    encoded = re.search(r"base64,([^\"]+)", cells)[1]
    picture = Image.open(io.BytesIO(base64.b64decode(encoded)))
    assert picture.size == (4, 3) and picture.getextrema() == ((0, 0),) * 3


def test_a_line_goes_through_its_points(backdrop):
    line = backdrop.line([0, 5, 10], [0, 1, 0], "red", dash="6 4")
    points = re.search(r'points="([^"]+)"', line)[1].split()
    assert len(points) == 3
    assert 'stroke-dasharray="6 4"' in line


@pytest.mark.parametrize("upside_down", [False, True])
def test_cells_lie_around_their_points(backdrop, upside_down):
    if upside_down:  # as the axes of a picture are
        backdrop._axes[0].invert_yaxis()
    cell = backdrop.cells([5], [0.5], ["red"], width=2, height=0.5, edge="blue")
    x, y, width, height = numbers(cell, "x", "y", "width", "height")
    box = backdrop._axes[0].bbox
    assert width == pytest.approx(box.width * 0.2, abs=0.2)
    assert height == pytest.approx(box.height / 2, abs=0.2)
    assert x + width / 2 == pytest.approx(box.x0 + box.width / 2, abs=0.2)
    assert y + height / 2 == pytest.approx(200 - box.y0 - box.height / 2, abs=0.2)
    assert 'fill="red" stroke="blue"' in cell


@pytest.mark.parametrize("marker, corner", [("s", (1, 1)), ("D", (1, 0))])
def test_marks_other_than_dots_lie_around_their_points(backdrop, marker, corner):
    dot = numbers(backdrop.points([5], [0.5], "red"), "cx", "cy")
    mark = backdrop.points([5], [0.5], "red", radius=4, marker=marker)
    text = re.search(r'points="([^"]+)"', mark)[1]
    corners = np.array([pair.split(",") for pair in text.split()], float)
    assert len(corners) == 4
    np.testing.assert_allclose(corners.mean(axis=0), dot, atol=0.1)
    expected = dot + 5 * np.array(corner) / np.linalg.norm(corner)
    np.testing.assert_allclose(corners[0], expected, atol=0.1)


def test_a_text_lies_at_its_point_or_some_pixels_below(backdrop):
    x, y = numbers(backdrop.texts([5], [0.5], ["word"]), "x", "y")
    assert [x, y] == numbers(backdrop.points([5], [0.5], "red"), "cx", "cy")
    assert numbers(backdrop.texts([5], [0.5], ["word"], down=4), "y") == [y + 4]
