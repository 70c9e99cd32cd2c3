"""The laboratory of chapter 09: turn a knob, train, look, compare."""

import functools
import time

import ipywidgets as W

from w2v_lesson.by_hand import constant_guess_loss
from w2v_lesson.engine.warm_up import is_compiled
from w2v_lesson.figures.runs import run_curves
from w2v_lesson.judge.experiments import Experiments
from w2v_lesson.settings import Settings
from w2v_lesson.vectors import UnknownWordError, WordVectors
from w2v_lesson.widgets import html
from w2v_lesson.widgets.background import BackgroundWork
from w2v_lesson.widgets.knobs import Knobs, in_code, in_short
from w2v_lesson.widgets.lost import if_lost
from w2v_lesson.widgets.progress import COMPILING
from w2v_lesson.widgets.runmap import RunMap
from w2v_lesson.widgets.runs import Run, Shown, neighbors_table, under_way
from w2v_lesson.widgets.shown import Fault, reopened
from w2v_lesson.widgets.style import GAP, WIDE_GAP, Page, button, labeled, row
from w2v_lesson.widgets.suggestions import SUGGESTIONS
from w2v_lesson.wording import time_left

SECONDS_BETWEEN_LOOKS = 0.5  # at the curves, the map, and the neighbors of a run under way
MAX_WORDS = 4
LOST = "The kernel was restarted, and the runs are gone. Run the cells above and this one again."
WELCOME = "Turn a knob or choose an experiment, then press Train."


def open_laboratory(experiments=None, results=()):
    """Return the laboratory, which is a new one only for other experiments.

    So a cell that is run again shows the same runs, and the training under way.

    Parameters
    ----------
    experiments, results
        As for `Laboratory`.

    Returns
    -------
    Laboratory
    """
    make = functools.partial(Laboratory, experiments, results)
    return reopened(Laboratory, id(experiments), make)


