"""Figures have labels, leave nothing behind, and carry a text for those who cannot see."""

import base64
import html.parser
import warnings
from types import SimpleNamespace

import matplotlib.figure
import numpy as np
import pytest
from matplotlib import pyplot

from w2v_lesson import figures
from w2v_lesson.figures import style
from w2v_lesson.vectors import Neighbor


def records(num_epochs=2, heldout=True):
    """Four records an epoch; the held-out loss is lowest after the first."""
    made = []
    for i in range(1, 4 * num_epochs + 1):
        end = i % 4 == 0
        epoch_loss = 0.75 - i / 64 if end else None
        heldout_loss = 0.5 + i / 64 if end and heldout else None
        made.append(
            SimpleNamespace(
                epoch=i / 4,
                loss=0.75 - i / 32,
                epoch_loss=epoch_loss,
                heldout_loss=heldout_loss,
                centers_per_second=900.0,
                seconds_left=12.3,
            )
        )
    return made


NEIGHBOURS = [
    Neighbor("chips", 0.8, 12),
    Neighbor("<unk>", 0.5, 1234567),
    Neighbor("$", -0.2, 3),
    Neighbor("N", 0.1, 1),
]
RNG = np.random.default_rng(0)
SHARES = np.array([0.2, 0.001, 0.4])
FIGURES = {
    "steps_on_machines": (
        [2, 4],
        {
            "tables": {"1 Gbit/s": np.array([50.0, 60.0])},
            "rows": {"1 Gbit/s": np.array([20.0, 25.0])},
        },
        8.0,
    ),
    "keep_curve": (SHARES, np.array([0.3, 1.0, 0.2]), {"the": 2, "us$": 0}),
    "keep_frame": (SHARES, np.array([0.3, 1.0, 0.2]), "t = 1e-04"),
    "survival_bars": (["the", "<unk>", "$", "$"], [0.1, 0.5, 1.0, 0.0], [0.2, 0.4, 0, 1]),
    "window": (["a", "b", "c", "$", "$"], 1, [0, 2], ["x", "y", "<unk>"]),
    "noise_curves": (np.array([5, 0, 9]), {"noise": SHARES, "text": SHARES}),
    "minibatches": (
        {
            "ours": (np.ones((4, 6)), np.eye(4, 6)),
            "source's": (np.ones((4, 9)), np.eye(4, 9)),
        },
    ),
    "minibatch_frame": (["ours", "source's"], (4, 9)),
    "table_with_room": (RNG.normal(size=(20, 4)),),
    "shape_flow": (
        {
            "center": (2, 1),
            "contexts_and_negatives": (2, 3),
            "v": (2, 1, 4),
            "u": (2, 3, 4),
            "scores": (2, 1, 3),
        },
    ),
    "shadow_plane": (RNG.normal(size=(5, 3, 2)),),
    "one_step": (
        ["chip", "$", "<unk>"],
        ["center", "context", "noise word"],
        RNG.normal(size=(3, 2)),
        RNG.normal(size=(3, 2)),
    ),
    "lookup": (RNG.normal(size=(20, 4)), [1, 2, 3, 1]),
    "pair_losses": (
        np.linspace(-5, 5, 9),
        {"y = 1": np.ones(9), "y = 0": np.ones(9)},
        [(2, 1.0, 0.5), (-1, 1.0, -0.5)],
    ),
    "loss_curve": (records(), 2),
    "compare_runs": ({"run 1": records(), "run 2": records(3, heldout=False)}, 3),
    "epoch_losses": ({"once": records(), "afresh": records(3)}, 0.45),
    "intervals": ({"chair": (0.3, 0.2, 0.4), "<unk>": (-0.1, -0.1, 0.1)}, "difference"),
    "learning_curves": (
        [2, 4],
        {"one": RNG.uniform(size=(2, 3)), "two": np.ones((2, 1))},
        1 / 6,
    ),
    "confusion": (["job", "<unk>"], np.array([[0.75, 0.25], [0.0, 1.0]])),
    "overlap_curves": ([10, 20, 40], {"center": SHARES, "sum": SHARES}, 10),
    "cost_bars": ({"copy": 52.0, "<unk>": 0.5}, "ms a step"),
    "neighbor_bars": ("chip", NEIGHBOURS),
    "compare_neighbors": ({"center": NEIGHBOURS, "context": NEIGHBOURS[1:]},),
    "word_map": (["a", "b", "$"], RNG.normal(size=(3, 2)), ["x", "y", "x"], [0.5, 0.2]),
}


