"""Times and counts in words."""

import pytest

from w2v_lesson import wording


@pytest.mark.parametrize(
    "seconds, said",
    [
        (0, "0 s"),
        (25.6, "26 s"),
        (99, "99 s"),
        (100, "2 min"),
        (720, "12 min"),
        (5940, "99 min"),
        (6000, "1.7 h"),
        (360_000, "100.0 h"),
    ],
)
def test_a_duration_is_told_in_the_unit_that_suits_it(seconds, said):
    assert wording.duration(seconds) == said
    left = f"about {said} left" if seconds else "less than a second left"
    assert wording.time_left(seconds) == left


def test_megabytes_are_millions_of_bytes():
    assert wording.megabytes(1_250_000_000) == "1,250.0 MB"
    assert wording.megabytes(1_230_000) == "1.2 MB"


def test_small_sizes_are_never_0_megabytes():
    said = {0: "0 bytes", 1: "1 byte", 999: "999 bytes", 12_300: "12 kB", 123_000: "0.1 MB"}
    assert {size: wording.megabytes(size) for size in said} == said


def test_one_thing_is_not_in_the_plural():
    assert wording.number_of(1, "context") == "1 context"
    assert wording.number_of(0, "context") == "0 contexts"
    assert wording.number_of(1200, "noise word") == "1,200 noise words"


def test_a_count_is_told_unless_it_is_not_known():
    assert wording.times_seen(1_234_567) == "seen 1,234,567 times"
    assert wording.times_seen(0) == ""
