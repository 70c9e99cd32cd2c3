"""Measure a classroom: many students at once on this machine, in chapters 00 and 05."""

import asyncio
import os
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median
from typing import NamedTuple

import psutil

from benchmarks.chapters import copy_to, opened
from benchmarks.report import spread, table
from benchmarks.watch import MB, MEASURE, Watch
from w2v_lesson import usable_cores

TITLE = "A classroom on one machine"
STUDENTS = (1, 2, 4)
FIRST, SECOND = "00_meet_word_vectors.ipynb", "05_train_and_watch.ipynb"
ANSWER = "from w2v_lesson import Explorer"  # how the cell begins that shows the explorer
GUESS = 900 * MB  # for a student, before anything is measured
RESERVE = 0.8  # of the memory available; the rest is for all else
LESSON = 50  # minutes
SELDOM = 0.25  # s between two looks at the memory; looking also takes time
# Variables that name a cache. Without them, each cache is below the home folder.
CACHES = (
    "W2V_LESSON_CACHE",
    "MPLCONFIGDIR",
    "IPYTHONDIR",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "JUPYTER_DATA_DIR",
    "JUPYTER_CONFIG_DIR",
)


class Student(NamedTuple):
    """The time and memory that one student's two chapters took, in seconds and bytes."""

    answer: float
    first: float
    second: float
    processor: float
    memory: float
    faults: list


class Room(NamedTuple):
    """A room full of students: its name, the bytes of all, and each student's results."""

    name: str
    memory: float
    students: list


def run(quick=False, students=None):
    """Measure; return a section of Markdown.

    students : how many at once, one room after the other; None means `STUDENTS`
    """
    numbers = students or ((1,) if quick else STUDENTS)
    rooms, notes, each = [], [], GUESS
    for number in numbers:
        available = psutil.virtual_memory().available
        if number * each > RESERVE * available:
            notes.append(f"{number}: not tried, because there is not enough memory.")
            continue
        rooms.append(measure(str(number), number))
        each = rooms[-1].memory / number
    return section(rooms, notes)


def measure(name, number, changes=(), last=None):
    """Fill a room, let all students run their chapters, and return the `Room`.

    changes : variables that differ in the students' kernels; with `HOME`, each student
        gets an empty home folder
    last : the beginning of the last cell of chapter 05 to run; None means the whole chapter
    """
    room = asyncio.run(_measure(name, number, dict(changes), last))
    print(room, file=sys.stderr, flush=True)
    return room


async def _measure(name, number, changes, last):
    with tempfile.TemporaryDirectory() as folder, Watch(SELDOM) as watch:
        students = await asyncio.gather(
            *[_student(Path(folder) / str(i), watch, changes, last) for i in range(number)]
        )
    return Room(name, watch.peak, students)


async def _student(folder, watch, changes, last):
    """Run both chapters; the first kernel stays alive, as in JupyterLab."""
    folder.mkdir()
    notebooks, environment = copy_to(folder), environment_of(folder, changes)
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(
            opened(notebooks / FIRST, watch, environment, ANSWER)
        )
        second = await stack.enter_async_context(
            opened(notebooks / SECOND, watch, environment, last=last)
        )
    return Student(
        first.first,
        first.seconds,
        second.seconds,
        first.processor + second.processor,
        watch.peaks[first.pid] + watch.peaks[second.pid],
        first.faults + second.faults,
    )


def environment_of(folder, changes):
    """Return the variables of a student's kernels; with `HOME`, an empty home folder."""
    if "HOME" not in changes:
        return {**os.environ, **changes}
    kept = {key: value for key, value in os.environ.items() if key not in CACHES}
    return {**kept, "HOME": str(folder)}


def section(rooms, notes):
    """Write what was measured as Markdown."""
    return f"""\
Several students begin at once, on {usable_cores()} cores. Each runs all cells of chapter 00
and then all of chapter 05, as fast as the machine allows, in a kernel for each chapter. The
kernel of 00 stays alive when 05 begins. The columns give the seconds from the start of the
kernel to the explorer, to the end of 00, and (for the second kernel) to the end of 05; the
processor time of one student for both chapters; and the highest memory of all kernels
together ({MEASURE}), and of one student's two. One process runs all the clients and uses
the same cores. JupyterLab's servers are not included (see "{_memory_title()}").

{table(HEADER, [row(room) for room in rooms])}

{faults(rooms)}{"".join(f" {note}" for note in notes)}

{rule(rooms)}
"""


HEADER = [
    "students at once",
    "explorer, s",
    "00, s",
    "05, s",
    "processor each, s",
    "memory of all, MB",
    "memory each, MB",
    "cells failed",
]


def faults(rooms):
    """List the cells that failed, or say that none did."""
    lines = [
        f"- {room.name}: {line}"
        for room in rooms
        for one in room.students
        for line in one.faults
    ]
    return "\n".join(lines) or "No cell failed."


def row(room):
    """Make one room's row of the table."""
    columns = [
        [getattr(one, key) for one in room.students]
        for key in ("answer", "first", "second", "processor")
    ]
    return [
        room.name,
        *(spread(values, 0) for values in columns),
        f"{room.memory / MB:,.0f}",
        f"{max(one.memory for one in room.students) / MB:,.0f}",
        str(sum(len(one.faults) for one in room.students)),
    ]


def rule(rooms):
    """Say how many cores a class needs, given one student's processor time."""
    seconds = median(one.processor for room in rooms for one in room.students)
    students = 60 * LESSON / seconds
    return (
        f"**Cores for a class: students × {seconds:.0f} s of a processor / seconds of the "
        f"lesson.** In {LESSON} minutes, one core serves {students:.0f} students in 00 and "
        f"05, if they don't all train at the same moment. If they do, each waits as long "
        "as the table says."
    )


def _memory_title():
    from benchmarks.memory import TITLE

    return TITLE
