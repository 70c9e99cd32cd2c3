"""Provide a text in a file, and a separate cache folder, for the tests of this folder."""

import pytest
import toy

from w2v_lesson.text import indexing


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv("W2V_LESSON_CACHE", str(folder))
    return folder / "texts"


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "story.txt"
    path.write_text(as_text(toy.sentences()))
    return path


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    monkeypatch.setattr(indexing, "SENTENCES_PER_PART", 30)


def as_text(sentences):
    return "".join(" ".join(line) + ".\n" for line in sentences)


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file and returns its path."""

    def write_file(content, name="story.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file
