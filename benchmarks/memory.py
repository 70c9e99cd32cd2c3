"""Measure the memory of each chapter and of JupyterLab's server, and compare with Binder's."""

import asyncio
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.chapters import chapters, copy_to, opened
from benchmarks.report import table
from benchmarks.watch import MB, MEASURE, Watch

TITLE = "Memory of the chapters"
# mybinder.readthedocs.io, "How much memory am I given when using Binder?": "users are
# guaranteed at least 1GB of RAM, with a maximum of 2GB".
GUARANTEED = 1000 * MB
SECONDS_TO_SETTLE = 5


def run(quick=False):
    """Measure; return a section of Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        server = server_memory(Path(folder))
        notebooks = copy_to(folder)
        measured = {}
        for path in chapters()[: 2 if quick else None]:
            measured[path.stem[:2]] = asyncio.run(_measure(notebooks / path.name))
            print(path.stem, *measured[path.stem[:2]], file=sys.stderr, flush=True)
    return section(server, measured)


def server_memory(folder):
    """Measure the bytes of JupyterLab's server after it has delivered its page and a notebook."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
    import driver

    (folder / "lab").mkdir()
    with Watch() as watch, driver.running_lab(folder / "lab") as lab:
        watch.add(lab.process.pid)
        page = f"{lab.url}/lab?token={lab.token}"
        with urllib.request.urlopen(page, timeout=60) as answer:
            answer.read()
        for path in (
            "/api/kernelspecs",
            "/lab/api/settings",
            "/api/contents",
            f"/api/contents/{chapters()[0].name}",
        ):
            lab.call(path)
        time.sleep(SECONDS_TO_SETTLE)
    return watch.peak


async def _measure(path):
    """Run a chapter; return its peak memory in bytes, its seconds, and its processor time."""
    with Watch() as watch:
        async with opened(path, watch) as run:
            pass
    if run.faults:
        raise SystemExit(f"{path.name} failed: {'; '.join(run.faults)}")
    return watch.peak, run.seconds, run.processor


def section(server, measured):
    """Write what was measured as Markdown.

    server : bytes of the server
    measured : {number of the chapter: (bytes, seconds, processor time in seconds)}
    """
    rows = [
        [
            name,
            f"{size / MB:,.0f}",
            f"{(size + server) / MB:,.0f}",
            f"{seconds:.0f}",
            f"{processor:.0f}",
        ]
        for name, (size, seconds, processor) in measured.items()
    ]
    header = ["chapter", "memory, MB", "with the server, MB", "s", "processor, s"]
    return f"""\
Each chapter runs all its cells in a fresh kernel, with warm caches. Memory is the most that
the kernel and all processes it started had together at one time ({MEASURE}, measured every
50 ms; 1 MB is 1,000,000 bytes). If another program of the same environment had shared
memory with them, that memory would count only in part, but there was none. JupyterLab's
server alone, with no kernel, takes {server / MB:,.0f} MB. "Processor" is the sum over all cores.

{table(header, rows)}

{verdict(server, {name: size for name, (size, *_) in measured.items()})}
"""


def verdict(server, sizes):
    """Say which chapters fit in the memory that Binder guarantees, one kernel at a time."""
    promise = (
        'mybinder.org guarantees 1 GB and allows 2 GB ("at least 1GB of RAM, with a '
        'maximum of 2GB", says its documentation).'
    )
    large = [name for name, size in sizes.items() if size + server > GUARANTEED]
    most = max(sizes, key=sizes.get)
    size = sizes[most] + server
    fits = f"The largest, {most}, takes {size / MB:,.0f} MB with the server."
    if large:
        fits += f" **More than 1 GB with the server: {', '.join(large)}.**"
    else:
        fits += " **Each chapter fits in 1 GB together with the server.**"
    together = (sum(sizes.values()) + server) / MB
    return (
        f"{promise} {fits} A kernel keeps its memory until you shut it down; all "
        f"{len(sizes)} left open would have up to {together:,.0f} MB together."
    )
