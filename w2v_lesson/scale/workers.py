"""What a worker computes, what it sends, and how long that takes. Chapter 10.

Hand-written, because the chapter shows it. Other processes import this file. It needs only
NumPy, so they start in a fraction of a second and use little memory.
"""

import numpy as np

from w2v_lesson.by_hand import pair_gradient


def gradients(examples, embed_v, embed_u):
    """Compute the gradients of both tables, summed over some examples. Chapter 10.

    Parameters
    ----------
    examples : Examples or tuple of ndarray
        Centers, others, starts and num_contexts, as in `sampling.Examples`.
    embed_v, embed_u : ndarray of float32, shape (vocabulary, embed_size)
        The center and the context table.

    Returns
    -------
    grad_v, grad_u : ndarray of float32, shape (vocabulary, embed_size)
        What `backward` gives for the sum of `model.masked_loss`.
    """
    centers, others, starts, num_contexts = examples
    sizes = np.diff(starts)  # how many pairs each example has
    example_of = np.repeat(np.arange(len(centers)), sizes)  # the example of each pair
    labels = np.arange(len(others)) - starts[example_of] < num_contexts[example_of]
    center_of = centers[example_of]
    v, u = embed_v[center_of], embed_u[others]  # (pairs, embed_size)
    errors = pair_gradient((v * u).sum(axis=1), labels) / sizes[example_of]
    errors = errors.astype(np.float32)[:, None]  # (pairs, 1)
    grad_v, grad_u = np.zeros_like(embed_v), np.zeros_like(embed_u)
    np.add.at(grad_v, center_of, errors * u)
    np.add.at(grad_u, others, errors * v)
    return grad_v, grad_u


def touched_rows(gradient):
    """Find the rows of a gradient that are not all zeros. Chapter 10.

    Parameters
    ----------
    gradient : ndarray of float32, shape (vocabulary, embed_size)
        The gradient of a table.

    Returns
    -------
    rows : ndarray of int32, shape (n,)
        Numbers of these rows, in ascending order.
    values : ndarray of float32, shape (n, embed_size)
        The rows themselves.
    """
    rows = np.flatnonzero(gradient.any(axis=1)).astype(np.int32)
    return rows, gradient[rows]


def ring_all_reduce(numbers):
    """Add up the numbers of all workers, which pass pieces around a ring. Chapter 10.

    Parameters
    ----------
    numbers : array_like, shape (n, n)
        One row for each worker, cut into as many pieces as there are workers.

    Returns
    -------
    list of ndarray, shape (n, n)
        What each worker has at the start and after each of the 2(n - 1) rounds.

    References
    ----------
    Patarasuk and Yuan 2009, "Bandwidth optimal all-reduce algorithms for clusters of
    workstations".
    """
    states = [np.array(numbers)]
    n = len(numbers)
    for turn in range(2 * (n - 1)):
        before, after = states[-1], states[-1].copy()
        for worker in range(n):
            neighbor, piece = (worker + 1) % n, (worker - turn) % n
            if turn < n - 1:
                after[neighbor, piece] += before[worker, piece]
            else:
                after[neighbor, piece] = before[worker, piece]
        states.append(after)
    return states


def ms_a_step(machines, divided_ms, own_ms, size, gbit_per_second, latency_ms=0.05):
    """Estimate how long a step takes on several machines in a ring. Chapter 10.

    Parameters
    ----------
    machines : int or ndarray of int
        Number of machines.
    divided_ms : float
        Milliseconds that one machine alone needs for the work that is divided.
    own_ms : float
        Milliseconds for the work that each machine does in full, such as Adam on all rows.
    size : float
        Bytes of the gradient.
    gbit_per_second : float
        How much each machine can send while it receives as much.
    latency_ms : float, optional
        Milliseconds until an empty message arrives.

    Returns
    -------
    float or ndarray of float
        Milliseconds, in the shape of `machines`.

    Notes
    -----
    The estimate is too low. It leaves out the time for adding, for copying between programs
    on one machine, and for waiting for the slowest machine.
    """
    rounds = 2 * (machines - 1)
    bytes_per_ms = 125_000 * gbit_per_second
    ms_a_round = latency_ms + size / machines / bytes_per_ms
    return divided_ms / machines + own_ms + rounds * ms_a_round
