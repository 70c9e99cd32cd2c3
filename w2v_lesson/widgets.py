"""Controls for the functions of the other modules; no mathematics of its own."""

import html
import time

import ipywidgets as W
import traitlets as T
from IPython.display import display

from w2v_lesson import plots
from w2v_lesson.vectors import TABLES, UnknownWordError

# Redrawing the curve takes about 50 ms; more often than this only slows training.
SECONDS_BETWEEN_DRAWINGS = 0.5
COMPILING = "Compiling the fast engine, this once: about half a minute …"
MOST_NEIGHBOURS = 20
MOST_COMPLETIONS = 8


def compile_engine():
    """Compile the fused engine ahead; say so where that takes more than a moment."""
    # Imported here, with MXNet and numba behind it: the explorer starts without.
    from w2v_lesson.fused import compile_ahead, is_compiled

    message = W.Label(COMPILING)
    if not is_compiled():
        _display_for_now(message)
    try:
        compile_ahead()
    finally:
        message.close()


def progress_bar(training, num_epochs):
    """Run a training behind a bar that tells the seconds left."""
    if training.engine.name == "fused":
        compile_engine()
    bar = W.FloatProgress(max=num_epochs, description="training")
    left = W.Label()
    box = W.HBox([bar, left])
    _display_for_now(box)
    try:
        for record in training.run(num_epochs):
            bar.value = record.epoch
            left.value = f"about {record.seconds_left:.0f} s left"
    finally:
        box.close()


def live_curve(training, num_epochs):
    """Run a training under a live loss curve; then leave the curve as a figure.

    Prints the losses of each epoch. If it is stopped (the notebook's stop button),
    the weights so far are kept and the same call goes on.
    """
    from w2v_lesson.training import calling_on_interrupt

    if training.engine.name == "fused":
        compile_engine()
    view = W.HTML()
    _display_for_now(view)
    drawn = 0.0
    try:
        with calling_on_interrupt(training.stop):  # it may fall on the drawing, too
            for record in training.run(num_epochs):
                if record.epoch_loss is not None:
                    print(epoch_line(record))
                if time.monotonic() - drawn > SECONDS_BETWEEN_DRAWINGS:
                    figure = plots.loss_curve(training.records, num_epochs)
                    view.value = plots.to_html(figure, _in_words(training))
                    drawn = time.monotonic()
    finally:
        view.close()
    if training.epochs_done < num_epochs:
        print(
            f"Stopped at epoch {training.records[-1].epoch:.2f}. The weights so far are "
            "kept; run live_curve(training, num_epochs) again to go on from there."
        )
    plots.show(plots.loss_curve(training.records, num_epochs), _in_words(training))


def _display_for_now(widget):
    """Display without the line of text that would stay when the widget is closed."""
    bundle = widget._repr_mimebundle_()
    bundle.pop("text/plain", None)
    display(bundle, raw=True)


def epoch_line(record):
    """Losses at the end of an epoch, as a line of text."""
    line = f"epoch {record.epoch:.0f}: training loss {record.epoch_loss:.3f}"
    if record.heldout_loss is not None:
        line += f", held-out loss {record.heldout_loss:.3f}"
    return line


def _in_words(training):
    ends = [r for r in training.records if r.epoch_loss is not None]
    losses = "; ".join(epoch_line(r) for r in ends)
    return f"Loss curve. {losses or 'No epoch was completed.'}"


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


class FigureControl(W.VBox):
    """A figure that follows one control.

    draw : called with the control's value, returns (figure, alternative text)
    control : a widget with a `value`

    An error in `draw` is shown in place of the figure.
    """

    def __init__(self, draw, control):
        self._draw, self.control = draw, control
        self._picture = W.HTML()
        super().__init__([control, self._picture])
        control.observe(self._redraw, "value")
        self._redraw({"new": control.value})

    def __repr__(self):
        return "The figure above with a control; run this cell to use it."

    def _redraw(self, change):
        try:
            self._picture.value = plots.to_html(*self._draw(change["new"]))
        except Exception as error:  # a callback's error would be lost otherwise
            self._picture.value = f"<b>{html.escape(str(error))}</b>"
