"""Each notebook in a real JupyterLab: as it opens, and after Run All Cells."""

import json

import driver
import pytest

pytestmark = pytest.mark.browser

NOTEBOOKS = sorted(driver.NOTEBOOKS.glob("*.ipynb"))
ARTIFACTS = driver.ROOT / "test-artifacts"


def count_stored(path, key):
    """Count the notebook's stored outputs whose metadata have `key`."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    stored = [output for cell in cells for output in cell.get("outputs", [])]
    return sum(key in output.get("metadata", {}) for output in stored)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_in_the_browser(opened, path):
    page = opened(path.name)
    assert driver.faults(page) == []  # as a reader first sees it
    try:
        ran = driver.run_all(page)
    finally:  # a picture of a failure is worth most
        driver.screenshot(page, ARTIFACTS / f"{path.stem}.png")
    assert driver.faults(page) == []
    assert ran
    if count_stored(path, "interactive"):
        assert driver.widgets(page).count() > 0


VIEW_OF_NOTHING = """from IPython.display import display
view = {"model_id": "gone", "version_major": 2, "version_minor": 0}
display({"application/vnd.jupyter.widget-view+json": view}, raw=True)"""


def test_faults_are_seen(lab, opened):
    """What the test above looks for, on a notebook that has all of it."""
    noise = "import sys; print('noise', file=sys.stderr)"
    page = opened(driver.write_notebook(lab, "bad", VIEW_OF_NOTHING, noise, "1 / 0"))
    assert driver.faults(page) == []
    assert not driver.run_all(page)
    found = "\n".join(driver.faults(page))
    assert "noise" in found and "ZeroDivisionError" in found
    assert "Error displaying widget" in found
