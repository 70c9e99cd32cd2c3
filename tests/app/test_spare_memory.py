"""Memory that nobody uses goes back to the system after a cell."""

import sys

import numpy as np
import pytest

from w2v_lesson.app import spare_memory

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only glibc is asked")


class Cell:
    """Stand for IPython's list of what to call after a cell."""

    def register(self, event, call):
        assert event == "post_run_cell"
        self.end = lambda: call("the result")


@pytest.fixture
def cell(monkeypatch):
    events = Cell()
    spare_memory.load_ipython_extension(type("Shell", (), {"events": events}))
    monkeypatch.setattr(spare_memory, "ENOUGH", 0)
    return events


def in_a_cycle(megabytes):
    """Leave arrays that only a cycle refers to, each too small to be mapped on its own."""
    arrays = [np.ones(12_500) for _ in range(10 * megabytes)]
    arrays.append(arrays)


def test_a_cycle_is_given_back_after_a_cell(cell):
    in_a_cycle(100)
    before = spare_memory.resident()
    cell.end()
    assert before - spare_memory.resident() > 80e6


def test_nothing_is_looked_for_while_little_is_used(cell, monkeypatch):
    monkeypatch.setattr(spare_memory, "ENOUGH", sys.maxsize)
    monkeypatch.setattr(spare_memory.gc, "collect", lambda: pytest.fail("looked for it"))
    cell.end()
