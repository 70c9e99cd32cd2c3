"""A checkpoint is complete or missing, no matter what ends the process that writes it."""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from w2v_lesson.files import checkpoint as module
from w2v_lesson.files.checkpoint import FILE_NAME, FORMAT, CheckpointError, Checkpoints

SETTINGS = {"lr": 0.1, "text": "4 words (ab)", "redraw": True}
PACKAGE = Path(module.__file__).parents[2]
# Writes states 1, 2, ... All numbers of state n are n. It doesn't import MXNet.
WRITER = """
import os, sys, time
import numpy as np
from w2v_lesson.files import checkpoint, disk as files
checkpoints = checkpoint.Checkpoints(sys.argv[1])
loaded = checkpoints.load({"lr": 1})
first = loaded[0]["n"] + 1 if loaded else 1
print(first - 1, flush=True)
with checkpoints.held():
    for n in range(first, first + 10_000):
        if n == int(sys.argv[2]):
            exec(sys.argv[3])
        arrays = {"a": np.full(100_000, n), "b": np.full((20, 30), n, np.float32)}
        checkpoints.save({"lr": 1}, {"n": n}, arrays)
        print(n, flush=True)
"""


def state(n):
    return {"n": n}, {"a": np.full((3, 4), n, np.float32), "b": np.array(n)}


def saved(folder, *numbers, **options):
    checkpoints = Checkpoints(folder, **options)
    for n in numbers:
        checkpoints.save(SETTINGS, *state(n))
    return checkpoints


def number_in(folder):
    progress, arrays = Checkpoints(folder).load(SETTINGS)
    for array in arrays.values():
        assert (array == progress["n"]).all()
    return progress["n"]


def writer(folder, at=0, what=""):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(at), what],
        env={**os.environ, "PYTHONPATH": str(PACKAGE)},
        stdout=subprocess.PIPE,
        text=True,
    )


# Writing and reading


def test_numbers_come_back_to_the_last_bit(tmp_path):
    rng = np.random.default_rng(0)
    arrays = {
        "w": rng.normal(size=(5, 3, 2)).astype(np.float32),
        "n": np.array(7),
        "done": np.arange(4, dtype=np.int32),
    }
    progress = {"loss": float(rng.normal()), "tiny": 5e-324, "none": None, "list": [0.1]}
    Checkpoints(tmp_path).save(SETTINGS, progress, arrays)
    found, others = Checkpoints(tmp_path).load(SETTINGS)
    assert found == progress
    assert set(others) == set(arrays)
    for name, array in arrays.items():
        assert others[name].dtype == array.dtype
        np.testing.assert_array_equal(others[name], array)


def test_a_new_folder_holds_no_checkpoint_and_is_made(tmp_path):
    folder = tmp_path / "a" / "b"
    assert Checkpoints(folder).load(SETTINGS) is None
    assert folder.is_dir()


def test_the_last_one_is_kept_and_read(tmp_path):
    for last in range(1, 4):
        saved(tmp_path / str(last), *range(1, last + 1))
        assert number_in(tmp_path / str(last)) == last
        assert [path.name for path in (tmp_path / str(last)).iterdir()] == [FILE_NAME]


def test_nothing_is_pickled(tmp_path):
    saved(tmp_path, 1)
    with np.load(tmp_path / FILE_NAME, allow_pickle=False) as archive:
        header = json.loads(archive["header.json"])
        assert all(archive[name].dtype != object for name in header["arrays"])
        assert header["format"] == FORMAT


def test_numpy_numbers_in_settings_are_numbers(tmp_path):
    Checkpoints(tmp_path).save({"lr": np.float64(0.5), "K": np.int64(5)}, *state(1))
    assert Checkpoints(tmp_path).load({"lr": 0.5, "K": 5})[0] == {"n": 1}


# Damage


def cut(path):
    path.write_bytes(path.read_bytes()[:-100])


def empty(path):
    path.write_bytes(b"")


def flip_a_bit(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def another_kind(path):
    path.write_bytes(b"<html>not found</html>" * 50)


def pickled(path):
    with open(path, "wb") as file:
        np.savez(file, header=np.array([print], dtype=object))


damages = pytest.mark.parametrize("damage", [cut, empty, flip_a_bit, another_kind, pickled])


@damages
def test_a_damaged_one_is_an_error_that_says_what_to_do_and_stays(tmp_path, damage):
    saved(tmp_path, 1, 2)
    damage(tmp_path / FILE_NAME)
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(CheckpointError, match="To start afresh, give another folder"):
        Checkpoints(tmp_path).load(SETTINGS)
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_a_damaged_byte_anywhere_is_an_error_or_changes_nothing(tmp_path):
    saved(tmp_path, 7)
    path, refused = tmp_path / FILE_NAME, 0
    content, checkpoints = path.read_bytes(), Checkpoints(tmp_path)
    progress, arrays = checkpoints.load(SETTINGS)
    for at in range(len(content)):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])
        try:
            found, others = checkpoints.load(SETTINGS)
        except CheckpointError:
            refused += 1
            continue
        assert found == progress and set(others) == set(arrays)
        for name, array in arrays.items():
            assert (others[name].dtype, others[name].shape) == (array.dtype, array.shape)
            np.testing.assert_array_equal(others[name], array)
    assert refused > len(content) / 2


