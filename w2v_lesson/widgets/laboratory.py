"""The laboratory of chapter 09: turn a knob, train, compare."""

import math
import time

import ipywidgets as W

from w2v_lesson import figures
from w2v_lesson.engine.warm_up import is_compiled
from w2v_lesson.judge.experiments import Experiments
from w2v_lesson.settings import Settings
from w2v_lesson.widgets import html
from w2v_lesson.widgets.background import BackgroundWork
from w2v_lesson.widgets.progress import COMPILING
from w2v_lesson.widgets.shown import SECONDS_BETWEEN_DRAWINGS
from w2v_lesson.wording import time_left

CURVES = 4  # runs in the figure; the table keeps all
KNOBS = {
    "embed_size": [10, 25, 50, 100, 200],
    "max_window_size": [1, 2, 3, 5, 8, 10],
    "num_noise_words": [1, 2, 5, 10, 15],
    "threshold": [1e-5, 1e-4, 1e-3, 1e-2, 1.0],
    "lr": [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05],
    "num_epochs": [1, 2, 3, 5, 10, 20],
}
SHORT = {  # for the table
    "embed_size": "size",
    "max_window_size": "window",
    "num_noise_words": "K",
    "threshold": "t",
    "lr": "lr",
    "num_epochs": "epochs",
}
MEANING = {
    "embed_size": "numbers in a vector",
    "max_window_size": "words to each side",
    "num_noise_words": "noise words per context",
    "threshold": "subsampling, share of the text",
    "lr": "learning rate",
    "num_epochs": "passes over the text",
}


class Laboratory(W.VBox):
    """Six knobs, Train and Stop, the loss curves of the runs and a table of results.

    Training happens in a thread of its own, so that the page never waits.

    Parameters
    ----------
    experiments : judge.experiments.Experiments, optional
        By default those on the Penn Treebank.

    Attributes
    ----------
    results : list of judge.experiments.Result
    """

    def __init__(self, experiments=None):
        self.experiments = experiments or Experiments()
        self.results, self._work = [], BackgroundWork(self._run)
        self.knobs = {name: _knob(name) for name in KNOBS}
        self.train = W.Button(description="Train", button_style="primary")
        self.stop = W.Button(description="Stop", disabled=True)
        self._status = W.HTML("Choose settings, then press Train.")
        self._curve, self._table = W.HTML(), W.HTML()
        self.train.on_click(lambda _: self.start())
        self.stop.on_click(lambda _: self.halt())
        rows = W.GridBox(
            [W.HBox([knob, W.Label(MEANING[name])]) for name, knob in self.knobs.items()],
            layout={"grid_template_columns": "repeat(auto-fill, minmax(540px, 1fr))"},
        )
        buttons = W.HBox([self.train, self.stop])
        super().__init__([rows, buttons, self._status, self._curve, self._table])

    def __repr__(self):
        return "The laboratory; run this cell to use it."

    @property
    def settings(self):
        """The settings that the knobs show."""
        return Settings(**{name: knob.value for name, knob in self.knobs.items()})

    @settings.setter
    def settings(self, settings):
        for name, knob in self.knobs.items():
            knob.value = getattr(settings, name)

    def start(self):
        """Train with the settings shown, in a thread; return at once."""
        if self._work.is_running:
            return
        self.train.disabled, self.stop.disabled = True, False
        self._status.value = "Preparing …"
        self._work.start(self.settings)

    def halt(self):
        """Stop the training after the step under way."""
        self._work.halt()

    def wait(self):
        """Wait for the training to end; return at once if none was started."""
        self._work.join()

    def _run(self, settings):
        self._drawn = 0.0
        try:
            result = self.experiments.run(settings, self._watch)
            self.results.append(result)
            self._status.value = html.escape(_in_words(len(self.results), result))
            self._draw_table()
            self._draw({})
        except Exception as error:  # it would be lost in the thread
            said = html.Markup("<b>{}</b> The table is kept.")
            self._status.value = said.format(error)
        finally:
            self.train.disabled, self.stop.disabled = False, True

    def _watch(self, training):
        self._work.follow(training)
        if not training.records and training.engine.name == "fused" and not is_compiled():
            self._status.value = COMPILING
        if training.records and time.monotonic() - self._drawn > SECONDS_BETWEEN_DRAWINGS:
            last = training.records[-1]
            self._status.value = (
                f"epoch {last.epoch:.2f}, loss {last.loss:.3f} nats per pair, "
                f"{last.centers_per_second:,.0f} centers/s, {time_left(last.seconds_left)}"
            )
            self._draw({f"run {len(self.results) + 1}": training.records})
            self._drawn = time.monotonic()

    def _draw(self, now):
        runs = {f"run {i + 1}": r.records for i, r in enumerate(self.results) if r.records}
        runs = dict(list({**runs, **now}.items())[-CURVES:])
        if runs:
            longest = max(self.settings.num_epochs, *(r[-1].epoch for r in runs.values()))
            figure = figures.compare_runs(runs, longest)
            text = "Loss curves. " + " ".join(
                _in_words(i + 1, result) for i, result in enumerate(self.results)
            )
            self._curve.value = figures.to_html(figure, text)

    def _draw_table(self):
        self._table.value = results_table(self.results)


def _knob(name):
    return W.SelectionSlider(
        options=[(f"{value:g}", value) for value in KNOBS[name]],
        value=getattr(Settings, name),
        description=name,
        continuous_update=False,
        style={"description_width": "130px"},
        layout={"width": "340px"},
    )


def _in_words(number, result):
    if result.failure and result.failure != "stopped":
        return f"Run {number} failed. {result.failure}"
    ended = f"stopped at epoch {result.epochs:.2f}" if result.failure else "done"
    loss = result.heldout_loss
    judged = "" if math.isnan(loss) else f"held-out loss {loss:.3f}, "
    return f"Run {number} {ended} in {result.seconds:.1f} s: {judged}AUC {result.auc:.3f}."


def results_table(results):
    """Show results as two tables, each with a row for each run.

    The nearest words have a table of their own, so that a narrow page has room for all.

    Parameters
    ----------
    results : list of judge.experiments.Result

    Returns
    -------
    Markup
    """
    header = ["run", *SHORT.values(), "seconds", "held-out", "AUC", "WordSim ρ"]
    rows = [_cells(number, result) for number, result in enumerate(results, start=1)]
    probes = next((list(r.neighbors) for r in results if r.neighbors), [])
    near = [
        [number, *(", ".join(result.neighbors.get(word, ["–"])) for word in probes)]
        for number, result in enumerate(results, start=1)
    ]
    nearest_header = ["run", *(f"nearest to {word}" for word in probes)]
    return _table(header, rows) + (_table(nearest_header, near) if probes else "")


def _table(header, rows):
    return html.table("l" * len(header), rows, header, row_names=False)


def _cells(number, result):
    cells = [number, *(f"{getattr(result.settings, name):g}" for name in SHORT)]
    cells.append(f"{result.seconds:.1f}")
    if not result.neighbors:
        return [*cells, result.failure]
    rho = result.wordsim
    loss = result.heldout_loss
    cells += [
        "–" if math.isnan(loss) else f"{loss:.3f}",
        f"{result.auc:.3f}",
        f"{rho.rho:.2f} ({rho.covered} of {rho.total} pairs)",
    ]
    return cells
