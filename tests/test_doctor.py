"""The doctor's findings: each thing that can be wrong, and the advice for it."""

import ast
import platform
import sys

import pytest

from w2v_lesson import doctor

ALL_WELL = [
    "Machine", "Python", "Packages", "MXNet", "Text", "Cache folder", "Notebook kernel",
    "Fast engine", "Resources",
]  # fmt: skip


def test_this_environment_is_well(capsys):
    assert doctor.report() == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[8:].split(":")[0] for line in lines[:-1]] == ALL_WELL
    assert all(line.startswith("ok  ") for line in lines[:-1])
    assert lines[-1] == "All is well."


@pytest.mark.parametrize(
    "system, machine, libc, advice",
    [
        ("Linux", "x86_64", "glibc", ""),
        ("Darwin", "x86_64", "", ""),
        ("Windows", "AMD64", "", "WSL2"),
        ("Darwin", "arm64", "", "container"),
        ("Linux", "aarch64", "glibc", "container"),
        ("Linux", "riscv64", "glibc", "x86-64"),
        ("Linux", "x86_64", "", "Alpine"),
    ],
)
def test_each_kind_of_machine_has_its_next_step(system, machine, libc, advice):
    found = doctor._system(system, machine, libc)
    assert advice in found.advice and bool(advice) == bool(found.advice)


def test_nothing_more_is_asked_on_a_machine_that_cannot_run_it(monkeypatch, capsys):
    monkeypatch.setattr(platform, "system", lambda: "Windows")
    monkeypatch.setattr(doctor, "ask", lambda *_: pytest.fail("asked all the same"))
    assert doctor.report() == 1
    said = capsys.readouterr().out
    assert said.startswith("NOT OK  Machine: Windows") and "ask again" in said


def test_another_python_is_sent_to_the_environment():
    assert "make lab" in doctor._python((3, 12, 1)).advice
    assert doctor._python((3, 11, 7)) == ("Python", "3.11.7", "")


def test_packages_that_are_missing_or_of_another_version():
    assert "not installed" in doctor._packages(None).found
    wanted = ["numpy==1.0", "no-such-package>=2", "pytest", 'ruff==0; extra == "dev"']
    found = doctor._packages(wanted).found.split("; ")
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
    monkeypatch.setattr(doctor, "LEAST_DISK", 1e9)
    assert doctor._cache().advice.startswith("Free ")


def test_little_memory(monkeypatch):
    monkeypatch.setattr(doctor, "_memory_free", lambda: 0.3)
    assert "0.3 GB of memory free" in doctor._memory().found
    assert "Close" in doctor._memory().advice
    monkeypatch.setattr(doctor, "_memory_free", lambda: None)  # not known: no complaint
    assert doctor._memory().advice == ""


def test_it_is_written_for_old_pythons():
    """What it needs is the standard library, and syntax of Python 3.8."""
    with open(doctor.__file__, encoding="utf-8") as file:
        tree = ast.parse(file.read(), feature_version=(3, 8))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in ([node.module] if isinstance(node, ast.ImportFrom)
                     else [a.name for a in getattr(node, "names", [])
                           if isinstance(node, ast.Import)])
    }  # fmt: skip
    assert imported - set(sys.stdlib_module_names) == {"packaging"}  # asked for with care
