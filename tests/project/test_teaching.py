"""The pages for teachers name cells, headings, and numbers that exist, and leave out none."""

import ast
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import build_notebooks
import build_slides
import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup

from w2v_lesson import by_hand
from w2v_lesson.widgets.loss import watch_loss

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(ROOT.glob("notebooks/sources/*.py"))
ROUTE = ROOT / "notebooks" / "sources" / "routes" / "50_minutes.py"
FOLDER = ROOT / "docs" / "teaching"
PAGES = [ROOT / "docs" / "TEACHING.md", *sorted(FOLDER.glob("*.md"))]

# A question ends with its paragraph. Emphasis and code marks don't matter here.
PREDICT = re.compile(r"\*\*(?:\d\. )?[Pp]redict[^*]*\*\*(.*?)(?=\n\n|\Z)", re.DOTALL)
ENTRY = re.compile(r"^\d+\. \*\*(.+?) …\*\* (.+)$", re.MULTILINE)
REFERENCE = re.compile(r"(\d\d) ▸ \*(.+?)\*(?: ▸ `([^`]+)`)?(?= |$|[,.;)|])")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?%?")


def plain(text):
    return re.sub(r"[*`]", "", text).strip(" .,")


def numbers(text):
    return {number.rstrip(",%") for number in NUMBER.findall(text)}


@cache
def cells(path):
    return build_notebooks.read_source(path).cells


def source_of(number):
    paths = [p for p in [*SOURCES, ROUTE] if p.stem.startswith(number)]
    assert len(paths) == 1, f"there is no notebook {number}"
    return paths[0]


def questions(path):
    """List all that a notebook asks the reader to predict."""
    texts = [cell.source for cell in cells(path) if cell.cell_type == "markdown"]
    return [plain(q) for text in texts for q in PREDICT.findall(text)]


def key():
    """Return the entries of the key by chapter: pairs of the question's beginning and answer."""
    parts = re.split(r"^## ", (FOLDER / "predict_key.md").read_text("utf-8"), flags=re.M)
    return {part[:2]: ENTRY.findall(part) for part in parts[1:]}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_each_prediction_of_a_chapter_has_its_answer(source):
    asked, entries = questions(source), key()[source.stem[:2]]
    assert len(asked) == len(entries) > 0
    for question, (beginning, _) in zip(asked, entries, strict=True):
        assert question.startswith(beginning), f"{beginning!r} is not {question!r}"


def test_the_route_asks_what_has_an_answer():
    known = {question for source in SOURCES for question in questions(source)}
    new = [question for question in questions(ROUTE) if question not in known]
    assert new == [beginning + "?" for beginning, _ in key()["Th"]]


def all_that_is_shown(path):
    """Join the text and the outputs of a built notebook, with what is said of its figures."""
    shown = []
    for cell in nbformat.read(path, as_version=4).cells:
        shown.append(cell.source)
        for output in cell.get("outputs", []):
            shown.append(output.get("text") or output.data.get("text/plain", ""))
            shown.append(output.get("metadata", {}).get("image/png", {}).get("alt", ""))
    return "\n".join(shown).replace("−", "-")


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_the_numbers_of_an_answer_are_those_that_the_chapter_shows(source):
    shown = all_that_is_shown(build_notebooks.notebook_of(source))
    for beginning, answer in key()[source.stem[:2]]:
        exercises = [c.source for c in cells(source) if ". Predict.**" in c.source]
        if any(beginning in plain(text) for text in exercises):
            continue  # there one has to calculate
        missing = numbers(answer) - numbers(shown)
        assert not missing, f"{missing} in the answer to {beginning!r}"


def test_the_results_of_the_50_minutes_are_those_that_the_notebook_shows():
    shown = all_that_is_shown(build_notebooks.notebook_of(ROUTE))
    page = (ROOT / "docs" / "TEACHING.md").read_text("utf-8")
    rows = RESULT.findall(page.split("| minute | result |")[1].split("\n\n")[0])
    assert len(rows) == 17
    for minute, row in rows:
        known = numbers(shown) | numbers(" ".join(computed(int(minute))))
        missing = numbers(row) - known
        missing |= set(re.findall(r"\*(\w+)\*", row)) - set(re.findall(r"\w+", shown))
        assert not missing, f"{missing} in {row}"


def test_the_numbers_on_the_slides_are_those_of_the_chapters():
    shown = "\n".join(all_that_is_shown(build_notebooks.notebook_of(p)) for p in SOURCES)
    for slide in build_slides.read_slides():
        text = BeautifulSoup(slide.now + slide.later + slide.notes, "html.parser").get_text(
            " "
        )
        by_hand_too = computed(18) if slide.title.startswith(BY_HAND) else []
        missing = numbers(text) - numbers(shown) - numbers(" ".join(by_hand_too))
        assert not missing, f"{missing} on the slide {slide.title!r}"


