"""Work in a thread that a button starts and stops, so that the page never waits.

Serves chapters 09 and 12: a training, and what comes before and after it. Hand-written,
because a pool of threads cannot stop work that has begun.
"""

import threading


class BackgroundWork:
    """Work that runs in a thread of its own, once at a time.

    Parameters
    ----------
    work : callable
        What to do. It calls `follow` with a training it has made, and may ask `is_halted`.
    """

    def __init__(self, work):
        self._work, self._thread, self._training = work, None, None
        self._halted = threading.Event()

    @property
    def has_begun(self):
        """Whether the work has ever been started."""
        return self._thread is not None

    @property
    def is_running(self):
        """Whether the work is running."""
        return self.has_begun and self._thread.is_alive()

    @property
    def is_halted(self):
        """Whether the work has been asked to stop since it was started."""
        return self._halted.is_set()

    def start(self, *args):
        """Start the work, and return at once.

        If it is already running, this does nothing.

        Parameters
        ----------
        *args
            What the work is called with.
        """
        if self.is_running:
            return
        self._halted.clear()
        self._thread = threading.Thread(target=self._run, args=args, daemon=True)
        self._thread.start()

    def halt(self):
        """Ask the work to stop; a training stops after the current step."""
        self._halted.set()
        training = self._training  # the thread may end meanwhile
        if training:
            training.stop()

    def join(self, timeout=None):
        """Wait for the end of the work; return at once if it was never started.

        Parameters
        ----------
        timeout : float, optional
            Seconds to wait at most.
        """
        if self.has_begun:
            self._thread.join(timeout)

    def follow(self, training):
        """Let `halt` reach a training, even if it was called before the training ran.

        Parameters
        ----------
        training : training.Training
        """
        self._training = training
        if self.is_halted:
            training.stop()

    def _run(self, *args):
        try:
            self._work(*args)
        finally:
            self._training = None
