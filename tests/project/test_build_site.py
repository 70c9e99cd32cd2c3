"""Check that the site contains the whole lesson, that links work, and that it loads nothing.

What takes a browser to see is in tests/browser/test_site.py.
"""

import base64
import hashlib
import itertools
import re
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import build_site  # noqa: E402
from live.places import PLACES  # noqa: E402

CHAPTERS = sorted(path.stem for path in ROOT.glob("notebooks/*.ipynb"))
# Bytes; people also read the site on phones.
MAX_SIZE = 8e6
MAX_PAGE = 1.5e6
HEADINGS = re.compile("^h[1-6]$")


def parse(files):
    """Parse the pages among the files."""
    return {
        name: BeautifulSoup(content, "html.parser")
        for name, content in files.items()
        if name.endswith(".html")
    }


def lines(pre):
    """Return the text of a <pre> as a browser shows it, without the first line break."""
    assert pre.text.startswith("\n")
    return pre.text[1:]


def addresses(page):
    """List what a page links to or loads: tag and address."""
    for name in ("href", "src", "srcset"):
        yield from ((tag, tag[name]) for tag in page.find_all(attrs={name: True}))


# The whole lesson. Building it takes some seconds.


@pytest.fixture(scope="session")
def files():
    return build_site.build()


@pytest.fixture(scope="session")
def site(files):
    return parse(files)


@pytest.mark.slow
def test_every_link_leads_to_a_file_and_a_place_in_it(files, site):
    lost = []
    for name, page in site.items():
        for _tag, address in addresses(page):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = unquote(parts.path) or name
            place = unquote(parts.fragment)
            if target not in files or (place and not site[target].find(id=place)):
                lost.append(f"{name}: {address}")
    assert lost == []


@pytest.mark.slow
def test_no_page_fetches_anything(files, site):
    for name, page in site.items():
        assert not page("iframe")
        # A sheet to print is one file, so its style is in it.
        assert not page(style=True) or name.startswith("docs/teaching/quiz-"), name
        assert not page("style") or name.startswith("docs/teaching/quiz-"), name
        loaded = [address for tag, address in addresses(page) if tag.name != "a"]
        assert not any(urlsplit(address).netloc for address in loaded)
        assert not [key for tag in page(True) for key in tag.attrs if key.startswith("on")]
    assert not re.search(rb"url\(|@import|@font-face", files["style.css"])
    assert sum(map(len, files.values())) < MAX_SIZE


@pytest.mark.slow
def test_a_page_allows_its_own_scripts_and_no_others(site):
    scripts = 0
    for name, page in site.items():
        kinds = [script.get("type") for script in page("script")]
        if name.startswith("docs/teaching/quiz-"):
            assert kinds == []
            continue
        allowed = page.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
        assert allowed.startswith("default-src 'none'; ") and "connect-src" not in allowed
        assert not re.search(r"unsafe|https?:|\*", allowed)
        hashes = [
            base64.b64encode(hashlib.sha256(script.string.encode()).digest()).decode()
            for script in page("script", type="module")
        ]
        assert re.findall(r"'sha256-([^']+)'", allowed) == hashes
        assert kinds == ["application/json", "module"] * len(hashes)
        scripts += len(hashes)
    assert scripts >= len(PLACES)


@pytest.mark.slow
def test_no_page_is_too_large(files):
    sizes = {name: len(content) for name, content in files.items() if name.endswith("html")}
    assert {name: size for name, size in sizes.items() if size > MAX_PAGE} == {}


@pytest.mark.slow
def test_headings_and_ids_are_in_order(site):
    for name, page in site.items():
        levels = [int(tag.name[1]) for tag in page(HEADINGS)]
        assert levels[0] == 1 and levels.count(1) == 1, name
        assert all(b <= a + 1 for a, b in itertools.pairwise(levels)), name
        ids = Counter(tag["id"] for tag in page(id=True))
        assert set(ids.values()) <= {1}, name
        contents = [f"#{tag['id']}" for tag in page.select("article h2")]
        assert [a["href"] for a in page.select(".contents a")] in (contents, [])
    assert len({page.title.text for page in site.values()}) == len(site)


