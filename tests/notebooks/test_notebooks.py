"""The built notebooks match their sources, are executed, and can be read as they are.

Each check takes a notebook and returns its complaints, one line each; below, each is
also tried on a bad notebook, so that it is known to be able to fail.
"""

import ast
import functools
import re
import statistics
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
)

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import build_notebooks  # noqa: E402

from w2v_lesson.classroom.exercises import CHAPTERS  # noqa: E402

NOTEBOOKS = sorted(ROOT.glob("notebooks/*.ipynb"))
SOLUTIONS = sorted(ROOT.glob("notebooks/solutions/*.ipynb"))
SOURCES = sorted(ROOT.glob("notebooks/sources/*.py"))
ROUTES = sorted(ROOT.glob("notebooks/routes/*.ipynb"))
ROUTE_SOURCES = sorted(ROOT.glob("notebooks/sources/routes/*.py"))

# What chapters show and the package runs: the builder inserts it from there.
TAUGHT = {
    "w2v_lesson.minibatches.batchify",
    "w2v_lesson.sampling.keep_probability",
    "w2v_lesson.sampling.noise_weights",
    "w2v_lesson.model.skip_gram",
    "w2v_lesson.model.masked_loss",
    "w2v_lesson.training.train_step",
    "w2v_lesson.engine.plain.loss_and_gradients",
    "w2v_lesson.vectors.principal_components",
    "w2v_lesson.scale.workers.gradients",
    "w2v_lesson.scale.workers.touched_rows",
    "w2v_lesson.scale.workers.ring_all_reduce",
    "w2v_lesson.scale.workers.ms_a_step",
}
OPENING = ("What you'll do", "What you'll be able to do", "What you need")
SECTIONS = ("Check yourself", "Summary", "In practice", "Further reading")
# As ruff lays code out; the longest cell is the loop of the source chapter.
MOST_IMPORT_LINES = 5
MOST_LINES, MOST_LINES_MEDIAN = 28, 8
LEAST_ALT = 20  # characters; a shorter text names a figure but doesn't describe it
LONGEST_STAND_IN = 110  # ipywidgets cuts off there

# Where people's files are on any machine, and the places on this machine.
PLACES = {"/home/", "/root/", "/tmp/", "/Users/", "/var/", "/mnt/", "/opt/"}
PLACES |= {str(ROOT), str(Path.home()), tempfile.gettempdir(), sys.prefix}
PLACES -= {"/"}
MACHINE_PATH = re.compile(
    rf"(?<![\w.:/])(?:{'|'.join(map(re.escape, sorted(PLACES)))})|\b[A-Za-z]:\\\w|file://"
)
WARNING = re.compile(r"\b\w*Warning\b|\bwarning:", re.IGNORECASE)
LONG_DECIMALS = re.compile(r"\d\.\d{5,}")
WIDGET_REPR = re.compile(r"\w\(.*=|\w\(\)")  # VBox(children=(…


# Reading a notebook


@cache
def read(path):
    """Read a notebook once for all checks, which change nothing in it."""
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook):
    """Yield (number of the cell, output)."""
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            yield number, output


def texts(output):
    """List the texts of an output, as plain text and as HTML."""
    data = output.get("data", {})
    return [text for text in [output.get("text"), *map(data.get, READABLE)] if text]


READABLE = ("text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml")


def without_tags(text):
    """Keep what HTML shows, because pictures are full of long numbers."""
    return re.sub(r"<svg.*?</svg>|<style.*?</style>|<[^>]*>", "", text, flags=re.DOTALL)


def figures(output):
    """List the alternative texts of an output's figures; "" for one that has none."""
    data = output.get("data", {})
    html = data.get("text/html", "") + data.get("image/svg+xml", "")
    found = []
    if "image/png" in data:
        found.append(output.metadata.get("image/png", {}).get("alt", ""))
    for tag in re.findall(r"<(?:img|svg)\b[^>]*>", html):
        said = re.search(r'\b(?:alt|aria-label)="([^"]*)"', tag)
        found.append(said[1] if said else "")
    return found


def plain(text):
    """Straighten apostrophes and drop emphasis, neither of which matters here."""
    return text.replace("’", "'").replace("*", "")


# The checks


