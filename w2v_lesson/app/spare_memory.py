"""Give memory back after a cell, so that each chapter fits into the gigabyte of Binder.

An extension of IPython, which tools/environment/etc/ipython loads into each kernel of the
lesson's environment. Python keeps two kinds of memory that nobody uses: a Gluon net and its
trainer refer to each other, so they stay until Python looks for such cycles, and glibc keeps
most of what was freed.
"""

import ctypes
import gc
import os

ENOUGH = 450_000_000  # bytes; below this, a cell should not wait for it


def load_ipython_extension(shell):
    """Give memory back after each cell from now on; IPython calls this.

    Parameters
    ----------
    shell : IPython.core.interactiveshell.InteractiveShell
    """
    shell.events.register("post_run_cell", lambda _: give_back())


def give_back():
    """Give unused memory back to the system if this process has a lot (Linux only)."""
    if resident() > ENOUGH:
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)


def resident():
    """Look up how much memory this process has.

    Returns
    -------
    int
        Bytes; 0 if the system doesn't say.
    """
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
