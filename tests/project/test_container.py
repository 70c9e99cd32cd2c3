"""The container, the dev container, and the settings of an installed environment."""

import fnmatch
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_core.paths import jupyter_config_path, jupyter_path
from jupyter_server.extension.config import ExtensionConfigManager
from jupyterlab_server.config import get_page_config

from w2v_lesson.app.working_copy import FOLDER as READERS

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tools" / "container"
DOCKERFILE = (FOLDER / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
IGNORED = (FOLDER / "Dockerfile.dockerignore").read_text().splitlines()
DEV_CONTAINER = ROOT / ".devcontainer" / "devcontainer.json"
JUPYTER = ROOT / "tools" / "environment" / "etc" / "jupyter"


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def is_ignored(path):
    """Tell whether .dockerignore leaves out this path of the repository, or a folder above it."""
    parents = [path, *Path(path).parents]
    return any(
        fnmatch.fnmatch(str(each), pattern)
        or (pattern.startswith("**/") and fnmatch.fnmatch(each.name, pattern[3:]))
        for each in map(Path, parents)
        for pattern in IGNORED
        if pattern and not pattern.startswith("#")
    )


# --- The image ------------------------------------------------------------------------


def test_what_is_copied_is_there_and_not_ignored():
    copied = re.findall(r"^COPY (?!--from)(?:--\S+ )*(.+) \S+$", DOCKERFILE, re.M)
    assert copied
    for source in " ".join(copied).split():
        assert (ROOT / source).exists() and not is_ignored(source), source


def test_all_that_git_keeps_is_copied_and_nothing_else():
    done = subprocess.run(["git", "-C", ROOT, "ls-files"], capture_output=True, text=True)
    if not done.stdout:
        pytest.skip("not a git repository")
    assert [path for path in done.stdout.splitlines() if is_ignored(path)] == []
    not_kept = (ROOT / ".gitignore").read_text().split()
    assert [name for name in not_kept if not is_ignored(f"{name.rstrip('/')}/a")] == []
    assert is_ignored(".git/config")
    assert is_ignored("w2v_lesson/__pycache__/fused.nbi")


def test_image_holds_the_readers_packages_checked_by_hash_and_no_root():
    (lock,) = re.findall(r"pip install .*-r \S+", DOCKERFILE)
    assert "--require-hashes" in lock and lock.endswith("/requirements.lock")
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.M)[-1] == "reader"


@pytest.mark.parametrize(
    "path",
    [FOLDER / "Dockerfile", FOLDER / "hub.yaml", DEV_CONTAINER],
    ids=lambda path: path.name,
)
def test_the_chapter_that_is_opened_first_is_there(path):
    names = re.findall(rf"{READERS}/(\w+\.ipynb)", path.read_text(encoding="utf-8"))
    assert names
    assert [name for name in names if not (ROOT / "notebooks" / name).exists()] == []


def test_the_image_brings_the_readers_copies_up_to_date_before_it_opens_one():
    (command,) = re.findall(r"^CMD (.+)$", DOCKERFILE, re.M)
    shell, option, script = json.loads(command)
    assert (shell, option) == ("sh", "-c")
    assert re.match(
        rf"w2v-lesson update; exec jupyter lab .*/lab/tree/{READERS}/00_", script
    )


# --- The dev container ----------------------------------------------------------------


def test_the_dev_container_builds_a_stage_of_the_same_file():
    settings = json.loads(DEV_CONTAINER.read_text(encoding="utf-8"))
    build, folder = settings["build"], DEV_CONTAINER.parent
    assert (folder / build["dockerfile"]).resolve() == FOLDER / "Dockerfile"
    assert (folder / build["context"]).resolve() == ROOT
    assert f" AS {build['target']}\n" in DOCKERFILE
    assert settings["remoteUser"] in re.findall(r"^USER (\S+)", DOCKERFILE, re.M)


def test_the_dev_container_takes_the_lesson_of_the_workspace(tmp_path):
    """Without writing where the packages are.

    On Linux the user gets the number of the one outside, and of all the image only the
    home folder is given to it: /opt/lesson may then belong to nobody who is there.
    """
    settings = json.loads(DEV_CONTAINER.read_text(encoding="utf-8"))
    assert settings["containerEnv"] == {"PYTHONPATH": "${containerWorkspaceFolder}"}
    assert (ROOT / settings["postCreateCommand"].removeprefix("python ")).exists()
    (tmp_path / "w2v_lesson.py").write_text("print('of the workspace')")
    done = subprocess.run(
        [sys.executable, "-c", "import w2v_lesson"],
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd="/",
        capture_output=True,
    )
    assert done.stdout == "of the workspace\n"


