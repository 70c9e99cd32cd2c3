"""Rehearse grading with nbgrader: `python tools/grading/rehearse.py ENVIRONMENT COURSE`.

It makes an assignment out of chapters 01 and 04 in the new folder COURSE, hands it in for the
three students below, grades them, writes their reports, and prints the points. ENVIRONMENT has
nbgrader (`make nbgrader` makes it). `make grading` runs all of this.
"""

import csv
import os
import subprocess
import sys
from pathlib import Path

import nbformat

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

from assignment import BEGIN, write_assignment  # noqa: E402, it lies beside this file

NAME, CHAPTERS = "week1", ["01", "04"]
# What each student writes, by exercise. The others leave an exercise that isn't listed as it was.
STUDENTS = {
    # Gives the lesson's own answers. One of them warns, which must not cost points.
    "ada": {
        "words_left": """
def words_left(counts, threshold):
    import warnings
    warnings.warn("the counts are assumed to be positive")
    return np.sum(counts * keep_probability(counts, threshold))""",
    },
    # Makes typical mistakes, and solves one exercise.
    "ben": {
        "survivors": 'survivors = ["company", "share"]',
        "words_left": """
def words_left(counts, threshold):
    return keep_probability(counts, threshold).sum()""",
        "contexts_of": """
def contexts_of(sentence_of, center, size):
    near = range(max(0, center - size), min(len(sentence_of), center + size + 1))
    return [i for i in near if i != center]""",
        "loss_of_a_quarter": "loss_of_a_quarter = -math.log(1 / 4)",
        "mean_per_pair": """
def mean_per_pair(losses, mask):
    return losses.mean()""",
        "table_gradient": """
def table_gradient(v, others, labels, table_u):
    grad = numpy.zeros(table_u.shape)
    errors = by_hand.sigmoid(table_u[others] @ v) - labels
    grad[others] += errors[:, None] * v / len(others)
    return grad""",
    },
    # Leaves some exercises out, breaks others, and tries to pass by changing what is graded.
    "eve": {
        "words_left": """
def words_left(counts, threshold):
    while True:
        pass""",
        "contexts_of": "def contexts_of(sentence_of, center, size) return []",
        "mean_per_pair": """
from w2v_lesson.classroom.checks import Feedback

def check(name, answer, array=list):
    return Feedback(True, "✓ Right.")

def mean_per_pair(losses, mask):
    return 0.0""",
    },
}
KNOWS_ANSWERS, CHANGES_CHECKS = "ada", "eve"


def right_answers(notebook):
    """Return the lesson's own answers, by exercise."""
    return {
        cell.metadata.nbgrader.grade_id.removesuffix("-answer"): BEGIN.sub(
            r"\1\2", cell.source
        )
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }


def hand_in(released, submitted, answers, changes_checks):
    """Fill in the answers of one student and save the notebook as it would be handed in."""
    notebook = nbformat.read(released, as_version=4)
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("solution"):
            name = marks.grade_id.removesuffix("-answer")
            cell.source = answers.get(name, cell.source).strip()
        elif marks.get("grade") and changes_checks:
            cell.source = "1"  # the number of points
    submitted.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, submitted)


def rehearse(environment, course):
    """Make, hand in, grade, and report one assignment.

    Parameters
    ----------
    environment : Path
        The environment that has nbgrader.
    course : Path
        A folder that is empty or doesn't exist yet.

    Returns
    -------
    dict of str to float
        Points by student. `course` holds everything that nbgrader has written.
    """

    programs = environment / "bin"
    path = (
        f"{programs}{os.pathsep}{os.environ['PATH']}"  # nbgrader starts alembic by its name
    )

    def nbgrader(*arguments):
        command = [programs / "nbgrader", *arguments]
        subprocess.run(command, check=True, cwd=course, env={**os.environ, "PATH": path})

    sources = write_assignment(course, NAME, CHAPTERS)
    nbgrader("generate_assignment", NAME)
    for path in sources:
        released = course / "release" / NAME / path.name
        right = right_answers(nbformat.read(path, as_version=4))
        for student, answers in STUDENTS.items():
            answers = {**right, **answers} if student == KNOWS_ANSWERS else answers
            submitted = course / "submitted" / student / NAME / path.name
            hand_in(released, submitted, answers, student == CHANGES_CHECKS)
    nbgrader("autograde", NAME)
    nbgrader("generate_feedback", NAME)
    nbgrader("export", "--to", course / "grades.csv")
    with (course / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


if __name__ == "__main__":
    for student, points in rehearse(*map(Path, sys.argv[1:3])).items():
        print(f"{student}: {points:g} points")