def cells_of(stem, folder="notebooks"):
    return nbformat.read(ROOT / folder / f"{stem}.ipynb", as_version=4).cells


def code_cells(*notebook):
    return [cell for cell in cells_of(*notebook) if cell.cell_type == "code"]


def wanted(cell):
    """List what a page must show of a code cell, in its order."""
    yield "text", cell.source.rstrip("\n")
    for output in cell.outputs:
        data = output.get("data", {})
        if output.output_type == "stream":
            yield "text", output.text.rstrip("\n")
            continue
        if "image/png" in data:
            alt = output.metadata["image/png"]["alt"]
            yield "figure", (alt, base64.b64decode(data["image/png"]))
        if output.metadata.get("interactive"):
            yield "widget", data["text/plain"].split("; run")[0][1:]
        elif "w2v-feedback" in data.get("text/html", ""):
            yield "feedback", data["text/plain"].replace("`", "")
        elif set(data) == {"text/plain"}:
            yield "text", data["text/plain"].rstrip("\n")


def shown(part, files):
    """List what a page shows of a code cell, in its order."""
    for place in part(id=re.compile("-live$")):
        place.unwrap()
    for tag in part.find_all(["pre", "figure", "p", "div"], recursive=False):
        if "w2v-feedback" in tag.get("class", ()):
            yield "feedback", tag.text
        elif tag.name == "pre":
            yield "text", lines(tag)
        elif tag.name == "figure":
            yield "figure", (tag.img["alt"], files[tag.img["src"]])
        elif "widget" in tag.get("class", ()):
            assert tag.a["href"] == "index.html#start"
            yield "widget", tag.text.split("interactive figure: ")[1].split(". How")[0][1:]


@pytest.mark.slow
@pytest.mark.parametrize("stem", CHAPTERS)
def test_a_page_shows_each_code_cell_of_its_notebook(files, site, stem):
    parts, cells = site[f"{stem}.html"](class_="cell"), code_cells(stem)
    for cell, part in zip(cells, parts, strict=True):
        assert list(shown(part, files)) == list(wanted(cell))


@pytest.mark.slow
@pytest.mark.parametrize("stem", CHAPTERS)
def test_hints_choices_and_solutions_are_folded(site, stem):
    page, cells = site[f"{stem}.html"], code_cells(stem)
    solutions = page.select(".exercise > details")
    prose = "".join(c.source for c in cells_of(stem) if c.cell_type == "markdown")
    assert len(page("details")) - len(solutions) == prose.count("<details>")
    assert not page.find("details", open=True)
    exercises = [c for c in cells if "exercise" in c.metadata.get("tags", [])]
    # The last one shows the progress, and has no solution.
    assert len(solutions) == max(len(exercises) - 1, 0)


@pytest.mark.slow
def test_a_stub_stays_a_stub_and_its_solution_is_below(files, site):
    solved = code_cells("06_ask_the_vectors", "notebooks/solutions")
    (cell,) = [cell for cell in solved if cell.source.startswith("def cosine(")]
    exercises = site["06_ask_the_vectors.html"](class_="exercise")
    (part,) = [e for e in exercises if lines(e.pre).startswith("def cosine(")]
    assert "    ...\n" in lines(part.pre)
    assert list(shown(part.details, files)) == list(wanted(cell))


@pytest.mark.slow
@pytest.mark.parametrize("stem", [*CHAPTERS, "glossary"])
def test_each_formula_is_there(site, stem):
    if stem == "glossary":
        prose = (ROOT / "notebooks" / "glossary.md").read_text(encoding="utf-8")
    else:
        cells = [cell for cell in cells_of(stem) if cell.cell_type == "markdown"]
        prose = "\n\n".join(cell.source for cell in cells)
    prose = re.sub(r"`[^`\n]+`", "", prose)
    prose, blocks = re.subn(r"\$\$.+?\$\$", "", prose, flags=re.DOTALL)
    inline = re.findall(r"\$[^$\n]+\$", prose)
    formulas = site[f"{stem}.html"]("math")
    assert len(formulas) == blocks + len(inline)
    assert sum(f.get("display") == "block" for f in formulas) == blocks


