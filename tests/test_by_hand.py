"""Compare one example, computed by hand, with its definition and with Gluon."""

import math

import numpy as np
import pytest
from mxnet import autograd, npx
from mxnet import np as mx_np

from w2v_lesson import by_hand
from w2v_lesson.model import build_net, initialize, masked_loss, sigmoid_bce, skip_gram

npx.set_np()

LOGITS = np.linspace(-6, 6, 49)


@pytest.fixture
def example():
    """Make v, U, and labels of a center with two contexts and four noise words."""
    rng = np.random.default_rng(0)
    v, U = rng.uniform(-1, 1, 8), rng.uniform(-1, 1, (6, 8))
    return v, U, np.array([1.0, 1, 0, 0, 0, 0])


# One pair


def test_sigmoid_is_its_definition_and_never_overflows():
    expected = [1 / (1 + math.exp(-x)) for x in LOGITS]
    np.testing.assert_allclose(by_hand.sigmoid(LOGITS), expected, rtol=1e-14)
    with np.errstate(over="raise"):
        np.testing.assert_array_equal(by_hand.sigmoid([-1000, 0, 1000]), [0, 0.5, 1])


@pytest.mark.parametrize("label, sign", [(1, 1), (0, -1)])
def test_loss_of_a_pair_is_minus_the_log_of_its_probability(label, sign):
    expected = [-math.log(1 / (1 + math.exp(-sign * x))) for x in LOGITS]
    losses = by_hand.pair_loss(LOGITS, label)
    np.testing.assert_allclose(losses, expected, rtol=1e-12)


def by_gluon(logits, label, mask):
    """Compute loss and gradient of single pairs with the real loss and autograd."""
    pred = mx_np.array(logits[:, None], dtype="float32")
    labels, masks = mx_np.full(pred.shape, label), mx_np.full(pred.shape, mask)
    pred.attach_grad()
    with autograd.record():
        losses = sigmoid_bce(pred, labels, masks)
    losses.backward()
    return losses.asnumpy(), pred.grad.asnumpy()[:, 0]


@pytest.mark.parametrize("mask", [0, 1])
@pytest.mark.parametrize("label", [0, 1])
def test_loss_and_gradient_of_a_pair_are_gluons(label, mask):
    logits = LOGITS[LOGITS != 0]
    losses, gradients = by_gluon(logits, label, mask)
    ours = by_hand.pair_loss(logits, label, mask)
    np.testing.assert_allclose(ours, losses, atol=1e-6)
    ours = by_hand.pair_gradient(logits, label, mask)
    np.testing.assert_allclose(ours, gradients, atol=1e-6)


@pytest.mark.parametrize("label", [0, 1])
def test_at_exactly_0_gluons_gradient_is_not_the_derivative(label):
    """Its formula has max(x, 0) and |x|: autograd takes 0 for the slope of both there.

    Chapter 04 says so; if Gluon is corrected, the chapter must follow.
    """
    (loss,), (gradient,) = by_gluon(np.zeros(1), label, 1)
    assert by_hand.pair_loss(0, label) == pytest.approx(loss)
    assert gradient == -label
    assert by_hand.pair_gradient(0, label) == 0.5 - label


@pytest.mark.parametrize("label", [0, 1])
def test_gradient_of_a_pair_is_the_slope_of_its_loss(label):
    above, below = (by_hand.pair_loss(LOGITS + d, label) for d in (1e-6, -1e-6))
    slope = (above - below) / 2e-6
    np.testing.assert_allclose(by_hand.pair_gradient(LOGITS, label), slope, atol=1e-8)


def test_large_logits_cost_their_size_and_do_not_overflow():
    with np.errstate(over="raise"):
        assert by_hand.pair_loss(-800, 1) == by_hand.pair_loss(800, 0) == 800
        assert by_hand.pair_loss(800, 1) == by_hand.pair_loss(-800, 0) == 0
        assert by_hand.pair_gradient(-800, 1) == -1


# One step


def gluon_gradients(v, U, labels, num_padding=0):
    """Compute loss and gradients of the real model; the words are rows 1 to n of the tables."""
    n, embed_size = U.shape
    net = build_net(1 + n, embed_size)
    initialize(net, npx.cpu())
    table = np.vstack([v, U]).astype("float32")
    for layer in net:
        layer.weight.set_data(mx_np.array(table))
    padding = np.zeros(num_padding)
    others, label, mask = (
        mx_np.array(np.append(row, padding)[None], dtype="float32")
        for row in (np.arange(1, 1 + n), labels, np.ones(n))
    )
    with autograd.record():
        pred = skip_gram(mx_np.zeros((1, 1)), others, net[0], net[1])
        loss = masked_loss(pred.reshape(label.shape), label, mask)
    loss.backward()
    grad_v, grad_U = (layer.weight.grad().asnumpy() for layer in net)
    return float(loss[0]), grad_v[0], grad_U[1:]


