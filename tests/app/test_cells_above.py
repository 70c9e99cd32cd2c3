"""A cell that was run too early, in a real kernel with the lesson's configuration."""

import json
import os
import re
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from w2v_lesson.app.cells_above import defined_names

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "tools" / "environment" / "etc" / "ipython" / "ipython_kernel_config.py"
ADVICE = "Run the cells above first: one of them defines `{}`"
CELLS = [
    new_markdown_cell("vectors = None", id="text"),
    new_code_cell("!true\nimport math as m\nvectors = 1", id="set-up"),
    new_code_cell("def similar(word):\n    inner = vectors\n    return inner", id="def"),
    new_code_cell("not python", id="broken"),
    new_code_cell("vectors + 1", id="use"),
    new_code_cell("below = vectors", id="end"),
]


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    path = tmp_path_factory.mktemp("lesson") / "00 é.ipynb"
    path.write_text(json.dumps(new_notebook(cells=CELLS)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def kernel(notebook):
    """A client of a kernel that Jupyter started for this notebook."""
    manager, client = start_new_kernel(
        extra_arguments=[f"--config={CONFIG}"],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "JPY_SESSION_NAME": str(notebook),
        },
    )
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(client, code, cell="use"):
    """Run code as a cell of the notebook; returns what is shown of an error."""
    content = dict(code=code, silent=False, store_history=True, user_expressions={})
    content |= dict(allow_stdin=False, stop_on_error=False)
    message = client.session.msg("execute_request", content, metadata={"cellId": cell})
    client.shell_channel.send(message)
    while True:
        reply = client.get_shell_msg(timeout=60)
        if reply["parent_header"]["msg_id"] == message["header"]["msg_id"]:
            break
    lines = "\n".join(reply["content"].get("traceback", []))
    return re.sub(r"\x1b\[[\d;]*m", "", lines)


@pytest.fixture(autouse=True)
def nothing_is_defined(kernel):
    assert run(kernel, "%reset -f") == ""


@pytest.mark.parametrize("name", ["vectors", "similar", "m"])
def test_a_name_from_a_cell_above_gives_advice_in_place_of_a_traceback(kernel, name):
    shown = run(kernel, f"{name} + 1").splitlines()
    assert shown[0] == f"NameError: name '{name}' is not defined"
    assert shown[1].startswith(ADVICE.format(name))
    assert len(shown) == 2


def test_a_function_that_misses_a_name_gives_it_too(kernel):
    assert run(kernel, "def f():\n    return vectors") == ""
    assert ADVICE.format("vectors") in run(kernel, "f()")


def test_after_the_cell_above_there_is_no_error(kernel):
    assert ADVICE.format("vectors") in run(kernel, "vectors + 1")
    assert run(kernel, "vectors = 1", "set-up") == ""
    assert run(kernel, "vectors + 1") == ""


@pytest.mark.parametrize(
    "code",
    [
        "vectros",  # nowhere
        "inner",  # within a function only
        "below",  # further down
        "1 / 0",
        "def f():\n    vectors += 1\nf()",  # UnboundLocalError
        "raise NameError('vectors')",  # has no name
        "open('no such file')",
    ],
)
def test_every_other_error_is_shown_as_always(kernel, code):
    shown = run(kernel, code)
    assert "Traceback (most recent call last)" in shown
    assert "Run the cells above" not in shown


def test_in_the_cell_that_defines_it_a_name_is_an_error_as_always(kernel):
    assert "Traceback" in run(kernel, "vectors = vectors + 1", "set-up")


def test_a_cell_that_is_not_on_disk_yet_counts_as_the_last(kernel):
    assert ADVICE.format("below") in run(kernel, "below", "new")


def test_without_the_notebook_errors_are_shown_as_always(kernel, notebook):
    data = notebook.read_bytes()
    try:
        for damaged in (b"", b"[]", b'{"cells": [1]}'):
            notebook.write_bytes(damaged)
            assert "Traceback" in run(kernel, "vectors")
        notebook.unlink()
        assert "Traceback" in run(kernel, "vectors")
    finally:
        notebook.write_bytes(data)
    assert ADVICE.format("vectors") in run(kernel, "vectors")


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("a, (b, *c) = 1, (2, 3)\nd += 1", {"a", "b", "c", "d"}),
        ("import x.y, z as w\nfrom v import u", {"x", "w", "u"}),
        ("class A:\n    b = 1\n@dec\ndef f(c): d = 1", {"A", "f"}),
        ("for i in range(3): pass\nwith open(p) as q: pass", {"i", "q"}),
        ("[k for k in l]\n(n := 1)", {"n"}),
        ("print(e)\n...", set()),
        ("1 +", set()),
        ("\0", set()),
    ],
)
def test_names_that_a_cell_defines(code, names):
    assert defined_names(code) == names
