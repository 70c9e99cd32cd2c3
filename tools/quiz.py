"""Make both forms of the quiz, and compare a class before and after a lesson.

`python tools/quiz.py` reads docs/teaching/quiz_key.md. It writes the pages to print,
docs/teaching/quiz-a.html and quiz-b.html, and the sources of two notebooks,
notebooks/sources/routes/quiz-a.py and quiz-b.py. None of them contains the right answers.

`python tools/quiz.py class.csv` compares. Each line of the table holds a student, the form
that this student had first, and eight letters for each time, a dot for a missing answer:

    student,first_form,before,after
    1,A,db.adbaa,dbcaabdc
"""

import argparse
import csv
import html
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import brentq
from scipy.stats import binomtest, nct, t, ttest_1samp

ROOT = Path(__file__).resolve().parent.parent
KEY = ROOT / "docs" / "teaching" / "quiz_key.md"
FORMS = "AB"
QUESTION = re.compile(r"^## \d+\. (.+)\n", re.MULTILINE)
FORM = re.compile(r"\*\*Form ([AB])\.\*\* (.+)\n\n((?:- .+\n?)+)")
CHOICE = re.compile(r"- ([a-d])\) (.+) — (Right|No)\. (.+)")
INTRODUCTION = (
    "Eight questions with one right answer each. If you don't know an answer, guess. "
    "This isn't graded."
)
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Word vectors: quiz, form {form}</title>
<style>
@page {{ size: A4; margin: 16mm 18mm; }}
body {{ font: 11pt/1.35 Georgia, serif; max-width: 42em; margin: 1em auto; padding: 0 1em; }}
h1 {{ font-size: 15pt; margin: 0 0 .5em; }}
li {{ margin: 0 0 .9em; break-inside: avoid; }}
li li {{ margin: .1em 0; }}
li p {{ margin: 0 0 .2em; }}
ol ol {{ list-style: none; padding-left: .5em; }}
.back {{ break-before: page; }}
table {{ border-collapse: collapse; }}
td {{ border: 1px solid; width: 2.6em; height: 2.6em; text-align: left; vertical-align: top;
  font-size: 8pt; padding: 2px; }}
</style>
</head>
<body>
<h1>Word vectors: quiz, form {form}</h1>
<p>Name or number: ______________________ &nbsp; Date: ______________ &nbsp; ☐ before ☐ after</p>
<p>{introduction}</p>
<ol>
{items}
</ol>
<p>Write your eight letters here as well:</p>
<table><tr>{boxes}</tr></table>
</body>
</html>
"""
CELLS = """# %% [markdown]
# # Word vectors: quiz, form {form}
#
# {introduction} You don't need to run anything before the last cell.
{items}
#
# Now replace each dot with the letter of your answer, such as `"db.a..."`, and run the cell. A dot that stays counts as no answer.

