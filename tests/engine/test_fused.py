"""The compiled passes compute what plain NumPy and MXNet compute, in any number of threads."""

import math
import os
import platform
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import toy
from hypothesis import given
from hypothesis import strategies as st
from mxnet import np as mx_np
from mxnet import npx, random
from numba import config, njit

from w2v_lesson.engine import fused, passes
from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.engine.passes import EPSILON, MOVE, REST, SHARE, Tables
from w2v_lesson.engine.plain import adam_step, loss_and_gradients
from w2v_lesson.model import build_net, initialize
from w2v_lesson.sampling import Examples
from w2v_lesson.training import GluonEngine, Training, evaluate_loss

npx.set_np()
CPU, TESTS = npx.cpu(), Path(__file__).parents[1]


def net_of(vocab_size, embed_size=8, seed=0):
    random.seed(seed)
    net = build_net(vocab_size, embed_size)
    initialize(net, CPU)
    return net


def weights_of(net):
    return [layer.weight.data().asnumpy().copy() for layer in net]


def assert_same(ours, theirs):
    for our_table, table in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(our_table, table)


def batches_of(data, num_epochs=1):
    """List minibatches in which each center has noise words of its own."""
    data.epoch = 0
    return [examples for _ in range(num_epochs) for examples in data.examples()]


def runs_of(data, num_epochs=1):
    """List minibatches with shared noise words."""
    data.epoch = 0
    return [runs for _ in range(num_epochs) for runs in data.runs()]


def trained(batches, vocab_size, embed_size=8, lr=0.01, write_at=(), **options):
    """Train a new net on these batches; return its weights and the losses."""
    engine, losses = FusedEngine(net_of(vocab_size, embed_size), lr, **options), []
    for step, minibatch in enumerate(batches, 1):
        losses.append(engine.step(minibatch))
        for _ in range(write_at.count(step)):
            engine.write_back()
    engine.write_back()
    return weights_of(engine.net), losses


# Equal words


def assert_linked(words, vocab_size):
    words, latest = np.array(words, np.int32), np.full(vocab_size, -1, np.int32)
    heads, following, slots = np.full((3, len(words)), 7, np.int32)
    count = passes._link(words, latest, heads, following, slots)
    known = words[words >= 0]
    assert words[heads[:count]].tolist() == list(dict.fromkeys(known.tolist()))
    for number, place in enumerate(heads[:count]):
        chain, word = [], words[place]
        while place >= 0:
            chain.append(place)
            place = following[place]
        assert chain == np.flatnonzero(words == word).tolist()
        assert set(slots[chain]) == {number}
    assert (slots[words < 0] == -1).all()
    assert (latest == -1).all()


@given(st.lists(st.integers(-1, 9), max_size=60), st.integers(0, 5))
def test_equal_words_are_linked_in_their_order(words, more):
    assert_linked(words, max([*words, 0]) + 1 + more)


def test_equal_words_are_linked_in_a_large_vocabulary():
    assert_linked(np.random.default_rng(0).zipf(1.3, 5000) % 10_000, 10_000)


# The same as plain NumPy


