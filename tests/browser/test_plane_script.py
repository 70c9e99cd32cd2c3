"""The map that moves, in a page without Jupyter: as a static page would use it."""

import pytest
from playwright.sync_api import expect

from w2v_lesson.widgets.plane import CSS, Plane

pytestmark = [pytest.mark.browser, pytest.mark.slow]

IMPORT = """async source => {
    const url = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
    window.script = await import(url);
}"""
# Five words: two groups at the corners of a square, and one faint dot in its middle.
MAP = """() => {
    const map = window.map = new script.WordPlane(document.getElementById("here"), word => {
        window.chosen = word;
        map.setFocus(word, word ? ["b"] : [], Float32Array.from([1, 0.5, 0.2, 0.1, 0]));
    });
    map.setWords(["a", "b", "c", "<i>d</i>", "dot"]);
    map.setGroups({"<b>one</b>": ["a", "b"], two: ["c", "<i>d</i>"]});
    map.setPoints(Float32Array.from([-1, -1, 1, -1, 1, 1, -1, 1, 0, 0]));
}"""
WHERE = "row => { const {x, y} = map.at(row); return [x, y]; }"


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 700, "height": 700})
    page.set_content(
        f'<style>{CSS.read_text()}</style><div id="here" style="width:600px"></div>'
    )
    page.evaluate(IMPORT, Plane._esm)
    yield page
    page.close()


@pytest.fixture
def shown(page):
    page.evaluate(MAP)
    page.wait_for_function("map.frame && map.canvas.height > 150")
    return page


def pixel(page, row):
    box = page.locator("canvas").bounding_box()
    x, y = page.evaluate(WHERE, row)
    return box["x"] + x + 1, box["y"] + y + 1


def said(page):
    return page.locator("[aria-live]")


def chosen(page):
    return page.evaluate("window.chosen")


def test_labels_meet_neither_each_other_nor_a_marker(page):
    meeting = page.evaluate("""() => {
        const meet = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
        let seed = 1, pairs = 0, placed = 0;
        const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
        for (let round = 0; round < 50; round++) {
            const labels = [...Array(40).keys()].map(row => ({
                row, x: 600 * random(), y: 400 * random(), width: 20 + 60 * random()}));
            const markers = labels.map(({x, y}) => [x, y]);
            const found = script.placeLabels(labels, markers, [600, 400]);
            placed += found.length;
            found.forEach(({box}, i) => {
                pairs += found.slice(i + 1).filter(other => meet(box, other.box)).length;
                pairs += markers.filter(([x, y]) =>
                    meet(box, [x - 5, y - 5, x + 5, y + 5])).length;
                pairs += !meet([0, 0, 600, 400], box);
            });
        }
        return [pairs, placed];
    }""")
    assert meeting[0] == 0
    assert meeting[1] > 0.9 * 50 * 40


def test_a_label_keeps_its_place_while_its_point_moves_a_little(page):
    kept = page.evaluate("""() => {
        const label = {row: 7, x: 100, y: 100, width: 40};
        const [first] = script.placeLabels([label], [[100, 100], [125, 100]], [600, 400]);
        const last = new Map([[7, first.place]]);
        const [next] = script.placeLabels([label], [[100, 100]], [600, 400], last);
        return [first.place, next.place];
    }""")
    assert kept[0] == kept[1] != 0


def test_the_arrows_lead_to_the_nearest_place_in_their_direction(page):
    found = page.evaluate("""() => {
        const places = [{x: 50, y: 0}, {x: 30, y: 40}, {x: -10, y: 0}, {x: 0, y: 9}];
        return [[1, 0], [-1, 0], [0, 1], [0, -1]].map(direction =>
            places.indexOf(script.nextInDirection({x: 0, y: 0}, direction, places)));
    }""")
    assert found == [0, 2, 3, -1]


def test_the_markers_of_25_groups_differ(page):
    looks = page.evaluate("""() => [...Array(25).keys()].map(
        group => `${script.colorOf(group)} ${script.shapeOf(group)}`)""")
    assert len(set(looks)) == 25


