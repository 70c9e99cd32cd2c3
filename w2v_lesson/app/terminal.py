"""What a command prints beside its result: messages, and a line of progress.

Hand-written, because tqdm shows a bar, while we show numbers of a training.
"""

import sys
import time

MIN_SECONDS_BETWEEN_LINES = 10  # where the output is not a terminal
CLEAR_LINE = "\r\033[K"


def say(text):
    """Print a message on the standard error; a line of progress makes way for it.

    Parameters
    ----------
    text : str
    """
    clear = CLEAR_LINE if sys.stderr.isatty() else ""
    print(f"{clear}{text}", file=sys.stderr, flush=True)


class ProgressLine:
    """A line of progress on the standard error: on a terminal it is always the same one."""

    def __init__(self):
        self.terminal = sys.stderr.isatty()
        self._said_at, self._open = float("-inf"), False

    def say(self, text, always=False):
        """Show a text in place of the one before.

        Parameters
        ----------
        text : str
        always : bool
            Where the output is not a terminal, every line stays. So there are few of
            them, except for those that are always said.
        """
        if self.terminal:
            print(f"{CLEAR_LINE}{text}", end="", file=sys.stderr, flush=True)
            self._open = True
        elif always or time.monotonic() - self._said_at > MIN_SECONDS_BETWEEN_LINES:
            self._said_at = time.monotonic()
            say(text)

    def end(self):
        """Go to the next line if something was said on this one."""
        if self._open:
            print(file=sys.stderr, flush=True)
        self._open = False
