"""The list of runs in the laboratory, and the table that compares them. Chapter 09."""

import math
from typing import NamedTuple

import ipywidgets as W

from w2v_lesson.figures.runs import run_look
from w2v_lesson.settings import Settings
from w2v_lesson.vectors import WordVectors
from w2v_lesson.widgets import html
from w2v_lesson.widgets.knobs import in_short
from w2v_lesson.widgets.style import button, named, row

NEAREST = 4


class Shown(NamedTuple):
    """A run, finished or not, as the pictures and the tables show it.

    Parameters
    ----------
    number : int
    name : str
    settings : Settings
    records : list of training.Record
    vectors : vectors.WordVectors or None
    """

    number: int
    name: str
    settings: Settings
    records: list
    vectors: WordVectors | None


class Run(W.VBox):
    """A line of the list: whether the run is shown, its name, buttons, and how it ended.

    Parameters
    ----------
    number : int
    result : judge.experiments.Result
    on_change, on_map, on_copy, on_remove : callable
        Called with this run when it is renamed, shown, or hidden, and when one of its
        buttons is pressed.

    Attributes
    ----------
    number : int
    result : judge.experiments.Result
    """

    def __init__(self, number, result, on_change, on_map, on_copy, on_remove):
        self.number, self.result = number, result
        self.visible = W.Checkbox(
            True, description=f"run {number}", indent=False, layout={"width": "62px"}
        )
        self.title = W.Text(
            in_short(result.settings),
            continuous_update=False,
            layout={"flex": "1 1 120px", "width": "auto", "min_width": "0"},
        )
        named(f"name of run {number}", self.title)
        self.map, self.copy, self.remove = (
            button(text, lambda _, act=act: act(self), tooltip=f"{text}: run {number}")
            for text, act in (
                ("Map", on_map),
                ("Copy settings", on_copy),
                ("Remove", on_remove),
            )
        )
        for control in (self.visible, self.title):
            control.observe(lambda _: on_change(self), "value")
        mark = W.HTML(swatch(number))
        self.map.disabled = result.vectors is None
        line = [self.visible, mark, self.title, self.map, self.copy, self.remove]
        super().__init__([row(*line), W.HTML(_small(judged(result)))])

    @property
    def shown(self):
        """This run as the pictures show it."""
        result = self.result
        return Shown(
            self.number, self.title.value, result.settings, result.records, result.vectors
        )


def _small(text):
    return html.Markup("<small>{}</small>").format(text)


def swatch(number):
    """Draw the line and the mark of a run, as in the picture of the curves.

    Parameters
    ----------
    number : int

    Returns
    -------
    Markup
    """
    color, shape = run_look(number)
    return html.Markup(
        '<svg width="30" height="14" viewBox="-15 -7 30 14" aria-hidden="true" fill="{}">'
        '<path d="M-15 0h30" stroke="{}" stroke-width="1.5"/>{}</svg>'
    ).format(color, color, html.Markup(shape))


def under_way(shown):
    """Name a run that is still training, as the list does when it has ended.

    Parameters
    ----------
    shown : Shown

    Returns
    -------
    Markup
    """
    return html.Markup("run {} {} {}, training").format(
        shown.number, swatch(shown.number), shown.name
    )


def judged(result):
    """Write what a result was judged to be, in a form that lines up below others.

    Parameters
    ----------
    result : judge.experiments.Result

    Returns
    -------
    str
    """
    if result.vectors is None or result.diverged:
        return result.outcome
    return (
        f"held-out loss {_number(result.heldout_loss, 3)} · AUC {_number(result.auc, 3)} · "
        f"WordSim ρ {_number(result.wordsim.rho, 2)} · {result.outcome}"
    )


def _number(value, digits):
    return "–" if math.isnan(value) else f"{value:.{digits}f}"


def neighbors_table(shown, words):
    """Compare the nearest words of each run; those that the first one lacks are bold.

    Parameters
    ----------
    shown : list of Shown
    words : list of str

    Returns
    -------
    Markup or str
        Empty if there is nothing to compare.
    """
    shown = [run for run in shown if run.vectors is not None]
    if not shown or not words:
        return ""
    rows, first = [], None
    for run in shown:
        near = [[n.word for n in run.vectors.similar(word, NEAREST)] for word in words]
        first = first or near
        rows.append([run.number, *map(html.new_in_bold, near, first)])
    columns, header = "l" * (1 + len(words)), ["run", *words]
    caption = f"Nearest words, in bold if run {shown[0].number} does not have them"
    return html.table(columns, rows, header, caption=caption)
