"""Settings of the whole test run, and the count of what nbval executed."""

import collections
import json

import hypothesis
import matplotlib
import pytest

# The same examples on every machine, none kept on disk; a slow machine is no failure.
hypothesis.settings.register_profile(
    "lesson", derandomize=True, database=None, deadline=None
)
hypothesis.settings.load_profile("lesson")

# By call, not by MPLBACKEND: the notebooks' kernels would inherit it and draw nothing.
matplotlib.use("Agg")


def pytest_addoption(parser):
    parser.addoption(
        "--expect-notebooks",
        type=int,
        metavar="N",
        help="fail unless --nbval ran every code cell of exactly N notebooks/*.ipynb",
    )


def pytest_configure(config):
    if config.option.expect_notebooks is None or hasattr(config, "workerinput"):
        return
    if not config.option.nbval:
        raise pytest.UsageError("--expect-notebooks counts what --nbval runs")
    config.pluginmanager.register(NotebookCount(config))


class NotebookCount:
    """Make the run fail if a notebook, or a cell of one, did not run and pass.

    A notebook left out of the command, a skipped cell and a cell that nbval expects to
    fail (after a time-out) would else all go by in green.
    """

    def __init__(self, config):
        self.config = config
        self.expected = config.option.expect_notebooks
        self.passed = collections.defaultdict(set)  # nodeid of a notebook: cell names
        self.lines, self.failed = [], False

    def pytest_runtest_logreport(self, report):
        notebook, _, cell = report.nodeid.partition("::")
        # An expected failure that passes is no result to rely on.
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
        if self.config.option.keyword or self.config.option.markexpr:
            self.lines = ["nbval: notebooks not counted, as -k or -m left tests out"]
            return
        self.compare()
        if self.failed and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def compare(self):
        """Hold what passed against the notebooks on disk."""
        ran, executed = 0, 0
        for path in sorted(self.config.rootpath.glob("notebooks/*.ipynb")):
            name = path.relative_to(self.config.rootpath).as_posix()
            wanted, passed = code_cells(path), self.passed[name]
            executed += len(wanted & passed)
            ran += bool(passed)
            missing = sorted(wanted - passed, key=lambda cell: int(cell.split()[1]))
            if not passed:
                self.fail(f"{name}: no cell was executed and passed")
            elif missing:
                self.fail(f"{name}: not executed and passed: {', '.join(missing)}")
        if ran != self.expected:
            self.fail(f"{ran} notebooks ran, {self.expected} were expected")
        self.lines.append(f"nbval: {ran} notebooks, {executed} cells executed")

    def fail(self, line):
        self.failed = True
        self.lines.append(f"nbval: {line}")

    def pytest_terminal_summary(self, terminalreporter):
        for line in self.lines:
            terminalreporter.write_line(line, red=self.failed, green=not self.failed)


def code_cells(path):
    """Name the non-empty code cells of a notebook as nbval does: counted from 0."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    return {f"Cell {number}" for number, text in enumerate(sources) if text.strip()}
