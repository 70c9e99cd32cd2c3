"""The training panel of chapter 05: watch a training, pause it, resume it, stop it."""

import threading
import time
from weakref import WeakValueDictionary

import ipywidgets as W
import traitlets as T

from w2v_lesson import figures
from w2v_lesson.by_hand import constant_guess_loss
from w2v_lesson.training import calling_on_interrupt
from w2v_lesson.vectors import WordVectors, unit_length
from w2v_lesson.widgets import html
from w2v_lesson.widgets.busy import answering_pages
from w2v_lesson.widgets.history import neighbors_table
from w2v_lesson.widgets.lost import if_lost
from w2v_lesson.widgets.plane import Plane, parse_groups
from w2v_lesson.widgets.progress import TimeLeft, epoch_line, losses_in_words
from w2v_lesson.widgets.shown import SECONDS_BETWEEN_DRAWINGS, Fault
from w2v_lesson.widgets.style import Page, button, columns, row

SECONDS_BETWEEN_MOVES = 0.25
NEAREST = 4
IN_WORDS = {
    "ready": "Ready. Press Start to train.",
    "running": "Training …",
    "paused": "Paused. The weights are kept, and Resume continues.",
    "stopped": "Stopped. The weights are kept, and Resume continues.",
    "done": "Done.",
    "failed": "Failed.",
}
NO_NUMBERS = "&nbsp;"  # an empty line would go, and what is below would jump up
GO_ON = {"ready": "Start", "done": "Train one more epoch"}  # otherwise "Resume"
LOST = (
    "The kernel that trained here is gone, so this panel shows only where it was. To train "
    "again, run the cells from the top of the chapter."
)
_panels = WeakValueDictionary()  # by the id of their training, which they keep alive


def watch_training(training, num_epochs, vocab, **options):
    """Return the panel of a training, which is a new one only for a new training.

    So a cell that is run again shows the same panel, and no second training begins.

    Parameters
    ----------
    training : training.Training
    num_epochs : int
        Epochs to train in total.
    vocab : vocabulary.Vocab
        The vocabulary of the training's data.
    **options
        `probes`, `groups`, and `like`, as in `TrainingPanel`.

    Returns
    -------
    TrainingPanel
    """
    panel = _panels.get(id(training))
    return panel or TrainingPanel(training, num_epochs, vocab, **options)


