"""Uploads are files for a while, and nothing that is saved is overwritten."""

import numpy as np
import pytest
import toy

from w2v_lesson.files.formats import load_vectors
from w2v_lesson.ptb import CorpusError
from w2v_lesson.text import own_files
from w2v_lesson.text.own_files import as_files, save_new
from w2v_lesson.text.sentences import read_text

# Uploads


def test_uploads_are_files_for_the_time_of_the_block():
    contents = [("a.txt", b"one"), ("a.txt", b"two"), ("../../b.txt", b"three"), ("", b"")]
    with as_files(contents) as paths:
        assert [path.name for path in paths] == ["a.txt", "a.txt", "b.txt", "text"]
        assert [path.read_bytes() for path in paths] == [content for _, content in contents]
        folder = paths[0].parents[1]
        assert all(path.parents[1] == folder for path in paths)
    assert not folder.exists()


def test_uploads_are_removed_after_an_error_and_errors_name_the_file_alone():
    with pytest.raises(CorpusError) as caught, as_files([("a.txt", b"\xff")]) as paths:
        list(read_text(paths))
    assert str(caught.value).startswith("a.txt is")
    assert not paths[0].exists()


# Saving


def test_nothing_that_is_there_is_overwritten(tmp_path):
    vectors = toy.vectors(["<unk>", "a", "b"])
    folder = tmp_path / "new" / "folder"
    names = [save_new(vectors, folder, "My book: 1/2").name for _ in range(3)]
    assert names == ["My-book-1-2.npz", "My-book-1-2-2.npz", "My-book-1-2-3.npz"]
    for name in names:
        loaded = load_vectors(folder / name)
        np.testing.assert_array_equal(loaded.center, vectors.center)


@pytest.mark.parametrize("name", ["", "…", "/"])
def test_a_name_without_letters_gets_one(tmp_path, name):
    assert save_new(toy.vectors(["<unk>", "a"]), tmp_path, name).name == "text.npz"


def test_a_name_is_not_too_long_for_a_disk(tmp_path):
    assert save_new(toy.vectors(["<unk>", "a"]), tmp_path, "ä" * 300).exists()


def test_a_name_is_kept_in_any_script(tmp_path):
    assert save_new(toy.vectors(["<unk>", "a"]), tmp_path, "война").name == "война.npz"


def test_what_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    vectors = toy.vectors(["<unk>", "a"])

    def full(vectors, path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(own_files, "save_vectors", full)
    with pytest.raises(OSError, match="No space"):
        save_new(vectors, tmp_path, "a")
    assert list(tmp_path.iterdir()) == []
