"""The count of executed notebooks and their guard work, tried in a repository of their own."""

import os
import re
import stat
from pathlib import Path
from types import SimpleNamespace

import nbformat
import notebook_runs
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

pytest_plugins = ["pytester"]
TESTS = Path(__file__).resolve().parents[1]
SANITIZE = "tests/nbval_sanitize.cfg"


@pytest.fixture
def lesson(pytester):
    """Make an empty repository with this one's conftest and sanitizing."""
    pytester.makeini("[pytest]\npythonpath = tests\nmarkers = slow")
    pytester.mkdir("notebooks")
    tests = pytester.mkdir("tests")
    for name in ("conftest.py", "notebook_runs.py", "nbval_sanitize.cfg"):
        (tests / name).write_text((TESTS / name).read_text(encoding="utf-8"))
    return pytester


def save(lesson, name, *cells):
    """Write a notebook; a cell is its source, or (source, what it printed, tags)."""
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = new_notebook(metadata=metadata)
    for number, cell in enumerate(cells, 1):
        source, printed, *tags = (cell, "") if isinstance(cell, str) else cell
        outputs = [new_output("stream", text=printed)] if printed else []
        notebook.cells.append(
            new_code_cell(
                source,
                execution_count=number,
                id=f"cell-{number}",
                outputs=outputs,
                metadata={"tags": tags},
            )
        )
    nbformat.write(notebook, lesson.path / "notebooks" / f"{name}.ipynb")


def run(lesson, expected, *notebooks, more=()):
    paths = [f"notebooks/{name}.ipynb" for name in notebooks]
    arguments = ["tests", *paths, "--nbval", "--nbval-sanitize-with", SANITIZE]
    arguments += [f"--expect-notebooks={expected}", *more]
    return lesson.runpytest(
        *arguments
    )  # in this process, because importing plugins takes seconds


@pytest.mark.slow
def test_all_cells_pass(lesson):
    save(lesson, "00_a", "x = 1", "", ("print(x, '3.4 s')", "1 9.9 s\n"))
    result = run(lesson, 1, "00_a", more=["-m", "not slow"])
    result.stdout.fnmatch_lines(["nbval: 1 notebooks, 2 of 2 cells executed"])
    assert result.ret == 0


@pytest.mark.slow
def test_a_notebook_that_is_not_collected_or_gone_fails_the_run(lesson):
    save(lesson, "00_a", "x = 1")
    save(lesson, "01_b", "y = 2")
    result = run(lesson, 3, "00_a")
    result.stdout.fnmatch_lines(
        [
            "nbval: notebooks/01_b.ipynb: no cell was executed and passed",
            "nbval: 1 notebooks ran, 3 were expected",
            "nbval: 1 notebooks, 1 of 2 cells executed",
        ]
    )
    assert result.ret == pytest.ExitCode.TESTS_FAILED


@pytest.mark.slow
def test_a_cell_that_fails_or_is_skipped_fails_the_run(lesson):
    save(
        lesson,
        "00_a",
        "x = 1",
        "1 / 0",
        ("print('loss 0.411')", "loss 0.412\n"),
        ("x = 2", "", "nbval-skip"),  # pytest alone would pass this
    )
    result = run(lesson, 1, "00_a")
    line = "nbval: notebooks/00_a.ipynb: not executed and passed: Cell 1, Cell 2, Cell 3"
    result.stdout.fnmatch_lines([line])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_the_count_needs_nbval(lesson):
    result = lesson.runpytest("tests", "--expect-notebooks=1")
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_a_selection_is_not_counted(lesson):
    save(lesson, "00_a", "x = 1")
    (lesson.path / "tests" / "test_one.py").write_text("def test_one(): pass\n")
    result = run(lesson, 1, "00_a", more=["-k", "test_one"])
    result.stdout.fnmatch_lines(["nbval: notebooks not counted*"])
    assert result.ret == 0


@pytest.mark.slow
def test_a_notebook_that_asks_the_network_fails_the_run(lesson):
    asks = "import socket\ntry: socket.create_connection(('example.org', 80), 1)\n"
    save(lesson, "00_a", asks + "except OSError: pass")
    result = run(lesson, 1, "00_a")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*00_a.ipynb asked the network:*"])
    assert "ASKED" not in os.environ


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (os.stat(os.devnull), ""),
        (SimpleNamespace(st_mode=stat.S_IFREG, st_rdev=0), "an ordinary file"),
        (
            SimpleNamespace(st_mode=stat.S_IFCHR, st_rdev=os.makedev(1, 5)),
            r"the device \(1, 5\)",
        ),
        (FileNotFoundError(), "gone"),
    ],
)
def test_a_replaced_null_device_is_noticed(monkeypatch, status, fault):
    def look(path):
        if isinstance(status, Exception):
            raise status
        return status

    monkeypatch.setattr(notebook_runs, "os", SimpleNamespace(**vars(os) | {"stat": look}))
    assert re.search(fault, notebook_runs.null_device_fault())
    assert bool(fault) == bool(notebook_runs.null_device_fault())


def sanitize(text):
    """Replace as nbval does."""
    from nbval.plugin import get_sanitize_patterns

    patterns = get_sanitize_patterns((TESTS / "nbval_sanitize.cfg").read_text("utf-8"))
    for regex, replacement in patterns:
        text = re.sub(regex, replacement, text)
    return text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12,345 centers/s", "RATE centers/s"),
        ("1,234,567.8 pairs/s", "RATE pairs/s"),
        ("9012 words per second", "RATE words/s"),
        ("epoch 2, loss 0.397, 3.25 s", "epoch 2, loss 0.397, TIME"),
        ("57 ms a step", "TIME a step"),
        ("about 1 second; 12.5 seconds left", "about TIME; TIME left"),
        ("Python 3.10", "Python VERSION"),
        ("Python 3.11", "Python VERSION"),
    ],
)
def test_rates_times_and_the_version_of_python_are_not_compared(text, expected):
    assert sanitize(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "epoch 1: training loss 0.490, held-out loss 0.437",
        "chip: tandem 0.431, microprocessor 0.417",
        "(512, 1, 60)",
        "center 42 sees contexts [1, 2, 3]",
        "343,219 centers, 1.5 million pairs, 6,719 words",
        "the 1980s; 10 steps; 3 similar words; 2 msec",
        "array([[0.1, 0.2]], dtype=float32)",
        "Python 3.9; MXNet 1.9.1",
    ],
)
def test_results_are_compared(text):
    assert sanitize(text) == text
