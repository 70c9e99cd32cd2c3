"""The site: all of the lesson is in it, nothing leads nowhere, nothing is asked of others.

Each check takes the site as parsed pages and returns its complaints; below, each is also
tried on a faulty page. What takes a browser to see is in tests/browser/test_site.py.
"""

import base64
import functools
import itertools
import posixpath
import re
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
)

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import build_site  # noqa: E402

CHAPTERS = sorted(path.stem for path in ROOT.glob("notebooks/*.ipynb"))
LARGEST = 6e6  # bytes; the site is read over telephones, too
RAW = ("VBox(", "Loading widget", "run this cell to use it", "$$", "\\mathbf", "\\frac")
REMOTE = re.compile(r"(https?:)?//")


@pytest.fixture(scope="module")
def files():
    return build_site.build()


@pytest.fixture(scope="module")
def site(files):
    return parse(files)


def parse(files):
    """Read the pages among the files; the rest stays as it is."""
    return {
        name: BeautifulSoup(content, "html.parser") if name.endswith(".html") else content
        for name, content in files.items()
    }


def pages(site):
    return {name: page for name, page in site.items() if name.endswith(".html")}


def leads(page):
    """List the addresses in a page, those of srcset included."""
    for tag in page.find_all(True):
        for name in ("href", "src", "srcset"):
            for part in (
                tag.get(name, "").split(",") if name == "srcset" else [tag.get(name)]
            ):
                if part:
                    yield tag, part.split()[0] if name == "srcset" else part


# The checks


def lines(pre):
    """Give the text of a <pre>, as a browser shows it: without the first line break."""
    assert pre.text.startswith("\n")
    return pre.text[1:]


def check_leads(site):
    found = []
    for name, page in pages(site).items():
        for tag, address in leads(page):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            folder = posixpath.dirname(name)
            path = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
            target = path if parts.path else name
            if target not in site:
                found.append(f"{name}: no {address}")
            elif parts.fragment and not site[target].find(id=unquote(parts.fragment)):
                found.append(f"{name}: no place {address}")
            elif not parts.path and not parts.fragment:
                found.append(f"{name}: {tag.name} leads nowhere")
    return found


def check_ids(site):
    found = []
    for name, page in pages(site).items():
        ids = [tag["id"] for tag in page.find_all(id=True)]
        found += [f"{name}: {i} twice" for i in set(ids) if ids.count(i) > 1]
        for tag in page.find_all(attrs={"aria-labelledby": True}):
            if tag["aria-labelledby"] not in ids:
                found.append(f"{name}: nothing is called {tag['aria-labelledby']}")
    return found


def check_no_requests(site):
    """Nothing that a browser would fetch is elsewhere; there is no script."""
    found = []
    for name, page in pages(site).items():
        found += [f"{name}: a {tag.name}" for tag in page(["script", "iframe", "style"])]
        for tag, address in leads(page):
            if tag.name != "a" and REMOTE.match(address):
                found.append(f"{name}: fetches {address}")
        for tag in page.find_all(True):
            found += [f"{name}: {key}" for key in tag.attrs if key.startswith("on")]
    css = site["style.css"].decode()
    return found + re.findall(r"url\(|@import|@font-face", css)


def check_headings(site):
    found = []
    for name, page in pages(site).items():
        levels = [int(tag.name[1]) for tag in page.find_all(re.compile(r"^h[1-6]$"))]
        if levels[:1] != [1] or levels.count(1) != 1:
            found.append(f"{name}: headings {levels}")
        for one, following in itertools.pairwise(levels):
            if following > one + 1:
                found.append(f"{name}: h{following} after h{one}")
    return found


def check_frame(site):
    found, titles = [], []
    for name, page in pages(site).items():
        titles.append(page.title.get_text() if page.title else "")
        labels = [nav.get("aria-label", nav.get("aria-labelledby")) for nav in page("nav")]
        main, skip = page.find_all("main"), page.body.find("a")
        good = (
            page.html.get("lang") == "en",
            page.find("meta", attrs={"name": "viewport"}),
            len(main) == 1 and skip["href"] == f"#{main[0].get('id')}",
            page.header and page.footer,
            None not in labels and len(set(labels)) == len(labels) > 0,
            titles[-1].strip(),
        )
        if not all(good):
            found.append(f"{name}: {good}")
    return found + sorted({title for title in titles if titles.count(title) > 1})


