"""The model of many machines: its limits are known without it."""

import numpy as np
import pytest
import toy
from numpy.testing import assert_allclose

from w2v_lesson.scale.scaling import bytes_of_rows, bytes_of_tables, rows_touched, simulate

FAST = {"gbit_per_second": 1e9, "latency_ms": 0.0}


def test_rows_touched_are_the_different_words():
    for examples in toy.data(batch_size=16).examples():
        parts = toy.split(examples)
        centers = {center for center, *_ in parts}
        others = {w for _, contexts, noise in parts for w in (*contexts, *noise)}
        assert rows_touched(examples) == (len(centers), len(others))


def test_bytes_are_those_of_the_penn_treebank():
    assert bytes_of_tables(6719, 100) == 5_375_200
    assert bytes_of_rows(2 * 6719, 6719, 100) == 5_375_200 + 2 * 6719 * 4
    assert bytes_of_rows(0, 6719, 100) == 53_752


def test_one_machine_sends_nothing():
    assert simulate(1, 1e9, gbit_per_second=1, shared_ms=5, own_ms=3) == 8


def test_a_network_without_end_divides_what_can_be_shared():
    times = simulate(np.array([1, 2, 4]), 5e6, shared_ms=8, own_ms=1, **FAST)
    assert_allclose(times, [9, 5, 3], rtol=1e-4)


def test_two_machines_send_half_and_many_nearly_all_twice():
    # 1 Gbit/s are 125,000 bytes a millisecond.
    times = simulate(
        np.array([2, 1000]), 125_000, gbit_per_second=1, shared_ms=0, own_ms=0, latency_ms=0
    )
    assert_allclose(times, [1, 1.998])


@pytest.mark.parametrize("messages", [4, 10])
def test_each_message_costs_its_latency(messages):
    time = simulate(
        2, 0, gbit_per_second=1, shared_ms=0, own_ms=0, messages=messages, latency_ms=0.5
    )
    assert time == messages / 2


def test_by_hand():
    # Four machines: 2 * 1e6 * 3/4 bytes at 1.25e6 a millisecond, and 4 messages.
    time = simulate(4, 1e6, gbit_per_second=10, shared_ms=4, own_ms=2)
    assert time == pytest.approx(4 / 4 + 2 + 1.2 + 0.2)
