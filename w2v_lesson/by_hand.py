"""The mathematics of one example, by hand: losses, gradients, steps of descent."""

from typing import NamedTuple

import numpy as np


class Step(NamedTuple):
    """One step of plain gradient descent for one center; n is the number of its pairs.

    dots, sigmoids, errors : shape (n,); an error is sigmoid - label
    loss : mean over the pairs before the step, nats per pair
    grad_v : shape (embed_size,); grad_U : shape (n, embed_size)
    v, U : the vectors after the step, same shapes
    """

    dots: np.ndarray
    sigmoids: np.ndarray
    errors: np.ndarray
    loss: float
    grad_v: np.ndarray
    grad_U: np.ndarray
    v: np.ndarray
    U: np.ndarray


def sigmoid(x):
    """1 / (1 + exp(-x)) without overflow, same shape as x."""
    return np.exp(-np.logaddexp(0.0, -np.asarray(x, float)))


def pair_loss(logit, label, mask=1):
    """Binary cross-entropy of pairs, times the mask, in nats.

    logit : any shape; label, mask : 0 or 1, same shape or single numbers

    Never overflows. Source: Mikolov et al. 2013b, equation 4, one term. Chapter 03.
    """
    x = np.asarray(logit, float)
    return mask * (np.maximum(x, 0) - x * label + np.log1p(np.exp(-np.abs(x))))


def pair_gradient(logit, label, mask=1):
    """Derivative of `pair_loss` by the logit: sigmoid - label, times the mask.

    Shapes as in `pair_loss`. Chapter 03.
    """
    return mask * (sigmoid(logit) - label)


def step(v, U, labels, lr):
    """Take one step of plain gradient descent on the example of one center.

    v : shape (embed_size,), the center's vector
    U : shape (n, embed_size), the vectors of its contexts and noise words; a word in
        two rows counts as two words
    labels : shape (n,), 1 for a context, 0 for a noise word
    lr : learning rate

    The loss is the mean over the pairs, as `model.masked_loss` has it. Returns a
    `Step`; v and U stay as they are. Chapter 03.
    """
    dots = U @ v  # (n,)
    sigmoids = sigmoid(dots)
    errors = sigmoids - labels  # (n,)
    loss = pair_loss(dots, labels).mean()
    grad_v = errors @ U / len(U)  # (embed_size,)
    grad_U = errors[:, None] * v / len(U)  # (n, embed_size)
    return Step(
        dots, sigmoids, errors, loss, grad_v, grad_U, v - lr * grad_v, U - lr * grad_U
    )


def trajectory(v, U, labels, lr, num_steps):
    """Follow all vectors of an example over some steps, as `step` moves them.

    Returns shape (num_steps + 1, 1 + n, embed_size): the start and what each step led
    to; the center's vector before the n others.
    """
    path = [np.vstack([v, U])]
    for _ in range(num_steps):
        done = step(path[-1][0], path[-1][1:], labels, lr)
        path.append(np.vstack([done.v, done.U]))
    return np.array(path)


def plane_of_movement(path):
    """The plane through 0 in which a trajectory moves most, to look at its shadow.

    path : as `trajectory` returns it, embed_size of at least 2

    Returns (plane, share): shape (embed_size, 2), two orthogonal directions of length 1,
    so that `path @ plane` are places in the plane, turned so that the center ends to
    the right of and above its start; and the share of all squared movement in it.
    """
    moves = np.diff(path, axis=0).reshape(-1, path.shape[-1])
    _, sizes, directions = np.linalg.svd(moves, full_matrices=False)
    plane = directions[:2].T
    way = (path[-1, 0] - path[0, 0]) @ plane
    share = np.sum(sizes[:2] ** 2) / max(np.sum(sizes**2), 1e-12)
    return plane * np.where(way < 0, -1.0, 1.0), share
