"""The figures of chapter 04 without a browser, by their controls."""

import html
import re

import numpy as np
import pytest

from w2v_lesson import by_hand, figures
from w2v_lesson.widgets.loss import MAX_STEPS, Descent, watch_loss

WORDS = ["u.s.", "makers", "<unk>", "at&t"]
LABELS = [1, 1, 0, 0]


def cells(text):
    return re.findall(r"<td>(.*?)</td>", text)


def told(view):
    return re.search(r'aria-label="([^"]*)"', view._layer.value)[1]


# One pair


def test_loss_and_gradient_stand_by_hand_and_by_gluon():
    view = watch_loss()
    assert cells(view._below.value) == ["2.1269", "2.1269", "0.8808", "0.8808"]
    assert "σ(2) = 0.8808, and the label is 0. Answer minus label is" in view._below.value
    assert told(view) == (
        "A dot at logit 2.00 and loss 2.1269, its tangent with the slope 0.8808."
    )
    view.controls["label"].value = 1
    assert cells(view._below.value) == ["0.1269", "0.1269", "-0.1192", "-0.1192"]
    view.controls["logit"].value = -5.25
    assert cells(view._below.value) == ["5.2552", "5.2552", "-0.9948", "-0.9948"]


@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("mask", [0, 1])
def test_both_columns_agree_at_every_logit_but_0(label, mask):
    view = watch_loss()
    view.controls["label"].value, view.controls["mask"].value = label, mask
    for logit in np.arange(-6, 6.25, 0.25):
        view.controls["logit"].value = logit
        loss, gluons_loss, gradient, gluons_gradient = cells(view._below.value)
        assert loss == gluons_loss
        assert gradient == gluons_gradient or (logit == 0 and mask)


@pytest.mark.parametrize("label", [0, 1])
def test_at_exactly_0_the_difference_is_explained(label):
    view = watch_loss()
    view.controls["logit"].value, view.controls["label"].value = 0, label
    columns = cells(view._below.value)
    assert columns[2:] == [f"{0.5 - label:.4f}", f"{-label + 0.0:.4f}"]
    assert f"Answer minus label is {0.5 - label:.4f}" in view._below.value
    assert "At exactly 0 autograd is wrong" in view._below.value


def test_padding_has_neither_loss_nor_gradient():
    view = watch_loss()
    view.controls["mask"].value = 0
    assert cells(view._below.value) == ["0.0000"] * 4
    assert "padding has no effect" in view._below.value
    for label in (0, 1):
        view.controls["label"].value = label
        assert "loss 0.0000, its tangent with the slope 0.0000" in told(view)


# Step by step


@pytest.fixture
def start():
    rng = np.random.default_rng(2)
    return rng.uniform(-0.8, 0.8, 8), rng.uniform(-0.8, 0.8, (4, 8))


@pytest.fixture
def view(start):
    return Descent("chip", WORDS, LABELS, *start)


def test_it_begins_at_the_start_with_the_numbers_of_the_first_step(view, start):
    done = by_hand.step(*start, np.array(LABELS), 2.0)
    rows = np.column_stack([done.dots, done.sigmoids, done.errors])
    assert cells(view._table.value) == [f"{x:.4f}" for x in rows.ravel()]
    assert view.num_steps == 0
    assert view.loss == done.loss
    assert f"After 0 steps: loss <b>{done.loss:.4f}</b> nats per pair" in view._below.value


def test_each_press_is_a_step_and_back_is_the_start(view, start):
    before = view._layer.value, view._below.value
    view.step.click()
    first = by_hand.step(*start, np.array(LABELS), 2.0)
    assert "After 1 step:" in view._below.value
    view.lr.value = 2.5
    view.step.click()
    second = by_hand.step(first.v, first.U, np.array(LABELS), 2.5)
    np.testing.assert_array_equal(view._path[-1], np.vstack([second.v, second.U]))
    assert view.num_steps == 2
    assert "After 2 steps:" in view._below.value
    view.back.click()
    view.lr.value = 2.0
    assert (view._layer.value, view._below.value) == before


