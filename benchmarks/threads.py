"""What a hub sets for its students: homes that are empty, threads of a kernel."""

from benchmarks.classroom import HEADER, faults, measure, row
from benchmarks.report import table

TITLE = "A classroom: homes and threads"
STUDENTS = 2  # more tell no more, and take longer
LAST = "training = Training("  # the cell of chapter 05 that trains for one epoch
# The lesson itself sets two operators of MXNet at once, half of the cores for each, and
# threads that wait asleep after a fifth of a millisecond; the compiled engine takes all
# cores.
ROOMS = {
    "as the lesson sets them": {},
    "an empty home": {"HOME": None},
    "one thread": {
        "OMP_NUM_THREADS": "1",
        "MXNET_CPU_WORKER_NTHREADS": "1",
        "NUMBA_NUM_THREADS": "1",
    },
    "16 threads": {"OMP_NUM_THREADS": "16", "NUMBA_NUM_THREADS": "16"},
    "16 threads, awake": {
        "OMP_NUM_THREADS": "16",
        "NUMBA_NUM_THREADS": "16",
        "OMP_WAIT_POLICY": "active",
        "GOMP_SPINCOUNT": "infinite",
    },
    "threads awake": {"OMP_WAIT_POLICY": "active", "GOMP_SPINCOUNT": "infinite"},
}


def run(quick=False):
    """Measure; return a section of Markdown."""
    names = list(ROOMS)[: 2 if quick else None]
    return section([measure(name, STUDENTS, ROOMS[name], LAST) for name in names])


def section(rooms):
    """Write what was measured as Markdown."""
    header = ["each student has", *HEADER[1:]]
    header[3] = "04 to its first epoch, s"
    return f"""\
{STUDENTS} students at once, as under "A classroom on one machine", but chapter 05 only up
to the end of the epoch that it trains in a plain loop. In an empty home chapter 00 trains
its vectors itself, by the compiled engine, and matplotlib looks for fonts; the compiled
code is there, as it is in an image. 16 threads (`OMP_NUM_THREADS`, `NUMBA_NUM_THREADS`)
is what a kernel takes that sees a machine of 16 cores or more, and may use a few.
Awake: `OMP_WAIT_POLICY=active`.

{table(header, [row(room) for room in rooms])}

{faults(rooms)}
"""
