"""Messages and a line of progress, which a command prints besides its result.

Hand-written, because tqdm shows a bar, but we show the numbers of a training run.
"""

import re
import sys
import time

MIN_SECONDS_BETWEEN_LINES = 10  # if the output is not a terminal
CLEAR_LINE = "\r\033[K"
# Controls, which a terminal would obey, and the marks that reverse the order of text.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def plain(text):
    """Make a text harmless to a terminal: control characters are written as in Python.

    Parameters
    ----------
    text : object

    Returns
    -------
    str
    """
    return CONTROLS.sub(lambda c: c[0].encode("unicode_escape").decode(), str(text))


def show(text):
    """Print a result to standard output, without control characters.

    Parameters
    ----------
    text : object
    """
    print(plain(text), flush=True)


def say(text):
    """Print a message to standard error, in place of the line of progress if there is one.

    Parameters
    ----------
    text : str
    """
    clear = CLEAR_LINE if sys.stderr.isatty() else ""
    print(f"{clear}{plain(text)}", file=sys.stderr, flush=True)


class ProgressLine:
    """A line of progress on standard error; on a terminal, each text replaces the last."""

    def __init__(self):
        self.terminal = sys.stderr.isatty()
        self._said_at, self._open = float("-inf"), False

    def say(self, text, always=False):
        """Show a text in place of the previous one.

        Parameters
        ----------
        text : str
        always : bool
            Print the text even if the output is not a terminal and another text was printed
            less than 10 seconds ago. Otherwise such a text is skipped.
        """
        if self.terminal:
            print(f"{CLEAR_LINE}{plain(text)}", end="", file=sys.stderr, flush=True)
            self._open = True
        elif always or time.monotonic() - self._said_at > MIN_SECONDS_BETWEEN_LINES:
            self._said_at = time.monotonic()
            say(text)

    def end(self):
        """Go to the next line if something was said on this one."""
        if self._open:
            print(file=sys.stderr, flush=True)
        self._open = False
