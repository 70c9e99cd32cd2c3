"""Files are replaced whole or not at all."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from w2v_lesson.files import disk
from w2v_lesson.files.disk import atomic_path, atomic_paths
from w2v_lesson.ptb import CorpusError


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "folder" / "vectors.txt"
    path.parent.mkdir()
    path.write_text("before", encoding="utf-8")
    return path


def names(folder):
    return sorted(each.name for each in folder.iterdir())


def test_the_file_is_the_old_one_until_the_end_and_then_the_new_one(path):
    with atomic_path(path) as draft:
        draft.write_text("after", encoding="utf-8")
        assert path.read_text(encoding="utf-8") == "before"
        assert draft.name == path.name
    assert path.read_text(encoding="utf-8") == "after"
    assert names(path.parent) == ["vectors.txt"]


@pytest.mark.parametrize("error", [OSError(28, "No space left"), KeyboardInterrupt()])
def test_a_failure_in_mid_write_leaves_the_old_file_and_nothing_else(path, error):
    with pytest.raises(type(error)), atomic_path(path) as draft:
        draft.write_text("half", encoding="utf-8")
        raise error
    assert path.read_text(encoding="utf-8") == "before"
    assert names(path.parent) == ["vectors.txt"]


def test_a_disk_that_is_found_full_at_the_end_leaves_both_of_two_files(path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    other = path.with_name("counts.txt")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"), atomic_paths(path, other) as drafts:
        for draft in drafts:
            draft.write_text("after", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "before"
    assert names(path.parent) == ["vectors.txt"]


def test_a_disk_that_is_full_at_the_second_sync_leaves_both_of_two_files(path, monkeypatch):
    other, sync, synced = path.with_name("counts.txt"), os.fsync, []
    other.write_text("before", encoding="utf-8")

    def full_at_the_second(handle):
        synced.append(handle)
        if len(synced) == 2:
            raise OSError(28, "No space left on device")
        sync(handle)

    monkeypatch.setattr(os, "fsync", full_at_the_second)
    with pytest.raises(OSError, match="No space"), atomic_paths(path, other) as drafts:
        for draft in drafts:
            draft.write_text("after", encoding="utf-8")
    assert [each.read_text(encoding="utf-8") for each in (path, other)] == ["before"] * 2
    assert names(path.parent) == ["counts.txt", "vectors.txt"]


def test_two_files_are_replaced_together(path):
    other = path.with_name("counts.txt")
    with atomic_paths(path, other) as (first, second):
        first.write_text("1", encoding="utf-8")
        second.write_text("2", encoding="utf-8")
    assert [each.read_text(encoding="utf-8") for each in (path, other)] == ["1", "2"]


def test_nothing_written_is_an_error_and_the_old_file_stays(path):
    with pytest.raises(FileNotFoundError), atomic_path(path):
        pass
    assert path.read_text(encoding="utf-8") == "before"


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError), atomic_path(tmp_path / "none" / "file"):
        pass


@pytest.mark.skipif(os.name == "nt", reason="rights of another kind")
def test_others_may_read_the_file_as_the_user_s_settings_say(path):
    plain = path.with_name("plain")
    plain.touch()
    with atomic_path(path) as draft:
        draft.touch()
    assert path.stat().st_mode == plain.stat().st_mode


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_stays_a_link_to_the_new_content(path, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(path)
    with atomic_path(link) as draft:
        draft.write_text("after", encoding="utf-8")
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == "after"


def test_several_writers_of_one_file_leave_the_whole_content_of_one(path):
    def write(letter):
        with atomic_path(path) as draft:
            draft.write_text(letter * 100_000, encoding="utf-8")

    writers = [threading.Thread(target=write, args=[letter]) for letter in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    content = path.read_text(encoding="utf-8")
    assert len(content) == 100_000 and len(set(content)) == 1
    assert names(path.parent) == ["vectors.txt"]


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL there")
def test_a_process_killed_in_mid_write_leaves_the_old_file(path):
    code = (
        "import sys, time\nfrom w2v_lesson.files.disk import atomic_path\n"
        "with atomic_path(sys.argv[1]) as draft:\n"
        "    draft.write_text('half')\n    print('now', flush=True)\n    time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE
    )
    assert process.stdout.readline().strip() == b"now"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert path.read_text(encoding="utf-8") == "before"


# The cache folder


@pytest.fixture
def cache(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv("W2V_LESSON_CACHE", str(folder))
    return folder


def test_a_cache_folder_that_cannot_be_written_names_the_way_out(tmp_path, monkeypatch):
    # Below a regular file no folder can be made, not even by root.
    (tmp_path / "file").touch()
    monkeypatch.setenv("W2V_LESSON_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(CorpusError, match=r"Cannot write.*cache.*W2V_LESSON_CACHE"):
        disk.cache_dir()


def test_the_cache_folder_is_made_where_the_variable_says(cache):
    assert disk.cache_dir() == cache
    assert cache.is_dir()


def test_without_the_variable_the_cache_is_the_users(monkeypatch, tmp_path):
    monkeypatch.delenv("W2V_LESSON_CACHE", raising=False)
    monkeypatch.setattr(
        disk.platformdirs, "user_cache_dir", lambda name: str(tmp_path / name)
    )
    assert disk.cache_dir() == tmp_path / "w2v_lesson"
