"""Chapter 04: the loss of a single pair, and gradient descent step by step."""

import ipywidgets as W
import numpy as np

from w2v_lesson import by_hand, figures
from w2v_lesson.figures.backdrop import Backdrop
from w2v_lesson.model import pair_by_gluon
from w2v_lesson.vectors import unit_length
from w2v_lesson.widgets import html
from w2v_lesson.widgets.controls import Choice, Slider
from w2v_lesson.widgets.shown import Fault, MovingFigure, stack
from w2v_lesson.widgets.style import PICTURE, Page, button, row
from w2v_lesson.wording import number_of

# One pair

CURVES = {"context (label 1)": 1, "noise word (label 0)": 0}
TANGENT = {"length": 3, "reach": 6.5}


def watch_loss():
    """Show controls for a logit, a label, and a mask, with the loss and the gradient.

    Returns
    -------
    MovingFigure
        With the controls `logit`, `label` and `mask`.
    """
    logits = np.linspace(-6, 6, 97)
    curves = {name: by_hand.pair_loss(logits, label) for name, label in CURVES.items()}
    backdrop = Backdrop(
        figures.pair_losses(logits, curves),
        "Curves of the loss against the logit, for both labels.",
    )

    def draw(logit, label, mask):
        ours = (
            by_hand.pair_loss(logit, label, mask),
            by_hand.pair_gradient(logit, label, mask),
        )
        layer = backdrop.layer(
            f"A dot at logit {logit:.2f} and loss {ours[0]:.4f}, its tangent with the "
            f"slope {ours[1] + 0.0:.4f}.",  # -0.0 + 0.0 is 0.0
            backdrop.line(*figures.tangent(logit, *ours, **TANGENT), "black"),
            backdrop.points([logit], [ours[0]], "black", radius=6),
        )
        return layer, _compared(logit, label, mask, ours)

    logit = Slider("logit", 2, PICTURE, min=-6, max=6, step=0.25)
    label = Choice("label", {"context (1)": 1, "noise word (0)": 0}, value=0)
    mask = Choice("mask", {"real pair (1)": 1, "padding (0)": 0})
    points = [(-4, 1), (2, 0), (4.5, 1)]
    marks = [(x, by_hand.pair_loss(x, y), by_hand.pair_gradient(x, y)) for x, y in points]
    alt = (
        "The two loss curves with three tangents: steep where the answer is wrong, flat "
        "where it is right."
    )
    still = (lambda: figures.pair_losses(logits, curves, marks), alt)
    return MovingFigure(backdrop, draw, still, label=label, logit=logit, mask=mask)


def _compared(logit, label, mask, ours):
    """A table of loss and gradient, by hand and by Gluon, and how to read it."""
    names, by_gluon = ("loss (nats)", "gradient"), pair_by_gluon(logit, label, mask)
    rows = [
        (name, f"{mine + 0.0:.4f}", f"{gluons + 0.0:.4f}")
        for name, mine, gluons in zip(names, ours, by_gluon, strict=True)
    ]
    reading = html.Markup('<div role="status">{}</div>')
    return html.table("lrr", rows, ["", "by hand", "Gluon and autograd"]) + reading.format(
        _reading(logit, label, mask)
    )


def _reading(logit, label, mask):
    if not mask:
        return (
            "The mask multiplies both by 0, so padding has no effect, whatever its logit."
        )
    answer = by_hand.sigmoid(logit)
    said = (
        f"The model answers σ({logit:g}) = {answer:.4f}, and the label is {label}. "
        f"Answer minus label is {answer - label:.4f}, which is the slope of the tangent."
    )
    if logit == 0:
        said += (
            " At exactly 0 autograd is wrong: it takes the slopes of max(x, 0) and |x| to "
            "be 0 there, so only −label is left."
        )
    return said


# One example, step by step

MAX_STEPS = 20
MS_PER_STEP = 500
# Pixels from a mark to its word; of a letter; of a line; of a mark around its middle.
BESIDE, LETTER, LINE, MARK = 8, 7, 13, 6
LR, MAX_LR = 2.0, 3.0


