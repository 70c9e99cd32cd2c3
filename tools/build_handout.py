"""Make the pages for paper: `python tools/build_handout.py` (`make handout`).

docs/teaching/handout.md becomes handout/handout.pdf, a page for each student, and board.md becomes
handout/board.pdf, the plan of the board for the teacher. Chromium prints both; without it, print
the .html files from another browser. Underscores are gaps to fill in, and `![Beginning of its description](04)` is a figure of chapter 04.
"""

import re
import sys
import tempfile
from pathlib import Path

import build_site
import build_slides
import driver
import jinja2
from bs4 import BeautifulSoup
from build_site import BuildError

SOURCES = build_slides.SOURCE.parent
TARGET = build_slides.ROOT / "handout"
NAMES = ["handout", "board"]
GAP = re.compile(r"_{4,}")


def page(name, text):
    """Return the page of a Markdown text; each heading begins a box of its own."""
    boxes = re.split(r"^(?=## |> )", text, flags=re.MULTILINE)
    boxes = [build_slides.with_figures(build_site.MARKDOWN(gaps(box))) for box in boxes]
    template = jinja2.Template(
        (build_site.TEMPLATES / "handout.html").read_text(encoding="utf-8"),
        undefined=jinja2.StrictUndefined,
    )
    title = BeautifulSoup(boxes[0], "html.parser").h1.text
    return template.render(title=title, name=name, boxes=boxes)


def gaps(text):
    """Turn each row of underscores into a line of the same length to write on."""
    return GAP.sub(lambda row: f'<span style="width: {len(row[0]) / 2}em"></span>', text)


def build():
    """Return the pages by name."""
    return {
        name: page(name, (SOURCES / f"{name}.md").read_text(encoding="utf-8"))
        for name in NAMES
    }


def print_pages(pages, folder):
    """Print pages as PDF, and raise BuildError for one that doesn't fit on one sheet."""
    with (
        tempfile.TemporaryDirectory() as profile,
        driver.running_browser(Path(profile)) as browser,
    ):
        opened = browser.new_page()
        for name, text in pages.items():
            opened.set_content(text)
            content = opened.pdf(prefer_css_page_size=True, print_background=True)
            sheets = content.count(b"/Type /Page\n")
            if sheets != 1:
                raise BuildError(f"{name}.md fills {sheets} sheets; shorten it")
            (folder / f"{name}.pdf").write_bytes(content)


def main():
    """Make the pages, and return the exit status."""
    try:
        pages = build()
        TARGET.mkdir(exist_ok=True)
        for name, text in pages.items():
            (TARGET / f"{name}.html").write_text(text, encoding="utf-8")
        if driver.find_chromium() is None:
            print(
                "Chromium isn't installed. Print the pages in handout/ from your browser."
            )
            return 0
        print_pages(pages, TARGET)
    except BuildError as error:
        print(f"No handout was made: {error}", file=sys.stderr)
        return 1
    print(*(f"handout/{name}.pdf" for name in NAMES), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
