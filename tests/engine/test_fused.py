"""The compiled passes compute what NumPy and MXNet compute, in any number of threads."""

import math
import threading
from types import SimpleNamespace

import numba
import numpy as np
import pytest
import toy
from hypothesis import given
from hypothesis import strategies as st
from mxnet import np as mx_np
from mxnet import npx, random

from w2v_lesson.engine import fused
from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.engine.passes import MEAN, ROOT, WEIGHT
from w2v_lesson.model import build_net, initialize
from w2v_lesson.sampling import Examples
from w2v_lesson.training import GluonEngine, Training, evaluate_loss

npx.set_np()
CPU = npx.cpu()
two_cores = pytest.mark.skipif(
    numba.config.NUMBA_NUM_THREADS < 2, reason="there is one core only"
)


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
    data.epoch = 0
    return [examples for _ in range(num_epochs) for examples in data.examples()]


def trained(batches, vocab_size, embed_size=8, lr=0.01, write_at=()):
    """Weights and losses of a new training on these batches."""
    engine, losses = FusedEngine(net_of(vocab_size, embed_size), lr), []
    for step, examples in enumerate(batches, 1):
        losses.append(engine.step(examples))
        for _ in range(write_at.count(step)):
            engine.write_back()
    engine.write_back()
    return weights_of(engine.net), losses


# Equal words


def assert_grouped(words, vocab_size):
    words = np.array(words, np.int32)
    ends = np.full(vocab_size, 7, np.int32)  # any values left over in memory
    distinct, starts, order = fused.group(words, ends)
    expected, counts = np.unique(words, return_counts=True)
    np.testing.assert_array_equal(distinct, expected)
    np.testing.assert_array_equal(starts, [0, *np.cumsum(counts)])
    np.testing.assert_array_equal(order, np.argsort(words, kind="stable"))


@given(st.lists(st.integers(0, 9), max_size=60), st.integers(0, 5))
def test_equal_words_are_grouped_in_their_order(words, more):
    assert_grouped(words, max([*words, 0]) + 1 + more)


def test_equal_words_are_grouped_in_a_large_vocabulary():
    words = np.random.default_rng(0).zipf(1.3, 5000) % 10_000
    assert_grouped(words, 10_000)


# Losses and gradients


def random_examples(sizes, vocab_size, seed=0):
    """Make examples of these sizes; if there are few words, most occur several times."""
    rng = np.random.default_rng(seed)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Examples(
        rng.integers(0, vocab_size, len(sizes)).astype(np.int32),
        rng.integers(0, vocab_size, starts[-1]).astype(np.int32),
        starts,
        np.array([rng.integers(1, size + 1) for size in sizes], np.int32),
    )


def example(center, others, num_contexts=1):
    """Make `Examples` with one example, in the exact types, which need no new compilation."""
    starts = np.array([0, len(others)], np.int64)
    return Examples(np.int32([center]), np.int32(others), starts, np.int32([num_contexts]))


def random_rows(vocab_size, embed_size, scale=1.0, seed=1):
    """Make rows of two tables. Cells without a weight are NaN, and must not be used."""
    rng = np.random.default_rng(seed)
    rows = np.full((2, vocab_size, 3, embed_size), np.nan, np.float32)
    rows[:, :, WEIGHT] = rng.normal(scale=scale, size=(2, vocab_size, embed_size))
    return rows


def reference(examples, v, u):
    """Compute losses, errors, center rows, and gradients in float64, pair by pair."""
    v, u = (rows[:, WEIGHT].astype(np.float64) for rows in (v, u))
    n, losses, errors, gradients = len(examples.centers), [], [], []
    for i, center in enumerate(examples.centers):
        others = examples.others[examples.starts[i] : examples.starts[i + 1]]
        scores = u[others] @ v[center]
        target = np.arange(len(others)) < examples.num_contexts[i]
        # -log sigma(x) is logaddexp(0, -x), and noise words have the opposite sign.
        losses.append(np.logaddexp(0, np.where(target, -scores, scores)).mean())
        sigma = 0.5 * (1 + np.tanh(0.5 * scores))
        errors.append((sigma - target) / len(others) / n)
        gradients.append(errors[-1] @ u[others])
    return losses, np.concatenate(errors), v[examples.centers], np.array(gradients)


