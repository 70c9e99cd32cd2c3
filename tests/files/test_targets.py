"""Whatever a path names, it is written to or refused, and never replaced by something else."""

import gzip
import os
import socket
import stat
import threading

import numpy as np
import pytest
import toy
from hypothesis import given
from hypothesis import strategies as st

from w2v_lesson.files import formats
from w2v_lesson.files.checkpoint import CheckpointError, Checkpoints
from w2v_lesson.files.disk import atomic_path, atomic_paths
from w2v_lesson.files.targets import begins, check_path, may_replace


def write(path, text="after"):
    with atomic_path(path) as draft:
        draft.write_text(text, encoding="utf-8")


def read_in_background(path):
    found = []
    thread = threading.Thread(target=lambda: found.append(path.read_bytes()), daemon=True)
    thread.start()
    return thread, found


@pytest.fixture
def pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


@pytest.mark.parametrize("by_link", [False, True])
def test_a_named_pipe_is_written_to_and_stays(pipe, tmp_path, by_link):
    target = pipe
    if by_link:
        target = tmp_path / "link"
        target.symlink_to(pipe)
    thread, found = read_in_background(pipe)
    write(target)
    thread.join(timeout=30)
    assert found == [b"after"] and stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_device_is_written_to_and_stays(tmp_path):
    device = tmp_path / "null"
    try:
        os.mknod(device, stat.S_IFCHR | 0o666, os.makedev(1, 3))
        os.close(os.open(device, os.O_WRONLY))
    except OSError:
        pytest.skip("no devices may be made or opened here")
    write(device)
    assert stat.S_ISCHR(device.stat().st_mode)


@pytest.mark.parametrize("place", ["/dev/fd/{}", "/proc/self/fd/{}"])
def test_an_open_stream_is_written_to_whatever_it_is(tmp_path, place):
    if not os.path.exists(os.path.dirname(place)):
        pytest.skip("this system has no such folder")
    with open(tmp_path / "log", "ab") as file:
        file.write(b"before ")
        file.flush()
        link = tmp_path / "link"
        link.symlink_to(place.format(file.fileno()))
        for name in (place.format(file.fileno()), link):
            write(name)
        file.write(b" end")
    assert (tmp_path / "log").read_bytes() == b"before afterafter end"


