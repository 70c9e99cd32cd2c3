"""The map in JupyterLab, by mouse and by keyboard; labels as the page draws them."""

import driver
import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SOURCE = """from w2v_lesson.files.pretrained import ptb_vectors
from w2v_lesson.widgets.wordmap import WordMap

words = "months: january march june july august october december; \\
countries: japan germany france britain canada italy; \\
family: father mother son wife husband daughter; \\
computing: chip computer software ibm microprocessor intel; \\
energy: oil gas crude pipeline drilling barrels"
WordMap(ptb_vectors(), words, table="sum")"""
# Pairs of labels whose boxes, as drawn, have more than an edge in common.
MEETING = """() => {
    const boxes = [...document.querySelectorAll(
        '.jp-OutputArea-output svg svg text')].map(t => t.getBoundingClientRect());
    let pairs = 0;
    boxes.forEach((a, i) => boxes.slice(i + 1).forEach(b => {
        if (a.left < b.right - 1 && b.left < a.right - 1
            && a.top < b.bottom - 3 && b.top < a.bottom - 3) pairs += 1;
    }));
    return [boxes.length, pairs];
}"""

DRAWN = """() => document.querySelector('.jp-OutputArea-output svg').outerHTML"""


def test_zoom_join_and_choose_words(show_widget):
    page = show_widget(SOURCE)
    page.get_by_text("31 of 31 words are in view").wait_for()
    assert page.evaluate(MEETING) == [31, 0]
    expect(page.locator(".slider[disabled]")).to_have_count(1)
    around = page.get_by_label("around")
    around.fill("chip")
    around.press("Enter")
    sliders = page.get_by_role("slider")
    # Without a word to be around there is nothing to count, and the slider takes no keys.
    expect(page.locator(".slider[disabled]")).to_have_count(0)
    sliders.nth(0).focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.get_by_text("Joined to chip, nearest first").wait_for()
    driver.tab_to(page, sliders.nth(1))
    for _ in range(4):
        number, meeting = page.evaluate(MEETING)
        assert number and not meeting
        before = page.evaluate(DRAWN)
        page.keyboard.press("ArrowRight")
        page.wait_for_function(f"before => ({DRAWN})() !== before", arg=before)
    page.get_by_text("words are in view").wait_for()
    assert page.evaluate(MEETING)[1] == 0
    assert driver.picture_widget(page, "wordmap_zoomed") == []
    assert driver.faults(page) == []


def test_words_by_keyboard_with_an_unknown_one(show_widget):
    page = show_widget(SOURCE)
    page.get_by_text("31 of 31 words are in view").wait_for()
    assert driver.picture_widget(page, "wordmap") == []
    page.locator(".jp-OutputArea-output textarea").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("oil gas crude germny; july june")
    page.keyboard.press("Tab")
    page.get_by_role("alert").get_by_text("germny (near: germany").wait_for()
    page.get_by_text("5 of 5 words are in view").wait_for()
    page.locator(".jp-OutputArea-output textarea").fill("oil")
    page.get_by_role("button", name="Draw").click()
    page.get_by_role("alert").get_by_text("needs 3 words or more").wait_for()
    assert driver.faults(page) == []
