"""The explorer of chapters 00 and 06: type a word, see its neighbors, click on one."""

import math
import time

import ipywidgets as W
import traitlets as T

from w2v_lesson import figures
from w2v_lesson.vectors import TABLES, UnknownWordError
from w2v_lesson.widgets import html
from w2v_lesson.widgets.shown import Fault, row
from w2v_lesson.wording import times_seen

MAX_NEIGHBORS = 20
MAX_COMPLETIONS = 6
MAX_EARLIER = 5
# A word typed on the way to another ("ban" in "bank") is not worth going back to.
SECONDS_TO_SETTLE = 1.0
# The page may send the last letters after the Enter that followed them.
SECONDS_LATE = 0.3
NOTHING = "nothing"
MARK = "●"
WIDE, NARROW = 260, 50  # pixels of a bar of cosine 1: one list, two lists
TWO_LISTS = "315px", "285px"  # so that they stand side by side on a page of 800 pixels
# As high as a button with its margins, so that each bar stands beside its word.
ROW = "calc(var(--jp-widgets-inline-height) + 2 * var(--jp-widgets-margin))"


class Explorer(W.VBox):
    """Type a word, see its nearest words, go to one of them, and back.

    `word`, `k`, `table` and `compare` can be read, set and observed. `compare` is
    "nothing", "center table" (or another table), or a name of `others`. By keyboard: type;
    Enter takes the first completion; Tab moves through the words, and Enter goes to one.

    Parameters
    ----------
    vectors : vectors.WordVectors
    word : str
        The first word.
    others : dict of str to vectors.WordVectors, optional
        Vectors to compare with, by the names that the reader sees.
    **state
        `k`, `table` or `compare` to begin with. Giving `table` shows its control; giving
        `compare` or `others` shows the control of the comparison as well.

    Attributes
    ----------
    history : list of str
        The earlier words, the last one at the end.
    """

    word = T.Unicode()
    k = T.Int(10, min=1, max=MAX_NEIGHBORS)
    table = T.Enum(TABLES, "center")
    compare = T.Unicode(NOTHING)
    history = T.List(T.Unicode())

    def __init__(self, vectors, word, others=None, **state):
        self.vectors, self.others = vectors, dict(others or {})
        # Most frequent first, so that the likeliest completion comes first. If no counts are
        # known, the order is that of the file, which is mostly the same.
        by_count = (-vectors.vocab.counts).argsort(kind="stable")
        tokens = vectors.vocab.to_tokens(by_count)
        self._tokens = [t for t in tokens if t in vectors]
        self._lower = [token.lower() for token in self._tokens]
        # The word whose list is seen, since when, and whether we change the text.
        self._shown, self._since, self._is_ours = "", -math.inf, False
        self._entered = -math.inf
        comparing = bool(others) or "compare" in state
        self._build({"table": comparing or "table" in state, "compare": comparing})
        self.observe(self._fault.guard(self._go), "word")
        self.observe(self._fault.guard(self._show), ["k", "table", "compare"])
        self.observe(self._show_history, "history")
        for name, value in {**state, "word": word}.items():
            self.set_trait(name, value)

    def __repr__(self):
        return "The explorer of similar words; run this cell to use it."

    # What it is made of

    def _build(self, seen):
        self._fault, self._hint = Fault(), W.HTML()
        self._completions = _Words(self._hop)
        self._earlier = _Words(self._hop)
        self._back = W.Button(
            description="Back", icon="arrow-left", disabled=True, layout={"width": "80px"}
        )
        self._back.on_click(lambda _: self.back())
        self._columns = [_Column(self._hop), _Column()]
        self._columns[1].layout.width = TWO_LISTS[1]
        super().__init__(
            [
                self._controls(seen),
                row(self._back, self._earlier),
                row(self._hint, self._completions, self._fault, min_height=ROW),
                W.HBox(self._columns, layout={"flex_flow": "row wrap"}),
            ]
        )

    def _controls(self, seen):
        self._text = W.Text(
            description="word", placeholder="type a word", layout={"width": "250px"}
        )
        self._text.on_msg(self._fault.guard(self._on_message))
        self._text.observe(self._fault.guard(self._typed), "value")
        k = W.BoundedIntText(
            description="neighbors", min=1, max=MAX_NEIGHBORS, layout={"width": "150px"}
        )
        names = [t for t in TABLES if t == "center" or self.vectors.context is not None]
        table, table_row = _choice("table", names)
        tables = [f"{name} table" for name in names]
        compare, compare_row = _choice("compare with", [NOTHING, *tables, *self.others])
        for name, control in {"k": k, "table": table, "compare": compare}.items():
            T.link((self, name), (control, "value"))
        table_row.layout.display = None if seen["table"] else "none"
        compare_row.layout.display = None if seen["compare"] else "none"
        return row(self._text, k, table_row, compare_row)

    # Ways to a word

    def back(self):
        """Go back to the previous word; at the first word, do nothing."""
        if self.history:
            self._shown = ""  # left, and not to be remembered
            self._visit(self.history[-1])

    def _hop(self, button):
        self._visit(button.description)

    def _visit(self, word):
        if word == self.word:  # no change to observe, but the text may differ
            self._go()
        self.word = word

    def _on_message(self, _, content, __):
        if content.get("event") == "submit":  # Enter
            self._entered = time.monotonic()
            self._enter()

    def _enter(self):
        found = self._completions.words
        if self._typed_word() not in self.vectors and found:
            self._visit(found[0])
            self._since = time.monotonic()

    def _typed_word(self):
        """The word that is meant or, if there is none, what is typed."""
        return self.vectors.find(self._text.value) or self._text.value.strip()

    def _typed(self, _):
        if self._is_ours:
            return
        typed = self._typed_word()
        self._complete(typed)
        if typed in self.vectors and typed != self.word:
            self.word = typed
            self._since = time.monotonic()
        elif time.monotonic() - self._entered < SECONDS_LATE:
            self._enter()

    def _complete(self, typed):
        """Offer words that begin like this or, if none does, are spelled like it."""
        begin, tokens = typed.lower(), zip(self._tokens, self._lower, strict=True)
        found = [t for t, lower in tokens if lower.startswith(begin) and t != typed]
        if typed in self.vectors:
            self._offer("", found)
        elif typed and found:
            self._offer("Press Enter for the first one:", found)
        else:
            self._offer(*self._why_not(typed))

    def _offer(self, hint, words):
        self._hint.value, self._completions.words = hint, words[:MAX_COMPLETIONS]

    def _why_not(self, word):
        """What is wrong with an unknown word, and words that are spelled like it."""
        try:
            self.vectors.index(word)
        except UnknownWordError as error:
            return html.escape(str(error)), error.near

    # What is seen

    def _go(self, _=None):
        if self.word not in self.vectors:
            self._offer(*self._why_not(self.word))
            return
        left, self._shown = self._shown, self.word
        self._show()
        if self._typed_word() != self.word:
            self._set_text(self.word)
            self._offer("", [])
        self._hint.value = ""
        self._remember(left)
        self._since = -math.inf

    def _set_text(self, word):
        self._is_ours = True
        try:
            self._text.value = word
        finally:
            self._is_ours = False

    def _remember(self, left):
        earlier = [word for word in self.history if word not in (left, self.word)]
        in_passing = time.monotonic() - self._since < SECONDS_TO_SETTLE
        if left not in ("", self.word) and not in_passing:
            earlier.append(left)
        self.history = earlier

    def _show_history(self, _):
        """Each word stays in its place; a new one takes that of the oldest."""
        recent = self.history[-MAX_EARLIER:]
        new = [word for word in recent if word not in self._earlier.words]
        kept = [
            word if word in recent else new.pop(0) if new else ""
            for word in self._earlier.words
        ]
        self._earlier.words = [word for word in kept + new if word]
        self._back.disabled = not self.history

    def _show(self, _=None):
        if not self._shown:
            return
        left, right = self._columns
        found, complaint = self._ask(self.vectors, self.table)
        name, others, shared = self.compare, [], None
        if name != NOTHING:
            own = name not in self.others
            others, failed = self._ask(
                *(self.vectors, name.split()[0]) if own else (self.others[name], self.table)
            )
            shared = {n.word for n in found} & {n.word for n in others}
            right.show(failed or _compared(name, len(shared), len(others)), others, shared)
        left.show(complaint or self._asked(), found, shared)
        left.layout.width = "auto" if shared is None else TWO_LISTS[0]
        right.layout.display = "none" if shared is None else None

    def _ask(self, vectors, table):
        """Neighbors, and what is wrong if there are none."""
        try:
            return vectors.similar(self._shown, self.k, table), ""
        except (LookupError, ValueError) as error:
            return [], html.escape(str(error))

    def _asked(self):
        count = self.vectors.vocab.counts[self.vectors.index(self._shown)]
        seen = f" ({times_seen(count)})" if count else ""
        said = html.Markup("Nearest to <b>{}</b>{} in the {} table:")
        return said.format(self._shown, seen, self.table)


