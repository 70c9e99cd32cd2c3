"""Compute losses, gradients, and gradient descent of one example by hand. Chapter 04.

Hand-written, because the chapter compares the results with those of Gluon.
"""

from typing import NamedTuple

import numpy as np


class Step(NamedTuple):
    """One step of plain gradient descent for one center with n pairs.

    Attributes
    ----------
    dots, sigmoids, errors : ndarray, shape (n,)
        Each error is sigmoid - label.
    loss : float
        Average over the pairs, in nats per pair, before the step.
    grad_v : ndarray, shape (embed_size,)
    grad_U : ndarray, shape (n, embed_size)
    v, U : ndarray
        The vectors after the step, with the shapes of their gradients.
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
    """Compute 1 / (1 + exp(-x)) without overflow. Chapter 04.

    Parameters
    ----------
    x : array_like
        Logits, of any shape.

    Returns
    -------
    ndarray
        The same shape as x.
    """
    return np.exp(-np.logaddexp(0.0, -np.asarray(x, float)))


def pair_loss(logit, label, mask=1):
    """Compute the binary cross-entropy of pairs, times the mask. Chapter 04.

    Parameters
    ----------
    logit : array_like
        Scores of the pairs, of any shape.
    label, mask : array_like
        0 or 1; the same shape as `logit`, or single numbers.

    Returns
    -------
    ndarray
        Nats; never overflows.

    References
    ----------
    Mikolov et al. 2013b, equation 4, one term.
    """
    x = np.asarray(logit, float)
    return mask * (np.maximum(x, 0) - x * label + np.log1p(np.exp(-np.abs(x))))


def constant_guess_loss(num_noise_words):
    """Compute the loss of a model that always gives the same best answer. Chapter 04.

    Of every 1 + K pairs, one is real, so the best answer is the probability 1 / (1 + K).

    Parameters
    ----------
    num_noise_words : int
        K, noise words for each context.

    Returns
    -------
    float
        Nats per pair.
    """
    p = 1 / (1 + num_noise_words)
    return float(-(p * np.log(p) + (1 - p) * np.log(1 - p)))


def pair_gradient(logit, label, mask=1):
    """Compute the derivative of `pair_loss` with respect to the logit. Chapter 04.

    Parameters
    ----------
    logit, label, mask : array_like
        As in `pair_loss`.

    Returns
    -------
    ndarray
        sigmoid - label, times the mask.
    """
    return mask * (sigmoid(logit) - label)


def step(v, U, labels, lr):
    """Take one step of plain gradient descent on the example of one center. Chapter 04.

    The vectors passed in stay as they are.

    Parameters
    ----------
    v : ndarray, shape (embed_size,)
        The center's vector.
    U : ndarray, shape (n, embed_size)
        The vectors of its contexts and noise words. A word in two rows counts as two words.
    labels : ndarray, shape (n,)
        1 for a context, 0 for a noise word.
    lr : float
        Learning rate.

    Returns
    -------
    Step
        Its loss is the average over the pairs, as in `model.masked_loss`.
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
    """Follow all vectors of an example over some steps of gradient descent. Chapter 04.

    Parameters
    ----------
    v, U, labels, lr
        As in `step`.
    num_steps : int
        How many steps to take.

    Returns
    -------
    ndarray, shape (num_steps + 1, 1 + n, embed_size)
        The vectors at the start and after each step. The center's vector comes first, then
        the n others.
    """
    path = [np.vstack([v, U])]
    for _ in range(num_steps):
        done = step(path[-1][0], path[-1][1:], labels, lr)
        path.append(np.vstack([done.v, done.U]))
    return np.array(path)


def plane_of_movement(path):
    """Find the plane through 0 in which a trajectory moves most. Chapter 04.

    Parameters
    ----------
    path : ndarray, shape (num_steps + 1, 1 + n, embed_size)
        As `trajectory` returns it, with an `embed_size` of at least 2.

    Returns
    -------
    plane : ndarray, shape (embed_size, 2)
        Two orthogonal directions of length 1, so ``path @ plane`` gives places in the
        plane. They are turned so that the center ends up to the right of its start and
        above it.
    share : float
        Share of all squared movement that lies in the plane.
    """
    moves = np.diff(path, axis=0).reshape(-1, path.shape[-1])
    _, sizes, directions = np.linalg.svd(moves, full_matrices=False)
    plane = directions[:2].T
    way = (path[-1, 0] - path[0, 0]) @ plane
    share = np.sum(sizes[:2] ** 2) / max(np.sum(sizes**2), 1e-12)
    return plane * np.where(way < 0, -1.0, 1.0), share