def test_the_learning_rate_changes_the_arrows_and_not_the_vectors(view):
    def parts(name):
        return re.findall(rf"<{name} .*?/>", view._layer.value)

    loss, lines, texts = view.loss, parts("line"), parts("text")
    view.lr.value = 3.0
    assert view.loss == loss
    assert parts("line") != lines
    assert parts("text") == texts


def test_pictures_are_the_shadows_in_the_plane(view):
    view.step.click()
    (x, y) = (view._path[1] @ view.plane)[1]  # u.s., a context: a dot
    place = view.backdrop._pixels(x, y, 0)[0]
    dots = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', view._layer.value)
    np.testing.assert_allclose(np.array(dots[0], float), place, atol=0.06)
    assert "a projection of 8 dimensions onto two" in view._below.value


def test_words_of_marks_that_are_close_stand_below_each_other():
    vectors = np.tile(np.eye(8)[0], (5, 1)) + np.arange(5)[:, None] * 1e-4 * np.eye(8)[1]
    view = Descent("chip", WORDS, LABELS, vectors[0], vectors[1:])
    lines = re.findall(r'y="([\d.]+)"[^>]*text-anchor="(\w+)"', view._layer.value)
    for side in ("start", "end"):
        heights = sorted(float(y) for y, anchor in lines if anchor == side)
        assert (np.diff(heights) > 11).all()
    assert len(lines) == 5


def test_play_takes_a_step_at_each_tick_until_the_last_or_until_paused(view):
    view._clock.value += 1  # a tick that comes late
    assert view.num_steps == 0
    view.play.click()
    assert (view._clock.playing, view.play.description) == (True, "Pause")
    view._clock.value += 1
    view._clock.value += 1
    assert view.num_steps == 2
    view.play.click()
    view._clock.value += 1
    assert (view.num_steps, view.play.description) == (2, "Play")
    view.play.click()
    for _ in range(MAX_STEPS):
        view._clock.value += 1
    assert (view.num_steps, view._clock.playing) == (MAX_STEPS, False)
    view.play.click()  # from the start again
    assert (view.num_steps, view._clock.playing) == (0, True)


@pytest.mark.parametrize("lr", [0.25, 3.0])
def test_after_the_last_step_there_is_only_the_way_back_and_all_stays_in_sight(view, lr):
    view.lr.value = lr
    for _ in range(MAX_STEPS + 2):
        view.step.click()
    assert view.num_steps == MAX_STEPS
    assert view.step.disabled
    assert "back to the start" in view._below.value
    (ax,) = view.backdrop._axes
    places = np.array(view._path) @ view.plane
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert (places > [left, bottom]).all() and (places < [right, top]).all()
    view.back.click()
    assert not view.step.disabled
    assert view._fault.value == ""


def test_words_are_escaped(view):
    for text in (view._layer.value, view._table.value):
        assert "&lt;unk&gt;" in text and "at&amp;t" in text
        assert "<unk>" not in text and "at&t" not in text


def test_no_word_is_written_over_a_mark_or_another_word(view):
    view.step.click()
    for _ in range(3):
        text = re.findall(
            r'<text x="(.*?)" y="(.*?)" fill="(.*?)".*?text-anchor="(.*?)">(.*?)<',
            view._layer.value,
        )
        assert len(text) == 1 + len(WORDS)
        size = view.backdrop.width, view.backdrop.height
        marks = view.backdrop.shares(*(view._path[-1] @ view.plane).T) * size
        boxes = []
        for x, y, color, anchor, word in text:
            x, y, room = float(x), float(y), 7 * len(word)
            left = x - room if anchor == "end" else x
            boxes.append((left, y - 10, left + room, y + 3))
            place = view.words.index(html.unescape(word))
            assert color == figures.ROLES[view._roles[place]][0]
            for mx, my in marks:
                inside = left < mx < left + room and y - 10 < my < y + 3
                assert not inside, word
        for i, (a, b, c, d) in enumerate(boxes):
            for e, f, g, h in boxes[:i]:
                assert c <= e or g <= a or d <= f or h <= b
        view.step.click()
