"""The exercises of the chapters: right answers, and the mistakes people really make.

`CHAPTERS` maps the number of each chapter to its exercises by name, and `EXERCISES`
contains the exercises of all chapters. The right answers are written in plain Python,
without NumPy. This way a reader's solution is compared with one that works differently.
"""

from w2v_lesson.classroom.exercises import (
    chapter_00,
    chapter_01,
    chapter_02,
    chapter_03,
    chapter_04,
    chapter_05,
    chapter_06,
    chapter_07,
    chapter_08,
    chapter_09,
    chapter_10,
    chapter_11,
    chapter_12,
    chapter_13,
)

CHAPTERS = {
    "00": chapter_00.EXERCISES,
    "01": chapter_01.EXERCISES,
    "02": chapter_02.EXERCISES,
    "03": chapter_03.EXERCISES,
    "04": chapter_04.EXERCISES,
    "05": chapter_05.EXERCISES,
    "06": chapter_06.EXERCISES,
    "07": chapter_07.EXERCISES,
    "08": chapter_08.EXERCISES,
    "09": chapter_09.EXERCISES,
    "10": chapter_10.EXERCISES,
    "11": chapter_11.EXERCISES,
    "12": chapter_12.EXERCISES,
    "13": chapter_13.EXERCISES,
}
EXERCISES = {name: each for chapter in CHAPTERS.values() for name, each in chapter.items()}
