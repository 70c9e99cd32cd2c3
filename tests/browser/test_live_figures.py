"""The live figures of the site, opened from the disk: by mouse and keyboard, wide and narrow."""

import sys
from pathlib import Path

import driver
import pytest
from playwright.sync_api import expect

sys.path.insert(0, str(Path(driver.__file__).parent))

import build_site

from w2v_lesson.files.pretrained import ptb_vectors
from w2v_lesson.widgets import explorer

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the site into a folder."""
    folder = tmp_path_factory.mktemp("site") / "site"
    build_site.write(build_site.build(), folder)
    return folder


@pytest.fixture
def opened(browser, site):
    """Return a function that opens a page; at the end, nothing has gone wrong in it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    faults, asked = [], []
    page = context.new_page()
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))

    def open_page(name):
        page.goto((site / f"{name}.html").as_uri())
        return page

    yield open_page
    context.close()
    assert faults == []
    here = (site.as_uri(), "data:")
    assert [url for url in asked if not url.startswith(here)] == []


def near(page):
    """List the neighbors that the explorer shows: words and cosines."""
    rows = page.locator(".live-neighbors li").all_inner_texts()
    return [tuple(row.split("\n")[:2]) for row in rows]


def test_type_complete_hop_and_go_back(opened):
    page = opened("index")
    header = page.locator(".live-columns p")
    field = page.get_by_label("word", exact=True)
    expect(header).to_contain_text("Nearest to chip (seen")
    field.fill("presid")
    expect(page.get_by_text(explorer.PRESS_ENTER)).to_be_visible()
    page.get_by_role("button", name="president", exact=True).click()
    expect(field).to_have_value("president")
    page.locator(".live-neighbors button").nth(2).click()
    expect(field).not_to_have_value("president")
    page.get_by_role("button", name="Back").click()
    expect(field).to_have_value("president")
    field.fill("presidnet")
    expect(page.get_by_text("'presidnet' has no vector")).to_be_visible()
    field.press("Enter")
    expect(header).to_contain_text("Nearest to president")  # spelled alike is not meant
    page.get_by_role("button", name="resident", exact=True).click()
    expect(header).to_contain_text("Nearest to resident")


def test_the_explorer_has_the_numbers_of_the_notebook(opened):
    vectors, page = ptb_vectors(), opened("00_meet_word_vectors")
    field = page.get_by_label("word", exact=True)
    words = vectors.vocab.idx_to_token[1::33][:200]
    assert len(words) == 200
    for word in words:
        field.fill(word)
        wanted = [(n.word, f"{n.cosine:.2f}") for n in vectors.similar(word)]
        assert near(page) == wanted, word
