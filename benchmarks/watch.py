"""Memory and processor time of processes and of all that they start, seen from outside."""

import contextlib
import sys
import threading

import psutil

PAUSE = 0.05  # s between two looks
MB = 1_000_000  # as in "1 GB"; what MiB would hide is what is at stake
# Shared pages are counted in parts, one for each process that has them; elsewhere than on
# Linux, once for each of these processes.
MEASURE = "PSS" if sys.platform == "linux" else "RSS"


class Watch:
    """Looks again and again, in a thread, at the memory of some processes.

    A context manager; `add` the processes at any time.

    peak : bytes, the most that all of them had at one time
    peaks : of each process added, by its id, the most that it had with its children
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
        """Look at this process too, and at all that it starts."""
        self.peaks = {**self.peaks, pid: 0}  # a new dict: the thread goes through the old

    def _look(self):
        while not self._end.wait(self._pause):
            self.note({pid: memory(pid) for pid in self.peaks})

    def note(self, seen):
        """Take in one look: bytes of each process, by its id."""
        self.peak = max(self.peak, sum(seen.values()))
        for pid, size in seen.items():
            self.peaks[pid] = max(self.peaks[pid], size)


def memory(pid):
    """Bytes that a process and all its descendants have now; 0 if it has ended."""
    return sum(map(_memory, _family(pid)))


def processor_seconds(pid):
    """Seconds on a processor, of a process and all its descendants, ended ones included.

    Of those that ended, the ones that were waited for.
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