def plainly_trained(batches, vocab_size, embed_size, lr, decay=1.0):
    """Train by `plain`, in float64 and with dense Adam; return weights and losses."""
    weights = [w.astype(float) for w in weights_of(net_of(vocab_size, embed_size))]
    means, squares = ([np.zeros_like(w) for w in weights] for _ in range(2))
    losses = []
    for step, runs in enumerate(batches, 1):
        loss, *gradients = loss_and_gradients(*weights, runs)
        losses.append(loss * len(runs.centers))
        for table in zip(weights, means, squares, gradients, strict=True):
            adam_step(*table, lr * decay ** (step - 1), step)
    return weights, losses


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"embed_size": 100},
        {"embed_size": 1, "num_shared_noise": 1},
        {"embed_size": 3, "decay": 0.98, "num_shared_noise": 5},
        {"run_length": 1},
        {"num_shared_noise": 0},
        {"num_shared_noise": 3, "run_length": 7, "batch_size": 63},  # odd everywhere
        {"run_length": 1000, "num_shared_noise": 1000},  # more than there are words
        {"batch_size": 1},
        {"batch_size": 5, "num_noise_words": 1},
        {"num_noise_words": 100, "max_window_size": 1},
        {"max_window_size": 50},
    ],
    ids=str,
)
def test_an_epoch_is_that_of_the_plain_step(options):
    embed_size, decay = options.pop("embed_size", 8), options.pop("decay", 1.0)
    options = {"batch_size": 64, **options}
    sentences = toy.sentences()[: 200 if options["batch_size"] > 10 else 15]
    data = toy.data_of(sentences, **options)
    batches = runs_of(data)
    assert len(batches) == len(data)
    args = len(data.vocab), embed_size, 0.01
    ours, losses = trained(batches, *args, decay=decay)
    theirs, expected = plainly_trained(batches, *args, decay)
    # With checks of the bounds, one float32 sums up the 64,000 terms of a run one by one.
    np.testing.assert_allclose(losses, expected, rtol=1e-4 if config.BOUNDSCHECK else 1e-5)
    for a, b in zip(ours, theirs, strict=True):
        # Adam divides a sum that nearly cancels by a root as small as its rounding.
        assert_near(a, b, 5e-5, 2e-6)


def test_a_vocabulary_without_a_noise_word_is_refused_as_with_own_noise_words():
    data = toy.data_of([["a", "b", "a"]] * 20, 4)
    for minibatches in (data.examples, data.runs):
        with pytest.raises(ValueError, match="There is no noise word to draw: all words"):
            list(minibatches())


def test_a_vocabulary_of_two_words_can_share_noise_words():
    data = toy.data_of([["a", "b"]] * 200, 16)  # the only noise word is the center itself
    weights, losses = trained(runs_of(data), len(data.vocab), lr=0.05)
    assert losses[-1] < 0.5 * losses[0]
    scores = weights[0] @ weights[1].T
    assert (scores[[1, 2], [2, 1]] > 0).all() and (scores[[1, 2], [1, 2]] < 0).all()


def test_sentences_of_two_words_can_share_noise_words():
    sentences = [[f"w{i}", f"w{(i * 7) % 9}"] for i in range(9)] * 10
    data = toy.data_of(sentences, 16)
    ours, losses = trained(runs_of(data), len(data.vocab))
    theirs, expected = plainly_trained(runs_of(data), len(data.vocab), 8, 0.01)
    np.testing.assert_allclose(losses, expected, rtol=1e-5)
    for a, b in zip(ours, theirs, strict=True):
        assert_near(a, b, 5e-5, 2e-6)


def test_a_word_without_a_row_is_refused():
    data = toy.data()
    engine = FusedEngine(net_of(len(data.vocab) - 1), 0.01)
    with pytest.raises(
        ValueError, match="has the word 39, but the tables have only 39 rows"
    ):
        for runs in data.runs():
            engine.step(runs)
    (runs, *_) = runs_of(data)
    runs.centers[3] = -1
    with pytest.raises(ValueError, match="has the word -1"):
        FusedEngine(net_of(len(data.vocab)), 0.01).step(runs)
    with pytest.raises(ValueError, match="has the word 39, but the tables have only 39"):
        engine.evaluate(data)


@pytest.mark.parametrize(
    "name, value", [("left", 99), ("right", 99), ("left", -1), ("place", -7)]
)
def test_contexts_outside_of_the_run_are_refused(name, value):
    data = toy.data()
    (runs, *_) = runs_of(data)
    getattr(runs, name)[5] = value
    with pytest.raises(ValueError, match="not among the others of its run"):
        FusedEngine(net_of(len(data.vocab)), 0.01).step(runs)


# Losses


def example(center, others, num_contexts=1):
    """Make `Examples` with one example, in the exact types, which need no new compilation."""
    starts = np.array([0, len(others)], np.int64)
    return Examples(np.int32([center]), np.int32(others), starts, np.int32([num_contexts]))


def loss_of(examples, v, u):
    """Compute the loss of the only example."""
    out = np.empty(1)
    passes._losses_of(*examples, v, u, out, 0, 1)
    return out[0]


