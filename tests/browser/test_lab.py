"""Chapters in a real JupyterLab: as they open, and after Run All Cells."""

import driver
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# These two have the most widgets. What the other cells print is compared by nbval.
CHAPTERS = ["*_turn_text_into_questions", "*_ask_the_vectors"]
ARTIFACTS = driver.ROOT / "test-artifacts"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_notebook_runs_in_the_browser(opened, chapter):
    (path,) = driver.NOTEBOOKS.glob(f"{chapter}.ipynb")
    page = opened(path.name)
    assert driver.faults(page) == []  # as a reader first sees it
    try:
        ran = driver.run_all(page)
    finally:  # a picture helps most after a failure
        driver.screenshot(page, ARTIFACTS / f"{path.stem}.png")
    assert driver.faults(page) == []
    assert ran
    assert driver.widgets(page).count() > 1


VIEW_OF_NOTHING = """from IPython.display import display
view = {"model_id": "gone", "version_major": 2, "version_minor": 0}
display({"application/vnd.jupyter.widget-view+json": view}, raw=True)"""


def test_faults_are_seen(lab, opened):
    """Try what the test above looks for on a notebook that has all of it."""
    noise = "import sys; print('noise', file=sys.stderr)"
    page = opened(driver.write_notebook(lab, "bad", VIEW_OF_NOTHING, noise, "1 / 0"))
    assert driver.faults(page) == []
    assert not driver.run_all(page)
    found = "\n".join(driver.faults(page))
    assert "noise" in found and "ZeroDivisionError" in found
    assert "Error displaying widget" in found
