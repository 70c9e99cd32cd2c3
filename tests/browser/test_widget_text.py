"""The widgets of chapter 01 by mouse and keyboard, in a real JupyterLab."""

import driver
import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SETUP = """from w2v_lesson import minibatches, sampling
from w2v_lesson.ptb import read_ptb
from w2v_lesson.vocabulary import Vocab
from w2v_lesson.widgets import text
sentences = read_ptb("train")
vocab = Vocab(sentences, 10)
known = [word for word in sentences[1069] if word in vocab]
"""


def test_a_word_becomes_the_center_by_mouse_and_by_keyboard(show_widget):
    page = show_widget(SETUP + "text.WindowDraws(known, vocab, center=1)")
    buttons = page.locator(".jupyter-widgets button")
    expect(buttons).to_have_count(13)  # 12 words and Draw again
    expect(page.get_by_text("Center chip: window of size")).to_be_visible()
    buttons.nth(5).click()
    expect(page.get_by_text("Center continued: window of size")).to_be_visible()
    driver.tab_to(page, buttons.nth(6))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Center demand: window of size")).to_be_visible()
    driver.tab_to(page, buttons.nth(7))
    page.keyboard.press("Space")
    expect(page.get_by_text("Center following: window of size")).to_be_visible()
    table = page.locator(".jupyter-widgets table")
    before = table.inner_text()
    page.get_by_role("button", name="Draw again").click()
    expect(table).not_to_have_text(before, use_inner_text=True)
    for _ in range(2):  # the widest window is drawn with one of these seeds
        page.get_by_role("button", name="Draw again").press("Enter")
    expect(buttons.nth(7)).to_have_attribute("title", "center")
    buttons.nth(5).click()
    assert driver.picture_widget(page, "window_draws") == []
    assert driver.faults(page) == []


def test_words_come_as_the_threshold_grows(show_widget):
    page = show_widget(
        SETUP + "text.subsampling(known, vocab, minibatches.keep_probability,"
        " sampling.derive_seeds(0)[0])"
    )
    expect(page.get_by_text("With t = 1.0e-4,")).to_be_visible()
    expect(page.get_by_role("img", name="The curve for t = 1.0e-4.")).to_be_visible()
    handle = page.get_by_role("slider", name="threshold t")
    handle.press("ArrowRight")
    expect(page.get_by_text("With t = 1.3e-4,")).to_be_visible()
    expect(handle).to_have_attribute("aria-valuetext", "1.3e-4")
    assert driver.picture_widget(page, "subsampling") == []
    handle.press("End")
    expect(page.get_by_text("12 of 12 words stay")).to_be_visible()
    expect(page.locator(".jupyter-widgets s")).to_have_count(0)
    handle.press("Home")
    expect(page.get_by_text("words stay. A sentence with fewer")).to_be_visible()
    handle.click()  # in the middle
    expect(page.get_by_text("With t = 3.2e-4,")).to_be_visible()
    assert driver.faults(page) == []


def test_the_noise_distribution_follows_the_exponent(show_widget):
    page = show_widget(
        SETUP + "text.noise_exponent(['the', 'company', 'bank', 'chip'], vocab,"
        " minibatches.noise_weights)"
    )
    table = page.locator(".jupyter-widgets table")
    expect(table).to_contain_text("exponent 0.75, the usual one")
    handle = page.get_by_role("slider", name="exponent")
    handle.press("ArrowLeft")
    expect(table).to_contain_text("exponent 0.70")
    assert driver.picture_widget(page, "noise_exponent") == []
    handle.press("End")
    expect(table.get_by_text("× 1.00")).to_have_count(4)
    handle.click()  # in the middle
    expect(page.get_by_role("img", name="exponent 0.50")).to_be_visible()
    assert driver.faults(page) == []


def test_leafing_through_minibatches(show_widget):
    page = show_widget(
        SETUP
        + """ids = minibatches.index_corpus(sentences[:4000], vocab)
def first(**options):
    data = minibatches.SkipGramData(*ids, vocab, 512, 5, 5, **options)
    return [(b.masks.asnumpy(), b.labels.asnumpy()) for b in data][:10]
text.leaf_minibatches({"random order": first(group_by_length=False),
                       "like lengths together": first()})"""
    )
    expect(page.get_by_text("Minibatch 1.")).to_be_visible()
    handle = page.get_by_role("slider", name="minibatch")
    handle.press("ArrowRight")
    expect(page.get_by_text("Minibatch 2.")).to_be_visible()
    expect(page.get_by_text("Like lengths together: 512 × ")).to_be_visible()
    track = handle.bounding_box()
    page.mouse.click(track["x"] + track["width"] * 5 / 9, track["y"] + track["height"] / 2)
    expect(page.get_by_role("img", name="cells of minibatch 6")).to_be_visible()
    handle.press("End")
    expect(page.get_by_role("img", name="cells of minibatch 10")).to_be_visible()
    assert driver.picture_widget(page, "leaf_minibatches") == []
    assert driver.faults(page) == []
