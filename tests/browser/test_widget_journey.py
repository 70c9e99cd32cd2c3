"""The journey by mouse and keyboard, in a real JupyterLab and on a page without a kernel."""

import json

import driver
import pytest
from playwright.sync_api import expect

from w2v_lesson.widgets import journey

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SOURCE = """from w2v_lesson.widgets.journey import Journey
Journey(seconds={})"""
# The texts in view once the picture has stopped moving.
SEEN = """() => [...document.querySelectorAll('.w2v-journey .actor')]
    .filter(actor => actor.style.opacity === '1')
    .flatMap(actor => [...actor.querySelectorAll('text')].map(part => part.textContent))"""
STEPS = [step["title"] for step in journey.journey_data()["steps"]]


def is_at(page, step):
    """Wait until this step is shown, and said."""
    expect(page.locator(".w2v-journey .title")).to_have_text(f"{step + 1} · {STEPS[step]}")
    current = page.locator(".w2v-journey [aria-current=step]")
    expect(current).to_have_accessible_name(f"Step {step + 1}: {STEPS[step]}")


def button(page, name):
    return page.locator(".w2v-journey").get_by_role("button", name=name, exact=True)


def seen(page):
    return page.evaluate(SEEN)


def number(value, decimals=2):
    return f"{value:.{decimals}f}".replace("-", "−")


def test_each_step_shows_what_it_should(show_widget):
    data = journey.journey_data()
    words = [word for word, _ in data["sentence"]]
    page = show_widget(SOURCE.format(8))
    is_at(page, 0)
    kept = [word for word, stays in data["sentence"] if stays]
    assert seen(page) == words
    struck = page.locator(".w2v-journey .out text")
    assert struck.all_text_contents() == [word for word in words if word not in kept]
    for step in range(1, 7):
        button(page, "Next").click()
        is_at(page, step)
        texts = seen(page)
        if step == 1:
            assert {"center", "contexts", *kept} == set(texts)
        if step == 2:
            assert texts.count("yes") == len(data["contexts"])
            assert {"no", "and 6 more", *data["noise"][:4]} < set(texts)
            assert not {"slow", "summer"} & set(texts)
        if step == 3:
            rows = {number(x, 1) for row in data["rows"].values() for x in row}
            assert rows < set(texts)
            assert texts.count("6,719 rows in all") == 2
        if step == 4:
            assert {number(p[n]) for p in data["pairs"] for n in ("score", "answer")} < set(
                texts
            )
        if step == 5:
            assert {f"loss {number(p['loss'])}" for p in data["pairs"]} < set(texts)
    last = f"step 40: cosine {number(data['meeting']['cosines'][-1])}"
    expect(page.get_by_text(last)).to_be_visible(timeout=15_000)
    expect(button(page, "Next")).to_be_disabled()
    assert "slack" in words
    assert driver.picture_widget(page, "journey") == []
    assert driver.faults(page) == []


def test_play_runs_through_and_stops_at_the_end(show_widget):
    page = show_widget(SOURCE.format(0.3))
    button(page, "Play").click()
    expect(button(page, "Pause")).to_be_visible()
    is_at(page, 6)
    expect(button(page, "Play")).to_be_visible()
    button(page, "Play").click()  # once more from the start
    expect(button(page, "Pause")).to_be_visible()
    button(page, "Back").click()  # whoever takes over is not hurried
    expect(button(page, "Play")).to_be_visible()


def test_arrow_keys_and_space_work_and_jupyterlab_leaves_them_alone(show_widget):
    page = show_widget(SOURCE.format(60))
    picture = page.locator(".w2v-journey svg")
    picture.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    is_at(page, 2)
    page.keyboard.press("ArrowLeft")
    is_at(page, 1)
    page.keyboard.press(" ")
    expect(button(page, "Pause")).to_be_visible()
    page.keyboard.press(" ")
    expect(button(page, "Play")).to_be_visible()
    dot = button(page, f"Step 6: {STEPS[5]}")
    driver.tab_to(page, dot)
    expect(dot).to_have_css("outline", "rgba(0, 0, 0, 0.87) solid 2px")  # not JupyterLab's
    page.keyboard.press(" ")
    is_at(page, 5)
    expect(picture).to_have_accessible_name(journey.journey_data()["steps"][5]["alt"])
    expect(page.locator(".w2v-journey [aria-live=polite]")).to_contain_text(STEPS[5])


