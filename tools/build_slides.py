"""Build the slides of each route: `python tools/build_slides.py` (`make slides`).

docs/teaching/slides.md holds the slides. It explains its own rules at the top. The notes for the
speaker come from the tables of the routes, so that they say the same: what to say, and what to
answer if the class asks. Figures come from the built
notebooks. Each route becomes one file in slides/ that needs no other file and no network.

Reveal.js would do more, but it would bring more files than this one and tools/pages/slides.js.
"""

import html
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

import build_site
import jinja2
from bs4 import BeautifulSoup
from build_site import BuildError

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "docs" / "teaching" / "slides.md"
TARGET = ROOT / "slides"
FRONT, LONGER = ROOT / "docs" / "TEACHING.md", ROOT / "docs" / "teaching" / "routes.md"
# For each route: its name in slides.md, the name of its file, its title, and where its table is.
ROUTES = [
    ("50", "50_minutes", "Word vectors in 50 minutes", FRONT, "## Teach it in 50 minutes"),
    ("90", "90_minutes", "Word vectors in 90 minutes", LONGER, "## 90 minutes"),
    ("first", "two_lessons_1", "Word vectors: from text to answers", LONGER, "### First"),
    (
        "second",
        "two_lessons_2",
        "Word vectors: from answers to vectors",
        LONGER,
        "### Second",
    ),
    ("day", "full_day", "Word vectors in a day", LONGER, "## A full day"),
]
ROW = re.compile(r"^\| (\d+)–(\d+) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
ASKED = re.compile(r"^\| (\d+) \| (.+\?) \| (.+?) \|$", re.MULTILINE)
SLIDE = re.compile(
    r"^## (?P<title>.+)\n+<!-- (?P<when>.+) -->\n(?P<body>[^\0]*)", re.MULTILINE
)
WHEN = re.compile(r"(\w+) at (\d+)")
LATER, NOTES = "\n***\n", "\n> "


@dataclass
class Slide:
    """Hold one slide as HTML, and when it is shown."""

    title: str
    now: str
    later: str  # shown after one more key, such as the answer to a question
    notes: str
    when: dict  # minute at which the row of a route begins, by route


@dataclass
class Row:
    """Hold one row of a route's table as HTML."""

    start: int
    end: int
    said: str
    screen: str
    done: str
    late: str
    asked: list = field(
        default_factory=list
    )  # pairs of a question of the class and its answer


def read_slides(path=SOURCE):
    """Read the slides, in the order of the file."""
    _, *parts = re.split(r"^(?=## )", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    slides = []
    for part in parts:
        match = SLIDE.fullmatch(part)
        when = WHEN.findall(match["when"]) if match else []
        if not when:
            title = part.splitlines()[0]
            raise BuildError(f"{title!r} needs a line such as <!-- 50 at 11, 90 at 22 -->")
        shown, _, notes = match["body"].partition(NOTES)
        now, _, later = shown.partition(LATER)
        texts = [with_figures(build_site.MARKDOWN(text)) for text in (now, later)]
        title = inline(match["title"])
        notes = build_site.MARKDOWN(re.sub(r"^> ?", "", notes, flags=re.MULTILINE))
        slides.append(
            Slide(title, *texts, notes, {name: int(minute) for name, minute in when})
        )
    return slides


def inline(text):
    """Turn one line of Markdown into HTML without a paragraph."""
    return build_site.MARKDOWN(text).strip().removeprefix("<p>").removesuffix("</p>")


def with_figures(text):
    """Put the figure of a chapter into each image `![Beginning of its alt text](04)`."""
    soup = BeautifulSoup(text, "html.parser")
    for image in soup("img"):
        content, alt = find_figure(image["src"], image["alt"])
        image["src"] = f"data:image/png;base64,{content}"
        image["alt"] = alt
        image.parent["class"] = "figure"
    return str(soup)


def find_figure(number, beginning):
    """Return a figure of a chapter as base64, and its whole alt text."""
    for path in (ROOT / build_site.NOTEBOOKS).glob(f"{number}_*.ipynb"):
        for cell in build_site.cells_of(path):
            for output in cell.get("outputs", []):
                alt = output.get("metadata", {}).get("image/png", {}).get("alt", "")
                if alt.startswith(beginning):
                    return output.data["image/png"].replace("\n", ""), alt
    raise BuildError(f"chapter {number} has no figure whose alt text begins {beginning!r}")


def read_rows(page, title):
    """Read the table of a route, which stands below a heading."""
    text = page.read_text(encoding="utf-8").partition(f"\n{title}")[2]
    text = re.split(r"^##", text, maxsplit=1, flags=re.MULTILINE)[0]
    rows = ROW.findall(text)
    if not rows:
        raise BuildError(f"{page.name} has no table of minutes below {title!r}")
    plain = [re.sub(r"\[(.+?)\]\(.+?\)", r"\1", part) for row in rows for part in row[2:]]
    texts = [inline(part) for part in plain]
    asked = [(int(at), inline(q), inline(answer)) for at, q, answer in ASKED.findall(text)]
    found = [
        Row(int(start), int(end), *texts[4 * i : 4 * i + 4])
        for i, (start, end, *_) in enumerate(rows)
    ]
    for row in found:
        row.asked = [pair for at, *pair in asked if at == row.start]
    lost = {at for at, *_ in asked} - {row.start for row in found}
    if lost:
        raise BuildError(f"{page.name}: no row begins at {sorted(lost)}, where they ask")
    return found


def order(slides, route, rows):
    """Return pairs of a row and a slide of one route, in the order in which they are shown."""
    chosen = [slide for slide in slides if route in slide.when]
    starts = [row.start for row in rows]
    for slide in chosen:
        if slide.when[route] not in starts:
            raise BuildError(
                f"{slide.title!r} is shown at minute {slide.when[route]} of {route!r}, "
                f"but no row begins there; choose one of {starts}"
            )
    pairs = [
        (row, slide) for row in rows for slide in chosen if slide.when[route] == row.start
    ]
    without = [row.start for row in rows if row.start not in {p[0].start for p in pairs}]
    if without:
        raise BuildError(f"route {route!r} has no slide for the rows at minutes {without}")
    return pairs


def render(title, pairs):
    """Return the page of one route."""
    parts = {
        kind: (build_site.TEMPLATES / f"slides.{kind}").read_text()
        for kind in ("css", "js")
    }
    template = jinja2.Template(
        (build_site.TEMPLATES / "slides.html").read_text(encoding="utf-8"),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return template.render(title=html.escape(title), pairs=pairs, **parts)


def build():
    """Return the pages of all routes by the names of their files."""
    slides = read_slides()
    pages = {}
    for route, name, title, page, heading in ROUTES:
        pages[f"{name}.html"] = render(
            title, order(slides, route, read_rows(page, heading))
        )
    return pages


def main():
    """Write the pages, and return the exit status."""
    try:
        pages = build()
    except BuildError as error:
        print(f"No slides were made: {error}", file=sys.stderr)
        return 1
    TARGET.mkdir(exist_ok=True)
    for name, text in pages.items():
        (TARGET / name).write_text(text, encoding="utf-8")
        print(f"slides/{name}: {text.count('<section')} slides")
    return 0


if __name__ == "__main__":
    sys.exit(main())
