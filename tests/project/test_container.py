"""The container, the dev container, and the settings of an installed environment."""

import fnmatch
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import build_image
import nbformat
import pytest
import rehearse_arm
import rehearse_images
import try_hub_image
import try_image
import yaml
from first_losses import CHAPTER, beginning, losses
from jupyter_core.paths import jupyter_config_path, jupyter_path
from jupyter_server.extension.config import ExtensionConfigManager
from jupyterlab_server.config import get_page_config

from benchmarks import images
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


# --- What no reader needs ----------------------------------------------------------------


@pytest.fixture
def dropping():
    return load(FOLDER / "drop_unneeded.py")


def test_tests_and_sources_go_and_what_chapters_read_stays(dropping, tmp_path):
    packages = tmp_path / "lib" / "python3.11" / "site-packages"
    stays = [
        "gensim/test/__init__.py",
        "gensim/test/utils.py",
        "gensim/test/test_data/wordsim353.tsv",
        "numpy/testing/_private/utils.py",
        "mxnet/test_utils.py",
        "babel/locale-data/en_US.dat",
        "babel/locale-data/root.dat",
        "jedi/third_party/typeshed/stubs/x/test/__init__.pyi",
        "jupyterlab/labapp.py",
    ]
    goes = [
        "gensim/test/test_word2vec.py",
        "gensim/models/word2vec_inner.pyx",
        "pandas/tests/test_a.py",
        "scipy/linalg/tests/data/a.npz",
        "mxnet/include/mxnet/base.h",
        "babel/locale-data/de.dat",
        "jupyterlab/static/index.html",
    ]
    for name in stays + goes:
        (packages / name).parent.mkdir(parents=True, exist_ok=True)
        (packages / name).write_text("12345")
    assert dropping.drop(tmp_path) == 5 * len(goes)
    left = [path for path in packages.rglob("*") if path.is_file()]
    assert sorted(str(path.relative_to(packages)) for path in left) == sorted(stays)


def test_what_a_link_leads_to_stays(dropping, tmp_path):
    """In an environment, for example, lib64 is a link to lib."""
    elsewhere = tmp_path / "elsewhere" / "tests"
    elsewhere.mkdir(parents=True)
    environment = tmp_path / "environment" / "site-packages" / "a"
    environment.mkdir(parents=True)
    (environment / "tests").symlink_to(elsewhere)
    assert dropping.drop(tmp_path / "environment") == 0
    assert elsewhere.exists()


def test_the_system_is_never_cleaned(dropping, monkeypatch):
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    with pytest.raises(SystemExit, match="not in the system's"):
        dropping.main()


def test_packages_are_made_smaller_in_the_step_that_installs_them():
    (step,) = re.findall(r"^RUN (pip install .*-r \S+.*)$", DOCKERFILE, re.M)
    assert "drop_unneeded.py" in step


# --- make image --------------------------------------------------------------------------

# An engine that writes down how it is called, and answers with its processor, or fails.
ENGINE = """#!/bin/sh
echo "$0 $*" >> "{calls}"
case "$1" in
  build|bud) exit {code} ;;
  *) {answer} ;;
esac
"""
WORKS, NO_DAEMON = "echo {}", "echo 'Is the daemon running?' >&2; exit 1"


