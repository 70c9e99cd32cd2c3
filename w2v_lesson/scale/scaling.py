"""Estimate how long a training step takes on several machines (chapter 10).

The estimate adds up what each machine computes and what it sends.
"""

import numpy as np

BYTES_PER_NUMBER = 4  # float32
# Messages of a step that follow one another, for each kind of exchange in `parallel`.
MESSAGES = {"tables": 4, "rows": 10}


def rows_touched(examples):
    """Count the rows that have a gradient: the different words of a minibatch.

    Parameters
    ----------
    examples : Examples
        A minibatch, as `SkipGramData.examples` yields it.

    Returns
    -------
    center_rows, context_rows : int
        Number of rows in each of the two tables.
    """
    return len(np.unique(examples.centers)), len(np.unique(examples.others))


def bytes_of_tables(vocab_size, embed_size):
    """Compute the size of the gradients of both tables, in bytes.

    Parameters
    ----------
    vocab_size, embed_size : int
        Shape of each table.

    Returns
    -------
    int
        Bytes.
    """
    return 2 * vocab_size * embed_size * BYTES_PER_NUMBER


def bytes_of_rows(rows, vocab_size, embed_size):
    """Compute the size of the gradients of some rows, in bytes.

    Parameters
    ----------
    rows : int
        Number of rows, in both tables together.
    vocab_size, embed_size : int
        Shape of each table.

    Returns
    -------
    int
        Bytes, including a number for each row of both tables that marks whether it is
        sent.
    """
    return (rows * embed_size + 2 * vocab_size) * BYTES_PER_NUMBER


def simulate(
    machines, size, *, gbit_per_second, shared_ms, own_ms, messages=4, latency_ms=0.05
):
    """Estimate the time of a synchronous step on machines that are each worker and server.

    Parameters
    ----------
    machines : int or numpy.ndarray
        Number of machines.
    size : int
        Bytes that each worker sends and then receives; each server has an equal part.
    gbit_per_second : float
        Bandwidth of each machine, in both directions at once.
    shared_ms : float
        Milliseconds of the computing that is shared, for the whole minibatch on one machine.
    own_ms : float
        Milliseconds of the computing that each machine does in full, such as Adam for all
        rows.
    messages : int, optional
        Number of messages that are waited for one after another.
    latency_ms : float, optional
        Milliseconds until an empty message arrives.

    Returns
    -------
    float or numpy.ndarray
        Milliseconds, in the shape of `machines`.

    Notes
    -----
    This is a lower bound: it counts neither what passes within a machine nor the adding up
    on the servers. A single machine sends nothing.
    """
    machines = np.asarray(machines)
    # As a worker, a machine sends all of its gradient but its own part. As a server, it
    # sends its own part of the sum to all others. Both are the same number of bytes.
    sent = 2 * size * (machines - 1) / machines
    sending_ms = 1e3 * sent / (gbit_per_second * 1e9 / 8)
    waiting_ms = np.where(machines > 1, messages * latency_ms, 0.0)
    return shared_ms / machines + own_ms + sending_ms + waiting_ms
