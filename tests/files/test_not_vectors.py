"""Vector files in every wrapping, and other files in their place: read, or named with a next step."""

import bz2
import gzip
import io
import lzma
import os
import re
import struct
import subprocess
import tarfile
import zipfile

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from w2v_lesson.files.formats import VectorsFileError, load_vectors

GLOVE = "the 0.1 0.2 0.3\nof 0.2 0.1 0.0\nking 0.4 0.5 0.6\n"
WORD2VEC = f"3 3\n{GLOVE}"
WORDS = ["the", "of", "king", "<unk>"]
PACKINGS = [bytes, gzip.compress, bz2.compress, lzma.compress]
PACKINGS += [lambda content: lzma.compress(content, lzma.FORMAT_ALONE)]
BINARY = b"1 2\nking " + np.float32([1, 2]).tobytes()


@pytest.mark.parametrize("pack", PACKINGS)
@pytest.mark.parametrize("content", [GLOVE, WORD2VEC])
@pytest.mark.parametrize("blank", [" ", "  ", "\t", " \t ", "\t\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", " \n"])
def test_what_can_simply_be_read_is_read(tmp_path, pack, content, blank, end):
    text = content.replace(" ", blank).replace("\n", end)
    (tmp_path / "v").write_bytes(pack(text.encode()))
    loaded = load_vectors(tmp_path / "v")
    assert loaded.vocab.idx_to_token == WORDS
    np.testing.assert_array_equal(loaded.vector("king"), np.float32([0.4, 0.5, 0.6]))


@pytest.mark.parametrize("pack", PACKINGS)
def test_binary_vectors_are_read_in_every_packing(tmp_path, pack):
    (tmp_path / "v").write_bytes(pack(BINARY))
    np.testing.assert_array_equal(load_vectors(tmp_path / "v").vector("king"), [1, 2])


def tar(mode):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:
        about = tarfile.TarInfo("glove.txt")
        about.size = len(GLOVE)
        archive.addfile(about, io.BytesIO(GLOVE.encode()))
    return file.getvalue()


def zipped(*names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, GLOVE)
    return file.getvalue()


