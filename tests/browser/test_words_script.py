"""The lists of words to press, in a page without Jupyter."""

import pytest

from w2v_lesson.widgets.neighbor_lists import Words

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RENDER = """async source => {
    const url = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
    const script = await import(url), listeners = [];
    window.state = {words: ["chip", "<i>oil</i>", "intel"], look: "w2v-word"};
    window.pressed = [];
    const model = {
        get: name => state[name], on: (_, f) => listeners.push(f), off: () => listeners.pop(),
        send: message => pressed.push(message.pressed),
    };
    window.setWords = words => { state.words = words; listeners.forEach(f => f()); };
    script.default.render({model, el: document.getElementById("here")});
}"""


@pytest.fixture
def page(browser):
    page = browser.new_page()
    page.set_content('<div id="here"></div>')
    page.evaluate(RENDER, Words._esm)
    yield page
    page.close()


def test_words_are_text_and_not_markup(page):
    assert page.get_by_role("button").all_inner_texts() == ["chip", "<i>oil</i>", "intel"]
    page.get_by_role("button", name="oil").click()
    assert page.evaluate("pressed") == ["<i>oil</i>"]


def test_a_double_click_counts_once(page):
    page.get_by_role("button").first.dblclick()
    assert page.evaluate("pressed") == ["chip"]


def test_other_words_take_the_same_places_and_keep_the_focus(page):
    second = page.get_by_role("button").nth(1)
    second.focus()
    page.evaluate("setWords(['oil', 'gas'])")
    assert page.get_by_role("button").all_inner_texts() == ["oil", "gas"]
    page.keyboard.press("Enter")
    assert page.evaluate("pressed") == ["gas"]
    page.evaluate("setWords([])")
    assert page.get_by_role("button").count() == 0
