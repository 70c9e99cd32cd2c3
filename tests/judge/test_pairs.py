"""Numbers of pairs are compared by resampling words, and pairs are found in a text."""

import numpy as np
import pytest

from w2v_lesson.judge.pairs import correlation_interval, near_words


@pytest.fixture
def related():
    """Make numbers for 3,000 pairs of 100 words, where each word contributes its own part."""
    rng = np.random.default_rng(1)
    w, c = rng.integers(0, 100, (2, 3000))
    word = rng.normal(size=100)
    x = word[w] + word[c] + rng.normal(size=3000)
    return x, x + 2 * rng.normal(size=3000), w, c


def test_the_correlation_is_pearsons_and_lies_in_its_interval(related):
    x, y, *_ = related
    correlation, low, high = correlation_interval(*related, 100)
    assert correlation == pytest.approx(np.corrcoef(x, y)[0, 1])
    assert low < correlation < high


def test_pairs_that_share_words_make_the_interval_wider(related):
    x, y, *_ = related
    _, low, high = correlation_interval(*related, 100)
    alone = np.arange(3000)
    _, alone_low, alone_high = correlation_interval(x, y, alone, alone, 3000)
    assert high - low > alone_high - alone_low


def test_the_seed_decides_and_a_lower_level_is_narrower(related):
    first = correlation_interval(*related, 100, seed=3)
    assert correlation_interval(*related, 100, seed=3) == first
    _, low, high = correlation_interval(*related, 100, level=0.5, seed=3)
    assert first[1] < low < high < first[2]


def test_near_words_are_those_within_reach_in_the_same_sentence():
    lines = [["a", "x", "b", "c", "d"], ["e", "x"], ["x", "f", "x"], ["y"]]
    allowed = {"a", "b", "c", "e", "f", "x"}
    assert near_words(lines, {"x", "y"}, allowed, reach=1) == {
        "x": ["a", "b", "e", "f", "f"]
    }
    assert near_words(lines, {"x"}, allowed, reach=2)["x"] == list("abcefxxf")
    assert near_words(lines, {"y"}, allowed) == {}
