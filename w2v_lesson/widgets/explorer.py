"""The explorer of chapters 00 and 05: type a word, see its nearest words, hop on."""

import html

import ipywidgets as W
import traitlets as T

from w2v_lesson import plots
from w2v_lesson.vectors import TABLES, UnknownWordError

MOST_NEIGHBOURS = 20
MOST_COMPLETIONS = 8


class Explorer(W.VBox):
    """Type a word, see its nearest words, hop to one of them.

    vectors : WordVectors

    State: `word`, `k` and `table` can be read, set and observed. By keyboard: type,
    Enter takes the first completion; Tab walks through the words, Enter hops.
    """

    word = T.Unicode()
    k = T.Int(10, min=1, max=MOST_NEIGHBOURS)
    table = T.Enum(TABLES, "center")

    def __init__(self, vectors, word, **state):
        self.vectors = vectors
        # Most frequent first, so that the likeliest completion comes first.
        by_count = vectors.vocab.counts.argsort()[::-1]
        tokens = vectors.vocab.to_tokens(by_count)
        self._tokens = [t for t in tokens if t in vectors]
        self._text = W.Text(description="word", placeholder="type a word",
                            continuous_update=True)  # fmt: skip
        self._text.on_msg(self._on_message)
        self._completions = [_word_button(self._hop) for _ in range(MOST_COMPLETIONS)]
        self._message = W.HTML()
        self._rows = [_Row(self._hop) for _ in range(MOST_NEIGHBOURS)]
        super().__init__([self._controls(), W.HBox(self._completions), self._message,
                          *self._rows])  # fmt: skip
        self._text.observe(self._typed, "value")
        self.observe(self._show, ["word", "k", "table"])
        self.set_trait("word", word)
        for name, value in state.items():
            self.set_trait(name, value)

    def __repr__(self):
        return "The explorer of similar words; run this cell to use it."

    def _controls(self):
        k = W.BoundedIntText(description="neighbours", min=1, max=MOST_NEIGHBOURS,
                             layout={"width": "150px"})  # fmt: skip
        names = [t for t in TABLES if t == "center" or self.vectors.context is not None]
        table = W.Dropdown(description="table", options=names, layout={"width": "180px"})
        T.link((self, "k"), (k, "value"))
        T.link((self, "table"), (table, "value"))
        return W.HBox([self._text, k, table], layout={"flex_flow": "row wrap"})

    def _on_message(self, _, content, __):
        if content.get("event") == "submit":  # Enter
            first = self._completions[0].description
            if self._typed_word() not in self.vectors and first:
                self.word = first

    def _typed_word(self):
        return self._text.value.strip().lower()

    def _hop(self, button):
        self.word = button.description

    def _typed(self, _):
        typed = self._typed_word()
        self._complete(typed)
        if typed == self.word:
            self._show()
        elif typed in self.vectors:
            self.word = typed
        else:
            self._say_unknown(typed)

    def _complete(self, typed):
        found = [t for t in self._tokens if t.startswith(typed) and t != typed]
        found = (found or self.vectors.near_spellings(typed)) if typed else []
        for i, button in enumerate(self._completions):
            _set_word(button, found[i] if i < len(found) else "")

    def _say_unknown(self, typed):
        try:
            self.vectors.index(typed)
        except UnknownWordError as error:
            self._message.value = html.escape(str(error))

    def _show(self, _=None):
        try:
            found = self.vectors.similar(self.word, self.k, self.table)
        except (LookupError, ValueError) as error:
            self._message.value = html.escape(str(error))
            return
        if self._typed_word() != self.word:
            self._text.value = self.word
        count = self.vectors.vocab.counts[self.vectors.index(self.word)]
        self._message.value = (
            f"Nearest to <b>{html.escape(self.word)}</b> (seen {count:,} times) "
            f"by the {self.table} table:"
        )
        for i, row in enumerate(self._rows):
            row.show(found[i] if i < len(found) else None)


class _Row(W.HBox):
    """One neighbour: a button to hop to it, a bar, its count."""

    def __init__(self, hop):
        self._button = _word_button(hop)
        self._bar = W.HTML()
        super().__init__([self._button, self._bar], layout={"align_items": "center"})
        self.show(None)

    def show(self, neighbour):
        self.layout.display = None if neighbour else "none"
        if not neighbour:
            return
        _set_word(self._button, neighbour.word)
        self._bar.value = (
            f'<div style="display:flex;align-items:center;gap:8px">'
            f'<div style="width:{max(0, neighbour.cosine) * 260:.0f}px;height:14px;'
            f'background:{plots.BLUE}"></div>'
            f"<span>{neighbour.cosine:.2f} · seen {neighbour.count:,} times</span></div>"
        )


def _word_button(on_click):
    button = W.Button(layout={"width": "150px", "display": "none"})
    button.on_click(on_click)
    return button


def _set_word(button, word):
    button.description = word
    button.tooltip = f"Go to the neighbours of {word}"
    button.layout.display = None if word else "none"
