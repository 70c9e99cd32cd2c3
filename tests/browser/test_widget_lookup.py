"""The lookup and the shapes of chapter 03 by mouse and keyboard, in a real JupyterLab."""

import driver
import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKUP = """import numpy
from w2v_lesson.widgets.lookup import watch_lookup
watch_lookup(numpy.random.default_rng(0).uniform(-0.07, 0.07, (20, 4)))"""
SHAPES = "from w2v_lesson.widgets.lookup import watch_shapes\nwatch_shapes()"


def rows(page, text):
    return page.get_by_role("img", name=f"Rows asked for, in this order: {text}.")


def test_rows_follow_what_is_typed_and_bad_indices_are_told(show_widget):
    page = show_widget(LOOKUP)
    rows(page, "1, 2, 3").wait_for()
    field = page.get_by_role("textbox", name="indices")
    field.click()
    field.press("End")
    page.keyboard.insert_text(" 20")  # at once: key by key, " 2" may be answered too
    alert = page.get_by_role("alert")
    expect(alert).to_have_text(
        "There is no row 20: the table has 20 rows, with the indices 0 to 19."
    )
    field.fill("x")
    expect(alert).to_contain_text("'x' is not a word index")
    field.fill("")
    expect(alert).to_contain_text("No index given")
    rows(page, "1, 2, 3").wait_for()  # the last ones stay
    page.keyboard.type("7 0 7 19")
    rows(page, "7, 0, 7, 19").wait_for()
    expect(alert).to_have_count(0)
    expect(page.get_by_text("returns an array of shape (4, 4)")).to_be_visible()
    page.get_by_role("button", name="Look up row 5").click()
    rows(page, "7, 0, 7, 19, 5").wait_for()
    assert driver.picture_widget(page, "lookup") == []
    assert driver.faults(page) == []


def test_shapes_follow_the_sliders(show_widget):
    page = show_widget(SHAPES)
    expect(page.get_by_text("1,843,200")).to_have_count(2)  # in the table and below it

    def u_has(shape, numbers):
        expect(page.get_by_role("img", name=f"u {shape}")).to_be_visible()
        expect(page.get_by_role("row", name=f"u {numbers}")).to_be_visible()

    sizes = ("batch", "max_len", "embed_size")
    batch, max_len, embed_size = (page.get_by_role("slider", name=size) for size in sizes)
    batch.press("ArrowRight")
    u_has("(513, 36, 100)", "1,846,800")
    driver.tab_to(page, max_len)
    page.keyboard.press("End")
    u_has("(513, 60, 100)", "3,078,000")
    height = embed_size.bounding_box()["height"]
    embed_size.click(position={"x": 1, "y": height / 2})
    expect(page.get_by_role("img", name="u (513, 60, 100)")).to_have_count(0)
    embed_size.press("End")  # the longest texts, for the pictures
    page.get_by_role("img", name="u (513, 60, 300)").wait_for()
    assert driver.picture_widget(page, "shapes") == []
    assert driver.faults(page) == []
