"""A slider, and a choice from a few values. All chapters with a widget.

Made with anywidget of the browser's own controls, because those of ipywidgets tell a screen
reader neither the name of a slider nor which button is pressed.
"""

from pathlib import Path

import anywidget
import ipywidgets as W
import traitlets as T

from w2v_lesson.widgets.style import FIELD, script

CSS = Path(__file__).with_name("controls.css")


class Slider(anywidget.AnyWidget):
    """A slider with its label before it and its value behind it.

    Parameters
    ----------
    label : str
    value : int or float
        Can be read, set, and observed. A value beyond the ends becomes that of the end.
    width : str, optional
        Of the label, the slider, and the value together, as CSS.
    **state
        `min`, `max`, and `step` (with a whole step the values are int, else float), or
        `options`, an ascending list of values, with `texts` that say how each is written.
        `standard` is a value from which all others differ in bold, and `hint` a sentence
        below the slider.
    """

    _esm = script("make.js", "controls.js") + "export default { render: renderSlider };"
    _css = CSS
    label = T.Unicode().tag(sync=True)
    value = T.Any().tag(sync=True)
    min, max, step = (T.Any(number).tag(sync=True) for number in (0, 100, 1))
    options, texts = T.List().tag(sync=True), T.List(T.Unicode()).tag(sync=True)
    standard = T.Any().tag(sync=True)
    hint = T.Unicode().tag(sync=True)

    def __init__(self, label, value, width=FIELD, **state):
        super().__init__(label=label, value=value, layout={"width": width}, **state)

    @T.validate("value")
    def _fit(self, proposal):
        low, *_, high = self.options or (self.min, self.max)
        kind = type(low if self.options else self.step)  # the page tells no 1 from 1.0
        return kind(min(max(proposal["value"], low), high))


class Choice(anywidget.AnyWidget, W.RadioButtons):
    """A choice from a few values, all of which are seen.

    Parameters
    ----------
    label : str
    options : sequence or dict
        As for `ipywidgets.RadioButtons`.
    **state
        As for `ipywidgets.RadioButtons`, `value` for example, which is the first otherwise.
    """

    _esm = script("make.js", "controls.js") + "export default { render: renderChoice };"
    _css = CSS

    def __init__(self, label, options, **state):
        super().__init__(description=label, options=options, **state)
