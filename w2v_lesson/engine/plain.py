"""The training step with shared noise words in plain NumPy, without tricks. Chapter 09."""

import numpy as np


def loss_and_gradients(v, u, runs):
    """Compute the mean loss of a minibatch, and its gradients by both tables. Chapter 09.

    Parameters
    ----------
    v, u : ndarray, shape (vocabulary, embed_size)
        Weights of the center and of the context table.
    runs : Runs
        The minibatch.

    Returns
    -------
    loss : float
        Nats per pair.
    gradient_v, gradient_u : ndarray, shape (vocabulary, embed_size)
    """
    n, loss = len(runs.centers), 0.0
    gradient_v, gradient_u = np.zeros_like(v), np.zeros_like(u)
    for r, others in enumerate(np.split(runs.others, np.cumsum(runs.num_others)[:-1])):
        end = runs.num_centers[: r + 1].sum()
        mine = slice(end - runs.num_centers[r], end)
        centers = runs.centers[mine]
        place, left, right = (x[mine, None] for x in (runs.place, runs.left, runs.right))
        column, share = np.arange(len(others)), runs.noise_share[r]
        # Which words are contexts of which center, and which are noise: (centers, others).
        context = (place - left <= column) & (column <= place + right) & (column != place)
        found = context @ (others[:, None] == others)  # this word is a context of it
        noise = (column < runs.num_noise[r]) & ~found
        # The noise words of a center share one part of its loss, the contexts the other.
        weights = noise * share / noise.sum(axis=1, keepdims=True).clip(1)
        weights += context * (1 - share) / context.sum(axis=1, keepdims=True)
        scores = v[centers] @ u[others].T  # (centers, others)
        signs = np.where(context, -1, 1)
        loss += (weights * np.logaddexp(0, signs * scores)).sum() / n
        errors = weights * signs / (1 + np.exp(-signs * scores)) / n
        np.add.at(gradient_v, centers, errors @ u[others])
        np.add.at(gradient_u, others, errors.T @ v[centers])
    return loss, gradient_v, gradient_u


def adam_step(weights, mean, square, gradient, lr, step):
    """Move all weights of a table by one step of Adam, in place. Chapter 09.

    Parameters
    ----------
    weights, mean, square, gradient : ndarray, shape (vocabulary, embed_size)
    lr : float
    step : int
    """
    mean += 0.1 * (gradient - mean)
    square += 0.001 * (gradient**2 - square)
    rate = lr * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
    weights -= rate * mean / (np.sqrt(square) + 1e-8)
