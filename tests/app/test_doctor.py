"""The doctor's findings: each thing that can be wrong, and the advice for it."""

import ast
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from w2v_lesson.app import doctor

ALL_WELL = [
    "Machine",
    "Python",
    "Packages",
    "MXNet",
    "Text",
    "Cache folder",
    "Figures",
    "Notebook kernel",
    "Fast engine",
    "Resources",
]


@pytest.mark.slow
def test_this_environment_is_well(capsys):
    assert doctor.doctor() == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[8:].split(":")[0] for line in lines[:-1]] == ALL_WELL
    assert all(line.startswith("ok  ") for line in lines[:-1])
    assert lines[-1] == f"Next: {doctor.READY[doctor._seat()].format(sys.executable)}"


# --- Every kind of machine, and every place to use one ---------------------------------

ROOT = Path(doctor.ROOT)
LINUX = ("Linux", "x86_64", "6.8.0-49-generic", "#49-Ubuntu SMP")
ARM = ("Linux", "aarch64", "6.8.0-49-generic", "#49-Ubuntu SMP")
INTEL = ("Darwin", "x86_64", "22.6.0", "Darwin Kernel Version 22.6.0; RELEASE_X86_64")
APPLE = ("Darwin", "arm64", "24.1.0", "Darwin Kernel Version 24.1.0; RELEASE_ARM64_T6000")
WINDOWS = ("Windows", "AMD64", "11", "10.0.22631")
WSL2 = ("Linux", "x86_64", "5.15.167.4-microsoft-standard-WSL2", "#1 SMP")
SEATS = {
    "Colab": {"COLAB_RELEASE_TAG": "release-colab"},
    "Codespaces": {"CODESPACES": "true", "TERM_PROGRAM": "vscode"},
    "VS Code": {"TERM_PROGRAM": "vscode"},
    "Binder": {"BINDER_REPO_URL": "x", "JUPYTERHUB_USER": "x"},
    "JupyterHub": {"JUPYTERHUB_USER": "ada"},
}
# A row of the README: what to fake, and a text that both the row and the next step contain,
# for somebody who has nothing installed there or uses the image.
PLACES = {
    "Linux, x86-64": (LINUX, {}, "`make lab`"),
    "Mac, Intel": (INTEL, {}, "`make lab`"),
    "Windows": (WINDOWS, {}, "wsl2"),
    "WSL2": (WSL2, {}, "`make lab"),
    "Mac, Apple silicon": (APPLE, {}, "environment-mac.yml"),
    "Linux, ARM": (ARM, {}, "container"),
    "VS Code": (APPLE, SEATS["VS Code"], "reopen in container"),
    "Codespaces": (LINUX, SEATS["Codespaces"], "container"),
    "Binder": (LINUX, SEATS["Binder"], "environment.yml"),
    "JupyterHub": (LINUX, SEATS["JupyterHub"], "environment"),
    "Colab": (LINUX, SEATS["Colab"], "codespaces"),
}


