"""The laboratory by mouse and keyboard, in a real JupyterLab."""

import driver
import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SOURCE = "from w2v_lesson.widgets.laboratory import Laboratory\nLaboratory()"
LONG = 120_000  # ms; the first run may compile


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def slide(page, knob, key):
    """Move a knob to its first (Home) or last (End) value by the keyboard."""
    handle = page.locator(".widget-hslider", has_text=knob).get_by_role("slider")
    handle.focus()
    handle.press(key)


def test_train_and_stop_act_and_the_page_does_not_wait(show_widget):
    page = show_widget(SOURCE)
    slide(page, "embed_size", "Home")
    slide(page, "num_epochs", "Home")
    button(page, "Train").click()
    expect(page.get_by_text("Run 1 done")).to_be_visible(timeout=LONG)
    expect(page.locator("table").first).to_contain_text("WordSim ρ")
    cells = page.locator("table td").all_inner_texts()
    assert cells[:2] == ["1", "10"]  # the knob's change has arrived
    assert cells[6] == "1"
    expect(page.locator("img[alt^='Loss curves']")).to_be_visible()

    slide(page, "num_epochs", "End")
    button(page, "Train").click()
    expect(page.get_by_text("centers/s")).to_be_visible(timeout=LONG)
    # A thread does the training, so the kernel is free for other cells.
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    button(page, "Stop").click()
    expect(page.get_by_text("Run 2 stopped")).to_be_visible(timeout=20_000)
    expect(button(page, "Train")).to_be_enabled()
    expect(page.locator("table").first.locator("tr")).to_have_count(3)
    assert driver.picture_widget(page, "laboratory") == []
    assert driver.faults(page) == []
