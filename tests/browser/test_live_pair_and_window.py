"""The live figures of chapters 01 and 04: they say and draw what those of the notebook do."""

import itertools

import driver
import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from live.window import NUM_DRAWS
from playwright.sync_api import expect

from w2v_lesson import Vocab, read_ptb
from w2v_lesson.widgets.loss import MAX_STEPS, Descent, watch_loss
from w2v_lesson.widgets.text import WindowDraws

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WINDOW, LOSS = "01_turn_text_into_questions", "04_mask_the_loss"
ROUTE = "50_minutes"
MOVE = (
    "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input')); }"
)
SMALLEST = """part => Math.min(...[...part.querySelectorAll('*')]
    .filter(each => [...each.childNodes].some(node => node.nodeType === 3))
    .map(each => parseFloat(getComputedStyle(each).fontSize)))"""


@pytest.fixture
def opened(browser, site):
    """Return a function that opens a page without a network, and check that all went well."""
    pages, asked, faults = [], [], []

    def open_page(name, **options):
        pages.append(browser.new_page(viewport={"width": 1280, "height": 900}, **options))
        pages[-1].context.set_offline(True)
        pages[-1].on("request", lambda request: asked.append(request.url))
        pages[-1].on("console", lambda message: faults.append(message.text))
        pages[-1].on("pageerror", lambda error: faults.append(str(error)))
        pages[-1].clock.install()
        pages[-1].goto((site / f"{name}.html").as_uri())
        return pages[-1]

    yield open_page
    for page in pages:
        page.close()
    assert faults == []
    assert asked and all(url.startswith(("file:", "data:")) for url in asked)