class Descent(Page):
    """One center with its contexts and noise words; watch their descent, or step by step.

    By keyboard: move with Tab, and press a button with Enter or Space.

    Parameters
    ----------
    center : str
    others : list of str
        Its contexts and noise words.
    labels : array_like, shape (n,)
        1 for a context, 0 for a noise word.
    v, U : array_like, shapes (embed_size,) and (n, embed_size)
        Where the vectors start.
    second : (str, array_like), optional
        A second center with the same contexts and noise words, and where its vector
        starts. The two take turns.

    Attributes
    ----------
    backdrop : figures.backdrop.Backdrop
        The axes of the plane.
    plane : ndarray, shape (embed_size, 2)
        As `by_hand.plane_of_movement` returns it.
    about_plane : str
        What the picture leaves out, in words.
    lr : controls.Slider
    play, step, back : ipywidgets.Button
    """

    def __init__(self, center, others, labels, v, U, second=None):
        centers = [center] if second is None else [center, second[0]]
        vectors = [v] if second is None else [v, second[1]]
        self._num_centers, self._labels = len(centers), np.asarray(labels, float)
        self.words = [*centers, *others]
        self._roles = ["center"] * len(centers)
        self._roles += ["context" if y else "noise word" for y in labels]
        self._path = [np.vstack([*vectors, U])]
        self._prepare_plane()
        self._layer, self._below, self._fault = W.HTML(), W.HTML(), Fault()
        guard = self._fault.guard
        self.play = button("Play", guard(self._start_or_pause), primary=True, icon="play")
        self.step = button("Step", guard(self._take_step))
        self.back = button("Back to the start", guard(self._go_back))
        self.lr = Slider("learning rate", LR, PICTURE, min=0.25, max=MAX_LR, step=0.25)
        # It ticks in the page, so that the kernel stays free.
        self._clock = W.Play(max=10**6, interval=MS_PER_STEP, layout={"display": "none"})
        self._clock.observe(guard(self._tick), "value")
        self._table = W.HTML()
        picture = stack(self.backdrop, self._layer)
        super().__init__(
            [
                row(self.play, self.step, self.back, self._clock),
                self.lr,
                self._fault,
                self._below,
                picture,
                self._table,
            ]
        )
        show = self._fault.guard(self._show)
        self.lr.observe(show, "value")
        show()

    def __repr__(self):
        return "One example, step by step, as in the figure above; run this cell to use it."

    @property
    def num_steps(self):
        """Steps taken so far."""
        return len(self._path) - 1

    @property
    def loss(self):
        """Average over the pairs for the current vectors, in nats per pair."""
        return self._next().loss

    def _prepare_plane(self):
        usual, farthest = (self._trajectory(lr) for lr in (LR, MAX_LR))
        self.plane, share = by_hand.plane_of_movement(usual)
        self.about_plane = (
            f"The picture is a projection of {len(self.plane)} dimensions onto two. It shows "
            f"{share:.1%} of the squared movement of {MAX_STEPS} steps with learning rate "
            f"{LR:g}."
        )
        reached = np.concatenate([usual, farthest]) @ self.plane
        alt = "A plane with marks for the center, the contexts, and the noise words."
        self.backdrop = Backdrop(figures.shadow_plane(reached), alt)

    def _trajectory(self, lr):
        path = [self._path[0]]
        for _ in range(MAX_STEPS):
            path.append(self._stepped(path[-1], lr))
        return np.array(path)

    def _stepped(self, now, lr):
        """Return where one step for each center takes all vectors."""
        centers, U = list(now[: self._num_centers]), now[self._num_centers :]
        for i, v in enumerate(centers):
            done = by_hand.step(v, U, self._labels, lr)
            centers[i], U = done.v, done.U
        return np.vstack([*centers, U])

    def _next(self):
        now = self._path[-1]
        return by_hand.step(now[0], now[self._num_centers :], self._labels, self.lr.value)

    def _start_or_pause(self, _):
        if not self._clock.playing and self.num_steps >= MAX_STEPS:
            self._go_back()
        self._set_playing(not self._clock.playing)

    def _set_playing(self, playing):
        self._clock.playing = playing
        self.play.description = "Pause" if playing else "Play"
        self.play.icon = "pause" if playing else "play"

    def _tick(self, _):
        if self._clock.playing:
            self._take_step()
        if self.num_steps >= MAX_STEPS:
            self._set_playing(False)

    def _take_step(self, _=None):
        if self.num_steps < MAX_STEPS:
            self._path.append(self._stepped(self._path[-1], self.lr.value))
            self._show()

    def _go_back(self, _=None):
        self._set_playing(False)
        del self._path[1:]
        self._show()

    def _show(self, _=None):
        self.step.disabled = self.num_steps >= MAX_STEPS
        done = self._next()
        after = self._stepped(self._path[-1], self.lr.value) @ self.plane
        ways = np.swapaxes(np.array(self._path) @ self.plane, 0, 1)
        labels = self._labels_beside(ways[:, -1], after)
        parts = map(self._moved, self._roles, ways, after, labels)
        said = f"The vectors after {self.num_steps} steps, with arrows to the next step."
        self._layer.value = self.backdrop.layer(said, *parts)
        self._below.value = self._in_words(done)
        self._table.value = self._pairs(done)

    def _labels_beside(self, here, after):
        """Write each word beside its mark, in its color, where no mark or other word is."""
        size = self.backdrop.width, self.backdrop.height
        pixels = self.backdrop.shares(*here.T) * size
        taken = [(mark - MARK, mark + MARK) for mark in pixels]
        labels = [""] * len(here)
        for i in np.argsort(pixels[:, 1]):
            prefers_left = after[i, 0] > here[i, 0]  # the arrow is on the right
            width = LETTER * len(self.words[i])
            left, down, box = _free_place(pixels[i], width, prefers_left, taken, size[0])
            taken.append(box)
            anchor, right = ("end", -BESIDE) if left else ("start", BESIDE)
            place = {"anchor": anchor, "down": down, "right": right}
            color = figures.ROLES[self._roles[i]][0]
            labels[i] = self.backdrop.texts(*here[i], [self.words[i]], color=color, **place)
        return labels

    def _moved(self, role, way, after, label):
        """One word: the way that it came, where it is, and where it goes next."""
        color, marker = figures.ROLES[role]
        here = way[-1]
        return (
            self.backdrop.line(*way.T, color, width=1)
            + self.backdrop.arrow(here, after, color)
            + self.backdrop.points(*here, color, radius=4, marker=marker)
            + label
        )

    def _in_words(self, done):
        steps = number_of(self.num_steps, "step")
        end = (
            " That was the last step. You can go back to the start."
            if self.step.disabled
            else ""
        )
        if self._num_centers > 1:
            first, second = unit_length(self._path[-1][:2])
            end = f" The cosine of the two centers is {first @ second:.2f}.{end}"
        return html.Markup(
            '<div role="status" style="min-height:3em">'
            "After {}: loss <b>{:.4f}</b> nats per pair.{}</div><div>{}</div>"
        ).format(steps, done.loss, end, self.about_plane)

    def _pairs(self, done):
        numbers = zip(done.dots, done.sigmoids, done.errors, strict=True)
        rows = [
            (word, role, *(f"{value:.4f}" for value in row))
            for word, role, row in zip(
                self.words[self._num_centers :],
                self._roles[self._num_centers :],
                numbers,
                strict=True,
            )
        ]
        header = ["with", "as", "dot product", "sigmoid", "error"]
        return html.table("llrrr", rows, header, caption=f"Pairs of {self.words[0]}")


def _free_place(mark, width, prefers_left, taken, end_of_page):
    """Choose the side of a mark and how far down to write; return them and the box."""
    # The side of the arrow costs as much as six pixels up or down.
    places = sorted(
        (abs(down - 4) + 6 * (left != prefers_left), left, down)
        for left in (True, False)
        for down in range(-16, 41)
    )
    for _, left, down in places:
        start = mark + (-BESIDE - width if left else BESIDE, down - LINE + 3)
        end = start + (width, LINE)
        if start[0] >= 0 and end[0] <= end_of_page and not _meets(start, end, taken):
            break
    return left, down, (start, end)


def _meets(start, end, boxes):
    return any(
        (start < other_end).all() and (other_start < end).all()
        for other_start, other_end in boxes
    )