def test_a_click_on_a_marker_or_a_dot_chooses_it_and_on_nothing_clears_it(shown):
    for row, word in ((0, "a"), (4, "dot")):
        shown.mouse.click(*pixel(shown, row))
        assert chosen(shown) == word
        expect(said(shown)).to_contain_text(f"{word}. Nearest, with their cosines: b 0.50")
    x, y = pixel(shown, 4)
    shown.mouse.click(x + 60, y + 20)
    assert chosen(shown) == ""
    expect(said(shown)).to_have_text("Click a word for its neighbors; drag to move.")


def test_pointing_at_a_word_shows_it(shown):
    shown.mouse.move(*pixel(shown, 4))
    assert shown.evaluate("map.cursor") == 4
    shown.mouse.move(2, 2)
    assert shown.evaluate("map.cursor") == -1


def test_the_wheel_zooms_around_the_pointer_and_show_all_undoes_it(shown):
    x, y = pixel(shown, 2)
    shown.mouse.move(x - 5, y)
    shown.mouse.move(x, y)
    before = shown.evaluate("map.scale")
    shown.mouse.wheel(0, -200)
    shown.wait_for_function("before => map.scale > 1.3 * before", arg=before)
    assert pixel(shown, 2) == pytest.approx((x, y), abs=2)
    shown.get_by_role("button", name="Show all words").click()
    assert shown.evaluate("map.scale") == pytest.approx(before)


def test_a_wheel_that_scrolls_the_page_is_not_caught(shown):
    shown.evaluate("document.body.style.height = '3000px'")
    shown.mouse.move(*pixel(shown, 2))
    shown.evaluate("map.moved = false")  # as if the map had come below the pointer
    shown.mouse.wheel(0, 100)
    shown.wait_for_function("scrollY > 50")
    assert shown.evaluate("map.zoom") == 1


def test_dragging_moves_the_map_and_is_no_click(shown):
    x, y = pixel(shown, 0)
    shown.mouse.move(x, y)
    shown.mouse.down()
    shown.mouse.move(x + 30, y - 40, steps=5)
    shown.mouse.up()
    assert pixel(shown, 0) == pytest.approx((x + 30, y - 40), abs=2)
    assert chosen(shown) is None


def test_all_by_keyboard(shown):
    shown.keyboard.press("Tab")  # past the three buttons
    for _ in range(3):
        shown.keyboard.press("Tab")
    expect(shown.locator("canvas")).to_be_focused()
    shown.keyboard.press("ArrowRight")
    expect(said(shown)).to_contain_text("a. Enter shows")
    shown.keyboard.press("Enter")
    assert chosen(shown) == "a"
    shown.keyboard.press("ArrowUp")
    expect(said(shown)).to_contain_text("<i>d</i>, cosine 0.10 to a")
    shown.keyboard.press("ArrowRight")
    expect(said(shown)).to_contain_text("c, cosine 0.20 to a")
    place = pixel(shown, 2)
    shown.keyboard.press("+")
    assert shown.evaluate("map.zoom") == 1.5
    assert pixel(shown, 2) == pytest.approx(place)  # the current word doesn't run away
    shown.keyboard.press("0")
    assert shown.evaluate("map.zoom") == 1
    shown.keyboard.press("Escape")
    assert chosen(shown) == ""


def labels(page):
    """Wait for a frame; return the rows that have a label."""
    return page.evaluate("""() => new Promise(resolve => requestAnimationFrame(() =>
        requestAnimationFrame(() => resolve([...map.last.keys()].sort()))))""")


def test_the_arrows_leave_the_labels_and_name_the_current_word(shown):
    # As plane_widget.js says that no word is chosen.
    shown.evaluate("map.setFocus('', [], new Float32Array(0))")
    assert labels(shown) == [0, 1, 2, 3]
    shown.locator("canvas").focus()
    shown.keyboard.press("ArrowRight")
    expect(said(shown)).to_have_text("a. Enter shows its nearest words.")
    assert labels(shown) == [0, 1, 2, 3]
    shown.mouse.move(*pixel(shown, 4))
    assert labels(shown) == [0, 1, 2, 3, 4]


