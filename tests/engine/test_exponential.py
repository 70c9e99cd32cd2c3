"""The exponential and the logarithm that are computed for many numbers at once."""

import numpy as np
from numba import njit

from w2v_lesson.engine.passes import _exp_below_0, _log_1_plus


@njit(fastmath=True)
def exp_of_all(xs):
    out = np.empty_like(xs)
    for i in range(len(xs)):
        out[i] = _exp_below_0(xs[i])
    return out


def test_it_is_that_of_numpy():
    xs = -np.concatenate([np.linspace(0, 87, 1_000_000), np.logspace(-45, 0, 10_000)])
    xs = xs.astype(np.float32)
    expected = np.exp(xs.astype(np.float64))
    np.testing.assert_allclose(exp_of_all(xs), expected, rtol=6e-6)
    small = xs > -10
    np.testing.assert_allclose(exp_of_all(xs)[small], expected[small], rtol=1e-6)


def test_at_0_it_is_exactly_1_and_it_never_leaves_0_to_1():
    assert exp_of_all(np.float32([0, -0.0])).tolist() == [1, 1]
    tiny = -np.geomspace(1e-45, 87, 100_000).astype(np.float32)
    values = exp_of_all(tiny)
    assert (values > 0).all() and (values <= 1).all()


def test_what_is_far_below_is_as_good_as_nothing():
    values = exp_of_all(np.float32([-87, -88, -104, -1e30, -np.inf]))
    assert (values == values[0]).all() and 0 < values[0] < 2e-38


@njit(fastmath=True)
def log_of_all(xs):
    out = np.empty_like(xs)
    for i in range(len(xs)):
        out[i] = _log_1_plus(xs[i])
    return out


def test_the_logarithm_is_that_of_numpy():
    xs = np.concatenate([np.linspace(0, 1, 1_000_000), np.logspace(-37, 0, 10_000)])
    xs = xs.astype(np.float32)
    np.testing.assert_allclose(log_of_all(xs), np.log1p(xs.astype(np.float64)), rtol=4e-7)
