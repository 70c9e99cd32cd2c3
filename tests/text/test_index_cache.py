"""Indexed texts on the disk are found again, are complete or missing, and never get in the way."""

import errno
import hashlib
import os
import re
import signal
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from w2v_lesson.text import index_cache
from w2v_lesson.text.indexing import index_text
from w2v_lesson.text.sentences import Text, read_text


@pytest.fixture
def no_reading(monkeypatch):
    """Return a function after which no text can be read, so that all data come from the disk."""

    def forbid():
        monkeypatch.setattr(Text, "sentences", None)

    return forbid


def test_the_second_time_it_comes_from_the_disk_and_cannot_be_changed(
    cache, path, no_reading
):
    first = index_text(read_text(path))
    no_reading()
    second = index_text(read_text(path))
    assert_index_equal(first, second)
    with pytest.raises(ValueError, match="read-only"):
        second.ids[0] = 1


def assert_right(index, text, min_freq=5):
    assert_index_equal(index, index_text(text, min_freq, cache=False))


def assert_index_equal(one, other):
    assert np.array_equal(one.ids, other.ids)
    assert np.array_equal(one.sentence_of, other.sentence_of)
    assert one.vocab.idx_to_token == other.vocab.idx_to_token
    assert one.vocab.counts.tolist() == other.vocab.counts.tolist()
    assert one.report == other.report


def test_another_text_or_setting_is_another_index(cache, path):
    index_text(read_text(path))
    index_text(read_text(path), 6)
    index_text(read_text(path), max_words=3)
    index_text(read_text(path, encoding="cp1252"))
    path.write_text(path.read_text().replace("w05", "w06", 1))  # the size stays
    assert_right(index_text(read_text(path)), read_text(path))
    assert len(list(cache.iterdir())) == 5


def test_another_edition_of_unicode_is_another_index(cache, path, monkeypatch):
    index_text(read_text(path))
    monkeypatch.setattr(unicodedata, "unidata_version", "99.0")
    index_text(read_text(path))
    assert len(list(cache.iterdir())) == 2


def test_the_same_text_at_another_place_is_the_same_index(cache, path, no_reading):
    first = index_text(read_text(path))
    moved = path.rename(path.with_name("moved.txt"))
    os.utime(moved, (0, 0))
    no_reading()
    assert_index_equal(first, index_text(read_text(moved)))


def test_own_callables_are_kept_only_under_a_name(cache, path, no_reading):
    def read():
        return read_text(path, tokenize=str.split)

    assert_right(index_text(read(), 1), read(), 1)
    assert not cache.exists()
    index = index_text(read(), 1, name="by spaces")
    assert_right(index, read(), 1)
    assert index.vocab.idx_to_token != index_text(read_text(path), 1).vocab.idx_to_token
    assert len(list(cache.iterdir())) == 2
    no_reading()
    assert_index_equal(index, index_text(read(), 1, name="by spaces"))


def test_odd_words_come_back_as_they_were(cache, path):
    odd = ["New York", '"', "<b>", "a\tb", "<unk>", "\\", "\ud800", "\n\0", "ﬁn", "fin"]
    text = read_text(path, tokenize=lambda sentence: odd)
    for _ in range(2):
        index = index_text(text, name="odd")
        assert set(index.vocab.idx_to_token) == set(odd)
    assert index.report.kept_words == index.report.distinct_words == len(odd) - 1
    assert index.report.share_dropped == pytest.approx(1 / len(odd))


def flip_a_byte(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path):
    path.write_bytes(path.read_bytes()[:-4])


def to_folder(path):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [flip_a_byte, cut, Path.unlink, to_folder])
@pytest.mark.parametrize("name", ["ids.npy", "sentence_of.npy", "words.json", "SHA256SUMS"])
def test_a_damaged_index_is_noticed_and_made_anew(cache, path, name, damage, no_reading):
    right = index_text(read_text(path), cache=False)
    index_text(read_text(path))
    (folder,) = cache.iterdir()
    damage(folder / name)
    assert_index_equal(index_text(read_text(path)), right)
    assert list(cache.iterdir()) == [folder]
    no_reading()
    assert_index_equal(index_text(read_text(path)), right)


def test_a_file_in_place_of_the_folder_is_replaced(cache, path):
    index_text(read_text(path))
    (folder,) = cache.iterdir()
    for each in folder.iterdir():
        each.unlink()
    folder.rmdir()
    folder.write_text("no folder")
    assert_right(index_text(read_text(path)), read_text(path))
    assert folder.is_dir()


