"""Measure memory and processor time of processes and their children, from outside."""

import contextlib
import sys
import threading

import psutil

PAUSE = 0.05  # s between two looks
MB = 1_000_000  # as in "1 GB", because we compare with limits in GB
# On Linux, a page shared by several processes is divided among them. On other systems, it
# counts fully for each of them.
MEASURE = "PSS" if sys.platform == "linux" else "RSS"


class Watch:
    """A thread that looks at the memory of some processes again and again.

    It is a context manager, and you can `add` processes at any time.

    peak : the most bytes that all of them had at one time
    peaks : {process id: the most bytes that the process had with its children}
    """

    def __init__(self, pause=PAUSE):
        self.peak, self.peaks = 0, {}
        self._pause, self._end = pause, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        self._thread.join()

    def add(self, pid):
        """Also look at this process, and at all processes that it starts."""
        self.peaks = {
            **self.peaks,
            pid: 0,
        }  # a new dict, because the thread iterates over the old one

    def _look(self):
        while not self._end.wait(self._pause):
            self.note({pid: memory(pid) for pid in self.peaks})

    def note(self, seen):
        """Record one look, given as {process id: bytes}."""
        self.peak = max(self.peak, sum(seen.values()))
        for pid, size in seen.items():
            self.peaks[pid] = max(self.peaks[pid], size)


def memory(pid):
    """Return the bytes that a process and its descendants have now, or 0 if it has ended."""
    return sum(map(_memory, _family(pid)))


def processor_seconds(pid):
    """Return the processor time of a process and its descendants, in seconds.

    Descendants that have ended count if their parent waited for them.
    """
    return sum(map(_seconds, _family(pid)))


def _family(pid):
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def _memory(process):
    with contextlib.suppress(psutil.Error):
        found = process.memory_full_info()
        return getattr(found, MEASURE.lower())
    return 0  # it has ended in the meantime


def _seconds(process):
    with contextlib.suppress(psutil.Error):
        times = process.cpu_times()
        own = times.user + times.system
        return own + times.children_user + times.children_system
    return 0
