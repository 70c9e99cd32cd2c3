"""Compare settings of a hub: empty home folders, and the threads of a kernel."""

from benchmarks.classroom import HEADER, faults, measure, row
from benchmarks.report import table

TITLE = "A classroom: homes and threads"
STUDENTS = 2  # more students take longer and show nothing new
# The cell of chapter 05 that starts the training.
LAST = "from w2v_lesson.files.pretrained import stored_ptb_vectors"
# The lesson itself lets MXNet run two operators at once, each on half of the cores, and its
# threads sleep after waiting for a fifth of a millisecond. The compiled engine uses all cores.
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
    header[3] = "05 to its first epoch, s"
    return f"""\
{STUDENTS} students at once, as under "A classroom on one machine", but they run chapter 05 only
to the end of its first epoch of training. In an empty home folder, chapter 00 trains its
vectors itself with the compiled engine, and matplotlib looks for fonts. The compiled code is
there already, as in an image. A kernel takes 16 threads (`OMP_NUM_THREADS`,
`NUMBA_NUM_THREADS`) if it sees a machine with 16 cores or more, even if it may use only a
few of them. "Awake" means `OMP_WAIT_POLICY=active`.

{table(header, [row(room) for room in rooms])}

{faults(rooms)}
"""
