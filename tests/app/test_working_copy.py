"""The reader's copies of the chapters: without results, and never overwritten."""

import json
import os
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from w2v_lesson.app import working_copy
from w2v_lesson.app.command_line import main

NAMES = ("00_meet.ipynb", "01_pack.ipynb", "solutions/00_meet.ipynb", "routes/50.ipynb")


def release(lesson, version):
    """Write the lesson's notebooks, which have run, in a given version."""
    for folder in ("solutions", "routes"):
        (lesson / "notebooks" / folder).mkdir(parents=True, exist_ok=True)
    (lesson / "notebooks" / "glossary.md").write_text(f"# Terms {version}")
    for name in NAMES:
        run = new_code_cell(f"print('{name}', {version})", execution_count=1, id="cell-01")
        run.outputs = [new_output("stream", text="the answer\n")]
        cells = [new_markdown_cell("é [Next](01_pack.ipynb)", id="cell-00"), run]
        nbformat.write(new_notebook(cells=cells), lesson / "notebooks" / name)


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    """A lesson of two chapters, in version 1; we are elsewhere."""
    release(tmp_path / "lesson", 1)
    monkeypatch.setattr(working_copy, "LESSON", tmp_path / "lesson")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "lesson"


@pytest.fixture
def mine(lesson):
    """The reader's folder, after the first update."""
    assert main(["update"]) == 0
    return lesson / "my_lesson"