@pytest.mark.parametrize("score", [0.0, 1e-3, -1e-3, 87.0, -87.0, 104.0, -104.0, 1e30])
def test_one_score_has_the_loss_of_the_formula(score):
    net = net_of(2, 1)
    net[0].weight.set_data(mx_np.ones((2, 1)))
    net[1].weight.set_data(mx_np.array([[score], [-score]]))
    engine, expected = FusedEngine(net, 0.01), np.logaddexp(0, -np.float64(score))
    v, u = weights_of(net)
    # A context and a noise word with opposite scores have the same loss.
    assert loss_of(example(0, [0, 1]), v, u) == pytest.approx(expected, rel=1e-6)
    assert engine.step(example(0, [0, 1])) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("size", [1000, 5000])
@pytest.mark.parametrize("scale", [0.0, 0.07, 3.0])
def test_very_long_examples_have_the_right_loss(size, scale):
    rng, net = np.random.default_rng(0), net_of(50, 4)
    v, u = rng.normal(scale=scale, size=(2, 50, 4)).astype(np.float32)
    for layer, weights in zip(net, (v, u), strict=True):
        layer.weight.set_data(mx_np.array(weights))
    examples = example(3, rng.integers(0, 50, size), size // 3)
    scores = u[examples.others].astype(float) @ v[3]
    expected = np.logaddexp(
        0, np.where(np.arange(size) < size // 3, -scores, scores)
    ).mean()
    assert loss_of(examples, v, u) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("table, row", [(0, 0), (1, 1), (1, 2)])
def test_one_weight_that_is_no_number_shows_in_the_loss(bad, table, row):
    # The passes are compiled with fastmath, which guarantees nothing for such values.
    weights = np.full((2, 3, 8), 0.1, np.float32)
    weights[table, row, 5] = bad
    net = net_of(3)
    for layer, rows in zip(net, weights, strict=True):
        layer.weight.set_data(mx_np.array(rows))
    examples, engine = example(0, [1, 2, 2]), FusedEngine(net, 0.01)
    found = loss_of(examples, *weights), engine.step(examples)
    # A score of +inf has the loss 0 for a context, and so does -inf for a noise word.
    right = (table, row, bad) in [(1, 1, math.inf), (1, 2, -math.inf)]
    assert right or not any(map(math.isfinite, found))


# Adam


def dense_adam(gradients, first, last, lr, size, decay=1.0):
    """Yield (step, weights) of Adam in float64, with every row in every step, starting at 0."""
    weight, mean, square = np.zeros((3, size))
    for t in range(first, last + 1):
        g = gradients.get(t, 0.0)
        mean = 0.9 * mean + 0.1 * g
        square = 0.999 * square + 0.001 * g * g
        rate = lr * decay ** (t - 1) * math.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        weight = weight - rate * mean / (np.sqrt(square) + 1e-8)
        yield t, weight


class LazyAdam:
    """Move one row among others with the passes; its weights start at 0."""

    def __init__(self, size, lr, done=0, decay=1.0):
        self.rows, self.done = np.zeros((5, 3, size), np.float32), np.int32([done] * 5)
        self.rows[:, SHARE] = 1
        self.tables = Tables(self.rows, self.done)
        self.schedule = fused._Schedule(lr, decay)
        self.words, self.heads = np.int32([3, -1, 3, 3]), np.int32([0])

    def step(self, t, gradient):
        # Three terms, in rows 0, 2, and 3.
        rows = np.float32([0.25 * gradient, gradient, 0.5 * gradient, 0.25 * gradient])
        at = self.words, self.heads, np.int32([2, 7, 3, -1])
        adam, weights = self.schedule.of(t, 1), self.weights(t - 1)[3].copy()
        passes._update_some(self.tables, *at, weights, rows.reshape(-1), t, 0, adam)

    def weights(self, t):
        out = np.empty((5, self.rows.shape[2]), np.float32)
        ways = self.schedule.of(t + 1, 0).ways[0]
        words, width = np.arange(5, dtype=np.int32), out.shape[1]
        passes._weights(self.tables, words, t + 1, ways, out.reshape(-1), width)
        return out


# Apart from epsilon, 1e-8, Adam's steps don't depend on the scale of a gradient.
SCALES = np.repeat([1e-10, 1e-8, 1e-6, 1e-3, 1.0, 1e3], 4)


def gradients_at(steps, constant):
    rng, size = np.random.default_rng(0), len(SCALES)
    draw = (lambda: np.ones(size)) if constant else (lambda: rng.normal(size=size))
    return {t: np.float32(draw() * SCALES) for t in steps}


def assert_like_dense(gradients, first, last, looks, lr=0.01, decay=1.0):
    """Compare a row that gets some gradients with dense Adam, also at the steps `looks`."""
    lazy = LazyAdam(len(SCALES), lr, first - 1, decay)
    path = np.zeros(len(SCALES))  # how far it moved, back and forth
    before, looked = np.zeros(len(SCALES)), 0
    for t, expected in dense_adam(gradients, first, last, lr, len(SCALES), decay):
        path, before = path + abs(expected - before), expected
        if t in gradients:
            lazy.step(t, gradients[t])
        if t in gradients or t in looks:
            found, looked = lazy.weights(t), looked + 1
            # Each rounding in float32 costs up to 6e-8, and the roundings add up along the path.
            assert (abs(found[3] - expected) <= 1e-5 * path).all(), t
            assert not found[[0, 1, 2, 4]].any()  # rows without a gradient stay
    assert looked == len(gradients | dict.fromkeys(looks))
    assert path.all()


@pytest.mark.parametrize("decay", [1.0, 0.9995, 0.98])
@pytest.mark.parametrize("constant", [True, False])
def test_a_row_that_rests_moves_as_in_dense_adam(constant, decay):
    gaps = [1, 2, 13, 150, 250, 900, 3000, 1, 1, 199, 200, 201, 202, 203]
    steps = np.cumsum(gaps).tolist()
    looks = {t + d for t in steps for d in (1, 2, 5, 30, 100, 198)}
    looks = {t for t in looks if t <= steps[-1]}
    assert_like_dense(gradients_at(steps, constant), 1, steps[-1], looks, decay=decay)


@pytest.mark.parametrize("rest", [99, 115, 121, 122, 130, 160])
def test_a_row_moves_on_until_it_moves_by_less_than_its_last_bit(rest):
    # After one gradient, every step goes in the same direction, so rounding costs little.
    # We compare shares of the path, because MXNet rounds 1 - beta, which scales the whole path.
    lazy, gradient = LazyAdam(8, 0.01), np.float32([1e-3, 0.1, 1, 10] * 2)
    lazy.step(1, gradient)
    dense = dict(dense_adam({1: gradient}, 1, 1 + rest, 0.01, 8))
    ours = lazy.weights(1 + rest)[3].astype(float) / lazy.weights(80)[3]
    np.testing.assert_allclose(ours, dense[1 + rest] / dense[80], rtol=8e-7)


@pytest.mark.parametrize("first", [1, 10, 700])
def test_a_row_may_rest_before_its_first_gradient(first):
    assert_like_dense(gradients_at([first, first + 40], False), 1, 1000, {999, 1000})


def test_beyond_the_table_of_rates_adam_goes_on():
    assert len(fused._Schedule(0.01, 1.0).corrections) == 20_001
    steps = [19_990, 19_999, 20_000, 20_001, 20_002, 20_015, 20_300, 23_300, 60_000]
    looks = {19_995, 20_010, 20_500, 59_999}
    assert_like_dense(gradients_at(steps, False), 19_900, 60_000, looks)


def test_adam_remembers_what_dense_adam_remembers():
    steps, lr = [3, 4, 60, 1000], 0.01
    gradients = gradients_at(steps, False)
    lazy, mean, square = LazyAdam(len(SCALES), lr), 0.0, 0.0
    for t in range(1, steps[-1] + 1):
        g = np.float64(gradients.get(t, 0.0))
        mean, square = 0.9 * mean + 0.1 * g, 0.999 * square + 0.001 * g * g
        if t in gradients:
            lazy.step(t, gradients[t])
    divisor = EPSILON / lazy.rows[3, SHARE]
    np.testing.assert_allclose(lazy.rows[3, MOVE] * divisor, mean, rtol=1e-5)
    np.testing.assert_allclose(divisor, np.sqrt(square) + EPSILON, rtol=1e-5)
    assert lazy.done.tolist() == [0, 0, 0, 1000, 0]


# The same as MXNet


def assert_near(ours, theirs, greatest, middle):
    difference = np.abs(ours - theirs)
    assert difference.max() <= greatest
    assert np.median(difference) <= middle


def both_engines(data, embed_size, lr=0.01):
    nets = [net_of(len(data.vocab), embed_size) for _ in range(2)]
    return FusedEngine(nets[0], lr), GluonEngine(nets[1], lr)


@pytest.mark.parametrize("embed_size", [1, 3, 4, 7, 100])
def test_one_step_is_that_of_the_gluon_engine(embed_size):
    data = toy.data()
    ours, theirs = both_engines(data, embed_size)
    examples = next(data.examples())
    assert ours.step(examples) == pytest.approx(float(theirs.step(examples)), rel=1e-6)
    ours.write_back()
    # The first step of Adam moves a weight by g / (|g| + 3e-7) times 0.01, so it is
    # only where g itself is hardly more than its rounding that the two can differ.
    for a, b in zip(weights_of(ours.net), weights_of(theirs.net), strict=True):
        assert_near(a, b, 2e-5, 1e-7)


@pytest.mark.parametrize(
    "batch_size, embed_size, redraw", [(64, 8, False), (16, 100, True), (16, 3, True)]
)
def test_three_epochs_are_those_of_the_gluon_engine(batch_size, embed_size, redraw):
    def run(engine):
        data = toy.data(batch_size, redraw=redraw, num_shared_noise=0)
        net = build_net(len(data.vocab), embed_size)
        training = Training(
            net,
            data,
            0.01,
            heldout=toy.data(256, seed=9),
            device=CPU,
            engine=engine,
            records_per_epoch=3,
        )
        list(training.run(3))
        return training

    ours, theirs = run(FusedEngine), run(GluonEngine)
    for a, b in zip(weights_of(ours.net), weights_of(theirs.net), strict=True):
        assert np.median(np.abs(a)) > 0.1  # far from their starting values
        # Sums in another order differ in their last bit, 6e-8 of them. The greatest
        # differences are where a sum nearly cancels: its rounding is then divided by a
        # root as small as itself.
        assert_near(a, b, 2e-5, 1e-6)
    for a, b in zip(ours.records, theirs.records, strict=True):
        assert (a.epoch, a.step) == (b.epoch, b.step)
        assert a.loss == pytest.approx(b.loss, rel=1e-5)
        assert (a.epoch_loss is None) == (b.epoch_loss is None)
        if a.epoch_loss is not None:
            assert a.epoch_loss == pytest.approx(b.epoch_loss, rel=1e-5)
            assert a.heldout_loss == pytest.approx(b.heldout_loss, rel=1e-5)


def test_evaluating_is_that_of_gluon_and_leaves_everything_as_it_was():
    data, heldout = toy.data(), toy.data(256, seed=9, redraw=True)
    engine = FusedEngine(net_of(len(data.vocab)), 0.01)
    for examples in batches_of(data):
        engine.step(examples)
    engine.write_back()
    before, heldout.epoch = weights_of(engine.net), 5
    expected = evaluate_loss(engine.net, heldout, CPU)
    assert engine.evaluate(heldout) == pytest.approx(expected, rel=1e-6)
    assert engine.evaluate(heldout) == engine.evaluate(heldout)
    assert heldout.epoch == 5
    assert_same(weights_of(engine.net), before)


# The same to the last bit


@pytest.mark.parametrize("embed_size", [3, 100])
@pytest.mark.parametrize("minibatches", [batches_of, runs_of])
def test_any_number_of_threads_gives_the_same_bits(embed_size, minibatches):
    data = toy.data()
    batches, results = minibatches(data, 2), []
    for number in (1, 2, 3, 8):
        engine = FusedEngine(net_of(len(data.vocab), embed_size), 0.01, threads=number)
        fused._choice.cache_clear()  # so that it begins with all threads
        losses = engine.steps(batches)
        engine.write_back()
        results.append((weights_of(engine.net), losses, engine.evaluate(data)))
    for weights, *losses in results[1:]:
        assert_same(weights, results[0][0])
        assert losses == list(results[0][1:])


def test_how_many_steps_are_taken_at_once_changes_no_bit():
    data = toy.data(redraw=True)
    batches = runs_of(data, 2)
    one_by_one, losses = trained(batches, len(data.vocab))
    engine, found = FusedEngine(net_of(len(data.vocab)), 0.01), []
    for first, last in ((0, 7), (7, 8), (8, len(batches))):
        found += engine.steps(batches[first:last])
    engine.write_back()
    assert_same(weights_of(engine.net), one_by_one)
    assert found == losses


def test_doing_it_again_gives_the_same_bits():
    data = toy.data(redraw=True)
    (first, losses), (second, again) = (
        trained(runs_of(data, 2), len(data.vocab)) for _ in range(2)
    )
    assert_same(first, second)
    assert losses == again


def test_another_thread_gives_the_same_bits():
    data = toy.data()
    batches, found = runs_of(data), []
    thread = threading.Thread(
        target=lambda: found.append(trained(batches, len(data.vocab)))
    )
    thread.start()
    thread.join()
    here = trained(batches, len(data.vocab))
    assert_same(found[0][0], here[0])
    assert found[0][1] == here[1]


def test_writing_back_at_any_time_and_often_changes_nothing():
    data = toy.data(16)
    batches = runs_of(data, 2)
    without, losses = trained(batches, len(data.vocab))
    write_at = [1, 2, 2, 2, 17, 18, len(data), len(batches)]
    often, same = trained(batches, len(data.vocab), write_at=write_at)
    assert_same(without, often)
    assert losses == same


def test_what_is_written_back_is_what_a_training_of_so_many_steps_gives():
    data = toy.data(16)
    batches = runs_of(data, 2)
    engine = FusedEngine(net_of(len(data.vocab)), 0.01)
    for step, examples in enumerate(batches, 1):
        engine.step(examples)
        if step in (1, 2, 40, len(batches)):
            engine.write_back()
            fresh, _ = trained(batches[:step], len(data.vocab))
            assert_same(weights_of(engine.net), fresh)


def test_writing_back_before_the_first_step_leaves_the_net_alone():
    net = net_of(10)
    before = weights_of(net)
    FusedEngine(net, 0.01).write_back()
    assert_same(weights_of(net), before)


@pytest.mark.parametrize("steps", [0, 3])
def test_an_engine_goes_on_from_the_state_of_another_and_compiles_nothing_anew(steps):
    data = toy.data()
    batches = runs_of(data)
    first, second = (FusedEngine(net_of(len(data.vocab), 8, seed), 0.01) for seed in (0, 1))
    for runs in batches[:steps]:
        first.step(runs)
    second.restore({name: array.copy() for name, array in first.state().items()})
    seen = []
    for engine in (first, second):
        losses = engine.steps(batches[steps : steps + 3])
        engine.write_back()
        compiled = [len(each.signatures) for each in (passes._work, passes._weights)]
        seen.append((losses, compiled, weights_of(engine.net)))
    assert seen[0][:2] == seen[1][:2]
    assert_same(seen[0][2], seen[1][2])


# One thread or all


@pytest.fixture
def clock(monkeypatch):
    """Make a clock by which a call in n threads takes clock.takes[n] seconds of work."""
    clock = SimpleNamespace(now=0.0, takes={}, numbers=[], work=1)

    def in_threads(function, number):
        clock.numbers.append(number)
        clock.now += clock.takes[number] * clock.work

    monkeypatch.setattr(fused.time, "perf_counter", lambda: clock.now)
    monkeypatch.setattr(fused, "_in_threads", in_threads)
    return clock


def numbers_of_threads(choice, clock, calls, work=1):
    """Return the number of threads in each of these calls."""
    clock.numbers, clock.work = [], work
    for _ in range(calls):
        choice.call(None, work)
    return clock.numbers


@pytest.mark.parametrize("fastest", [1, 4])
def test_the_faster_number_of_threads_is_mostly_taken(clock, fastest):
    choice, clock.takes = fused._Threads(4), {1: 3.0, 4: 3.0, fastest: 2.0}
    numbers = numbers_of_threads(choice, clock, 4 * choice.RARELY)
    assert numbers[: choice.FIRST + 1] == [4] * choice.FIRST + [1]
    assert numbers.count(fastest) > 0.75 * len(numbers)


def test_when_another_program_ends_all_threads_are_soon_used_again(clock):
    choice, clock.takes = fused._Threads(2), {1: 1.0, 2: 100.0}
    assert (
        numbers_of_threads(choice, clock, 50)[-choice.OFTEN :].count(1) == choice.OFTEN - 1
    )
    clock.takes = {1: 1.0, 2: 0.5}
    assert set(numbers_of_threads(choice, clock, 13)[choice.OFTEN :]) == {2}


def test_times_are_compared_for_the_same_work(clock):
    choice, clock.takes = fused._Threads(2), {1: 2.0, 2: 1.0}
    assert numbers_of_threads(choice, clock, choice.FIRST, work=1) == [2] * choice.FIRST
    assert numbers_of_threads(choice, clock, 1, work=10) == [1]
    assert numbers_of_threads(choice, clock, 3) == [2, 2, 2]


def test_with_one_core_there_is_nothing_to_choose(clock):
    choice, clock.takes = fused._Threads(1), {1: 1.0}
    assert set(numbers_of_threads(choice, clock, 100)) == {1}


@pytest.mark.skipif(not hasattr(fused.os, "sched_setaffinity"), reason="as on macOS")
def test_threads_leave_the_cores_of_the_process_as_they_were():
    cores = fused.os.sched_getaffinity(0)
    seen, all_here = [], threading.Barrier(len(cores))

    def look(number):
        all_here.wait(60)  # so that no thread does two calls
        seen.append(fused.os.sched_getaffinity(0))

    fused._in_threads(look, len(cores))
    assert fused.os.sched_getaffinity(0) == cores
    assert sorted(map(sorted, seen)) == sorted([core] for core in cores) or len(cores) == 1


def test_where_threads_cannot_be_bound_to_cores_they_run_all_the_same(monkeypatch):
    monkeypatch.delattr(fused.os, "sched_setaffinity", raising=False)
    fused._pool.cache_clear()
    seen = []
    fused._in_threads(seen.append, fused.usable_cores())
    assert sorted(seen) == list(range(fused.usable_cores()))


# Small, and compiled


@pytest.mark.parametrize("embed_size", [1, 3, 4, 7, 100])
def test_loss_falls_with_vectors_of_any_size(embed_size):
    data = toy.data()
    _, losses = trained(batches_of(data, 3), len(data.vocab), embed_size)
    first, last = (sum(part) for part in (losses[: len(data)], losses[-len(data) :]))
    assert last < 0.97 * first


def test_a_vocabulary_of_two_words_and_a_batch_of_one_example():
    examples = example(1, [0, 1])
    weights, losses = trained([examples] * 200, 2, lr=0.05)
    assert losses[0] == pytest.approx(math.log(2), rel=0.01)
    assert losses[-1] < 0.05
    start = weights_of(net_of(2))
    np.testing.assert_array_equal(weights[0][0], start[0][0])  # never a center
    scores = weights[1] @ weights[0][1]
    assert scores[0] > 2 and scores[1] < -2


def test_batches_of_one_example_are_those_of_the_gluon_engine():
    data = toy.data_of(toy.sentences()[:8], 1)
    ours, theirs = both_engines(data, 5)
    for examples in batches_of(data):
        assert len(examples.centers) == 1
        loss = ours.step(examples)
        assert loss == pytest.approx(float(theirs.step(examples)), rel=1e-5)
    ours.write_back()
    for a, b in zip(weights_of(ours.net), weights_of(theirs.net), strict=True):
        assert_near(a, b, 2e-5, 1e-6)


# Bad input


@pytest.mark.parametrize("lr", [1e19, 1e30])
def test_a_learning_rate_far_too_large_ends_with_advice(lr):
    data = toy.data()
    training = Training(build_net(len(data.vocab), 8), data, lr, engine=FusedEngine)
    with pytest.raises(FloatingPointError, match="start again with a smaller lr"):
        list(training.run(2))


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e30])
def test_weights_that_are_no_numbers_end_with_advice(value):
    data = toy.data()
    training = Training(
        build_net(len(data.vocab), 8), data, 0.01, engine=FusedEngine, records_per_epoch=5
    )
    records = training.run(2)
    next(records)
    training.engine.tables.rows[:, REST] = value
    with pytest.raises(FloatingPointError, match="start again with a smaller lr"):
        next(records)