# --- Links for ARM --------------------------------------------------------------------


@pytest.fixture
def arm():
    return load(FOLDER / "link_arm_libraries.py")


def test_each_name_that_arm_asks_for_leads_to_a_free_library(arm, tmp_path):
    mxnet, system = tmp_path / "mxnet", tmp_path / "lib"
    mxnet.mkdir()
    system.mkdir()
    for free in arm.LIBRARIES.values():
        (system / free).write_text(free)
    (mxnet / "libamath.so").write_text("an old one")
    arm.link(mxnet, system)
    found = {path.name: path.read_text() for path in mxnet.iterdir()}
    assert found == arm.LIBRARIES


def test_a_library_that_is_not_installed_is_named(arm, tmp_path):
    with pytest.raises(FileNotFoundError, match="apt install libopenblas0-pthread"):
        arm.link(tmp_path, tmp_path / "empty")


# --- Compiled code that moves ---------------------------------------------------------

# Prints what numba writes into its index beside compiled code. numba uses the code only if
# this is still the same. The processor's name and features are faked, as on another machine.
KEY = """
import llvmlite.binding as ll, sys
ll.get_host_cpu_name = lambda: sys.argv[1]
ll.get_host_cpu_features = lambda: ll.FeatureMap({sys.argv[1]: True})
from numba.core.registry import cpu_target
print(cpu_target.target_context.codegen().magic_tuple())
"""


def key_on(processor, command=(), **variables):
    done = subprocess.run(
        [*command, sys.executable, "-c", KEY, processor],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def numba_settings():
    """List the variables for numba that each architecture's stage sets."""
    settings = re.findall(r"^ENV (NUMBA.*)$", DOCKERFILE, re.M)
    return [dict(word.split("=") for word in line.split()) for line in settings]


@pytest.mark.slow
def test_compiled_code_of_an_image_is_used_on_another_processor():
    start = (ROOT / ".binder" / "start",)
    amd64, arm64 = numba_settings()
    here = key_on("znver3", start)
    assert here == key_on("skylake", start)
    assert here == key_on("znver3", **amd64)
    assert amd64.keys() == arm64.keys()
    assert key_on("znver3") != key_on("skylake")  # without them, it wouldn't be


def test_times_of_change_survive_the_way_into_an_image(tmp_path):
    module = tmp_path / "deep" / "module.py"
    module.parent.mkdir()
    module.touch()
    os.utime(module, (1_700_000_000.75, 1_700_000_000.75))
    load(ROOT / "tools" / "warm_caches.py").whole_seconds(tmp_path)
    assert module.stat().st_mtime == 1_700_000_000


# --- What JupyterLab does without, in every installation --------------------------------


def test_the_lab_asks_nothing_of_the_network():
    lab = json.loads((JUPYTER / "jupyter_lab_config.json").read_text())
    assert lab["LabApp"]["extension_manager"] == "readonly"
    shown = json.loads((JUPYTER / "labconfig/default_setting_overrides.json").read_text())
    news = shown["@jupyterlab/apputils-extension:notification"]
    assert news == {"fetchNews": "false", "checkForUpdates": False}


def test_no_extension_is_active_that_a_reader_does_not_use(monkeypatch):
    """Check this even with the packages for tools, because jupytext brings an extension."""
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(JUPYTER))
    page = get_page_config([f"{path}/labextensions" for path in jupyter_path()])
    brought = {extension["name"] for extension in page["federated_extensions"]}
    assert "jupyterlab-jupytext" in brought
    active = brought - set(page["disabledExtensions"])
    assert active == {"@jupyter-widgets/jupyterlab-manager", "anywidget"}
    servers = ExtensionConfigManager(read_config_path=jupyter_config_path())
    active = {name for name, on in servers.get_jpserver_extensions().items() if on}
    # The terminal is for the lesson's commands; JupyterLab's page asks for jupyter_lsp.
    wanted = {"jupyterlab", "jupyter_server_terminals", "jupyter_lsp", "notebook_shim"}
    assert active == wanted
