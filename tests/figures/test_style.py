"""A figure reaches the page with its size and a text; its colors are distinct and readable."""

import base64
import html.parser

import pytest

from w2v_lesson import figures
from w2v_lesson.figures import style


class Image(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def image_of(text):
    parser = Image()
    parser.feed(text)
    ((tag, attributes),) = parser.found
    assert tag == "img"
    return attributes


@pytest.mark.parametrize("alt", ["near \"<unk>\" & 'x'", "<script>alert(1)</script>", ""])
def test_alternative_text_is_escaped_in_html(alt):
    attributes = image_of(figures.to_html(figures.figure()[0], alt))
    assert attributes["alt"] == alt
    assert set(attributes) == {
        "class",
        "width",
        "height",
        "alt",
        "decoding",
        "src",
        "style",
    }


def test_html_gives_the_size_in_inches_times_dots():
    attributes = image_of(figures.to_html(figures.figure(6.4, 3.2)[0], "empty"))
    assert (attributes["width"], attributes["height"]) == ("640", "320")


def test_show_gives_a_picture_its_size_and_a_text(monkeypatch):
    shown = []
    monkeypatch.setattr(style, "display", lambda *a, **k: shown.append((a, k)))
    assert figures.show(figures.figure(6.4, 3.2)[0], "What <b> it shows") is None
    ((theme, _), ((data,), options)) = shown
    assert theme[0].keys() == {"text/html"} and "w2v-theme" in theme[0]["text/html"]
    assert base64.b64decode(data["image/png"])[:4] == b"\x89PNG"
    assert data["text/plain"] == "What <b> it shows"
    about = {"alt": "What <b> it shows", "width": 640, "height": 320}
    assert options == {"metadata": {"image/png": about}, "raw": True}


def test_figure_makes_several_axes_without_frame_above():
    fig, axes = figures.figure(4, 2, ncols=3)
    assert len(fig.axes) == len(axes) == 3
    assert not any(ax.spines["top"].get_visible() for ax in axes)


# Colors


def test_contrast_of_black_on_white_is_21_and_of_a_color_with_itself_1():
    assert figures.contrast("black", "white") == pytest.approx(21)
    assert figures.contrast("white", "black") == pytest.approx(21)
    assert figures.contrast(figures.BLUE, figures.BLUE) == 1


# On white, as tools for the accessibility guidelines say, to two digits.
@pytest.mark.parametrize(
    "color, ratio",
    [("#ff0000", 4.0), ("#00ff00", 1.37), ("#0000ff", 8.59), ("#777777", 4.48)],
)
def test_contrast_is_that_of_the_guidelines(color, ratio):
    assert figures.contrast(color, "white") == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize(
    "color",
    [
        figures.BLUE,
        figures.ORANGE,
        figures.GREEN,
        figures.PINK,
        figures.GRAY,
        figures.LIGHT,
    ],
)
def test_texts_can_be_read_on_each_color(color):
    assert figures.contrast(figures.text_on(color), color) >= 4.5


@pytest.mark.parametrize(
    "color", [figures.BLUE, figures.ORANGE, figures.GREEN, figures.GRAY]
)
def test_marks_stand_out_from_the_paper(color):
    assert figures.contrast(color, "white") >= 3  # what the guidelines require for graphics
