"""The live figures of the site, opened from the disk: by mouse and keyboard, wide and narrow."""

import html
from itertools import chain

import driver
import pytest
from playwright.sync_api import expect

from w2v_lesson.files.pretrained import ptb_vectors
from w2v_lesson.widgets import explorer

pytestmark = [pytest.mark.browser, pytest.mark.slow]


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
    page.get_by_role("button", name="presidents", exact=True).click()
    expect(header).to_contain_text("Nearest to presidents")


def test_the_explorer_has_the_numbers_of_the_notebook(opened):
    vectors, page = ptb_vectors(), opened("00_meet_word_vectors")
    field = page.get_by_label("word", exact=True)
    words = vectors.vocab.idx_to_token[1::33][:200]
    assert len(words) == 200
    for word in words:
        field.fill(word)
        wanted = [(n.word, f"{n.cosine:.2f}") for n in vectors.similar(word)]
        assert near(page) == wanted, word


def test_enter_completes_what_was_begun_and_a_hop_needs_no_mouse(opened):
    page = opened("00_meet_word_vectors")
    field = page.get_by_label("word", exact=True)
    field.press("Control+a")
    page.keyboard.type("Presid")
    page.keyboard.press("Enter")
    expect(field).to_have_value("president")
    first = page.locator(".live-neighbors button").first
    word = first.inner_text()
    driver.tab_to(page, first)
    page.keyboard.press("Enter")
    expect(field).to_have_value(word)
    page.get_by_role("button", name="chip", exact=True).press("Enter")
    expect(page.locator("[aria-live].unseen")).to_contain_text("Nearest to chip: computer")


TYPED = ["", "N", "Presid", "presidnet", "microprocesor", "zzqx", "CHIP", " july ", "ban"]


def test_it_says_and_offers_what_the_notebook_does(opened):
    page = opened("06_ask_the_vectors")
    field = page.get_by_label("word", exact=True)
    theirs = explorer.Explorer(ptb_vectors(), "president", k=8, compare="context table")
    misspelled = [
        word[:-2] + word[:-3:-1] + "q"
        for word in ptb_vectors().vocab.to_tokens(list(range(900, 6000, 300)))
    ]
    for typed in [*TYPED, *misspelled]:
        field.fill(typed)
        theirs._text.value = typed
        hint = html.unescape(theirs._hint.value)
        assert page.locator(".live-hint").inner_text() == hint, typed
        offered = page.locator(".live-hint + .w2v-words button").all_inner_texts()
        assert offered == theirs._completions.words, typed
        wanted = chain(*(column.neighbors for column in theirs._columns))
        assert near(page) == [(n.word, f"{n.cosine:.2f}") for n in wanted], typed
    assert "words are in both lists" in page.locator(".live-columns").inner_text()


def moment(page):
    """Return what the film shows: place of the mark, nearest words, places of words."""
    return page.evaluate("""() => [
        Number(document.querySelector(".live-mark").getAttribute("cx")),
        document.querySelector(".live table").innerText,
        document.querySelector(".live canvas").toDataURL(),
    ]""")


def test_the_slider_moves_the_film(opened):
    page = opened("05_train_and_watch")
    slider, first = page.get_by_role("slider", name="epoch"), moment(page)
    slider.focus()
    slider.press("End")
    page.wait_for_function(
        "before => document.querySelector('canvas').toDataURL() !== before", arg=first[2]
    )
    last = moment(page)
    assert first[0] < last[0] and first[1] != last[1]
    said = page.locator("#film-live .unseen")
    expect(said).to_contain_text("Epoch 5. Training loss")
    nearest = [n.word for n in ptb_vectors().similar("chip", 10)]
    shown = said.inner_text().split("Nearest to chip: ")[1].split(".")[0].split(", ")
    assert len(set(shown) & set(nearest)) >= 3  # another training of the same words
    slider.press("Home")
    expect(said).to_contain_text("Epoch 0. Training loss 0.69")
    assert moment(page)[:2] == first[:2]


def test_play_and_pause(opened):
    page = opened("index")
    page.clock.install()
    slider = page.get_by_role("slider", name="epoch")
    assert slider.input_value() == "0"
    page.get_by_role("button", name="Play").press("Enter")
    page.clock.run_for(6000)
    assert 1 < float(slider.input_value()) < 2
    expect(page.locator("#film-live .unseen")).to_contain_text("Epoch 1. Training loss")
    page.get_by_role("button", name="Pause").press("Enter")
    here = slider.input_value()
    page.clock.run_for(6000)
    assert slider.input_value() == here
    page.get_by_role("button", name="Play").press("Enter")
    page.clock.run_for(20_000)
    assert slider.input_value() == "5"
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.get_by_role("button", name="Play").click()  # from the beginning
    page.clock.run_for(2000)
    assert 0 < float(slider.input_value()) < 1


def test_those_who_want_no_motion_see_one_frame_after_the_other(opened):
    page = opened("index")
    page.emulate_media(reduced_motion="reduce")
    page.clock.install()
    page.get_by_role("button", name="Play").click()
    seen = set()
    for _ in range(30):
        page.clock.run_for(100)
        seen.add(page.get_by_role("slider", name="epoch").input_value())
    assert len(seen) > 3 and seen <= {f"{fifth / 5:g}" for fifth in range(26)}


def test_a_word_of_the_map_gets_a_list_of_its_own(opened):
    page = opened("index")
    canvas = page.locator("#film-live canvas")
    canvas.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#film-live table tr")).to_have_count(4)
    page.keyboard.press("Escape")
    expect(page.locator("#film-live table tr")).to_have_count(3)


def test_a_word_without_a_label_is_sent_to_the_explorer(opened):
    page = opened("index")
    canvas = page.locator("#film-live canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    said = page.get_by_text("ask the explorer", exact=False).first
    for x in range(20, int(box["width"]), 12):  # until a dot is hit
        page.mouse.click(box["x"] + x, box["y"] + box["height"] / 2)
        if said.is_visible():
            break
    expect(said).to_be_visible()
    expect(page.locator("#film-live table tr")).to_have_count(3)


def test_without_scripts_one_sees_what_is_stored(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for name in ("00_meet_word_vectors", "05_train_and_watch", "06_ask_the_vectors"):
        page.goto((site / f"{name}.html").as_uri())
        expect(page.locator("[id$=-live] .widget")).to_contain_text("How to run it")
    page.goto((site / "index.html").as_uri())
    expect(page.get_by_role("heading", name="The chapters")).to_be_visible()
    for section in page.locator("section").all():
        expect(section).to_be_hidden()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_a_figure_fits_and_its_text_is_large_enough(opened, width, scheme):
    page = opened("index")
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    sizes = page.evaluate("""() => [...document.querySelectorAll(".live *")].filter(part =>
        [...part.childNodes].some(node => node.nodeType === 3 && node.data.trim())
    ).map(part => {
        const scale = part.ownerSVGElement?.getScreenCTM().a ?? 1;
        return parseFloat(getComputedStyle(part).fontSize) * scale;
    })""")
    assert len(sizes) > 40 and min(sizes) >= 11
