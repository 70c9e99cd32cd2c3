"""The training panel by mouse and keyboard, while the cell runs, and after a reload."""

import re

import build_notebooks
import driver
import nbformat
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
LONG = 240_000  # ms; the first cells of the chapter take a while
CHAPTER = driver.NOTEBOOKS / "sources" / "05_train_and_watch.py"


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def epoch(page):
    """Read the epoch from the status."""
    return float(re.search(r"poch (\d+\.\d+)", status(page).inner_text())[1])


def wait_for_later_epoch(page, epoch_before):
    expect(page.get_by_text("centers/s").first).to_be_visible(timeout=LONG)
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


# The chapter itself, in the middle of a run


def write_chapter(lab, name, executed):
    """Write chapter 05 for the server; its cells have outputs that look stored, or none."""
    notebook = build_notebooks.read_source(CHAPTER)
    for cell in notebook.cells:
        if cell.cell_type == "code" and executed:
            stored = {"text/html": "stored", "text/plain": "stored"}
            cell.outputs = [nbformat.v4.new_output("display_data", stored)]
    nbformat.write(notebook, lab.root / name)
    sources = [cell.source for cell in notebook.cells]
    wait = sources.index("panel.wait()")
    shown = next(
        i for i, text in enumerate(sources) if text.endswith("panel.start()\npanel")
    )
    return shown, wait


def command(page, name, **arguments):
    """Begin a command of JupyterLab; some of them end only with an answer to a question."""
    page.evaluate(
        "([name, arguments]) => { window.jupyterapp.commands.execute(name, arguments) }",
        [name, arguments],
    )


def choose_cell(page, number):
    page.evaluate(
        """number => {
            const notebook = window.jupyterapp.shell.currentWidget.content;
            notebook.activeCellIndex = number;
            notebook.activate();
        }""",
        number,
    )


def press_shift_enter(page, number):
    choose_cell(page, number)
    command(page, "notebook:run-cell")


def run_to(page, number):
    """Run the cells above this one and it, without waiting for them."""
    choose_cell(page, number + 1)
    command(page, "notebook:run-all-above")
    expect(page.get_by_text("centers/s")).to_be_visible(timeout=LONG)


def save(page):
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")


def close(page):
    """Close the notebook by its tab, and save it if JupyterLab asks."""
    page.locator(".jp-mod-current .lm-TabBar-tabCloseIcon").click()
    page.wait_for_function(
        "() => document.querySelector('.jp-Dialog') || "
        "!document.querySelector('.jp-NotebookPanel')"
    )
    for answer in page.locator(".jp-Dialog .jp-mod-accept").all():
        answer.click()
    expect(page.locator(".jp-NotebookPanel")).to_have_count(0)


def stop(page):
    button(page, "Stop").click()
    page.get_by_text("Stopped. The weights are kept").wait_for(timeout=LONG)


def test_the_panel_of_the_chapter_survives_what_readers_do(lab, opened):
    name = "chapter_05_survives.ipynb"
    shown, wait = write_chapter(lab, name, executed=False)
    page = opened(name)
    run_to(page, wait)

    # A reload while the next cell waits, in a notebook of which only some cells have run.
    save(page)
    held = epoch(page)
    page.reload()
    wait_for_later_epoch(page, held)

    # Closing and opening the notebook.
    held = epoch(page)
    close(page)
    command(page, "docmanager:open", path=name)
    wait_for_later_epoch(page, held)

    # Stop, then Shift+Enter in the cell of the panel and in the one that waits.
    stop(page)
    press_shift_enter(page, shown)
    press_shift_enter(page, wait)
    printed = page.get_by_text(re.compile(r"Stopped at epoch .* of 5\. To go on"))
    printed.wait_for(timeout=LONG)
    held = float(re.search(r"epoch ([0-9.]+)", printed.inner_text())[1])
    assert epoch(page) == held
    page.get_by_text("Stopped. The weights are kept").wait_for(timeout=LONG)

    # A second view shows and steers the same training.
    choose_cell(page, shown)
    command(page, "notebook:create-output-view")
    resume = button(page, "Resume")
    expect(resume).to_have_count(2, timeout=LONG)
    resume.last.click()
    wait_for_later_epoch(page, held)
    expect(button(page, "Pause")).to_have_count(2)
    button(page, "Pause").first.click()
    expect(page.get_by_text("Paused. The weights are kept")).to_have_count(2, timeout=LONG)

    # The kernel is restarted: one sentence, and no button that does nothing.
    lost = page.get_by_text("The kernel that trained here is gone").first
    expect(lost).to_be_hidden()
    command(page, "kernelmenu:restart")
    button(page, "Confirm Kernel Restart").click()
    expect(lost).to_be_visible(timeout=LONG)
    # What is no longer true is gone.
    expect(page.get_by_text("Paused. The weights are kept").first).to_be_hidden()
    resume = button(page, "Resume").first
    look = resume.evaluate("button => getComputedStyle(button).pointerEvents")
    assert look == "none"
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=LONG)


def test_in_an_executed_copy_the_cell_run_again_shows_the_same_training(lab, opened):
    name = "chapter_05_executed.ipynb"
    shown, _ = write_chapter(lab, name, executed=True)
    page = opened(name)
    run_to(page, shown)
    save(page)
    held = epoch(page)
    page.reload()
    # Stored outputs of others make JupyterLab distrust the notebook, this cell included.
    page.get_by_text("The training panel; run this cell").wait_for(timeout=LONG)
    idle = page.get_by_text("Python 3 (ipykernel) | Idle")
    expect(idle).to_be_visible(timeout=LONG)  # before that, no cell can be run
    press_shift_enter(page, shown)
    wait_for_later_epoch(page, held)
    stop(page)
    assert epoch(page) > held