@pytest.fixture
def engines(tmp_path, monkeypatch):
    """Return a function that puts engines into an otherwise empty PATH; and their calls."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    calls = tmp_path / "calls"
    calls.touch()

    def put(code=0, **answers):
        for name, answer in answers.items():
            program = tmp_path / "bin" / name
            program.write_text(ENGINE.format(calls=calls, answer=answer, code=code))
            program.chmod(0o755)
        return lambda: [line.split() for line in calls.read_text().splitlines()]

    return put


def built(calls):
    """Return the name and the words of the one call that builds."""
    (call,) = [call for call in calls if call[1] in ("build", "bud")]
    return Path(call[0]).name, call[1:]


def test_an_engine_without_its_daemon_is_passed_over(engines):
    calls = engines(
        docker=NO_DAEMON, podman=WORKS.format("arm64"), buildah=WORKS.format("arm64")
    )
    assert build_image.main("w2v-lesson", "--network", "host") == 0
    engine, words = built(calls())
    assert engine == "podman" and "--build-arg=TARGETARCH=arm64" in words
    assert words[words.index("--network") + 1] == "host"
    assert words[-3:] == ["--file", "tools/container/Dockerfile", "."]


@pytest.mark.parametrize("engine", build_image.ENGINES)
def test_each_engine_builds_both_images_and_copies_no_ignored_files(engines, engine):
    calls = engines(**{engine: WORKS.format("amd64")})
    assert build_image.main("w2v-lesson") == 0
    used, words = built(calls())
    assert used == engine
    # Docker's builder finds the list beside the Dockerfile, and the processor, by itself.
    assert ("--build-arg=TARGETARCH=amd64" in words) == (engine != "docker")
    lists = [word.partition("=")[2] for word in words if word.endswith(".dockerignore")]
    assert len(lists) == (engine != "docker")
    assert all((ROOT / name).exists() for name in lists)
    assert build_image.main("w2v-lesson-hub") == 0
    last = calls()[-1]
    assert last[-1] == "tools/container" and last[-2].endswith("Dockerfile.hub")


def test_a_failed_build_is_not_a_success(engines):
    engines(buildah=WORKS.format("amd64"), code=3)
    assert build_image.main("w2v-lesson") == 3


def test_without_an_engine_it_says_why_and_what_to_do(engines):
    engines(docker=NO_DAEMON)
    with pytest.raises(SystemExit) as end:
        build_image.main("w2v-lesson")
    said = str(end.value)
    assert "docker: Is the daemon running?" in said and "podman: not installed" in said
    assert "apt install podman" in said


def test_an_engine_that_answers_nothing_does_not_work(engines):
    engines(docker="true", podman="exit 5")
    assert build_image.ask("docker") == ("", "ended with code 0, without an answer")
    assert build_image.ask("podman") == ("", "ended with code 5, without an answer")


# --- The rehearsal (make rehearse-images) ------------------------------------------------


def test_each_image_is_tried_and_read_from_a_file_that_is_there():
    assert rehearse_images.TRIALS.keys() == build_image.IMAGES.keys()
    for trial in rehearse_images.TRIALS.values():
        assert (ROOT / "tools" / trial).exists()
    for file, context in build_image.IMAGES.values():
        assert (ROOT / file).exists() and (ROOT / context).is_dir()


def test_the_stand_in_has_the_name_that_the_image_is_built_on():
    bases = re.findall(r"^FROM (\S+) AS (?:amd64|arm64)$", DOCKERFILE, re.M)
    assert set(bases) == {rehearse_images.BASE} and len(bases) == 2


def test_what_is_missing_is_named_with_its_package(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(SystemExit, match=r"apt install a-package$"):
        rehearse_images.check_machine({"no-such-command": "a-package", "sh": "another"})
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match="root"):
        rehearse_images.check_machine({})


def test_sizes_are_read_and_written_in_a_table():
    assert rehearse_images.in_bytes("1.09 GB") == 1_090_000_000
    assert rehearse_images.in_bytes("150 MB") == 150_000_000
    text = images.section(
        {"docker.io/library/python:3": (1.5e8, 60.2), "w2v": (1.09e9, 99)}
    )
    assert "| `python:3` | 0.15 | 60 |" in text and "| `w2v` | 1.09 | 99 |" in text


def test_the_chapters_of_the_rehearsal_exist():
    for name in try_image.CHAPTERS:
        assert (ROOT / "notebooks" / f"{name}.ipynb").exists()


def test_the_stand_in_for_a_hub_gives_what_the_values_leave_to_it():
    given = try_hub_image.variables("a token")
    values = yaml.safe_load(try_hub_image.VALUES.read_text())["singleuser"]
    assert not given.keys() & values["extraEnv"].keys()
    assert given["JUPYTERHUB_SERVICE_PREFIX"].strip("/") in try_hub_image.SERVER
    assert json.loads(given["JUPYTERHUB_OAUTH_SCOPES"]) == try_hub_image.STUDENT["scopes"]


def test_every_step_for_arm_is_known_and_none_is_lost():
    stages = rehearse_arm.read_stages((FOLDER / "Dockerfile").read_text(encoding="utf-8"))
    steps = [step for name in rehearse_arm.STAGES for step in stages[name]]
    known = {"RUN", "COPY", "ENV", "USER", "WORKDIR", "EXPOSE"}
    assert {instruction for instruction, _ in steps} <= known
    assert sum(len(steps) for steps in stages.values()) + len(stages) + 1 == len(
        re.findall(r"^[A-Z]+ ", DOCKERFILE, re.M)
    )
    scripts = [argument for instruction, argument in steps if instruction == "RUN"]
    assert any("liblapacke" in script for script in scripts)
    assert any("link_arm_libraries.py" in script for script in scripts)


def test_variables_user_and_folder_of_a_step_hold_for_the_next(tmp_path):
    emulation = rehearse_arm.Emulation(tmp_path, 60)
    emulation.take("ENV", "PATH=/opt/bin:$PATH A= B=2")
    emulation.take("USER", "reader")
    emulation.take("WORKDIR", "/home")
    assert emulation.variables["PATH"] == f"/opt/bin:{rehearse_arm.PATH}"
    assert (emulation.variables["A"], emulation.variables["B"]) == ("", "2")
    (tmp_path / "home").mkdir()
    emulation.take("COPY", "--chown=reader README.md LICENSE .")
    assert (tmp_path / "home" / "LICENSE").exists()
    with pytest.raises(ValueError, match="VOLUME"):
        emulation.take("VOLUME", "/a")


def test_the_losses_that_arm_is_compared_with_are_in_chapter_05():
    notebook = nbformat.read(CHAPTER, 4)
    stored = losses(beginning(notebook))
    assert len(stored) == 4 and stored[0] == "0.693"
    assert sorted(stored, reverse=True) == stored  # each step of the chapter lowers it
    assert "panel" not in "".join(cell.source for cell in notebook.cells)


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
