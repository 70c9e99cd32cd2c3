"""The laboratory by mouse and keyboard, in a real JupyterLab."""

import driver
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

SOURCE = "from w2v_lesson.laboratory import Laboratory\nLaboratory()"
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
LONG = 120_000  # ms; the first run may compile


@pytest.fixture
def laboratory(lab, opened):
    notebook = new_notebook(cells=[new_code_cell(SOURCE)], metadata={"kernelspec": KERNEL})
    nbformat.write(notebook, lab.root / "laboratory.ipynb")
    page = opened("laboratory.ipynb")
    assert driver.run_all(page)
    return page


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def slide(page, knob, key):
    """Move a knob to its first (Home) or last (End) value by the keyboard."""
    handle = page.locator(".widget-hslider", has_text=knob).get_by_role("slider")
    handle.focus()
    handle.press(key)


def test_train_and_stop_act_and_the_page_does_not_wait(laboratory):
    page = laboratory
    slide(page, "embed_size", "Home")
    slide(page, "num_epochs", "Home")
    button(page, "Train").click()
    expect(page.get_by_text("Run 1 done")).to_be_visible(timeout=LONG)
    expect(page.locator("table")).to_contain_text("WordSim ρ")
    cells = page.locator("table td").all_inner_texts()
    assert cells[:2] == ["1", "10"]  # the knob was heard
    assert cells[6] == "1"
    expect(page.locator("img[alt^='Loss curves']")).to_be_visible()

    slide(page, "num_epochs", "End")
    button(page, "Train").click()
    expect(page.get_by_text("centers/s")).to_be_visible(timeout=LONG)
    # It is a thread that trains: the kernel is free for other cells.
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    button(page, "Stop").click()
    expect(page.get_by_text("Run 2 stopped")).to_be_visible(timeout=20_000)
    expect(button(page, "Train")).to_be_enabled()
    assert page.locator("table tr").count() == 3
    driver.screenshot(page, driver.ROOT / "test-artifacts" / "laboratory.png")
    assert driver.faults(page) == []
