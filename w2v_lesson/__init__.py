"""Word vectors from raw text, with skip-gram and negative sampling in MXNet Gluon.

`import w2v_lesson` loads nothing else; each chapter imports the modules that it needs.
"""

import os

__version__ = "0.1.0"


def _usable_cores():
    """Number of CPU cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# MXNet reads these once, when it is imported. Without the first, its threads get in
# each other's way and the same work takes about twice as long; without the second,
# they keep a core busy while they wait, and several students on one machine wait long.
os.environ.setdefault("OMP_NUM_THREADS", str(_usable_cores()))
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
