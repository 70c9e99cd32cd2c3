"""A map of all words that moves as their vectors change. Chapters 05, 06, and 09."""

import threading
from pathlib import Path

import anywidget
import numpy as np
import traitlets as T

from w2v_lesson.figures.style import PALETTE
from w2v_lesson.vectors import principal_components, unit_length
from w2v_lesson.vocabulary import UNKNOWN
from w2v_lesson.widgets.style import script

# What draws the map. The site uses it, too.
PARTS = ("make.js", "plane_places.js", "plane_paint.js", "plane_hand.js", "plane.js")
CSS = Path(__file__).with_suffix(".css")
MIN_WORDS = 3
MAX_NEIGHBORS = 10


class Plane(anywidget.AnyWidget):
    """A map of words, on which you can zoom, drag, and click.

    The words of the groups have markers and labels, and all other words are faint dots. A
    click on a word joins it with its nearest words. The map is empty until the first `move`.

    `groups`, `focus`, and `neighbors` can be read, set, and observed. The view goes back to
    showing everything when the groups change.

    Parameters
    ----------
    words : Vocab or list of str
        One word for each row of the matrices that `move` gets.
    groups : dict of str to list of str
        The words with a label, three at least, by the name of their group.
    axes : array, shape (2, embed_size), optional
        Two directions of length 1, for a plane that stays fixed. Without them (and without
        `fix`), `move` chooses the plane.
    **state
        `focus` or `neighbors` to begin with.

    Attributes
    ----------
    focus : str
        The word that is joined with its nearest words, "" for none.
    neighbors : int
        How many nearest words it is joined with.
    explained : array, shape (2,), or None
        Each axis's share of the variance of the groups' words, if `move` chose the plane.

    Raises
    ------
    ValueError
        If there are fewer than three words in the groups, or if one of them or the focus
        is not among the words.
    """

    _esm = script(*PARTS, "plane_widget.js")
    _css = PALETTE + CSS.read_text("utf-8")

    words = T.List(T.Unicode()).tag(sync=True)
    groups = T.Dict().tag(sync=True)
    points = T.Bytes().tag(sync=True)  # float32, shape (words, 2)
    frame = T.List(T.Float()).tag(sync=True)  # middle, half the width and height; or empty
    focus = T.Unicode().tag(sync=True)
    neighbors = T.Int(5, min=0, max=MAX_NEIGHBORS)
    answer = T.Dict().tag(sync=True)  # the nearest words of the focus, all cosines with it

    def __init__(self, words, groups, axes=None, **state):
        words = getattr(words, "idx_to_token", words)
        self._rows = {word: row for row, word in enumerate(words) if word != UNKNOWN}
        self._unknown = [row for row, word in enumerate(words) if word == UNKNOWN]
        self._unit, self._lock = None, threading.Lock()
        self._axes, self._origin, self.explained = axes, 0.0, None
        # The words first, because groups and focus are checked against them.
        super().__init__(
            words=list(words),
            groups=groups,
            answer={"word": "", "near": [], "cosines": b""},
            **state,
        )

    def __repr__(self):
        return "The map of words; run this cell to use it."

    @T.validate("groups")
    def _check_groups(self, proposal):
        grouped = [word for group in proposal["value"].values() for word in group]
        if len(grouped) < MIN_WORDS:
            raise ValueError(
                f"A map needs {MIN_WORDS} words or more, but it has {len(grouped)}. Add more "
                "words."
            )
        self._check_known(grouped)
        return proposal["value"]

    @T.validate("focus")
    def _check_focus(self, proposal):
        if proposal["value"]:
            self._check_known([proposal["value"]])
        return proposal["value"]

    def _check_known(self, words):
        unknown = next((word for word in words if word not in self._rows), None)
        if unknown is not None:
            raise ValueError(f"'{unknown}' is not among the words of the map.")

    def fix(self, vectors):
        """Choose the plane in which these vectors differ most, and keep it from now on.

        Parameters
        ----------
        vectors : array, shape (words, embed_size)
            For example those that an earlier training has led to. The view is chosen so
            that it has room for them.
        """
        grouped = unit_length(np.asarray(vectors))[self._grouped_rows()]
        self._axes, _ = principal_components(grouped)
        self._origin = grouped.mean(axis=0)
        places = (grouped - self._origin) @ self._axes.T
        low, high = places.min(axis=0), places.max(axis=0)
        self.frame = [*((low + high) / 2).tolist(), *((high - low) / 2).tolist()]

    def move(self, vectors):
        """Show where the words are now; any thread may call this.

        If the plane is not fixed, it is the one in which the words of the groups differ
        most now, turned (and mirrored, if necessary) so that these words are as close as
        possible to where they were.

        Parameters
        ----------
        vectors : array, shape (words, embed_size)
            Their lengths don't matter.
        """
        unit = unit_length(np.asarray(vectors, np.float32))
        with self._lock:
            points = self._project(unit)
            points[self._unknown] = np.nan  # the page leaves it out
            self._unit = unit
            with self.hold_sync():
                self.points = points.tobytes()
                self._answer()

    def show_all(self):
        """Undo zooming and dragging."""
        self.send("show all")

    @T.observe("focus", "neighbors")
    def _answer_now(self, _):
        with self._lock:
            self._answer()

    def _grouped_rows(self):
        return [self._rows[word] for group in self.groups.values() for word in group]

    def _project(self, unit):
        """Return the places in the plane, a float32 array of shape (words, 2)."""
        if self._axes is not None:
            return ((unit - self._origin) @ np.asarray(self._axes).T).astype(np.float32)
        rows = self._grouped_rows()
        axes, self.explained = principal_components(unit[rows])
        places = (unit - unit[rows].mean(axis=0)) @ axes.T
        if self.points:
            before = np.frombuffer(self.points, np.float32).reshape(-1, 2)[rows]
            places = places @ turn(places[rows], before)
        return places.astype(np.float32)

    def _answer(self):
        near, cosines = [], np.empty(0, np.float32)
        if self.focus and self._unit is not None:
            row = self._rows[self.focus]
            cosines = self._unit @ self._unit[row]
            best = np.argsort(-cosines, kind="stable")
            best = [
                each
                for each in best[: MAX_NEIGHBORS + 2]
                if each not in (row, *self._unknown)
            ]
            near = [self.words[each] for each in best[: self.neighbors]]
        self.answer = {"word": self.focus, "near": near, "cosines": cosines.tobytes()}


def turn(points, target):
    """Find the turn in the plane, with or without a reflection, that brings points closest.

    Parameters
    ----------
    points, target : array, shape (words, 2)

    Returns
    -------
    array, shape (2, 2)
        `points @ turn(points, target)` is as close to `target` as possible, by the sum of
        the squared distances. (This is known as the orthogonal Procrustes problem.)
    """
    left, _, right = np.linalg.svd((points - points.mean(axis=0)).T @ target)
    return left @ right


def parse_groups(text, find=str):
    """Read groups of words as a reader types them. Chapter 06.

    Parameters
    ----------
    text : str
        For example "months: june july; oil gas". A group without a name gets the name of
        its first word.
    find : callable, optional
        Called with each word as typed; returns the word to take.

    Returns
    -------
    dict of str to list of str
        For the example {"months": ["june", "july"], "oil": ["oil", "gas"]}. A word is in
        one group only, the first that names it.
    """
    groups, seen = {}, set()
    for part in text.split(";"):
        name, colon, rest = part.partition(":")
        words = dict.fromkeys(map(find, (rest if colon else part).split()))
        words = [word for word in words if word not in seen]
        seen.update(words)
        if words:
            groups.setdefault(name.strip() if colon else words[0], []).extend(words)
    return groups
