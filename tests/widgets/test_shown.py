"""What all widgets share, without a browser: errors that are seen, a layer that follows."""

import pytest

from w2v_lesson import figures
from w2v_lesson.figures.backdrop import Backdrop
from w2v_lesson.widgets.controls import Slider
from w2v_lesson.widgets.shown import Fault, MovingFigure

# A callback's error


def test_a_fault_is_shown_escaped_as_an_alert_and_goes_with_the_next_success():
    fault = Fault()
    divide = fault.guard(lambda x: 1 / x)
    assert divide(0) is None
    assert fault.value == '<div class="w2v-fault" role="alert">division by zero</div>'
    assert divide(2) == 0.5
    assert fault.value == ""
    fault.say(ValueError("<none> & nothing"))
    assert "&lt;none&gt; &amp; nothing" in fault.value


def test_an_error_without_a_text_is_named():
    fault = Fault()
    fault.say(MemoryError())
    assert "MemoryError" in fault.value


@pytest.mark.parametrize("error", [KeyError("no <x>"), KeyError("word")])
def test_the_text_of_a_key_error_is_shown_without_quotes(error):
    fault = Fault()
    fault.say(error)
    assert "&#39;" not in fault.value
    assert "&#34;" not in fault.value


# A layer that moves over a figure


@pytest.fixture
def backdrop():
    return Backdrop(figures.figure()[0], "empty axes")


def test_the_layer_follows_each_control_and_the_figure_stays(backdrop):
    x, y = Slider("x", 3), Slider("y", 1)
    view = MovingFigure(backdrop, lambda x, y: (f"<svg>{x}</svg>", f"{y}"), x=x, y=y)
    assert (view._layer.value, view._below.value) == ("<svg>3</svg>", "1")
    picture = view.picture.children[0].value
    x.value, y.value = 5, 6
    assert (view._layer.value, view._below.value) == ("<svg>5</svg>", "6")
    assert view.picture.children[0].value == picture == backdrop.html


def test_a_page_without_a_kernel_shows_the_still_figure(backdrop):
    still = (lambda: figures.figure(3, 2)[0], "three <by> two")
    view = MovingFigure(backdrop, lambda x: "<svg></svg>", still, x=Slider("x", 1))
    data, metadata = view._repr_mimebundle_()
    assert data["image/png"] and "run this cell" in data["text/plain"]
    assert metadata["image/png"] == {"alt": "three <by> two", "width": 300, "height": 200}
    assert (
        "image/png" not in MovingFigure(backdrop, lambda: "<svg></svg>")._repr_mimebundle_()
    )


def test_a_layer_may_come_without_words_below(backdrop):
    view = MovingFigure(backdrop, lambda x: "<svg></svg>", x=Slider("x", 1))
    assert (view._layer.value, view._below.value) == ("<svg></svg>", "")


def test_an_error_is_shown_above_the_last_layer(backdrop):
    x = Slider("x", 2)
    view = MovingFigure(backdrop, lambda x: f"<svg>{2 / x}</svg>", x=x)
    x.value = 0
    assert "division by zero" in view._fault.value
    assert view._layer.value == "<svg>1.0</svg>"
    assert "w2v-old" in view._layer._dom_classes
    x.value = 4
    assert "w2v-old" not in view._layer._dom_classes