def _compared(name, shared, k):
    said = html.Markup("According to <b>{}</b>: {} of {} words are in both lists ({})")
    return said.format(name, shared, k, MARK)


class _Words(W.HBox):
    """A row of buttons, one for each of `words`; made when first needed."""

    def __init__(self, on_click, width="auto", **layout):
        self._on_click, self._buttons = on_click, []
        self._look = {"layout": W.Layout(width=width), "style": W.ButtonStyle()}
        super().__init__(layout={"flex_flow": "row wrap", **layout})

    @property
    def words(self):
        return [button.description for button in self.children]

    @words.setter
    def words(self, words):
        while len(self._buttons) < len(words):
            button = W.Button(tooltip="Show the neighbors of this word", **self._look)
            button.on_click(self._on_click)
            self._buttons.append(button)
        for button, word in zip(self._buttons, words, strict=False):
            button.description = word
        self.children = self._buttons[: len(words)]


class _Column(W.VBox):
    """A list of neighbors: words, bars, and what is said of each.

    hop : called with the button of a word; without it the words are text, as twenty
        buttons of two lists would take too long to follow a hop
    """

    def __init__(self, hop=None):
        self.neighbors, self._header, self.words = [], W.HTML(), None
        self._bars = W.HTML(layout={"margin": "0", "flex": "1 1 auto", "min_width": "0"})
        if hop:
            self.words = _Words(hop, "150px", flex_flow="column", flex="0 0 auto")
        body = [self.words, self._bars] if hop else [self._bars]
        super().__init__([self._header, W.HBox(body)])

    def show(self, header, neighbors, shared=None):
        """Show neighbors; `shared` are the words of both lists, if there are two."""
        self.neighbors = neighbors
        if self.words:
            self.words.words = [n.word for n in neighbors]
        self._bars.value = _bars(neighbors, shared, named=not self.words)
        self._header.value = html.Markup(
            '<div style="line-height:1.4;min-height:{}em">{}</div>'
        ).format(1 if shared is None else 2.8, header)


