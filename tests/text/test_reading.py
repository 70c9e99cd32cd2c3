"""Text files: which are found, how they are decoded, and what is refused."""

import bz2
import codecs
import gzip
import io
import lzma
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from w2v_lesson.ptb import CorpusError
from w2v_lesson.text import reading
from w2v_lesson.text.sentences import read_text

STORY = "The cat sat. Did it sleep?\n\nIt did not"


SENTENCES = [["the", "cat", "sat"], ["did", "it", "sleep"], ["it", "did", "not"]]


@pytest.fixture
def small_pieces(monkeypatch):
    monkeypatch.setattr(reading, "BYTES_PER_PIECE", 7)


@pytest.mark.parametrize(
    "content",
    [
        STORY.encode(),
        STORY.replace("\n", "\r\n").encode(),
        STORY.replace("\n", "\r").encode(),
        codecs.BOM_UTF8 + STORY.encode(),
        gzip.compress(STORY.encode(), mtime=0),
        (STORY + "\n" * 20).encode(),
    ],
    ids=["plain", "Windows", "old Mac", "BOM", "gzip by its content", "blank lines"],
)
@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_the_same_text_in_other_clothes(write, content, size, monkeypatch):
    monkeypatch.setattr(reading, "BYTES_PER_PIECE", size)
    assert list(read_text(write(content))) == SENTENCES


def test_files_and_folders(write, tmp_path):
    write("nested", "b/inner/z.TXT")
    write(gzip.compress(b"packed", mtime=0), "b/y.txt.gz")
    write("marked", "b/x.md")
    write("last", "last.txt")
    for name in ("b/.hidden.txt", "b/.git/a.txt", "b/picture.png", "b/table.csv"):
        write("not read", name)
    text = read_text([str(tmp_path / "b"), tmp_path / "last.txt"])
    assert list(text) == [["nested"], ["marked"], ["packed"], ["last"]]
    assert text.num_bytes == sum(path.stat().st_size for path in text.files)


def test_linked_folders_are_read_once_and_circles_end(write, tmp_path):
    write("one.", "books/a/one.txt")
    write("two.", "elsewhere/two.txt")
    (tmp_path / "books/linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "books/again").symlink_to(tmp_path / "books/a")
    (tmp_path / "books/a/circle").symlink_to(tmp_path / "books")
    assert sorted(read_text(tmp_path / "books")) == [["one"], ["two"]]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize("suffix", ["", ".gz", ".bz2", ".xz"])
def test_a_packed_text_is_recognized_by_its_content(write, pack, suffix):
    assert list(read_text(write(pack(STORY.encode()), f"s.txt{suffix}"))) == SENTENCES
    with pytest.raises(CorpusError, match=r"not a valid .* file.* -t "):
        list(read_text(write(pack(STORY.encode() * 99)[:-15], f"s.txt{suffix}")))


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_tar_archive_is_named_in_every_packing(write, mode):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:
        archive.add(write(STORY), "story.txt")
    with pytest.raises(CorpusError, match=r"is a tar archive.*tar -xf"):
        list(read_text(write(file.getvalue(), "story.txt.gz" if "gz" in mode else "s")))


def test_a_path_may_begin_at_home(write, monkeypatch):
    monkeypatch.setenv("HOME", str(write("one", "story.txt").parent))
    assert list(read_text("~/story.txt")) == [["one"]]


def test_a_folder_without_text_names_what_would_be_read(write):
    folder = write("", "folder/a.csv").parent
    with pytest.raises(CorpusError, match=r"folder.*\.txt, \.md"):
        read_text(folder)


def test_what_is_no_file_is_refused_at_once(tmp_path):
    with pytest.raises(CorpusError, match=r"gone\.txt.*No such file.*Is the name right"):
        read_text(tmp_path / "gone.txt")
    with pytest.raises(CorpusError, match="No file was named"):
        read_text([])
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CorpusError, match="not a regular file"):
        read_text(tmp_path / "pipe")


def test_a_file_that_goes_away_is_a_clear_error(write):
    path = write(STORY)
    text = read_text(path)
    path.unlink()
    with pytest.raises(CorpusError, match=r"Cannot read.*No such file"):
        list(text)


AS_NOBODY = """
import os, sys
from w2v_lesson.text.sentences import CorpusError, read_text
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
for path in sys.argv[1:]:
    try:
        list(read_text(path))
    except CorpusError as error:
        print(error)
"""


