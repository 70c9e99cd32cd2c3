"""The explorer of chapters 00 and 06: type a word, see its neighbors, click on one."""

import math
import time

import ipywidgets as W
import traitlets as T

from w2v_lesson.vectors import TABLES, UnknownWordError
from w2v_lesson.widgets import html, style
from w2v_lesson.widgets.controls import Choice, Slider
from w2v_lesson.widgets.neighbor_lists import MARK, ROW, Column, Words
from w2v_lesson.widgets.shown import Fault
from w2v_lesson.widgets.style import labeled, row
from w2v_lesson.wording import times_seen

MAX_NEIGHBORS = 20
MAX_COMPLETIONS = 6
MAX_EARLIER = 5
# A word typed on the way to another ("ban" in "bank") is not worth going back to.
SECONDS_TO_SETTLE = 1.0
SECONDS_FOR_A_LETTER = 3.0  # "N" is a word, too, but mostly a letter on the way to another
# The page may send the last letters after the Enter that followed them.
SECONDS_LATE = 0.3
AT_REST = "Type a word, or press one of the words below."
PRESS_ENTER = "Press Enter for the first one:"
NOTHING = "nothing"


class Explorer(style.Page):
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
        # The line keeps its height when it is empty, so that nothing below it jumps.
        self._completions = Words(self._visit, min_height=ROW)
        self._earlier = Words(self._visit, "w2v-word")
        self._back = style.button(
            "Back", lambda _: self.back(), icon="arrow-left", disabled=True
        )
        self._columns = [Column(self._visit), Column(self._visit)]
        self._lists = style.columns(*self._columns)
        super().__init__(
            [
                *self._controls(seen),
                row(style.label("earlier"), self._back, self._earlier),
                row(self._hint, min_height="20px"),
                self._completions,
                self._fault,
                self._lists,
            ]
        )

    def _controls(self, seen):
        self._text = labeled("word", W.Text(placeholder="type a word"))
        self._text.on_msg(self._fault.guard(self._on_message))
        self._text.observe(self._fault.guard(self._typed), "value")
        self._number = Slider("neighbors", self.k, min=1, max=MAX_NEIGHBORS)
        T.link((self, "k"), (self._number, "value"))
        names = [t for t in TABLES if t == "center" or self.vectors.context is not None]
        table = Choice("table", names)
        tables = [f"{name} table" for name in names]
        compare = Choice("compare with", [NOTHING, *tables, *self.others])
        for name, control in {"table": table, "compare": compare}.items():
            T.link((self, name), (control, "value"))
            control.layout.display = None if seen[name] else "none"
        gap = f"{style.GAP} {style.WIDE_GAP}"
        return row(self._text, self._number, grid_gap=gap), table, compare

    # Ways to a word

    def back(self):
        """Go back to the previous word; at the first word, do nothing."""
        if self.history:
            self._shown = ""  # left, and not to be remembered
            self._visit(self.history[-1])

    def _visit(self, word):
        if word == self.word:  # no change to observe, but the text may differ
            self._go()
        self.word = word

    def _on_message(self, _, content, __):
        if content.get("event") == "submit":  # Enter
            self._entered = time.monotonic()
            self._enter()

    def _enter(self):
        """Go to the first completion; a word that is only spelled alike must be pressed."""
        typed, found = self._typed_word(), self._completions.words
        completes = found and found[0].lower().startswith(typed.lower())
        if typed not in self.vectors and completes:
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
        self._dim(typed not in self.vectors)
        begin, tokens = typed.lower(), zip(self._tokens, self._lower, strict=True)
        found = [t for t, lower in tokens if lower.startswith(begin) and t != typed]
        if typed in self.vectors:
            self._offer(AT_REST if not found else "", found)
        elif typed and found:
            self._offer(PRESS_ENTER, found)
        else:
            self._offer(*self._why_not(typed))

    def _offer(self, hint, words):
        self._hint.value, self._completions.words = hint, words[:MAX_COMPLETIONS]

    def _why_not(self, word):
        """What is wrong with an unknown word, and words that are spelled like it."""
        try:
            self.vectors.index(word)
        except UnknownWordError as error:
            # The near spellings are buttons below.
            said = str(error).replace(f"Near spellings: {', '.join(error.near)}. ", "")
            if self._shown:
                said += f" The list below is still that of '{self._shown}'."
            return html.escape(said), error.near

    def _dim(self, is_old):
        """Let the lists fade while they aren't those of the word in the field."""
        (self._lists.add_class if is_old else self._lists.remove_class)("w2v-old")

    # What is seen

    def _go(self, _=None):
        if self.word not in self.vectors:
            self._dim(bool(self._shown))
            self._offer(*self._why_not(self.word))
            return
        self._dim(False)
        left, self._shown = self._shown, self.word
        self._show()
        if self._typed_word() != self.word:
            self._set_text(self.word)
            self._offer(AT_REST, [])
        self._hint.value = "" if self._completions.words else AT_REST
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
        if left not in ("", self.word) and not self._in_passing(left):
            earlier.append(left)
        self.history = earlier

    def _in_passing(self, left):
        """Tell whether a word was only typed on the way to the one of now."""
        settles = SECONDS_FOR_A_LETTER if len(left) == 1 else SECONDS_TO_SETTLE
        began_it = self._since > 0 and self.word.startswith(left)
        return time.monotonic() - self._since < settles or began_it

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
        self._lists.layout.width = "min(640px, 100%)" if shared is None else "100%"
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
