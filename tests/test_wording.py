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
    assert wording.megabytes(0) == "0.0 MB"


def test_a_count_is_told_unless_it_is_not_known():
    assert wording.times_seen(1_234_567) == "seen 1,234,567 times"
    assert wording.times_seen(0) == ""
