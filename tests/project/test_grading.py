"""nbgrader really grades chapters: points, warnings, tampering, and what students read.

It runs in an environment of its own, which `make nbgrader` makes. NBGRADER names another one.
"""

import os
import re
import sys
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "grading"))

import assignment  # noqa: E402
import rehearse  # noqa: E402

from w2v_lesson.classroom.exercises import CHAPTERS  # noqa: E402

FIRST, SECOND = "01_turn_text_into_questions", "04_mask_the_loss"


def environment():
    named = Path(os.environ.get("NBGRADER", ROOT / ".cache" / "nbgrader"))
    if not (named / "bin" / "nbgrader").exists():
        pytest.skip("needs nbgrader: run make nbgrader")
    return named


@pytest.mark.parametrize("number", CHAPTERS)
def test_each_exercise_becomes_a_cell_for_the_answer_and_one_with_points(number):
    (source,) = (ROOT / "notebooks" / "sources").glob(f"{number}_*.py")
    notebook = assignment.chapter_for_nbgrader(source)
    nbformat.validate(notebook)
    marks = [c.metadata.nbgrader for c in notebook.cells if "nbgrader" in c.metadata]
    names = list(CHAPTERS[number])
    assert [m.grade_id for m in marks if m.grade and m.locked and m.points == 1] == names
    assert [m.grade_id for m in marks if m.solution] == [f"{name}-answer" for name in names]


@pytest.mark.parametrize("number", CHAPTERS)
def test_an_answer_has_a_solution_and_without_it_three_dots(number):
    (source,) = (ROOT / "notebooks" / "sources").glob(f"{number}_*.py")
    for cell in assignment.chapter_for_nbgrader(source).cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            left, solution, rest = re.split(r" *### (?:BEGIN|END) SOLUTION\n?", cell.source)
            assert "..." in left and not rest.strip()
            assert solution.strip()


def test_a_config_that_a_teacher_has_changed_stays(tmp_path):
    (tmp_path / assignment.CONFIG).write_text("mine")
    assignment.write_assignment(tmp_path, "week1", ["00"])
    assert (tmp_path / assignment.CONFIG).read_text() == "mine"


def test_a_chapter_that_does_not_exist_is_named(tmp_path, capsys):
    assert assignment.main([str(tmp_path), "week1", "77"]) == 1
    assert "'77'" in capsys.readouterr().err


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    return folder, rehearse.rehearse(environment(), folder)


def report(folder, student, chapter):
    """Return what one student reads: the feedback, and points by exercise."""
    page = folder / "feedback" / student / rehearse.NAME / f"{chapter}.html"
    soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
    feedback = [box.get_text() for box in soup.select(".w2v-feedback")]
    return feedback, re.findall(
        r"Test cell\s*\(Score: ([\d.]+) / 1.0\)", soup.get_text(" ")
    )


@pytest.mark.slow
def test_right_answers_get_all_points_and_wrong_ones_none(course):
    assert course[1] == {"ada": 6, "ben": 1, "eve": 0}


@pytest.mark.slow
def test_a_report_has_the_points_of_each_exercise(course):
    assert report(course[0], "ada", FIRST)[1] == ["1.0", "1.0", "1.0"]
    assert report(course[0], "ben", SECOND)[1] == ["1.0", "0.0", "0.0"]


@pytest.mark.slow
def test_a_report_says_what_check_said(course):
    praised = [*report(course[0], "ada", FIRST)[0], *report(course[0], "ada", SECOND)[0]]
    assert len(praised) == 6 and all(text.startswith("✓ Right.") for text in praised)
    told = [*report(course[0], "ben", FIRST)[0], *report(course[0], "ben", SECOND)[0]]
    said = [
        "the words that are dropped",
        "This adds up probabilities",
        "crosses the end of a sentence",
        "✓ Right.",
        "The mask is missing",
        "keeps only the last one",
    ]
    assert len(told) == len(said)
    assert all(part in text for part, text in zip(said, told, strict=True))


@pytest.mark.slow
def test_missing_and_broken_answers_and_changed_checks_get_no_points(course):
    feedback, points = report(course[0], "eve", FIRST)
    assert points == ["0.0", "0.0", "0.0"]
    assert feedback[0].startswith("○ Not attempted yet")
    assert "loop that never ends" in feedback[1]
    feedback, points = report(course[0], "eve", SECOND)
    assert points == ["0.0", "0.0", "0.0"]
    assert feedback[1].startswith("✗ Not yet.")