class Laboratory(Page):
    """Knobs and suggestions on the left; curves, runs, map, and neighbors on the right.

    Training happens in a thread of its own, so that the page never waits.

    Parameters
    ----------
    experiments : judge.experiments.Experiments, optional
        By default those on the Penn Treebank.
    results : iterable of judge.experiments.Result
        Runs to compare with from the start.

    Attributes
    ----------
    runs : list of widgets.runs.Run
        The runs that have not been removed.
    """

    def __init__(self, experiments=None, results=()):
        self.experiments = experiments or Experiments()
        self.runs, self._last_number, self._now = [], 0, None
        self._work, self._looked = BackgroundWork(self._run), 0.0
        self.knobs, self._fault, self._unknown = Knobs(), Fault(), Fault()
        self.train = button("Train", lambda _: self.start(), primary=True)
        self.stop = button("Stop", lambda _: self.halt(), disabled=True)
        self.reset = button("Reset", lambda _: self.try_out(Settings()))
        self._said, self._progress = W.HTML(_said(WELCOME)), W.HTML()
        self._curves, self._code = W.HTML(), W.HTML()
        self._list, self._under_way, self._neighbors = W.VBox(), W.HTML(), W.HTML()
        self._neighbors.add_class("w2v-neighbors")
        self._map = RunMap(getattr(self.experiments, "vocab", ()))
        self._map.observe(self._add_word, "focus")
        self.words = W.Text(
            placeholder="words, then Enter",
            value=" ".join(getattr(self.experiments, "probes", ())),
            continuous_update=False,
        )
        self.words.observe(self._redraw, "value")
        left = column(*self._left())
        super().__init__([beside((left, "1 1 270px"), (self._right(), "2.4 1 430px"))])
        self.add_class("w2v-said-lost")
        for result in results:
            self._add(result)
        self._draw()

    def __repr__(self):
        return "The laboratory; run this cell to use it."

    def _left(self):
        self.suggestions = [
            button(each.title, lambda _, each=each: self.try_out(each.settings, each.watch))
            for each in SUGGESTIONS
        ]
        return [
            if_lost(LOST),
            row(self.train, self.stop, self.reset),
            self._progress,
            self._fault,
            W.HTML("<b>Try this</b>"),
            row(*self.suggestions),
            self._said,
            self.knobs,
        ]

    def _right(self):
        curves = column(self._curves, self._list, self._under_way, self._code)
        words = labeled("neighbors of", self.words, width="100%")
        looks = column(self._map, words, self._unknown, self._neighbors)
        return beside((curves, "1 1 430px"), (looks, "1 1 430px"))

    @property
    def settings(self):
        """The settings that the knobs show."""
        return self.knobs.settings

    @settings.setter
    def settings(self, settings):
        self.knobs.settings = settings

    @property
    def results(self):
        """The results of the runs that have not been removed."""
        return [run.result for run in self.runs]

    # What buttons do

    def try_out(self, settings, watch=WELCOME):
        """Set the knobs, and say what to watch.

        Parameters
        ----------
        settings : Settings
        watch : str
        """
        self.settings = settings
        standard = any(result.settings == Settings() for result in self.results)
        if settings != Settings() and not standard:
            watch += " To have something to compare with, train the standard settings, too."
        self._said.value = _said(watch)

    def start(self):
        """Train with the settings shown, in a thread; return at once."""
        if self._work.is_running:
            return
        self.train.disabled, self.stop.disabled = True, False
        self._progress.value, self._fault.value = "Preparing …", ""
        self._map.number = self._last_number + 1
        if WELCOME in self._said.value:
            self._said.value = _said("Watch the curve, the map, and the neighbors.")
        self._work.start(self.settings)

    def halt(self):
        """Stop the training after the step under way."""
        self._work.halt()

    def wait(self):
        """Wait for the training to end; return at once if none was started."""
        self._work.join()

    def _copy(self, run):
        self._code.value = html.Markup(
            '<div role="status">To repeat run {} in a cell of this chapter (a click selects '
            'the line): <code tabindex="0" style="display:block;user-select:all">{}</code>'
            "</div>"
        ).format(run.number, in_code(run.result.settings))

    def _show_on_map(self, run):
        self._map.number = run.number
        self._draw()

    def _add_word(self, change):
        """Compare the neighbors of a word that was clicked on the map, too."""
        words = self._typed()
        if change["new"] and change["new"] not in words:
            self.words.value = " ".join([*words, change["new"]][-MAX_WORDS:])

    def _remove(self, run):
        self.runs.remove(run)
        self._code.value = ""
        self._list.children = self.runs
        self._draw()

    # In the thread

    def _run(self, settings):
        self._settings = settings  # the knobs may be turned meanwhile
        try:
            result = self.experiments.run(settings, self._watch)
            self._now = None
            run = self._add(result)
            self._said.value = _said(f"Run {run.number}: {result.outcome}.")
        except Exception as error:  # it would be lost in the thread
            self._fault.say(error)
        finally:
            self._now, self._progress.value = None, ""
            self._draw()
            self.train.disabled, self.stop.disabled = False, True

    def _watch(self, training):
        self._work.follow(training)
        if not training.records:
            waits = training.engine.name == "fused" and not is_compiled()
            self._progress.value = COMPILING if waits else "Training …"
        elif time.monotonic() - self._looked > SECONDS_BETWEEN_LOOKS:
            self._look_at(training)

    def _look_at(self, training):
        last, settings = training.records[-1], self._settings
        self._progress.value = (
            f"epoch {last.epoch:.2f}, loss {last.loss:.3f} nats per pair, "
            f"{last.centers_per_second:,.0f} centers/s, {time_left(last.seconds_left)}"
        )
        vectors = WordVectors.from_net(training.net, self.experiments.vocab)
        number, name = self._last_number + 1, in_short(settings)
        self._now = Shown(number, name, settings, training.records, vectors)
        self._draw()
        self._looked = time.monotonic()

    def _add(self, result):
        self._last_number += 1
        presses = self._redraw, self._show_on_map, self._copy, self._remove
        run = Run(self._last_number, result, *presses)
        self.runs.append(run)
        self._list.children = self.runs
        return run

    # What is seen

    def _redraw(self, _):
        self._draw()

    def _draw(self):
        shown = [run.shown for run in self.runs if run.visible.value]
        shown += [self._now] if self._now else []
        self._under_way.value = under_way(self._now) if self._now else ""
        self._curves.value = _curves(shown, self._now and self._now.number)
        self._neighbors.value = neighbors_table(shown, self._words(shown))
        self._map.show(shown)

    def _typed(self):
        return self.words.value.replace(",", " ").split()

    def _words(self, shown):
        """The words typed that have a vector; says so if one has none."""
        self._unknown.value = ""
        vectors = next((run.vectors for run in shown if run.vectors), None)
        typed = self._typed() if vectors else []
        found = {}
        for word in typed[:MAX_WORDS]:
            found[vectors.find(word)] = word
        if None in found:
            try:
                vectors.index(found.pop(None))
            except UnknownWordError as error:  # it suggests other words
                self._unknown.say(error)
        elif typed[MAX_WORDS:]:
            left_out = ", ".join(typed[MAX_WORDS:])
            self._unknown.say(
                f"The table has room for {MAX_WORDS} words. Left out: {left_out}."
            )
        return list(found)


def column(*children):
    """Lay widgets below each other.

    Parameters
    ----------
    *children : ipywidgets.Widget

    Returns
    -------
    ipywidgets.VBox
    """
    return W.VBox(children, layout={"grid_gap": GAP, "min_width": "0"})


def beside(*parts):
    """Lay widgets side by side, below each other where the page is narrow.

    Parameters
    ----------
    *parts : (ipywidgets.Widget, str)
        Each with its share of the width and the least width, as CSS `flex`.

    Returns
    -------
    ipywidgets.HBox
    """
    for part, flex in parts:
        part.layout.flex = flex
    look = {"align_items": "stretch", "grid_gap": f"{GAP} {WIDE_GAP}", "min_width": "0"}
    return row(*(part for part, _ in parts), **look)


def _said(text):
    return html.Markup('<div role="status">{}</div>').format(text)


def _curves(shown, running):
    runs = {run.number: run.records for run in shown}
    guess = [constant_guess_loss(run.settings.num_noise_words) for run in shown]
    names = "; ".join(f"{run.number}: {run.name}" for run in shown)
    standard = constant_guess_loss(Settings().num_noise_words)
    alt = f"Loss curves of the runs shown: {names}." if shown else "No runs yet."
    return run_curves(runs, max(guess, default=standard), alt, running)
