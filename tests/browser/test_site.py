"""Open the site in Chromium from the disk: it is drawn, accessible, and fetches nothing."""

import io

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from PIL import Image, ImageStat
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CONTRAST = "color-contrast"
WIDTHS = (1280, 400)
# Finds parts that are wider than the window. Those that scroll inside a frame are fine, as
# long as the Tab key reaches the frame.
TOO_WIDE = """() => {
    const frame = part => getComputedStyle(part).overflowX === 'auto';
    const held = part => part && (frame(part) || held(part.parentElement));
    const parts = [...document.querySelectorAll('main *')];
    const out = parts.filter(part =>
        part.getBoundingClientRect().right > window.innerWidth + 1 && !held(part));
    const stuck = parts.filter(part =>
        frame(part) && part.scrollWidth > part.clientWidth && part.tabIndex < 0);
    const found = [...out, ...stuck].map(part => part.outerHTML.slice(0, 200));
    const wide = document.documentElement.scrollWidth > window.innerWidth;
    return wide ? ['the page', ...found] : found;
}"""
UNSEEN = """() => [...document.querySelectorAll('math, img')].filter(part => {
    const box = part.getBoundingClientRect();
    return box.width < 3 || box.height < 3 || (part.complete === false)
        || part.naturalWidth === 0;
}).map(part => part.outerHTML)"""

# Marks texts whose colors, size, and weight were not seen before, and returns all seen so
# far. All pages share one style sheet, and axe-core takes seconds for the contrast of one.
MARK = """met => {
    const known = new Set(met), grounds = new Map([[null, 'none']]);
    const ground = part => {
        if (!grounds.has(part)) {
            const color = getComputedStyle(part).backgroundColor;
            const clear = color === 'rgba(0, 0, 0, 0)';
            grounds.set(part, clear ? ground(part.parentElement) : color);
        }
        return grounds.get(part);
    };
    for (const part of document.body.querySelectorAll('*')) {
        part.removeAttribute('data-new');
        if (![...part.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
            continue;
        const {color, opacity, fontSize, fontWeight} = getComputedStyle(part);
        const key = [color, ground(part), opacity, fontSize, fontWeight].join(' ');
        if (!known.has(key)) part.setAttribute('data-new', '');
        known.add(key);
    }
    return [...known];
}"""
# Once the contrast has been checked, the colors of code only slow axe-core down.
FLATTEN = """() => {
    for (const code of document.querySelectorAll('pre'))
        code.textContent = code.textContent;
}"""
RUN = """([context, options]) => axe.run(context || document, options).then(
    result => result.violations.flatMap(rule => rule.nodes.map(
        node => `${rule.id}: ${node.html.slice(0, 200)}`)))"""


@pytest.fixture(scope="module")
def page(browser):
    page = browser.new_page(viewport={"width": WIDTHS[0], "height": 900})
    yield page
    page.close()


def violations(page, rules, context=None):
    """List what axe-core complains about, one line each."""
    options = {"resultTypes": ["violations"], "preload": False, **rules}
    return page.evaluate(RUN, [context, options])


def contrast_faults(page, met):
    """List texts that are too faint to read, among those with a look not seen before."""
    before = len(met)
    met[:] = page.evaluate(MARK, met)
    if len(met) == before:
        return []
    return violations(page, {"runOnly": [CONTRAST]}, "[data-new]")


def faults(page, met):
    """List the faults of the open page, unfolded: wide and narrow, light and dark."""
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(UNSEEN) + contrast_faults(page, met)
    page.emulate_media(color_scheme="dark")
    found += contrast_faults(page, met)
    page.emulate_media(color_scheme="light")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width}: {part}" for part in page.evaluate(TOO_WIDE)]
    page.evaluate(FLATTEN)
    # The window is narrow now, so more parts scroll.
    found += violations(page, {"runOnly": WCAG, "rules": {CONTRAST: {"enabled": False}}})
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    return found


def test_every_page_is_sound_and_asks_nobody(page, site):
    asked, met, found = [], [], {}
    page.on("request", lambda request: asked.append(request.url))
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri())
        found[path.name] = faults(page, met)
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert [url for url in asked if not url.startswith(("file://", "data:"))] == []
    assert sum(url.startswith("file://") for url in asked) > 2 * len(found)
    assert len(met) > 40  # looks of text, in both color schemes


def test_the_keyboard_unfolds_a_hint_and_leads_on(page, site):
    page.goto((site / "06_ask_the_vectors.html").as_uri())
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_in_viewport()
    solution = page.locator(".solution").first
    expect(solution.locator("pre").first).to_be_hidden()
    solution.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(solution.locator("pre").first).to_be_visible()
    page.get_by_role("link", name="analogy").first.click()
    expect(page.get_by_role("heading", name="analogy")).to_be_in_viewport()


def brightness(page):
    """Return the mean brightness of the first figure, from 0 to 255."""
    picture = io.BytesIO(page.locator("figure img").first.screenshot())
    return ImageStat.Stat(Image.open(picture).convert("L")).mean[0]


def test_figures_are_dark_on_a_dark_page_but_not_on_paper(page, site):
    page.goto((site / "06_ask_the_vectors.html").as_uri())
    assert brightness(page) > 200
    page.emulate_media(color_scheme="dark")
    assert brightness(page) < 60
    page.emulate_media(media="print", color_scheme="dark")
    assert brightness(page) > 200
    page.emulate_media(media="screen", color_scheme="light")


def test_paper_has_what_is_folded_and_no_menus(page, site):
    page.goto((site / "06_ask_the_vectors.html").as_uri())
    page.emulate_media(media="print")
    expect(page.locator(".contents")).to_be_hidden()
    assert page.locator(".solution pre").first.bounding_box()["height"] > 20
    page.emulate_media(media="screen")