def files(folder):
    """The content of every file, with the hidden ones."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def source(path):
    return nbformat.read(path, 4).cells[1].source


def work(path, text="x = 1  # mine"):
    """Do as a reader does in JupyterLab: change a cell and save."""
    notebook = nbformat.read(path, 4)
    notebook.cells[1].source = text
    nbformat.write(notebook, path)


# --- The copy -------------------------------------------------------------------------


def test_a_copy_is_the_chapter_without_results(lesson, mine, capsys):
    assert set(files(mine)) == {*NAMES, "glossary.md", working_copy.MANIFEST}
    for name in NAMES:
        copy = nbformat.read(mine / name, 4)
        nbformat.validate(copy)
        wanted = nbformat.read(lesson / "notebooks" / name, 4)
        wanted.cells[1].update(outputs=[], execution_count=None)
        assert copy == wanted
    assert (mine / "glossary.md").read_text() == "# Terms 1"


def test_it_says_where_the_copies_are_and_nothing_the_second_time(lesson, capsys):
    assert main(["update"]) == 0
    assert str(lesson / "my_lesson") in capsys.readouterr().err
    before = files(lesson)
    assert main(["update"]) == 0
    assert capsys.readouterr() == ("", "")
    assert files(lesson) == before


def test_a_folder_of_ones_own_is_used_from_within_too(lesson, tmp_path, monkeypatch):
    own = tmp_path / "a disk" / "work"
    assert main(["update", "--folder", str(own)]) == 0
    work(own / NAMES[0])
    monkeypatch.chdir(own)
    assert main(["fresh", "00"]) == 0
    assert source(own / NAMES[0]) == "print('00_meet.ipynb', 1)"
    above = own.rename(own.parent / "my_lesson").parent
    monkeypatch.chdir(above)
    work(above / "my_lesson" / NAMES[1])
    assert main(["fresh", "01"]) == 0
    assert source(above / "my_lesson" / NAMES[1]) == "print('01_pack.ipynb', 1)"
    assert not (lesson / "my_lesson").exists()


def test_every_link_of_the_real_copies_leads_to_a_file(tmp_path):
    assert main(["update", "--folder", str(tmp_path)]) == 0
    for path in [*tmp_path.rglob("*.ipynb"), tmp_path / "glossary.md"]:
        links = re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8"))
        missing = [link for link in links if "://" not in link]
        missing = [link for link in missing if not (path.parent / link).exists()]
        assert missing == [], path.name
    assert len(list(tmp_path.glob("*.ipynb"))) == 14


# --- A new version of the lesson ------------------------------------------------------


def test_a_chapter_that_nobody_changed_is_renewed(lesson, mine, capsys):
    notebook = nbformat.read(mine / NAMES[0], 4)
    notebook.metadata.language_info = {"name": "python", "pygments_lexer": "ipython3"}
    nbformat.write(notebook, mine / NAMES[0])  # as JupyterLab does after opening it
    release(lesson, 2)
    capsys.readouterr()
    assert main(["update"]) == 0
    assert capsys.readouterr().err == ""
    assert [source(mine / name)[-2] for name in NAMES] == ["2"] * len(NAMES)
    assert (mine / "glossary.md").read_text() == "# Terms 2"


def test_a_chapter_that_the_reader_changed_stays_until_a_fresh_one_is_asked_for(
    lesson, mine, capsys
):
    work(mine / NAMES[0])
    mine_before = (mine / NAMES[0]).read_bytes()
    assert main(["update"]) == 0
    assert "newer" not in capsys.readouterr().err  # there is none
    release(lesson, 2)
    for _ in range(2):  # it is said at each start
        assert main(["update"]) == 0
        (line,) = capsys.readouterr().err.splitlines()
        assert "newer versions of 00." in line and line.endswith("w2v-lesson fresh 00")
    assert (mine / NAMES[0]).read_bytes() == mine_before
    assert source(mine / NAMES[1])[-2] == "2"

    assert main(["fresh", "0"]) == 0
    assert source(mine / NAMES[0])[-2] == "2"
    (kept,) = mine.glob("00_meet_20*.ipynb")
    assert kept.read_bytes() == mine_before
    assert kept.name in capsys.readouterr().err
    assert main(["update"]) == 0
    assert capsys.readouterr().err == ""


def test_what_is_older_is_named_as_fresh_understands_it(lesson, mine, capsys):
    work(mine / NAMES[2])
    (mine / "glossary.md").write_text("mine")
    release(lesson, 2)
    capsys.readouterr()
    assert main(["update"]) == 0
    (line,) = capsys.readouterr().err.splitlines()
    assert "newer versions of glossary.md, solutions/00." in line
    for name in ("glossary.md", "solutions/00"):
        assert main(["fresh", name]) == 0
    capsys.readouterr()
    assert main(["update"]) == 0
    assert capsys.readouterr().err == ""


def test_results_of_the_readers_own_are_work(lesson, mine):
    notebook = nbformat.read(mine / NAMES[0], 4)
    notebook.cells[1].outputs = [new_output("stream", text="mine\n")]
    nbformat.write(notebook, mine / NAMES[0])
    before = (mine / NAMES[0]).read_bytes()
    release(lesson, 2)
    assert main(["update"]) == 0
    assert (mine / NAMES[0]).read_bytes() == before


def test_a_deleted_chapter_comes_back_in_its_new_version(lesson, mine, capsys):
    (mine / NAMES[0]).unlink()
    release(lesson, 2)
    capsys.readouterr()
    assert main(["update"]) == main(["update"]) == 0
    assert capsys.readouterr().err == ""
    assert source(mine / NAMES[0])[-2] == "2"


def test_of_a_renamed_chapter_the_old_copy_goes_unless_it_was_changed(lesson, mine):
    work(mine / NAMES[1])
    for name in NAMES[:2]:
        path = lesson / "notebooks" / name
        path.rename(path.with_stem(f"{path.stem}_again"))
    assert main(["update"]) == 0
    assert {p.name for p in mine.glob("*.ipynb")} == {
        "00_meet_again.ipynb",
        "01_pack.ipynb",
        "01_pack_again.ipynb",
    }


# --- What may be in the way -----------------------------------------------------------


@pytest.mark.parametrize("manifest", [None, b"", b"{", b"[1]", b"\xff", b'{"00_meet": 3}'])
def test_without_its_manifest_everything_counts_as_work(lesson, mine, manifest):
    work(mine / NAMES[0])
    before = (mine / NAMES[0]).read_bytes()
    (mine / working_copy.MANIFEST).unlink()
    if manifest is not None:
        (mine / working_copy.MANIFEST).write_bytes(manifest)
    for version in (1, 2):
        release(lesson, version)
        assert main(["update"]) == 0
        assert (mine / NAMES[0]).read_bytes() == before
    assert source(mine / NAMES[1])[-2] == "2"  # this was seen to be the lesson's own


def test_a_damaged_notebook_is_kept_like_any_work(lesson, mine):
    (mine / NAMES[0]).write_bytes(b'{"cells": [')
    release(lesson, 2)
    assert main(["update"]) == main(["fresh", "00"]) == 0
    (kept,) = mine.glob("00_meet_20*.ipynb")
    assert kept.read_bytes() == b'{"cells": ['


def test_a_link_is_never_written_through(lesson, mine, tmp_path):
    elsewhere = tmp_path / "elsewhere.ipynb"
    shutil.move(mine / NAMES[0], elsewhere)
    (mine / NAMES[0]).symlink_to(elsewhere)
    (mine / NAMES[1]).unlink()
    (mine / NAMES[1]).symlink_to(tmp_path / "nowhere")
    before = elsewhere.read_bytes()
    release(lesson, 2)
    assert main(["update"]) == main(["fresh", "00"]) == main(["fresh", "01"]) == 0
    assert elsewhere.read_bytes() == before
    assert not (tmp_path / "nowhere").exists()
    assert not (mine / NAMES[0]).is_symlink() and source(mine / NAMES[0])[-2] == "2"


def test_a_linked_folder_is_followed(lesson, tmp_path):
    (tmp_path / "disk").mkdir()
    (lesson / "my_lesson").symlink_to(tmp_path / "disk")
    assert main(["update"]) == 0
    assert (tmp_path / "disk" / NAMES[0]).exists()


def test_a_folder_in_place_of_a_chapter_stays_until_a_fresh_one_is_asked_for(lesson, mine):
    (mine / NAMES[0]).unlink()
    (mine / NAMES[0] / "deep").mkdir(parents=True)
    assert main(["update"]) == 0
    assert (mine / NAMES[0]).is_dir()
    assert main(["fresh", "00"]) == 0
    assert (mine / NAMES[0]).is_file()
    (kept,) = mine.glob("00_meet_20*.ipynb")
    assert (kept / "deep").is_dir()


@pytest.mark.parametrize("name", ["my_lesson", "my_lesson/deep"])
def test_a_file_in_place_of_the_folder_is_named(lesson, name, capsys):
    (lesson / "my_lesson").write_text("mine")
    assert main(["update", "--folder", str(lesson / name)]) == 2
    assert f"Cannot write to the folder {lesson / name}" in capsys.readouterr().err
    assert (lesson / "my_lesson").read_text() == "mine"


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_named(mine, capsys):
    mine.chmod(0o500)
    try:
        assert main(["fresh", "00"]) == 1
    finally:
        mine.chmod(0o700)
    assert "--folder" in capsys.readouterr().err


def test_an_interrupted_copy_leaves_what_was_there(lesson, mine, monkeypatch):
    work(mine / NAMES[0])
    before = files(mine)

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "rename", stop)
    release(lesson, 2)
    assert main(["fresh", "00"]) == 130
    assert files(mine) == before
    monkeypatch.setattr(os, "replace", stop)
    assert main(["update"]) == 130
    assert files(mine) == before
    monkeypatch.undo()


def test_after_an_interrupted_first_copy_the_next_one_completes_it(lesson, monkeypatch):
    written, replace = [], os.replace

    def replace_two(draft, path):
        if len(written) == 2:
            raise KeyboardInterrupt
        written.append(path)
        replace(draft, path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replace_two)
        assert main(["update"]) == 130
    release(lesson, 1)
    assert main(["update"]) == 0
    assert set(files(lesson / "my_lesson")) == {
        *NAMES,
        "glossary.md",
        working_copy.MANIFEST,
    }


@pytest.mark.parametrize("chapter", ["7", "0x", "../00", "solutions"])
def test_an_unknown_chapter_is_refused_with_the_known_ones(mine, chapter, capsys):
    before = files(mine)
    (mine.parent / "notebooks" / "solutions" / "01_pack.ipynb").write_bytes(
        before[NAMES[2]]
    )
    assert main(["fresh", chapter]) == 2
    assert f"one of 00 01, but it is {chapter!r}" in capsys.readouterr().err
    assert files(mine) == before


def test_a_lesson_without_chapters_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(working_copy, "LESSON", tmp_path)
    assert main(["update"]) == 1
    assert "no chapters" in capsys.readouterr().err


def test_the_manifest_holds_no_more_than_names_and_hashes(mine):
    marks = json.loads((mine / working_copy.MANIFEST).read_text())
    assert set(marks) == {*NAMES, "glossary.md"}
    assert all(re.fullmatch("[0-9a-f]{64}", mark) for mark in marks.values())
    assert Path(working_copy.LESSON / "my_lesson") == mine