def test_a_large_learning_rate_whose_loss_is_finite_is_as_in_gluon():
    # Adam's steps are bounded: even with lr = 1e6 the loss is bad, but a number.
    def first_epoch(engine):
        data = toy.data()
        net = build_net(len(data.vocab), 8)
        training = Training(net, data, 1e6, engine=engine, device=CPU)
        return list(training.run(1))[-1].epoch_loss

    assert first_epoch(FusedEngine) == pytest.approx(first_epoch(GluonEngine), rel=0.05)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("centers", -1, "has the word -1"),
        ("others", 2**30, "has the word 1073741824"),
        ("num_contexts", -1, "do not fit"),
        ("num_contexts", 10**6, "do not fit"),
        ("starts", -7, "do not fit"),
    ],
)
def test_a_damaged_minibatch_is_refused(name, value, message):
    data = toy.data()
    examples = next(data.examples())
    getattr(examples, name)[5] = value
    with pytest.raises(ValueError, match=message):
        FusedEngine(net_of(len(data.vocab)), 0.01).step(examples)


@pytest.mark.parametrize("engine", ["numba", "Fused", "", None])
def test_an_engine_that_there_is_not_is_named(engine):
    data = toy.data()
    with pytest.raises(ValueError, match="engine must be a class") as error:
        Training(build_net(len(data.vocab), 8), data, 0.01, engine=engine)
    assert repr(engine) in str(error.value)


