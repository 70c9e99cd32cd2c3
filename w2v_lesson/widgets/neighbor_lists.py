"""The explorer's lists: words to press, bars of their cosines, and what is said of them."""

import math
import time

import ipywidgets as W

from w2v_lesson import figures
from w2v_lesson.widgets import html, style

# The second click of a double click hits the word that has just taken the first one's place.
SECONDS_OF_DOUBLE_CLICK = 0.5
MARK = "●"
# As high as a button, so that each bar stands beside its word.
ROW = "var(--jp-widgets-inline-height)"
WORDS = "clamp(100px, 24vw, 120px)"  # room for the words of a list


class Words(W.HBox):
    """Buttons for `words`, made when first needed; a double click counts once.

    Parameters
    ----------
    go : callable
        Called with the word that was pressed.
    look : str, optional
        Name of the buttons' look in the style sheet, if not the usual one.
    width : str, default "auto"
        Of each button, as CSS.
    **layout
        As for `ipywidgets.Layout`.
    """

    def __init__(self, go, look="", width="auto", **layout):
        self._go, self._look, self._buttons = go, look, []
        self._shared = {"layout": W.Layout(width=width), "style": W.ButtonStyle()}
        self._pressed, self._since = None, -math.inf
        super().__init__(layout={"flex_flow": "row wrap", "grid_gap": style.GAP, **layout})

    @property
    def words(self):
        """The words of the buttons in sight; can be set."""
        return [button.description for button in self.children]

    @words.setter
    def words(self, words):
        while len(self._buttons) < len(words):
            button = W.Button(tooltip="Show the neighbors of this word", **self._shared)
            button.add_class(self._look or "w2v-offer")
            button.on_click(self._press)
            self._buttons.append(button)
        for button, word in zip(self._buttons, words, strict=False):
            button.description = word
        self.children = self._buttons[: len(words)]

    def _press(self, button):
        now = time.monotonic()
        is_second = button is self._pressed and now - self._since < SECONDS_OF_DOUBLE_CLICK
        self._pressed, self._since = button, now
        if not is_second:
            self._go(button.description)


class Areas(W.VBox):
    """Buttons without a look, over words that are text; they go to the word that they cover.

    In place of `Words` for a second list: twenty words to send would take too long to
    follow a hop, and these buttons never change.

    Parameters
    ----------
    go : callable
        Called with the word that was pressed.
    """

    def __init__(self, go):
        self.words, self._pressed_at = [], -math.inf
        self._go = go
        super().__init__(
            layout={
                "width": WORDS,
                "margin": f"0 calc(-1 * {WORDS}) 0 0",
                "flex": "none",
            }
        )
        self.add_class("w2v-areas")

    def show(self, words):
        """Lie over these words; buttons are made when first needed.

        Parameters
        ----------
        words : list of str
        """
        self.words = words
        while len(self.children) < len(words):
            name = f"Show the neighbors of word {len(self.children) + 1} of this list"
            area = W.Button(description=name, tooltip=name, layout={"width": "auto"})
            area.add_class("w2v-area")
            area.on_click(self._press)
            self.children += (area,)
        if len(self.children) > len(words):
            self.children = self.children[: len(words)]

    def _press(self, area):
        now = time.monotonic()
        if now - self._pressed_at >= SECONDS_OF_DOUBLE_CLICK:
            self._go(self.words[self.children.index(area)])
        self._pressed_at = now


class Column(W.VBox):
    """A list of neighbors: words to press, bars, and what is said of each.

    Parameters
    ----------
    go : callable
        Called with the word that was pressed.
    named : bool, default False
        Whether the words are text under `Areas`, as in a second list.
    """

    def __init__(self, go, named=False):
        self.neighbors, self._header, self._named = [], W.HTML(), named
        self.words = Areas(go) if named else Words(go, "w2v-word", WORDS)
        if not named:
            self.words.layout = {"flex_flow": "column", "flex": "0 0 auto"}
        self._bars = W.HTML(layout={"margin": "0", "flex": "1 1 0", "min_width": "0"})
        super().__init__([self._header, W.HBox([self.words, self._bars])])

    def show(self, header, neighbors, shared=None):
        """Show neighbors.

        Parameters
        ----------
        header : str
            HTML that stands above the list.
        neighbors : list of vectors.Neighbor
        shared : set of str, optional
            The words of both lists, if there are two.
        """
        self.neighbors = neighbors
        words = [n.word for n in neighbors]
        if self._named:
            self.words.show(words)
        else:
            self.words.words = words
        self._bars.value = _bars(neighbors, shared, self._named)
        self._header.value = html.Markup(
            '<div style="line-height:1.4;min-height:{}em">{}</div>'
        ).format(1 if shared is None else 2.8, header)


def _bars(neighbors, shared, named):
    """Words if `named`, numbers, bars and, at the end, counts or, beside another list, marks."""
    rows = []
    for neighbor in neighbors:
        color, said = figures.BLUE, neighbor.seen
        if shared is not None:
            both = neighbor.word in shared
            color, said = (figures.BLUE, f"{MARK} both") if both else (figures.ORANGE, "")
        row = f"{neighbor.cosine:.2f}", html.bar(neighbor.cosine, color), said
        word = html.Markup('<span class="w2v-link">{}</span>').format(neighbor.word)
        rows.append((word, *row) if named else row)
    # As wide as the buttons of the other list, so that the bars of both have one scale.
    first = f"calc({WORDS} - {style.GAP})" if named else "max-content"
    return html.bar_chart(rows, ROW, first)
