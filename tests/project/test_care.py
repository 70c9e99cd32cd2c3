"""The tools that watch the packages work, and the files about them are correct."""

import importlib.util
import re
import subprocess
from email.message import Message
from importlib import metadata
from pathlib import Path

import pytest
import yaml

import w2v_lesson

ROOT = Path(__file__).resolve().parents[2]


def load(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


# --- Licenses -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        ([("License-Expression", "MIT"), ("License", "see file")], "MIT"),
        ([("Classifier", "License :: OSI Approved :: MIT License")], "MIT License"),
        ([("Classifier", "License :: OSI Approved"), ("License", "BSD")], "BSD"),
        ([("Classifier", "Topic :: Text"), ("License", "A | B\n\nlong text")], "A / B"),
        ([("License", "UNKNOWN")], "not said"),
        ([], "not said"),
    ],
)
def test_licence_is_what_the_package_says(fields, licence):
    about = Message()
    for field, value in fields:
        about[field] = value
    assert load("list_licences").licence_of(about) == licence


def test_every_locked_package_is_in_the_list_of_licences():
    listed = re.findall(
        r"^\| ([\w.-]+) \| (\S+) \|", read("docs/LICENCES.md"), re.MULTILINE
    )
    missing = set(load("list_licences").locked()) - set(listed)
    assert not missing, "run `make licences`"


# --- A fresh installation -------------------------------------------------------------


@pytest.fixture
def fresh():
    return load("check_fresh")


def test_versions_that_differ_are_said(fresh):
    locked = fresh.pinned(
        "# made\na==1 \\\n    --hash=sha256:0\nb==2 ; sys_platform == 'x'\nc==3\n"
    )
    assert locked == {"a": "1", "b": "2", "c": "3"}
    found = fresh.differences(locked, {"a": "1", "c": "4", "d": "5"})
    assert found == ["c: 3 in the lock, 4 now", "d: 5, new"]


def test_report_names_what_broke(fresh):
    output = "...F\nlong text\nFAILED tests/a.py::b - boom\n1 failed, 3 passed in 2 s\n"
    assert fresh.broken(output) == output.splitlines()[2:]
    assert fresh.broken("") == []


def test_copy_holds_what_git_would_keep(fresh, tmp_path, monkeypatch):
    root, target = tmp_path / "a clone", tmp_path / "copy"
    (root / "deep").mkdir(parents=True)
    target.mkdir()
    names = ["kept é.py", "deep/new", "ignored", "gone"]
    for name in names:
        (root / name).write_text(name)
    (root / ".gitignore").write_text("ignored\n")
    for command in (["init", "-q"], ["add", "kept é.py", "gone"]):
        subprocess.run(["git", *command], cwd=root, check=True)
    (root / "gone").unlink()
    monkeypatch.setattr(fresh, "ROOT", root)
    fresh.copy_repository(target)
    copied = {p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file()}
    assert copied == {".gitignore", "kept é.py", "deep/new"}


def test_failed_installation_is_the_report(fresh, tmp_path, monkeypatch):
    monkeypatch.setattr(fresh, "copy_repository", lambda target: None)
    monkeypatch.setattr(fresh, "run", lambda *command, **_: (2, "No solution found\n"))
    assert fresh.check(tmp_path, []) == (2, ["Nothing was installed:", "No solution found"])


# --- What the texts say ---------------------------------------------------------------


def test_targets_that_contributing_names_are_there():
    named = set(re.findall(r"`make ([\w-]+)", read("docs/CONTRIBUTING.md")))
    there = set(re.findall(r"^([\w-]+):", read("Makefile"), re.MULTILINE))
    assert {"check-fresh", "licences", "audit", "notebooks", "test"} <= named <= there


def test_security_tells_every_pin_of_d2l():
    rows = [
        line.split(" | ") for line in read("docs/SECURITY.md").splitlines() if "| " in line
    ]
    told = {}
    for row in rows:
        told |= zip(row[0].strip("| ").split(", "), row[1].split(", "), strict=True)
    pins = dict(re.findall(r"([\w-]+) \(==([\d.]+)\)", " ".join(metadata.requires("d2l"))))
    assert len(pins) == 7
    assert pins.items() <= told.items()
    assert told["mxnet"] == metadata.version("mxnet")


def test_citation_is_of_this_version():
    citation = yaml.safe_load(read("CITATION.cff"))
    assert citation["version"] == w2v_lesson.__version__
    assert citation["cff-version"] == "1.2.0"
    assert {"title", "authors", "message"} <= citation.keys()
    assert f"## {citation['version']}" in read("docs/CHANGELOG.md")


@pytest.mark.parametrize(
    "path",
    [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "docs" / "LICENSE-TEXT"],
    ids=lambda path: path.name,
)
def test_files_that_a_text_names_are_there(path):
    text = path.read_text(encoding="utf-8")
    links = re.findall(r'(?:\]\(|src=")([^)#"]+)', text)
    there = [path.parent / link for link in links if "://" not in link]
    named = re.findall(r"(?<![\w./])(?:benchmarks|tests|tools|docs)/[\w./-]+\b", text)
    there += [ROOT / name for name in named]
    assert [str(each) for each in there if not each.exists()] == []
