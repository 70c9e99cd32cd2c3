"""A layer that moves over a figure, in a real JupyterLab."""

import driver
import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SOURCE = """from w2v_lesson import figures
from w2v_lesson.figures.backdrop import Backdrop
from w2v_lesson.widgets.controls import Slider
from w2v_lesson.widgets.shown import MovingFigure

fig, ax = figures.figure(5, 3)
ax.set(xlim=(0, 4), ylim=(0, 1), xlabel="x", ylabel="1 / x")
ax.plot([1], [0.5], "o", color="#ff0000", ms=12)
backdrop = Backdrop(fig, "axes with a red dot")

def draw(x):
    part = backdrop.points([x], [0.5 / x], figures.BLUE, radius=4)
    return backdrop.layer(f"a blue dot at {x:.1f}", part), f"x is {x:.1f}"

MovingFigure(backdrop, draw, x=Slider("x", 1.0, min=0, max=4, step=0.5))"""


def test_the_layer_lies_on_the_figure_and_follows_the_keyboard(show_widget):
    page = show_widget(SOURCE)
    picture = page.locator("img[alt='axes with a red dot']").bounding_box()
    layer = page.get_by_role("img", name="a blue dot at 1.0").bounding_box()
    assert layer == pytest.approx(picture, abs=4)  # pixels
    handle = page.get_by_role("slider", name="x")
    handle.press("ArrowRight")
    page.get_by_text("x is 1.5").wait_for()
    page.get_by_role("img", name="a blue dot at 1.5").wait_for()
    handle.press("Home")
    page.get_by_role("alert").get_by_text("division by zero").wait_for()
    page.get_by_role("img", name="a blue dot at 1.5").wait_for()  # the last one stays
    handle.press("ArrowRight")
    page.get_by_text("x is 0.5").wait_for()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert driver.picture_widget(page, "moving_figure") == []
    assert driver.faults(page) == []


FIGURE = """from w2v_lesson import figures
figures.show(figures.figure(3, 1)[0], "axes")"""
# Inverted or not; and how much room the style takes.
LOOKS = """() => {
    const theme = document.querySelector('.w2v-theme').closest('.jp-OutputArea-child');
    const picture = document.querySelector('.jp-RenderedImage img');
    return [getComputedStyle(picture).filter, theme.getBoundingClientRect().height];
}"""


def test_figures_follow_the_theme_in_outputs_and_in_widgets(show_widget):
    page = show_widget(FIGURE, SOURCE)
    inverted = "invert(0.934) hue-rotate(180deg)"
    for theme, expected in (("light", "none"), ("dark", inverted), ("light", "none")):
        driver.change_theme(page, driver.THEMES[theme])
        assert page.evaluate(LOOKS) == [expected, 0]
        both = page.locator(".w2v-figure")  # the figure, and the layer over it
        expect(both).to_have_count(2)
        for i in (0, 1):
            expect(both.nth(i)).to_have_css("filter", expected)
