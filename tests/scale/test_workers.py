"""Divide a gradient, send a part of it, add it up in a ring, and compute the cost."""

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
import toy
from mxnet import autograd
from numpy.testing import assert_allclose, assert_array_equal

from w2v_lesson.minibatches import make_batch
from w2v_lesson.model import build_net, initialize, masked_loss, skip_gram
from w2v_lesson.sampling import split_examples
from w2v_lesson.scale.workers import gradients, ms_a_step, ring_all_reduce, touched_rows
from w2v_lesson.training import default_device


def tables_for(data, embed_size=8):
    rng = np.random.default_rng(0)
    shape = len(data.vocab), embed_size
    return [rng.normal(size=shape).astype(np.float32) for _ in range(2)]


def test_gradients_are_those_of_gluon():
    data = toy.data(batch_size=16)
    tables = tables_for(data)
    net = build_net(len(data.vocab), 8)
    initialize(net, default_device())
    for layer, table in zip(net, tables, strict=True):
        layer.weight.set_data(table)
    for examples in data.examples():
        center, context_negative, mask, label = make_batch(examples)
        with autograd.record():
            pred = skip_gram(center, context_negative, net[0], net[1])
            l = masked_loss(pred.reshape(label.shape), label, mask)
        l.backward()
        for layer, ours in zip(net, gradients(examples, *tables), strict=True):
            assert ours.dtype == np.float32
            assert_allclose(ours, layer.weight.grad().asnumpy(), rtol=1e-4, atol=1e-5)


def test_gradients_of_parts_add_up_to_the_whole():
    data = toy.data(batch_size=16)
    tables = tables_for(data)
    examples = next(data.examples())
    parts = [
        gradients(tuple(part), *tables) for part in split_examples(examples, [5, 4, 7])
    ]
    for whole, *shares in zip(gradients(examples, *tables), *parts, strict=True):
        assert_allclose(sum(shares), whole, rtol=1e-4, atol=1e-6)


def test_touched_rows_are_those_of_the_words_of_the_minibatch():
    data = toy.data(batch_size=16)
    examples = next(data.examples())
    words = examples.centers, examples.others
    for gradient, touched in zip(
        gradients(examples, *tables_for(data)), words, strict=True
    ):
        rows, values = touched_rows(gradient)
        assert_array_equal(rows, np.unique(touched))
        again = np.zeros_like(gradient)
        again[rows] = values
        assert_array_equal(again, gradient)


def test_the_file_of_the_workers_loads_neither_mxnet_nor_numba():
    code = (
        "import sys; import w2v_lesson.scale.workers; "
        "sys.exit(bool({'mxnet', 'numba', 'matplotlib'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_after_all_rounds_of_the_ring_everyone_has_the_sum(n):
    numbers = np.random.default_rng(n).integers(1, 10, size=(n, n))
    states = ring_all_reduce(numbers)
    assert len(states) == 1 + 2 * (n - 1)
    assert_array_equal(states[0], numbers)
    assert_array_equal(states[-1], np.tile(numbers.sum(axis=0), (n, 1)))
    for before, after in pairwise(states):
        assert ((before != after).sum(axis=1) == 1).all()  # everyone received one piece
    complete = states[n - 1] == numbers.sum(axis=0)
    assert complete.any(
        axis=0
    ).all()  # after the rounds of adding, some worker has each sum


def test_one_machine_sends_nothing():
    assert ms_a_step(1, 5, 3, size=1e9, gbit_per_second=1) == 8


def test_an_endless_network_divides_what_can_be_divided():
    times = ms_a_step(np.array([1, 2, 4]), 8, 1, 5e6, gbit_per_second=1e9, latency_ms=0)
    assert_allclose(times, [9, 5, 3], rtol=1e-4)


def test_two_machines_send_the_gradient_once_and_many_nearly_twice():
    # 1 Gbit/s is 125,000 bytes a millisecond.
    times = ms_a_step(np.array([2, 1000]), 0, 0, 125_000, gbit_per_second=1, latency_ms=0)
    assert_allclose(times, [1, 1.998])


def test_each_round_costs_its_latency():
    times = ms_a_step(np.array([2, 3, 16]), 0, 0, 0, gbit_per_second=1, latency_ms=0.5)
    assert_allclose(times, [1, 2, 15])


def test_by_hand():
    # Four machines: 6 rounds of 250,000 bytes at 1.25e6 a millisecond, each 0.05 ms later.
    time = ms_a_step(4, 4, 2, 1e6, gbit_per_second=10)
    assert time == pytest.approx(4 / 4 + 2 + 6 * (0.2 + 0.05))