@pytest.mark.slow
def test_one_leads_from_the_first_chapter_to_the_glossary_and_back(site):
    order = [f"{stem}.html" for stem in CHAPTERS] + ["glossary.html"]
    assert site["index.html"].select_one(".begin a")["href"] == order[0]
    for one, following in itertools.pairwise(order):
        assert site[one].select_one('nav a[rel="next"]')["href"] == following
        assert site[following].select_one('nav a[rel="prev"]')["href"] == one
    assert [a["href"] for a in site["index.html"].select(".chapters a")] == order[:-1]


# A lesson of one chapter

STEM = "05_ask"
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)
FRONT = f"""# A lesson

First words, which say a lot.

More words, see [the doubts](#doubts) and [how](#start).

## Start

Run `make lab`.

## The chapters

| | chapter | you will | minutes |
| --- | --- | --- | --- |
| 05 | [Ask](notebooks/{STEM}.ipynb) | ask | 25 |

The minutes are guesses.

## What you will be able to do

- Doubt.

## Doubts

Some.
"""


def drawn(alt="Map of words: two groups.", **data):
    data = {"image/png": PIXEL, "text/plain": "a figure", **data}
    about = {"image/png": {"alt": alt, "width": 1, "height": 1}} if alt else {}
    return new_output("display_data", data, metadata=about)


def write_chapter(lesson, *cells, cover=None):
    """Write the notebook: a title, a figure, and then these cells."""
    first = new_code_cell("f()", outputs=[cover or drawn()])
    notebook = new_notebook(cells=[new_markdown_cell("# Ask\n\n## More"), first, *cells])
    nbformat.write(notebook, lesson / build_site.NOTEBOOKS / f"{STEM}.ipynb")


@pytest.fixture
def lesson(tmp_path):
    """Write a repository of one chapter."""
    paths = (build_site.TEACHING, build_site.RESULTS, build_site.GLOSSARY)
    for name in (*paths, build_site.CODE_LICENSE, build_site.TEXT_LICENSE):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"# {name}\n\n### a term\n")
    (tmp_path / build_site.README).write_text(FRONT)
    write_chapter(tmp_path)
    return tmp_path


def page_with(lesson, *cells):
    """Build the lesson with these cells, or this Markdown, in its chapter."""
    cells = [new_markdown_cell(c) if isinstance(c, str) else c for c in cells]
    write_chapter(lesson, *cells)
    return parse(build_site.build(lesson, {}))[f"{STEM}.html"].article


def test_a_build_writes_its_files_and_removes_old_ones(lesson):
    teaching = lesson / build_site.TEACHING
    (teaching.parent / "old.md").write_text("# Old\n")
    teaching.write_text("# T\n\n[b](old.md)\n")
    assert build_site.main(lesson, {}) == 0
    assert (lesson / "site" / "old.html").exists()
    teaching.write_text("# T\n")
    assert build_site.main(lesson, {}) == 0
    paths = [path for path in (lesson / "site").rglob("*") if path.is_file()]
    written = {str(path.relative_to(lesson / "site")): path.read_bytes() for path in paths}
    assert written == build_site.build(lesson, {})
    assert list(lesson.glob(".site*")) == []


