"""Times and counts as short texts, worded the same way wherever the lesson shows them.

All chapters with a widget use this, and so does the command line. It stays hand-written
because a library would not choose our units, and there are only four small functions.
"""


def duration(seconds):
    """Word a length of time in the unit that suits it.

    Parameters
    ----------
    seconds : float

    Returns
    -------
    str
        "26 s", "12 min" or "2.5 h".
    """
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def time_left(seconds):
    """Word the time that something will still take.

    Parameters
    ----------
    seconds : float

    Returns
    -------
    str
        For example "about 26 s left".
    """
    return f"about {duration(seconds)} left"


def megabytes(num_bytes):
    """Word a size in megabytes of a million bytes.

    Parameters
    ----------
    num_bytes : int

    Returns
    -------
    str
        For example "1,234.5 MB".
    """
    return f"{num_bytes / 1e6:,.1f} MB"


def times_seen(count):
    """Word how often a word occurs in the text that vectors were trained on.

    Parameters
    ----------
    count : int
        0 if the count is not known.

    Returns
    -------
    str
        For example "seen 1,234 times"; empty if the count is not known.
    """
    return f"seen {count:,} times" if count else ""