def test_weights_set_before_the_first_step_are_those_trained():
    net = net_of(4, 3)
    engine = FusedEngine(net, 0.01)
    for layer in net:
        layer.weight.set_data(mx_np.full((4, 3), 2.0))
    examples = example(1, [0, 1])
    assert engine.step(examples) == pytest.approx((2 * np.log1p(np.exp(-12)) + 12) / 2)


# Other processors


OTHER_PROCESSOR = """
import toy
from test_fused import runs_of, trained
data = toy.data()
_, losses = trained(runs_of(data), len(data.vocab))
print(*map(repr, losses))
"""


def in_a_process(program, **environment):
    """Run a program that may import this file; return what it prints."""
    paths = [TESTS.parent, TESTS, TESTS / "engine"]
    environment["PYTHONPATH"] = os.pathsep.join(map(str, paths))
    command = [sys.executable, "-c", program]
    options = {"capture_output": True, "text": True, "cwd": TESTS.parent}
    done = subprocess.run(command, env={**os.environ, **environment}, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("features", ["", "+avx", "+avx,+avx2"])
def test_other_processors_compile_it_too_and_find_the_same(tmp_path, features):
    # As on a processor without the vectors of this one; it is slower, but right.
    if features and platform.machine() != "x86_64":
        pytest.skip("these features are of x86")
    processor = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": features}
    found = in_a_process(OTHER_PROCESSOR, NUMBA_CACHE_DIR=str(tmp_path), **processor)
    data = toy.data()
    _, losses = trained(runs_of(data), len(data.vocab))
    np.testing.assert_allclose(list(map(float, found.split())), losses, rtol=1e-4)


def test_threads_count_in_common_without_anything_that_only_x86_has():
    @njit(nogil=True)
    def count(counts, rows):
        passes._fetch(rows.reshape(-1), 0, 48)
        passes._add_to(counts, 0, 1)
        passes._give_way()

    rows, counts = np.ones((2, 3, 8), np.float32), np.zeros(1, np.int64)
    count(counts, rows)
    assert (rows == 1).all() and counts[0] == 1
    (code,) = count.inspect_llvm().values()
    assert "@llvm.prefetch.p0i8(i8*" in code and "atomicrmw add" in code
    assert "llvm.x86" not in code