def test_links_lead_to_pages_and_copies(lesson):
    (lesson / "notebooks" / "notes").write_text("kept")
    solutions = lesson / "notebooks" / "solutions"
    solutions.mkdir()
    nbformat.write(new_notebook(), solutions / f"{STEM}.ipynb")
    page = page_with(
        lesson,
        "[a](glossary.md#a-term) [b](../README.md) [c](notes) [d](#more) "
        "[e](../benchmarks) [f](https://example.org/f) "
        f'[g](solutions/{STEM}.ipynb) <a href="../{build_site.CODE_LICENSE}">h</a>',
    )
    assert {a.text: a["href"] for a in page("a")} == {
        "a": "glossary.html#a-term",
        "b": "README.html",
        "c": "notebooks/notes.txt",
        "d": "#more",
        "f": "https://example.org/f",
        "g": f"{STEM}.html",
        "h": build_site.target_of(build_site.CODE_LICENSE),
    }
    assert "e" in page.text.split()  # a folder has no page
    assert build_site.build(lesson, {})["notebooks/notes.txt"] == b"kept"


def test_the_front_page_leads_on_to_sections_that_it_does_not_have(lesson):
    page = parse(build_site.build(lesson, {}))["index.html"]
    links = {a.text: a["href"] for a in page.main("a")}
    assert links["the doubts"] == "README.html#doubts" and links["how"] == "#start"
    assert page.select_one(".hero p").text == "First words, which say a lot."
    assert [li.text.split() for li in page.select(".chapters li")] == [
        ["05", "Ask", "Ask", "25", "minutes"]
    ]


def test_pictures_of_the_lesson_come_along_and_those_of_others_stay_away(lesson):
    (lesson / "a.png").write_bytes(b"picture")
    page = page_with(
        lesson,
        "![a bar that rises](../a.png) ![tests pass](https://example.org/b.svg)\n\n"
        '<p align="center"><img src="https://example.org/c.png" alt="built" width="9">\n'
        '<img src="../a.png" alt="the bar again"></p>\n',
    )
    alts = ["Map of words: two groups.", "a bar that rises", "the bar again"]
    assert [image["alt"] for image in page("img")] == alts
    assert page("img")[2]["src"] == "a.png"
    assert "tests pass" in page.text and "built" in page.text
    assert build_site.build(lesson, {})["a.png"] == b"picture"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "### `N` & more\n\n## More\n\n# Again\n\n##### Deep, at *once*",
            ["h3 n--more", "h2 more-1", "h2 again", "h3 deep-at-once"],
        ),
        ("# a\n\n### b\n\n#### c\n\n### d\n", ["h2 a", "h3 b", "h4 c", "h3 d"]),
    ],
)
def test_headings_keep_their_order_and_their_ids(lesson, text, expected):
    page = page_with(lesson, text)
    found = [f"{tag.name} {tag['id']}" for tag in page(HEADINGS)]
    assert found == ["h1 ask", "h2 more", *expected]


def test_what_looks_like_html_is_shown_as_text(lesson):
    alt = 'Map of words: "a" <b> & c'
    outputs = [new_output("stream", text="<b>x</b> &amp;\n"), drawn(alt)]
    page = page_with(lesson, new_code_cell('print("<b>")', outputs=outputs))
    assert [lines(pre) for pre in page("pre")] == ["f()", 'print("<b>")', "<b>x</b> &amp;"]
    assert page("img")[1]["alt"] == alt and not page("b")


def test_empty_lines_of_code_and_output_stay(lesson):
    outputs = [new_output("stream", text="\n  a\n\nb\n")]
    page = page_with(lesson, new_code_cell("\n\nx = 1\n\ny", outputs=outputs))
    assert [lines(pre) for pre in page("pre")][1:] == ["\n\nx = 1\n\ny", "\n  a\n\nb"]


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        ("| | |\n| --- | ---: |\n| a | 1 |\n| b | 2 |\n", ["row a", "row b"]),
        ("| | how |\n| --- | --- |\n| a | 1 |\n", ["col how"]),
    ],
)
def test_a_header_cell_says_what_it_heads(lesson, text, heads):
    page = page_with(lesson, text)
    assert [f"{th['scope']} {th.text}" for th in page("th")] == heads


# Repositories that can't be built


def replace(path, old, new):
    """Return a function that breaks a file by replacing some words."""

    def spoil(lesson):
        text = (lesson / path).read_text()
        assert old in text
        (lesson / path).write_text(text.replace(old, new))

    return spoil


