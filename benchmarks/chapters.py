"""Run chapters as a reader does: each in its own kernel, cell after cell."""

import shutil
import subprocess
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from benchmarks.watch import processor_seconds

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
SECONDS_PER_CELL = 1800  # many kernels at once are slow


class Run(NamedTuple):
    """The time that a run of a chapter took.

    first : seconds from the start of the kernel to the end of the requested cell
    seconds : seconds from the start of the kernel to the end of the last cell
    processor : processor time in seconds, of the kernel and the processes it started
    pid : process id of the kernel
    faults : cells that failed, each with its error, as text
    """

    first: float
    seconds: float
    processor: float
    pid: int
    faults: list


def chapters():
    """List the paths of all chapters, in order."""
    return sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))


def copy_to(folder):
    """Copy the notebooks for a reader, and return their folder."""
    ignore = shutil.ignore_patterns("solutions", "sources", ".*")
    return Path(shutil.copytree(NOTEBOOKS, Path(folder) / "notebooks", ignore=ignore))


@asynccontextmanager
async def opened(path, watch, environment=None, first="", last=None):
    """Run the cells of a notebook and yield the `Run`; the kernel stays alive in the block.

    path : the notebook, which stays unchanged
    watch : the `Watch` that gets the kernel
    environment : variables of the kernel; None means those of this process
    first : the beginning of the cell whose end is recorded
    last : the beginning of the last cell to run; None means that all cells run
    """
    client = NotebookClient(
        nbformat.read(path, as_version=4),
        kernel_name="python3",
        allow_errors=True,
        timeout=SECONDS_PER_CELL,
        store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    started = time.perf_counter()
    options = {} if environment is None else {"env": environment}
    options["stderr"] = (
        subprocess.DEVNULL
    )  # hides a warning that the connection is not encrypted
    async with client.async_setup_kernel(**options):
        pid = client.km.provisioner.pid
        watch.add(pid)
        reached, faults = await _run_cells(client, first, last)
        ended = time.perf_counter()
        yield Run(
            (reached or ended) - started,
            ended - started,
            processor_seconds(pid),
            pid,
            faults,
        )


async def _run_cells(client, first, last):
    """Return the time when the cell `first` ended (None if there is none), and the faults."""
    reached, faults = None, []
    for number, cell in enumerate(client.nb.cells):
        try:
            await client.async_execute_cell(cell, number)
        except (CellTimeoutError, DeadKernelError) as error:
            return reached, [*faults, f"cell {number}: {type(error).__name__}"]
        faults += faults_of(cell, number)
        if reached is None and cell.source.startswith(first):
            reached = time.perf_counter()
        if last and cell.source.startswith(last):
            break
    return reached, faults


def faults_of(cell, number):
    """List the errors in a cell's outputs, as text."""
    outputs = cell.get("outputs", [])
    return [
        f"cell {number}: {output.ename}: {output.evalue}"
        for output in outputs
        if output.output_type == "error"
    ]