@pytest.mark.parametrize("embed_size", [1, 3, 4, 7, 100])
def test_scores_losses_and_gradients_are_those_of_numpy(embed_size):
    examples = random_examples([1, 2, 3, 4, 5, 6, 7, 8, 9, 17, 60], 6)
    assert len(set(examples.centers)) < len(examples.centers)  # some occur twice
    v, u = random_rows(6, embed_size)
    losses, errors, example_of, rows, gradients = fused.score(*examples, v, u)
    expected = reference(examples, v, u)
    np.testing.assert_allclose(losses, expected[0], rtol=1e-5)
    np.testing.assert_allclose(errors, expected[1], rtol=1e-4, atol=1e-7)
    np.testing.assert_array_equal(rows, expected[2])
    np.testing.assert_allclose(gradients, expected[3], rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(
        example_of, np.repeat(np.arange(11), np.diff(examples.starts))
    )
    np.testing.assert_allclose(fused.losses_of(*examples, v, u), losses, rtol=1e-12)


def test_scoring_changes_no_table():
    examples, (v, u) = random_examples([5, 9], 6), random_rows(6, 4)
    before = v.copy(), u.copy()
    fused.score(*examples, v, u), fused.losses_of(*examples, v, u)
    assert_same((v, u), before)


@pytest.mark.parametrize("scale", [10.0, 100.0, 1e4, 1e9])
def test_scores_of_great_size_neither_overflow_nor_vanish(scale):
    examples = random_examples([1, 3, 8, 30], 6)
    v, u = random_rows(6, 5, scale)
    losses, errors, _, _, gradients = fused.score(*examples, v, u)
    expected = reference(examples, v, u)
    np.testing.assert_allclose(losses, expected[0], rtol=1e-5)
    assert np.isfinite(gradients).all()
    # In float32, a score of 1000 is exact to 1e-4, so an error is exact to 1e-4 of itself.
    if scale <= 10:
        np.testing.assert_allclose(errors, expected[1], rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(fused.losses_of(*examples, v, u), losses, rtol=1e-12)


@pytest.mark.parametrize("score", [0.0, 1e-3, -1e-3, 87.0, -87.0, 104.0, -104.0, 1e30])
def test_one_score_has_the_loss_and_the_error_of_the_formula(score):
    v, u = np.ones((2, 2, 3, 1), np.float32)
    u[0, WEIGHT], u[1, WEIGHT] = score, -score
    examples = example(0, [0, 1])
    losses, errors, *_ = fused.score(*examples, v, u)
    # A context and a noise word with opposite scores have the same loss.
    assert losses[0] == pytest.approx(np.logaddexp(0, -np.float64(score)), rel=1e-6)
    sigma = 0.5 * (1 + math.tanh(0.5 * score))
    np.testing.assert_allclose(errors, [(sigma - 1) / 2, (1 - sigma) / 2], atol=3e-8)


@pytest.mark.parametrize("size", [1000, 1023, 1024, 5000])
@pytest.mark.parametrize("scale", [0.0, 0.07, 3.0])
def test_very_long_examples_have_the_right_loss(size, scale):
    # With 1024 scores of 0, the product of 1 + exp(-|score|) is 2^1024, which overflows.
    examples = random_examples([size, 3, size], 50)
    v, u = random_rows(50, 4, scale)
    losses, errors, _, _, gradients = fused.score(*examples, v, u)
    expected = reference(examples, v, u)
    np.testing.assert_allclose(losses, expected[0], rtol=1e-6)
    np.testing.assert_allclose(errors, expected[1], rtol=1e-4, atol=2e-8)
    np.testing.assert_allclose(gradients, expected[3], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(fused.losses_of(*examples, v, u), losses, rtol=1e-12)
    if scale == 0:
        np.testing.assert_allclose(losses, math.log(2), rtol=1e-12)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("table, row", [("v", 0), ("u", 1), ("u", 2)])
def test_one_weight_that_is_no_number_shows_in_the_loss(bad, table, row):
    # The passes are compiled with fastmath, which guarantees nothing for such values.
    rows = dict(zip("vu", np.full((2, 3, 3, 8), 0.1, np.float32), strict=True))
    rows[table][row, WEIGHT, 5] = bad
    arguments = *example(0, [1, 2, 2]), rows["v"], rows["u"]
    found = fused.losses_of(*arguments)[0], fused.score(*arguments)[0][0]
    # A score of +inf has the loss 0 for a context, and so does -inf for a noise word.
    right = (table, row, bad) in [("u", 1, math.inf), ("u", 2, -math.inf)]
    assert right or not any(map(math.isfinite, found))


# Adam


def dense_adam(gradients, first, last, lr, size):
    """Yield (step, weights) of Adam in float64, with every row in every step, starting at 0."""
    weight, mean, square = np.zeros((3, size))
    for t in range(first, last + 1):
        g = gradients.get(t, 0.0)
        mean = 0.9 * mean + 0.1 * g
        square = 0.999 * square + 0.001 * g * g
        rate = lr * math.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        weight = weight - rate * mean / (np.sqrt(square) + 1e-8)
        yield t, weight


class LazyAdam:
    """Move one row among others with the passes; its weights start at 0."""

    def __init__(self, size, lr, done=0):
        self.rows, self.done = np.zeros((5, 3, size), np.float32), np.int32([done] * 5)
        self.adam, self.word = fused.adam(lr), np.int32([3])

    def step(self, t, gradient):
        fused.catch_up(self.rows, self.done, self.word, t, *self.adam[1:])
        # The gradient has two terms, 0.25 and 0.75 of it, from two places.
        sources = np.float32([gradient, np.zeros_like(gradient), gradient])
        fused.update(
            self.rows,
            self.done,
            self.word,
            np.int32([0, 2]),
            np.int32([0, 1]),
            np.float32([0.25, 0.75]),
            np.int32([2, 0]),
            sources,
            t,
            *self.adam[:3],
        )

    def weights(self, t):
        return fused.current_weights(self.rows, self.done, t, *self.adam[1:])


# Apart from epsilon, 1e-8, Adam's steps don't depend on the scale of a gradient.
SCALES = np.repeat([1e-10, 1e-8, 1e-6, 1e-3, 1.0, 1e3], 4)


def gradients_at(steps, constant):
    rng, size = np.random.default_rng(0), len(SCALES)
    draw = (lambda: np.ones(size)) if constant else (lambda: rng.normal(size=size))
    return {t: np.float32(draw() * SCALES) for t in steps}


def assert_like_dense(gradients, first, last, looks, lr=0.01):
    """Compare a row that gets some gradients with dense Adam, also at the steps `looks`."""
    lazy = LazyAdam(len(SCALES), lr, first - 1)
    path = np.zeros(len(SCALES))  # how far it moved, back and forth
    before, looked = np.zeros(len(SCALES)), 0
    for t, expected in dense_adam(gradients, first, last, lr, len(SCALES)):
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


@pytest.mark.parametrize("constant", [True, False])
def test_a_row_that_rests_moves_as_in_dense_adam(constant):
    gaps = [1, 2, 13, 150, 250, 900, 3000, 1, 1, 199, 200, 201, 202, 203]
    steps = np.cumsum(gaps).tolist()
    looks = {t + d for t in steps for d in (1, 2, 5, 30, 100, 198)}
    looks = {t for t in looks if t <= steps[-1]}
    assert_like_dense(gradients_at(steps, constant), 1, steps[-1], looks)


@pytest.mark.parametrize("rest", [99, 115, 121, 122, 130, 160])
def test_a_row_moves_on_until_it_moves_by_less_than_its_last_bit(rest):
    # After one gradient, every step goes in the same direction, so rounding costs little.
    # We compare shares of the path, because MXNet rounds 1 - beta, which scales the whole path.
    lazy, gradient = LazyAdam(4, 0.01), np.float32([1e-3, 0.1, 1, 10])
    lazy.step(1, gradient)
    dense = dict(dense_adam({1: gradient}, 1, 1 + rest, 0.01, 4))
    ours = lazy.weights(1 + rest)[3].astype(float) / lazy.weights(80)[3]
    np.testing.assert_allclose(ours, dense[1 + rest] / dense[80], rtol=8e-7)


@pytest.mark.parametrize("first", [1, 10, 700])
def test_a_row_may_rest_before_its_first_gradient(first):
    assert_like_dense(gradients_at([first, first + 40], False), 1, 1000, {999, 1000})


def test_beyond_the_table_of_rates_adam_goes_on():
    assert len(fused.adam(0.01).rates) == 20_001
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
    np.testing.assert_allclose(lazy.rows[3, MEAN], mean, rtol=1e-5)
    np.testing.assert_allclose(lazy.rows[3, ROOT], np.sqrt(square), rtol=1e-5)
    assert lazy.done.tolist() == [0, 0, 0, 1000, 0]


def test_catching_up_and_looking_are_the_same_to_the_bit():
    lazy = LazyAdam(len(SCALES), 0.01)
    for t, gradient in gradients_at([1, 5, 6], False).items():
        lazy.step(t, gradient)
    for later in (7, 8, 50, 300):
        seen, rows = lazy.weights(later - 1)[3], lazy.rows.copy()
        fused.catch_up(rows, lazy.done, lazy.word, later, *lazy.adam[1:])
        np.testing.assert_array_equal(rows[3, WEIGHT], seen)
        np.testing.assert_array_equal(rows[:, MEAN:], lazy.rows[:, MEAN:])


def test_numbers_of_terms_that_fill_no_four_are_summed_up():
    # For gradients of 1 to 9 terms, each of them 1, Adam's first average is a tenth of the sum.
    counts = np.arange(1, 10)
    rows, done = np.zeros((9, 3, 5), np.float32), np.zeros(9, np.int32)
    words = np.random.default_rng(0).permutation(np.repeat(np.arange(9), counts))
    grouped = fused.group(words.astype(np.int32), np.empty(9, np.int32))
    n = len(words)
    fused.update(
        rows,
        done,
        *grouped,
        np.ones(n, np.float32),
        np.zeros(n, np.int32),
        np.ones((1, 5), np.float32),
        1,
        *fused.adam(0.01)[:3],
    )
    expected = np.repeat(0.1 * counts[:, None], 5, axis=1)
    np.testing.assert_allclose(rows[:, MEAN], expected, rtol=1e-6)


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
        data = toy.data(batch_size, redraw=redraw)
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


@pytest.fixture
def threads():
    """Return `numba.set_num_threads`, and undo its effect afterwards."""
    before = numba.get_num_threads()
    yield numba.set_num_threads
    numba.set_num_threads(before)


@two_cores
@pytest.mark.parametrize("embed_size", [3, 100])
def test_any_number_of_threads_gives_the_same_bits(threads, embed_size):
    data = toy.data()
    batches, results = batches_of(data, 2), []
    for number in (1, 2, 1):
        threads(number)
        results.append(trained(batches, len(data.vocab), embed_size))
    for weights, losses in results[1:]:
        assert_same(weights, results[0][0])
        assert losses == results[0][1]


def test_doing_it_again_gives_the_same_bits():
    data = toy.data(redraw=True)
    (first, losses), (second, again) = (
        trained(batches_of(data, 2), len(data.vocab)) for _ in range(2)
    )
    assert_same(first, second)
    assert losses == again


def test_another_thread_gives_the_same_bits():
    data = toy.data()
    batches, found = batches_of(data), []
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
    batches = batches_of(data, 2)
    without, losses = trained(batches, len(data.vocab))
    write_at = [1, 2, 2, 2, 17, 18, len(data), len(batches)]
    often, same = trained(batches, len(data.vocab), write_at=write_at)
    assert_same(without, often)
    assert losses == same


def test_what_is_written_back_is_what_a_training_of_so_many_steps_gives():
    data = toy.data(16)
    batches = batches_of(data, 2)
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


@pytest.mark.parametrize("redraw", [True, False])
def test_a_stopped_training_goes_on_to_the_same_bits(monkeypatch, redraw):
    def training():
        data = toy.data(32, redraw=redraw)
        return Training(
            build_net(len(data.vocab), 8),
            data,
            0.01,
            engine=FusedEngine,
            records_per_epoch=4,
        )

    unbroken, stopped = training(), training()
    list(unbroken.run(3))
    step, stops = stopped.engine.step, [1, 2, 30, len(stopped.data_iter), 60]

    def step_and_stop(examples):
        loss = step(examples)
        if stopped.engine.steps in stops:
            stopped.stop()
        return loss

    monkeypatch.setattr(stopped.engine, "step", step_and_stop)
    for stop in stops:
        list(stopped.run(3))
        assert (stopped.stopped, stopped.step) == (True, stop)
    list(stopped.run(3))
    assert_same(weights_of(stopped.net), weights_of(unbroken.net))
    losses = [
        [r.epoch_loss for r in training.records if r.epoch_loss is not None]
        for training in (stopped, unbroken)
    ]
    assert losses[0] == losses[1]
    assert len(losses[0]) == 3


@pytest.mark.parametrize("steps", [0, 3])
def test_an_engine_goes_on_from_the_state_of_another_and_compiles_nothing_anew(steps):
    data = toy.data()
    batches = batches_of(data)
    first, second = (FusedEngine(net_of(len(data.vocab), 8, seed), 0.01) for seed in (0, 1))
    for examples in batches[:steps]:
        first.step(examples)
    second.restore({name: array.copy() for name, array in first.state().items()})
    passes = fused.group, fused.catch_up, fused.score, fused.update, fused.current_weights
    seen = []
    for engine in (first, second):
        losses = [engine.step(examples) for examples in batches[steps : steps + 3]]
        engine.write_back()
        compiled = [len(each.signatures) for each in passes]
        seen.append((losses, compiled, weights_of(engine.net)))
    assert seen[0][:2] == seen[1][:2]
    assert_same(seen[0][2], seen[1][2])


# One thread or all


@pytest.fixture
def clock(monkeypatch):
    """A clock by which a step with n threads takes clock.takes[n] seconds."""
    clock = SimpleNamespace(now=0.0, takes={})
    monkeypatch.setattr(fused.time, "perf_counter", lambda: clock.now)
    return clock


def numbers_of_threads(threads, clock, steps, work=1):
    """Return the number of threads in each of these steps."""
    numbers = []
    for _ in range(steps):
        with threads.measured(work):
            numbers.append(numba.get_num_threads())
            clock.now += work * clock.takes[numbers[-1]]
    return numbers


@two_cores
@pytest.mark.parametrize("fastest", [1, 2])
def test_after_a_trial_of_each_the_faster_number_of_threads_is_taken(
    threads, clock, fastest
):
    threads(2)
    choice = fused.Threads()
    assert choice.numbers == [1, 2]
    clock.takes = {1: 3.0, 2: 3.0, fastest: 2.0}
    numbers = numbers_of_threads(choice, clock, choice.STEPS)
    trials = choice.TRIALS * 2
    assert numbers[:trials] == [1] * choice.TRIALS + [2] * choice.TRIALS
    assert set(numbers[trials:]) == {fastest}
    assert numba.get_num_threads() == 2


@two_cores
def test_the_trials_are_repeated_and_only_the_latest_count(threads, clock):
    threads(2)
    choice = fused.Threads()
    clock.takes = {1: 1.0, 2: 100.0}
    numbers_of_threads(choice, clock, choice.STEPS)
    clock.takes = {1: 1.0, 2: 0.5}  # the other program has ended
    numbers = numbers_of_threads(choice, clock, choice.STEPS)
    assert set(numbers[choice.TRIALS * 2 :]) == {2}


@two_cores
def test_times_are_compared_for_the_same_work(threads, clock):
    threads(2)
    choice, clock.takes = fused.Threads(), {1: 2.0, 2: 1.0}
    assert numbers_of_threads(choice, clock, choice.TRIALS, work=1) == [1] * choice.TRIALS
    numbers_of_threads(choice, clock, choice.TRIALS, work=10)
    assert numbers_of_threads(choice, clock, 3) == [2, 2, 2]


@two_cores
def test_after_an_error_the_number_of_threads_is_as_before(threads, clock):
    threads(2)
    with pytest.raises(KeyError), fused.Threads().measured(1):
        assert numba.get_num_threads() == 1
        raise KeyError
    assert numba.get_num_threads() == 2


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
    for table in training.engine.tables:
        table.rows[:, WEIGHT] = value
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


def test_a_word_without_a_row_is_refused():
    data = toy.data()
    engine = FusedEngine(net_of(len(data.vocab) - 1), 0.01)
    with pytest.raises(
        ValueError, match="has the word 39, but the tables have only 39 rows"
    ):
        for examples in data.examples():
            engine.step(examples)
    with pytest.raises(
        ValueError, match="has the word 39, but the tables have only 39 rows"
    ):
        engine.evaluate(data)


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
