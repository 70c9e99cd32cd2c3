"""Container and Binder: what of their files can be held to account without an engine."""

import fnmatch
import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "container" / "Dockerfile"
IGNORED = DOCKERFILE.with_name("Dockerfile.dockerignore").read_text().splitlines()
BUILD_TOOLS = {"build-essential", "cmake", "g++", "gcc", "git", "make", "pkg-config"}
ARCHITECTURES = ["amd64", "arm64"]
FIRST_CHAPTER = "notebooks/00_meet_word_vectors.ipynb"


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- Reading a Dockerfile -------------------------------------------------------------


def instructions(text):
    """(instruction, argument) for each, its lines joined, comments left out."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    parts = (line.split(maxsplit=1) for line in joined.splitlines() if line.strip())
    return [(name.upper(), argument) for name, argument in parts]


def stages():
    """Name of each stage: (what it starts from, its instructions), in order."""
    found = {}
    for name, argument in instructions(DOCKERFILE.read_text(encoding="utf-8")):
        if name == "FROM":
            base, _, stage = argument.split()
            found[stage] = (base, [])
        elif found:
            found[stage][1].append((name, argument))
    return found


def layers(stage, architecture):
    """All instructions behind a stage, from the base image on."""
    all_stages, found = stages(), []
    stage = stage.replace("${TARGETARCH}", architecture)
    while stage in all_stages:
        base, own = all_stages[stage]
        found = own + found
        stage = base.replace("${TARGETARCH}", architecture)
    return stage, found


def of(name, found):
    return [argument for each, argument in found if each == name]


def environment(found):
    """Variables that ENV sets, a dict."""
    words = [word for argument in of("ENV", found) for word in shlex.split(argument)]
    return dict(word.split("=", 1) for word in words)


def apt_packages(found):
    installs = re.findall(r"apt-get install ([^&]*)", " && ".join(of("RUN", found)))
    words = [word for each in installs for word in each.split()]
    return {word for word in words if not word.startswith("-")}


def is_ignored(path):
    """Whether .dockerignore leaves out this path of the repository, or a folder of it."""
    parents = [path, *Path(path).parents]
    return any(
        fnmatch.fnmatch(str(each), pattern)
        or (pattern.startswith("**/") and fnmatch.fnmatch(each.name, pattern[3:]))
        for each in map(Path, parents)
        for pattern in IGNORED
        if pattern and not pattern.startswith("#")
    )


def tracked():
    done = subprocess.run(["git", "-C", ROOT, "ls-files"], capture_output=True, text=True)
    return done.stdout.split("\n")[:-1]


LAST = list(stages())[-1]


# --- The Dockerfile -------------------------------------------------------------------


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_stage_begins_with_the_tagged_python_of_the_lesson(architecture):
    for stage in stages():
        base, _ = layers(stage, architecture)
        assert base == "python:3.11-slim-bookworm"


def test_what_is_copied_is_there_and_not_ignored():
    earlier = []
    for stage, (_, own) in stages().items():
        for argument in of("COPY", own):
            options = re.findall(r"--(\w+)=(\S+)", argument)
            *sources, _ = re.sub(r"--\S+\s*", "", argument).split()
            if "from" in dict(options):
                assert dict(options)["from"] in earlier
                continue
            for source in sources:
                assert (ROOT / source).exists(), source
                assert not is_ignored(source), source
        earlier.append(stage)


def test_all_that_git_keeps_is_copied_and_nothing_else():
    kept = tracked()
    if not kept:
        pytest.skip("not a git repository")
    assert [path for path in kept if is_ignored(path)] == []
    not_kept = (ROOT / ".gitignore").read_text().split()
    assert [name for name in not_kept if not is_ignored(f"{name.rstrip('/')}/a")] == []
    assert is_ignored(".git/config")
    assert is_ignored("w2v_lesson/__pycache__/fused.nbi")


def test_packages_are_those_of_the_lock_and_each_hash_is_checked():
    runs = [run for _, own in stages().values() for run in of("RUN", own)]
    installs = re.findall(r"\bpip install ([^&]*)", " && ".join(runs))
    wanted = ["--require-hashes", "--only-binary :all:", "-r /tmp/requirements.lock"]
    assert all(part in installs[0] for part in wanted)
    (own,) = installs[1:]
    assert {"--no-deps", "--no-build-isolation", "-e"} <= set(own.split())
    assert not re.search(r"\b(curl|wget|conda|npm)\b", " ".join(runs))


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_last_layers_hold_no_build_tools(architecture):
    _, found = layers(LAST, architecture)
    packages = apt_packages(found)
    assert packages, "system libraries of MXNet"
    assert not packages & BUILD_TOOLS
    assert not [name for name in packages if name.endswith("-dev")]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_lesson_runs_as_a_user_who_owns_it(architecture):
    _, found = layers(LAST, architecture)
    user = of("USER", found)[-1]
    assert user not in ("root", "0")
    assert f" {user} " in next(run for run in of("RUN", found) if "useradd" in run)
    for argument in of("COPY", found):
        assert f"--chown={user}:{user}" in argument
    names = [name for name, _ in found]
    warmed = next(i for i, (_, text) in enumerate(found) if "warm_caches" in text)
    assert names.index("USER") < warmed  # what it makes belongs to the user


def test_jupyter_opens_the_first_chapter_and_asks_for_the_token():
    command = json.loads(of("CMD", stages()[LAST][1])[0])
    assert command[:2] == ["jupyter", "lab"]
    assert f"--LabApp.default_url=/lab/tree/{FIRST_CHAPTER}" in command
    assert (ROOT / FIRST_CHAPTER).exists()
    assert not [word for word in command if re.search("token|password|root", word)]


def test_system_libraries_are_those_that_set_up_asks_for():
    advice = (ROOT / "tools" / "bootstrap.py").read_text(encoding="utf-8")
    asked = re.search(r"`apt install (libgomp1[^`]*)`", advice)[1].split()
    assert apt_packages(stages()["amd64"][1]) == set(asked)


def test_the_dev_container_builds_a_stage_of_the_same_file():
    folder = ROOT / ".devcontainer"
    settings = json.loads((folder / "devcontainer.json").read_text(encoding="utf-8"))
    build = settings["build"]
    assert (folder / build["dockerfile"]).resolve() == DOCKERFILE
    assert (folder / build["context"]).resolve() == ROOT
    _, found = layers(build["target"], "amd64")
    assert of("USER", found)[-1] == settings["remoteUser"] != "root"
    (first,) = settings["customizations"]["codespaces"]["openFiles"]
    assert first == FIRST_CHAPTER


def test_the_dev_container_takes_the_lesson_of_the_workspace(tmp_path):
    """Without writing where the packages are.

    On Linux the user gets the number of the one outside, and of all the image only the
    home folder is given to it: /opt/lesson may then belong to nobody who is there.
    """
    settings = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    assert settings["containerEnv"] == {"PYTHONPATH": "${containerWorkspaceFolder}"}
    assert "pip" not in settings["postCreateCommand"]
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
    return load(ROOT / "container" / "link_arm_libraries.py")


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
    advised = {"libopenblas0-pthread", "liblapacke"}
    assert advised <= apt_packages(stages()["arm64"][1])


# --- Compiled code that moves ---------------------------------------------------------

# What numba writes into its index beside compiled code: only if it is the same later,
# the code is used. The processor's name and abilities are as if on another machine.
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


@pytest.mark.slow
def test_compiled_code_of_an_image_is_used_on_another_processor():
    start = (ROOT / "start",)
    here = key_on("znver3", start)
    assert here == key_on("skylake", start)
    assert here == key_on("znver3", **numba_settings("amd64"))
    assert key_on("znver3") != key_on("skylake")  # without, it would not be


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_processor_is_named_before_code_is_compiled(architecture):
    assert all(
        key in numba_settings(architecture)
        for key in ("NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES")
    )


def numba_settings(architecture):
    found = environment(stages()[architecture][1])
    return {key: value for key, value in found.items() if key.startswith("NUMBA")}


def test_times_of_change_survive_the_way_into_an_image(tmp_path):
    module = tmp_path / "deep" / "module.py"
    module.parent.mkdir()
    module.touch()
    os.utime(module, (1_700_000_000.75, 1_700_000_000.75))
    load(ROOT / "tools" / "warm_caches.py").whole_seconds(tmp_path)
    assert module.stat().st_mtime == 1_700_000_000


# --- Binder ---------------------------------------------------------------------------


def test_binder_builds_from_the_environment():
    # Each of these would take the place of environment.yml or leave files out of the
    # image (repo2docker, buildpacks).
    others = [
        "Dockerfile",
        "binder",
        ".binder",
        ".dockerignore",
        ".containerignore",
        "Project.toml",
        "REQUIRE",
        "runtime.txt",
    ]
    assert [name for name in others if (ROOT / name).exists()] == []
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert "python=3.11" in conda["dependencies"]
    assert conda["dependencies"][-1] == {"pip": ["-r requirements.lock"]}


@pytest.mark.parametrize("name", ["start", "postBuild"])
def test_binder_can_run_the_scripts(name):
    assert os.access(ROOT / name, os.X_OK)
    subprocess.run(["bash", "-n", ROOT / name], check=True)


def test_post_build_calls_only_what_is_there():
    text = (ROOT / "postBuild").read_text(encoding="utf-8")
    assert "set -e" in text.splitlines()
    assert "pip install --no-deps --no-build-isolation -e ." in text
    (script,) = re.findall(r"^\./start python (\S+)", text, re.MULTILINE)
    assert (ROOT / script).exists()


def test_start_hands_over_the_command_as_it_is():
    words = [sys.executable, "-c", "import sys; print(sys.argv[1:])", "a b", "*"]
    done = subprocess.run([ROOT / "start", *words], capture_output=True, text=True)
    assert done.stdout.strip() == "['a b', '*']"


def test_the_lab_of_image_and_binder_asks_nothing_of_the_network():
    folder = ROOT / "environment" / "etc" / "jupyter"
    lab = json.loads((folder / "jupyter_lab_config.json").read_text())
    assert lab["LabApp"]["extension_manager"] == "readonly"
    shown = json.loads((folder / "labconfig/default_setting_overrides.json").read_text())
    news = shown["@jupyterlab/apputils-extension:notification"]
    assert news == {"fetchNews": "false", "checkForUpdates": False}
    (kernel,) = (ROOT / "environment").rglob("ipython_kernel_config.py")
    assert kernel.relative_to(ROOT / "environment") == Path("etc/ipython", kernel.name)
