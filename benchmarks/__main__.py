"""Command line: `python -m benchmarks [names] [--quick]`."""

import argparse
import time

from benchmarks import (
    breakdown,
    large,
    latency,
    loading,
    quality,
    scale,
    speed,
    stability,
    time_to_quality,
    training,
)
from benchmarks.report import write_section

BENCHMARKS = {
    "loading": loading,
    "training": training,
    "breakdown": breakdown,
    "speed": speed,
    "quality": quality,
    "time_to_quality": time_to_quality,
    "scale": scale,
    "large": large,
    "stability": stability,
    "latency": latency,
}
# The others take minutes each.
DEFAULT = ["loading", "training", "breakdown", "speed"]


def main():
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], metavar="name",
                        help=f"{', '.join(BENCHMARKS)}; "
                             f"unless given: {', '.join(DEFAULT)}")  # fmt: skip
    parser.add_argument(
        "--quick", action="store_true", help="few rounds; printed, not written down"
    )
    arguments = parser.parse_args()
    titles = [benchmark.TITLE for benchmark in BENCHMARKS.values()]
    for name in arguments.names or DEFAULT:
        started = time.monotonic()
        title, section = BENCHMARKS[name].TITLE, BENCHMARKS[name].run(arguments.quick)
        seconds = time.monotonic() - started
        print(f"## {title}\n\n{section}\n(measured in {seconds:.0f} s)\n", flush=True)
        if not arguments.quick:
            write_section(title, section, titles)


if __name__ == "__main__":
    main()