# %%
letters = "........"
print("Give these letters to your teacher:", letters)
"""


@dataclass
class Item:
    """Hold one question in one form."""

    text: str
    choices: list  # of (letter, text, "Right" or "No", reason)

    @property
    def right(self):
        """Return the letter of the right answer."""
        return next(letter for letter, _, verdict, _ in self.choices if verdict == "Right")


def read_quiz(path=KEY):
    """Read the key.

    Parameters
    ----------
    path : Path, optional
        A file like docs/teaching/quiz_key.md.

    Returns
    -------
    list of (str, dict of str to Item)
        For each question its title, and its two forms by their letters.
    """
    _, *parts = QUESTION.split(path.read_text(encoding="utf-8"))
    quiz = []
    for title, text in zip(parts[::2], parts[1::2], strict=True):
        items = {
            form: Item(asked, CHOICE.findall(choices))
            for form, asked, choices in FORM.findall(text)
        }
        for form in FORMS:
            if form not in items or [c[0] for c in items[form].choices] != list("abcd"):
                raise ValueError(f"{title!r} must have a form {form} with choices a to d.")
        quiz.append((title, items))
    return quiz


def right_letters(quiz):
    """Return the right answers of each form, such as {"A": "dbca…", "B": "acb…"}."""
    return {form: "".join(items[form].right for _, items in quiz) for form in FORMS}


def page(quiz, form):
    """Return a page to print: four questions on each side of a sheet."""
    items = []
    for number, (_, forms) in enumerate(quiz, 1):
        choices = [f"<li>{c[0]}) {emphasis(c[1])}</li>" for c in forms[form].choices]
        side = ' class="back"' if number == len(quiz) // 2 + 1 else ""
        items.append(
            f"<li{side}><p>{emphasis(forms[form].text)}</p>\n<ol>\n"
            + "\n".join(choices)
            + "\n</ol></li>"
        )
    boxes = "".join(f"<td>{number}</td>" for number in range(1, len(quiz) + 1))
    return PAGE.format(
        form=form,
        introduction=html.escape(INTRODUCTION, quote=False),
        items="\n".join(items),
        boxes=boxes,
    )


def emphasis(text):
    """Turn the little Markdown of a question into HTML."""
    return re.sub(r"\*(.+?)\*", r"<em>\1</em>", html.escape(text, quote=False))


def notebook_source(quiz, form):
    """Return the source of the notebook of one form, in the percent format."""
    lines = []
    for number, (_, forms) in enumerate(quiz, 1):
        lines += ["#", f"# **{number}.** {forms[form].text}", "#"]
        lines += [f"# - {letter}) {text}" for letter, text, *_ in forms[form].choices]
    return CELLS.format(form=form, introduction=INTRODUCTION, items="\n".join(lines))


def outputs(quiz, root=ROOT):
    """Return the content of each file that is made from the key, by its path."""
    made = {}
    for form in FORMS:
        name = f"quiz-{form.lower()}"
        made[root / "docs" / "teaching" / f"{name}.html"] = page(quiz, form)
        source = root / "notebooks" / "sources" / "routes" / f"{name}.py"
        made[source] = notebook_source(quiz, form)
    return made


# Comparing a class before and after


def results(rows, letters):
    """Say which answers were right.

    Parameters
    ----------
    rows : list of dict
        One for each student, with first_form, before, and after.
    letters : dict of str to str
        The right answers of each form.

    Returns
    -------
    numpy.ndarray of bool, shape (2, students, questions)
        Before and after.
    """
    right = []
    for row in rows:
        forms = row["first_form"], FORMS.replace(row["first_form"], "")
        if row["first_form"] not in letters:
            raise ValueError(f"first_form must be A or B, but it is {forms[0]!r}.")
        for given in (row["before"], row["after"]):
            if len(given) != len(letters["A"]):
                raise ValueError(
                    f"Student {row['student']} must have {len(letters['A'])} letters or "
                    f"dots each time, but has {given!r}."
                )
        pairs = zip(forms, (row["before"], row["after"]), strict=True)
        right.append([list(map(str.__eq__, letters[form], given)) for form, given in pairs])
    return np.array(right, bool).swapaxes(0, 1)


def mean_gain(right):
    """Return the mean gain in right answers and its 95% t interval.

    Parameters
    ----------
    right : numpy.ndarray of bool, shape (2, students, questions)
        From `results`. There must be at least two students.

    Returns
    -------
    tuple of float
        The mean and both ends of the interval.
    """
    gain = right[1].sum(axis=1) - right[0].sum(axis=1)
    if np.ptp(gain) == 0:  # the interval would be nan
        return (float(gain[0]),) * 3
    return (float(gain.mean()), *map(float, ttest_1samp(gain, 0).confidence_interval()))


def sign_test(up, down):
    """Return the p value of a sign test (McNemar's exact test).

    Parameters
    ----------
    up, down : int
        How many students changed from wrong to right, and from right to wrong.

    Returns
    -------
    float
        How often chance alone gives counts that are at least as uneven.
    """
    return float(binomtest(up, up + down).pvalue) if up + down else 1.0


def spread_of_gain(before, after, questions=8):
    """Return the standard deviation of a student's gain if all answers are independent.

    Parameters
    ----------
    before, after : float
        The shares of right answers.
    questions : int, optional
        How many there are.

    Returns
    -------
    float
        In right answers.
    """
    return (questions * (before * (1 - before) + after * (1 - after))) ** 0.5


def half_width(students, spread):
    """Return half the width of the 95% interval of the mean gain.

    Parameters
    ----------
    students : int
        At least two.
    spread : float
        Standard deviation of the gain, in right answers.

    Returns
    -------
    float
        In right answers.
    """
    return float(t.ppf(0.975, students - 1) * spread / students**0.5)


def power(gain, students, spread):
    """Return how often the 95% interval of the mean gain will be above 0.

    Parameters
    ----------
    gain : float
        The true mean gain, in right answers.
    students : int
        At least two.
    spread : float
        Standard deviation of the gain, in right answers.

    Returns
    -------
    float
        Between 0 and 1.
    """
    bound = t.ppf(0.975, students - 1)
    with np.errstate(divide="ignore"):  # scipy divides by 0 where the result is 0 or 1
        found = nct.sf(bound, students - 1, gain * students**0.5 / spread)
    return float(found)


def detectable_gain(students, spread, wanted=0.8):
    """Return the true mean gain that is found with probability `wanted`.

    Parameters
    ----------
    students : int
        At least two.
    spread : float
        Standard deviation of the gain, in right answers.
    wanted : float, optional
        Between 0.05 and 1.

    Returns
    -------
    float
        In right answers.
    """
    return float(
        brentq(lambda gain: power(gain, students, spread) - wanted, 1e-6, 10 * spread)
    )


def report(rows, quiz):
    """Return lines that compare a class before and after.

    Parameters
    ----------
    rows : list of dict
        As for `results`.
    quiz : list
        From `read_quiz`.

    Returns
    -------
    list of str
        The mean gain, the same for each order of the forms, and a line for each question.
    """
    right = results(rows, right_letters(quiz))
    before, after = right.sum(axis=2).mean(axis=1)
    lines = [f"{len(rows)} students: {before:.1f} of {len(quiz)} before, {after:.1f} after"]
    if len(rows) > 1:
        lines.append(
            "gain {:+.1f}, 95% interval {:+.1f} to {:+.1f}".format(*mean_gain(right))
        )
    for form in FORMS:
        with_form = [row["first_form"] == form for row in rows]
        if any(with_form):
            gains = right[1, with_form].sum(axis=1) - right[0, with_form].sum(axis=1)
            lines.append(
                f"form {form} first: {sum(with_form)} students, gain {gains.mean():+.1f}"
            )
    lines.append("question: right before, after; to right, to wrong, p of the sign test")
    for number, (title, _) in enumerate(quiz):
        first, second = right[:, :, number]
        up, down = int((second & ~first).sum()), int((first & ~second).sum())
        lines.append(
            f"{number + 1}: {first.sum():2}, {second.sum():2}; {up:2}, {down:2}, "
            f"p = {sign_test(up, down):.3f}  {title}"
        )
    return lines


def main(arguments=None):
    """Parse the command line, and return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("table", nargs="?", type=Path, metavar="class.csv")
    options = parser.parse_args(arguments)
    quiz = read_quiz()
    if options.table is None:
        for path, text in outputs(quiz).items():
            path.write_text(text, encoding="utf-8")
        return 0
    try:
        with options.table.open(encoding="utf-8-sig", newline="") as file:
            print("\n".join(report(list(csv.DictReader(file)), quiz)))
    except (OSError, ValueError, KeyError) as error:
        print(f"{options.table}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
