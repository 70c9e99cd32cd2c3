"""The map in JupyterLab, by mouse and by keyboard; with a kernel that answers."""

import re

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
NEAREST = "Nearest, with their cosines"


def said(page):
    return page.locator(".w2v-plane-said")


def test_a_word_is_chosen_and_joined_by_keyboard(show_widget):
    page = show_widget(SOURCE)
    page.get_by_text("of the variance").wait_for()
    canvas = page.locator("canvas")
    canvas.focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(said(page)).to_contain_text(NEAREST)
    expect(canvas).to_be_focused()  # JupyterLab has not taken the arrows
    first = said(page).inner_text()
    page.get_by_role("slider", name="neighbors").press("ArrowRight")
    page.wait_for_function(
        "before => document.querySelector('.w2v-plane-said').innerText.length > before",
        arg=len(first),
    )
    assert driver.picture_widget(page, "wordmap_joined") == []
    assert driver.faults(page) == []


def test_other_words_by_keyboard_with_an_unknown_one(show_widget):
    page = show_widget(SOURCE)
    page.get_by_text("of the variance").wait_for()
    assert driver.picture_widget(page, "wordmap") == []
    page.locator(".jp-OutputArea-output textarea").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("oil gas crude germny; july june")
    page.keyboard.press("Tab")
    page.get_by_role("alert").get_by_text("germny (near: germany").wait_for()
    expect(page.locator(".w2v-plane-legend")).to_have_text(re.compile("oil.*july"))
    page.locator(".jp-OutputArea-output textarea").fill("oil")
    page.get_by_role("button", name="Draw").click()
    page.get_by_role("alert").get_by_text("needs 3 words or more").wait_for()
    assert driver.faults(page) == []


# The light theme's outlines of labels are white, those of the dark one are not.
HAS_WHITE = """() => {
    const {width, height} = document.querySelector('canvas');
    const pen = document.querySelector('canvas').getContext('2d');
    const pixels = new Uint32Array(pen.getImageData(0, 0, width, height).data.buffer);
    return pixels.includes(0xffffffff);
}"""


def test_a_map_that_stands_still_follows_the_theme(show_widget):
    page = show_widget(SOURCE)
    page.get_by_text("of the variance").wait_for()
    page.wait_for_function(HAS_WHITE)
    driver.change_theme(page, driver.THEMES["dark"])
    page.wait_for_function(f"!({HAS_WHITE})()")
    driver.change_theme(page, driver.THEMES["light"])
    page.wait_for_function(HAS_WHITE)


def test_draw_undoes_the_zoom(show_widget):
    page = show_widget(SOURCE)
    page.get_by_text("of the variance").wait_for()
    zoom_out = page.get_by_role("button", name="Zoom out")
    expect(zoom_out).to_be_disabled()
    page.get_by_role("button", name="Zoom in").click()
    expect(zoom_out).to_be_enabled()
    driver.tab_to(page, zoom_out)
    expect(zoom_out).to_have_css("outline", "rgba(0, 0, 0, 0.87) solid 2px")  # our own
    page.get_by_role("button", name="Draw").click()
    expect(zoom_out).to_be_disabled()
