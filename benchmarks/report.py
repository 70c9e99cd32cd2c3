"""Write results as Markdown: tables, the machine, and RESULTS.md, one section at a time."""

import datetime
import os
import platform
import re
from importlib.metadata import version
from pathlib import Path
from statistics import median

from benchmarks import THREADS
from w2v_lesson import usable_cores

VERSIONS = ("mxnet", "numpy", "numba", "gensim")
RESULTS = Path(__file__).with_name("RESULTS.md")
HEADER = """# Results of the benchmarks

`make bench` (`python -m benchmarks`) writes this file, so don't edit it. Each section stays as
it is until its benchmark runs again. Times depend on the machine and on what else it is
doing, so look at the ratios. Numbers are medians, with the smallest and the largest in
parentheses.
"""


def table(header, rows):
    """Make a Markdown table; the first column is text, the others are numbers."""
    rule = ["---"] + ["---:"] * (len(header) - 1)
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, rule, *rows])


def spread(values, digits=1):
    """Write measurements as `median (min .. max)`."""
    low, middle, high = min(values), median(values), max(values)
    return f"{middle:,.{digits}f} ({low:,.{digits}f} .. {high:,.{digits}f})"


def spread_rows(sides, quantities):
    """Make a row for each quantity, with a cell for each side.

    sides : for each side, its measurements, each of them a dict
    quantities : (name, key, digits)
    """
    return [
        [name, *(spread([one[key] for one in side], digits) for side in sides)]
        for name, key, digits in quantities
    ]


def ratios(larger, smaller):
    """Write how many times as large it is, round by round, as `median× (min .. max)`."""
    quotients = [a / b for a, b in zip(larger, smaller, strict=True)]
    return spread(quotients).replace(" ", "× ", 1)


def write_section(title, body, order):
    """Put a section into RESULTS.md, replacing the last one with this title.

    order : titles of all benchmarks, in the order of the file
    """
    sections = _sections()
    sections[title] = f"{_when_and_where()}\n\n{body.strip()}"
    known = [t for t in order if t in sections]
    parts = [HEADER] + [f"## {t}\n\n{sections[t]}\n" for t in known]
    RESULTS.write_text("\n".join(parts), encoding="utf-8")


def _sections():
    if not RESULTS.exists():
        return {}
    parts = re.split(r"^## ", RESULTS.read_text(encoding="utf-8"), flags=re.M)[1:]
    split = (part.split("\n", 1) for part in parts)
    return {title: body.strip() for title, body in split}


def _when_and_where():
    """Describe the date and the machine, without naming the machine."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    versions = ", ".join(f"{name} {version(name)}" for name in VERSIONS)
    threads = ", ".join(f"{name}={os.environ.get(name, '(unset)')}" for name in THREADS)
    return (
        f"{datetime.date.today()}. {_cpu()}, {usable_cores()} cores, "
        f"{pages / 2**30:.0f} GiB, {_system()}, Python {platform.python_version()}, "
        f"{versions}, {threads}."
    )


def _cpu():
    try:
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    name = found[1].strip() if found else platform.processor()
    return f"{name or 'unknown CPU'} ({platform.machine()})"


def _system():
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()
