"""After set-up nothing asks the network: a chapter runs where it would be found out."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FIRST = Path(__file__).resolve().parents[2] / "notebooks" / "00_meet_word_vectors.ipynb"
# Python runs a module of this name at its start. The hook sees what any library of Python
# asks of sockets, also what is caught or given up in silence: it writes it down.
GUARD = """
import os, sys
AT_HOME = ("localhost", "127.", "::1", "0.0.0.0", "None")

def guard(event, arguments):
    if event in ("socket.connect", "socket.sendto"):
        place = arguments[1]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        place = arguments
    else:
        return
    if isinstance(place, tuple) and not str(place[0]).startswith(AT_HOME):
        with open(os.environ["ASKED"], "a") as file:
            print(event, place[0], file=file)
        raise OSError("no network here")

sys.addaudithook(guard)
"""


@pytest.fixture
def guarded(tmp_path):
    """Environment of a Python that does without the network, and what it asked."""
    (tmp_path / "sitecustomize.py").write_text(GUARD)
    asked = tmp_path / "asked"
    asked.touch()
    return {**os.environ, "PYTHONPATH": str(tmp_path), "ASKED": str(asked)}, asked


@pytest.mark.parametrize(
    "code",
    [
        "import urllib.request; urllib.request.urlopen('http://192.0.2.1/', timeout=1)",
        "import socket; socket.create_connection(('example.org', 80), 1)",
    ],
)
def test_the_guard_sees_who_asks_the_network(code, guarded):
    environment, asked = guarded
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True
    )
    assert "no network here" in done.stderr and asked.read_text()


def test_the_guard_lets_a_machine_speak_to_itself(guarded):
    environment, asked = guarded
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = ("localhost", server.getsockname()[1])
        code = f"import socket; socket.create_connection({address})"
        subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert asked.read_text() == ""


def test_chapter_00_runs_without_the_network(guarded):
    environment, asked = guarded
    notebook = nbformat.read(FIRST, as_version=4)
    place = {"metadata": {"path": str(FIRST.parent)}}
    client = NotebookClient(notebook, kernel_name="python3", timeout=120, resources=place)
    with client.setup_kernel(env=environment):
        for number, cell in enumerate(notebook.cells):
            client.execute_cell(cell, number)
    assert asked.read_text() == ""
