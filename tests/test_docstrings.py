"""Every public function, class and method has a docstring as numpydoc wants it.

Among the many checks of `numpydoc.validate`, these are those that a reader who presses
Shift+Tab would miss; commas and full stops are not among them.
"""

import importlib
import inspect
import pkgutil

import pytest
from numba.core.dispatcher import Dispatcher
from numpydoc.docscrape import get_doc_object
from numpydoc.validate import validate

import w2v_lesson

CHECKS = {
    "GL08": "there is no docstring",
    "SS02": "the summary starts with a small letter",
    "SS05": "the summary starts with a verb that is not imperative",
    "SS06": "the summary is longer than a line",
    "PR01": "a parameter is not documented",
    "PR02": "something is documented that is not a parameter",
    "PR03": "the parameters are in another order",
    "RT01": "what is returned is not documented",
    "YD01": "what is yielded is not documented",
    "GL06": "a section has an unknown name",
    "GL07": "the sections are in another order",
}

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(w2v_lesson.__path__, "w2v_lesson.")
    # The functions of the exercises are answers, right and wrong, and say so by their names.
    if module.name != "w2v_lesson.__main__" and "exercises.chapter" not in module.name
)


def public_objects(module):
    """Functions and classes defined in a module, and what is public in those classes."""
    for name, value in vars(module).items():
        value = value.py_func if isinstance(value, Dispatcher) else value
        if name.startswith("_") or getattr(value, "__module__", "") != module.__name__:
            continue
        if inspect.isfunction(value) or inspect.isclass(value):
            yield name, value
        if inspect.isclass(value):
            for member_name, member in vars(value).items():
                member = getattr(member, "__func__", member)  # of a class or static method
                is_ours = (
                    inspect.isfunction(member) and member.__module__ == module.__name__
                )
                if not member_name.startswith("_") and (
                    is_ours or isinstance(member, property)
                ):
                    yield f"{name}.{member_name}", member


def complaints(name, value):
    """What is wrong with the docstring of a function, a class or a method."""
    if is_record(value):
        return [f"{name}: {text}" for text in complaints_about_record(value)]
    found = validate(get_doc_object(value))["errors"]
    # A context manager yields, but what a reader asks is what its block is for.
    wanted = CHECKS.keys() - ({"YD01"} if hasattr(value, "__wrapped__") else set())
    return [f"{name}: {text}" for code, text in found if code in wanted]


def is_record(value):
    return inspect.isclass(value) and hasattr(value, "_fields")


def complaints_about_record(record):
    """A NamedTuple documents its fields as attributes; to numpydoc they are parameters."""
    doc = get_doc_object(record)
    listed = [name.strip() for each in doc["Attributes"] for name in each.name.split(",")]
    if not doc["Summary"] or record.__doc__.startswith(f"{record.__name__}("):
        return [CHECKS["GL08"]]
    if [name for name in listed if name in record._fields] != list(record._fields):
        return [f"the attributes documented are {listed}, the fields {record._fields}"]
    return []


@pytest.mark.parametrize("name", ["w2v_lesson", *MODULES])
def test_public_objects_are_documented(name):
    module = importlib.import_module(name)
    assert module.__doc__, f"{name}: no docstring"
    found = [line for each in public_objects(module) for line in complaints(*each)]
    assert not found, "\n" + "\n".join(found)


# The test itself


def good(x, y=1):
    """Add two numbers.

    Parameters
    ----------
    x, y : int
        The numbers.

    Returns
    -------
    int
    """
    return x + y


@pytest.mark.parametrize(
    "old, new",
    [
        ("Add two numbers.\n", ""),
        ("Add", "add"),
        ("Add", "Adds"),
        ("two", "two\n    small"),
        ("    x, y : int\n        The numbers.\n", "    x : int\n        One.\n"),
        ("x, y", "x, y, z"),
        ("x, y", "y, x"),
        ("    Returns\n    -------\n    int\n", ""),
        ("Returns\n    -------", "Gives\n    -----"),
    ],
)
def test_a_faulty_docstring_is_found(monkeypatch, old, new):
    assert complaints("good", good) == []
    assert old in good.__doc__
    faulty = good.__doc__.replace(old, new, 1) if old != "Add two numbers.\n" else ""
    monkeypatch.setattr(good, "__doc__", faulty)
    assert complaints("good", good)
