"""Settings of the whole test run, and its order: the longest files start first."""

import hypothesis
import matplotlib
import pytest
from notebook_runs import NotebookCount, NotebookGuard

# The same examples on every machine, none kept on disk; a slow machine is no failure.
hypothesis.settings.register_profile(
    "lesson", derandomize=True, database=None, deadline=None
)
hypothesis.settings.load_profile("lesson")

# By call, not by MPLBACKEND: the notebooks' kernels would inherit it and draw nothing.
matplotlib.use("Agg")

# Two processes take one file after another. If a long file came last, the other process
# would have nothing to do meanwhile.
LONGEST_FIRST = [
    "test_smoke.py",
    "test_grading.py",
    "07_judge_the_vectors.ipynb",
    "05_train_and_watch.ipynb",
    "13_where_it_leads.ipynb",
    "10_scale_it_out.ipynb",
    "09_make_it_fast.ipynb",
    "08_use_the_vectors.ipynb",
    "*.ipynb",
    "test_site.py",
    "test_lab.py",
    "test_widget_own_text.py",
    "test_command_line.py",
    "test_training.py",
    "test_resume.py",
    "test_minibatches.py",
    "test_panel.py",
]


def pytest_addoption(parser):
    parser.addoption(
        "--expect-notebooks",
        type=int,
        metavar="N",
        help="fail unless --nbval ran every code cell of exactly N notebooks/*.ipynb",
    )


def pytest_configure(config):
    if config.option.nbval:
        config.pluginmanager.register(NotebookGuard())
    if config.option.expect_notebooks is None or hasattr(config, "workerinput"):
        return
    if not config.option.nbval:
        raise pytest.UsageError("--expect-notebooks counts what --nbval runs")
    config.pluginmanager.register(NotebookCount(config))


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: place_in_order(item.path))


def place_in_order(path):
    for place, pattern in enumerate(LONGEST_FIRST):
        if path.match(pattern):
            return place
    return len(LONGEST_FIRST)
