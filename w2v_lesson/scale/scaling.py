"""How long a training step takes on several machines: what is computed, what is sent."""

import numpy as np

BYTES_PER_NUMBER = 4  # float32
MESSAGES = {"tables": 4, "rows": 10}  # one after another, there and back: see `parallel`


def rows_touched(examples):
    """Number of rows that have a gradient: different words in a minibatch.

    examples : as of `SkipGramData.examples`, with `centers` and `others`

    Returns (rows of the center table, rows of the context table). Chapter 09.
    """
    return len(np.unique(examples.centers)), len(np.unique(examples.others))


def bytes_of_tables(vocab_size, embed_size):
    """Bytes of the gradients of both tables. Chapter 09."""
    return 2 * vocab_size * embed_size * BYTES_PER_NUMBER


def bytes_of_rows(rows, vocab_size, embed_size):
    """Bytes of the gradients of some rows, and of the marks that say which they are.

    rows : in both tables together; for each word and table there is one mark
    """
    return (rows * embed_size + 2 * vocab_size) * BYTES_PER_NUMBER


def simulate(
    machines, size, *, gbit_per_second, shared_ms, own_ms, messages=4, latency_ms=0.05
):
    """Milliseconds of a synchronous step on machines that are each worker and server.

    machines : int, or array of int
    size : bytes that each worker sends, and then receives; each server has an equal part
    gbit_per_second : of each machine's network, at once in both directions
    shared_ms : computing that the machines share, the whole minibatch on one machine
    own_ms : computing that each does in full, such as Adam for all rows
    messages : how many are waited for, one after another
    latency_ms : until a message of no length is there

    What passes within a machine is not counted, nor the adding up on the servers, so
    that this is a lower bound. One machine alone sends nothing. Chapter 09.
    """
    machines = np.asarray(machines)
    # Of its gradient a machine sends all but its own part as a worker, and as a server
    # its own part of the sum to all others: twice the same number of bytes.
    sent = 2 * size * (machines - 1) / machines
    sending_ms = 1e3 * sent / (gbit_per_second * 1e9 / 8)
    waiting_ms = np.where(machines > 1, messages * latency_ms, 0.0)
    return shared_ms / machines + own_ms + sending_ms + waiting_ms
