"""The map of the words of one run, which moves to those of another. Chapter 09."""

import ipywidgets as W
import traitlets as T

from w2v_lesson.widgets import html
from w2v_lesson.widgets.plane import MIN_WORDS, Plane

GROUPS = {
    "months": "january march june july august october december",
    "countries": "japan germany france britain canada italy",
    "computing": "chip computer software ibm microprocessor intel",
    "energy": "oil gas crude pipeline drilling barrels",
}


class RunMap(W.VBox):
    """A map with a line that says whose words it shows; empty if the text lacks the words.

    Parameters
    ----------
    vocab : Vocab or sequence of str

    Attributes
    ----------
    number : int
        The run to show. If it is not there, the last one is shown.
    focus : str
        The word that was clicked.
    """

    focus = T.Unicode()

    def __init__(self, vocab):
        self.number, self._vectors, self._title = 0, None, W.HTML()
        known = {
            name: [w for w in words.split() if w in vocab] for name, words in GROUPS.items()
        }
        groups = {name: words for name, words in known.items() if words}
        self._plane = None
        super().__init__()
        if sum(map(len, groups.values())) >= MIN_WORDS:
            self._plane = Plane(vocab, groups)
            T.dlink((self._plane, "focus"), (self, "focus"))

    def show(self, shown):
        """Move the words to where the chosen run has them.

        Parameters
        ----------
        shown : list of widgets.runs.Shown
        """
        runs = {run.number: run for run in shown if run.vectors is not None}
        if not runs or self._plane is None:
            self.children = ()  # nothing stays of a run that was removed
            return
        run = runs.get(self.number) or list(runs.values())[-1]
        title = html.Markup("Map of run {}: {}").format(run.number, run.name)
        self._title.value = title
        if run.vectors is not self._vectors:
            self._plane.move(run.vectors.center)
            self._vectors = run.vectors
        if not self.children:
            self.children = self._title, self._plane
