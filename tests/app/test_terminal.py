"""The progress line, on a terminal and elsewhere."""

import sys

from w2v_lesson.app import terminal
from w2v_lesson.app.terminal import ProgressLine, say


def pretend_a_terminal(monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)


def test_on_a_terminal_the_progress_is_one_line(monkeypatch, capsys):
    pretend_a_terminal(monkeypatch)
    line = ProgressLine()
    line.say("half"), line.say("whole"), line.end(), line.end()
    assert capsys.readouterr().err == "\r\033[Khalf\r\033[Kwhole\n"


def test_a_message_takes_the_place_of_the_progress(monkeypatch, capsys):
    pretend_a_terminal(monkeypatch)
    line = ProgressLine()
    line.say("half")
    say("Interrupted.")
    assert capsys.readouterr().err.endswith("half\r\033[KInterrupted.\n")


def test_elsewhere_lines_are_few(monkeypatch, capsys):
    clock = iter([0.0, 1.0, 11.0, 12.0, 23.0])
    now = [0.0]
    monkeypatch.setattr(terminal.time, "monotonic", lambda: now[0])
    line = ProgressLine()
    for text, always in [
        ("first", False),
        ("too soon", False),
        ("later", False),
        ("end of an epoch", True),
        ("last", False),
    ]:
        now[0] = next(clock)
        line.say(text, always)
    line.end()
    assert capsys.readouterr().err == "first\nlater\nend of an epoch\nlast\n"
