"""What all widgets share: a layer that follows controls, and errors that stay visible.

Serves all chapters with a widget.
"""

import functools

import ipywidgets as W

from w2v_lesson import figures
from w2v_lesson.figures.style import LEAST_MOVING
from w2v_lesson.widgets import html, style

# Redrawing a curve takes 0.1 to 0.2 s, so doing it more often only slows down training.
SECONDS_BETWEEN_DRAWINGS = 1.0


_open = {}  # by their class: the key and the widget


def reopened(kind, key, make):
    """Return the widget that was made for this key, or make one and stop the last one.

    Parameters
    ----------
    kind : type
        Its class, of which one widget is open at a time. It has a method `halt`.
    key : object
        Compared by ``==``.
    make : callable

    Returns
    -------
    ipywidgets.Widget
    """
    if kind in _open:
        last_key, last = _open[kind]
        if last_key == key:
            return last
        last.halt()
    _open[kind] = key, make()
    return _open[kind][1]


class Fault(W.HTML):
    """A line that says what went wrong in a callback, and is empty if nothing did."""

    def guard(self, callback):
        """Wrap a callback so that an error in it is shown here; otherwise it would be lost.

        Parameters
        ----------
        callback : callable

        Returns
        -------
        callable
        """

        @functools.wraps(callback)
        def guarded(*args):
            try:
                result = callback(*args)
            except Exception as error:
                self.say(error)
            else:
                self.value = ""
                return result

        return guarded

    def say(self, error):
        """Show an error; screen readers read it out.

        Parameters
        ----------
        error : Exception or str
        """
        alert = html.Markup('<div class="w2v-fault" role="alert">{}</div>')
        self.value = alert.format(in_words(error))


def in_words(error):
    """Return what an error says, or its name if it says nothing.

    Parameters
    ----------
    error : Exception or str

    Returns
    -------
    str
    """
    # A KeyError would put its message into quotes.
    said = error.args[0] if isinstance(error, KeyError) and error.args else error
    return str(said) or type(error).__name__


class MovingFigure(style.Page):
    """A backdrop with a layer that follows controls, such as sliders, at once.

    An error in `draw` is shown above the last layer that was drawn, which fades.

    Parameters
    ----------
    backdrop : figures.backdrop.Backdrop
    draw : callable
        Called with the controls' values by name. Returns the layer as SVG, as
        `backdrop.layer` makes it, or the layer and the HTML to stand below the figure.
    still : (callable, str), optional
        What makes the figure for pages without a kernel, and the text for those who cannot
        see it. Without it such pages show a line of text.
    **controls : ipywidgets.Widget
        Widgets with a `value`, by name, from top to bottom.

    Attributes
    ----------
    backdrop : figures.backdrop.Backdrop
    controls : dict of str to ipywidgets.Widget
    picture : ipywidgets.GridBox
        The backdrop with the layer over it.
    """

    def __init__(self, backdrop, draw, still=None, **controls):
        self._draw, self._still, self.controls = draw, still, controls
        self.backdrop = backdrop
        self._layer, self._below, self._fault = W.HTML(), W.HTML(), Fault()
        self.picture = stack(backdrop, self._layer)
        super().__init__(
            [
                *controls.values(),
                self._fault,
                self.picture,
                self._below,
            ]
        )
        redraw = self._fault.guard(self._redraw)
        for control in controls.values():
            control.observe(redraw, "value")
        redraw()

    def __repr__(self):
        return "The figure above with its controls; run this cell to use it."

    def _repr_mimebundle_(self, **kwargs):
        data = super()._repr_mimebundle_(**kwargs)
        if not self._still:
            return data
        make, alt = self._still
        picture, about = figures.bundle(make(), alt)
        return {**picture, **data}, about

    def _redraw(self, _=None):
        values = {name: control.value for name, control in self.controls.items()}
        shown = self._layer, self._below
        for each in shown:
            each.add_class("w2v-old")
        drawn = self._draw(**values)
        for each in shown:
            each.remove_class("w2v-old")
        layer, below = (drawn, "") if isinstance(drawn, str) else drawn
        self._layer.value, self._below.value = layer, below


def stack(backdrop, layer):
    """Lay a layer over a backdrop.

    Parameters
    ----------
    backdrop : figures.backdrop.Backdrop
    layer : ipywidgets.HTML

    Returns
    -------
    ipywidgets.GridBox
    """
    picture = W.HTML(backdrop.html)
    for each in (picture, layer):
        each.layout.grid_area, each.layout.margin = "1 / 1 / 2 / 2", "0"
        each.layout.min_width = "0"
    columns = f"minmax({LEAST_MOVING}px, {backdrop.width}px)"  # both shrink alike
    layout = {"grid_template_columns": columns, "overflow": "auto hidden"}
    return W.GridBox([picture, layer], layout=layout)
