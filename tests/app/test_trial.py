"""The doctor's trial trains, and notices an engine that computes something wrong."""

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
