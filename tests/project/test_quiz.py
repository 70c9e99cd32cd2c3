"""The quiz has two parallel forms without answers, and what is said about twenty students holds."""

import doctest
import re
from pathlib import Path

import numpy as np
import pytest
import quiz
from scipy.stats import ttest_1samp

ROOT = Path(__file__).resolve().parents[2]
QUIZ = quiz.read_quiz()
KEY = quiz.right_letters(QUIZ)
MOST_ON_A_SIDE = 2_600  # characters of 11 points on A4, with room to spare


def test_there_are_eight_questions_with_one_right_choice_in_two_forms():
    assert len(QUIZ) == 8
    for title, items in QUIZ:
        for item in items.values():
            verdicts = [verdict for _, _, verdict, _ in item.choices]
            assert sorted(verdicts) == ["No", "No", "No", "Right"], title
            assert item.text.endswith("?")
            assert all(len(reason) > 20 for *_, reason in item.choices), title


def test_no_letter_is_right_more_often_and_length_gives_nothing_away():
    for form, letters in KEY.items():
        assert [letters.count(letter) for letter in "abcd"] == [2, 2, 2, 2], form
    longest = 0
    for _, items in QUIZ:
        for item in items.values():
            lengths = {letter: len(text) for letter, text, *_ in item.choices}
            longest += max(lengths, key=lengths.get) == item.right
    assert longest <= len(QUIZ)  # of twice as many


@pytest.mark.parametrize("path", quiz.outputs(QUIZ), ids=lambda path: path.name)
def test_what_students_get_is_up_to_date_and_gives_no_answer(path):
    text = path.read_text(encoding="utf-8")
    assert text == quiz.outputs(QUIZ)[path], "run python tools/quiz.py"
    assert "Right" not in text
    for _, items in QUIZ:
        for item in items.values():
            assert not any(reason in text for *_, reason in item.choices)


@pytest.mark.parametrize("form", quiz.FORMS)
def test_a_form_prints_on_two_sides(form):
    first, second = quiz.page(QUIZ, form).split("<body>")[1].split('class="back"')
    for side in (first, second):
        assert len(re.sub(r"<[^>]*>", "", side)) < MOST_ON_A_SIDE
        assert side.count("<p>") - side.count("<p>Write") >= 4


def answers(form, wrong):
    """The right letters of a form, with the first few replaced by dots."""
    return "." * wrong + KEY[form][wrong:]


def table():
    return [
        {
            "student": "1",
            "first_form": "A",
            "before": answers("A", 5),
            "after": answers("B", 2),
        },
        {
            "student": "2",
            "first_form": "B",
            "before": answers("B", 4),
            "after": answers("A", 0),
        },
        {
            "student": "3",
            "first_form": "A",
            "before": answers("A", 2),
            "after": answers("B", 2),
        },
    ]


def test_a_class_is_compared_by_the_form_that_each_student_had():
    right = quiz.results(table(), KEY)
    assert right.sum(axis=2).tolist() == [[3, 4, 6], [6, 8, 6]]
    mean, low, high = quiz.mean_gain(right)
    interval = ttest_1samp([3, 4, 0], 0).confidence_interval()
    assert (mean, low, high) == pytest.approx((7 / 3, *interval))
    lines = quiz.report(table(), QUIZ)
    assert lines[0] == "3 students: 4.3 of 8 before, 6.7 after"
    assert "form A first: 2 students, gain +1.5" in lines
    assert lines[-8].startswith("1:  0,  1;  1,  0, p = 1.000")
    assert lines[-5].startswith("4:  1,  3;  2,  0, p = 0.500")


def test_equal_gains_have_an_interval_without_width():
    assert quiz.mean_gain(quiz.results(table()[:1] * 2, KEY)) == (3, 3, 3)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("first_form", "C", "A or B"),
        ("before", "abc", "8 letters"),
        ("after", "", "8 letters"),
    ],
)
def test_a_faulty_line_is_named(name, value, said):
    row = table()[0] | {name: value}
    with pytest.raises(ValueError, match=said):
        quiz.results([row], KEY)


def test_the_command_compares_and_says_what_is_wrong(tmp_path, capsys):
    path = tmp_path / "class.csv"
    lines = [",".join(row.values()) for row in table()]
    path.write_text("\n".join(["student,first_form,before,after", *lines]), "utf-8")
    assert quiz.main([str(path)]) == 0
    assert capsys.readouterr().out.startswith("3 students")
    path.write_text("student,first_form,before,after\n1,A,ab,cd\n", "utf-8")
    assert quiz.main([str(path)]) == 1
    assert "8 letters" in capsys.readouterr().err


def test_power_agrees_with_drawn_classes():
    rng = np.random.default_rng(0)
    gains = rng.normal(1, 2, (4000, 20))
    lows = ttest_1samp(gains, 0, axis=1).confidence_interval().low
    assert quiz.power(1, 20, 2) == pytest.approx((lows > 0).mean(), abs=0.03)
    assert quiz.power(quiz.detectable_gain(20, 2), 20, 2) == pytest.approx(0.8)


def test_the_spread_is_that_of_independent_answers():
    rng = np.random.default_rng(0)
    before, after = rng.binomial(8, [[0.3], [0.6]], (2, 100_000))
    assert quiz.spread_of_gain(0.3, 0.6) == pytest.approx((after - before).std(), rel=0.01)


def test_the_page_about_twenty_students_prints_what_it_says():
    page = ROOT / "docs" / "teaching" / "does_it_teach.md"
    done = doctest.testfile(str(page), module_relative=False)
    assert done.attempted >= 7 and done.failed == 0
    text = page.read_text(encoding="utf-8")
    for number, gain in [("from about 1.1 to 2.9", 2), ("from about −0.4 to 1.4", 0.5)]:
        low, high = (gain + sign * quiz.half_width(20, 2) for sign in (-1, 1))
        assert number == f"from about {low:.1f} to {high:.1f}".replace("-", "−")
        assert number in text
    example = [line.strip().split(",") for line in text.splitlines() if "bd" in line]
    rows = [line for line in example if line[0] in ("1", "2") and len(line) == 4]
    names = "student", "first_form", "before", "after"
    assert quiz.results([dict(zip(names, row, strict=True)) for row in rows], KEY).any()
