"""Estimate how long a chapter takes: `python tools/reading_time.py [NAMES...]`.

It reads the sources of the chapters and prints the minutes of each: 180 words per minute,
20 seconds for each code cell, and 3 minutes for each exercise, rounded up to a multiple of
five. With `--check` it exits with 1 if a chapter states another number.
"""

import argparse
import math
import re
import sys
from pathlib import Path

import jupytext

SOURCES = Path(__file__).resolve().parent.parent / "notebooks" / "sources"
WORDS_A_MINUTE, SECONDS_A_CELL, MINUTES_AN_EXERCISE = 180, 20, 3
STATED = re.compile(r"\*\*Time\.\*\* (\d+) minutes, exercises included\.")
NOT_READ = re.compile(r"\]\([^)]*\)|<[^>]*>|\$[^$]*\$|[#*|`]")  # addresses, tags, formulas


def minutes(text):
    """Estimate the minutes that a chapter takes, exercises included.

    Parameters
    ----------
    text : str
        The source of the chapter, in the format py:percent.

    Returns
    -------
    float
    """
    cells = jupytext.reads(text, fmt="py:percent").cells
    prose = " ".join(cell.source for cell in cells if cell.cell_type == "markdown")
    words = len(NOT_READ.sub(" ", prose).split())
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    exercises = sum("\ncheck(" in f"\n{source}" for source in code)
    return (
        words / WORDS_A_MINUTE
        + len(code) * SECONDS_A_CELL / 60
        + exercises * MINUTES_AN_EXERCISE
    )


def stated(text):
    """Return the number of minutes that a chapter states, or None."""
    found = STATED.search(text)
    return int(found[1]) if found else None


def rounded(number):
    """Round minutes up to a multiple of five."""
    return 5 * math.ceil(number / 5)


def main(arguments=None):
    """Print the minutes of the chapters, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAMES")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    wrong = False
    for path in sorted(SOURCES.glob("*.py")):
        if options.names and not path.stem.startswith(tuple(options.names)):
            continue
        text = path.read_text(encoding="utf-8")
        number, said = minutes(text), stated(text)
        differs = said is not None and said != rounded(number)
        wrong = wrong or differs
        note = f"  (states {said})" if differs else ""
        print(f"{path.stem}: {number:.1f}, so {rounded(number)} minutes{note}")
    return 1 if options.check and wrong else 0


if __name__ == "__main__":
    sys.exit(main())