@pytest.mark.parametrize("other", [b"'shape': (4, 3)", b"'descr': '<i4'"])
def test_the_sums_cover_shape_and_kind_of_the_numbers(tmp_path, other):
    saved(tmp_path, 1)
    path = tmp_path / FILE_NAME
    was = b"'shape': (3, 4)" if b"shape" in other else b"'descr': '<f4'"
    content = path.read_bytes()
    assert was in content
    path.write_bytes(content.replace(was, other))
    with pytest.raises(CheckpointError, match="is damaged"):
        Checkpoints(tmp_path).load(SETTINGS)


def test_another_version_is_named_and_the_file_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "FORMAT", "w2v_lesson checkpoint 99")
    saved(tmp_path, 1, 2)
    monkeypatch.undo()
    with pytest.raises(CheckpointError, match="checkpoint 99, not w2v_lesson checkpoint 2"):
        Checkpoints(tmp_path).load(SETTINGS)
    assert (tmp_path / FILE_NAME).exists()


@pytest.mark.parametrize("name", ["checkpoint-a.npz", "checkpoint-b.npz"])
def test_a_folder_of_the_first_edition_is_refused_with_what_to_do(tmp_path, name):
    (tmp_path / name).write_bytes(b"PK")
    with pytest.raises(CheckpointError, match=r"first edition .* give another folder"):
        Checkpoints(tmp_path).load(SETTINGS)
    assert (tmp_path / name).read_bytes() == b"PK"


# Other settings


def test_all_settings_that_differ_are_named_with_both_values(tmp_path):
    saved(tmp_path, 1)
    with pytest.raises(CheckpointError) as error:
        Checkpoints(tmp_path).load({"lr": 0.2, "text": "4 words (ab)", "new": 1})
    message = str(error.value)
    for part in (
        "lr is 0.1 there, but 0.2 here",
        "redraw is True there, but None here",
        "new is None there, but 1 here",
        "give another folder",
    ):
        assert part in message
    assert "text is" not in message


# Folders and disks


@pytest.mark.parametrize(
    "options",
    [
        {"every_seconds": 0},
        {"every_seconds": float("nan")},
        {"every_steps": -1},
        {"every_steps": 0},
    ],
)
def test_intervals_must_be_above_0(tmp_path, options):
    with pytest.raises(ValueError, match="must be greater than 0"):
        Checkpoints(tmp_path, **options)


def test_a_folder_that_cannot_be_is_an_error_at_once(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CheckpointError, match="must be a folder"):
        Checkpoints(tmp_path / "file" / "folder")


