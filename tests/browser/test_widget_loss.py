"""The loss and the steps of chapter 04 by mouse and keyboard, in a real JupyterLab."""

import driver
import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOSS = "from w2v_lesson.widgets.loss import watch_loss\nwatch_loss()"
DESCENT = """import numpy
from w2v_lesson.widgets.loss import Descent
rng = numpy.random.default_rng(2)
v, U = rng.uniform(-0.8, 0.8, 8), rng.uniform(-0.8, 0.8, (6, 8))
others = ["u.s.", "makers", "<unk>", "at&t", "necessary", "jaguar"]
Descent("chip", others, [1, 1, 0, 0, 0, 0], v, U)"""


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def test_the_dot_follows_logit_label_and_mask(show_widget):
    page = show_widget(LOSS)
    cells = page.locator("table td")
    expect(cells).to_have_text(["2.1269", "2.1269", "0.8808", "0.8808"])
    page.get_by_role("slider", name="logit").press("ArrowRight")
    expect(cells.first).to_have_text("2.3502")
    page.get_by_role("radiogroup", name="label").get_by_text("context (1)").click()
    expect(cells).to_have_text(["0.1002", "0.1002", "-0.0953", "-0.0953"])
    page.get_by_role("img", name="A dot at logit 2.25 and loss 0.1002").wait_for()
    assert driver.picture_widget(page, "loss") == []
    padding = page.get_by_role("radio", name="padding (0)")
    expect(padding).not_to_be_checked()
    padding.focus()
    page.keyboard.press("Space")
    expect(padding).to_be_checked()
    expect(cells).to_have_text(["0.0000"] * 4)
    expect(page.get_by_text("padding has no effect")).to_be_visible()
    assert driver.faults(page) == []


def test_play_walks_to_the_end_and_pause_stops_it(show_widget):
    page = show_widget(DESCENT)
    page.get_by_role("button", name="Play").click()
    page.get_by_text("After 3 steps").wait_for()
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("After 20 steps")).to_be_visible(timeout=20_000)
    expect(button(page, "Step")).to_be_disabled()
    expect(page.get_by_role("button", name="Play")).to_be_enabled()
    assert driver.faults(page) == []


def test_steps_are_taken_and_taken_back(show_widget):
    page = show_widget(DESCENT)
    expect(page.get_by_text("After 0 steps")).to_be_visible()
    start = page.locator("table td").all_inner_texts()
    button(page, "Step").click()
    expect(page.get_by_text("After 1 step:")).to_be_visible()
    assert page.locator("table td").all_inner_texts() != start
    button(page, "Step").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("After 2 steps")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_text("After 3 steps")).to_be_visible()
    driver.tab_to(page, page.get_by_role("slider", name="learning rate"))
    page.keyboard.press("End")
    expect(page.get_by_text("3.00")).to_be_visible()
    assert driver.picture_widget(page, "descent") == []
    button(page, "Back to the start").click()
    expect(page.get_by_text("After 0 steps")).to_be_visible()
    expect(page.locator("table td")).to_have_text(start)
    assert driver.faults(page) == []
