"""The two chapters that `make test` runs in the browser: the explorer, and the panel."""

import driver
import nbformat
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

(MEET,) = driver.NOTEBOOKS.glob("*_meet_word_vectors.ipynb")
(TRAIN,) = driver.NOTEBOOKS.glob("*_train_and_watch.ipynb")
ARTIFACTS = driver.ROOT / "test-artifacts"
LONG = 300_000  # ms; the chapter trains for an epoch before it shows the panel


def test_the_first_chapter_runs_and_a_typed_word_shows_its_neighbors(opened):
    page = opened(MEET.name)
    assert driver.faults(page) == []  # as a reader first sees it
    try:
        ran = driver.run_all(page)
    finally:  # a picture helps most after a failure
        driver.screenshot(page, ARTIFACTS / f"{MEET.stem}.png")
    assert ran
    page.get_by_text("Nearest to chip (seen").wait_for()
    page.get_by_placeholder("type a word").fill("president")
    page.get_by_text("Nearest to president (seen").wait_for()
    expect(page.get_by_title("Show the neighbors of this word").nth(9)).to_be_visible()
    assert driver.faults(page) == []


def test_a_copy_needs_no_trust_and_what_ran_is_there_after_a_reload(lab, opened):
    """The other cells have no outputs, so nothing has to be trusted before they run."""
    assert all(
        cell.get("outputs", []) == []
        for cell in nbformat.read(lab.root / MEET.name, 4).cells
    )
    page = opened(MEET.name)
    for begins in (
        "from w2v_lesson import progress_bar",
        "from w2v_lesson import Explorer",
    ):
        page.locator(".jp-CodeCell .cm-content", has_text=begins).click()
        page.keyboard.press("Shift+Enter")
    page.get_by_text("Nearest to chip (seen").wait_for(timeout=LONG)
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.reload()
    page.get_by_text("Nearest to chip (seen").wait_for(timeout=LONG)
    page.get_by_placeholder("type a word").fill("president")
    page.get_by_text("Nearest to president (seen").wait_for()
    assert driver.faults(page) == []


def test_the_panel_of_the_training_chapter_shows_progress_and_stops(opened):
    page = opened(TRAIN.name)
    driver.begin_to_run_all(page)
    panel = driver.widgets(page).first
    expect(panel.get_by_text("centers/s")).to_be_visible(timeout=LONG)
    expect(panel.locator("img[alt^='Loss curve']")).to_be_visible(timeout=LONG)
    panel.get_by_role("button", name="Stop", exact=True).click()
    expect(panel.get_by_text("Stopped. The weights are kept")).to_be_visible(timeout=LONG)
    page.get_by_text("Stopped at epoch").wait_for(timeout=LONG)  # the waiting cell ended
    assert driver.faults(page) == []
