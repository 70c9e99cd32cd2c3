"""The explorer's lists: words to press, bars of their cosines, and what is said of them."""

import anywidget
import ipywidgets as W
import traitlets as T

from w2v_lesson import figures
from w2v_lesson.widgets import html, style

MARK = "●"
# As high as a button, so that each bar stands beside its word.
ROW = "var(--jp-widgets-inline-height)"
WORDS = "clamp(100px, 24vw, 120px)"  # room for the words of a list


class Words(anywidget.AnyWidget):
    """Buttons for `words`; a double click counts once.

    Parameters
    ----------
    go : callable
        Called with the word that was pressed.
    look : str, optional
        Name of the buttons' look in the style sheet, if not the usual one.
    **layout
        As for `ipywidgets.Layout`.
    """

    _esm = style.script("make.js", "words.js") + "export default { render };"
    words = T.List(T.Unicode()).tag(sync=True)
    look = T.Unicode().tag(sync=True)

    def __init__(self, go, look="", **layout):
        super().__init__(look=look, layout=layout)
        self.on_msg(lambda _, content, buffers: go(content["pressed"]))


class Column(W.VBox):
    """A list of neighbors: words to press, bars, and what is said of each.

    Parameters
    ----------
    go : callable
        Called with the word that was pressed.
    """

    def __init__(self, go):
        self.neighbors, self._header = [], W.HTML()
        self.words = Words(
            go, "w2v-word", width=WORDS, flex="0 0 auto", flex_flow="column", grid_gap="0"
        )
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
        self.words.words = [n.word for n in neighbors]
        self._bars.value = _bars(neighbors, shared)
        self._header.value = html.Markup(
            '<div style="line-height:1.4;min-height:{}em">{}</div>'
        ).format(1 if shared is None else 2.8, header)


def _bars(neighbors, shared):
    """Numbers, bars and, at the end, counts or, beside another list, marks."""
    rows = []
    for neighbor in neighbors:
        color, said = figures.BLUE, neighbor.seen
        if shared is not None:
            both = neighbor.word in shared
            color, said = (figures.BLUE, f"{MARK} both") if both else (figures.ORANGE, "")
        rows.append((f"{neighbor.cosine:.2f}", html.bar(neighbor.cosine, color), said))
    return html.bar_chart(rows, ROW)
