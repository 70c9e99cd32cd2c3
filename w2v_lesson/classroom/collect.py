"""What a class has handed in: the exercises that the notebooks say are solved.

Nothing is run. It reads the outputs stored in the notebooks: what the student ran, and
what anyone can edit by hand.
"""

import csv
import json
import re
from pathlib import Path
from typing import NamedTuple

from w2v_lesson.classroom.exercises import CHAPTERS, EXERCISES

# How the answers of `checks.check` begin.
STATES = {"✓": "solved", "✗": "wrong", "○": "not attempted"}
NOT_RUN = "not run"
COLUMNS = ("student", "chapter", "solved", "of", "wrong", "not attempted", NOT_RUN, "file")
LARGEST = 100_000_000  # bytes of a notebook; those of the lesson have one million at most
_CALL = re.compile(r"""^[^#\n]*\bcheck\(\s*["'](\w+)["']""", re.MULTILINE)


class NotebookError(ValueError):
    """A file that cannot be read as a notebook; the text says why."""


class Handed(NamedTuple):
    """What one notebook says of one chapter.

    states : of each exercise of the chapter: solved, wrong, not attempted or not run
    """

    student: str
    chapter: str
    states: dict
    file: str


def collect(folder):
    """Read all notebooks below a folder.

    The student is the folder just below it, or the name of a notebook that lies in it.

    Returns a list of `Handed`, by student and chapter, and a list of complaints, each a
    line on a file that could not be read or asks an unknown exercise. Raises
    FileNotFoundError if there is no such folder or no notebook in it.
    """
    folder = Path(folder)
    paths = sorted(path for path in folder.rglob("*.ipynb") if _counts(path, folder))
    if not paths:
        raise FileNotFoundError(
            f"There is no notebook (.ipynb) in {folder}. Name the folder that has the "
            "students' folders or notebooks."
        )
    handed, complaints = [], []
    for path in paths:
        file = _shown(path.relative_to(folder))
        student = file.parts[0] if len(file.parts) > 1 else file.stem
        try:
            states = read_states(path)
        except (NotebookError, OSError) as error:
            complaints.append(f"{file}: {error}")
            continue
        complaints += [
            f"{file}: the lesson has no exercise {name!r}: another version?"
            for name in states
            if name not in EXERCISES
        ]
        handed += [
            Handed(student, chapter, found, str(file))
            for chapter, found in by_chapter(states).items()
        ]
    return sorted(handed, key=lambda one: (one.student, one.chapter)), complaints


def _counts(path, folder):
    """Leave out what Jupyter keeps for itself, and folders that are named like that."""
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return path.is_file() and not hidden


def _shown(path):
    """A path that can be printed: names of other systems may hold broken letters."""
    return Path(str(path).encode(errors="replace").decode())


def read_states(path):
    """State of each exercise that a notebook asks, a dict, whatever its name.

    Asked in several cells, the one run last counts. Raises NotebookError, OSError.
    """
    found = {}
    for cell in _code_cells(path):
        count = cell.get("execution_count")
        count = count if isinstance(count, int) else 0
        for name, state in _states_of(cell):
            if count >= found.get(name, (0,))[0]:
                found[name] = count, state
    return {name: state for name, (_, state) in found.items()}


def by_chapter(states):
    """Sort exercises by chapter: for each chapter asked, the states of all it has."""
    return {
        chapter: {name: states.get(name, NOT_RUN) for name in names}
        for chapter, names in CHAPTERS.items()
        if states.keys() & names.keys()
    }


def write_table(handed, file):
    """Write a line for each notebook and chapter, as CSV with the head `COLUMNS`."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in handed:
        names = {state: [] for state in (*STATES.values(), NOT_RUN)}
        for name, state in one.states.items():
            names[state].append(name)
        listed = [" ".join(names[column]) for column in COLUMNS[4:7]]
        writer.writerow(
            [
                _harmless(one.student),
                one.chapter,
                len(names["solved"]),
                len(one.states),
                *listed,
                _harmless(one.file),
            ]
        )


def _harmless(text):
    """A name as text, also where a spreadsheet would compute it as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _code_cells(path):
    """The code cells, each a dict with text as `source` and a list as `outputs`."""
    if path.stat().st_size > LARGEST:
        raise NotebookError(
            f"larger than {LARGEST // 1_000_000} MB: no notebook of the "
            "lesson; look at it by hand."
        )
    try:
        notebook = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotebookError("no notebook (not JSON): ask for the file again.") from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise NotebookError(
            "no notebook of today's format (nbformat 4): open it in JupyterLab and save it."
        )
    return [
        cell for cell in cells if isinstance(cell, dict) and cell.get("cell_type") == "code"
    ]


def _states_of(cell):
    """Yield (exercise, state) for each check in a cell."""
    names = _CALL.findall(_text(cell.get("source")))
    marks = [STATES[line[0]] for line in _said(cell) if line[:1] in STATES]
    if not marks and names and _failed(cell):
        marks = ["wrong"] * len(names)
    # A cell shows what its last line gives, so the answers belong to the last checks.
    answers = dict(zip(reversed(names), reversed(marks), strict=False))
    yield from ((name, answers.get(name, NOT_RUN)) for name in names)


def _outputs(cell):
    outputs = cell.get("outputs")
    outputs = outputs if isinstance(outputs, list) else []
    return [each for each in outputs if isinstance(each, dict)]


def _said(cell):
    """Lines that a cell's outputs have to read."""
    for output in _outputs(cell):
        data = output.get("data")
        data = data if isinstance(data, dict) else {}
        yield from _text(output.get("text", data.get("text/plain"))).splitlines()


def _failed(cell):
    return any(output.get("output_type") == "error" for output in _outputs(cell))


def _text(value):
    """Text, which notebooks have in one piece or as a list of lines."""
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""