def code_cells(name):
    cells = nbformat.read(driver.NOTEBOOKS / f"{name}.ipynb", as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code"]


def contents(text):
    """What a table and the line for screen readers say, of HTML."""
    soup = BeautifulSoup(text, "html.parser")
    rows = [[cell.text.split() for cell in row(["th", "td"])] for row in soup("tr")]
    return [rows, *(" ".join(part.text.split()) for part in soup(role="status"))]


def alts(text):
    return [
        svg["aria-label"] for svg in BeautifulSoup(text, "html.parser")("svg", role="img")
    ]


def button(place, name):
    return place.get_by_role("button", name=name, exact=True)


def said(place):
    return place.locator("div[role=status]")


# The loss of one pair


@pytest.fixture
def pair(opened):
    return opened(LOSS).locator("#pair-live")


def test_the_loss_of_a_pair_is_the_notebooks_for_every_setting(pair):
    view = watch_loss()
    logit, label, mask = (view.controls[name] for name in ("logit", "label", "mask"))
    slider = pair.get_by_role("slider", name="logit")
    logits = np.arange(logit.min, logit.max + logit.step, logit.step)
    assert len(logits) == 49
    for chosen in itertools.product(label.options.items(), mask.options.items()):
        for control, (text, value) in zip((label, mask), chosen, strict=True):
            pair.get_by_role("radio", name=text).check()
            control.value = value
        for value in logits:
            slider.evaluate(MOVE, value)
            logit.value = value
            shown = pair.inner_html()
            assert contents(shown) == contents(view._below.value)
            assert alts(shown) == alts(view._layer.value)


def test_the_dot_is_where_the_tangent_is_and_the_keyboard_moves_both(pair):
    slider = pair.get_by_role("slider", name="logit")
    slider.focus()
    before = pair.locator("circle").bounding_box()
    slider.press("ArrowRight")
    pair.get_by_role("img", name="A dot at logit 2.25").wait_for()
    after = pair.locator("circle").bounding_box()
    assert after["x"] > before["x"] and after["y"] < before["y"]
    tangent = pair.locator(".line.ink").bounding_box()
    for at, length in (("x", "width"), ("y", "height")):
        middle = after[at] + after[length] / 2
        assert middle == pytest.approx(tangent[at] + tangent[length] / 2, abs=1.5)
    pair.get_by_role("radio", name="noise word (0)").focus()
    pair.page.keyboard.press("ArrowUp")
    expect(pair.get_by_role("radio", name="context (1)")).to_be_checked()
    expect(said(pair)).to_contain_text("the label is 1")


def test_controls_begin_at_the_same_edge_and_rows_are_one_line_high(pair):
    parts = pair.get_by_role("slider").all() + pair.get_by_role("radiogroup").all()
    assert len(parts) == 3
    assert len({round(part.bounding_box()["x"]) for part in parts}) == 1
    for row in pair.locator("tbody tr").all():
        assert row.bounding_box()["height"] < 30


# Steps of gradient descent


@pytest.fixture
def steps(opened):
    return opened(LOSS).locator("#steps-live")


@pytest.fixture(scope="module")
def descent():
    """Make the widget as the notebook does, by its own code."""
    known = {"numpy": np, "Descent": Descent}
    for cell in code_cells(LOSS):
        if "def start(" in cell.source:
            exec(cell.source, known)
        if "Descent(" in cell.source:
            return eval(cell.source.split("\n")[-1], known | start_of(known))


def start_of(known):
    return dict(zip(("july", "june", "U"), known["start"](), strict=True))


def said_by(view):
    return contents(view._below.value + view._table.value)


def test_every_step_is_the_notebooks_whatever_the_learning_rate(steps, descent):
    slider = steps.get_by_role("slider", name="learning rate")
    plane = steps.locator("svg[role=img]")
    for number in range(MAX_STEPS + 1):
        rate = (2, 0.25, 3, 1.5)[number % 4]
        slider.evaluate(MOVE, rate)
        descent.lr.value = rate
        shown = steps.inner_html()
        assert sorted(map(str, contents(shown))) == sorted(map(str, said_by(descent)))
        assert alts(shown) == alts(descent._layer.value)
        assert marks_are_places(plane, descent._path[-1] @ descent.plane)
        if number < MAX_STEPS:
            button(steps, "Step").click()
            descent.step.click()
    expect(button(steps, "Step")).to_have_attribute("aria-disabled", "true")
    expect(steps).to_contain_text(descent.about_plane)
    button(steps, "Back to the start").click()
    descent.back.click()
    assert sorted(map(str, contents(steps.inner_html()))) == sorted(
        map(str, said_by(descent))
    )


def marks_are_places(plane, places):
    """Whether marks and places in the plane differ only by one scale, and by where 0 is."""
    marks = plane.locator("circle, polygon.mark")
    boxes = [marks.nth(i).bounding_box() for i in range(marks.count())]
    pixels = [(b["x"] + b["width"] / 2, -b["y"] - b["height"] / 2) for b in boxes]
    moved = np.array(pixels) - np.mean(pixels, axis=0)
    centered = places - places.mean(axis=0)
    scale = np.sum(moved * centered) / np.sum(centered**2)
    return scale > 10 and np.abs(moved - scale * centered).max() < 0.2


def test_play_goes_to_the_end_and_is_paused(steps):
    clock, line = steps.page.clock, said(steps)
    button(steps, "Play").click()
    clock.run_for(1600)
    expect(line).to_contain_text("After 3 steps")
    expect(line).to_have_attribute("aria-live", "off")
    button(steps, "Pause").click()
    clock.run_for(1600)
    expect(line).to_contain_text("After 3 steps")
    button(steps, "Play").press("Enter")
    clock.run_for(20_000)
    expect(line).to_contain_text("After 20 steps")
    expect(line).not_to_have_attribute("aria-live", "off")
    button(steps, "Play").press("Space")
    expect(line).to_contain_text("After 0 steps")


def test_who_wants_no_motion_sees_the_end_at_once(opened):
    steps = opened(LOSS, reduced_motion="reduce").locator("#steps-live")
    button(steps, "Play").click()
    expect(said(steps)).to_contain_text("After 20 steps")
    expect(button(steps, "Play")).to_be_visible()


# The window


@pytest.fixture
def window(opened):
    return opened(WINDOW).locator("#window-live")


@pytest.fixture(scope="module")
def draws():
    """Make the widget of the words that the notebook printed."""
    printed = [
        out.text for cell in code_cells(WINDOW) for out in cell.outputs if "text" in out
    ]
    lines = [line for text in printed for line in text.splitlines()]
    sentence = [line for line in lines if line.startswith("our sentence: ")][-1].split()[2:]
    return WindowDraws(sentence, Vocab(read_ptb("train"), min_freq=10), center=0)


def test_all_windows_and_noise_words_are_the_notebooks(window, draws):
    words = window.get_by_role("group", name="Sentence").get_by_role("button")
    assert words.all_inner_texts() == draws.words
    for seed in range(NUM_DRAWS):
        draws.seed = seed
        for center in range(words.count()):
            words.nth(center).click()
            draws.center = center
            assert contents(window.inner_html()) == contents(draws._below.value)
            titles = words.evaluate_all("all => all.map(button => button.title)")
            assert titles == [button.tooltip for button in draws.buttons]
        button(window, "Draw again").click()
    draws.seed = 0  # the first one again
    assert contents(window.inner_html()) == contents(draws._below.value)


def test_the_keyboard_chooses_a_word_which_is_marked_not_by_color_alone(window):
    demand = button(window, "demand")
    demand.focus()
    window.page.keyboard.press("Enter")
    expect(said(window)).to_contain_text("Center demand:")
    expect(window.get_by_role("button", pressed=True)).to_have_text("demand")
    look = "part => getComputedStyle(part).borderTopColor"
    ink = demand.evaluate("part => getComputedStyle(document.body).color")
    others = window.locator(".sentence button:not(.center)")
    assert demand.evaluate(look) == ink
    assert ink not in others.evaluate_all(f"all => all.map({look})")
    widths = window.locator(".sentence button").evaluate_all(
        "all => all.map(part => part.offsetWidth)"
    )
    button(window, "slow").press("Space")
    assert widths == window.locator(".sentence button").evaluate_all(
        "all => all.map(part => part.offsetWidth)"
    )


# Both


@pytest.mark.parametrize(
    "page, names",
    [(WINDOW, ["window"]), (LOSS, ["pair", "steps"]), (ROUTE, ["window", "pair"])],
)
def test_on_a_phone_all_is_in_sight_and_no_text_is_small(opened, page, names):
    page = opened(page)
    page.set_viewport_size({"width": 400, "height": 800})
    for name in names:
        place = page.locator(f"#{name}-live")
        assert place.evaluate(SMALLEST) >= 11
        inside = "part => part.scrollWidth <= part.clientWidth"
        page.wait_for_function(f"({inside})(document.getElementById('{name}-live'))")
    assert page.evaluate("document.documentElement.scrollWidth") == 400


def test_without_scripts_the_stored_picture_is_there(opened):
    page = opened(LOSS, java_script_enabled=False)
    assert page.locator(".live").count() == 0
    expect(page.locator("#pair-live img")).to_be_visible()
    expect(page.locator("#steps-live")).to_contain_text("Here the running notebook shows")
