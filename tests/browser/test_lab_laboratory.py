"""The laboratory by mouse and keyboard, in a real JupyterLab."""

import re

import driver
import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SOURCE = "from w2v_lesson.widgets.laboratory import Laboratory\nLaboratory()"
LONG = 120_000  # ms; the first run may compile


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def knob(page, name):
    return page.get_by_role("slider", name=name, exact=True)


def curve(page, number):
    return page.locator(f"svg[aria-label^='Loss curves'][aria-label*=' {number}: ']")


def map_title(page, text):
    return page.get_by_text(re.compile(f"^Map of {text}"))


def test_train_compare_stop_and_restart(show_widget):
    page = show_widget(SOURCE)
    page.evaluate("window.jupyterapp.shell.expandLeft()")  # the file browser, as it opens
    size, epochs = knob(page, "size of a vector"), knob(page, "epochs")
    expect(size).to_have_attribute("aria-valuetext", "100")
    size.focus()
    size.press("Home")
    expect(size).to_have_attribute("aria-valuetext", "10, the standard is 100")
    expect(page.get_by_text("size of a vector")).to_have_css("font-weight", "700")
    epochs.focus()
    epochs.press("Home")
    button(page, "Train").click()
    expect(page.get_by_text("Run 1: done in")).to_be_visible(timeout=LONG)
    expect(curve(page, 1)).to_be_visible()
    expect(page.get_by_label("name of run 1")).to_have_value("size 10, epochs 1")
    expect(map_title(page, "run 1: size 10, epochs 1")).to_be_visible()

    button(page, "Train four times as long").click()
    expect(epochs).to_have_attribute("aria-valuetext", "20, the standard is 5")
    expect(size).to_have_attribute("aria-valuetext", "100")
    expect(
        page.get_by_text("When does the held-out loss (the marks) begin")
    ).to_be_visible()
    button(page, "Train").click()
    # Curve, list, map, and neighbors follow while it runs, and the kernel is free.
    expect(curve(page, 2)).to_be_visible(timeout=LONG)
    expect(page.get_by_text("epochs 20, training")).to_be_visible()
    expect(map_title(page, "run 2: epochs 20")).to_be_visible()
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(3)
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    button(page, "Stop").click()
    expect(page.get_by_text("Run 2: stopped after")).to_be_visible(timeout=20_000)
    expect(button(page, "Train")).to_be_enabled()

    page.get_by_role("checkbox", name="run 2").uncheck()
    expect(curve(page, 2)).to_have_count(0)
    button(page, "Copy settings").nth(1).click()
    code = page.locator("code", has_text="Settings(num_epochs=20)")
    code.click()
    assert page.evaluate("getSelection().toString()") == code.inner_text()
    button(page, "Remove").nth(1).click()
    expect(page.get_by_label("name of run 2")).to_have_count(0)
    # With the file browser, which takes half of a narrow page.
    for width in driver.WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        driver.wait_until_settled(page)
        assert (
            page.evaluate(driver.CLIPPED, f"{driver.OUTPUT}:has(> .jupyter-widgets)") == []
        )
    assert driver.picture_widget(page, "laboratory") == []
    assert driver.faults(page) == []

    page.evaluate("() => { window.jupyterapp.commands.execute('kernelmenu:restart') }")
    page.get_by_role("dialog").get_by_role("button", name="Confirm Kernel Restart").click()
    expect(page.get_by_text("The kernel was restarted")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=LONG)
