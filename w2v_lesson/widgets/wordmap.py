"""The map of chapter 06: choose words, add the neighbors of one of them, zoom in."""

import ipywidgets as W
import traitlets as T

from w2v_lesson.figures import livemap
from w2v_lesson.vectors import TABLES
from w2v_lesson.widgets import html
from w2v_lesson.widgets.shown import Fault
from w2v_lesson.widgets.style import row

MAX_NEIGHBORS = 10


class WordMap(W.VBox):
    """A map of words that you choose, with zoom and the neighbors of one of the words.

    `words`, `around` (a word of the map, "" for none), `neighbors` (how many of its
    neighbors are added), `zoom` (1 shows all) and `table` can be read, set and observed.
    Words without a vector are listed below the map.

    Parameters
    ----------
    vectors : vectors.WordVectors
    words : str
        Words separated by blanks; ";" ends a group, "name: ..." names it.
    **state
        `around`, `neighbors`, `zoom` or `table` to begin with.

    Attributes
    ----------
    groups : dict of str to list of str
        The words drawn.
    """

    words = T.Unicode()
    around = T.Unicode()
    neighbors = T.Int(0, min=0, max=MAX_NEIGHBORS)
    zoom = T.Float(1.0, min=1.0, max=5.0)
    table = T.Enum(TABLES, "center")

    def __init__(self, vectors, words, **state):
        self.vectors, self.groups, self._missing = vectors, {}, []
        self._fault, self._picture, self._below = Fault(), W.HTML(), W.HTML()
        super().__init__([*self._controls(), self._fault, self._picture, self._below])
        self.observe(self._fault.guard(self._choose), "words")
        drawn = ["around", "neighbors", "zoom", "table"]
        self.observe(self._fault.guard(self._draw), drawn)
        for name, value in {"words": words, **state}.items():
            self.set_trait(name, value)

    def __repr__(self):
        return "The map of words of your choice; run this cell to use it."

    def _controls(self):
        text = W.Textarea(
            description="words",
            rows=5,
            continuous_update=False,
            placeholder="words, groups separated by ;",
            layout={"width": "min(490px, 100%)"},
        )
        # Leaving the text with Tab or a click applies it; the button is a place to click.
        draw = W.Button(
            description="Draw", tooltip="Draw these words", layout={"width": "80px"}
        )
        draw.on_click(self._fault.guard(self._choose))
        # A field, because in JupyterLab the arrow keys do not reach a dropdown.
        self._around = W.Combobox(
            description="around",
            placeholder="a word",
            continuous_update=False,
            layout={"width": "240px"},
        )
        self._near = W.IntSlider(description="neighbors", min=0, max=MAX_NEIGHBORS)
        zoom = W.FloatSlider(description="zoom (×)", min=1, max=5, step=0.25)
        for slider in (self._near, zoom):
            slider.layout.width = "280px"
        for name, control in {
            "words": text,
            "around": self._around,
            "neighbors": self._near,
            "zoom": zoom,
        }.items():
            T.link((self, name), (control, "value"))
        return row(text, draw), row(self._around, self._near, zoom)

    # What is chosen

    def _choose(self, _=None):
        asked = livemap.parse_groups(self.words, lambda w: self.vectors.find(w) or w)
        known = {
            name: [word for word in group if word in self.vectors]
            for name, group in asked.items()
        }
        self._missing = [w for g in asked.values() for w in g if w not in self.vectors]
        self.groups = {name: group for name, group in known.items() if group}
        self._around.options = self._drawn_words()
        if self._center() not in self._around.options:
            self.around = ""
        self._below.value = _missing_in_words(self.vectors, self._missing)
        self._draw()

    def _drawn_words(self):
        return [word for group in self.groups.values() for word in group]

    def _center(self):
        return self.vectors.find(self.around) or self.around.strip()

    # What is seen

    def _draw(self, _=None):
        words, around, near = self._drawn_words(), self._center(), []
        self._near.disabled = around not in words
        if around:
            if around not in words:
                raise ValueError(f"'{around}' is not on the map. Add it to the words.")
            near = self.vectors.similar(around, MAX_NEIGHBORS, self.table)
            near = [neighbor.word for neighbor in near[: self.neighbors]]
        added = [word for word in near if word not in words]
        points, explained = livemap.project(self.vectors, words, added, self.table)
        self._picture.value, in_view = livemap.draw(
            self.groups, near, points, explained, self.zoom, around or None
        )
        self._below.value = (
            html.Markup("<div>{}</div>").format(html.Markup(livemap.legend(self.groups)))
            + _view_in_words(in_view, len(words) + len(added), around, near)
            + _missing_in_words(self.vectors, self._missing)
        )


def _view_in_words(in_view, number, around, near):
    said = f"{in_view} of {number} words are in view."
    if not in_view:
        said += " Zoom out, or choose a word to zoom in on."
    if near:
        said += f" Joined to {around}, nearest first: {', '.join(near)}."
    return html.Markup('<div style="line-height:1.5">{}</div>').format(said)


def _missing_in_words(vectors, missing):
    """Words that cannot be drawn, each with its near spellings."""
    if not missing:
        return ""
    said = []
    for word in missing:
        near = vectors.near_spellings(word, 3)
        said.append(word + (f" (near: {', '.join(near)})" if near else ""))
    return html.Markup(
        '<div role="alert" style="line-height:1.5">Not drawn, because they have no vector: '
        "{}.</div>"
    ).format("; ".join(said))
