"""The environment's kernel answers every request, even if requests arrive close together."""

import queue
import random
import time

import pytest
from jupyter_client.manager import start_new_kernel

BURSTS, REQUESTS = 40, 8


@pytest.fixture
def client():
    manager, client = start_new_kernel()
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def answered(client, sent, seconds=60):
    """Return the requests that are answered in time."""
    found, until = set(), time.monotonic() + seconds
    while sent - found and time.monotonic() < until:
        try:
            found.add(client.get_shell_msg(timeout=1)["parent_header"]["msg_id"])
        except queue.Empty:
            continue
    return found


@pytest.mark.slow
def test_no_request_is_overlooked(client):
    """Without the cure (tools/environment/etc/ipython) about one burst in two hangs."""
    pause = random.Random(1)
    for _ in range(BURSTS):
        sent = set()
        for _ in range(REQUESTS):
            sent.add(client.execute("1", store_history=False))
            time.sleep(
                pause.uniform(0, 0.004)
            )  # the fault depends on how close together they arrive
        assert sent <= answered(client, sent)
