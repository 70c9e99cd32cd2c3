"""The command `collect`: a table of what a class has handed in."""

import codecs
import io
from pathlib import Path

from w2v_lesson.app.options import arguments
from w2v_lesson.app.terminal import plain, say
from w2v_lesson.classroom import collect as handed_in
from w2v_lesson.files.disk import atomic_path
from w2v_lesson.files.targets import Target, begins, may_replace

HEADER = ",".join(handed_in.COLUMNS).encode()
OURS = (HEADER, codecs.BOM_UTF8 + HEADER)  # how a table that we wrote begins


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
    out = options.out
    with arguments("--out"):
        is_file = out is not None and not Target(out).is_stream
        if is_file and not may_replace(out, lambda path: begins(path, OURS)):
            raise ValueError(
                f"{out} is there already, and is not such a table. Give another."
            )
    with arguments():
        if not Path(options.folder).is_dir():
            raise ValueError(
                f"{options.folder} is not a folder. Give the folder that contains the "
                "students' folders or notebooks."
            )
    handed, complaints = handed_in.collect(options.folder)
    if out is None:
        table = io.StringIO()
        handed_in.write_table(handed, table)
        print(plain(table.getvalue()), end="")
    else:
        _write_table(handed, out)
    files, students = ({getattr(one, key) for one in handed} for key in ("file", "student"))
    say(
        f"Notebooks with exercises: {len(files)}; students: {len(students)}. This is what "
        "the notebooks say, but anyone can edit their outputs by hand."
    )
    for line in complaints:
        say(line)
    return 1 if complaints else 0


def _write_table(handed, path):
    # With a byte-order mark, because Excel does not recognize UTF-8 without one.
    with atomic_path(path) as draft, draft.open("w", encoding="utf-8-sig") as file:
        handed_in.write_table(handed, file)