def check_images(site):
    return [
        f"{name}: {image}"
        for name, page in pages(site).items()
        for image in page("img")
        if len(image.get("alt", "")) < 15
    ]


def check_tables(site):
    found = []
    for name, page in pages(site).items():
        for table in page("table"):
            heads = table("th")
            if not heads or any(not th.get("scope") or not th.text.strip() for th in heads):
                found.append(f"{name}: {str(table)[:100]}")
    return found


def check_scrolling(site):
    """What may be wider than a window can be scrolled by the keyboard."""
    found = []
    for name, page in pages(site).items():
        wide = [pre for pre in page("pre") if max(map(len, pre.text.split("\n"))) > 34]
        wide = [pre for pre in wide if pre["class"] != ["prose"]]
        wide += page(class_=["table", "formula"])
        for tag in wide:
            if (
                tag.get("tabindex") != "0"
                or not tag.get("role")
                or not tag.get("aria-label")
            ):
                found.append(f"{name}: {str(tag)[:100]}")
    return found


def check_nothing_raw(site):
    found = []
    for name, page in pages(site).items():
        text = [s for s in page.strings if s.parent.name not in ("code", "pre", "span")]
        text = "".join(text)
        found += [f"{name}: {raw}" for raw in RAW if raw in text]
        found += [f"{name}: {tag}" for tag in page(["unk", "merror"])]
    return found