RESULT = re.compile(r"^\| (\d+) \| (.+) \|$", re.MULTILINE)
MEASURED = re.compile(r"-?\d+\.\d{2,}")


def measured(text):
    return set(MEASURED.findall(text.replace("−", "-")))


def outputs_below_headings(path):
    """Return what a built notebook stores as outputs below each heading, as one text."""
    found, now = {}, None
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            for heading in re.findall(r"^##? (.+)$", cell.source, re.MULTILINE):
                now = found.setdefault(heading, [])
        for output in cell.get("outputs", []):
            now.append(output.get("text") or output.data.get("text/plain", ""))
    return {heading: "\n".join(texts) for heading, texts in found.items()}


def computed(minute):
    """List what the class computes itself at a minute: with one pair, and in the microscope.

    No output of the notebook has these numbers. The microscope shows them only while it runs.
    """
    if not 18 <= minute < 27:
        return []
    v, u, scores = np.array([2, 3]), np.array([1, -1]), np.array([-2, -1, 0, 0.25, 1, 2])
    answers = by_hand.sigmoid(scores)
    values = [*scores, *answers]
    for label in (0, 1):
        values += [*by_hand.pair_loss(scores, label), *by_hand.pair_gradient(scores, label)]
    moved = v + round(1 - by_hand.sigmoid(u @ v), 2) * u
    values += [*moved, 1 - by_hand.sigmoid(u @ v), u @ moved]
    return [f"{value:.{digits}f}" for value in values for digits in (2, 4)]


def rows_of_50_minutes():
    """List the beginning, the end, and the cells of each row, and what stands there."""
    _, rows = next(routes())
    found, below = [], []
    for start, end, said, screen, *rest in rows:
        below = [heading for _, heading, _ in REFERENCE.findall(screen)] or below
        found.append((int(start), int(end), below, " ".join([said, screen, *rest])))
    return found


def texts_of_50_minutes():
    """Yield a minute and a text that is said, shown, or read in that minute."""
    yield from ((start, text) for start, _, _, text in rows_of_50_minutes())
    page = (ROOT / "docs" / "TEACHING.md").read_text("utf-8").split("**What the cells")[1]
    tables = page.split("**Three times")[0]
    yield from ((int(minute), text) for minute, text in RESULT.findall(tables))
    for slide in build_slides.read_slides():
        if "50" in slide.when:
            parts = slide.title, slide.now, slide.later, slide.notes
            text = BeautifulSoup(" ".join(parts), "html.parser").get_text(" ")
            yield slide.when["50"], text


def test_what_is_measured_is_what_the_cells_of_that_minute_show():
    outputs = outputs_below_headings(build_notebooks.notebook_of(ROUTE))
    rows = rows_of_50_minutes()
    checked = 0
    for minute, text in texts_of_50_minutes():
        (below,) = (names for start, end, names, _ in rows if start <= minute < end)
        shown = measured(" ".join(outputs[name] for name in below)) | set(computed(minute))
        missing = measured(text) - shown
        assert not missing, f"{missing} at minute {minute}: {text}"
        checked += len(measured(text))
    assert checked > 50


def names_set_below(*titles):
    """Return the names that the cells of the route below these headings set."""
    codes = headings(ROUTE)
    nodes = [node for title in titles for node in ast.walk(ast.parse(codes[title]))]
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def test_what_a_late_class_trains_at_minute_18_is_still_there_at_minute_39():
    titles = list(headings(ROUTE))
    first, last = (titles.index(t) for t in ("Let two rows answer", "Set some text aside"))
    trained = names_set_below("Set some text aside")
    assert {"net", "training", "panel"} <= trained
    assert not trained & names_set_below(*titles[first:last])


def test_a_class_that_stops_the_training_still_has_the_vectors_of_minute_2():
    assert "vectors" in names_set_below("Why a word becomes a list of numbers")
    assert names_set_below("Take the result") == {"vectors", "neighbor"}
    titles = list(headings(ROUTE))
    first, last = (
        titles.index("How similar are two words?"),
        titles.index("Take the result"),
    )
    assert "vectors" not in names_set_below(*titles[first:last])


# On these slides, the class computes. The last one repeats what it saw a lesson before.
BY_HAND = "Compute one score", "Which way should the answer move?", "Last time"


def test_what_is_measured_on_a_slide_is_in_a_chapter_of_its_minutes():
    rows_by_route = dict(
        zip(
            ("50", "90", "first", "second", "day"),
            (rows for _, rows in routes()),
            strict=True,
        )
    )
    for slide in build_slides.read_slides():
        parts = slide.title, slide.now, slide.later, slide.notes
        wanted = measured(BeautifulSoup(" ".join(parts), "html.parser").get_text(" "))
        if slide.title.startswith(BY_HAND):
            wanted -= set(computed(18))
        for route, minute in slide.when.items():
            (screen,) = (row[3] for row in rows_by_route[route] if int(row[0]) == minute)
            chapters = {source_of(number) for number, *_ in REFERENCE.findall(screen)}
            shown = map(all_that_is_shown, map(build_notebooks.notebook_of, chapters))
            missing = wanted - measured(" ".join(shown))
            assert not missing, f"{missing} on {slide.title!r}, minute {minute} of {route}"