def npz(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


FASTTEXT = struct.pack("<ii", 793712314, 12) + bytes(60)
OTHERS = {
    "tar": (tar("w"), "a tar archive.*tar -xf"),
    "tar.gz": (tar("w:gz"), "a tar archive.*tar -xf"),
    "tar.bz2": (tar("w:bz2"), "a tar archive.*tar -xf"),
    "tar.xz": (tar("w:xz"), "a tar archive.*tar -xf"),
    "zip": (zipped("glove.txt"), r"a zip archive.*glove\.txt.*unzip.*give glove\.txt"),
    "big zip": (zipped("a", "b", "c", "d"), "a, b, c' and 1 more.*unzip"),
    "docx": (zipped("word/document.xml"), "a Word document"),
    "epub": (zipped("META-INF/container.xml"), "an e-book"),
    "npz": (npz(vocab=np.ones(3), E=np.ones(3)), "of another program.*'vocab', 'E'"),
    "7z": (b"7z\xbc\xaf\x27\x1c123", "a 7z archive"),
    "zstd": (b"\x28\xb5\x2f\xfd123", "zstd -d"),
    "twice": (gzip.compress(gzip.compress(b"a 1")), "packed twice"),
    "fastText": (FASTTEXT, r"a model of fastText.*\.vec file"),
    "packed fastText": (gzip.compress(FASTTEXT), "a model of fastText"),
    "HDF5": (b"\x89HDF\r\n\x1a\n" + bytes(50), "HDF5"),
    "SQLite": (b"SQLite format 3\0" + bytes(99), "SQLite"),
    "safetensors": (struct.pack("<Q", 99) + b'{"x":1}', "safetensors"),
    "PDF": (b"%PDF-1.7\n", "a PDF"),
    "web page": (b"<!DOCTYPE html><html>404</html>", "a web page"),
    "Git LFS": (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
    "JSON": (b'{"the": [0.1, 0.2]}', "JSON"),
    "numbers alone": (b"0.1\t0.2\n0.3\t0.4\n" * 3, "numbers without words"),
    "counts of the Projector": (b"word\tcount\nof\t5\nking\t2\n", "words and counts"),
    "PyTorch": (zipped("archive/data.pkl", "archive/data/0"), "PyTorch.*torch.load"),
    "one array": (npz(x=np.ones(3)), "with 1 array: 'x'"),
    "Java": (b"1 60\na " + np.linspace(-1, 1, 60).astype(">f4").tobytes(), "other order"),
    "counts": (b"the 10\nof 5\nking 2\n", "words and counts"),
    "text": (b"Call me Ishmael. Some years ago\nnever mind\n", "looks like text.*train"),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_another_kind_is_named_with_its_next_step(tmp_path, kind):
    content, said = OTHERS[kind]
    path = tmp_path / "v"
    path.write_bytes(content)
    with pytest.raises(
        VectorsFileError, match=f"v cannot be read as vectors.*{said}"
    ) as caught:
        load_vectors(path)
    assert "elete" not in str(caught.value)


AS_COMMANDS = {
    "UTF-16": WORD2VEC.encode("utf-16"),
    "UTF-16-BE": GLOVE.encode("utf-16-be"),
    "UTF-16-LE": WORD2VEC.encode("utf-16-le"),
    "UTF-32": GLOVE.encode("utf-32"),
    "CSV": GLOVE.replace(" ", ",").encode(),
    "CSV with names": b"word,a,b,c\n" + GLOVE.replace(" ", ",").encode(),
    "CSV with quotes": re.sub(r"(\S+)", r'"\1"', GLOVE).replace(" ", ";").encode(),
    "decimal commas": GLOVE.replace(".", ",").encode(),
    "CSV with decimal commas": GLOVE.replace(".", ",").replace(" ", ";").encode(),
    "CSV of pandas": b",0,1,2\n" + GLOVE.replace(" ", ",").encode(),
    "lists of Python": re.sub(
        r"(\S+) (\S+) (\S+) (\S+)", r"\1 [\2, \3, \4]", GLOVE
    ).encode(),
    "YAML": re.sub(r"(\S+) (\S+) (\S+) (\S+)", r"\1: [\2,\3,\4]", GLOVE).encode(),
    "names of columns": b"word\td1\td2\td3\n" + GLOVE.replace(" ", "\t").encode(),
    "lines of old Macs": GLOVE.replace("\n", "\r").encode(),
}


@pytest.mark.parametrize("kind", AS_COMMANDS)
@pytest.mark.parametrize("name", ["v.txt", "it's; a $table"])
def test_the_advised_command_makes_what_can_be_read(tmp_path, kind, name):
    path = tmp_path / name
    path.write_bytes(AS_COMMANDS[kind])
    with pytest.raises(VectorsFileError, match=" run: ") as caught:
        load_vectors(path)
    subprocess.run(str(caught.value).partition(" run: ")[2], shell=True, check=True)
    (copy,) = set(tmp_path.iterdir()) - {path}
    assert load_vectors(copy).vocab.idx_to_token == WORDS


def test_a_damaged_file_of_ours_is_not_to_be_deleted(tmp_path):
    (tmp_path / "v.npz").write_bytes(npz(about=np.array("{}"), letters=np.ones(2)))
    with pytest.raises(VectorsFileError, match="under another name") as caught:
        load_vectors(tmp_path / "v.npz")
    assert "elete" not in str(caught.value)


def test_a_pipe_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(VectorsFileError, match="not a regular file"):
        load_vectors(tmp_path / "pipe")


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("other", ["café", "北京"])
def test_a_word_cut_in_a_character_is_told_from_another_encoding(tmp_path, binary, other):
    numbers = np.float32([1, 2]).tobytes() if binary else b"1 2"
    rows = [other.encode(), b"na\xc3", b"the"]
    content = b"3 2\n" + b"".join(word + b" " + numbers + b"\n" for word in rows)
    (tmp_path / "v").write_bytes(content)
    with pytest.raises(VectorsFileError, match="errors='replace'") as caught:
        load_vectors(tmp_path / "v")
    assert "latin-1" not in str(caught.value)
    latin = content.replace(other.encode(), "fête".encode("latin-1")).replace(
        b"\xc3", b"\xef"
    )
    (tmp_path / "v").write_bytes(latin)
    with pytest.raises(VectorsFileError, match="example encoding='latin-1'"):
        load_vectors(tmp_path / "v")


STARTS = [
    b"",
    b"2 2\n",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"BZh9",
    b"\xfd7zXZ\0",
    FASTTEXT[:4],
    b"{",
]


@given(
    st.sampled_from(STARTS),
    st.binary(max_size=60) | st.text('ab01.,;\t \n"-e', max_size=60).map(str.encode),
)
@example(b"", b"0.1 0.2\n" * 3)
@example(b"", b"\x85 1 2\n")
def test_any_bytes_are_vectors_or_refused_with_their_name(tmp_path_factory, start, data):
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(start + data)
    try:
        assert np.isfinite(load_vectors(path).center).all()
    except VectorsFileError as error:
        assert str(path) in str(error) and "elete" not in str(error)


@given(st.integers(0, 200), st.binary(min_size=1, max_size=4))
def test_a_damaged_zip_is_refused(tmp_path_factory, at, damage):
    path = tmp_path_factory.getbasetemp() / "zip"
    content = bytearray(zipped("glove.txt"))
    content[at : at + len(damage)] = damage
    path.write_bytes(content)
    with pytest.raises(VectorsFileError):
        load_vectors(path)
