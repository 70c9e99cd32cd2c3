"""Configure every kernel of the lesson's environment. It is installed with the package."""

# ipykernel 7.3.0 doesn't send its replies through the stream that reads the requests. If a
# request arrives at the same moment, the stream overlooks it, and the cell shows [*] until you
# run another one (ipykernel issue 1554). If the stream sends the replies itself, it overlooks
# nothing.
c = get_config()  # noqa: F821
c.InteractiveShellApp.exec_lines = [
    "get_ipython().kernel.shell_channel_thread.manager._shell_socket ="
    " get_ipython().kernel.shell_stream"
]