@pytest.mark.parametrize("name", ["handout", "board"])
def test_the_paper_has_the_numbers_of_the_notebook(name):
    outputs = outputs_below_headings(build_notebooks.notebook_of(ROUTE))
    shown = measured(" ".join(outputs.values())) | set(computed(18))
    text = (FOLDER / f"{name}.md").read_text("utf-8")
    assert len(measured(text)) > 5
    assert measured(text) <= shown


CONTROL = re.compile(r"\*\*(.+?)\*\*|\*([\w ]+\(\d\))\*")


def test_the_table_names_controls_as_the_screen_does():
    code = "".join(path.read_text("utf-8") for path in ROOT.glob("w2v_lesson/widgets/*.py"))
    text = " ".join(text for *_, text in rows_of_50_minutes())
    named = {bold or option for bold, option in CONTROL.findall(text)}
    assert {"logit", "context (1)", "Pause", "Stop"} <= named
    assert not [name for name in named if f'"{name}"' not in code]


def test_the_microscope_opens_as_the_table_says():
    control = watch_loss().controls
    logit, label = control["logit"].value, control["label"].label
    assert f"opens with **logit** {logit:g} and **label** *{label}*" in " ".join(
        text for *_, text in rows_of_50_minutes()
    )


def headings(path):
    """Return the code below each heading of a notebook, as one text."""
    found, now = {}, []
    for cell in cells(path):
        if cell.cell_type == "code":
            now.append(cell.source)
            continue
        for heading in re.findall(r"^##? (?:\d\d · )?(.+)$", cell.source, re.MULTILINE):
            now = found.setdefault(heading, [])
    return {heading: "\n".join(codes) for heading, codes in found.items()}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_each_cell_that_a_page_names_exists(page):
    text = page.read_text(encoding="utf-8")
    references = REFERENCE.findall(text)
    assert text.count("▸ *") == len(references)
    for number, heading, code in references:
        below = headings(source_of(number))
        assert heading in below, f"{number} has no heading {heading!r}"
        assert code in below[heading], f"{number} ▸ {heading} has no cell {code!r}"


def test_each_misconception_names_the_cell_that_helps():
    lines = (FOLDER / "misconceptions.md").read_text("utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| ")][2:]
    assert len(rows) >= 12
    for row in rows:
        (reference,) = REFERENCE.findall(row)
        assert reference[2], f"no cell in {row}"


TABLE = re.compile(r"^\| (\d+)–(\d+) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)


def routes():
    """Yield the length and the rows of each route."""
    for page, title, length in [
        (ROOT / "docs" / "TEACHING.md", "## Teach it in 50 minutes", 50),
        (FOLDER / "routes.md", "## 90 minutes", 90),
        (FOLDER / "routes.md", "### First lesson", 90),
        (FOLDER / "routes.md", "### Second lesson", 90),
        (FOLDER / "routes.md", "## A full day", 420),
    ]:
        text = page.read_text(encoding="utf-8").split(title)[1].split("\n## ")[0]
        yield length, TABLE.findall(text.split("\n### ")[0])


def test_a_route_fills_each_of_its_minutes_and_opens_one_notebook_at_a_time():
    for length, rows in routes():
        minutes = [(int(start), int(end)) for start, end, *_ in rows]
        assert minutes[0][0] == 0 and minutes[-1][1] == length
        assert all(end == start for (_, end), (start, _) in pairwise(minutes))
        used = [n for row in rows for n, *_ in REFERENCE.findall(row[3])]
        assert used == sorted(used)


def test_a_route_says_sentences_that_can_be_said_aloud():
    for _, rows in routes():
        for _, _, said, *_ in rows:
            assert re.fullmatch(r'".+"', said), said
            assert len(said.split()) <= 60, said


def test_the_homework_about_one_common_context_has_the_result_that_it_says():
    code = headings(source_of("04"))["Why similar words meet"]
    assert "cosine_before_and_after(seed, [0, 7, 8, 9, 10, 11])" in (
        FOLDER / "homework_and_projects.md"
    ).read_text("utf-8")
    wanted = "others = [", "def descend", "def cosine_before_and_after"
    found = {"numpy": np, "by_hand": by_hand}
    for cell in cells(source_of("04")):
        if cell.cell_type == "code" and cell.source.startswith(wanted):
            assert cell.source in code
            exec(cell.source, found)
    end = found["cosine_before_and_after"]
    for seed in range(4):
        rows = [0, 1, 2, 9, 10, 11], [0, 7, 8, 9, 10, 11], [6, 7, 8, 9, 10, 11]
        all_common, one_common, none_common = (end(seed, each)[1] for each in rows)
        assert none_common < one_common < all_common