def check_executed(notebook):
    counts = [cell.execution_count for cell in code_cells(notebook)]
    if counts != list(range(1, len(counts) + 1)):
        return [f"code cells were executed as {counts}, not in order from 1"]
    return []


def check_clean(notebook):
    """No error, no warning, nothing on stderr."""
    found = []
    for number, output in outputs(notebook):
        if output.output_type == "error":
            found.append(f"cell {number}: error {output.ename}")
        if output.get("name") == "stderr":
            found.append(f"cell {number}: stderr")
        if any(WARNING.search(without_tags(text)) for text in texts(output)):
            found.append(f"cell {number}: a warning")
    return found


def check_no_machine_path(notebook):
    shown = [(n, text) for n, output in outputs(notebook) for text in texts(output)]
    shown += [(n, cell.source) for n, cell in enumerate(notebook.cells)]
    hits = [(number, MACHINE_PATH.search(text)) for number, text in shown]
    return [f"cell {n}: path of a machine, {hit[0]!r}" for n, hit in hits if hit]


def check_short_decimals(notebook):
    """More than four decimals are of no use to a reader and differ between processors."""
    found = []
    for number, output in outputs(notebook):
        for text in texts(output):
            hit = LONG_DECIMALS.search(without_tags(text))
            if hit:
                found.append(f"cell {number}: too many decimals, {hit[0]}")
    return found


def check_static_twins(notebook):
    """Before each widget, in its cell or the two before, or with it: something that stays."""
    found = []
    for number, cell in enumerate(notebook.cells):
        above = [
            o
            for c in notebook.cells[max(0, number - 2) : number]
            for o in c.get("outputs", [])
        ]
        for output in cell.get("outputs", []):
            if build_notebooks.WIDGET_VIEW in output.get("data", {}):
                found.append(f"cell {number}: a view of a widget that is not there")
                continue
            above.append(output)
            if output.get("metadata", {}).get("interactive"):
                if all(is_bare_widget(o) for o in above):
                    found.append(f"cell {number}: a widget without a static twin")
                found += check_stand_in(number, output)
    return found


def is_bare_widget(output):
    is_widget = output.get("metadata", {}).get("interactive", False)
    return is_widget and "image/png" not in output.data


def check_stand_in(number, output):
    """Instead of a widget, readers see a sentence, not a class and its values."""
    text = output.data.get("text/plain", "")
    if WIDGET_REPR.search(text) or len(text) > LONGEST_STAND_IN:
        return [f"cell {number}: instead of the widget stands {text[:40]!r}"]
    return []


def check_figures(notebook):
    """Each figure has alternative text, and near it a sentence on what to see."""
    found = []
    for number, output in outputs(notebook):
        near = notebook.cells[max(0, number - 2) : number + 3]
        prose = " ".join(plain(c.source) for c in near if c.cell_type == "markdown")
        for alt in figures(output):
            if len(alt) <= LEAST_ALT:
                found.append(f"cell {number}: figure with alternative text {alt!r}")
            if "what you should see" not in prose.lower():
                found.append(f"cell {number}: no 'What you should see' near the figure")
    return found


def check_opening(notebook):
    first, second = (notebook.cells + [new_markdown_cell()] * 2)[:2]
    if first.cell_type != "markdown" or not re.match(r"# \S", first.source):
        return ["the first cell is no title"]
    opening = first.source
    if second.cell_type == "markdown":
        opening += "\n" + second.source
    missing = [part for part in OPENING if part not in plain(opening)]
    if not re.search(r"\d minutes", opening):
        missing.append("minutes")
    return [f"the opening lacks {part!r}" for part in missing]


def check_sections(notebook):
    prose = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    headings = re.findall(r"^## (.*?)\s*$", prose, flags=re.MULTILINE)
    closing = [heading for heading in headings if heading in SECTIONS]
    if closing != list(SECTIONS):
        return [f"sections {', '.join(SECTIONS)}: found {closing}"]
    return []


def check_cell_lengths(notebook):
    cells = [c.source.splitlines() for c in code_cells(notebook)]
    # The blank line below an import makes no cell longer to read.
    lengths = [sum(map(bool, lines)) for lines in cells] or [0]
    found = [f"a code cell of {n} lines" for n in lengths if n > MOST_LINES]
    if statistics.median(lengths) > MOST_LINES_MEDIAN:
        found.append(f"the median code cell has {statistics.median(lengths)} lines")
    return found