def test_without_permission_file_and_folder_are_clear_errors(tmp_path):
    # Root may read anything, so another user tries, in a folder that user can enter.
    inner = tmp_path / "folder" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "story.txt").write_text(STORY)
    (tmp_path / "story.txt").chmod(0)
    for path in (tmp_path, *tmp_path.parents[:2]):
        path.chmod(0o755)
    inner.chmod(0)
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, "folder", "story.txt"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(reading.__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    inner.chmod(0o755)
    first, second = done.stdout.splitlines()
    assert "Cannot read folder/inner (Permission denied). Ask its owner" in first
    assert "Cannot read story.txt (Permission denied). Ask its owner" in second


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_mixed_encodings_are_refused_at_the_byte(write, small_pieces, pack):
    content = "größer ".encode() * 5 + "größer".encode("cp1252")
    text = read_text(write(pack(content)))
    with pytest.raises(CorpusError, match=r"story\.txt is in UTF-8.*: byte 47 \(hex f6"):
        list(text)


def test_a_character_cut_at_the_end_is_refused_at_its_byte(write, small_pieces):
    with pytest.raises(CorpusError, match=r"byte 9 \(hex c3\).*cut off"):
        list(read_text(write("12345678 é".encode()[:-1])))


@pytest.mark.parametrize(
    "encoding", ["cp1252", "utf-16", "utf-16-le", "utf-8-sig", "UTF_32", "gb18030"]
)
def test_other_encodings_are_read_if_they_are_named(write, small_pieces, encoding):
    path = write("Die größere. Straße".encode(encoding))
    assert list(read_text(path, encoding=encoding)) == [["die", "größere"], ["straße"]]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
def test_only_at_the_beginning_of_a_file_is_a_byte_order_mark_removed(
    write, size, monkeypatch
):
    monkeypatch.setattr(reading, "BYTES_PER_PIECE", size)
    text = read_text(write("\ufeffab \ufeffcd\ufeff"), tokenize=str.split)
    assert list(text) == [["ab", "\ufeffcd\ufeff"]]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_wide_encodings_are_recognized_by_their_mark(write, encoding):
    with pytest.raises(CorpusError, match=f'Give encoding="{encoding}"'):
        list(read_text(write(STORY.encode(encoding))))


def test_a_wide_encoding_without_its_mark_is_refused(write):
    with pytest.raises(CorpusError, match=r"not encoded in utf-16.*byte 0"):
        list(read_text(write(b"\xdc\xdc\xdc\xdc" * 9), encoding="utf-16"))


@pytest.mark.parametrize("encoding", ["utf-17", "base64"])
def test_an_encoding_that_is_none_is_refused(write, encoding):
    with pytest.raises(ValueError, match=r"no text encoding.*utf-8"):
        read_text(write(STORY), encoding=encoding)


PACKED = gzip.compress(b"a story" * 999, mtime=0)


@pytest.mark.parametrize(
    "content, message",
    [
        (b"\x7fELF\x02\x01\0\0" * 9, "zero bytes"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "zero bytes"),
        (STORY.encode("utf-16-le"), 'encoding="utf-16-le"'),
        (b"text at first " * 20 + b"\0", "zero bytes"),
        (gzip.compress(b"\0" * 1000, mtime=0), "zero bytes"),
        (b"PK\x03\x04rest", r"\.docx.*\.epub.*Save it as plain text"),
        (b"%PDF-1.7", "a PDF"),
        (b"{\\rtf1 text}", "an RTF document"),
        (PACKED[:-20], "not a valid gzip file"),
        (PACKED[:9], "not a valid gzip file"),
        (PACKED[:20] + b"\xff" * 9 + PACKED[29:], "not a valid gzip file"),
        (PACKED[:-8] + b"12345678", "not a valid gzip file"),
        (b"", r"There is no word in .*story\.txt"),
        (codecs.BOM_UTF8, "There is no word"),
        (b" \r\n\t-- ... !\n", "There is no word"),
    ],
)
def test_what_is_no_text_is_a_clear_error(write, content, message):
    with pytest.raises(CorpusError, match=message):
        list(read_text(write(content)))


def test_a_text_that_is_called_gz_but_is_not_packed_is_a_clear_error(write):
    with pytest.raises(CorpusError, match="not a valid gzip file"):
        list(read_text(write(STORY, "story.gz")))


def test_what_has_been_read_of_a_packed_file_is_counted_on_the_disk(write, small_pieces):
    path = write(gzip.compress(b"word " * 5000, mtime=0))
    done = [num_bytes for _, num_bytes in reading.read_pieces(path, "utf-8")]
    assert done == sorted(done)
    assert done[-1] == path.stat().st_size


def test_an_empty_file_among_others_does_no_harm(write):
    assert list(read_text([write("", "empty.txt"), write(STORY)])) == SENTENCES


def test_a_link_to_nothing_is_told_as_one(tmp_path):
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    for path in (tmp_path, tmp_path / "gone.txt"):
        with pytest.raises(CorpusError, match=r"gone\.txt.*a link to something"):
            read_text(path)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_what_is_packed_twice_is_told(write, pack):
    with pytest.raises(CorpusError, match="packed twice"):
        list(read_text(write(gzip.compress(pack(b"The cat sat. " * 100)))))