@pytest.mark.parametrize("num_padding", [0, 3])
def test_loss_and_gradients_of_a_step_are_gluons(example, num_padding):
    done = by_hand.step(*example, lr=1)
    loss, grad_v, grad_U = gluon_gradients(*example, num_padding)
    assert done.loss == pytest.approx(loss, abs=1e-6)
    assert np.abs(grad_v).min() > 0.001
    np.testing.assert_allclose(done.grad_v, grad_v, atol=1e-6)
    np.testing.assert_allclose(done.grad_U, grad_U, atol=1e-6)


def test_a_step_goes_against_the_gradient_by_the_learning_rate(example):
    v, U, labels = example
    done = by_hand.step(v, U, labels, lr=0.25)
    np.testing.assert_array_equal(done.v, v - 0.25 * done.grad_v)
    np.testing.assert_array_equal(done.U, U - 0.25 * done.grad_U)
    np.testing.assert_allclose(done.dots, [u @ v for u in U])
    np.testing.assert_array_equal(done.errors, by_hand.sigmoid(done.dots) - labels)


def test_a_step_leaves_its_arguments_as_they_are(example):
    copies = [array.copy() for array in example]
    by_hand.step(*example, lr=3)
    for array, copy in zip(example, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_small_steps_lower_the_loss_each_time(example):
    v, U, labels = example
    losses = []
    for _ in range(50):
        done = by_hand.step(v, U, labels, lr=0.2)
        losses.append(done.loss)
        v, U = done.v, done.U
    assert (np.diff(losses) < 0).all()
    assert losses[-1] < losses[0] / 2


# Many steps, and their shadow


def test_a_trajectory_is_what_the_steps_lead_to(example):
    v, U, labels = example
    path = by_hand.trajectory(v, U, labels, 0.5, 2)
    first = by_hand.step(v, U, labels, 0.5)
    second = by_hand.step(first.v, first.U, labels, 0.5)
    assert path.shape == (3, 7, 8)
    np.testing.assert_array_equal(path[0], np.vstack([v, U]))
    np.testing.assert_array_equal(path[2], np.vstack([second.v, second.U]))


def test_the_plane_holds_all_movement_that_lies_in_a_plane():
    rng = np.random.default_rng(1)
    basis, _ = np.linalg.qr(rng.normal(size=(8, 8)))
    start = rng.normal(size=(3, 8))
    walk = np.cumsum(rng.normal(size=(10, 3, 2)), axis=0)
    plane, share = by_hand.plane_of_movement(start + walk @ basis[:2])
    assert share == pytest.approx(1)
    np.testing.assert_allclose(plane @ plane.T, basis[:2].T @ basis[:2], atol=1e-12)


def test_no_other_plane_shows_more_of_the_movement(example):
    path = by_hand.trajectory(*example, 1.0, 20)
    moves = np.diff(path, axis=0).reshape(-1, 8)
    plane, share = by_hand.plane_of_movement(path)
    np.testing.assert_allclose(plane.T @ plane, np.eye(2), atol=1e-12)
    assert share == pytest.approx(((moves @ plane) ** 2).sum() / (moves**2).sum())
    rng = np.random.default_rng(2)
    for _ in range(100):
        other, _ = np.linalg.qr(rng.normal(size=(8, 2)))
        assert ((moves @ other) ** 2).sum() <= ((moves @ plane) ** 2).sum()


def test_the_plane_is_turned_so_that_the_center_goes_right_and_up(example):
    path = by_hand.trajectory(*example, 1.0, 20)
    mirrored = path * np.array([-1.0, 1, -1, 1, -1, 1, -1, 1])
    for each in (path, -path, mirrored):
        plane, _ = by_hand.plane_of_movement(each)
        assert ((each[-1, 0] - each[0, 0]) @ plane >= 0).all()


def test_a_trajectory_that_stands_still_has_a_plane():
    plane, share = by_hand.plane_of_movement(np.ones((2, 3, 8)))
    assert plane.shape == (8, 2)
    assert share == 0