class TrainingPanel(Page):
    """A training with Pause, Resume, and Stop, its loss curve, a map, and neighbors.

    The training has a thread of its own, so neither the page nor the kernel waits for it;
    `wait` does. If you display the panel again, for example after reloading the page, it
    shows the same training. When another panel begins to train, this one stops. `state`
    can be read and observed.

    Parameters
    ----------
    training : training.Training
    num_epochs : int
        Epochs to train in total.
    vocab : vocabulary.Vocab
        The vocabulary of the training's data.
    probes : iterable of str, optional
        Words whose nearest words are shown as they change.
    groups : str, optional
        Words to show on a map as they move, for example "months: june july; oil gas".
    like : vectors.WordVectors, optional
        What an earlier training with the same settings and seed has led to. The map then
        keeps to the plane in which those vectors differ most. Without it, or if they come
        from other first weights, the plane follows the training.

    Attributes
    ----------
    history : dict of float to dict of str to list of str
        The nearest words of each probe by epoch.
    plane : Plane or None
        The map.

    Raises
    ------
    UnknownWordError
        If a probe has no vector.
    ValueError
        If a word of the map has none.
    """

    state = T.Enum(tuple(IN_WORDS), "ready")

    def __init__(self, training, num_epochs, vocab, probes=(), groups="", like=None):
        self.training, self.num_epochs = training, num_epochs
        self.vocab, self.probes, self.history = vocab, tuple(probes), {}
        self._thread, self._lock, self._ended = None, threading.Lock(), threading.Event()
        self._error, self._drawn, self._moved, self._between = None, 0.0, 0.0, None
        self._time_left = TimeLeft()
        self._bar = W.FloatProgress(max=num_epochs, layout={"width": "100%"})
        self._status, self._fault = W.HTML(), Fault()
        self._status.add_class("w2v-state")
        self._numbers = W.HTML(NO_NUMBERS)
        self._curve, self._words = W.HTML(), W.HTML()
        self.plane = parse_groups(groups) and self._make_plane(groups, like)
        self.go_on = button("Start", lambda _: self.resume())
        self.pause = button("Pause", lambda _: self.halt("paused"))
        self.stop = button("Stop", lambda _: self.halt("stopped"))
        pictures = [self._curve, self.plane] if self.plane else [self._curve]
        super().__init__(
            [
                if_lost(LOST),
                row(self.go_on, self.pause, self.stop, self._status),
                self._bar,
                self._numbers,
                self._fault,
                columns(*pictures, least="340px"),
                self._words,
            ]
        )
        self.add_class("w2v-said-lost")
        _panels[id(training)] = self
        if self._is_done():
            self.state = "done"
            self._ended.set()
        self.observe(self._show_state, "state")
        self._show_state()
        self._draw()

    def __repr__(self):
        return "The training panel; run this cell to use it."

    def _make_plane(self, groups, like):
        plane = Plane(self.vocab, parse_groups(groups))
        if like is not None and _have_common_origin(self._center(), like.center):
            plane.fix(like.center)
        return plane

    def _center(self):
        return self.training.net[0].weight.data().asnumpy()

    def start(self):
        """Begin the training in a thread, and return at once.

        If the training has begun already, this does nothing. In particular, it doesn't
        resume what a reader has stopped.
        """
        if self.state == "ready":
            self.resume()

    def resume(self):
        """Start or continue the training, as the button does; one more epoch if it is done."""
        for other in list(_panels.values()):
            if other is not self:
                other.halt()
        with self._lock:
            if self.state == "running":
                return
            if self._is_done():
                self.num_epochs += 1
            self._time_left, self._bar.max = TimeLeft(), self.num_epochs
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

        This starts a training that has not begun, and keeps waiting while it is paused. A
        training that was stopped stays stopped. The notebook's stop button stops it, too.

        Raises
        ------
        FloatingPointError
            If the loss diverged.
        """
        self.start()
        if self.state == "paused":
            print("The training is paused. This cell waits until you press Resume or Stop.")
        with calling_on_interrupt(self.halt), answering_pages():
            self._ended.wait()
        if self._error:
            raise self._error
        for record in self.training.records:
            if record.epoch_loss is not None:
                print(epoch_line(record))
        if not self._is_done():
            print(
                f"Stopped at epoch {self._epoch:.2f} of {self.num_epochs}. To go on, press "
                "Resume in the panel, then run this cell again."
            )
        figures.show(self._loss_curve(), losses_in_words(self.training))

    def _loss_curve(self, **size):
        guess = constant_guess_loss(self.training.data_iter.num_noise_words)
        return figures.loss_curve(self.training.records, self.num_epochs, guess, **size)

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
        last, now = self.training.records[-1], time.monotonic()
        self._bar.value = last.epoch
        if self.state == "running":
            left = self._time_left(last.epoch, self.num_epochs)
            self._numbers.value = (
                f"epoch {last.epoch:.2f} of {self.num_epochs} · loss {last.loss:.3f} nats "
                f"per pair · {last.centers_per_second:,.0f} centers/s · {left}"
            )
        else:
            self._show_state()  # the epoch has gone on a little
        if last.epoch_loss is not None or now - self._drawn > SECONDS_BETWEEN_DRAWINGS:
            self._draw()
        elif self.plane and now - self._moved > SECONDS_BETWEEN_MOVES:
            self._move()

    def _draw(self):
        figure = (
            self._loss_curve(width=4.4, height=3.6) if self.plane else self._loss_curve()
        )
        self._curve.value = figures.to_html(figure, losses_in_words(self.training))
        self._move()
        vectors = WordVectors.from_net(self.training.net, self.vocab)
        found = {w: [n.word for n in vectors.similar(w, NEAREST)] for w in self.probes}
        self.history.pop(self._between, None)
        self._between = self._epoch if self._epoch % 1 else None
        self.history[self._epoch] = found
        self._words.value = neighbors_table(self.history, self.probes)
        self._drawn = time.monotonic()

    def _move(self):
        if self.plane:
            self.plane.move(self._center())
            self._moved = time.monotonic()

    def _show_state(self, _=None):
        running = self.state == "running"
        self.pause.disabled = not running
        self.stop.disabled = self.state not in ("running", "paused")
        self.go_on.disabled = running
        self.go_on.description = GO_ON.get(self.state, "Resume")
        wanted = self.state in ("ready", "paused", "stopped")
        self.go_on.button_style = "primary" if wanted else ""
        said = IN_WORDS[self.state]
        if self.state not in ("ready", "running"):
            said = f"Epoch {self._epoch:.2f} of {self.num_epochs}. {said}"
            self._numbers.value = NO_NUMBERS
        if self.state == "done":
            self._bar.value = self.num_epochs
        self._status.value = html.Markup('<span role="status">{}</span>').format(said)


def _have_common_origin(first, trained):
    """Tell whether vectors were trained from these first ones: they still point their way.

    For the Penn Treebank, the mean cosine is 0.27 then, and otherwise within 0.01 of 0.
    """
    if first.shape != trained.shape:
        return False
    return (unit_length(first) * unit_length(trained)).sum(axis=1).mean() > 0.1
