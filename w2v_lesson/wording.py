"""Write times, sizes, and counts as short texts, in the same way throughout the lesson.

All chapters with a widget use this, and so does the command line. Hand-written, because a
library would not choose our units, and five small functions are enough.
"""


def duration(seconds):
    """Write a length of time in a suitable unit.

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
    """Write how much longer something will take.

    Parameters
    ----------
    seconds : float

    Returns
    -------
    str
        For example "about 26 s left", and "less than a second left" below one.
    """
    if seconds < 1:
        return "less than a second left"
    return f"about {duration(seconds)} left"


def megabytes(num_bytes):
    """Write a size in megabytes (a million bytes), and a small one in kilobytes or bytes.

    Parameters
    ----------
    num_bytes : int

    Returns
    -------
    str
        For example "1,234.5 MB", "12 kB", or "0 bytes".
    """
    if num_bytes < 1000:
        return number_of(num_bytes, "byte")
    return f"{num_bytes / 1e6:,.1f} MB" if num_bytes >= 1e5 else f"{num_bytes / 1e3:.0f} kB"


def number_of(number, thing):
    """Write a number of things, in the plural unless it is 1.

    Parameters
    ----------
    number : int
    thing : str
        With a regular plural, "context" for example.

    Returns
    -------
    str
        "1 context" or "1,200 contexts".
    """
    return f"{number:,} {thing}" + "s" * (number != 1)


def times_seen(count):
    """Write how often a word occurs in the text that vectors were trained on.

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


def option(name, value):
    """Write how to give an option to a function, and how on the command line.

    Parameters
    ----------
    name : str
        Of the argument; that of the command line is the same, or ``--no-name`` for False.
    value : str or bool

    Returns
    -------
    str
        For example 'encoding="utf-16" (on the command line: --encoding utf-16)'.
    """
    if isinstance(value, bool):
        return f"{name}={value} (on the command line: --{'' if value else 'no-'}{name})"
    return f'{name}="{value}" (on the command line: --{name} {value})'
