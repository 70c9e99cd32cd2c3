"""Word vectors from raw text, with skip-gram and negative sampling in MXNet Gluon.

`import w2v_lesson` loads nothing else; each chapter imports the modules that it needs.
"""

import os

__version__ = "0.1.0"


def usable_cores():
    """Number of CPU cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# MXNet reads these once, when it is imported. Two operators at once (the model has two
# tables) with half of the cores each are faster here than one with all of them.
os.environ.setdefault("MXNET_CPU_WORKER_NTHREADS", "2")
os.environ.setdefault("OMP_NUM_THREADS", str(max(1, usable_cores() // 2)))
# Threads that wait actively keep a core busy: with another program on the same cores
# a step of training then takes ten times as long.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
# But up to a fifth of a millisecond of it is worth while: the compiled passes of
# `fused` are as short, and to wake a thread takes half as long.
os.environ.setdefault("GOMP_SPINCOUNT", "10000")