def test_a_folder_without_permission_is_an_error_at_once(tmp_path, monkeypatch):
    def denied(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(module.tempfile, "TemporaryFile", denied)  # root may do anything
    with pytest.raises(CheckpointError, match="Permission denied"):
        Checkpoints(tmp_path)


@contextmanager
def small_disk():
    """Files of 1,000 bytes at most, as of a disk that is full in mid-write.

    No longer than needed: what the tests themselves print may go to a file.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_full_in_mid_write_is_an_error_and_the_last_one_stays(tmp_path):
    checkpoints = saved(tmp_path, 1, 2)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    too_large = pytest.raises(
        CheckpointError, match=r"File too large.*Free some space there"
    )
    with too_large, small_disk():
        checkpoints.save(SETTINGS, {"n": 3}, {"a": np.zeros(100_000)})
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_after_a_failure_the_next_one_is_written(tmp_path, monkeypatch):
    checkpoints = saved(tmp_path, 1, 2)
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "Full")))
    with pytest.raises(CheckpointError, match="Full"):
        checkpoints.save(SETTINGS, *state(3))
    assert number_in(tmp_path) == 2
    monkeypatch.undo()
    checkpoints.save(SETTINGS, *state(4))
    assert number_in(tmp_path) == 4


# When


def test_a_failure_can_be_a_warning(tmp_path, monkeypatch):
    checkpoints = Checkpoints(tmp_path)
    assert checkpoints.save_or_warn(SETTINGS, *state(1))
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "Full")))
    with pytest.warns(UserWarning, match=r"Full.*the last checkpoint is kept"):
        assert not checkpoints.save_or_warn(SETTINGS, *state(2))
    assert number_in(tmp_path) == 1


def test_due_after_so_many_steps(tmp_path):
    checkpoints = Checkpoints(tmp_path, every_steps=3)
    assert [step for step in range(1, 10) if checkpoints.due(step)] == [3, 6, 9]


def test_due_after_so_many_seconds_and_not_again_at_once(tmp_path, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    checkpoints = Checkpoints(tmp_path, every_seconds=10)
    now[0] = 109.9
    assert not checkpoints.due(1)
    now[0] = 110.0
    assert checkpoints.due(2)
    checkpoints.save(SETTINGS, *state(1))
    assert not checkpoints.due(3)


# Two at once


def test_two_in_one_folder_are_kept_apart(tmp_path):
    first, second = Checkpoints(tmp_path), Checkpoints(tmp_path)
    with first.held():
        refused = f"using the folder .*process {os.getpid()}.*give another folder"
        with pytest.raises(CheckpointError, match=refused), second.held():
            pass
        with first.held():
            pass
        with pytest.raises(CheckpointError), second.held():
            pass
    with second.held():
        pass


def test_going_on_after_another_went_on_is_refused(tmp_path):
    first, second = saved(tmp_path, 1), Checkpoints(tmp_path)
    second.load(SETTINGS)
    second.save(SETTINGS, *state(2))
    with pytest.raises(CheckpointError, match="has changed since"), first.held():
        pass
    with second.held():
        pass


def test_a_killed_process_leaves_no_lock(tmp_path):
    process = writer(tmp_path, 2, "time.sleep(60)")
    assert [process.stdout.readline() for _ in range(2)] == ["0\n", "1\n"]
    refused = pytest.raises(CheckpointError, match=f"process {process.pid}")
    with refused, Checkpoints(tmp_path).held():
        pass
    process.kill()
    process.communicate()
    with Checkpoints(tmp_path).held():
        pass


def test_drafts_of_others_are_not_deleted(tmp_path):
    left_behind, others = tmp_path / ".draft-1", tmp_path / ".draft-2"
    for folder, names in ((left_behind, [FILE_NAME]), (others, [FILE_NAME, "vectors.npz"])):
        folder.mkdir()
        for name in names:
            (folder / name).touch()
    with Checkpoints(tmp_path).held():
        assert not left_behind.exists()
        assert sorted(path.name for path in others.iterdir()) == [FILE_NAME, "vectors.npz"]


def test_a_disk_without_locks_does_without(tmp_path, monkeypatch):
    def none(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(module.fcntl, "flock", none)
    with Checkpoints(tmp_path).held():
        pass


# Killed

KILL = "os.kill(os.getpid(), 9)"
STAGES = {
    "before the draft": "checkpoint.atomic_path = lambda _: " + KILL,
    "in the draft": "checkpoint.zipfile.ZipFile = "
    "lambda draft, _: (draft.write_text('half'), " + KILL + ")",
    "before the disk has it": "os.fsync = lambda _: " + KILL,
    "before it is in place": "os.replace = lambda *_: " + KILL,
    "when it is in place": "replace = os.replace; "
    "os.replace = lambda *names: (replace(*names), " + KILL + ")",
}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("n", [1, pytest.param(3, marks=pytest.mark.slow)])
def test_killed_at_any_stage_of_a_write_the_last_good_one_is_read(tmp_path, stage, n):
    process = writer(tmp_path, n, STAGES[stage])
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    last = n if stage == "when it is in place" else n - 1
    found = Checkpoints(tmp_path).load({"lr": 1})
    assert (found[0]["n"] if found else 0) == last
    with Checkpoints(tmp_path).held():
        assert not list(tmp_path.glob(".draft-*"))


@pytest.mark.slow
def test_killed_at_random_moments_what_was_said_to_be_saved_is_there(tmp_path):
    moments, last, kills = random.Random(0), 0, 0
    for _ in range(6):
        process = writer(tmp_path)
        assert int(process.stdout.readline()) >= last
        time.sleep(moments.uniform(0, 0.1))
        process.kill()
        said = process.communicate()[0].split()
        assert process.returncode == -signal.SIGKILL
        kills, last = kills + 1, int(said[-1]) if said else last
        progress, arrays = Checkpoints(tmp_path).load({"lr": 1}) or ({"n": 0}, {})
        assert last <= progress["n"] <= last + 1
        assert all((array == progress["n"]).all() for array in arrays.values())
        last = progress["n"]
    assert kills == 6 and last > 6
