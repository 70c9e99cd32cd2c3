"""Every public function, class, and method has a docstring as numpydoc requires it.

Among the many checks of `numpydoc.validate`, these are those that a reader who presses
Shift+Tab would miss; commas and full stops are not among them.
"""

import dataclasses
import importlib
import inspect
import pkgutil
from typing import NamedTuple

import pytest
from numba.core.dispatcher import Dispatcher
from numpydoc.docscrape import NumpyDocString, get_doc_object
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
    """List a module's functions and classes, and the public members of those classes."""
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
    """List what is wrong with the docstring of a function, a class, or a method."""
    found = validate(get_doc_object(value))["errors"]
    texts = [text for code, text in found if code in CHECKS.keys() - exempt_checks(value)]
    if fields := fields_of(value):
        texts += complaints_about_fields(value, fields)
    return [f"{name}: {text}" for text in texts]


def exempt_checks(value):
    """List the codes of the checks that make no sense for this kind of object."""
    if hasattr(value, "__wrapped__"):
        # A context manager yields, but a reader only wants to know what its block is for.
        return {"YD01"}
    if fields_of(value):
        # numpydoc wants fields as parameters only; `complaints_about_fields` takes over.
        return {"PR01", "PR02", "PR03"}
    if inspect.isclass(value) and not has_constructor_to_document(value):
        return {"PR01"}
    return set()


def has_constructor_to_document(cls):
    """Tell whether readers of the lesson need to know the parameters of a constructor.

    Readers catch our exceptions, and only our own code makes them. What a class of another
    library takes is documented by that library.
    """
    definer = next(
        each for each in cls.__mro__ if {"__init__", "__new__"} & vars(each).keys()
    )
    package, definers_package = (
        each.__module__.partition(".")[0] for each in (cls, definer)
    )
    is_ours = definers_package == package
    return is_ours and not issubclass(cls, BaseException)


def fields_of(value):
    """List the fields of a NamedTuple or dataclass; none for anything else."""
    if not inspect.isclass(value):
        return []
    if dataclasses.is_dataclass(value):
        return [field.name for field in dataclasses.fields(value)]
    return list(getattr(value, "_fields", []))


def complaints_about_fields(record, fields):
    """Fields may be documented as parameters or as attributes, in their own order."""
    doc = NumpyDocString(inspect.cleandoc(record.__doc__ or ""))
    if record.__doc__ is None or record.__doc__.startswith(f"{record.__name__}("):
        return [CHECKS["GL08"]]  # Python itself writes such a list of the fields
    parameters, attributes = (
        [name.strip() for each in doc[section] for name in each.name.split(",")]
        for section in ("Parameters", "Attributes")
    )
    # Properties stand among the attributes, too.
    known = [name for name in attributes if name in fields or not hasattr(record, name)]
    documented = parameters or known
    if documented != fields:
        return [f"the fields are {fields}, but {documented} are documented"]
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


class GoodTuple(NamedTuple):
    """A point on the map.

    Parameters
    ----------
    x, y : int
        The coordinates.
    """

    x: int
    y: int


@dataclasses.dataclass
class GoodDataclass:
    """A point on the map.

    Attributes
    ----------
    x, y : int
        The coordinates.
    """

    x: int
    y: int


@pytest.mark.parametrize("record", [GoodTuple, GoodDataclass])
@pytest.mark.parametrize("section", ["Parameters", "Attributes"])
def test_fields_may_be_parameters_or_attributes(monkeypatch, record, section):
    for other in ("Parameters", "Attributes"):
        doc = record.__doc__.replace(other, section)
        monkeypatch.setattr(record, "__doc__", doc)
    assert complaints("record", record) == []
    for names in ("x", "x, y, z", "y, x"):
        monkeypatch.setattr(record, "__doc__", doc.replace("x, y", names))
        assert complaints("record", record)
    for without_fields in ("A point on the map.", f"{record.__name__}(x, y)", None):
        monkeypatch.setattr(record, "__doc__", without_fields)
        assert complaints("record", record)


class Failure(ValueError):
    """An error that only the package makes."""

    def __init__(self, message, place):
        super().__init__(message)
        self.place = place


class Command:
    """A command that readers make."""

    def __init__(self, words):
        self.words = words


def test_only_constructors_that_readers_call_need_their_parameters_documented():
    assert complaints("Failure", Failure) == []
    assert complaints("Command", Command)
