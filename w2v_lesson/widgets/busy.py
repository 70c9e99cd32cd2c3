"""What lets a page find its widgets again while a cell runs. Chapter 05.

A page that is reloaded asks the kernel what it can do, and then for its widgets. ipykernel
answers both only between two cells, so a panel would stay away until the cell that waits for
it has ended. (What a page sends later, such as clicks, has a thread of its own.)
"""

import inspect
from contextlib import contextmanager

from IPython import get_ipython

ANSWERED = (
    "kernel_info_request",
    "comm_info_request",
    "comm_open",
    "comm_msg",
    "comm_close",
)


@contextmanager
def answering_pages():
    """Inside the block, answer pages that ask for widgets although a cell runs.

    Without a kernel that reads messages in a thread (ipykernel from version 7 on), this does
    nothing.
    """
    kernel = getattr(get_ipython(), "kernel", None)
    thread = getattr(kernel, "shell_channel_thread", None)
    if thread is None:
        yield
        return
    cell = kernel.get_parent("shell")

    async def answer_or_pass_on(message):
        if not await _answer(kernel, message, cell):
            await kernel.shell_channel_thread_main(message)

    def receive_by(callback):
        stream = kernel.shell_stream
        thread.io_loop.add_callback(lambda: stream.on_recv(callback, copy=False))

    receive_by(answer_or_pass_on)
    try:
        yield
    finally:
        receive_by(kernel.shell_channel_thread_main)


async def _answer(kernel, message, cell):
    """Answer a message if it is for the thread in which the cell runs; return whether."""
    idents, parts = kernel.session.feed_identities(message, copy=False)
    header = kernel.session.deserialize(parts, content=False, copy=False)["header"]
    if header["msg_type"] not in ANSWERED or header.get("subshell_id"):
        return False
    request = kernel.session.deserialize(parts, copy=False)
    kernel.set_parent(idents, request, channel="shell")
    kernel._publish_status("busy", "shell", request)
    handle = kernel.shell_handlers[header["msg_type"]]
    try:
        answered = handle(kernel.shell_stream, idents, request)
        if inspect.isawaitable(answered):
            await answered
    except Exception:
        kernel.log.exception("A message to a busy kernel could not be answered.")
    kernel._publish_status("idle", "shell", request)  # the request is done,
    kernel._publish_status("busy", "shell", cell)  # but the cell still runs
    return True