class FullDisk:
    """Opens files that take no more than 3,000 bytes."""

    def __init__(self, path, mode):
        self.file = open(path, mode)  # noqa: SIM115

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def write(self, content):
        if self.file.tell() + len(memoryview(content).cast("B")) > 3000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self.file.write(content)


def test_on_a_full_disk_it_warns_leaves_no_draft_and_goes_on_in_memory(
    cache, path, monkeypatch
):
    path.write_text(path.read_text() * 100)
    monkeypatch.setattr(index_cache, "open", FullDisk, raising=False)
    with pytest.warns(UserWarning, match=r"No space.*MB.*W2V_LESSON_CACHE") as seen:
        index = index_text(read_text(path))
    assert len(seen) == 1
    assert f" {8 * len(index.ids) / 1e6:.1f} MB" in str(seen[0].message)
    assert_right(index, read_text(path))
    assert list(cache.iterdir()) == []


PYTHONPATH = str(Path(index_cache.__file__).parents[2])


INDEX = """
import hashlib, sys
from w2v_lesson.text.sentences import read_text
from w2v_lesson.text.indexing import index_text
print("ready", flush=True)
sys.stdin.readline()
index = index_text(read_text(sys.argv[1]))
content = [index.ids.tobytes(), index.sentence_of.tobytes(), repr(index.report).encode()]
print(hashlib.sha256(b"".join(content)).hexdigest())
"""


def start(code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        text=True,
        env={**os.environ, "PYTHONPATH": PYTHONPATH},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def hash_of(index):
    content = [index.ids.tobytes(), index.sentence_of.tobytes()]
    return hashlib.sha256(b"".join(content) + repr(index.report).encode()).hexdigest()


def test_a_limit_of_the_system_is_like_a_full_disk(cache, path):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))"
    out, errors = start(limit + INDEX, path).communicate("go\n", timeout=60)
    assert re.search(r"File too large.*Free .* there.*W2V_LESSON_CACHE", errors)
    assert list(cache.iterdir()) == []
    assert out.split()[1] == hash_of(index_text(read_text(path), cache=False))


def test_a_cache_that_cannot_be_written_is_a_warning(path, tmp_path, monkeypatch):
    # Below a regular file no folder can be made, not even by root.
    monkeypatch.setenv("W2V_LESSON_CACHE", str(path / "cache"))
    with pytest.warns(UserWarning, match=r"Cannot write.*W2V_LESSON_CACHE.*read again"):
        assert_right(index_text(read_text(path)), read_text(path))


@pytest.mark.slow
@pytest.mark.parametrize("damaged", [False, True])
def test_processes_that_write_the_same_index_all_succeed(cache, path, damaged):
    path.write_text(path.read_text() * 20)
    right = hash_of(index_text(read_text(path), cache=damaged))
    for file in cache.glob("*/ids.npy"):
        flip_a_byte(file)
    processes = [start(INDEX, path) for _ in range(3)]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 3
    for process in processes:  # all at once
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        out, errors = process.communicate(timeout=60)
        assert (process.returncode, errors, out.strip()) == (0, "", right)
    (folder,) = cache.iterdir()
    assert index_cache.load(folder)


def test_the_one_that_comes_second_leaves_the_good_copy_in_place(cache, path, monkeypatch):
    index_text(read_text(path))
    (folder,) = cache.iterdir()
    before = folder.stat().st_ino
    load, asked = index_cache.load, []

    def find_nothing_at_first(place):
        asked.append(place)
        return load(place) if len(asked) > 1 else None

    monkeypatch.setattr(index_cache, "load", find_nothing_at_first)
    index_text(read_text(path))
    assert len(asked) > 1 and folder.stat().st_ino == before


KILLED = """
import os, signal, sys
from w2v_lesson.text import index_cache, indexing
indexing.SENTENCES_PER_PART = 30
write = index_cache._write
def write_some(draft, parts, num_words, facts):
    def some():
        yield next(parts)
        os.kill(os.getpid(), signal.SIGKILL)
    write(draft, some(), num_words, facts)
index_cache._write = write_some
"""


def test_a_process_killed_in_mid_write_harms_nothing(cache, path):
    process = start(KILLED + INDEX, path)
    process.communicate("go\n", timeout=60)
    assert process.returncode == -signal.SIGKILL
    (draft,) = cache.iterdir()
    assert_right(index_text(read_text(path)), read_text(path))
    assert draft.exists()  # it might belong to a running process
    yesterday = time.time() - 2 * index_cache.MAX_DRAFT_SECONDS
    os.utime(draft, (yesterday, yesterday))
    index_text(read_text(path), 6)
    assert not draft.exists()