def output(*outputs):
    return lambda lesson: write_chapter(lesson, new_code_cell("f()", outputs=[*outputs]))


def prose(text):
    return lambda lesson: write_chapter(lesson, new_markdown_cell(text))


def no_cover(lesson):
    write_chapter(lesson, cover=drawn("Bars: three of them."))


def same_name(lesson):
    (lesson / "deep").mkdir()
    (lesson / "deep" / "README.md").write_text("# Another\n")
    prose("[x](../deep/README.md)")(lesson)


@pytest.mark.parametrize(
    ("spoil", "culprit"),
    [
        (replace(build_site.README, "## The chapters", "## Parts"), "#the-chapters"),
        (replace(build_site.README, "[Ask]", "Ask "), STEM),
        (replace(build_site.README, " |\n", " | --- |\n"), STEM),
        (replace(build_site.README, "## Start", "## Begin"), "#start"),
        (replace(build_site.TEACHING, "#", ""), build_site.TEACHING),
        (no_cover, "Map of words"),
        (same_name, "deep/README.md"),
        (output(drawn(alt=None)), "alt text"),
        (output(drawn(**{"text/html": "<b>"})), "text/html"),
        (output(new_output("error", ename="E")), "error"),
        (output(new_output("display_data", {"image/svg+xml": ""})), "image/svg+xml"),
        (prose("[x](missing.md)"), "missing.md"),
        (prose("[x](../..)"), "../.."),
        (prose('<img src="missing.png" alt="a">'), "missing.png"),
        (prose("![](../LICENSE)"), "../LICENSE"),
        (prose(r"$\nosuch{x}$"), r"\nosuch{x}"),
        (prose("```nosuch\nx\n```"), "nosuch"),
    ],
)
def test_an_error_names_the_culprit_and_the_old_site_stays(lesson, capsys, spoil, culprit):
    (lesson / "site").mkdir()
    (lesson / "site" / build_site.SITE_MARK).touch()
    spoil(lesson)
    assert build_site.main(lesson, {}) == 1
    assert culprit in capsys.readouterr().err
    assert [path.name for path in (lesson / "site").iterdir()] == [build_site.SITE_MARK]


def test_a_folder_with_other_files_is_left_alone(lesson, capsys):
    (lesson / "site").mkdir()
    (lesson / "site" / "thesis.txt").write_text("mine")
    assert build_site.main(lesson, {}) == 1
    assert str(lesson / "site") in capsys.readouterr().err
    assert (lesson / "site" / "thesis.txt").read_text() == "mine"


def test_a_disk_that_is_full_leaves_the_old_site(lesson, monkeypatch):
    assert build_site.main(lesson, {}) == 0
    before = (lesson / "site" / "index.html").read_bytes()

    def full(path, content):
        raise OSError("no space left")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="no space"):
        build_site.main(lesson, {})
    assert (lesson / "site" / "index.html").read_bytes() == before
    assert list(lesson.glob(".site*")) == []


def test_an_interactive_figure_has_its_still_picture_and_a_style_alone_is_not_shown():
    about = {"image/png": {"alt": "axes", "width": 9, "height": 9}, "interactive": True}
    picture = base64.b64encode(b"png").decode()
    data = {
        "image/png": picture,
        "text/plain": "The figure above; run this cell to use it.",
    }
    style = {"text/html": '<style class="w2v-theme"></style>'}
    feedback = {"text/html": '<div class="w2v-feedback">Right.</div>', "text/plain": "✓"}
    site = SimpleNamespace(files={})
    made = [
        build_site.output_html(new_output("display_data", data, metadata=metadata), site)
        for data, metadata in ((style, {}), (feedback, {}), (data, about))
    ]
    assert made[:2] == ["", feedback["text/html"]]
    assert made[2].index('alt="axes"') < made[2].index("interactive figure")
    assert b"png" in site.files.values()
