"""Run the beginning of chapter 05, and compare its losses with those that are stored.

The beginning is one minibatch ten times over, and then the original chapter's own loop on 100
minibatches, three times. The chapter is stored with the results of an x86-64 processor, so this
tells whether another kind of processor computes the same to three decimals.
"""

import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

CHAPTER = Path(__file__).resolve().parent.parent / "notebooks" / "05_train_and_watch.ipynb"
LAST = "after the loop above"
PRINTED = re.compile(r"(?:steps: |^loss |above: )(\d\.\d{3})\b", re.M)
SECONDS_TO_START = 600  # of a kernel, under emulation


def beginning(notebook):
    """Cut a notebook off after the cell that prints the loss of the first training."""
    last = next(n for n, cell in enumerate(notebook.cells) if LAST in cell.source)
    del notebook.cells[last + 1 :]
    return notebook


def losses(notebook):
    """List the losses that its cells printed."""
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    text = "".join(o.text for o in outputs if o.output_type == "stream")
    return PRINTED.findall(text)


def main():
    """Run and compare; return the exit code, 0 if the losses are the same."""
    notebook = beginning(nbformat.read(CHAPTER, 4))
    stored, began = losses(notebook), time.perf_counter()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    NotebookClient(notebook, timeout=None, startup_timeout=SECONDS_TO_START).execute()
    found = losses(notebook)
    took = time.perf_counter() - began
    print(f"stored: {' '.join(stored)}\nhere:   {' '.join(found)}\n({took:.0f} s)")
    return int(found != stored or len(stored) != 4)


if __name__ == "__main__":
    sys.exit(main())
