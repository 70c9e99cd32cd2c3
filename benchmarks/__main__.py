"""Command line: `python -m benchmarks [names] [--quick]`."""

import argparse
import time
from importlib import import_module

from benchmarks.report import write_section

# Modules of this package, in the order of the results.
BENCHMARKS = (
    "loading",
    "training",
    "breakdown",
    "speed",
    "quality",
    "time_to_quality",
    "own_text",
    "scale",
    "large",
    "stability",
    "latency",
    "moving_map",
    "memory",
    "classroom",
    "threads",
    "images",
)
# Each of the others takes minutes.
DEFAULT = ["loading", "training", "breakdown", "speed"]


def main(arguments=None):
    options = parser().parse_args(arguments)
    for name in options.names or DEFAULT:
        # Import this late, because processes that we watch would share its memory with this one.
        benchmark = import_module(f"benchmarks.{name}")
        more = {"students": options.students} if name == "classroom" else {}
        started = time.monotonic()
        section = benchmark.run(options.quick, **more)
        seconds = time.monotonic() - started
        print(
            f"## {benchmark.TITLE}\n\n{section}\n(measured in {seconds:.0f} s)\n",
            flush=True,
        )
        if not options.quick:
            titles = [import_module(f"benchmarks.{each}").TITLE for each in BENCHMARKS]
            write_section(benchmark.TITLE, section, titles)


def parser():
    top = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    top.add_argument(
        "names",
        nargs="*",
        choices=[*BENCHMARKS, []],
        metavar="name",
        help=f"{', '.join(BENCHMARKS)}; without names: {', '.join(DEFAULT)}",
    )
    top.add_argument(
        "--quick",
        action="store_true",
        help="run a few rounds; print the results without writing them to the file",
    )
    top.add_argument(
        "--students",
        type=numbers,
        metavar="1,2,4",
        help="for classroom: how many students at once",
    )
    return top


def numbers(text):
    """Read "1,2,4"."""
    found = [int(part) for part in text.split(",")]
    if min(found) < 1:
        raise ValueError(text)
    return found


if __name__ == "__main__":
    main()
