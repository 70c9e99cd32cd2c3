"""What holds for every figure, whatever it shows."""

import base64
import functools
import re
import warnings

import matplotlib.figure
import numpy as np
import pytest
from drawn import records
from matplotlib import pyplot

from w2v_lesson import figures
from w2v_lesson.vectors import Neighbor

NEIGHBORS = [
    Neighbor("chips", 0.8, 12),
    Neighbor("<unk>", 0.5, 1234567),
    Neighbor("$", -0.2, 3),
    Neighbor("N", 0.1, 1),
]
RNG = np.random.default_rng(0)
SHARES = np.array([0.2, 0.001, 0.4])
EXAMPLES = [("chip", ["are", "facing"], ["low", "in"]), ("summer", ["slow"], ["at"])]
VECTORS = RNG.normal(size=(2, 8)), RNG.normal(size=(4, 8))
FIGURES = {
    "arrows": ({"chip": (3.0, 1.0), "mother": (-0.8, 2.4)}, "chip"),
    "questions": (["chip", "are", "slow"], 0, [1], ["low", "in", "at"]),
    "padded_rows": (EXAMPLES,),
    "lookup_as_product": (2, 5, 3),
    "two_tables": ("chip", ["are", "facing"], ["low"]),
    "pulled_together": (
        ["ended", "since", "dogs", "church"],
        np.array([1, 1, 0, 0]),
        (*VECTORS[0], VECTORS[1]),
        (*VECTORS[0], VECTORS[1] / 2),
    ),
    "loss_stretches": (records(), 0.451),
    "journey": (),
    "ring": ([np.array([[1, 2], [30, 40]]), np.array([[1, 42], [31, 40]])],),
    "shared_noise": (["chip", "$"], [["low", "<unk>"], ["$"]], ["low", "N"]),
    "steps_on_machines": (
        [2, 4],
        {
            "tables": {"1 Gbit/s": np.array([50.0, 60.0])},
            "rows": {"1 Gbit/s": np.array([20.0, 25.0])},
        },
        {"one machine": 8.0, "one fast machine": 2.0},
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
    "epoch_losses": (
        {"once": RNG.random((2, 3, 4)), "afresh": RNG.random((2, 1, 2))},
        0.45,
    ),
    "intervals": ({"chair": (0.3, 0.2, 0.4), "<unk>": (-0.1, -0.1, 0.1)}, "difference"),
    "learning_curves": (
        [2, 4],
        {"one": RNG.uniform(size=(2, 3)), "two": np.ones((2, 3))},
        1 / 6,
    ),
    "confusion": (["job", "<unk>"], np.array([[0.75, 0.25], [0.0, 1.0]])),
    "overlap_curves": ([10, 20, 40], {"a": RNG.random((3, 3)), "$": np.eye(3)}, 10),
    "dot_per_training": ({"chair": SHARES, "<unk>": -SHARES}, (0.1, "the mean"), "leaning"),
    "scores_against_best": (
        RNG.normal(size=50) * 2,
        RNG.normal(size=50),
        RNG.normal(size=20) - 2,
        {"bear stearns": (4.5, 5.0), "$ $": (0.0, -2.0)},
    ),
    "cost_bars": ({"copy": [50.0, 52.0, 60.0], "<unk>": 0.5}, "ms a step"),
    "neighbor_bars": ("chip", NEIGHBORS),
    "compare_neighbors": ({"center": NEIGHBORS, "context": NEIGHBORS[1:]},),
    "word_map": (["a", "b", "$"], RNG.normal(size=(3, 2)), ["x", "y", "x"], [0.5, 0.2]),
}


def test_every_function_that_draws_is_tested():
    tools = {
        "contrast",
        "text_on",
        "figure",
        "show",
        "to_html",
        "bundle",
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
def test_each_function_draws_without_a_warning_and_leaves_no_figure_open(name):
    before = pyplot.get_fignums()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = getattr(figures, name)(*FIGURES[name])
        picture = figures.to_html(figure, "a picture")
    assert type(figure) is matplotlib.figure.Figure
    assert pyplot.get_fignums() == before
    encoded = re.search('base64,([^"]+)', picture)[1]
    assert base64.b64decode(encoded)[:4] == b"\x89PNG"


@functools.cache
def laid_out(name):
    figure = getattr(figures, name)(*FIGURES[name])
    figure.draw_without_rendering()
    return figure


@pytest.mark.parametrize("name", FIGURES)
def test_all_texts_lie_within_the_figure(name):
    figure = laid_out(name)
    room = figure.bbox.padded(1)
    for ax in figure.axes:
        for text in (*ax.texts, ax.title, ax.xaxis.label, ax.yaxis.label):
            box = text.get_window_extent()
            inside = room.contains(*box.min) and room.contains(*box.max)
            assert inside or not text.get_text(), text.get_text()


@pytest.mark.parametrize("name", FIGURES)
def test_a_legend_of_the_whole_figure_lies_beside_the_axes(name):
    figure = laid_out(name)
    for legend in figure.legends:
        box = legend.get_window_extent()
        assert not any(box.overlaps(ax.bbox) for ax in figure.axes)


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