def _bars(neighbors, shared, named):
    """Words if `named`, numbers, bars and notes; narrower where the page is."""
    bar = f"minmax(30px,{WIDE if shared is None else NARROW}px)"
    columns = f"{'max-content ' * named}max-content {bar} max-content"
    return html.Markup(
        '<div style="display:grid;grid-auto-rows:{};align-items:center;column-gap:8px;'
        'white-space:nowrap;padding-left:6px;grid-template-columns:{}">{}</div>'
    ).format(ROW, columns, html.Markup().join(_bar(n, shared, named) for n in neighbors))


def _bar(neighbor, shared, named):
    """The cells of a row; at its end the count or, beside another list, the mark."""
    color, said = figures.BLUE, neighbor.seen
    if shared is not None:
        both = neighbor.word in shared
        color, said = (figures.BLUE, f"{MARK} both") if both else (figures.ORANGE, "")
    cell = html.Markup("<span>{}</span>")
    return (
        (cell.format(neighbor.word) if named else "")
        + cell.format(f"{neighbor.cosine:.2f}")
        + html.bar(neighbor.cosine, color)
        + cell.format(said)
    )


def _choice(description, options):
    """Buttons side by side: in JupyterLab the arrow keys do not reach a dropdown."""
    buttons = W.ToggleButtons(
        options=options, style={"button_width": "auto"}, layout={"width": "auto"}
    )
    return buttons, row(W.Label(description, layout={"margin": "2px 8px"}), buttons)
