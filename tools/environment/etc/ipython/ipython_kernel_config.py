"""Configure every kernel of the lesson's environment. It is installed with the package."""

c = get_config()  # noqa: F821

# A cell that was run before those it needs says so, and memory is given back after a cell.
c.InteractiveShellApp.extensions = [
    "w2v_lesson.app.cells_above",
    "w2v_lesson.app.spare_memory",
]

# ipykernel 7.3.0 sends its replies past the stream that reads the requests; the stream
# then overlooks a request that comes at the same moment, and the cell shows [*] until
# another one is run (ipykernel issue 1554). Sent by the stream itself, none is overlooked.
c.InteractiveShellApp.exec_lines = [
    "get_ipython().kernel.shell_channel_thread.manager._shell_socket ="
    " get_ipython().kernel.shell_stream"
]