@pytest.fixture
def mounted(browser):
    """A page without a kernel that shows the journey, and prefers that nothing moves."""
    data = {**journey.journey_data(), "seconds": 8}
    page = browser.new_page(reduced_motion="reduce", viewport={"width": 600, "height": 800})
    page.set_content(
        "<style>body { margin: 0 } :root { --jp-ui-font-color1: rgba(0, 0, 0, 0.87) }"
        f"{journey.Journey._css}</style><main></main>"
    )
    page.evaluate(
        """async ([module, data]) => {
            const url = URL.createObjectURL(new Blob([module], {type: 'text/javascript'}));
            const { mount } = await import(url);
            window.unmount = mount(document.querySelector('main'), JSON.parse(data));
        }""",
        [journey.Journey._esm, json.dumps(data)],
    )
    is_at(page, 0)
    yield page
    page.close()


def test_a_page_without_a_kernel_mounts_it_without_motion_if_one_prefers_that(mounted):
    data, page = journey.journey_data(), mounted
    button(page, f"Step 7: {STEPS[6]}").click()
    assert f"step 40: cosine {number(data['meeting']['cosines'][-1])}" in seen(page)
    duration = "getComputedStyle(document.querySelector('.actor')).transitionDuration"
    assert page.evaluate(duration) == "0s"
    assert page.evaluate("document.documentElement.scrollWidth") <= 600
    page.evaluate("unmount()")
    expect(page.locator("main")).to_be_empty()


# What is wrong with the texts in view: small, cut off, or on top of each other.
FAULTY_TEXTS = """() => {
    const picture = document.querySelector('.w2v-journey svg');
    const frame = picture.getBoundingClientRect();
    const scale = frame.width / picture.viewBox.baseVal.width;
    const texts = [...picture.querySelectorAll('.actor')]
        .filter(actor => actor.style.opacity === '1')
        .flatMap(actor => [...actor.querySelectorAll('text')]).filter(part => part.textContent);
    const boxes = texts.map(part => part.getBoundingClientRect());
    const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
        && a.top < b.bottom - 4 && b.top < a.bottom - 4;
    const found = [];
    texts.forEach((part, i) => {
        const box = boxes[i], said = part.textContent;
        if (parseFloat(getComputedStyle(part).fontSize) * scale < 11) found.push(`small: ${said}`);
        if (box.left < frame.left || box.right > frame.right + 1 || box.top < frame.top - 4
            || box.bottom > frame.bottom + 4) found.push(`cut off: ${said}`);
        boxes.forEach((other, j) => {
            if (j > i && meet(box, other) && box.x !== other.x) // two chips make one
                found.push(`${said} meets ${texts[j].textContent}`);
        });
    });
    return found;
}"""


@pytest.mark.parametrize("width", [350, 430, 480, 600])
def test_every_step_fits_its_room(mounted, width):
    mounted.set_viewport_size({"width": width, "height": 800})
    narrow = "true" if width < 460 else "false"
    mounted.wait_for_function(
        f"document.querySelector('.w2v-journey svg.narrow') !== null === {narrow}"
    )
    for step in range(7):
        button(mounted, f"Step {step + 1}: {STEPS[step]}").click()
        assert mounted.evaluate(FAULTY_TEXTS) == []
        assert mounted.evaluate("document.documentElement.scrollWidth") <= width


# The colors, as drawn on the canvas of a page, of a word that is left out and of a step's dot.
CONTRASTS = """background => {
    const pen = document.createElement('canvas').getContext('2d');
    const light = colors => {
        for (const color of colors) {
            pen.fillStyle = color;
            pen.fillRect(0, 0, 1, 1);
        }
        const linear = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
        const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map(linear);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
    };
    const word = getComputedStyle(document.querySelector('.w2v-journey .out text'));
    const dot = getComputedStyle(document.querySelector('.dots [aria-current=false]'), '::before');
    return [word.fill, dot.borderTopColor].map(color => {
        const [a, b] = [light([background]), light([background, color])];
        return Math.max(a, b) / Math.min(a, b);
    });
}"""


@pytest.mark.parametrize(
    "ink, background",
    [("rgba(0, 0, 0, 0.87)", "#fff"), ("rgba(255, 255, 255, 0.87)", "#212121")],
)
def test_words_left_out_and_dots_can_be_seen(mounted, ink, background):
    mounted.evaluate(
        "ink => document.documentElement.style.setProperty('--jp-ui-font-color1', ink)", ink
    )
    word, dot = mounted.evaluate(CONTRASTS, background)
    assert word > 4.5
    assert dot > 3


def test_the_focus_can_be_seen_by_keyboard(mounted):
    driver.tab_to(mounted, button(mounted, "Next"))
    ring = mounted.evaluate("getComputedStyle(document.activeElement).outline")
    assert ring == "rgba(0, 0, 0, 0.87) solid 2px"
