"""Code that never ends is ended, in every thread, and the limit leaves nothing behind."""

import signal
import threading
import time
from contextlib import suppress

import pytest

from w2v_lesson.classroom.limit import OutOfTimeError, time_limit


def loop():
    while True:
        pass


def stubborn():
    while True:
        try:
            loop()
        except BaseException:
            time.sleep(0.01)


def run(function, seconds=0.2):
    with pytest.raises(OutOfTimeError), time_limit(seconds):
        function()


@pytest.mark.parametrize("function", [loop, stubborn, lambda: time.sleep(99)])
def test_it_ends_what_never_ends(function):
    before, started = signal.getsignal(signal.SIGALRM), time.monotonic()
    run(function)
    assert time.monotonic() - started < 60
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.mark.parametrize("function", [loop, stubborn])
def test_it_does_so_in_another_thread(function):
    done = []
    thread = threading.Thread(target=lambda: done.append(run(function)), daemon=True)
    thread.start()
    thread.join(timeout=60)
    assert done == [None]


def test_what_ends_in_time_is_left_alone():
    def work():
        with time_limit(0.1):
            pass
        time.sleep(0.3)  # after the block, nothing is raised
        done.append(True)

    done = []
    work()
    thread = threading.Thread(target=work)
    thread.start()
    thread.join(timeout=60)
    assert done == [True, True]


def test_a_block_that_ends_as_its_time_does_leaves_no_timer_behind():
    for i in range(1000):
        end = time.perf_counter() + 0.002 + 1e-6 * (i % 100 - 50)
        with suppress(OutOfTimeError), time_limit(0.002):
            while time.perf_counter() < end:
                pass
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
