"""Work in a thread runs once at a time, can be stopped at any moment, and can be waited for."""

import threading
from types import SimpleNamespace

import pytest

from w2v_lesson.widgets.background import BackgroundWork

LONG = 60  # seconds


@pytest.fixture
def held():
    """Work that lasts until the test releases it, and the arguments of its call."""
    go, calls = threading.Event(), []

    def wait(*args):
        calls.append(args)
        assert go.wait(LONG)

    work = BackgroundWork(wait)
    yield work, go, calls
    go.set()
    work.join(LONG)


def test_before_the_start_there_is_nothing_to_stop_or_wait_for():
    work = BackgroundWork(lambda: None)
    work.halt()
    work.join()
    assert not work.has_begun and not work.is_running


def test_a_second_start_meanwhile_does_nothing_and_a_later_one_starts_again(held):
    work, go, calls = held
    work.start(1)
    work.start(2)
    assert work.is_running and work.has_begun
    go.set()
    work.join(LONG)
    assert calls == [(1,)] and not work.is_running
    work.start(3)
    work.join(LONG)
    assert calls == [(1,), (3,)]


def test_a_halt_lasts_until_the_next_start(held):
    work, _, _ = held
    work.halt()
    assert work.is_halted
    work.start()
    assert not work.is_halted
    work.halt()
    assert work.is_halted


def training(stops):
    return SimpleNamespace(stop=lambda: stops.append(None))


@pytest.mark.parametrize("halted_first", [False, True])
def test_a_halt_reaches_a_training_that_is_followed_before_or_after(halted_first):
    stops = []
    work = BackgroundWork(lambda: None)
    if halted_first:
        work.halt()
    work.follow(training(stops))
    assert len(stops) == halted_first
    work.halt()
    assert len(stops) == halted_first + 1


def test_what_has_ended_is_not_stopped_again():
    stops = []
    work = BackgroundWork(lambda: work.follow(training(stops)))
    work.start()
    work.join(LONG)
    work.halt()
    assert stops == []
