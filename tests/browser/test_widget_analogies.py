"""The analogies in JupyterLab, by mouse and by keyboard."""

import driver
import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SOURCE = """from w2v_lesson.files.pretrained import ptb_vectors
from w2v_lesson.widgets.analogies import Analogies

examples = [("he", "his", "she"), ("is", "are", "was"), ("man", "king", "woman")]
Analogies(ptb_vectors(), "japan", "japanese", "germany", examples)"""


def answer(page, word):
    return page.locator(".w2v-chart").get_by_text(word, exact=True)


def test_ask_by_example_by_field_and_wrongly(show_widget):
    page = show_widget(SOURCE)
    page.get_by_text("japan is to japanese as germany is to …").wait_for()
    answer(page, "german").wait_for()
    page.get_by_role("button", name="he : his = she").click()
    answer(page, "her").wait_for()
    names = ("first word", "is to", "as")
    for name, word in zip(names, ("he", "his", "she"), strict=True):
        field = page.get_by_role("textbox", name=name, exact=True)
        expect(field).to_have_value(word)
    page.get_by_label("first word").focus()  # by keyboard from here
    for word in ("japan", "yen", "germny"):
        page.keyboard.press("Control+a")
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    page.get_by_role("alert").get_by_text(
        "'germny' has no vector. Near: germany"
    ).wait_for()
    expect(page.get_by_role("alert")).to_have_count(1)
    assert driver.picture_widget(page, "analogies") == []
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("germany")
    answer(page, "marks").wait_for()
    expect(page.get_by_role("alert")).to_have_count(0)
    driver.tab_to(page, page.get_by_role("button", name="is : are = was"))
    page.keyboard.press("Enter")
    answer(page, "were").wait_for()
    assert driver.faults(page) == []
