"""The forecast follows the clock and the number of pairs, and leaves the data alone."""

import itertools

import numpy as np
import pytest
import toy

from w2v_lesson.text import forecast


@pytest.fixture
def a_second_each_look(monkeypatch):
    clock = itertools.count()
    monkeypatch.setattr(forecast.time, "perf_counter", lambda: float(next(clock)))


def test_seconds_are_scaled_by_the_pairs(a_second_each_look, monkeypatch):
    monkeypatch.setattr(forecast, "compile_ahead", lambda: None)
    data = toy.data(16)
    seen = [runs.num_pairs for runs in data.runs()]
    data.epoch = 3
    monkeypatch.setattr(forecast.FusedEngine, "steps", lambda self, minibatches: [])
    found = forecast.forecast(data, 8, steps=4)
    first = min(forecast.WARM_UP_STEPS, len(seen) // 2)
    assert found.seconds == pytest.approx(sum(seen) / sum(seen[first : first + 4]))
    assert found.seconds_per_million == pytest.approx(found.seconds / len(data.ids) * 1e6)
    assert data.epoch == 3


def test_a_single_batch_is_enough():
    found = forecast.forecast(toy.data(100_000), 8)
    assert 0 < found.seconds < 60 and np.isfinite(found.seconds_per_million)


@pytest.mark.parametrize("first, later", [(12, 13), (7, 8)])
def test_other_epochs_may_have_more_minibatches_than_the_first(first, later):
    batch_size, threshold = {12: (100, 0.05), 7: (150, 0.03)}[first]
    data = toy.data(batch_size, redraw=True, threshold=threshold)
    lengths = []
    for epoch in range(20):
        with data.at_epoch(epoch):
            lengths.append(len(data))
    assert (lengths[0], max(lengths)) == (first, later)
    data.epoch = lengths.index(later)
    assert forecast.forecast(data, 8).seconds > 0