@pytest.fixture
def at(monkeypatch):
    """Return a function that fakes such a machine and place, with nothing set up."""
    for name in {name for seat in SEATS.values() for name in seat} | {"VSCODE_PID"}:
        monkeypatch.delenv(name, raising=False)
    for name in [name for name in os.environ if name.startswith("BINDER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(doctor, "IMAGE", "/nowhere")
    monkeypatch.setattr(doctor, "ROOT", "/nowhere")
    monkeypatch.setattr(doctor, "_libc", lambda: "glibc")
    monkeypatch.setattr(doctor, "_has_arm_libraries", lambda: False)
    monkeypatch.setattr(doctor, "_has_mxnet", lambda: False)
    monkeypatch.setattr(doctor, "_requirements", lambda: None)
    monkeypatch.setattr(doctor, "ask", lambda *_: pytest.fail("asked all the same"))
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")

    def be(machine, seat=()):
        for name, value in zip(
            ("system", "machine", "release", "version"), machine, strict=True
        ):
            monkeypatch.setattr(platform, name, lambda value=value: value)
        for name, value in dict(seat).items():
            monkeypatch.setenv(name, value)

    return be


def next_step(capsys):
    """Return the last sentence of the report, and check that it is the only one."""
    doctor.doctor()
    *_, last = capsys.readouterr().out.splitlines()
    assert last.startswith("Next: ")
    sentence = last[len("Next: ") :]
    assert sentence[0].isupper() and re.findall(r"[.!?](?= |$)", sentence) == ["."]
    assert sentence.endswith(".") and len(sentence) < 180
    return sentence


def readme_rows():
    """Return {place: its row} for the README's table of places."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").split("## Where it runs")[1]
    lines = [line for line in text.split("\n## ")[0].splitlines() if line.startswith("| ")]
    return {line.split("|")[1].strip(): line for line in lines[2:]}


@pytest.mark.parametrize("place", PLACES)
def test_next_step_is_one_sentence_and_what_the_readme_says(at, capsys, place):
    machine, seat, said = PLACES[place]
    at(machine, seat)
    assert said in next_step(capsys).lower()
    assert said in readme_rows()[place].lower()


def test_the_readme_tells_of_these_places():
    assert list(readme_rows()) == list(PLACES)


@pytest.mark.parametrize(
    "seat", [*SEATS, "a terminal", "a conda environment", "WSL2", "the container"]
)
def test_next_step_where_all_is_well(at, capsys, monkeypatch, seat, tmp_path):
    at(WSL2 if seat == "WSL2" else LINUX, SEATS.get(seat, {}))
    if seat == "a conda environment":
        (tmp_path / "conda-meta").mkdir()
        monkeypatch.setattr(sys, "prefix", str(tmp_path))
    if seat == "the container":
        monkeypatch.setattr(doctor, "IMAGE", str(tmp_path))
    assert doctor._seat() == seat
    monkeypatch.setattr(doctor, "look", lambda: [doctor.Finding("All", "well")])
    if seat != "Colab":  # never well
        step = next_step(capsys)
        assert doctor.FIRST in step or "address" in step or "`make lab" in step
        assert (ROOT / "notebooks" / Path(doctor.FIRST).name).exists()


@pytest.mark.parametrize(
    "machine, said",
    [
        (("Windows", "ARM64", "11", "10.0.26100"), "container"),
        # A Python for Intel on Apple silicon.
        (("Darwin", "x86_64", *APPLE[2:]), "Apple silicon"),
        (("Linux", "riscv64", *LINUX[2:]), "x86-64"),
        (("FreeBSD", "amd64", "14.1", "FreeBSD 14.1"), "x86-64"),
    ],
)
def test_rarer_machines(at, capsys, machine, said):
    at(machine)
    assert said in next_step(capsys)


def test_alpine(at, capsys, monkeypatch):
    at(LINUX)
    monkeypatch.setattr(doctor, "_libc", lambda: "")
    assert "glibc" in next_step(capsys)


def test_the_container_on_arm_is_not_sent_to_the_container(at, capsys, monkeypatch):
    at(ARM)
    monkeypatch.setattr(doctor, "_has_arm_libraries", lambda: True)
    assert "`make lab`" in next_step(
        capsys
    )  # the examination continues: nothing is installed


def test_a_mac_with_mxnet_from_conda_is_not_sent_to_conda(
    at, capsys, monkeypatch, tmp_path
):
    at(APPLE)
    (tmp_path / "conda-meta").mkdir()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(doctor, "_has_mxnet", lambda: True)
    assert "conda environment" in next_step(capsys)  # the lesson itself is not installed


def test_arm_libraries_are_those_that_the_container_links(monkeypatch, tmp_path):
    mxnet = tmp_path / "mxnet"
    mxnet.mkdir()
    (mxnet / "__init__.py").write_text("raise AssertionError('it was loaded')")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.delitem(sys.modules, "mxnet", raising=False)
    assert not doctor._has_arm_libraries()
    (mxnet / "libamath.so").touch()
    assert doctor._has_arm_libraries()
    assert '"libamath.so"' in (ROOT / "tools/container/link_arm_libraries.py").read_text()


def test_the_image_is_known_by_the_folder_of_its_packages():
    assert (
        f"python -m venv {doctor.IMAGE}\n"
        in (ROOT / "tools/container/Dockerfile").read_text()
    )


def test_another_python_is_sent_to_the_environment(at, capsys, monkeypatch, tmp_path):
    at(LINUX)
    monkeypatch.setattr(sys, "version_info", (3, 12, 1))
    assert "`make lab`" in next_step(capsys)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert "install `make`" in next_step(capsys)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / ".complete").touch()
    monkeypatch.setattr(doctor, "ROOT", str(tmp_path))
    assert f"`{tmp_path}/.venv/bin/python -m w2v_lesson doctor`" in next_step(capsys)
    monkeypatch.setattr(sys, "prefix", f"{tmp_path}/.venv")
    assert "install `make`" in next_step(capsys)
    for version in [(3, 10, 13), (3, 11, 7)]:
        assert doctor._python(version, "a terminal").advice == ""
    for version in [(3, 9, 18), (3, 12, 1)]:
        assert "3.10 or 3.11" in doctor._python(version, "a terminal").advice


def assert_nothing_is_installed(*command):
    """Run it with a Python without packages (-S)."""
    done = subprocess.run(
        [sys.executable, "-S", *command], capture_output=True, text=True, cwd=ROOT
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "Packages: the lesson is not installed" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("Next: ")


def test_it_runs_as_a_file_where_nothing_is_installed():
    assert_nothing_is_installed("-I", doctor.__file__)  # -I: without this folder


def test_it_runs_as_a_command_where_nothing_is_installed():
    assert_nothing_is_installed("-m", "w2v_lesson", "doctor")


# --- What can be wrong on a machine that could run it -----------------------------------


def test_packages_that_are_missing_or_of_another_version():
    assert "not installed" in doctor._packages(None, "a terminal").found
    wanted = ["numpy==1.0", "no-such-package>=2", "pytest", 'ruff==0; extra == "dev"']
    found = doctor._packages(wanted, "a terminal").found.split("; ")
    assert [line.split()[0] for line in found] == ["numpy", "no-such-package"]
    assert found[1] == "no-such-package missing, not >=2"


@pytest.mark.parametrize(
    "code, advice",
    [
        ("import os; os.kill(os.getpid(), 4)", "AVX"),
        ("raise OSError('libgomp.so.1: cannot open shared object file')", "libgomp1"),
        ("import no_such_module", "make clean"),
    ],
)
def test_what_happens_to_mxnet_in_another_process(code, advice):
    found = doctor._answer("MXNet", code, doctor._mxnet_advice)
    assert advice in found.advice and found.found


def test_no_answer_in_time():
    assert doctor.ask("import time; time.sleep(9)", seconds=0.1)[0] is None


def test_a_kernel_of_another_python():
    assert doctor._same_python(sys.executable) == ""
    assert "make lab" in doctor._same_python("/usr/bin/another")


def test_a_cache_folder_that_cannot_be_written(monkeypatch, tmp_path):
    (tmp_path / "a file").touch()
    monkeypatch.setenv("W2V_LESSON_CACHE", str(tmp_path / "a file" / "cache"))
    found = doctor._cache()
    assert "W2V_LESSON_CACHE" in found.found and found.advice


def test_a_full_disk(monkeypatch):
    monkeypatch.setattr(doctor, "MIN_DISK_GB", 1e9)
    assert doctor._cache().advice.startswith("Free ")


def test_little_memory(monkeypatch):
    monkeypatch.setattr(doctor, "_memory_free", lambda: 0.3)
    assert "0.3 GB of memory free" in doctor._memory().found
    assert "Close" in doctor._memory().advice
    monkeypatch.setattr(doctor, "_memory_free", lambda: None)  # unknown, so no complaint
    assert doctor._memory().advice == ""


def test_it_is_written_for_old_pythons():
    """It needs only the standard library and the syntax of Python 3.8."""
    with open(doctor.__file__, encoding="utf-8") as file:
        tree = ast.parse(file.read(), feature_version=(3, 8))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [node.module]
            if isinstance(node, ast.ImportFrom)
            else [
                a.name for a in getattr(node, "names", []) if isinstance(node, ast.Import)
            ]
        )
    }
    assert imported - set(sys.stdlib_module_names) == {"packaging"}  # asked for with care


WAY = (
    "__init__",
    "__main__",
    "settings",
    "app/__init__",
    "app/command_line",
    "app/options",
    "app/terminal",
)


@pytest.mark.parametrize("name", WAY)
def test_the_way_to_it_is_open_to_old_pythons(name):
    source = (ROOT / "w2v_lesson" / f"{name}.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 8))
