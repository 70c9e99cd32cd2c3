"""Take the README's pictures again: `make pictures`.

It runs two chapters in JupyterLab until their widgets appear, uses the widgets as a reader
would, and writes docs/pictures/NAME.png. The words in the pictures are the same each time,
but speeds and seconds vary.
"""

import contextlib
import io
import re
import tempfile
from pathlib import Path

import driver
import nbformat
from PIL import Image, ImageChops, ImageOps
from playwright.sync_api import expect

FOLDER = driver.ROOT / "docs" / "pictures"
SCALE = 2  # pixels of the picture per pixel of the page, for sharp screens
# The size of the page. It is narrow, so that the pictures are readable side by side, and high
# enough for a whole widget.
WIDTH, HEIGHT = 720, 1200
NEIGHBOURS = 12  # makes both pictures about equally high
MARGIN, FRAME = 24, "#d0d7de"  # visible on a light page and on a dark one
COLOURS = 128
LONG = 180_000  # ms


def main():
    """Take all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        driver.running_lab(Path(folder)) as lab,
        driver.running_browser(Path(folder)) as browser,
    ):
        with chapter(lab, browser, "00_meet_word_vectors", until="Explorer(v") as page:
            take("explorer", explorer(page))
        with chapter(lab, browser, "05_train_and_watch", until="watch_training(") as page:
            take("panel", panel(page))


@contextlib.contextmanager
def chapter(lab, browser, name, until):
    """Run a chapter's code up to the first cell with this text, and yield the page."""
    cells = nbformat.read(driver.NOTEBOOKS / f"{name}.ipynb", 4).cells
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    last = next(i for i, source in enumerate(sources) if until in source)
    copy = driver.write_notebook(lab, f"{name}_picture", *sources[: last + 1])
    size = {"width": WIDTH, "height": HEIGHT, "scale": SCALE}
    with driver.open_notebook(lab, browser, copy, **size) as page:
        page.evaluate("window.jupyterapp.shell.collapseLeft()")
        if not driver.run_all(page):
            raise RuntimeError(f"{name}: {driver.faults(page)}")
        yield page


def explorer(page):
    """Type a word into the explorer and ask for more neighbors."""
    widget = driver.widgets(page).last
    field = widget.get_by_label("word", exact=True)
    field.fill("chip")
    field.press("Enter")
    widget.get_by_text("Nearest to chip (seen").wait_for()
    more = widget.get_by_label("neighbors", exact=True)
    more.fill(str(NEIGHBOURS))
    more.press("Enter")
    rows = widget.get_by_text(re.compile(r"^seen [\d,]+ times$"))
    expect(rows).to_have_count(NEIGHBOURS)
    more.blur()
    return widget


def panel(page):
    """Wait until the panel is in its third epoch."""
    widget = driver.widgets(page).last
    third = re.compile(r"^\s*epoch 2\.[5-9]")
    widget.locator(".widget-html", has_text=third).first.wait_for(timeout=LONG)
    return widget


def take(name, widget):
    """Take a picture of a widget, and write it without the empty space beside it."""
    widget.evaluate("widget => widget.scrollIntoView({block: 'center'})")
    widget.page.mouse.move(0, 0)  # away from all buttons
    widget.page.wait_for_timeout(700)  # the button that was under the mouse fades
    picture = Image.open(io.BytesIO(widget.screenshot())).convert("RGB")
    path = FOLDER / f"{name}.png"
    framed(picture).quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(driver.ROOT)}: {path.stat().st_size / 1000:.0f} kB")


def framed(picture):
    """Cut off white borders, then add a margin and a thin frame."""
    white = Image.new("RGB", picture.size, "white")
    picture = picture.crop(ImageChops.difference(picture, white).getbbox())
    picture = ImageOps.expand(picture, MARGIN, "white")
    return ImageOps.expand(picture, SCALE, FRAME)


if __name__ == "__main__":
    main()
