"""The commands `update` and `fresh`: the reader's own copy of the chapters.

The notebooks of the lesson show results, which would give away what a reader is asked to
predict. So readers work in copies without results, in a folder that git ignores. A manifest
in that folder remembers what was copied. Whatever differs from it is the reader's work.

Hand-written, because `nbconvert --clear-output` cannot tell a reader's work from ours, and
nbgitpuller needs git and a network.
"""

import hashlib
import json
import os
import tempfile
from datetime import datetime
from pathlib import Path

from w2v_lesson.app.options import arguments
from w2v_lesson.app.terminal import say
from w2v_lesson.files.disk import writable_folder

LESSON = Path(__file__).resolve().parents[2]
FOLDER, MANIFEST = "my_lesson", ".copied.json"
# Of the folder notebooks.
COPIED = ("*.ipynb", "glossary.md", "solutions/*.ipynb", "routes/*.ipynb")


def update(options):
    """Copy the chapters that are missing, and renew those that the reader has not changed.

    Parameters
    ----------
    options : argparse.Namespace
        Has folder, which may be None.

    Returns
    -------
    int
        0, the exit code.
    """
    with arguments():
        folder = _folder(options.folder)
    lesson = _lesson()
    manifest, marks, older = _read_manifest(folder), {}, []
    for name, data in lesson.items():
        path, before, now = folder / name, manifest.get(name), _mark(data)
        mark = None if path.is_symlink() else _mark_of(path)
        if os.path.lexists(path) and (mark is None or mark not in (before, now)):
            marks[name] = before or now
            older += [name.split("_")[0]] if marks[name] != now else []
            continue
        marks[name] = now
        if mark != now:
            _write(path, data)
    for name in manifest.keys() - lesson.keys():  # the lesson has renamed it
        if _mark_of(folder / name) == manifest[name]:
            (folder / name).unlink()
    if marks != manifest:
        _write(folder / MANIFEST, json.dumps(marks, indent=0).encode())
    if not manifest:
        say(f"Your own copies of the chapters are in {folder}.")
    if older:
        say(
            f"The lesson has newer versions of {', '.join(older)}. Yours stay, because you have "
            f"worked in them. To get a newer one, for example: w2v-lesson fresh {older[0]}"
        )
    return 0


def fresh(options):
    """Make a fresh copy of a chapter. The old one stays, under a name with the date.

    Parameters
    ----------
    options : argparse.Namespace
        Has chapter, such as "05", and folder, which may be None.

    Returns
    -------
    int
        0, the exit code.
    """
    lesson = _lesson()
    found = [name for name in lesson if name.startswith(options.chapter.zfill(2))]
    with arguments():
        if not options.chapter or len(found) != 1:
            numbers = " ".join(name[:2] for name in lesson if name[0].isdigit())
            raise ValueError(
                f"chapter must be one of {numbers}, but it is {options.chapter!r}."
            )
        folder = _folder(options.folder)
    path, data = folder / found[0], lesson[found[0]]
    kept = None
    if os.path.lexists(path) and _mark_of(path) != _mark(data):
        kept = path.with_stem(f"{path.stem}_{datetime.now():%Y-%m-%d_%H%M%S}")
        if os.path.lexists(kept):
            raise FileExistsError(f"{kept} is there already. Wait a second and try again.")
    _write(path, data, kept)
    if kept:
        say(f"What you had saved in {path.name} is now in {kept.name}.")
    marks = _read_manifest(folder) | {found[0]: _mark(data)}
    _write(folder / MANIFEST, json.dumps(marks, indent=0).encode())
    say(
        f"{path} is a fresh copy. If the chapter is open in JupyterLab, choose File ▸ Reload "
        "Notebook from Disk, and then Kernel ▸ Restart Kernel."
    )
    return 0


def _folder(given):
    """Find or make the folder: the given one, one that is here, or the lesson's own."""
    here = Path.cwd()  # a notebook in the folder may run the command
    found = [path for path in (here, here / FOLDER) if (path / MANIFEST).exists()]
    folder = Path(given or [*found, LESSON / FOLDER][0])
    try:
        return writable_folder(folder)
    except OSError as error:
        raise OSError(
            f"Cannot write to the folder {folder} ({error.strerror}). Make room for it, or "
            "choose another with --folder."
        ) from error


def _lesson():
    """Read the files to copy, and return their content by name."""
    source = LESSON / "notebooks"
    paths = [path for pattern in COPIED for path in sorted(source.glob(pattern))]
    if not paths:
        raise FileNotFoundError(
            f"There are no chapters in {source}. Install the lesson from its repository."
        )
    return {path.relative_to(source).as_posix(): _without_results(path) for path in paths}


def _without_results(path):
    if path.suffix != ".ipynb":
        return path.read_bytes()
    notebook = json.loads(path.read_bytes())
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def _mark(data):
    """Hash what a reader may change, which in a notebook is its cells and their results.

    JupyterLab changes the rest by itself as soon as a notebook is opened.
    """
    try:
        cells = json.loads(data)["cells"]
        parts = [(c["cell_type"], "".join(c["source"]), c.get("outputs")) for c in cells]
        data = json.dumps(parts).encode()
    except (ValueError, LookupError, TypeError):
        pass  # a text, or a damaged notebook
    return hashlib.sha256(data).hexdigest()


def _mark_of(path):
    try:
        return _mark(path.read_bytes())
    except OSError:
        return "unreadable"


def _read_manifest(folder):
    try:
        return dict(json.loads((folder / MANIFEST).read_bytes()))
    except (OSError, ValueError, TypeError):
        return {}  # none yet, or damaged: what is there counts as the reader's


def _write(path, data, keep_as=None):
    """Write all or nothing. To keep the file that is there, rename it just before."""
    path.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".draft-", dir=path.parent) as folder:
        draft = Path(folder) / path.name
        draft.write_bytes(data)
        if keep_as:
            os.rename(path, keep_as)
        os.replace(draft, path)
