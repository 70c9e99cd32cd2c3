"""The plain step with shared noise words: its gradient, its mean, and what it stands for."""

import numpy as np
import pytest
import toy

from w2v_lesson import sampling
from w2v_lesson.engine.plain import adam_step, loss_and_gradients
from w2v_lesson.sampling import as_runs


def random_tables(data, size=5, scale=0.5):
    shape = 2, len(data.vocab), size
    return np.random.default_rng(1).normal(scale=scale, size=shape)


def loss_pair_by_pair(v, u, examples):
    """The mean loss of `Examples`, as chapter 04 has it."""
    losses = []
    for center, contexts, noise in toy.split(examples):
        yes = np.log1p(np.exp(-u[list(contexts)] @ v[center]))
        no = np.log1p(np.exp(u[list(noise)] @ v[center]))
        losses.append(np.concatenate([yes, no]).mean())
    return np.mean(losses)


def test_with_own_noise_words_it_is_the_loss_of_chapter_04():
    data = toy.data()
    v, u = random_tables(data)
    for examples in data.examples():
        loss = loss_and_gradients(v, u, as_runs(examples))[0]
        assert loss == pytest.approx(loss_pair_by_pair(v, u, examples), rel=1e-6)


@pytest.mark.parametrize("num_shared", [0, 1, 8])
def test_the_gradients_are_the_slopes_of_the_loss(num_shared):
    data = toy.data(num_shared_noise=num_shared, run_length=4)
    v, u = random_tables(data)
    runs = next(data.runs())
    _, *gradients = loss_and_gradients(v, u, runs)
    rng, size = np.random.default_rng(0), 1e-5
    for weights, gradient in zip((v, u), gradients, strict=True):
        for _ in range(20):
            place = tuple(rng.integers(0, weights.shape))
            before = weights[place]
            slopes = []
            for shift in (size, -size):
                weights[place] = before + shift
                slopes.append(loss_and_gradients(v, u, runs)[0])
            weights[place] = before
            expected = (slopes[0] - slopes[1]) / (2 * size)
            assert gradient[place] == pytest.approx(expected, rel=1e-4, abs=1e-9)


def test_sharing_noise_words_changes_no_gradient_on_average():
    # One minibatch holds the whole text, so only the noise words differ between draws.
    def mean_gradient(num_shared):
        options = {"num_shared_noise": num_shared, "run_length": 8}
        draws, data = [], toy.data_of(toy.sentences()[:20], 4096, **options)
        for seed in range(200):
            seeds = sampling.derive_seeds(seed)
            data._seeds = lambda part, seeds=seeds: [*fixed, seeds[2]]
            (runs,) = data.runs()
            draws.append(np.concatenate(loss_and_gradients(v, u, runs)[1:]))
        return np.mean(draws, axis=0), np.std(draws, axis=0) / np.sqrt(len(draws))

    v, u = random_tables(toy.data_of(toy.sentences()[:20]))
    fixed = sampling.derive_seeds(0)[:2]
    (own, own_error), (shared, shared_error) = mean_gradient(0), mean_gradient(12)
    error = np.hypot(own_error, shared_error)
    off = (own - shared)[error > 0] / error[error > 0]
    assert abs(off.mean()) < 0.2 and 0.8 < off.std() < 1.2
    assert abs(off).max() < 5


def test_adam_is_that_of_the_paper():
    rng = np.random.default_rng(0)
    weights, mean, square = np.ones((2, 3)), np.zeros((2, 3)), np.zeros((2, 3))
    first, second, expected = 0.0, 0.0, np.ones((2, 3))
    for t in range(1, 30):
        g = rng.normal(size=(2, 3))
        adam_step(weights, mean, square, g, 0.01, t)
        first, second = 0.9 * first + 0.1 * g, 0.999 * second + 0.001 * g**2
        # MXNet, like the paper's faster form, adds epsilon to the uncorrected root.
        rate = 0.01 * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        expected = expected - rate * first / (np.sqrt(second) + 1e-8)
    np.testing.assert_allclose(weights, expected, rtol=1e-12)
