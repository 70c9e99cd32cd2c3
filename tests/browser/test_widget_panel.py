"""The training panel by mouse and keyboard, while the cell runs, and after a reload."""

import re

import driver
import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Real text and model, so that the buttons have to act between real steps.
START = """from w2v_lesson.minibatches import load_data_ptb
from w2v_lesson.model import build_net
from w2v_lesson.training import Training
from w2v_lesson.widgets.panel import TrainingPanel

data_iter, vocab = load_data_ptb(512, 5, 5)
training = Training(build_net(len(vocab), 100), data_iter, 0.002)
panel = TrainingPanel(training, 50, vocab, probes=["chip", "july"])
panel.start()
panel"""
LONG = 120_000  # ms


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def epoch(page):
    """Read the epoch from the status."""
    return float(re.search(r"poch (\d+\.\d+)", status(page).inner_text())[1])


def wait_for_later_epoch(page, epoch_before):
    expect(page.get_by_text("centers/s")).to_be_visible(timeout=LONG)
    page.wait_for_function(
        """before => [...document.querySelectorAll('.widget-html')].some(
            part => parseFloat((part.innerText.match(/^\\s*epoch ([0-9.]+)/) || [])[1])
                > before)""",
        arg=epoch_before,
        timeout=LONG,
    )


def status(page):
    return page.locator(".widget-html", has_text=re.compile(r"^\s*[Ee]poch \d")).first


def test_the_buttons_act_while_the_cell_runs(show_widget):
    page = show_widget(START, "panel.wait()\nprint('the cell after it')", wait=False)
    expect(page.get_by_text("centers/s")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("Python 3 (ipykernel) | Busy")).to_be_visible()  # it waits

    button(page, "Pause").click()
    page.get_by_text("Paused. The weights are kept").wait_for(timeout=LONG)
    expect(button(page, "Pause")).to_be_disabled()
    held = epoch(page)

    button(page, "Resume").focus()
    page.keyboard.press("Enter")
    wait_for_later_epoch(page, held)

    assert driver.picture_widget(page, "panel") == []
    button(page, "Stop").focus()
    page.keyboard.press("Space")
    page.get_by_text("Stopped at epoch").wait_for(timeout=LONG)
    page.get_by_text("the cell after it", exact=True).wait_for(timeout=LONG)
    expect(button(page, "Resume")).to_be_enabled()
    expect(page.locator("img[alt^='Loss curve']").first).to_be_visible()
    expect(page.locator("caption", has_text="Nearest words")).to_be_visible()
    assert driver.faults(page) == []


def test_the_panel_survives_a_reload_of_the_page(show_widget):
    page = show_widget(START)
    expect(page.get_by_text("centers/s")).to_be_visible(timeout=LONG)
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    before = epoch(page)
    page.reload()
    wait_for_later_epoch(page, before)
    button(page, "Stop").click()
    page.get_by_text("Stopped. The weights are kept").wait_for(timeout=LONG)
    assert driver.faults(page) == []
