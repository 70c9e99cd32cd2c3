"""One JupyterLab for all browser tests, one Chromium for each file of them."""

import contextlib
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import build_site
import driver


@pytest.fixture(scope="session")
def chromium():
    if driver.find_chromium() is None:
        missing = f"no browser: none of {', '.join(driver.CHROMIUM)} is installed"
        # Where Chromium is supposed to be installed, skipping would look like success.
        if os.environ.get("W2V_REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)


@pytest.fixture(scope="session")
def lab(chromium, tmp_path_factory):
    with driver.running_lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


# Not for the whole session: while Playwright is active, its event loop counts as running,
# which is in the way of other tests.
@pytest.fixture(scope="module")
def browser(chromium, tmp_path_factory):
    with driver.running_browser(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Build the site into a folder."""
    folder = tmp_path_factory.mktemp("site") / "site"
    build_site.write(build_site.build(), folder)
    return folder


@pytest.fixture
def opened(lab, browser):
    """Return a function that opens a notebook on a page that closes with the test."""
    with contextlib.ExitStack() as stack:
        yield lambda name, **options: stack.enter_context(
            driver.open_notebook(lab, browser, name, **options)
        )


@pytest.fixture
def show_widget(lab, opened, request):
    """A function: run a notebook of these cells; returns the page.

    With wait=False it returns while they run.
    """

    def show(*sources, wait=True):
        page = opened(driver.write_notebook(lab, request.node.name, *sources))
        if wait:
            assert driver.run_all(page)
        else:
            driver.begin_to_run_all(page)
        return page

    return show
