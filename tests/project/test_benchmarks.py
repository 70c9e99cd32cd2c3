"""Benchmarks that watch other processes add up correctly and write correct tables."""

import asyncio
import itertools
import os
import subprocess
import sys
import threading

import nbformat
import numpy as np
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from benchmarks import __main__ as command
from benchmarks import chapters, classroom, memory, own_text, threads, watch
from benchmarks.classroom import Room, Student
from benchmarks.watch import MB, Watch
from w2v_lesson.vectors import WordVectors
from w2v_lesson.vocabulary import Vocab

# It uses 30 MB itself, starts another process that uses 60 MB, and works for a while.
PARENT = """
import subprocess, sys, time
kept = bytearray(30_000_000)
child = subprocess.Popen([sys.executable, "-c",
    "kept = bytearray(60_000_000); print(1, flush=True); input()"],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()
until = time.process_time() + 0.3
while time.process_time() < until: pass
print(1, flush=True)
input()
child.communicate(b"x")
print(2, flush=True)
input()
"""


@pytest.fixture
def parent():
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", PARENT], **pipes) as process:
        process.stdout.readline()
        yield process
        process.kill()


@pytest.mark.slow
def test_memory_and_time_are_those_of_a_process_and_its_children(parent):
    assert 90 * MB < watch.memory(parent.pid) < 150 * MB
    assert watch.processor_seconds(parent.pid) >= 0.3  # which the parent waits for
    parent.stdin.write("x\n")
    parent.stdin.flush()
    parent.stdout.readline()  # the child has ended
    assert 30 * MB < watch.memory(parent.pid) < 75 * MB


@pytest.mark.slow
def test_a_process_that_has_ended_has_nothing(parent):
    parent.kill()
    parent.wait()
    assert watch.memory(parent.pid) == watch.processor_seconds(parent.pid) == 0


@pytest.mark.slow
def test_the_watch_keeps_the_most_of_all_and_of_each(parent):
    class Telling(Watch):
        def note(self, seen):
            super().note(seen)
            if self.peak:
                noted.set()

    noted = threading.Event()
    with Telling(0.01) as seen:
        seen.add(parent.pid)
        assert noted.wait(60)
    assert seen.peak == seen.peaks[parent.pid] > 90 * MB


def test_the_peak_of_all_is_at_one_time():
    seen = Watch()
    seen.add(1), seen.add(2)
    seen.note({1: 10, 2: 5})
    seen.note({1: 2, 2: 9})
    assert seen.peak == 15 and seen.peaks == {1: 10, 2: 9}


@pytest.mark.slow
def test_a_chapter_runs_in_a_kernel_of_its_own_and_faults_are_listed(tmp_path):
    path = tmp_path / "00_some.ipynb"
    cells = ["import os", "os.environ['OF_THE_STUDENT']", "1 / 0", "print(2)"]
    nbformat.write(new_notebook(cells=[new_code_cell(text) for text in cells]), path)

    async def run():
        environment = {**os.environ, "OF_THE_STUDENT": "x"}
        async with chapters.opened(
            path, Watch(), environment, first="os.env", last="1 /"
        ) as ran:
            assert psutil.pid_exists(ran.pid)
        return ran

    ran = asyncio.run(run())
    assert ran.faults == ["cell 2: ZeroDivisionError: division by zero"]
    assert 0 < ran.first < ran.seconds and ran.processor > 0
    assert not psutil.pid_exists(ran.pid)


def test_faults_of_a_cell():
    error = new_output("error", ename="OSError", evalue="full", traceback=[])
    cell = new_code_cell("x", outputs=[new_output("stream", text="a"), error])
    assert chapters.faults_of(cell, 3) == ["cell 3: OSError: full"]


def test_all_chapters_are_found_and_those_of_the_class_among_them():
    names = [path.name for path in chapters.chapters()]
    assert len(names) == 14
    assert {classroom.FIRST, classroom.SECOND} <= set(names)
    path = chapters.NOTEBOOKS / classroom.FIRST
    sources = [cell.source for cell in nbformat.read(path, 4).cells]
    assert sum(source.startswith(classroom.ANSWER) for source in sources) == 1


def test_the_table_of_memory_says_what_does_not_fit():
    measured = {"00": (300 * MB, 9, 7), "09": (950 * MB, 90, 80)}
    text = memory.section(100 * MB, measured)
    assert "| 09 | 950 | 1,050 | 90 | 80 |" in text
    assert "More than 1 GB with the server: 09.**" in text
    assert "all 2 left open would have up to 1,350 MB" in text
    assert "Each chapter fits in 1 GB" in memory.section(100 * MB, {"00": (9, 1, 1)})


