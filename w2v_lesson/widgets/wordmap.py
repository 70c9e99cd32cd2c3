"""The map of chapter 06: type groups of words, and explore where they lie."""

import ipywidgets as W
import traitlets as T

from w2v_lesson.vectors import TABLES
from w2v_lesson.widgets import html
from w2v_lesson.widgets.controls import Slider
from w2v_lesson.widgets.plane import MAX_NEIGHBORS, Plane, parse_groups
from w2v_lesson.widgets.shown import Fault
from w2v_lesson.widgets.style import Page, button, labeled, row


class WordMap(Page):
    """A map of words that you choose, above the faint dots of all the others.

    `words`, `neighbors` (how many words a chosen one is joined with), and `table` can be
    read, set, and observed. Words without a vector are listed below the map.

    Parameters
    ----------
    vectors : vectors.WordVectors
    words : str
        Words separated by blanks; ";" ends a group, "name: ..." names it.
    table : {"center", "context", "sum"}
    **state
        `focus` or `neighbors` to begin with.

    Attributes
    ----------
    plane : Plane
        The map itself. Its `focus` is the word that is joined with its neighbors.
    """

    words = T.Unicode()
    neighbors = T.Int(5, min=0, max=MAX_NEIGHBORS)
    table = T.Enum(TABLES)

    def __init__(self, vectors, words, table="center", **state):
        self.vectors, self._fault, self._below = vectors, Fault(), W.HTML()
        self.plane = Plane(vectors.vocab, self._known(words), **state)
        parts = [*self._controls(), self._fault, self.plane, self._below]
        near = self.plane.neighbors
        super().__init__(parts, words=words, table=table, neighbors=near)
        T.link((self, "neighbors"), (self.plane, "neighbors"))
        redraw = self._fault.guard(self._draw)
        self.observe(redraw, ["words", "table"])
        redraw()

    def __repr__(self):
        return "The map of words of your choice; run this cell to use it."

    def _controls(self):
        text = W.Textarea(
            rows=5, continuous_update=False, placeholder="words, groups separated by ;"
        )
        # Leaving the text with Tab or a click applies it; the button is a place to click.
        draw = button("Draw", self._fault.guard(self._draw), tooltip="Draw these words")
        near = Slider("neighbors", self.neighbors, max=MAX_NEIGHBORS)
        T.link((self, "words"), (text, "value"))
        T.link((self, "neighbors"), (near, "value"))
        labeled("words", text, "min(600px, 100%)")
        return row(text, draw), near

    def _asked(self, words):
        return parse_groups(words, lambda word: self.vectors.find(word) or word)

    def _known(self, words):
        groups = {
            name: [word for word in group if word in self.vectors]
            for name, group in self._asked(words).items()
        }
        return {name: group for name, group in groups.items() if group}

    def _draw(self, _=None):
        asked = self._asked(self.words).values()
        missing = [word for group in asked for word in group if word not in self.vectors]
        self._below.value = missing_in_words(self.vectors, missing)
        self.plane.add_class("w2v-old")  # until it shows these words, which may fail
        self.plane.groups = self._known(self.words)
        self.plane.move(self.vectors.matrix(self.table))
        self.plane.show_all()
        self.plane.remove_class("w2v-old")
        share = self.plane.explained.sum()
        said = f"The map shows {share:.0%} of the variance of the words of the groups."
        self._below.value = html.Markup("<div>{}</div>{}").format(said, self._below.value)


def missing_in_words(vectors, missing):
    """Name the words that cannot be drawn, each with words of a similar spelling.

    Parameters
    ----------
    vectors : vectors.WordVectors
    missing : list of str

    Returns
    -------
    Markup
        Empty if nothing is missing.
    """
    if not missing:
        return html.Markup()
    said = []
    for word in missing:
        near = vectors.near_spellings(word, 3)
        said.append(word + (f" (near: {', '.join(near)})" if near else ""))
    return html.Markup(
        '<div role="alert" style="line-height:1.5">Not drawn, because they have no vector: '
        "{}.</div>"
    ).format("; ".join(said))
