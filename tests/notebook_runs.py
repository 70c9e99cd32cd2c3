"""Check every notebook that nbval runs: it needs no network, harms nothing, and ran in full."""

import collections
import json
import os
import stat
import sys
import tempfile
from pathlib import Path

import pytest

# Python runs a module of this name when it starts. The hook sees what any Python library
# asks of sockets, even if the library catches the error, and writes it down.
SITECUSTOMIZE = """
import os, sys
AT_HOME = ("localhost", "127.", "::1", "0.0.0.0", "None")

def guard(event, arguments):
    if event in ("socket.connect", "socket.sendto"):
        place = arguments[1]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        place = arguments
    else:
        return
    if isinstance(place, tuple) and not str(place[0]).startswith(AT_HOME):
        with open(os.environ["ASKED"], "a") as file:
            print(event, place[0], file=file)
        raise OSError("no network here")

sys.addaudithook(guard)
"""


def offline_environment(folder):
    """Prepare a folder so that a Python with these variables cannot reach the network.

    Returns
    -------
    variables : dict of str
        What to add to the environment.
    asked : Path
        The file that receives one line for each attempt.
    """
    (folder / "sitecustomize.py").write_text(SITECUSTOMIZE, encoding="utf-8")
    asked = folder / "asked"
    asked.write_text("")
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"PYTHONPATH": os.pathsep.join(paths), "ASKED": str(asked)}, asked


def null_device_fault():
    """Say what is wrong with /dev/null; the text is empty if nothing is."""
    try:
        status = os.stat(os.devnull)
    except FileNotFoundError:
        return f"{os.devnull} is gone"
    if not stat.S_ISCHR(status.st_mode):
        return f"{os.devnull} is an ordinary file"
    numbers = os.major(status.st_rdev), os.minor(status.st_rdev)
    if sys.platform == "linux" and numbers != (1, 3):
        return f"{os.devnull} is the device {numbers}, not (1, 3)"
    return ""


class NotebookGuard:
    """Run each notebook without the network, and look at /dev/null before and after.

    A root user can delete /dev/null by writing to it: MXNet's profiler replaces the file
    that it is told to write.
    """

    notebook = None  # path of the one that runs

    # Before nbval starts the kernel, which inherits these variables.
    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item):
        if item.path.suffix == ".ipynb" and item.path != self.notebook:
            self.notebook, self.patch = item.path, pytest.MonkeyPatch()
            self.folder = tempfile.TemporaryDirectory()
            variables, self.asked = offline_environment(Path(self.folder.name))
            for name, value in variables.items():
                self.patch.setenv(name, value)
            # Two notebooks run at a time, and with two threads each they would wait for each
            # other most of the time. Any number of threads gives the same bits.
            self.patch.setenv("NUMBA_NUM_THREADS", "1")
            # Coverage counts what the tests run, and it would slow the notebooks down.
            self.patch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
            fault = null_device_fault()
            assert not fault, f"before {item.path.name}: {fault}"

    # After nbval has ended the kernel.
    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self, item, nextitem):
        if item.path == self.notebook and (nextitem is None or nextitem.path != item.path):
            self.patch.undo()
            self.notebook = None
            asked = self.asked.read_text(encoding="utf-8")
            self.folder.cleanup()
            fault = null_device_fault()
            assert not fault, f"after {item.path.name}: {fault}"
            assert not asked, f"{item.path.name} asked the network:\n{asked}"


class NotebookCount:
    """Make the run fail if a notebook, or a cell of one, did not run and pass.

    Otherwise a notebook left out of the command, a skipped cell, and a cell that nbval
    expects to fail (after a time-out) would all pass unnoticed.
    """

    # With these, no cell is left out.
    COUNTED = ("", "not slow")

    def __init__(self, config):
        self.config = config
        self.expected = config.option.expect_notebooks
        self.passed = collections.defaultdict(set)  # nodeid of a notebook: cell names
        self.lines, self.failed = [], False

    def pytest_runtest_logreport(self, report):
        notebook, _, cell = report.nodeid.partition("::")
        # We can't rely on an expected failure that passes.
        passed = report.passed and not hasattr(report, "wasxfail")
        if report.when == "call" and passed:
            self.passed[notebook].add(cell)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session):
        if self.config.option.collectonly or session.exitstatus not in (
            pytest.ExitCode.OK,
            pytest.ExitCode.TESTS_FAILED,
            pytest.ExitCode.NO_TESTS_COLLECTED,
        ):
            return
        if (
            self.config.option.keyword
            or self.config.option.markexpr not in NotebookCount.COUNTED
        ):
            self.lines = ["nbval: notebooks not counted, as -k or -m left tests out"]
            return
        self.compare()
        if self.failed and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def compare(self):
        """Compare what passed with the notebooks on disk."""
        ran, executed, all_cells = 0, 0, 0
        for path in sorted(self.config.rootpath.glob("notebooks/*.ipynb")):
            name = path.relative_to(self.config.rootpath).as_posix()
            wanted, passed = code_cells(path), self.passed[name]
            all_cells += len(wanted)
            executed += len(wanted & passed)
            ran += bool(passed)
            missing = sorted(wanted - passed, key=lambda cell: int(cell.split()[1]))
            if not passed:
                self.fail(f"{name}: no cell was executed and passed")
            elif missing:
                self.fail(f"{name}: not executed and passed: {', '.join(missing)}")
        if ran != self.expected:
            self.fail(f"{ran} notebooks ran, {self.expected} were expected")
        self.lines.append(
            f"nbval: {ran} notebooks, {executed} of {all_cells} cells executed"
        )

    def fail(self, line):
        self.failed = True
        self.lines.append(f"nbval: {line}")

    def pytest_terminal_summary(self, terminalreporter):
        for line in self.lines:
            terminalreporter.write_line(line, red=self.failed, green=not self.failed)


def code_cells(path):
    """Name the non-empty code cells of a notebook as nbval does: counted from 0."""
    cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
    sources = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    return {f"Cell {number}" for number, text in enumerate(sources) if text.strip()}
