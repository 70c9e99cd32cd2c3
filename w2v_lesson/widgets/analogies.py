"""The analogies of chapter 06: a is to b as c is to which word?"""

import ipywidgets as W
import traitlets as T

from w2v_lesson import figures
from w2v_lesson.vectors import TABLES, UnknownWordError
from w2v_lesson.widgets import html
from w2v_lesson.widgets.shown import Fault
from w2v_lesson.widgets.style import PICTURE, Page, button, labeled, named, row

FIELDS = {"a": "", "b": "is to", "c": "as"}  # what stands before each field


class Analogies(Page):
    """Type three words, see the best answers to "a is to b as c is to ...".

    `a`, `b`, `c`, `k` and `table` can be read, set and observed. The last answers stay
    until there are three known words again.

    Parameters
    ----------
    vectors : vectors.WordVectors
    a, b, c : str
        The first question.
    examples : iterable of (str, str, str), optional
        Each becomes a button.
    **state
        `k` or `table` to begin with.

    Attributes
    ----------
    answers : list of vectors.Neighbor
        The answers shown.
    """

    a, b, c = T.Unicode(), T.Unicode(), T.Unicode()
    k = T.Int(5, min=1)
    table = T.Enum(TABLES, "center")

    def __init__(self, vectors, a, b, c, examples=(), **state):
        self.vectors, self.answers, self._answered = vectors, [], ""
        self._fault, self._result = Fault(), W.HTML(layout={"width": PICTURE})
        self._hints = {name: W.HTML() for name in FIELDS}
        fields = [self._field(name, before) for name, before in FIELDS.items()]
        fields.append(W.Label("is to …"))
        buttons = [self._example(words) for words in examples]
        super().__init__([row(*fields), row(*buttons), self._fault, self._result])
        for name, value in state.items():
            self.set_trait(name, value)
        self.ask(a, b, c)
        self.observe(self._fault.guard(self._show), ["a", "b", "c", "k", "table"])
        self._show()

    def __repr__(self):
        return "Three fields for an analogy of your own; run this cell to use it."

    def ask(self, a, b, c):
        """Ask a question with all three words at once.

        Parameters
        ----------
        a, b, c : str
        """
        with self.hold_trait_notifications():
            self.a, self.b, self.c = a, b, c

    def _field(self, name, before):
        text = labeled(before, W.Text(placeholder=name), "100%", room="40px")
        if not before:
            named("first word", text)
        T.link((self, name), (text, "value"))
        # The hint stands under its field, and no wider, so that it is clear whose it is.
        return W.VBox(
            [text, self._hints[name]],
            layout={"width": "180px", "flex": "1 1 130px", "max_width": "180px"},
        )

    def _example(self, words):
        a, b, c = words
        return button(
            f"{a} : {b} = {c} : ?",
            lambda _: self.ask(a, b, c),
            tooltip="Ask this question",
        )

    def _show(self, _=None):
        typed = {name: getattr(self, name) for name in FIELDS}
        words = {n: self.vectors.find(text) or text.strip() for n, text in typed.items()}
        wrong = {name: self._why_not(word) for name, word in words.items()}
        for name, hint in self._hints.items():
            hint.value = wrong[name]
        if any(wrong.values()):
            before = html.Markup('The previous question:<div class="w2v-old">{}</div>')
            self._result.value = before.format(self._answered)
            return
        asked = list(words.values())
        self.answers = self.vectors.analogy(*asked, self.k, self.table)
        self._answered = self._result.value = answers_in_html(asked, self.answers)

    def _why_not(self, word):
        """What is wrong with a word, in a few words, or nothing if it has a vector."""
        try:
            self.vectors.index(word)
        except UnknownWordError as error:
            near = f" Near: {', '.join(error.near[:3])}." if error.near else ""
            said = f"'{word}' has no vector.{near}" if word else "Type a word."
            return html.Markup(
                '<div role="alert" style="line-height:1.3;font-style:italic">{}</div>'
            ).format(said)
        return ""


def answers_in_html(asked, answers):
    """Show answers as bars, and say what was left out.

    Parameters
    ----------
    asked : sequence of str
        The words a, b and c.
    answers : list of vectors.Neighbor

    Returns
    -------
    Markup
    """
    bars = html.bar_chart(
        [
            (n.word, f"{n.cosine:.2f}", html.bar(n.cosine, figures.BLUE), n.seen)
            for n in answers
        ]
    )
    left_out = ", ".join(dict.fromkeys(asked))
    return html.Markup(
        "<b>{0}</b> is to <b>{1}</b> as <b>{2}</b> is to …{3}The numbers are cosines with "
        "<b>{1}</b> − <b>{0}</b> + <b>{2}</b>. Left out of the answers: {4}."
    ).format(*asked, bars, left_out)
