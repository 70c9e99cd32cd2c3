"""Open the slides in Chromium: nothing is cut off, keys work, and two windows stay in step."""

import sys
from pathlib import Path

import driver
import pytest

sys.path.insert(0, str(Path(driver.__file__).parent))

import build_slides

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Parts of the shown slide that leave it or run into each other, and figures that are too small.
FAULTS = """() => {
    const slide = document.querySelector('.current .slide');
    const box = part => part.getBoundingClientRect();
    const unit = box(slide).width / 64, edge = box(slide);
    const parts = [...slide.querySelectorAll('h1, .now *, .later *')];
    const [now, later] = ['.now', '.later'].map(name => slide.querySelector(name));
    const faults = parts.filter(part =>
        box(part).bottom > edge.bottom - 1.5 * unit || box(part).right > edge.right - unit);
    faults.push(...parts.filter(part => part.tagName === 'IMG' && box(part).height < 10 * unit));
    if (later && box(now).bottom > box(later).top + 1) faults.push(later);
    return faults.map(part => part.outerHTML.slice(0, 100));
}"""
SIZES = [(1280, 720), (1024, 768)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("slides")
    for name, text in build_slides.build().items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def page(browser, folder):
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto((folder / "50_minutes.html").as_uri())
    yield page
    page.close()


@pytest.mark.parametrize("route", build_slides.ROUTES, ids=lambda route: route[1])
def test_nothing_is_cut_off_and_nobody_is_asked(page, folder, route):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / f"{route[1]}.html").as_uri())
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.keyboard.press("Home")
        found, last = {}, page.evaluate("steps.length") - 1
        while page.evaluate("at") < last:
            page.keyboard.press("PageDown")
            found[page.inner_text(".current h1")] = page.evaluate(FAULTS)
        assert {title: parts for title, parts in found.items() if parts} == {}
    assert [url for url in asked if not url.startswith(("file://", "data:"))] == []


def test_an_answer_is_hidden_until_the_next_key(page):
    while not page.locator(".current .later").count():
        page.keyboard.press("ArrowRight")
    answer = page.locator(".current .later p").first
    assert answer.is_hidden()
    page.keyboard.press("ArrowRight")
    assert answer.is_visible()
    page.keyboard.press("ArrowLeft")
    assert answer.is_hidden()


def test_a_second_window_has_the_notes_and_follows(page):
    page.keyboard.press("PageDown")
    assert page.locator(".current aside").is_hidden()
    with page.expect_popup() as opening:
        page.keyboard.press("w")
    notes = opening.value
    notes.wait_for_function("at === 1")
    assert notes.locator(".current aside").is_visible()
    page.keyboard.press("PageDown")
    notes.wait_for_function("at === 2")
    notes.keyboard.press("End")
    page.wait_for_function("at === steps.length - 1")


def test_n_shows_the_notes_and_paper_gets_them_too(page):
    answers = page.locator(".later").all()
    page.emulate_media(media="print")
    assert all(answer.is_visible() for answer in answers)
    assert page.locator("aside").first.is_hidden()
    page.emulate_media(media="screen")
    page.keyboard.press("n")
    assert page.locator(".current aside").is_visible()
    page.emulate_media(media="print")
    assert all(note.is_visible() for note in page.locator("aside").all())