def test_a_dash_is_the_standard_output(capsysbinary, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    print("first")
    formats.save_word2vec(toy.vectors(["<unk>", "a"]), "-")
    printed = capsysbinary.readouterr().out.splitlines()
    assert printed[0] == b"first" and printed[2].startswith(b"a ")
    assert not list(tmp_path.iterdir())


def test_every_file_format_can_go_into_a_pipe(pipe, tmp_path):
    vectors = toy.vectors(["<unk>", *"abc"])
    for save in (formats.save_vectors, formats.save_word2vec, formats.save_gluon):
        save(vectors, tmp_path / "file")
        thread, found = read_in_background(pipe)
        save(vectors, pipe)
        thread.join(timeout=30)
        assert found == [(tmp_path / "file").read_bytes()]


def test_a_reader_that_has_gone_leaves_the_other_file_as_it_was(tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    counts = tmp_path / "counts"
    counts.write_text("before", encoding="utf-8")
    with (
        pytest.raises(BrokenPipeError),
        atomic_paths(counts, f"/dev/fd/{writer}") as drafts,
    ):
        for draft in drafts:
            draft.write_text("after", encoding="utf-8")
    os.close(writer)
    assert counts.read_text(encoding="utf-8") == "before"


def test_what_cannot_be_written_is_refused_before_anything_is_made(tmp_path, monkeypatch):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(tmp_path)  # because the path of a socket must be short
        server.bind("socket")
        for name in ("folder", "socket", "nowhere/file", "file/inside", "new/", "file/"):
            with (
                pytest.raises(OSError, match=name.split("/")[0]),
                atomic_path(f"{tmp_path}/{name}"),
            ):
                pytest.fail("it was not refused")
    assert sorted(os.listdir()) == ["file", "folder", "socket"]


def test_a_full_disk_is_told_with_the_path(tmp_path):
    with pytest.raises(OSError, match=r"novel\.npz"), atomic_path(tmp_path / "novel.npz"):
        raise OSError(28, "No space left on device")


def test_a_private_file_stays_private(tmp_path):
    path = tmp_path / "private"
    path.touch(mode=0o600)
    write(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("wrong", [None, 3, 2.5, [], ["a"], b"a", object(), ""])
def test_what_is_no_path_is_refused_with_what_to_pass(wrong):
    vectors = toy.vectors(["<unk>", "a"])
    for use in (
        check_path,
        formats.load_vectors,
        lambda path: formats.load_gluon(path, vectors.vocab),
        lambda path: formats.save_vectors(vectors, path),
        lambda path: formats.save_word2vec(vectors, path),
        lambda path: formats.save_gluon(vectors, path),
        lambda path: formats.save_numpy(vectors, path),
        lambda path: formats.save_projector(vectors, path),
        Checkpoints,
    ):
        with pytest.raises((TypeError, ValueError), match="path"):
            use(wrong)


@given(st.text())
def test_any_text_is_a_path_or_refused(text):
    try:
        assert str(check_path(text)) in (
            text,
            os.path.normpath(text),
            str(check_path(text)),
        )
    except ValueError as error:
        assert "path" in str(error)


@pytest.mark.parametrize("wrong", [None, "novel.npz", np.zeros((2, 2)), 5])
def test_what_is_not_vectors_is_refused_by_each_writer(wrong, tmp_path):
    for save in (
        formats.save_vectors,
        formats.save_word2vec,
        formats.save_numpy,
        formats.save_projector,
        formats.save_gluon,
    ):
        with pytest.raises(TypeError, match="WordVectors"):
            save(wrong, tmp_path / "out")
    assert not list(tmp_path.iterdir())


# Files of others


@pytest.mark.parametrize(
    "content, free", [(None, True), (b"", True), (b"ours", True), (b"a diary", False)]
)
def test_only_our_own_files_may_be_replaced(tmp_path, content, free):
    if content is not None:
        (tmp_path / "file").write_bytes(content)

    def is_ours(path):
        return begins(path, (b"our", b"her"))

    assert may_replace(tmp_path / "file", is_ours) is free
    assert not may_replace(tmp_path, is_ours)


def test_a_lock_of_others_stays_and_is_named(tmp_path):
    (tmp_path / "lock").write_text("my diary", encoding="utf-8")
    checkpoints = Checkpoints(tmp_path)
    with pytest.raises(CheckpointError, match="lock is not a file"), checkpoints.held():
        pass
    assert (tmp_path / "lock").read_text(encoding="utf-8") == "my diary"


def test_a_checkpoint_that_is_no_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "checkpoint.npz")  # reading it would never end
    checkpoints = Checkpoints(tmp_path)
    for use in (checkpoints.load, checkpoints.check):
        with pytest.raises(CheckpointError, match=r"not a regular file.*another folder"):
            use({"lr": 1})


def test_a_file_in_place_of_the_folder_of_checkpoints_is_named(tmp_path):
    (tmp_path / "checkpoints").write_text("mine", encoding="utf-8")
    with pytest.raises(CheckpointError, match="must be a folder"):
        Checkpoints(tmp_path / "checkpoints")


@pytest.mark.parametrize(
    ("save", "names"),
    [
        (formats.save_numpy, ["words.json", "center.npy", "context.npy"]),
        (
            formats.save_projector,
            ["projector_config.pbtxt", "vectors.tsv", "metadata.tsv"],
        ),
    ],
)
def test_files_of_others_in_a_folder_stay(save, names, tmp_path):
    vectors = toy.vectors(["<unk>", "a"])
    for name in names:
        folder = tmp_path / name.partition(".")[0]
        folder.mkdir()
        (folder / name).write_text("mine", encoding="utf-8")
        with pytest.raises(ValueError, match=f"{name} is there already.*another folder"):
            save(vectors, folder)
        assert os.listdir(folder) == [name]
    for _ in range(2):  # our own are replaced
        save(vectors, tmp_path / "ours")


def test_what_an_export_may_replace(tmp_path):
    vectors, out = toy.vectors(["<unk>", "a"]), tmp_path / "out"
    for save in (formats.save_word2vec, formats.save_gluon):
        save(vectors, out)
        assert formats.is_exported(out)
    formats.save_word2vec(vectors, tmp_path / "out.gz")
    assert formats.is_exported(tmp_path / "out.gz")
    with gzip.open(tmp_path / "diary.gz", "wb") as file:
        file.write(b"1984 was a good year\n")
    damaged = tmp_path / "damaged.gz"
    damaged.write_bytes((tmp_path / "out.gz").read_bytes()[:15])
    for content in (
        b"1984 was a good year\n",
        b"7\n8\n",
        b"\x12\x01\0\0",
        b"\x1f\x8b",
        b"PK",
    ):
        out.write_bytes(content)
        assert not formats.is_exported(out)
    assert not any(map(formats.is_exported, (tmp_path / "diary.gz", damaged)))


def test_only_a_file_of_save_vectors_is_taken_for_one(tmp_path):
    formats.save_vectors(toy.vectors(["<unk>", "a"]), tmp_path / "ours.npz")
    np.savez(tmp_path / "mine.npz", a=np.zeros(3))
    (tmp_path / "damaged.npz").write_bytes(b"PK\x03\x04")
    assert formats.is_own(tmp_path / "ours.npz")
    assert not formats.is_own(tmp_path / "mine.npz")
    assert not formats.is_own(tmp_path / "damaged.npz")


def test_a_folder_of_checkpoints_that_was_deleted_is_made_again(tmp_path):
    checkpoints = Checkpoints(tmp_path / "run")
    (tmp_path / "run").rmdir()
    checkpoints.save({"lr": 1}, {"step": 0}, {"a": np.zeros(1)})
    assert Checkpoints(tmp_path / "run").load({"lr": 1})[0] == {"step": 0}


def test_settings_that_are_known_are_compared_before_the_others(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    checkpoints.check({"lr": 2})  # there is nothing to compare with
    checkpoints.save({"lr": 1, "text": "novel"}, {"step": 0}, {"a": np.zeros(1)})
    checkpoints.check({"lr": 1})
    with pytest.raises(CheckpointError, match="lr is 1 there, but 2 here"):
        checkpoints.check({"lr": 2})
