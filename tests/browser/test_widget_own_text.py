"""Your own text in a real JupyterLab: chosen, typed, by keyboard, stopped, refused."""

import driver
import pytest
from gensim.test.utils import datapath
from playwright.sync_api import expect

from w2v_lesson.ptb import read_ptb

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SOURCE = "from w2v_lesson.widgets.own_text import OwnText\nown = OwnText()\nown"
LONG = 120_000  # ms; the first training may compile
ARTICLES = datapath("lee_background.cor")


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def chooser(page):
    return page.locator(".widget-upload")


def choose(page, path):
    """Choose a file as a reader does: the button, pressed by keyboard, opens the file chooser."""
    with page.expect_file_chooser() as chosen:
        chooser(page).focus()
        page.keyboard.press("Enter")
    chosen.value.set_files(path)
    expect(chooser(page)).to_contain_text("(1)")


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "articles.txt"
    with open(ARTICLES, "rb") as file:
        path.write_bytes(file.read())
    return path


def test_a_file_that_is_chosen_is_explored(show_widget, article, tmp_path):
    page = show_widget(SOURCE, "own.wait()\nprint('it went by')")
    said = driver.outputs(page).filter(has_text="choose a text above")
    expect(said).to_contain_text("it went by")

    choose(page, article)
    expect(page.get_by_text("Arrived: articles.txt (0.4 MB)")).to_be_visible()
    button(page, "Read and train").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("2,692 sentences")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("words is small")).to_be_visible()
    expect(page.get_by_text("To train: ")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("nats per pair")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("Saved as my_vectors/articles.npz")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("Nearest to")).to_be_visible()

    page.get_by_placeholder("type a word").fill("afghanistan")
    expect(button(page, "taliban")).to_be_visible()
    assert driver.picture_widget(page, "own-text") == []
    assert driver.faults(page) == []

    # A file that isn't text is refused, and the explorer stays.
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 99)
    choose(page, tmp_path / "picture.txt")
    expect(page.get_by_text("Arrived: picture.txt")).to_be_visible()
    button(page, "Read and train").click()
    expect(page.get_by_role("alert")).to_contain_text("picture.txt is no")
    expect(page.get_by_text("from the previous training")).to_be_visible()
    expect(button(page, "taliban")).to_be_visible()
    assert driver.picture_widget(page, "own-text-refused") == []


def test_a_path_typed_and_entered_is_read_and_stop_shows_what_there_is(
    show_widget, tmp_path
):
    (tmp_path / "ptb.txt").write_text("\n\n".join(map(" ".join, read_ptb())))
    page = show_widget(SOURCE)
    path = page.get_by_placeholder("a file or folder, of any size")
    path.focus()
    page.keyboard.type(str(tmp_path / "ptb.txt"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("nats per pair")).to_be_visible(timeout=LONG)
    # A thread does the training, so the kernel is free for other cells.
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    # At once: the training takes only seconds.
    button(page, "Stop").focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("these are the vectors so far")).to_be_visible(timeout=20_000)
    assert driver.picture_widget(page, "own-text-stopped") == []
    expect(page.get_by_text("Nearest to")).to_be_visible()
    expect(button(page, "Read and train")).to_be_enabled()
    assert driver.faults(page) == []


def test_files_above_the_limit_never_arrive_and_a_path_still_works(
    show_widget, article, tmp_path
):
    page = show_widget(SOURCE)
    (tmp_path / "large.txt").write_bytes(b"a few words " * 1_000_000)  # 12 MB
    choose(page, tmp_path / "large.txt")
    expect(page.get_by_text("up to 10 MB in total")).to_be_visible()  # nothing arrived
    page.get_by_placeholder("a file or folder, of any size").fill(str(article))
    button(page, "Read and train").click()
    expect(page.get_by_text("2,692 sentences")).to_be_visible(timeout=LONG)
    button(page, "Stop").click()
    expect(page.get_by_text("Stopped")).to_be_visible(timeout=LONG)
