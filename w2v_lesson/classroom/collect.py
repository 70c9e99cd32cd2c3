"""Collect what a class has handed in: which exercises its notebooks say are solved.

This is for teachers, behind `python -m w2v_lesson collect`, and belongs to no chapter. It
runs nothing. It only reads the outputs stored in the notebooks, which show what the student
ran but which anyone can edit by hand.
"""

import ast
import csv
import re
from pathlib import Path
from typing import NamedTuple

from w2v_lesson.classroom.exercises import CHAPTERS, EXERCISES
from w2v_lesson.files.targets import check_path

# How the answers of `checks.check` begin.
STATES = {"✓": "solved", "✗": "wrong", "○": "not attempted"}
NOT_RUN = "not run"
COLUMNS = ("student", "chapter", "solved", "of", "wrong", "not attempted", NOT_RUN, "file")
MAX_BYTES = 100_000_000  # the lesson's notebooks are a hundred times smaller
COMMENT_LINE = re.compile(r"^\s*#.*$", re.MULTILINE)
CHECK_CALL = re.compile(r"""\bcheck\(\s*["'](\w+)["']""")


class NotebookError(ValueError):
    """A file that cannot be read as a notebook; the message says why."""


class Handed(NamedTuple):
    """What one notebook says about one chapter.

    Parameters
    ----------
    student : str
        Name of the student's folder, or of the notebook if it is in none.
    chapter : str
        Number of the chapter, such as "01".
    states : dict of str to str
        For each exercise of the chapter: "solved", "wrong", "not attempted" or "not run".
    file : str
        Path of the notebook, relative to the folder that was collected.
    """

    student: str
    chapter: str
    states: dict
    file: str


def collect(folder):
    """Read all notebooks below a folder.

    Each folder just below it is a student, and so is each notebook that lies directly in
    it. A student may hand in the whole of my_lesson: its folder of solutions is left out.

    Parameters
    ----------
    folder : str or Path
        Where the students' folders or notebooks are.

    Returns
    -------
    handed : list of Handed
        Sorted by student and chapter.
    complaints : list of str
        A line for each file that could not be read and for each unknown exercise.

    Raises
    ------
    FileNotFoundError
        If there is no such folder, or no notebook in it.
    """
    folder = check_path(folder, "folder")
    paths = sorted(path for path in folder.rglob("*.ipynb") if _counts(path, folder))
    if not paths:
        raise FileNotFoundError(
            f"There is no notebook (.ipynb) in {folder}. Give the folder that contains "
            "the students' folders or notebooks."
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
            f"{file}: the lesson has no exercise {name!r}. Is it from another version?"
            for name in states
            if name not in EXERCISES
        ]
        handed += [
            Handed(student, chapter, found, str(file))
            for chapter, found in by_chapter(states).items()
        ]
    return sorted(handed, key=lambda one: (one.student, one.chapter)), complaints


def _counts(path, folder):
    """Whether a path is a file of the student's: not Jupyter's, and no solution of ours."""
    inside = path.relative_to(folder).parts
    hidden = any(part.startswith(".") for part in inside)
    return path.is_file() and not hidden and "solutions" not in inside[1:-1]


def _shown(path):
    """Make a path printable, because names may hold characters of other systems."""
    return Path(str(path).encode(errors="replace").decode())


def read_states(path):
    """Read the state of each exercise in a notebook.

    If several cells check the same exercise, the one that was run last counts. If their
    numbers are the same, the last one in the notebook counts.

    Parameters
    ----------
    path : Path
        The notebook, whatever its name.

    Returns
    -------
    dict of str to str
        State of each exercise, by name.

    Raises
    ------
    NotebookError
        If the file is not a notebook.
    OSError
        If it cannot be read.
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
    """Sort the states of exercises by chapter.

    Parameters
    ----------
    states : dict of str to str
        As `read_states` returns them.

    Returns
    -------
    dict of str to dict
        The states of all exercises of each chapter that occurs in `states`.
    """
    return {
        chapter: {name: states.get(name, NOT_RUN) for name in names}
        for chapter, names in CHAPTERS.items()
        if states.keys() & names.keys()
    }


def write_table(handed, file):
    """Write one line for each notebook and chapter, as CSV with the header `COLUMNS`.

    Parameters
    ----------
    handed : list of Handed
        As `collect` returns it.
    file : text file
        Open for writing.
    """
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
    """Keep a spreadsheet from treating a name as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _code_cells(path):
    """Read the code cells of a notebook in any format that nbformat knows."""
    # Imported here, because nbformat loads a JSON validator that other commands do not
    # need.
    from nbformat import convert, reader

    if path.stat().st_size > MAX_BYTES:
        raise NotebookError(
            f"The file is larger than {MAX_BYTES // 1_000_000} MB, but no notebook of the "
            "lesson is that large. Look at it by hand."
        )
    data = path.read_bytes()
    try:
        notebook = convert(reader.reads(data.decode("utf-8-sig")), 4)
    except Exception as error:  # nbformat may raise anything here
        raise NotebookError(
            "This is not a notebook, or it is damaged. Ask the student for the file that "
            "Jupyter saved."
        ) from error
    return [cell for cell in notebook.cells if cell.get("cell_type") == "code"]


def _states_of(cell):
    """Pair the exercises that a cell checks with their states, in order."""
    names = _exercises_in(_text(cell.get("source")))
    outputs = cell.get("outputs", [])
    states = [STATES[line[0]] for line in _lines_of(outputs) if line[:1] in STATES]
    if not states and any(each.get("output_type") == "error" for each in outputs):
        states = ["wrong"] * len(names)
    # A cell shows only the value of its last line, so the outputs belong to the last
    # checks.
    states = [NOT_RUN] * (len(names) - len(states)) + states
    return zip(names, states[len(states) - len(names) :], strict=True)


def _exercises_in(source):
    """List the exercises that a cell checks, in order."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # This is not plain Python: it has magics such as %time, or a syntax error.
        return CHECK_CALL.findall(COMMENT_LINE.sub("", source))
    calls = [node for node in nodes if isinstance(node, ast.Call) and _is_check(node)]
    calls.sort(key=lambda call: (call.lineno, call.col_offset))
    return [call.args[0].value for call in calls]


def _is_check(call):
    function = getattr(call.func, "attr", getattr(call.func, "id", None))
    name = getattr(call.args[0], "value", None) if call.args else None
    return function == "check" and isinstance(name, str)


def _lines_of(outputs):
    for output in outputs:
        text = output.get("text")
        if output.get("output_type") in ("execute_result", "display_data"):
            text = output.get("data", {}).get("text/plain")
        yield from _text(text).splitlines()


def _text(value):
    return value if isinstance(value, str) else ""  # a damaged notebook may hold anything