def texts(figure):
    return [t.get_text() for t in figure.findobj(matplotlib.text.Text) if t.get_text()]


def test_every_function_that_draws_is_tested():
    tools = {
        "contrast",
        "text_on",
        "figure",
        "show",
        "to_html",
        "cell_colors",
        "weight_colors",
        "shape_text",
        "tangent",
    }
    own = {
        name
        for name, value in vars(figures).items()
        if getattr(value, "__module__", "").startswith(figures.__name__) and name[0] != "_"
    }
    assert own - tools == set(FIGURES)


@pytest.mark.parametrize("name", FIGURES)
def test_each_function_returns_a_labelled_figure_and_leaves_none_open(name):
    before = pyplot.get_fignums()
    figure = getattr(figures, name)(*FIGURES[name])
    assert type(figure) is matplotlib.figure.Figure
    assert pyplot.get_fignums() == before
    for ax in figure.axes:
        if ax.axison and ax.get_label() != "<colorbar>":
            assert ax.get_xlabel() or name == "survival_bars"  # the words say it
            assert ax.get_ylabel() or name in (
                "neighbor_bars",
                "compare_neighbors",
                "cost_bars",
                "intervals",
            )


@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_can_be_drawn_without_a_warning(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture = figures.to_html(getattr(figures, name)(*FIGURES[name]), "a picture")
    assert base64.b64decode(image_of(picture)["src"].split(",")[1])[:4] == b"\x89PNG"


@pytest.mark.parametrize("name", FIGURES)
def test_functions_do_not_change_what_they_draw(name):
    def arrays(value):
        if isinstance(value, np.ndarray):
            yield value
        elif isinstance(value, (list, tuple)):
            for each in value:
                yield from arrays(each)
        elif isinstance(value, dict):
            yield from arrays(list(value.values()))

    before = [array.copy() for array in arrays(FIGURES[name])]
    getattr(figures, name)(*FIGURES[name])
    for array, copy in zip(arrays(FIGURES[name]), before, strict=True):
        np.testing.assert_array_equal(array, copy)


# What the figures show


def test_loss_curve_shows_steps_epochs_held_out_loss_and_the_best_epoch():
    (ax,) = figures.loss_curve(records(), 2).axes
    lines = {line.get_label(): line.get_xydata().tolist() for line in ax.lines}
    assert lines.pop("training, by step")[0] == [0.25, 0.71875]
    assert lines.pop("training, mean of the epoch") == [[1, 0.6875], [2, 0.625]]
    assert lines.pop("held-out") == [[1, 0.5625], [2, 0.625]]
    assert lines.pop("lowest held-out: epoch 1") == [[1, 0.5625]]
    assert lines == {}
    assert ax.get_ylabel() == "loss (nats per pair)"


@pytest.mark.parametrize("made", [[], records()[:1], records(heldout=False)])
def test_loss_curve_of_a_training_just_begun_or_without_held_out_data(made):
    figure = figures.loss_curve(made, 2)
    assert not any("held-out" in text for text in texts(figure))
    assert figures.to_html(figure, "a curve")


def test_epoch_losses_star_the_lowest_held_out_loss_and_mark_the_guess():
    (ax,) = figures.epoch_losses({"once": records(), "afresh": records(3)}, 0.45).axes
    stars = [line.get_xydata().tolist() for line in ax.lines if line.get_marker() == "*"]
    assert stars == [[[1, 0.5625]]] * 2
    lines = {line.get_label(): line.get_xydata().tolist() for line in ax.lines}
    assert lines["once: training"] == [[1, 0.6875], [2, 0.625]]
    assert lines["afresh: held-out"] == [[1, 0.5625], [2, 0.625], [3, 0.6875]]
    assert [y for _, y in lines["always the same guess"]] == [0.45, 0.45]


def test_steps_on_machines_have_a_panel_for_each_way_and_a_line_for_one_machine():
    (left, right) = figures.steps_on_machines(*FIGURES["steps_on_machines"]).axes
    assert [left.get_title(), right.get_title()] == ["tables", "rows"]
    curve, alone = right.lines
    assert curve.get_xydata().tolist() == [[2, 20], [4, 25]]
    assert set(alone.get_ydata()) == {8}
    assert left.get_ylim() == right.get_ylim()


def test_intervals_have_the_first_on_top_and_a_line_at_0():
    (ax,) = figures.intervals(*FIGURES["intervals"]).axes
    ranges = [line.get_xdata() for line in ax.lines if line.get_marker() == "|"]
    assert [list(each) for each in ranges] == [[0.2, 0.4], [-0.1, 0.1]]
    values = [line.get_xydata().tolist() for line in ax.lines if line.get_marker() == "o"]
    assert values == [[[0.3, 0]], [[-0.1, 1]]]
    assert ax.yaxis_inverted()
    assert [t.get_text() for t in ax.get_yticklabels()] == ["chair", "<unk>"]
    assert ax.lines[-1].get_xdata() == [0, 0]


def test_learning_curves_show_means_and_ranges_in_percent_and_the_guess():
    draws = np.array([[0.25, 0.5], [0.5, 0.75]])
    (ax,) = figures.learning_curves([2, 4], {"one": draws}, 0.125).axes
    lines = {line.get_label(): line.get_ydata() for line in ax.lines}
    np.testing.assert_allclose(lines["one"], [37.5, 62.5])
    assert list(lines["guess"]) == [12.5, 12.5]
    (ranges,) = ax.collections
    assert [list(each[:, 1]) for each in ranges.get_segments()] == [[25, 50], [50, 75]]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["2", "4"]


def test_a_confusion_has_its_shares_in_percent_that_can_be_read_on_their_colors():
    (ax,) = figures.confusion(*FIGURES["confusion"]).axes
    assert [t.get_text() for t in ax.texts] == ["75", "25", "0", "100"]
    assert [t.get_color() for t in ax.texts] == ["white", "black", "black", "white"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["job", "<unk>"]


def test_overlap_curves_are_in_percent_at_the_counts_where_their_groups_begin():
    (ax,) = figures.overlap_curves(*FIGURES["overlap_curves"]).axes
    for line in ax.lines:
        np.testing.assert_allclose(line.get_xydata(), np.c_[[10, 20, 40], 100 * SHARES])
    assert [t.get_text() for t in ax.get_xticklabels()] == ["10", "20", "40"]
    assert ax.get_ylim()[0] == 0


def test_neighbor_bars_have_the_nearest_on_top_and_name_value_and_count():
    figure = figures.neighbor_bars("chip", NEIGHBOURS)
    (ax,) = figure.axes
    assert [patch.get_width() for patch in ax.patches] == [0.8, 0.5, -0.2, 0.1]
    assert ax.yaxis_inverted()
    assert {"0.80   seen 12 times", "0.50   seen 1,234,567 times"} <= set(texts(figure))
    assert ax.get_xlabel() == "cosine similarity to “chip”"
    assert ax.get_xlim()[0] <= -0.2


def test_compared_neighbors_are_marked_where_both_lists_have_them():
    figure = figures.compare_neighbors({"one": NEIGHBOURS, "two": NEIGHBOURS[2:]})
    one, two = figure.axes
    assert [ax.get_title() for ax in (one, two)] == ["one", "two"]
    marked = [["both" in t.get_text() for t in ax.texts] for ax in (one, two)]
    assert marked == [[False, False, True, True], [True, True]]
    colors = [{patch.get_facecolor() for patch in ax.patches} for ax in (one, two)]
    assert len(colors[0]) == 2 and len(colors[1]) == 1


def test_window_marks_center_contexts_and_noise_words():
    (ax,) = figures.window(["a", "b", "c", "d"], 1, [0, 2], ["x"]).axes
    colors = {
        t.get_text(): matplotlib.colors.to_hex(t.get_bbox_patch().get_facecolor())
        for t in ax.texts
    }
    expected = {
        "a": figures.BLUE,
        "b": figures.ORANGE,
        "c": figures.BLUE,
        "d": figures.LIGHT,
        "x": figures.GREEN,
    }
    assert colors == {word: color.lower() for word, color in expected.items()}


def test_minibatches_tell_contexts_noise_words_and_padding_apart():
    masks = np.array([[1.0, 1, 1, 0]])
    labels = np.array([[1.0, 0, 0, 0]])
    figure = figures.minibatches({"a": (masks, labels)})
    (ax,) = figure.axes
    kinds = [figures.BLUE, figures.GREEN, figures.GREEN, figures.LIGHT]
    shown = np.asarray(ax.images[0].get_array())[0] / 255
    assert [matplotlib.colors.to_hex(c) for c in shown] == [k.lower() for k in kinds]
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    assert legend == ["context", "noise word", "padding"]


def test_minibatches_are_as_wide_as_the_widest_and_white_beyond_their_cells():
    narrow, wide = (np.ones((2, 3)),) * 2, (np.ones((2, 5)),) * 2
    left, right = figures.minibatches({"narrow": narrow, "wide": wide}).axes
    assert left.get_xlim() == right.get_xlim() == (-0.5, 4.5)
    assert (np.asarray(left.images[0].get_array())[:, 3:] == 255).all()
    frame = figures.minibatch_frame(["narrow", "wide"], (2, 5)).axes
    assert [ax.get_xlim() for ax in frame] == [(-0.5, 4.5)] * 2
    assert frame[0].get_ylim() == left.get_ylim()


def test_cells_of_a_batch_with_fewer_rows_leave_the_rest_white():
    colors = figures.cell_colors(np.ones((1, 2)), np.zeros((1, 2)), (2, 2))
    assert colors.dtype == np.uint8
    assert colors[0].tolist() == [[0, 158, 115]] * 2  # the green of noise words
    assert colors[1].tolist() == [[255, 255, 255]] * 2


def test_survival_bars_mark_dropped_words_by_sign_and_hatch_and_show_the_numbers():
    (ax,) = figures.survival_bars(["a", "chip"], [0.1, 0.9], [0.5, 0.4]).axes
    assert [label.get_text() for label in ax.get_xticklabels()] == ["× a", "chip"]
    assert [bar.get_hatch() for bar in ax.patches] == ["///", ""]
    assert ax.lines[0].get_ydata().tolist() == [0.5, 0.4]


def test_noise_curves_rank_the_words_and_leave_out_those_without_a_count():
    counts = np.array([5, 0, 9])
    (ax,) = figures.noise_curves(counts, {"noise": np.array([0.3, 0.0, 0.7])}).axes
    assert ax.lines[0].get_xydata().tolist() == [[1, 0.7], [2, 0.3]]


def test_a_curve_that_will_move_is_in_the_legend_only():
    curves = {"noise": np.array([0.3, 0.7])}
    (ax,) = figures.noise_curves(np.array([5, 9]), curves, moving="slider").axes
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["noise", "slider"]
    assert len(ax.lines[1].get_xdata()) == 0


def test_word_map_puts_each_word_at_its_point_and_names_the_groups():
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
    assert ax.get_xlabel() == "first component (51% of the variance)"


def test_word_map_is_the_same_each_time_and_uses_no_global_seed():
    points = np.random.default_rng(0).normal(size=(12, 2)) / 50
    words, groups = [f"word{i}" for i in range(12)], ["x"] * 12
    state = np.random.get_state()[1].copy()
    maps = [figures.word_map(words, points, groups, [0.5, 0.2]) for _ in range(2)]
    places = [[text.get_position() for text in m.axes[0].texts] for m in maps]
    assert places[0] == places[1]
    np.testing.assert_array_equal(np.random.get_state()[1], state)


def test_lookup_shows_the_rows_asked_for():
    table = RNG.normal(size=(6, 4))
    left, right, *_ = figures.lookup(table, [5, 0, 5]).axes
    np.testing.assert_array_equal(left.images[0].get_array(), table)
    np.testing.assert_array_equal(right.images[0].get_array(), table[[5, 0, 5]])
    assert left.images[0].get_clim() == right.images[0].get_clim()
    low, high = left.images[0].get_clim()
    assert low == -high  # symmetric: white is zero


def colors_of_patches(ax):
    return {
        (round(p.get_x() + 0.5), round(p.get_y() + 0.5)): matplotlib.colors.to_hex(
            p.get_facecolor()
        )
        for p in ax.patches
    }


def test_a_table_with_room_has_its_numbers_in_cells_of_their_colors():
    table = np.array([[0.5, -0.5], [0.001, -0.001], [0.0, 0.25]])
    (ax,) = figures.table_with_room(table).axes
    cells = colors_of_patches(ax)
    fills, _ = figures.weight_colors(table.ravel(), 0.5)
    expected = dict(zip(np.ndindex(3, 2), fills, strict=True))
    assert cells == {(j, i): color for (i, j), color in expected.items()}
    numbers = {t.get_position(): t.get_text() for t in ax.texts}
    assert numbers[1, 0] == "-0.50"
    assert numbers[0, 1] == numbers[1, 1] == "0.00"  # no -0.00
    assert ax.get_xlim()[1] >= 2 + 4 + 1  # there is room for two more columns


def test_weights_are_red_above_and_blue_below_0_and_can_be_read():
    fills, inks = figures.weight_colors([-2.0, 0.0, 2.0], 2.0)
    (low, middle, high) = (matplotlib.colors.to_rgb(c) for c in fills)
    assert low[2] > low[0] and high[0] > high[2]
    assert min(middle) > 0.9
    assert inks == ["white", "black", "white"]


def test_the_flow_of_shapes_has_them_beside_the_arrows_or_leaves_room():
    shapes = FIGURES["shape_flow"][0]
    with_shapes = texts(figures.shape_flow(shapes))
    assert {"(2, 1)", "(2, 3)", "v (2, 1, 4)", "u (2, 3, 4)", "(2, 1, 3)"} <= set(
        with_shapes
    )
    without = texts(figures.shape_flow())
    assert set(without) < set(with_shapes)
    assert "(batch, max_len, embed_size)" in without


def test_tangents_of_the_pair_loss_have_their_slopes():
    x, y = figures.tangent(2.0, 1.0, -0.5, length=4)
    assert (x.tolist(), y.tolist()) == ([0, 4], [2, 0])
    figure = figures.pair_losses(*FIGURES["pair_losses"])
    assert {"slope +0.50", "slope -0.50"} <= set(texts(figure))


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


def test_a_step_is_drawn_as_arrows_between_marks_of_their_roles():
    words, roles, before, after = FIGURES["one_step"]
    (ax,) = figures.one_step(words, roles, before, after).axes
    arrows = [a for a in ax.texts if a.get_text() == ""]
    np.testing.assert_allclose([a.xy for a in arrows], after)
    marks = [line for line in ax.lines if line.get_marker() in "Dos"]
    assert [line.get_marker() for line in marks] == ["D", "o", "s"]
    np.testing.assert_allclose([line.get_xydata()[0] for line in marks], before)


# Showing


class Image(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def image_of(text):
    parser = Image()
    parser.feed(text)
    ((tag, attributes),) = parser.found
    assert tag == "img"
    return attributes


@pytest.mark.parametrize("alt", ["near \"<unk>\" & 'x'", "<script>alert(1)</script>", ""])
def test_alternative_text_is_escaped_in_html(alt):
    attributes = image_of(figures.to_html(figures.figure()[0], alt))
    assert attributes["alt"] == alt
    assert set(attributes) == {"width", "height", "alt", "decoding", "src", "style"}


def test_html_gives_the_size_in_inches_times_dots():
    attributes = image_of(figures.to_html(figures.figure(6.4, 3.2)[0], "empty"))
    assert (attributes["width"], attributes["height"]) == ("640", "320")


def test_show_gives_a_picture_its_size_and_a_text(monkeypatch):
    shown = []
    monkeypatch.setattr(style, "display", lambda *a, **k: shown.append((a, k)))
    assert figures.show(figures.figure(6.4, 3.2)[0], "What <b> it shows") is None
    (((data,), options),) = shown
    assert base64.b64decode(data["image/png"])[:4] == b"\x89PNG"
    assert data["text/plain"] == "What <b> it shows"
    about = {"alt": "What <b> it shows", "width": 640, "height": 320}
    assert options == {"metadata": {"image/png": about}, "raw": True}


def test_figure_makes_several_axes_without_frame_above():
    fig, axes = figures.figure(4, 2, ncols=3)
    assert len(fig.axes) == len(axes) == 3
    assert not any(ax.spines["top"].get_visible() for ax in axes)


# Colors


def test_contrast_of_black_on_white_is_21_and_of_a_color_with_itself_1():
    assert figures.contrast("black", "white") == pytest.approx(21)
    assert figures.contrast("white", "black") == pytest.approx(21)
    assert figures.contrast(figures.BLUE, figures.BLUE) == 1


@pytest.mark.parametrize(
    "color",
    [
        figures.BLUE,
        figures.ORANGE,
        figures.GREEN,
        figures.PINK,
        figures.GRAY,
        figures.LIGHT,
    ],
)
def test_texts_can_be_read_on_each_color(color):
    assert figures.contrast(figures.text_on(color), color) >= 4.5


@pytest.mark.parametrize(
    "color", [figures.BLUE, figures.ORANGE, figures.GREEN, figures.GRAY]
)
def test_marks_stand_out_from_the_paper(color):
    assert figures.contrast(color, "white") >= 3  # what the guidelines ask of graphics
