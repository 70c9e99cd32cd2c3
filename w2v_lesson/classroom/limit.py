"""A time limit for code that others wrote, which may never end.

Hand-written, because libraries with time limits start another process, to which functions
of a notebook cannot be sent.
"""

import ctypes
import signal
import threading

SECONDS_BETWEEN = 0.005  # before the next try, if the code has caught the error


class OutOfTimeError(BaseException):
    """Raised when the time is over; not an Exception, so that code seldom catches it."""


class time_limit:
    """Raise OutOfTimeError inside the block when the time is over.

    In the main thread, this also ends waiting for the system. It cannot end a single
    operation that is written in C, such as ``sum(range(10**12))``.

    Parameters
    ----------
    seconds : float
    """

    def __init__(self, seconds):
        self.seconds = seconds

    def __enter__(self):
        in_main = threading.current_thread() is threading.main_thread()
        self._by_signal = in_main and hasattr(signal, "setitimer")
        if self._by_signal:
            self._before = signal.signal(signal.SIGALRM, _raise)
            signal.setitimer(signal.ITIMER_REAL, self.seconds, SECONDS_BETWEEN)
        else:
            self._thread, self._done = threading.get_ident(), threading.Event()
            threading.Thread(target=self._watch, daemon=True).start()

    def __exit__(self, *error):
        while True:
            try:
                return self._end()
            except OutOfTimeError:
                continue

    def _end(self):
        if self._by_signal:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before)
        else:
            self._done.set()
            _raise_in(self._thread, None)

    def _watch(self):
        wait = self.seconds
        while not self._done.wait(wait):
            _raise_in(self._thread, OutOfTimeError)
            wait = SECONDS_BETWEEN


def _raise(_, frame):
    # Not while the block is being left: the timer would go on, and raise anywhere later.
    if frame is None or frame.f_code.co_filename != __file__:
        raise OutOfTimeError


def _raise_in(thread, error):
    """Raise an error in a thread at its next step in Python; None takes it back."""
    error = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), error)