CHECKS = [
    check_executed,
    check_clean,
    check_no_machine_path,
    check_short_decimals,
    check_static_twins,
    check_figures,
    check_opening,
    check_sections,
    check_cell_lengths,
]


# The lesson's notebooks


def test_each_source_has_its_notebook_and_the_other_way_round():
    assert SOURCES
    assert [p.stem for p in NOTEBOOKS] == [p.stem for p in SOURCES]
    assert [p.stem for p in ROUTES] == [p.stem for p in ROUTE_SOURCES]


@pytest.mark.parametrize("source", SOURCES + ROUTE_SOURCES, ids=lambda path: path.stem)
def test_source_and_notebook_are_in_step(source):
    complaints = build_notebooks.check(source)
    assert not complaints, "\n" + "\n".join([*complaints, "Run `make notebooks`."])


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize(
    "path", NOTEBOOKS + SOLUTIONS, ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_notebook(path, check):
    complaints = check(read(path))
    assert not complaints, "\n" + "\n".join(complaints)


# A route ends as its lesson does, and a quiz is not a lesson.
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("path", ROUTES, ids=lambda path: path.stem)
def test_route(path, check):
    if check is not check_sections and (
        check is not check_opening or "quiz" not in path.stem
    ):
        complaints = check(read(path))
        assert not complaints, "\n" + "\n".join(complaints)


def test_each_tag_for_a_route_is_used_by_one():
    used = {
        match["tag"]
        for source in ROUTE_SOURCES
        for match in build_notebooks.CELLS.finditer(source.read_text("utf-8"))
    }
    tagged = set()
    for source in SOURCES:
        for cell in build_notebooks.source_cells(source):
            tags = cell.metadata.get("tags", [])
            tagged |= {tag.partition(":")[0] for tag in tags if tag.startswith("route-")}
    assert tagged == used


@pytest.mark.slow
@pytest.mark.parametrize("source", ROUTE_SOURCES, ids=lambda path: path.stem)
def test_a_route_runs_from_top_to_bottom(source, tmp_path):
    notebook = build_notebooks.read_source(source)
    build_notebooks.execute(notebook, nbformat.v4.new_notebook(), tmp_path)
    assert check_clean(notebook) == []


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_every_solution_is_found_right_and_every_stub_not_attempted(path):
    for notebook, mark in [(path, "✓"), (path.parents[1] / path.name, "○")]:
        cells = build_notebooks.exercises(read(notebook))
        checked = [cell for cell in cells if "check(" in cell.source]
        assert checked
        for cell in checked:
            assert [o.data["text/plain"][0] for o in cell.outputs] == [mark]


# What the reader is asked

QUESTION = re.compile(r"^\*\*Question\.\*\* (.+\?)\n\n((?:<details>.*\n?)+)", re.MULTILINE)
CHOICE = re.compile(
    r"<details><summary>(?P<letter>[a-d])\) .+?</summary>(?P<verdict>Right|No)[:.,] "
    r"(?P<reason>.+[.!?])</details>"
)


def check_questions(notebook):
    """Two questions or more, each with one right choice and a reason for every choice."""
    prose = "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    questions = QUESTION.findall(prose)
    found = []
    if not 2 <= len(questions) == prose.count("**Question.**"):
        found.append(f"{len(questions)} of {prose.count('**Question.**')} questions read")
    for asked, choices in questions:
        found += [f"{asked}: {line}" for line in check_choices(choices.splitlines())]
    return found


def check_choices(lines):
    choices = [CHOICE.fullmatch(line) for line in lines]
    found = [f"not read: {x}" for x, y in zip(lines, choices, strict=True) if y is None]
    if found:
        return found
    if "".join(choice["letter"] for choice in choices) not in ("abc", "abcd"):
        found.append("other letters than a, b, c")
    if [choice["verdict"] for choice in choices].count("Right") != 1:
        found.append("not one right choice")
    if any("`" in line or "**" in line for line in lines):
        found.append("Markdown inside HTML, which shows as it is")
    return found + [f"short: {c[0]}" for c in choices if len(c["reason"]) < LEAST_REASON]


LEAST_REASON = 30  # characters
ASKED = re.compile(r'^check\("(\w+)", ', re.M)


def check_exercises(notebook, chapter):
    """Each exercise of the chapter appears once, after a task with a hint; the progress is last."""
    cells = build_notebooks.exercises(notebook)
    asked = [name for cell in cells for name in ASKED.findall(cell.source)]
    found = []
    if asked != list(CHAPTERS[chapter]):
        found.append(f"asked are {asked}, there are {list(CHAPTERS[chapter])}")
    for cell in cells[:-1]:
        task = notebook.cells[notebook.cells.index(cell) - 1]
        if "<details><summary>Hint</summary>" not in task.source:
            found.append(f"no hint before {cell.source!r}")
    if not cells or cells[-1].source != f'progress("{chapter}")':
        found.append("the last exercise cell does not show the progress")
    return found


def source_of(chapter):
    (path,) = ROOT.glob(f"notebooks/sources/{chapter}_*.py")
    return build_notebooks.read_source(path)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_questions_have_one_right_choice_and_a_reason_for_every_choice(chapter):
    assert check_questions(source_of(chapter)) == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_exercise_is_asked_once_in_its_chapter(chapter):
    assert check_exercises(source_of(chapter), chapter) == []


def test_the_right_choices_have_no_favourite_letter():
    prose = "\n".join(c.source for name in CHAPTERS for c in source_of(name).cells)
    right = re.findall(r"<summary>(\w)\) .+?</summary>Right", prose)
    assert max(map(right.count, "abc")) <= len(right) / 2


ASKS = """**Question.** How many?

<details><summary>a) one</summary>Right: because there is no other one.</details>
<details><summary>b) two</summary>No: the second one is counted twice.</details>
<details><summary>c) three</summary>No: this counts the center as well.</details>
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("Right", "No"),
        ("No", "Right"),
        ("No: the", "The"),
        ("b)", "c)"),
        ("because there is no other one", "yes"),
        ("one</s", "`one`</s"),
        ("?", ""),
    ],
)
def test_a_faulty_question_is_found(old, new):
    good = new_notebook(cells=[new_markdown_cell(ASKS), new_markdown_cell(ASKS)])
    assert check_questions(good) == []
    faulty = new_markdown_cell(ASKS.replace(old, new, 1))
    cells = [new_markdown_cell(ASKS), faulty] if old else [new_markdown_cell(ASKS)]
    assert check_questions(new_notebook(cells=cells))


def asks(*names, chapter="08", hint="<details><summary>Hint</summary>"):
    cells = []
    for name in [*names, None]:
        code = f'check("{name}", f)' if name else f'progress("{chapter}")'
        cells += [new_markdown_cell(hint), new_code_cell(code)]
        cells[-1].metadata["tags"] = ["exercise"]
    return new_notebook(cells=cells)


def test_a_missing_exercise_or_hint_is_found():
    names = list(CHAPTERS["08"])
    assert check_exercises(asks(*names), "08") == []
    assert check_exercises(asks(*names[1:]), "08")
    assert check_exercises(asks(*names, names[0]), "08")
    assert check_exercises(asks(*names, hint=""), "08")
    assert check_exercises(asks(*names, chapter="07"), "08")
    assert check_exercises(new_notebook(), "08")


# What is taught is what runs


def test_what_is_taught_is_inserted_from_the_package():
    found = [
        match["path"]
        for source in SOURCES
        for match in build_notebooks.INSERT.finditer(source.read_text(encoding="utf-8"))
    ]
    assert sorted(found) == sorted(TAUGHT)


@pytest.mark.parametrize("path", sorted(TAUGHT))
def test_a_chapter_shows_an_inserted_function_without_its_docstring(path):
    code = build_notebooks.code_of(path)
    assert code.startswith(f"def {path.split('.')[-1]}(")
    assert ast.get_docstring(ast.parse(code).body[0]) is None
    assert any(stripped(code) in text for text in codes_of_all_sources())


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_every_name_of_a_chapter_is_defined_and_every_import_is_used(source):
    # Checked here, because `make lint` doesn't see the inserted code.
    cells = code_cells(build_notebooks.read_source(source, solved=True))
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F", "-"],
        input="\n\n\n".join(cell.source for cell in cells),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_no_cell_begins_with_a_wall_of_imports(source):
    for cell in code_cells(build_notebooks.read_source(source)):
        body = ast.parse(cell.source).body
        imports = [n for n in body if isinstance(n, (ast.Import, ast.ImportFrom))]
        lines = sum(n.end_lineno - n.lineno + 1 for n in imports)
        assert lines <= MOST_IMPORT_LINES, cell.source


@functools.cache
def codes_of_all_sources():
    return [
        stripped(cell.source) for name in CHAPTERS for cell in code_cells(source_of(name))
    ]


def stripped(code):
    """Return the code without indentation, which differs inside a class."""
    return "\n".join(line.strip() for line in code.splitlines())


MODULE = '''"""A module."""

def double(x):  # twice as much
    """Double it.

    Twice.
    """
    # by a sum
    return x + x


class Shape:
    """A class."""

    @property
    def area(self):
        """The area."""

        def square(x):
            """Inner."""
            return x**2

        return square(self.side)


def bare(x):
    return x
'''


@pytest.fixture
def package(tmp_path):
    (tmp_path / "shapes").mkdir()
    (tmp_path / "shapes" / "plane.py").write_text(MODULE)
    return tmp_path


def test_the_code_of_a_function_keeps_its_comments(package):
    code = build_notebooks.code_of("shapes.plane.double", package)
    assert code == "def double(x):  # twice as much\n    # by a sum\n    return x + x"
    code = build_notebooks.code_of("shapes.plane.bare", package)
    assert code == "def bare(x):\n    return x"


def test_the_code_of_a_method_keeps_its_decorator_and_what_is_inside(package):
    code = build_notebooks.code_of("shapes.plane.Shape.area", package)
    assert code.splitlines()[:2] == ["@property", "def area(self):"]
    assert '    """Inner."""' in code and "The area" not in code


@pytest.mark.parametrize(
    "path", ["shapes.plane.treble", "shapes.plane.Shape", "shapes.space.f", "f"]
)
def test_code_that_there_is_not_is_named(package, path):
    with pytest.raises(build_notebooks.BuildError, match=path):
        build_notebooks.code_of(path, package)


INSERTS = """# %%
class Trainer:
    count = 0

    ...  ### INSERT w2v_lesson.training.GluonEngine.evaluate


# %%
...  ### INSERT w2v_lesson.model.masked_loss
x = 1
"""


def test_functions_and_methods_are_inserted_where_the_source_names_them(lesson):
    source = lesson / "sources" / "00_a.py"
    source.write_text(INSERTS)
    for solved in (False, True):
        first, second = build_notebooks.read_source(source, solved).cells
        assert first.source.startswith(
            "class Trainer:\n    count = 0\n\n    def evaluate(self, data_iter):\n        return"
        )
        lines = second.source.splitlines()
        assert lines[0] == "def masked_loss(pred, label, mask):"
        assert lines[-1] == "x = 1"


@pytest.mark.parametrize(
    "line",
    [
        "### INSERT",
        "x = 2  ### INSERT",
        "...  ### INSERT",
        "...  ### INSERT w2v_lesson.model.no_such_function",
    ],
)
def test_a_line_that_names_nothing_to_insert_is_an_error(lesson, line, capsys):
    (lesson / "sources" / "00_a.py").write_text(f"# %%\n{line}\n")
    assert build_notebooks.main(["--check"], lesson) == 1
    assert "insert" in capsys.readouterr().err.lower()


# The checks themselves


def shown(text="", alt=None, interactive=False, **data):
    """Make an output with the given data."""
    data = {key.replace("_", "/"): value for key, value in data.items()}
    metadata = {"image/png": {"alt": alt}} if alt else {}
    if interactive:
        metadata["interactive"] = True
    data["text/plain"] = text
    return new_output("display_data", data, metadata=metadata)


def printed(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def chapter(*cells):
    """Make a good notebook around these cells; a cell is prose or (code, outputs)."""
    opening = "\n".join(["# Try it", *OPENING, "5 minutes"])
    closing = "\n".join(f"## {section}" for section in SECTIONS)
    notebook = new_notebook()
    for cell in (opening, ("x = 1", []), *cells, closing):
        if isinstance(cell, str):
            notebook.cells.append(new_markdown_cell(cell))
        else:
            notebook.cells.append(new_code_cell(cell[0], outputs=cell[1]))
    for count, cell in enumerate(code_cells(notebook), 1):
        cell.execution_count = count
    return notebook


ALT = "A line that rises from one to two."
SEE = "**What you should see:** a line that rises."
WIDGET = shown("The explorer: run this cell to use it.", interactive=True)
WITH_PICTURE = shown("A journey: run this cell.", ALT, interactive=True, image_png="…")
GOOD = chapter(
    SEE,
    ("draw()", [shown("a figure", alt=ALT, image_png="…"), printed("loss 0.355\n")]),
    ("explore()", [WIDGET]),
    "",
    "",
    ("walk()", [WITH_PICTURE]),
    SEE,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_good_notebook_has_no_complaints(check):
    assert check(GOOD) == []


HTML = '<img src="…"> <a href="https://example.org/home/x">'


@pytest.mark.parametrize(
    ("check", "cells"),
    [
        (check_clean, [("1 / 0", [new_output("error", ename="E", evalue="")])]),
        (check_clean, [("f()", [printed("hm", name="stderr")])]),
        (check_clean, [("f()", [printed("x.py:1: UserWarning: old")])]),
        (check_no_machine_path, [("f()", [printed("saved to /home/jo/x.npz")])]),
        (check_no_machine_path, [("f()", [printed("C:\\Users\\jo")])]),
        (check_no_machine_path, [("f()", [shown(text_html=f"<b>{ROOT}</b>")])]),
        (check_no_machine_path, [("open('/tmp/x')", [])]),
        (check_short_decimals, [("f()", [shown("array([0.123456])")])]),
        (check_short_decimals, [("f()", [shown(text_html="<td>0.123456</td>")])]),
        (check_static_twins, ["widget", ("explore()", [WIDGET])]),
        (check_static_twins, [("f()", [printed("1")]), "", "", ("f()", [WIDGET])]),
        (check_static_twins, [("f()", [WIDGET, WIDGET])]),
        (
            check_static_twins,
            [("f()", [printed("1"), shown("VBox(children=())", interactive=True)])],
        ),
        (check_figures, [SEE, ("f()", [shown(image_png="…")])]),
        (check_figures, [SEE, ("f()", [shown(alt="Figure 1", image_png="…")])]),
        (check_figures, [SEE, ("f()", [shown(text_html=HTML)])]),
        (check_figures, [("f()", [shown(alt=ALT, image_png="…")])]),
        (check_cell_lengths, [("x = 1\n" * 29, [])]),
        (check_cell_lengths, [("x = 1\n" * 9, []), ("x = 1\n" * 9, [])]),
    ],
)
def test_a_bad_cell_is_found(check, cells):
    assert check(chapter(*cells))


def test_a_view_without_its_widget_is_found():
    view = new_output("display_data", {build_notebooks.WIDGET_VIEW: {"model_id": ""}})
    assert check_static_twins(chapter(("f()", [printed("1"), view])))


def test_what_only_looks_bad_is_let_pass():
    text = "see https://example.org/home/x; and/or; 12.3456"
    svg = f'<svg aria-label="{ALT}"><path d="M0.123456 1"/></svg>'
    notebook = chapter(SEE, ("f()", [printed(text), shown(text_html=svg)]))
    assert [line for check in CHECKS for line in check(notebook)] == []


@pytest.mark.parametrize("counts", [[1, None], [2, 1], [1, 3], [1, 1]])
def test_another_order_of_execution_is_found(counts):
    notebook = chapter(("y = 2", []))
    for cell, count in zip(code_cells(notebook), counts, strict=True):
        cell.execution_count = count
    assert check_executed(notebook)


@pytest.mark.parametrize("part", [*OPENING, "minutes", "# Try it"])
def test_a_gap_in_the_opening_is_found(part):
    notebook = chapter()
    notebook.cells[0].source = notebook.cells[0].source.replace(part, "")
    assert check_opening(notebook)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_missing_section_is_found(section):
    notebook = chapter()
    notebook.cells[-1].source = notebook.cells[-1].source.replace(f"## {section}", "")
    assert check_sections(notebook)


# The builder

SOURCE = """# %% [markdown]
# # Title

# %%
print("one")

# %% tags=["solution"]
from functools import cache
from pathlib import Path
Path.cwd().name
"""


@pytest.fixture
def lesson(tmp_path):
    """A folder of notebooks with one source."""
    (tmp_path / "notebooks" / "sources").mkdir(parents=True)
    (tmp_path / "notebooks" / "sources" / "00_a.py").write_text(SOURCE)
    return tmp_path / "notebooks"


WIDGETS = """# %%
import ipywidgets
from IPython.display import display

class Dial(ipywidgets.IntSlider):
    def __repr__(self):
        return "A dial: run this cell to turn it."

view = Dial()
display(view)
bar = ipywidgets.IntProgress()._repr_mimebundle_()
del bar["text/plain"]
display(bar, raw=True)
"""


@pytest.mark.slow
def test_of_widgets_the_text_stays(lesson):
    source = lesson / "sources" / "00_a.py"
    source.write_text(WIDGETS)
    (path,) = build_notebooks.build(source)
    notebook = nbformat.read(path, as_version=4)
    (output,) = notebook.cells[0].outputs
    assert output.data == {"text/plain": "A dial: run this cell to turn it."}
    assert output.metadata == {"interactive": True}
    assert "widgets" not in notebook.metadata


EXERCISES = """# %%
print("told")

# %% tags=["exercise"]
def double(x):
    ### BEGIN SOLUTION
    twice = 2 * x
    return twice
    ### END SOLUTION

double(2)

# %% tags=["exercise"]
answer = 2 + 2  ### SOLUTION
print(answer)
"""


@pytest.mark.slow
def test_solutions_go_into_a_notebook_of_their_own(lesson):
    source = lesson / "sources" / "00_a.py"
    source.write_text(EXERCISES)
    paths = build_notebooks.build(source)
    assert paths == [lesson / "00_a.ipynb", lesson / "solutions" / "00_a.ipynb"]
    ours, solved = (nbformat.read(path, as_version=4) for path in paths)
    assert ours.cells[1].source == "def double(x):\n    ...\n\ndouble(2)"
    assert ours.cells[1].outputs == []
    assert ours.cells[2].outputs[0].text == "Ellipsis\n"
    assert "SOLUTION" not in "".join(c.source for c in ours.cells + solved.cells)
    assert solved.cells[0].outputs[0].text == "told\n"
    assert "    twice = 2 * x\n    return twice\n\ndouble(2)" in solved.cells[1].source
    assert solved.cells[1].outputs[0].data["text/plain"] == "4"
    assert ours.cells[2].source == "answer = ...\nprint(answer)"
    assert solved.cells[2].source == "answer = 2 + 2\nprint(answer)"
    assert solved.cells[2].outputs[0].text == "4\n"
    for notebook in (ours, solved):
        assert [cell.execution_count for cell in notebook.cells] == [1, 2, 3]
    assert build_notebooks.main(["--check"], lesson) == 0
    paths[1].unlink()
    assert build_notebooks.check(source) == ["there is no notebook with solutions"]


@pytest.mark.slow
def test_a_build_gives_the_same_file_twice(lesson):
    assert build_notebooks.main(["00"], lesson) == 0
    (path,) = lesson.glob("*.ipynb")
    first = path.read_bytes()
    notebook = nbformat.read(path, as_version=4)
    assert [cell.id for cell in notebook.cells] == ["cell-00", "cell-01", "cell-02"]
    assert notebook.cells[1].outputs[0].text == "one\n"
    assert notebook.cells[2].outputs[0].data["text/plain"] == "'notebooks'"
    assert notebook.cells[2].metadata == {"tags": ["solution"]}
    assert build_notebooks.main([], lesson) == 0
    assert path.read_bytes() == first
    assert build_notebooks.main(["--check"], lesson) == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "said"),
    [("1 / 0", "ZeroDivisionError"), ("import warnings; warnings.warn('old')", "old")],
)
def test_a_failing_cell_is_named_and_the_old_notebook_stays(lesson, capsys, code, said):
    (lesson / "00_a.ipynb").write_text("old")
    (lesson / "sources" / "00_a.py").write_text(SOURCE.replace('print("one")', code))
    assert build_notebooks.main([], lesson) == 1
    message = capsys.readouterr().err
    assert "00_a.py, cell 1" in message and said in message
    assert [path.name for path in lesson.glob("*.*")] == ["00_a.ipynb"]
    assert (lesson / "00_a.ipynb").read_text() == "old"


def test_what_is_out_of_step_is_named(lesson, capsys):
    source = lesson / "sources" / "00_a.py"
    notebook = build_notebooks.read_source(source)
    build_notebooks.write(notebook, lesson / "00_a.ipynb")
    build_notebooks.write(notebook, lesson / "01_b.ipynb")
    source.write_text(SOURCE.replace("one", "two") + "\n# %%\n1 + 1\n")
    (lesson / "sources" / "02_c.py").write_text(SOURCE)
    assert build_notebooks.main(["--check"], lesson) == 1
    assert capsys.readouterr().out.splitlines() == [
        "00_a: 4 cells became 3",
        "00_a: cell 1: source differs",
        "02_c: there is no notebook",
        "01_b.ipynb: there is no source",
    ]


CHAPTER = """# %% [markdown] tags=["route-50-a:1"]
# The part above.
#
# ## The part below [term](glossary.md#term)

# %% tags=["route-50-a", "kept"]
1 + 1

# %%
2 + 2
"""


def test_a_route_takes_cells_and_parts_of_cells_from_a_chapter(lesson):
    (lesson / "sources" / "00_a.py").write_text(CHAPTER)
    (lesson / "sources" / "routes").mkdir()
    source = lesson / "sources" / "routes" / "50.py"
    source.write_text("# %% [markdown]\n# Link.\n\n# %%\n...  ### CELLS 00 route-50-a\n")
    assert build_notebooks.notebook_of(source) == lesson / "routes" / "50.ipynb"
    link, part, code = build_notebooks.read_source(source).cells
    assert link.source == "Link."
    assert part.source == "## The part below [term](../glossary.md#term)"
    assert code.source == "1 + 1" and code.metadata.tags == ["kept"]
    whole, code, _ = build_notebooks.read_source(lesson / "sources" / "00_a.py").cells
    assert "tags" not in whole.metadata and code.metadata.tags == ["kept"]
    assert build_notebooks.sources(lesson, []) == [lesson / "sources" / "00_a.py", source]
    source.write_text("# %%\n...  ### CELLS 00 route-50-b\n")
    with pytest.raises(build_notebooks.BuildError, match="tagged route-50-b"):
        build_notebooks.read_source(source)


def test_an_unknown_name_is_an_error(lesson, capsys):
    assert build_notebooks.main(["07"], lesson) == 1
    assert "'07'" in capsys.readouterr().err


# The glossary

GLOSSARY = ROOT / "notebooks" / "glossary.md"
ENTRY = re.compile(r"^### (.+)\n\S.*\[Chapter (\d\d)\]\((\2_\w+)\.ipynb\)$", re.MULTILINE)


def test_each_term_of_the_glossary_is_linked_from_the_chapter_that_explains_it():
    text = GLOSSARY.read_text(encoding="utf-8")
    entries = ENTRY.findall(text)
    assert len(entries) == text.count("### ") > 20
    terms = [term.lower() for term, *_ in entries]
    assert terms == sorted(terms)
    for term, _, chapter in entries:
        source = ROOT / "notebooks" / "sources" / f"{chapter}.py"
        link = f"](glossary.md#{term.lower().replace(' ', '-')})"
        assert source.read_text(encoding="utf-8").count(link) == 1, f"{term} in {chapter}"


def test_each_link_within_the_lesson_leads_somewhere():
    pages = [
        *NOTEBOOKS,
        *SOLUTIONS,
        *ROUTES,
        GLOSSARY,
        ROOT / "README.md",
        ROOT / "docs/TEACHING.md",
        *ROOT.glob("docs/teaching/*.md"),
    ]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(((?!http)[^)#\s]+\.\w+)(?:#[^)]*)?\)", text):
            assert (page.parent / target).exists(), f"{target} in {page.name}"


def test_links_to_the_glossary_lead_to_a_term():
    entries = ENTRY.findall(GLOSSARY.read_text("utf-8"))
    terms = [term.lower().replace(" ", "-") for term, *_ in entries]
    for page in NOTEBOOKS + SOLUTIONS + ROUTES:
        for target in re.findall(r"glossary\.md#([^)]*)\)", page.read_text("utf-8")):
            assert target in terms, f"{target} in {page.name}"
