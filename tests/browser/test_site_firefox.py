"""The live figures of the site in Firefox, from the disk and without network."""

import os
from collections import Counter

import firefox
import pytest
from live.places import PLACES

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ENTER, END, SPACE = "\ue007", "\ue010", " "
FIGURES = Counter(page for page, _ in PLACES)
NOT_STYLED = """return getComputedStyle(document.body).marginTop !== "0px"
    || [...document.images].some(image => !image.naturalWidth)"""
ASKED = "return performance.getEntriesByType('resource').map(entry => entry.name)"
UNTIL = """return new Promise(resolve => {
    const look = () => (%s) ? resolve(true) : requestAnimationFrame(look);
    look();
})"""


@pytest.fixture(scope="module")
def fox(tmp_path_factory):
    if firefox.find_firefox() is None:
        missing = f"no browser: none of {', '.join(firefox.FIREFOX)} is installed"
        if os.environ.get("W2V_REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    with firefox.running_firefox(tmp_path_factory.mktemp("firefox")) as fox:
        yield fox


@pytest.fixture
def opened(fox, site):
    """Return a function that opens a page; at the end, nothing has gone wrong in it."""

    def open_page(name):
        fox.call("WebDriver:Navigate", url=(site / f"{name}.html").as_uri())
        return fox

    yield open_page
    here = (site.as_uri(), "data:")
    assert [address for address in fox.run(ASKED) if not address.startswith(here)] == []
    assert fox.complaints(site.as_uri()) == []


def test_what_the_policy_forbids_would_be_noticed(fox, site, tmp_path):
    page = (site / "index.html").read_text("utf-8")
    bad = "<script>alert()</script><img src='https://example.org/x.png'>"
    (tmp_path / "bad.html").write_text(page.replace("</body>", bad + "</body>"), "utf-8")
    fox.call("WebDriver:Navigate", url=(tmp_path / "bad.html").as_uri())
    said = "\n".join(fox.complaints(tmp_path.as_uri()))
    assert "blocked an inline script" in said and "https://example.org/x.png" in said


def header(fox):
    return fox.run("return document.querySelector('.live-columns p').textContent")


@pytest.mark.parametrize("name", FIGURES)
def test_a_page_is_styled_and_its_live_figures_are_there(opened, name):
    fox = opened(name)
    assert not fox.run(NOT_STYLED)
    assert fox.run("return document.querySelectorAll('.live').length") == FIGURES[name]


def test_the_explorer_answers(opened):
    fox = opened("index")
    assert header(fox).startswith("Nearest to chip (seen")
    fox.run("document.querySelector('.live input').select()")
    fox.type(".live input", "presid" + ENTER)
    assert header(fox).startswith("Nearest to president (seen")
    first = fox.run("return document.querySelector('.live-neighbors button').textContent")
    fox.type(".live-neighbors button", ENTER)
    assert header(fox).startswith(f"Nearest to {first} (seen")
    fox.run("document.querySelector('.live input').select()")
    fox.type(".live input", "presidnet")
    assert "has no vector" in fox.run(
        "return document.querySelector('.live-hint').textContent"
    )


def test_the_film_plays(opened):
    fox = opened("05_train_and_watch")
    fox.type(".live button", SPACE)
    assert fox.run(UNTIL % "document.querySelector('.live input').value > 0.2")
    fox.type(".live button", SPACE)  # pause
    fox.type(".live input", END)
    said = fox.run("return document.querySelector('.live .unseen').textContent")
    assert said.startswith("Epoch 5. Training loss")


def text(fox, where):
    return fox.run(f"return document.querySelector('{where}').textContent")


def test_the_pair_the_steps_and_the_window_answer(opened):
    fox = opened("04_mask_the_loss")
    fox.type("#pair-live input[type=range]", END)
    assert text(fox, "#pair-live [role=status]").startswith(
        "The model answers σ(6) = 0.9975"
    )
    assert (
        fox.run("return document.querySelector('#pair-live circle').cx.baseVal.value") > 100
    )
    fox.type("#steps-live button", SPACE)
    playing = "document.querySelector('#steps-live div[role=status]').textContent"
    assert fox.run(UNTIL % f"{playing}.startsWith('After 2 steps')")
    fox = opened("01_turn_text_into_questions")
    fox.type(".live .sentence button:nth-child(5)", ENTER)
    assert text(fox, ".live [role=status]").startswith("Center demand: window of size")
