"""The doctor's trial trains, and notices an engine that computes something wrong."""

import numpy as np
import pytest

from w2v_lesson.app import trial


def test_it_trains_where_all_is_well():
    assert "trains" in trial.trial() or "not compiled yet" in trial.trial()


def test_without_compiled_passes_a_loop_is_compiled(monkeypatch):
    monkeypatch.setattr(trial, "is_compiled", lambda: False)
    assert "not compiled yet" in trial.trial()


@pytest.mark.parametrize("losses", [(0.5, 0.6), (float("nan"), 0.5), (9.0, 9.0)])
def test_a_wrong_loss_is_an_error(monkeypatch, losses):
    found = iter(losses)
    monkeypatch.setattr(trial, "is_compiled", lambda: True)
    monkeypatch.setattr(trial, "_loss_of", lambda engine: next(found))
    with pytest.raises(ArithmeticError):
        trial.trial()


@pytest.mark.parametrize("loss", [1.0, float("nan")])
def test_mxnet_that_does_not_learn_is_an_error_even_if_nothing_is_compiled(
    monkeypatch, loss
):
    monkeypatch.setattr(trial, "is_compiled", lambda: False)
    monkeypatch.setattr(trial, "train_step", lambda *_: np.array(loss))
    with pytest.raises(ArithmeticError, match="does not learn"):
        trial.trial()
