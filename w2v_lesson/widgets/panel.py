"""The training panel of chapter 05: watch a training, pause it, go on, stop."""

import threading
import time

import ipywidgets as W
import traitlets as T

from w2v_lesson import figures
from w2v_lesson.by_hand import constant_guess_loss
from w2v_lesson.training import calling_on_interrupt
from w2v_lesson.vectors import WordVectors
from w2v_lesson.widgets import html
from w2v_lesson.widgets.progress import epoch_line, losses_in_words
from w2v_lesson.widgets.shown import SECONDS_BETWEEN_DRAWINGS, Fault
from w2v_lesson.wording import time_left

NEAREST = 4
IN_WORDS = {
    "ready": "Ready to train.",
    "running": "Training …",
    "paused": "Paused. The weights are kept, and Resume continues.",
    "stopped": "Stopped. The weights are kept, and Resume continues.",
    "done": "Done.",
    "failed": "Failed.",
}


class TrainingPanel(W.VBox):
    """A training with Pause, Resume, and Stop, its loss curve, and the neighbors so far.

    The training has a thread of its own, so neither the page nor the kernel waits for it;
    `wait` does. If you display the panel again, for example after reloading the page, it
    shows the same training. `state` can be read and observed.

    Parameters
    ----------
    training : training.Training
    num_epochs : int
        Epochs to train in total.
    vocab : vocabulary.Vocab
        The vocabulary of the training's data.
    probes : iterable of str, optional
        Words whose nearest words are shown as they change.

    Attributes
    ----------
    history : dict of float to dict of str to list of str
        The nearest words of each probe by epoch.

    Raises
    ------
    UnknownWordError
        If a probe has no vector.
    """

    state = T.Enum(tuple(IN_WORDS), "ready")

    def __init__(self, training, num_epochs, vocab, probes=()):
        self.training, self.num_epochs = training, num_epochs
        self.vocab, self.probes, self.history = vocab, tuple(probes), {}
        self._thread, self._lock, self._ended = None, threading.Lock(), threading.Event()
        self._error, self._drawn, self._between = None, 0.0, None
        self._bar = W.FloatProgress(max=num_epochs, layout={"width": "200px"})
        self._status, self._fault = W.HTML(), Fault()
        self._curve, self._words = W.HTML(), W.HTML()
        self.pause = _button("Pause", lambda _: self.halt("paused"))
        self.go_on = _button("Resume", lambda _: self.start())
        self.stop = _button("Stop", lambda _: self.halt("stopped"))
        buttons = W.HBox([self.pause, self.go_on, self.stop, self._bar])
        super().__init__([buttons, self._status, self._fault, self._curve, self._words])
        self.observe(self._show_state, "state")
        self._show_state()
        self._draw()

    def __repr__(self):
        return "The training panel; run this cell to use it."

    def start(self):
        """Start or continue the training in a thread, and return at once."""
        with self._lock:
            if self._is_done():
                self.state = "done"
                self._ended.set()
                return
            self.state, self._error, self._fault.value = "running", None, ""
            self._ended.clear()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def halt(self, state="stopped"):
        """Ask the training to end after the current step.

        Parameters
        ----------
        state : {"stopped", "paused"}, default "stopped"
            With "stopped", `wait` ends.
        """
        with self._lock:
            if self.state in ("running", "paused"):
                self.state = state
                self.training.stop()
                if self._thread is None and state == "stopped":  # it was paused
                    self._ended.set()

    def wait(self):
        """Wait until the training is done or stopped, then print and draw the losses.

        This starts the training if necessary, and keeps waiting while it is paused. The
        notebook's stop button stops the training.

        Raises
        ------
        FloatingPointError
            If the loss diverged.
        """
        if self.state not in ("running", "paused"):
            self.start()
        with calling_on_interrupt(self.halt):
            self._ended.wait()
        if self._error:
            raise self._error
        for record in self.training.records:
            if record.epoch_loss is not None:
                print(epoch_line(record))
        if not self._is_done():
            print(f"Stopped at epoch {self._epoch:.2f}. Run this cell again to go on.")
        figures.show(
            self._loss_curve(),
            losses_in_words(self.training),
        )

    def _loss_curve(self):
        guess = constant_guess_loss(self.training.data_iter.num_noise_words)
        return figures.loss_curve(self.training.records, self.num_epochs, guess)

    @property
    def _epoch(self):
        return self.training.records[-1].epoch if self.training.records else 0.0

    def _is_done(self):
        return self.training.epochs_done >= self.num_epochs

    # In the thread

    def _run(self):
        try:
            while self._goes_on():
                for _ in self.training.run(self.num_epochs):
                    if self.state != "running":  # pressed before the run had begun
                        self.training.stop()
                    self._follow()
                self._draw()
        except Exception as error:  # it would be lost in the thread
            self._fault.say(error)
            with self._lock:
                self._error, self.state, self._thread = error, "failed", None
                self._ended.set()

    def _goes_on(self):
        with self._lock:
            if self._is_done():
                self.state = "done"
            if self.state == "running":
                return True
            self._thread = None
            if self.state != "paused":
                self._ended.set()
            return False

    # What is seen

    def _follow(self):
        last = self.training.records[-1]
        self._bar.value = last.epoch
        self._status.value = self._in_words()
        at_end = last.epoch_loss is not None
        if at_end or time.monotonic() - self._drawn > SECONDS_BETWEEN_DRAWINGS:
            self._draw()

    def _draw(self):
        figure = self._loss_curve()
        self._curve.value = figures.to_html(figure, losses_in_words(self.training))
        vectors = WordVectors.from_net(self.training.net, self.vocab)
        found = {w: [n.word for n in vectors.similar(w, NEAREST)] for w in self.probes}
        self.history.pop(self._between, None)
        self._between = self._epoch if self._epoch % 1 else None
        self.history[self._epoch] = found
        self._words.value = neighbors_table(self.history, self.probes)
        self._drawn = time.monotonic()

    def _show_state(self, _=None):
        running = self.state == "running"
        self.pause.disabled = not running
        self.stop.disabled = self.state not in ("running", "paused")
        self.go_on.disabled = running or self.state == "done"
        self.go_on.description = "Start" if self.state == "ready" else "Resume"
        self._status.value = self._in_words()

    def _in_words(self):
        if self.state != "running" or not self.training.records:
            return f"Epoch {self._epoch:.2f}. {IN_WORDS[self.state]}"
        last = self.training.records[-1]
        return (
            f"epoch {last.epoch:.2f} of {self.num_epochs} · loss {last.loss:.3f} nats per "
            f"pair · {last.centers_per_second:,.0f} centers/s · "
            f"{time_left(last.seconds_left)}"
        )


def neighbors_table(history, probes):
    """Show nearest words by epoch, with those in bold that the row above does not have.

    Parameters
    ----------
    history : dict of float to dict of str to list of str
        For each epoch the nearest words of each probe.
    probes : sequence of str

    Returns
    -------
    Markup or str
        Empty without probes.
    """
    if not probes:
        return ""
    rows, before = [], None
    for epoch in sorted(history):
        name = f"{epoch:.2f}" if epoch % 1 else f"{epoch:.0f}"
        near = [_new_in_bold(history[epoch][p], before and before[p]) for p in probes]
        rows.append([name, *near])
        before = history[epoch]
    return html.table(
        "l" * (1 + len(probes)),
        rows,
        ["epoch", *probes],
        caption="Nearest words by epoch, with new ones in bold",
    )


def _new_in_bold(words, before):
    bold = html.Markup("<b>{}</b>")
    return html.Markup(", ").join(
        bold.format(word) if before and word not in before else word for word in words
    )


def _button(description, on_click):
    button = W.Button(description=description, layout={"width": "90px"})
    button.on_click(on_click)
    return button
