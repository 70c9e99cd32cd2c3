"""The explorer in JupyterLab, by mouse and by keyboard."""

import driver
import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SOURCE = """from w2v_lesson.files.pretrained import ptb_vectors
from w2v_lesson.widgets.explorer import Explorer

explorer = Explorer(ptb_vectors(), "chip", k=8%s)
explorer"""


def nearest_to(page, word):
    """Wait until a word's list is there."""
    page.get_by_text(f"Nearest to {word} (seen").wait_for()


def test_type_hop_and_go_back(show_widget):
    page = show_widget(SOURCE % "")
    assert not page.get_by_text("compare with").is_visible()
    assert not page.get_by_role("radio").first.is_visible()
    nearest_to(page, "chip")
    field = page.get_by_label("word")
    field.fill("presid")
    page.get_by_text("Press Enter for the first one:").wait_for()
    page.get_by_role("button", name="president", exact=True).click()
    nearest_to(page, "president")
    page.get_by_role("button", name="Back").click()
    nearest_to(page, "chip")
    expect(field).to_have_value("chip")
    field.fill("presidnet")
    page.get_by_text("'presidnet' has no vector").wait_for()
    page.get_by_role("button", name="president", exact=True).wait_for()
    assert driver.faults(page) == []


def test_by_keyboard_alone(show_widget):
    page = show_widget(SOURCE % ", table='center'")
    nearest_to(page, "chip")
    field = page.get_by_label("word")
    field.focus()
    field.press("Control+a")
    page.keyboard.type("presid")  # not near to chip: its button is a completion
    page.get_by_role("button", name="president", exact=True).wait_for()
    page.keyboard.press("Enter")
    nearest_to(page, "president")
    driver.tab_to(page, page.get_by_role("radio", name="center", exact=True))
    page.keyboard.press("ArrowRight")
    page.get_by_text("in the context table").wait_for()
    page.get_by_role("slider", name="neighbors").press("Home")
    expect(page.locator(".w2v-bar")).to_have_count(1)
    driver.tab_to(page, page.get_by_role("button", name="Back"))
    page.keyboard.press("Enter")
    nearest_to(page, "chip")


def test_two_tables_side_by_side(show_widget):
    page = show_widget(SOURCE % ", compare='context table'")
    page.get_by_text("words are in both lists").wait_for()
    words = page.get_by_title("Show the neighbors of this word")
    expect(words).to_have_count(16)
    words.nth(10).dblclick()
    expect(page.get_by_text("Nearest to chip (seen")).to_have_count(0)
    page.get_by_role("button", name="Back").click()
    nearest_to(page, "chip")  # so the double click counted once
    # Each bar stands beside its word.
    bars = page.locator(".w2v-bar")
    for i in (0, 7, 8, 15):
        word, bar = words.nth(i).bounding_box(), bars.nth(i).bounding_box()
        assert word["x"] < bar["x"]
        assert word["y"] <= bar["y"] + bar["height"] / 2 <= word["y"] + word["height"]
    expect(bars).to_have_count(16)
    for word in ("oil", "president", "july"):
        page.get_by_label("word").fill(word)
        nearest_to(page, word)
    assert driver.picture_widget(page, "explorer_compared") == []
    page.get_by_role("radio", name="nothing").check()
    page.get_by_text("words are in both lists").wait_for(state="hidden")
    assert driver.picture_widget(page, "explorer") == []
    assert driver.faults(page) == []
