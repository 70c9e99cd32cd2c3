"""The tool that notices what a command changes outside this folder."""

import sys

import pytest
import watch_outside


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("", []),
        ("open('new', 'w')", ["new: {}/new"]),
        ("os.remove('device')", ["gone: {}/device"]),
        ("os.remove('device'); open('device', 'w')", ["changed: {}/device"]),
        ("open('text', 'a').write('x')", ["changed: {}/text"]),
        ("open('left/out', 'w'); os.makedirs('__pycache__/a')", []),
        ("sys.exit(3)", []),
    ],
)
def test_changes_are_listed_and_fail(tmp_path, capsys, code, found):
    (tmp_path / "left").mkdir()
    (tmp_path / "text").write_text("text")
    (tmp_path / "device").symlink_to("/nowhere")
    command = [sys.executable, "-c", f"import os, sys; os.chdir({str(tmp_path)!r}); {code}"]
    exit_code = watch_outside.main(command, [tmp_path], [tmp_path / "left"])
    assert exit_code == (3 if "exit" in code else bool(found))
    lines = capsys.readouterr().out.split("\n")[1:-1]
    assert [line for line in lines if line] == [line.format(tmp_path) for line in found]
