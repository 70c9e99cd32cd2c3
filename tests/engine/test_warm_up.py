"""Old machine code neither runs nor counts, because compiled code depends on one file only."""

import ast
import importlib
import importlib.util
import os
import sys
from pathlib import Path

import pytest
from numba.core.dispatcher import Dispatcher

import w2v_lesson
from w2v_lesson import sampling
from w2v_lesson.engine import passes, warm_up

PACKAGE = Path(w2v_lesson.__file__).parent
KNOWN = {"numpy", "math", "numba", "llvmlite"}  # a new version of numba compiles again


def imported_names(tree):
    """Find where each imported name of a file comes from, as {name: module}."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {(a.asname or a.name).split(".")[0]: a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {a.asname or a.name: node.module for a in node.names}
    return found


def compiled_functions(tree):
    """Find functions with one of numba's decorators, or one built from it in the same file."""
    makers = {n for n, module in imported_names(tree).items() if module.startswith("numba")}
    for node in tree.body:
        if isinstance(node, ast.Assign) and names_in(node.value) & makers:
            makers |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any(names_in(decorator) & makers for decorator in node.decorator_list)
    ]


def names_in(node):
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def foreign_names(text):
    """List names that compiled functions use from other files, which numba doesn't watch."""
    tree = ast.parse(text)
    imported = imported_names(tree)
    return {
        f"{function.name} uses {name} of {imported[name]}"
        for function in compiled_functions(tree)
        for name in names_in(function) & imported.keys()
        if imported[name].split(".")[0] not in KNOWN
    }


def files_with_compiled_functions():
    texts = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    return [path for path, text in texts.items() if compiled_functions(ast.parse(text))]


def test_compiled_functions_use_no_code_of_another_file():
    files = files_with_compiled_functions()
    assert {path.name for path in files} == {"passes.py", "sampling.py", "trial.py"}
    for path in files:
        assert not foreign_names(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("module", [passes, sampling], ids=lambda module: module.__name__)
def test_every_function_that_numba_compiles_is_among_those_looked_at(module):
    found = {name for name, value in vars(module).items() if isinstance(value, Dispatcher)}
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    assert found <= {function.name for function in compiled_functions(tree)}


OTHER_FILES = """
import numpy as np
from numba import njit
from w2v_lesson import sampling
from w2v_lesson.engine.passes import FAR, fetch as get

fast = njit(cache=True)

@fast
def first(x):
    get(x, 0, 4)
    return np.sum(x)

@njit
def second(x):
    return sampling.below(x, 3) + FAR

def plain(x):
    return get(x, 0, 4)
"""


def test_a_function_that_inlines_another_files_code_is_found():
    assert foreign_names(OTHER_FILES) == {
        "first uses get of w2v_lesson.engine.passes",
        "second uses sampling of w2v_lesson",
        "second uses FAR of w2v_lesson.engine.passes",
    }


def test_what_is_compiled_ahead_counts_as_compiled():
    warm_up.compile_ahead()
    assert warm_up.is_compiled()


def test_the_passes_are_compiled_for_texts_in_memory_and_on_the_disk(monkeypatch):
    seen, make_data = [], warm_up.SkipGramData

    def noting(ids, sentence_of, *rest, **options):
        seen.append((ids.flags.writeable, sentence_of.flags.writeable))
        return make_data(ids, sentence_of, *rest, **options)

    monkeypatch.setattr(warm_up, "SkipGramData", noting)
    warm_up.compile_ahead()
    assert set(seen) == {(True, True), (False, False)}  # a file is read-only


@pytest.mark.parametrize(
    "function", [passes._work, passes._losses_of, sampling.draw_shared]
)
def test_code_of_an_edited_file_does_not_count_as_compiled(monkeypatch, function):
    warm_up.compile_ahead()
    date, size = function._cache._cache_file._source_stamp
    for stamp in ((date + 1, size), (date - 1, size), (date, size + 1)):
        monkeypatch.setattr(function._cache._cache_file, "_source_stamp", stamp)
        assert not warm_up.is_compiled()


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def test_an_edit_is_noticed_even_if_the_file_looks_older(tmp_path, monkeypatch):
    # As after an installation that keeps the dates of the files.
    path = tmp_path / "some_passes.py"
    text = "from numba import njit\n\n@njit(cache=True)\ndef f(x):\n    return x + 1\n"
    path.write_text(text)
    function = load(path).f
    assert not warm_up._is_cached(function)
    assert function(1) == 2
    assert warm_up._is_cached(function)
    path.write_text(text.replace("+ 1", "+ 20"))
    os.utime(path, (1, 1))
    function = load(path).f
    assert not warm_up._is_cached(function)
    assert function(1) == 21
    monkeypatch.delitem(sys.modules, "some_passes")