def student(**changes):
    usual = {
        "answer": 9,
        "first": 12,
        "second": 70,
        "processor": 75,
        "memory": 800 * MB,
        "faults": [],
    }
    return Student(**{**usual, **changes})


def test_the_table_of_a_class_counts_cells_that_failed():
    two = [student(), student(second=90, faults=["cell 3: Oh"])]
    rooms = [Room("1", 800 * MB, [student()]), Room("2", 1500 * MB, two)]
    text = classroom.section(rooms, ["4: not tried."])
    assert "| 2 | 9 (9 .. 9) | 12 (12 .. 12) | 80 (70 .. 90) | 75 (75 .. 75) | 1,5" in text
    assert "| 1,500 | 800 | 1 |" in text
    assert "- 2: cell 3: Oh" in text and "4: not tried." in text
    assert "students × 75 s" in text and "one core serves 40 students" in text


def test_the_rooms_of_a_hub_differ_and_end_at_a_cell_of_chapter_05():
    assert threads.ROOMS["as the lesson sets them"] == {}
    differ = [frozenset(changes.items()) for changes in threads.ROOMS.values()]
    assert len(set(differ)) == len(threads.ROOMS)
    notebook = nbformat.read(chapters.NOTEBOOKS / classroom.SECOND, 4)
    assert sum(cell.source.startswith(threads.LAST) for cell in notebook.cells) == 1
    text = threads.section([Room("one thread", 1 * MB, [student(faults=["cell 1: A"])])])
    assert "| one thread | 9 (9 .. 9) |" in text and "- one thread: cell 1: A" in text


def test_a_room_for_which_memory_does_not_suffice_is_not_tried(monkeypatch):
    async def measure(name, number, changes, last):
        return Room(name, number * 800 * MB, [student()] * number)

    free = psutil.virtual_memory()._replace(available=3000 * MB)
    monkeypatch.setattr(classroom, "_measure", measure)
    monkeypatch.setattr(classroom.psutil, "virtual_memory", lambda: free)
    text = classroom.run(students=[1, 2, 4])
    assert "| 2 |" in text and "| 4 |" not in text
    assert "4: not tried, because there is not enough memory." in text


def test_an_empty_home_has_no_way_into_a_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("W2V_LESSON_CACHE", "/somewhere")
    own = classroom.environment_of(tmp_path, {"HOME": None})
    assert own["HOME"] == str(tmp_path) and not own.keys() & set(classroom.CACHES)
    same = classroom.environment_of(tmp_path, {"OMP_NUM_THREADS": "1"})
    assert same["OMP_NUM_THREADS"] == "1" and same["W2V_LESSON_CACHE"] == "/somewhere"


def test_students_are_chosen_on_the_command_line():
    assert command.parser().parse_args(["classroom", "--students", "1,4"]).students == [
        1,
        4,
    ]
    for wrong in ("0", "a", ""):
        with pytest.raises(SystemExit):
            command.parser().parse_args(["classroom", "--students", wrong])


def test_parts_of_a_text_are_disjoint_and_agreement_is_tested_by_exchanging_words(
    monkeypatch,
):
    sentences = [[f"{i}"] * 10 for i in range(100)]
    parts = own_text.disjoint_parts(sentences, 100, 9)
    assert [sum(map(len, part)) for part in parts] == [100] * 9
    assert len({word for part in parts for line in part for word in line}) == 90
    words, angles = list("abcdefgh"), 0.08 * np.arange(8) ** 1.5
    vectors = WordVectors(
        Vocab.from_counts(["<unk>", *words], [1] * 9),
        np.stack([np.cos([0, *angles]), np.sin([0, *angles])], axis=1),
    )
    apart = itertools.combinations(zip(words, angles, strict=True), 2)
    pairs = [(a, b, x - y) for (a, x), (b, y) in apart]
    monkeypatch.setattr(own_text, "read_wordsim353", lambda: [*pairs, ("a", "new", 1.0)])
    number, rho, p = own_text.judged_by_people(vectors)
    assert number == 28 and rho == pytest.approx(1) and p < 0.01
    upside_down = [(a, b, -score) for a, b, score in pairs]
    monkeypatch.setattr(own_text, "read_wordsim353", lambda: upside_down)
    assert own_text.judged_by_people(vectors)[1:] == (pytest.approx(-1), 1.0)
