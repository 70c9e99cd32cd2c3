"""Files whose marks would become words: recognized, and the advised command works."""

import contextlib
import csv
import io
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v_lesson.ptb import CorpusError
from w2v_lesson.text.sentences import read_text

SAID = "The cat sat on the mat, and it slept."


def table(delimiter):
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows([i, SAID, "x"] for i in range(20))
    return file.getvalue()


MARKED = {
    "HTML": f"<!DOCTYPE html><html><body><p>{SAID}</p></body></html>",
    "HTML or XML": f"<p class='c'>{SAID}</p>\n" * 9,
    "XML": f"<?xml version='1.0'?><doc><p>{SAID}</p></doc>",
    "JSON": json.dumps({"id": "7", "text": SAID})
    + "\n"
    + json.dumps({"text": SAID})
    + "\n",
    "CSV": table(","),
    "table": table("\t"),
    "subtitles": f"1\r\n00:00:01,000 --> 00:00:02,000\r\n{SAID}\r\n\r\n" * 9,
    "Markdown": f"# A\n\n[{SAID}](http://x.org/a)\n" * 9,
    "HTML or": f"{SAID}<br>\n" * 9,
    "or XML": f"&quot;{SAID}&quot;&nbsp;\n" * 9,
    "HTML .. XML": f'<doc id="12" title="T">\n{SAID}\n' + f"{SAID}\n" * 99 + "</doc>\n",
    "a file of subtitles": f"[Script Info]\n\nDialogue: 0,0:1,0:2,Default,,0,0,0,,{SAID}\n",
    "of subtitles": f"{{100}}{{200}}{SAID}|{SAID}\n" * 9,
    "lyrics": f"[00:12.00]{SAID}\n" * 9,
    "labels": f"__label__good {SAID}\n" * 9,
    "a tag behind": SAID.replace(",", " ,/,").replace(" ", "/NN ").replace(",/,/NN", ",/,")
    * 9,
    "syntax trees": "(S " + " ".join(f"(NP (NN {w}))" for w in SAID[:-1].split()) + ")\n",
    "color a terminal": f"\x1b[31;1m{SAID}\x1b[0m\n" * 9,
}
WORDS = re.findall(r"\w+", SAID.lower())


@pytest.mark.parametrize("kind", MARKED)
@pytest.mark.parametrize("name", ["story.txt", "it's a story; really.txt"])
def test_markup_is_refused_and_the_advised_command_gives_the_text(write, kind, name):
    path = write(MARKED[kind], name)
    with pytest.raises(CorpusError, match=rf"{kind}.*plain=True") as caught:
        list(read_text(path))
    command = str(caught.value).partition(" run: ")[2]
    assert command.startswith(("python -c ", "grep ", "sed "))
    command = re.sub("^python ", f"{sys.executable} ", command)
    subprocess.run(command, shell=True, check=True, cwd=path.parent)
    (copy,) = set(path.parent.glob("*.txt")) - {path}
    words = [word for sentence in read_text(copy) for word in sentence]
    assert set(WORDS) <= set(words) <= {*WORDS, "a"}


@pytest.mark.parametrize("kind", MARKED)
def test_it_is_read_as_it_is_if_one_says_so(write, kind):
    assert set(WORDS) <= {w for s in read_text(write(MARKED[kind]), plain=True) for w in s}


@pytest.mark.parametrize(
    "content, kind",
    [
        ('{\n "cells": [\n  {"source": ["Hi"]}]}', "JSON"),
        ('["one text", "two"]', "JSON"),
        ('[{"a": "' + "long " * 30_000 + '"}]', "JSON"),
        ("WEBVTT\n\n00:01.000 --> 00:04.000\nHi\n", "subtitles"),
        ("\\begin{document}\n\\section{A}\nB \\cite{c}\n\\end{document}", "LaTeX"),
        ("".join(f"w{i} {'0.1 ' * 20}\n" for i in range(20)), "vectors.*similar"),
        ("== A ==\n''B'' is a [[thing|thing]] {{cite|url=x}}.\n" * 9, "wiki markup"),
        ("<mediawiki xmlns='x'>\n<page>\n" + "Text. " * 9999, "XML"),
        ("From a@b.c Mon\nFrom: A <a@b.c>\nTo: b\nSubject: Hi\n\nHello.\n", "e-mail"),
        ("Received: by x\n\tfor y\nMIME-Version: 1.0\nTo: b\n\nHello.\n", "e-mail"),
    ],
)
def test_other_kinds_are_named(write, content, kind):
    with pytest.raises(CorpusError, match=kind):
        list(read_text(write(content)))


@pytest.mark.parametrize(
    "content",
    [
        "[Illustration]\n\nThe end.",
        "[1] A footnote, and so on.",
        '"Yes," he said, "no, I, well, do, not, know."\n' * 30,
        "\tThe first paragraph.\n\tThe second one.\n" * 30,
        "One, two\nthree, four\n" * 30,
        "<unk> and <b>bold</b> words. " + "For 3 < 4 it is <so>. " * 30,
        "# A heading\n\n- a *list*\n- of two\n" * 30,
        "{ braces } and [brackets] are no JSON.",
        "At 10:30 --> home.",
        "Name: Ann\nAge: 7\nTown: Rome\n\nA card.",
        "AT&T; and R&D; he/she and and/or, 3/4 of 1/2. " * 30,
        "(Yes) (A note) (No) " * 30,
        "<Enter Ghost>\nHamlet. Speak. " * 30,
        "[" * 100_000 + " a",
    ],
)
def test_plain_text_is_not_taken_for_something_else(write, content):
    assert list(read_text(write(content)))


@pytest.mark.parametrize(
    "piece",
    ["A: b\n", "&a", "<a b='c'", "<a ", "[[", "{{", "==", "a/b ", "(A ", "(A b", "[0:", "\x1b[", "\n", " ", " \n", "\t", "1", "1 ", "0.", "[", "](", "</", "</a ", "{", '"', "|-", ":", "-", "-\n",
     "```\n", "\\", ".)", "。」", "!?", "\u0301", "a\u0301\u0323", "\U0001d165", "\u200d", "'", "’", ","],
)  # fmt: skip
@pytest.mark.parametrize("end", ["x", "\nx 1"])
def test_much_of_the_same_takes_no_time(write, piece, end):
    text, started = piece * (200_000 // len(piece)) + end, time.perf_counter()
    with contextlib.suppress(CorpusError):
        list(read_text(write(text)))
    assert time.perf_counter() - started < 5


@given(st.text(st.sampled_from('<>/{}[]":,;|\t\n-#`(a1.\\ '), max_size=80))
def test_any_text_is_read_or_refused_with_its_name(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_text(f"{text} z")
    try:
        assert list(read_text(path))
    except CorpusError as error:
        assert str(Path(path)) in str(error)
