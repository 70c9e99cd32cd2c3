"""Make an assignment for nbgrader: `python tools/grading/assignment.py COURSE NAME CHAPTERS...`.

`... course week1 01 04` writes the chapters 01 and 04, with solutions and with nbgrader's marks,
to course/source/week1/, and course/nbgrader_config.py unless there is one. Then run nbgrader in
COURSE. docs/TEACHING.md shows the commands.

Each exercise becomes two cells: one for the answer, and one that nbgrader grades. The second cell
shows what `check` says and then the points, so students see both in their report.
"""

import argparse
import re
import shutil
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
sys.path.insert(0, str(FOLDER.parent))

import build_notebooks  # noqa: E402, it lies in the folder above

CONFIG = "nbgrader_config.py"
CHECK = re.compile(r'^check\("(?P<name>\w+)", .+\)$', re.MULTILINE)
# A value has no line of three dots of its own, but its name must exist in the students' copy.
VALUE = r"\g<name>...\n### BEGIN SOLUTION\n\g<name>\g<value>\n### END SOLUTION"
BEGIN = re.compile(r"^( +)(### BEGIN SOLUTION)$", re.MULTILINE)
# Students may have given `check` another meaning. nbgrader gives no points to a cell that warns.
GRADED = """import contextlib, io

from w2v_lesson import check

with contextlib.redirect_stderr(io.StringIO()):
    feedback = {check}
display(feedback)
int(feedback.solved is True)  # points"""


def marked(kind, name, **more):
    """Return the metadata that nbgrader expects of a cell."""
    about = {
        "schema_version": 3,
        "grade_id": name,
        "locked": kind == "grade",
        "task": False,
    }
    about |= {"grade": kind == "grade", "solution": kind == "solution", **more}
    return {"nbgrader": about}


def split(cell):
    """Turn an exercise into the cell for the answer and the cell that is graded."""
    found = CHECK.search(cell.source)
    name = found["name"]
    answer = build_notebooks.VALUE.sub(VALUE, cell.source[: found.start()].strip())
    answer = BEGIN.sub(r"\1...\n\1\2", answer)
    graded = GRADED.format(check=found[0])
    return [
        new_code_cell(
            answer, id=f"{cell.id}-answer", metadata=marked("solution", f"{name}-answer")
        ),
        new_code_cell(
            graded, id=f"{cell.id}-check", metadata=marked("grade", name, points=1)
        ),
    ]


def chapter_for_nbgrader(source):
    """Return a chapter with solutions, in which nbgrader finds the exercises."""
    notebook = build_notebooks.read_source(source)
    cells = []
    for cell, raw in zip(notebook.cells, build_notebooks.source_cells(source), strict=True):
        if CHECK.search(cell.source):
            cells += split(nbformat.from_dict({"id": cell.id, "source": raw.source}))
        else:
            cells.append(cell)
    notebook.cells = cells
    return notebook


def write_assignment(course, name, chapters):
    """Write the chapters, whose names begin as given, into the folder of a course.

    Returns
    -------
    list of Path
        The notebooks.
    """
    folder = course / "source" / name
    folder.mkdir(parents=True, exist_ok=True)
    if not (course / CONFIG).exists():
        shutil.copy(FOLDER / CONFIG, course / CONFIG)
    written = []
    for source in build_notebooks.sources(ROOT / "notebooks", chapters):
        written.append(folder / f"{source.stem}.ipynb")
        nbformat.write(chapter_for_nbgrader(source), written[-1])
    shutil.copy(ROOT / "notebooks" / "glossary.md", folder)  # the chapters link to it
    return written


def main(arguments=None):
    """Parse the command line, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("course", type=Path, metavar="COURSE")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("chapters", nargs="+", metavar="CHAPTERS")
    options = parser.parse_args(arguments)
    try:
        for path in write_assignment(options.course, options.name, options.chapters):
            print(path)
    except build_notebooks.BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
