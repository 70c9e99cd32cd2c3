"""Among the variables and the folder, the one that does the harm is named."""

import ast
import os
import subprocess
import sys

import pytest

from w2v_lesson.app import doctor, suspects


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.startswith(suspects.PREFIXES):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def cause(fails):
    """Find the cause of what fails with these variables in this folder."""
    return suspects.find_cause(lambda env, folder: not fails(env, folder), "/")


@pytest.mark.parametrize(
    "name",
    ["NUMBA_DISABLE_JIT", "OMP_SCHEDULE", "MXNET_ENGINE_TYPE", "PYTHONWARNINGS"],
)
def test_the_variable_is_named_with_its_value_and_how_to_unset_it(monkeypatch, name):
    monkeypatch.setenv(name, "abc")
    monkeypatch.setenv("PYTHONPATH", "/harmless")
    said = cause(lambda env, folder: name in env)
    assert f"{name}='abc' causes this" in said and f"`unset {name}`" in said
    assert "PYTHONPATH" not in said


def test_what_does_harm_only_together_is_named_together(monkeypatch):
    monkeypatch.setenv("MXNET_A", "x")
    monkeypatch.setenv("NUMBA_NUM_THREADS", "x")
    said = cause(lambda env, folder: {"MXNET_A", "NUMBA_NUM_THREADS"} <= {*env})
    assert "NUMBA_NUM_THREADS='x' and MXNET_A='x' cause this" in said


def test_what_the_lesson_sets_itself_is_not_a_suspect():
    # In a process of its own: this one may have got the variable from the one before it.
    code = """
import os
from w2v_lesson.app import suspects
os.environ["GOMP_SPINCOUNT"] = "10000"
print(*suspects._given())
"""
    clean = {name: x for name, x in os.environ.items() if name != "GOMP_SPINCOUNT"}
    given = subprocess.run(
        [sys.executable, "-c", code], env=clean, capture_output=True, text=True, check=True
    ).stdout.split()
    assert given
    assert "GOMP_SPINCOUNT" not in given
    assert "MXNET_ENGINE_TYPE" not in given


def test_the_current_folder_is_named(tmp_path):
    said = cause(lambda env, folder: folder == str(tmp_path))
    assert repr(str(tmp_path)) in said and "Rename" in said


def test_what_fails_anyway_has_another_cause(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "x")
    assert cause(lambda env, folder: True) == ""


def test_a_variable_is_found_in_another_process(monkeypatch):
    monkeypatch.setenv("NUMBA_X", "\x1b[31m" + "y" * 99)
    code = "import os; assert 'NUMBA_X' not in os.environ"
    advice = doctor._answer("Engine", code, lambda *_: "Reinstall.").advice
    assert "unset NUMBA_X" in advice and "\x1b" not in advice and len(advice) < 250


@pytest.mark.parametrize(
    "status, error, says",
    [
        (None, "no answer in 180 s", "busy"),
        (-9, "", "memory"),
        (1, "MemoryError", "memory"),
        (1, "OSError: [Errno 28] No space left on device", "disk is full"),
        (1, "no idea", ""),
    ],
)
def test_nothing_is_installed_again_where_the_machine_is_short_of_something(
    status, error, says
):
    said = doctor._shortage(status, error)
    assert (says in said) and bool(said) == bool(says)


def test_it_is_written_for_old_pythons():
    with open(suspects.__file__, encoding="utf-8") as file:
        ast.parse(file.read(), feature_version=(3, 8))
