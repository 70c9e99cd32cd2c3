"""The guard under which every notebook runs notices attempts to use the network."""

import os
import socket
import subprocess
import sys

import pytest
from notebook_runs import offline_environment


def run(code, folder):
    """Run some code under the guard; return what it asked for and its messages."""
    variables, asked = offline_environment(folder)
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
    )
    return asked.read_text(), done.stderr


@pytest.mark.parametrize(
    "code",
    [
        "import urllib.request; urllib.request.urlopen('http://192.0.2.1/', timeout=1)",
        "import socket; socket.create_connection(('example.org', 80), 1)",
    ],
)
def test_the_guard_sees_who_asks_the_network(code, tmp_path):
    asked, errors = run(code, tmp_path)
    assert asked and "no network here" in errors


def test_the_guard_lets_a_machine_speak_to_itself(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = ("localhost", server.getsockname()[1])
        code = f"import socket; socket.create_connection({address})"
        assert run(code, tmp_path) == ("", "")
