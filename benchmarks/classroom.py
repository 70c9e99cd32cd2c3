"""A classroom: many students at once on this machine, each in chapters 00 and 05."""

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
SELDOM = 0.25  # s between two looks at the memory, which cost time as well
# Variables that lead into a cache; without them each is below the home.
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
    """What one student's two chapters took; seconds, bytes."""

    answer: float
    first: float
    second: float
    processor: float
    memory: float
    faults: list


class Room(NamedTuple):
    """A room full of students: who they were, the bytes of all, what each had."""

    name: str
    memory: float
    students: list


def run(quick=False, students=None):
    """Measure; return a section of Markdown.

    students : how many at once, one room after the other; None: `STUDENTS`
    """
    numbers = students or ((1,) if quick else STUDENTS)
    rooms, notes, each = [], [], GUESS
    for number in numbers:
        available = psutil.virtual_memory().available
        if number * each > RESERVE * available:
            notes.append(f"{number}: not tried, memory would not suffice.")
            continue
        rooms.append(measure(str(number), number))
        each = rooms[-1].memory / number
    return section(rooms, notes)


def measure(name, number, changes=(), last=None):
    """Fill a room and let all of them run; returns the `Room`.

    changes : variables of the students' kernels that are not as here; for `HOME` each
        gets an empty one
    last : how the last cell of chapter 05 begins that they run; None: all of it
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
    """Run both chapters; the first one's kernel stays, as it does in JupyterLab."""
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
    """Variables of a student's kernels; with the change `HOME`, an empty home there."""
    if "HOME" not in changes:
        return {**os.environ, **changes}
    kept = {key: value for key, value in os.environ.items() if key not in CACHES}
    return {**kept, "HOME": str(folder)}


def section(rooms, notes):
    """Write what was measured as Markdown."""
    return f"""\
So many students begin at once, on {usable_cores()} cores: each runs all cells of
chapter 00, then all of 04, as fast as the machine lets them, in kernels of their own. The
kernel of 00 stays when 04 begins. From the start of the kernel to the explorer, to the
end of 00, and the same for 04; what one student took on a processor for both chapters;
the most memory of all kernels together ({MEASURE}), and of one student's two.
The clients, one process for all, use the same cores; JupyterLab's servers are not in it
(see "{_memory_title()}").

{table(HEADER, [row(room) for room in rooms])}

{faults(rooms)}{"".join(f" {note}" for note in notes)}

{rule(rooms)}
"""


HEADER = [
    "students at once",
    "explorer, s",
    "00, s",
    "04, s",
    "processor each, s",
    "memory of all, MB",
    "memory each, MB",
    "cells failed",
]


def faults(rooms):
    """List what failed, or say that nothing did."""
    lines = [
        f"- {room.name}: {line}"
        for room in rooms
        for one in room.students
        for line in one.faults
    ]
    return "\n".join(lines) or "No cell of any of them failed."


def row(room):
    """One room's line of the table."""
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
    """How many cores a class needs, from what one student takes on a processor."""
    seconds = median(one.processor for room in rooms for one in room.students)
    students = 60 * LESSON / seconds
    return (
        f"**Cores for a class: students × {seconds:.0f} s of a processor / seconds of the "
        f"lesson.** In {LESSON} minutes one core serves {students:.0f} students in 00 and "
        f"04, if they do not all train at the same moment; if they do, each waits as long "
        "as the table says."
    )


def _memory_title():
    from benchmarks.memory import TITLE

    return TITLE