def test_the_buttons_zoom_around_the_chosen_word_and_cover_no_label(shown):
    shown.mouse.click(*pixel(shown, 2))
    place = pixel(shown, 2)
    shown.get_by_role("button", name="Zoom in").click()
    assert pixel(shown, 2) == pytest.approx(place)
    buttons = shown.locator(".w2v-plane-buttons").bounding_box()
    assert buttons["y"] + buttons["height"] <= shown.locator("canvas").bounding_box()["y"]


def test_whoever_uses_the_keyboard_sees_where_the_focus_is(shown):
    for _ in range(4):
        shown.keyboard.press("Tab")
        ring = shown.evaluate("""() => {
            const {outlineStyle, outlineWidth, outlineColor, outlineOffset, color} =
                getComputedStyle(document.activeElement);
            return [outlineStyle, outlineWidth, outlineColor === color, outlineOffset];
        }""")
        assert ring[:3] == ["solid", "2px", True]
    assert ring[3] == "-3px"  # of the map, which is as wide as there is room


# One theme follows the other by way of a third, as while JupyterLab loads it.
CHANGE = """ink => {
    const theme = document.getElementById("theme");
    for (const color of ["#808080", ink]) {
        theme.textContent = `:root { --jp-ui-font-color1: ${color}; --w2v-blue: ${color}; }`;
        getComputedStyle(map.said).color;
    }
}"""
HAS_COLOR = """ink => {
    const {width, height} = map.canvas;
    const {data} = map.canvas.getContext("2d").getImageData(0, 0, width, height);
    for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] === 255 && [0, 1, 2].every(c => data[i + c] === ink[c])) return true;
    }
    return false;
}"""


def test_a_map_that_stands_still_follows_the_theme(shown):
    shown.evaluate(
        "document.head.append(Object.assign(document.createElement('style'), "
        "{id: 'theme'}))"
    )
    for ink, color in (("#fedcba", [254, 220, 186]), ("#123456", [18, 52, 86])):
        shown.evaluate(CHANGE, ink)
        shown.wait_for_function(HAS_COLOR, arg=color)
    # The palette depends on an attribute alone.
    shown.evaluate("""document.getElementById('theme').textContent +=
        "[data-jp-theme-light='false'] { --w2v-blue: #00ff00; }" """)
    shown.evaluate("document.body.dataset.jpThemeLight = 'false'")
    shown.wait_for_function(HAS_COLOR, arg=[0, 255, 0])


def test_words_and_names_are_texts_not_markup(shown):
    expect(shown.locator(".w2v-plane-legend")).to_contain_text("<b>one</b>")
    assert shown.locator(".w2v-plane b, .w2v-plane i").count() == 0


MOVED = "Float32Array.from([1, 1, -1, 1, -1, -1, 1, -1, 0, 0])"


def test_new_places_are_reached_step_by_step(shown):
    shown.evaluate(f"map.setPoints({MOVED})")
    first = shown.evaluate("map.shown[0]")
    shown.wait_for_function("map.shown[0] === 1")
    assert first < 0


def test_those_who_want_no_motion_see_the_new_places_at_once(shown):
    shown.emulate_media(reduced_motion="reduce")
    shown.evaluate(f"map.setPoints({MOVED})")
    shown.wait_for_function("map.shown[0] !== -1")
    assert shown.evaluate("map.shown[0]") == 1


def test_a_word_without_a_place_is_left_out(shown):
    shown.evaluate("map.setPoints(Float32Array.from([-1,-1, 1,-1, 1,1, -1,1, NaN,NaN]))")
    shown.wait_for_function("isNaN(map.shown[8])")
    box = shown.locator("canvas").bounding_box()
    shown.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert chosen(shown) == ""


def test_the_frame_follows_the_words_but_not_every_tremble(page):
    fits = page.evaluate("""() => [
        [0, 0, 1, 1], [0.05, 0, 1, 1], [0, 0, 0.8, 0.5], [0, 0, 0.3, 0.5], [0.5, 0, 1, 1],
    ].map(box => script.fits([0, 0, 1, 1], box))""")
    assert fits == [True, True, True, False, False]
