"""The source's own code, not a character changed, runs on our loader."""

import math
import re
from pathlib import Path

import numpy as np
import pytest
import toy
from d2l import mxnet as d2l

from w2v_lesson import minibatches

CODE = Path(__file__).with_name("source_code.py.txt")


class Curve:
    """Replace the source's Animator: keep the points and draw nothing."""

    def __init__(self, **options):
        self.points = []
        Curve.last = self

    def add(self, x, y):
        self.points.append((x, float(y[0])))


@pytest.fixture(scope="module")
def ran():
    """Return the names that the source's code defines, and the lines that it prints."""
    printed = []
    names = {"print": lambda *values: printed.append(" ".join(map(str, values)))}
    # A part of the text, for speed, with every sentence about 'chip', which the source asks for.
    some = [s for i, s in enumerate(toy.ptb()) if i < 2500 or "chip" in s]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(minibatches, "read_ptb", lambda split: some)
        patch.setattr(d2l, "load_data_ptb", minibatches.load_data_ptb)
        patch.setattr(d2l, "Animator", Curve)
        exec(compile(CODE.read_text(encoding="utf-8"), CODE.name, "exec"), names)
    return names, printed


def test_the_batches_are_ours(ran):
    assert isinstance(ran[0]["data_iter"], minibatches.SkipGramData)
    assert len(ran[0]["vocab"]) > 300


def test_the_hand_computed_losses_are_those_of_the_source(ran):
    assert ran[1][:2] == ["0.9352", "1.8462"]


def test_training_prints_a_finite_loss_and_the_speed(ran):
    line = re.fullmatch(r"loss (\d\.\d{3}), \d+\.\d tokens/sec on [cg]pu\(0\)", ran[1][2])
    assert 0.1 < float(line[1]) < math.log(2)


def test_the_loss_falls(ran):
    epochs, losses = zip(*Curve.last.points, strict=True)
    assert epochs[-1] == 5
    assert np.isfinite(losses).all()
    assert losses[0] == pytest.approx(math.log(2), abs=0.02)
    ends = [loss for epoch, loss in Curve.last.points if epoch == int(epoch)]
    assert len(ends) == 5
    assert ends == sorted(ends, reverse=True)
    assert ends[-1] < losses[0] - 0.01


def test_three_neighbors_of_chip_are_printed(ran):
    lines = [re.fullmatch(r"cosine sim=(-?\d\.\d{3}): (\S+)", line) for line in ran[1][3:]]
    assert len(lines) == 3
    cosines = [float(line[1]) for line in lines]
    assert cosines == sorted(cosines, reverse=True)
    assert all(line[2] in ran[0]["vocab"] for line in lines)
    assert "chip" not in [line[2] for line in lines]
