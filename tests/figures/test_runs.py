"""The curves of several runs: what is in view, and how runs are told apart."""

import math
import re

import pytest

from w2v_lesson.figures.runs import run_curves, run_look, useful_losses
from w2v_lesson.training import Record

GUESS = 0.45


def records(losses, heldout=0.42):
    """One record for each half of an epoch."""
    ends = [None, heldout]
    return [
        Record((i + 1) / 2, i, loss, ends[i % 2], ends[i % 2], 1.0, 1.0, 1.0)
        for i, loss in enumerate(losses)
    ]


GOOD = records([0.6, 0.44, 0.42, 0.4])


def test_the_axis_ends_a_little_above_the_guess_and_below_the_lowest_loss():
    lowest, highest = useful_losses({1: GOOD}, GUESS)
    assert 0.38 < lowest < 0.4
    assert GUESS < highest < 0.53


@pytest.mark.parametrize("wild", [1.4, 1e30, math.inf])
def test_a_run_that_diverges_leaves_the_view_as_it_was_and_is_named(wild):
    runs = {1: GOOD, 2: records([0.6, wild], wild)}
    assert useful_losses(runs, GUESS) == useful_losses({1: GOOD}, GUESS)
    drawn = run_curves(runs, GUESS, "")
    assert "above: run 2 at" in drawn
    assert "nan" not in drawn and not re.search(r"\binf\b", drawn.split("above")[0])


def test_alone_a_run_that_diverges_is_in_view():
    bad = records([0.6, 1.4], 1.4)
    lowest, highest = useful_losses({2: bad}, GUESS)
    assert lowest < 0.6 < 1.4 < highest
    # Beside one that is not that bad, it leaves the view.
    beside = useful_losses({1: records([0.6, 0.5], 0.5), 2: bad}, GUESS)
    assert beside[1] < 0.7


def test_a_run_that_trains_is_in_view_from_its_first_record_on():
    runs = {1: GOOD, 2: records([0.68])}
    assert useful_losses(runs, GUESS, running=2)[1] > 0.68
    assert useful_losses(runs, GUESS)[1] < 0.53
    slow = {1: GOOD, 2: records([0.68, 0.66, 0.64], 0.65)}
    assert useful_losses(slow, GUESS, running=2)[1] > 0.64
    risen = {1: GOOD, 2: records([0.55, 0.6, 0.65], 0.62)}
    assert useful_losses(risen, GUESS, running=2)[1] < 0.53


def test_the_axis_ends_at_the_epochs_that_were_trained():
    ticks = re.findall(
        r'text-anchor="middle">(\d+)</text>', run_curves({1: GOOD}, GUESS, "")
    )
    assert ticks == ["0", "1", "2"]


def test_each_run_has_a_line_of_its_losses_and_a_mark_at_each_epochs_end():
    drawn = run_curves({1: GOOD, 2: GOOD}, GUESS, "")
    lines = re.findall(r'points="([^"]+)" fill="none" stroke="([^"]+)"', drawn)
    assert [len(points.split()) for points, _ in lines] == [4, 4]
    assert [color for _, color in lines] == [run_look(1)[0], run_look(2)[0]]
    assert drawn.count(run_look(1)[1]) == drawn.count(run_look(2)[1]) == 2


def test_twenty_runs_in_a_row_look_different():
    assert len({run_look(number) for number in range(1, 21)}) == 20


def test_without_runs_there_are_axes_and_the_guess():
    assert "always the same answer: 0.450" in run_curves({}, GUESS, "No runs yet.")


def test_the_text_for_screen_readers_is_escaped():
    assert 'aria-label="a &lt;b&gt; &quot;c&quot;"' in run_curves({}, GUESS, 'a <b> "c"')
