"""Find the environment variable, or the current folder, that makes something fail.

Like the doctor, which runs this file, it uses only the standard library and the syntax of
Python 3.8.
"""

import os
import shlex

# How the variables begin that the lesson's libraries, Python, and the loader read. Those that
# most often do harm come first.
PREFIXES = (
    *("NUMBA_", "OMP_", "MXNET_", "PYTHON", "GOMP_", "KMP_", "MKL_", "OPENBLAS_", "DMLC_"),
    *("LD_", "DYLD_", "IPYTHON", "JUPYTER", "MPL"),
)
SET_BY_US = (
    "MXNET_CPU_WORKER_NTHREADS",
    "OMP_NUM_THREADS",
    "OMP_WAIT_POLICY",
    "GOMP_SPINCOUNT",
)
MAX_VALUE = 60  # characters that are shown


def find_cause(works, home):
    """Find out why something fails here that works elsewhere, and say what to do.

    Parameters
    ----------
    works : callable
        Called as ``works(environment, folder)`` with a dict of variables and the folder to
        work in; returns whether it succeeds.
    home : str
        A folder in which no file can be in the way of a package.

    Returns
    -------
    str
        One sentence or two; empty if neither a variable nor the folder is the cause.
    """
    suspects = [name for each in PREFIXES for name in _given() if name.startswith(each)]
    here = os.getcwd()
    if not suspects and os.path.realpath(here) == os.path.realpath(home):
        return ""
    clean = {name: value for name, value in os.environ.items() if name not in suspects}
    if not works(clean, home):
        return ""
    for name in suspects:
        if not works({**clean, name: os.environ[name]}, home):
            return _unset([name])
    if not works(clean, here):
        return (
            f"A file in the current folder, {here!r}, has the name of a package and is "
            "loaded in its place. Rename that file, or run this in another folder."
        )
    return _unset(suspects)  # only together


def _given():
    """List the variables, without those that the lesson has set itself if we can tell."""
    try:
        with open("/proc/self/environ", "rb") as file:
            given = {
                os.fsdecode(each.partition(b"=")[0]) for each in file.read().split(b"\0")
            }
    except OSError:
        given = set(os.environ)
    return sorted(name for name in os.environ if name in given or name not in SET_BY_US)


def _unset(names):
    said = " and ".join(f"{name}={_short(os.environ[name])}" for name in names)
    which = "variable" if len(names) == 1 else "variables"
    return (
        f"The environment {which} {said} cause{'s' if len(names) == 1 else ''} this. Run "
        f"`unset {' '.join(map(shlex.quote, names))}`, then try again."
    )


def _short(value):
    return repr(value if len(value) <= MAX_VALUE else f"{value[:MAX_VALUE]}…")