CHECKS = [
    check_leads,
    check_ids,
    check_no_requests,
    check_headings,
    check_frame,
    check_images,
    check_tables,
    check_scrolling,
    check_nothing_raw,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_site_has_no_complaints(site, check):
    assert check(site) == []


FAULTS = [
    (check_leads, '<a href="missing.html">x</a>'),
    (check_leads, '<a href="glossary.html#missing">x</a>'),
    (check_leads, '<a href="#missing">x</a>'),
    (check_leads, '<img src="figures/missing.png" alt="A curve that rises.">'),
    (check_leads, '<a href="#">x</a>'),
    (check_ids, '<p id="main"></p>'),
    (check_ids, '<div aria-labelledby="missing"></div>'),
    (check_no_requests, '<img src="https://example.org/a.png" alt="A curve that rises.">'),
    (check_no_requests, '<img srcset="//example.org/a.png 2x" alt="A curve.">'),
    (check_no_requests, "<script>1</script>"),
    (check_no_requests, '<p onclick="f()"></p>'),
    (check_headings, "<h1>Another</h1>"),
    (check_headings, "<h2>One</h2><h4>Deep</h4>"),
    (check_frame, "<main></main>"),
    (check_frame, '<nav aria-label="Site"></nav>'),
    (check_frame, "<nav></nav>"),
    (check_images, '<img src="style.css" alt="">'),
    (check_images, '<img src="style.css">'),
    (check_tables, "<table><tr><td>1</td></tr></table>"),
    (check_tables, "<table><tr><th>1</th></tr></table>"),
    (check_scrolling, f'<pre class="code">{"x" * 40}</pre>'),
    (check_scrolling, '<div class="formula"></div>'),
    (check_nothing_raw, "<p>VBox(children=())</p>"),
    (check_nothing_raw, "<p>the word <unk> is</p>"),
    (check_nothing_raw, r"<p>$\mathbf{v}$</p>"),
]


@pytest.mark.parametrize(("check", "fault"), FAULTS)
def test_a_fault_is_found(tiny, check, fault):
    page = tiny["docs/TEACHING.html"].decode()
    assert check(parse(tiny)) == []
    faulty = page.replace("</article>", f"{fault}</article>").encode()
    assert check(parse({**tiny, "docs/TEACHING.html": faulty}))


def test_a_style_sheet_that_fetches_is_found(tiny):
    assert check_no_requests({"style.css": tiny["style.css"] + b"a{src:url(x)}"})


# All of the lesson is there


@functools.cache
def read(stem, folder="notebooks"):
    return nbformat.read(ROOT / folder / f"{stem}.ipynb", as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def texts(cell):
    """List what a cell shows as text: its code, then what it printed."""
    shown = [cell.source]
    for output in cell.outputs:
        if output.output_type == "stream":
            shown.append(output.text)
        elif set(output.data) == {"text/plain"} and not output.metadata.get("interactive"):
            shown.append(output.data["text/plain"])
    return [text.rstrip("\n") for text in shown]


@pytest.mark.parametrize("stem", CHAPTERS)
def test_code_and_printed_text_are_those_of_the_notebook(site, stem):
    page, wanted = site[f"{stem}.html"], []
    cells = code_cells(read(stem))
    assert len(page(class_="cell")) == len(cells)
    for cell, shown in zip(cells, page(class_="cell"), strict=True):
        wanted = texts(cell)
        assert [lines(pre) for pre in shown.find_all("pre", recursive=False)] == wanted


@pytest.mark.parametrize("stem", CHAPTERS)
def test_figures_are_those_of_the_notebook(files, site, stem):
    outputs = [output for cell in code_cells(read(stem)) for output in cell.outputs]
    wanted = [o for o in outputs if "image/png" in o.get("data", {})]
    images = site[f"{stem}.html"].select(".cell > figure > img")
    assert len(images) == len(wanted)
    for image, output in zip(images, wanted, strict=True):
        about = output.metadata["image/png"]
        assert image["alt"] == about["alt"]
        assert image["width"] == str(about["width"])
        assert files[image["src"]] == base64.b64decode(output.data["image/png"])


@pytest.mark.parametrize("stem", CHAPTERS)
def test_a_widget_is_named_and_comes_after_a_figure(site, stem):
    outputs = [output for cell in code_cells(read(stem)) for output in cell.outputs]
    wanted = [o for o in outputs if o.get("metadata", {}).get("interactive")]
    shown = site[f"{stem}.html"](class_="widget")
    assert len(shown) == len(wanted)
    for text, output in zip(shown, wanted, strict=True):
        name = output.data["text/plain"].split("; run")[0]
        assert name[1:] in text.text and "in the running notebook" in text.text
        assert text.a["href"] == "index.html#start"


@pytest.mark.parametrize("stem", CHAPTERS)
def test_hints_choices_and_solutions_are_folded(site, stem):
    page, notebook = site[f"{stem}.html"], read(stem)
    prose = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    solutions = page.select(".exercise > details")
    assert len(page("details")) - len(solutions) == prose.count("<details>")
    assert all(details.find(True).name == "summary" for details in page("details"))
    assert not page.find("details", open=True)
    exercises = [
        c for c in code_cells(notebook) if "exercise" in c.metadata.get("tags", [])
    ]
    # The last one shows the progress, and has no solution.
    assert len(solutions) == max(len(exercises) - 1, 0)


def test_a_stub_stays_a_stub_and_its_solution_is_below(site):
    solved = code_cells(read("05_ask_the_vectors", "notebooks/solutions"))
    (cell,) = [cell for cell in solved if cell.source.startswith("def cosine(")]
    exercises = site["05_ask_the_vectors.html"](class_="exercise")
    (shown,) = [e for e in exercises if lines(e.pre).startswith("def cosine(")]
    stub, _, code, answer = [lines(pre) for pre in shown("pre")]
    assert "    ...\n" in stub
    assert [code, answer] == texts(cell)


@pytest.mark.parametrize("stem", [*CHAPTERS, "glossary"])
def test_each_formula_is_there(site, stem):
    if stem == "glossary":
        prose = (ROOT / "notebooks" / "glossary.md").read_text(encoding="utf-8")
    else:
        cells = [c for c in read(stem).cells if c.cell_type == "markdown"]
        prose = "\n\n".join(cell.source for cell in cells)
    prose = re.sub(r"`[^`\n]+`", "", prose)
    blocks = re.findall(r"\$\$.+?\$\$", prose, re.DOTALL)
    lines = re.findall(r"\$[^$\n]+\$", re.sub(r"\$\$.+?\$\$", "", prose, flags=re.DOTALL))
    formulas = site[f"{stem}.html"]("math")
    assert len(formulas) == len(blocks) + len(lines)
    assert sum(f.get("display") == "block" for f in formulas) == len(blocks)


def test_one_leads_from_the_first_chapter_to_the_glossary_and_back(site):
    order = [f"{stem}.html" for stem in CHAPTERS] + ["glossary.html"]
    name, seen = site["index.html"].select_one(".begin a")["href"], []
    while name:
        seen.append(name)
        following = site[name].select_one('nav a[rel="next"]')
        name = following and following["href"]
        assert (
            name is None or site[name].select_one('nav a[rel="prev"]')["href"] == seen[-1]
        )
    assert seen == order
    assert [a["href"] for a in site["index.html"].select(".chapters a")] == order[:-1]


def test_the_table_of_contents_has_each_section(site):
    page = site["06_judge_the_vectors.html"]
    listed = [a["href"].lstrip("#") for a in page.select(".contents a")]
    assert listed == [tag["id"] for tag in page("h2")]


def test_the_site_is_small(files):
    size = sum(map(len, files.values()))
    assert 1e6 < size < LARGEST
    assert len([name for name in files if name.startswith("figures/")]) > 25


# A lesson of one chapter

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)
README = """# A lesson

First words, which say a lot.

More words, see [the doubts](#doubts) and [how](#start).

## Start

Run `make lab`.

## The chapters

| | chapter | you will | minutes |
| --- | --- | --- | --- |
| 05 | [Ask](notebooks/05_ask_the_vectors.ipynb) | ask | 25 |

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


def chapter(*cells):
    given = [new_markdown_cell("# Ask\n\n## More"), new_code_cell("f()", outputs=[drawn()])]
    return new_notebook(cells=[*given, *cells])


def write_lesson(folder):
    """Write a repository of one chapter."""
    for name in ("notebooks/solutions", "benchmarks", "docs"):
        (folder / name).mkdir(parents=True)
    names = ("LICENSE", "docs/LICENSE-TEXT", "docs/TEACHING.md", "benchmarks/RESULTS.md")
    for name in (*names, "notebooks/glossary.md"):
        (folder / name).write_text(f"# {name}\n\n### a term\n")
    (folder / "README.md").write_text(README)
    put(folder, chapter())
    return folder


@pytest.fixture
def lesson(tmp_path):
    return write_lesson(tmp_path)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """The site of a lesson of one chapter."""
    return build_site.build(write_lesson(tmp_path_factory.mktemp("lesson")))


def put(lesson, notebook):
    nbformat.write(notebook, lesson / "notebooks" / "05_ask_the_vectors.ipynb")


def body(lesson, text):
    """Build the lesson with this Markdown in its chapter; returns the parsed page."""
    put(lesson, chapter(new_markdown_cell(text)))
    return parse(build_site.build(lesson))["05_ask_the_vectors.html"].article


def test_a_build_gives_the_same_files_twice(lesson, capsys):
    assert build_site.build(lesson) == build_site.build(lesson)
    assert build_site.main(lesson) == 0
    assert "site/: 6 pages, 0.0 MB" in capsys.readouterr().out
    written = {
        str(path.relative_to(lesson / "site")): path.read_bytes()
        for path in (lesson / "site").rglob("*")
        if path.is_file()
    }
    assert written == build_site.build(lesson)
    assert [path.name for path in lesson.glob(".site*")] == []


def test_links_lead_to_pages_and_copies(lesson):
    (lesson / "notebooks" / "notes").write_text("kept")
    nbformat.write(
        chapter(), lesson / "notebooks" / "solutions" / "05_ask_the_vectors.ipynb"
    )
    text = (
        "[a](glossary.md#a-term) [b](../README.md) [c](notes) [d](#more) "
        "[e](../benchmarks) [f](https://example.org/f) "
        '[g](solutions/05_ask_the_vectors.ipynb) <a href="../LICENSE">h</a>'
    )
    page = body(lesson, text)
    assert {a.text: a["href"] for a in page("a")} == {
        "a": "glossary.html#a-term",
        "b": "README.html",
        "c": "notebooks/notes.txt",
        "d": "#more",
        "f": "https://example.org/f",
        "g": "05_ask_the_vectors.html",
        "h": "LICENSE.txt",
    }
    assert "e" in page.text.split()  # a folder has no page
    assert build_site.build(lesson)["notebooks/notes.txt"] == b"kept"


def test_the_front_page_leads_on_to_sections_that_it_does_not_have(tiny):
    page = parse(tiny)["index.html"]
    leads = {a.text: a["href"] for a in page.main("a")}
    assert leads["the doubts"] == "README.html#doubts" and leads["how"] == "#start"
    assert page.select_one(".hero p").text == "First words, which say a lot."
    assert [li.text.split() for li in page.select(".chapters li")] == [
        ["05", "Ask", "Ask", "25", "minutes"]
    ]


def test_a_page_in_a_folder_finds_the_rest(lesson):
    (lesson / "benchmarks" / "RESULTS.md").write_text("# R\n\n[a](../docs/TEACHING.md)\n")
    page = parse(build_site.build(lesson))["benchmarks/RESULTS.html"]
    assert page.article.a["href"] == "../docs/TEACHING.html"
    assert page.find("link", rel="stylesheet")["href"] == "../style.css"


def test_pictures_of_the_lesson_come_along_and_those_of_others_stay_away(lesson):
    (lesson / "a.png").write_bytes(b"picture")
    text = (
        "![a bar that rises](../a.png) ![tests pass](https://example.org/b.svg)\n\n"
        '<p align="center"><img src="https://example.org/c.png" alt="built" width="9">\n'
        '<img src="../a.png" srcset="../a.png" alt="the bar again"></p>\n'
    )
    page = body(lesson, text)
    alts = ["Map of words: two groups.", "a bar that rises", "the bar again"]
    assert [image["alt"] for image in page("img")] == alts
    assert page("img")[2]["srcset"] == page("img")[2]["src"] == "a.png"
    assert "tests pass" in page.text and "built" in page.text
    assert build_site.build(lesson)["a.png"] == b"picture"


def test_headings_keep_their_order_and_their_places(lesson):
    page = body(lesson, "### `N` & more\n\n## More\n\n# Again\n\n##### Deep, at *once*")
    found = [(tag.name, tag["id"]) for tag in page.find_all(re.compile("^h"))]
    assert found == [
        ("h1", "ask"),
        ("h2", "more"),
        ("h3", "n--more"),
        ("h2", "more-1"),
        ("h2", "again"),
        ("h3", "deep-at-once"),
    ]


def test_headings_of_one_level_stay_so(lesson):
    text = "# G\n\n### a\n\n### b\n\n#### c\n\n### d\n"
    (lesson / "notebooks" / "glossary.md").write_text(text)
    page = parse(build_site.build(lesson))["glossary.html"]
    found = [(tag.name, tag.text) for tag in page.find_all(re.compile("^h[1-6]"))]
    assert found == [("h1", "G"), ("h2", "a"), ("h2", "b"), ("h3", "c"), ("h2", "d")]
    assert [a.text for a in page.select(".contents a")] == ["a", "b", "d"]


def test_what_stands_for_html_is_shown_and_not_obeyed(lesson):
    alt = 'Map of words: "a" <b> & c'
    outputs = [new_output("stream", text="<b>x</b> &amp;\n"), drawn(alt)]
    put(lesson, chapter(new_code_cell('print("<b>")', outputs=outputs)))
    page = parse(build_site.build(lesson))["05_ask_the_vectors.html"]
    assert [lines(pre) for pre in page("pre")] == ["f()", 'print("<b>")', "<b>x</b> &amp;"]
    assert page("img")[1]["alt"] == alt and not page("b")


def test_a_table_without_heads_has_them_in_its_first_column(lesson):
    page = body(lesson, "| | |\n| --- | ---: |\n| a | 1 |\n| b | 2 |\n")
    assert [th.text for th in page("th", scope="row")] == ["a", "b"]
    assert [td.text for td in page("td")] == ["1", "2"] and not page("thead")


def test_an_empty_corner_is_no_head(lesson):
    page = body(lesson, "| | how |\n| --- | --- |\n| a | 1 |\n")
    assert [th.text for th in page("th")] == ["how"]
    assert len(page("td")) == 3


def test_empty_lines_of_code_and_output_stay(lesson):
    outputs = [new_output("stream", text="\n  a\n\nb\n")]
    put(lesson, chapter(new_code_cell("\n\nx = 1\n\ny", outputs=outputs)))
    page = parse(build_site.build(lesson))["05_ask_the_vectors.html"]
    shown = [lines(pre) for pre in page("pre")][1:]
    assert shown == ["\n\nx = 1\n\ny", "\n  a\n\nb"]


# What cannot be built is said


def mend_table(lesson):
    (lesson / "README.md").write_text(README.replace("05_ask", "06_ask"))


def no_start(lesson):
    (lesson / "README.md").write_text(README.replace("## Start", "## Begin"))


def no_title(lesson):
    (lesson / "docs/TEACHING.md").write_text("Words without a title.\n")


def no_cover(lesson):
    notebook = chapter()
    notebook.cells[1].outputs = [drawn("Bars: three of them.")]
    put(lesson, notebook)


def output(*given):
    def spoil(lesson):
        put(lesson, chapter(new_code_cell("f()", outputs=list(given))))

    return spoil


def prose(text):
    def spoil(lesson):
        put(lesson, chapter(new_markdown_cell(text)))

    return spoil


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (mend_table, "not those in notebooks/: notebooks/05_ask"),
        (no_start, "no section #start"),
        (no_title, "docs/TEACHING.md has no title; begin it with"),
        (no_cover, "choose another COVER"),
        (output(drawn(alt=None)), "no alt text; draw it by figures.show"),
        (output(drawn(**{"text/html": "<b>"})), "an output of image/png, text/html"),
        (output(new_output("error", ename="E")), "an output of error"),
        (output(new_output("display_data", {"image/svg+xml": ""})), "image/svg"),
        (prose("[x](missing.md)"), "links to missing.md, which is not there"),
        (prose("[x](../../etc)"), "links to ../../etc"),
        (prose('<img src="missing.png" alt="a">'), "links to missing.png"),
        (prose("![](../LICENSE)"), "give the image ../LICENSE a text"),
        (prose(r"$\nosuch{x}$"), r"formula \nosuch{x}"),
        (prose("```nosuch\nx\n```"), "nothing colors 'nosuch'"),
    ],
)
def test_what_is_wrong_is_said_and_the_old_site_stays(lesson, capsys, spoil, said):
    assert build_site.main(lesson) == 0
    before = sorted((lesson / "site").rglob("*"))
    spoil(lesson)
    assert build_site.main(lesson) == 1
    assert said in capsys.readouterr().err
    assert sorted((lesson / "site").rglob("*")) == before


def test_a_page_that_is_gone_goes(lesson):
    (lesson / "docs/TEACHING.md").write_text("# T\n\n[a](../LICENSE) [b](../old.md)\n")
    (lesson / "old.md").write_text("# Old\n")
    assert build_site.main(lesson) == 0
    assert (lesson / "site" / "old.html").exists()
    (lesson / "docs/TEACHING.md").write_text("# T\n")
    assert build_site.main(lesson) == 0
    assert not (lesson / "site" / "old.html").exists()


def test_a_folder_with_other_files_is_left_alone(lesson, capsys):
    (lesson / "site").mkdir()
    (lesson / "site" / "thesis.txt").write_text("mine")
    assert build_site.main(lesson) == 1
    assert "holds files of yours" in capsys.readouterr().err
    assert (lesson / "site" / "thesis.txt").read_text() == "mine"


def test_a_disk_that_is_full_leaves_the_old_site(lesson, monkeypatch):
    assert build_site.main(lesson) == 0
    before = (lesson / "site" / "index.html").read_bytes()

    def full(path, content):
        raise OSError("no space left")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="no space"):
        build_site.main(lesson)
    assert (lesson / "site" / "index.html").read_bytes() == before
    assert list(lesson.glob(".site*")) == []
