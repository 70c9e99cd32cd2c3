"""The count of executed notebooks, tried in a repository of its own; the sanitizing."""

import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

pytest_plugins = ["pytester"]
HERE = Path(__file__).parent


@pytest.fixture
def lesson(pytester):
    """An empty repository with this one's conftest and sanitizing."""
    pytester.makeini("[pytest]")
    pytester.mkdir("notebooks")
    tests = pytester.mkdir("tests")
    for name in ("conftest.py", "nbval_sanitize.cfg"):
        (tests / name).write_text((HERE / name).read_text(encoding="utf-8"))
    return pytester


def save(lesson, name, *cells, printed=None, tags=()):
    """Write a notebook of these sources; the last cell has printed `printed`."""
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = new_notebook(metadata=metadata)
    for number, source in enumerate(cells, 1):
        cell = new_code_cell(source, execution_count=number, id=f"cell-{number}")
        notebook.cells.append(cell)
    notebook.cells[-1].metadata = {"tags": list(tags)}
    if printed:
        output = new_output("stream", name="stdout", text=printed)
        notebook.cells[-1].outputs = [output]
    nbformat.write(notebook, lesson.path / "notebooks" / f"{name}.ipynb")


def run(lesson, expected, *notebooks, more=()):
    paths = [f"notebooks/{name}.ipynb" for name in notebooks]
    sanitize = ["--nbval-sanitize-with", "tests/nbval_sanitize.cfg"]
    return lesson.runpytest(  # in this process: pytest's plugins take seconds to import
        "tests", *paths, "--nbval", *sanitize, f"--expect-notebooks={expected}", *more
    )


def test_all_cells_pass(lesson):
    save(lesson, "00_a", "x = 1", "", "print(x, '3.4 s')", printed="1 9.9 s\n")
    result = run(lesson, 1, "00_a")
    result.stdout.fnmatch_lines(["nbval: 1 notebooks, 2 cells executed"])
    assert result.ret == 0


def test_an_uncollected_notebook_fails_the_run(lesson):
    save(lesson, "00_a", "x = 1")
    save(lesson, "01_b", "y = 2")
    result = run(lesson, 2, "00_a")
    result.stdout.fnmatch_lines(
        [
            "nbval: notebooks/01_b.ipynb: no cell was executed and passed",
            "nbval: 1 notebooks ran, 2 were expected",
            "nbval: 1 notebooks, 1 cells executed",
        ]
    )
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_a_notebook_that_is_gone_fails_the_run(lesson):
    save(lesson, "00_a", "x = 1")
    result = run(lesson, 2, "00_a")
    result.stdout.fnmatch_lines(["nbval: 1 notebooks ran, 2 were expected"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize(
    ("source", "printed", "tags"),
    [
        ("1 / 0", None, []),
        ("print('loss 0.411')", "loss 0.412\n", []),
        ("x = 1", None, ["nbval-skip"]),  # green to pytest alone
    ],
    ids=["error", "other output", "skipped"],
)
def test_a_cell_that_fails_or_is_skipped_fails_the_run(lesson, source, printed, tags):
    save(lesson, "00_a", "x = 1", source, printed=printed, tags=tags)
    result = run(lesson, 1, "00_a")
    line = "nbval: notebooks/00_a.ipynb: not executed and passed: Cell 1"
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


def sanitize(text):
    """Replace as nbval does."""
    from nbval.plugin import get_sanitize_patterns

    patterns = get_sanitize_patterns((HERE / "nbval_sanitize.cfg").read_text("utf-8"))
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
    ],
)
def test_rates_and_times_are_not_compared(text, expected):
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
    ],
)
def test_results_are_compared(text):
    assert sanitize(text) == text
