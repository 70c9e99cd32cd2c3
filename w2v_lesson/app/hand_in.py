"""The command `collect`: a table of what a class has handed in."""

import sys
from pathlib import Path

from w2v_lesson.app.terminal import say
from w2v_lesson.classroom import collect as handed_in
from w2v_lesson.files.disk import atomic_path


def collect(options):
    """Print or write the table.

    Parameters
    ----------
    options : argparse.Namespace
        Has folder and out.

    Returns
    -------
    int
        The exit code: 1 if a notebook could not be read or is from another version.
    """
    handed, complaints = handed_in.collect(options.folder)
    if options.out is None:
        handed_in.write_table(handed, sys.stdout)
    else:
        _write_table(handed, Path(options.out))
    files, students = ({getattr(one, key) for one in handed} for key in ("file", "student"))
    say(
        f"Notebooks with exercises: {len(files)}; students: {len(students)}. This is what "
        "the notebooks say, but anyone can edit their outputs by hand."
    )
    for line in complaints:
        say(line)
    return 1 if complaints else 0


def _write_table(handed, path):
    if not path.parent.is_dir():
        raise OSError(f"There is no folder {path.parent}. Give another file with --out.")
    # With a byte-order mark, because Excel does not recognize UTF-8 without one.
    with atomic_path(path) as draft, draft.open("w", encoding="utf-8-sig") as file:
        handed_in.write_table(handed, file)
