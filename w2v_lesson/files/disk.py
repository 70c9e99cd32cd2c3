"""Files that are written whole or not at all (chapter 05), and the cache folder.

Written by hand, because packages for atomic writing replace one file, not several together,
or leave out the sync to the disk.
"""

import os
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

import platformdirs

from w2v_lesson.ptb import CorpusError


@contextmanager
def atomic_path(path):
    """Give a path to write to; what is there at the end takes the place of `path`.

    Until then `path` holds what it held before, and so it does if the writing fails, is
    interrupted or killed, or if another process writes the same file.

    Parameters
    ----------
    path : str or Path
        Its folder must be there.

    Yields
    ------
    Path
        A name in a new folder on the same disk.

    Raises
    ------
    OSError
        If the disk is full, for example; FileNotFoundError if nothing was written.
    """
    with atomic_paths(path) as (draft,):
        yield draft


@contextmanager
def atomic_paths(*paths):
    """Do as `atomic_path` for files that belong together: replace all of them or none.

    The files are replaced one after the other within microseconds. They can only end up
    mixed if the process is killed in between.

    Parameters
    ----------
    *paths : str or Path
        The files to replace. Their folders must exist.

    Yields
    ------
    list of Path
        One path to write to for each of them, in the same order.

    Raises
    ------
    OSError
        As for `atomic_path`.
    """
    paths = [Path(os.path.realpath(path)) for path in paths]  # a link stays a link
    with ExitStack() as stack:
        drafts = [stack.enter_context(_draft_of(path)) for path in paths]
        yield drafts
        for draft in drafts:
            _to_disk(draft)
        for draft, path in zip(drafts, paths, strict=True):
            os.replace(draft, path)
        for folder in {path.parent for path in paths}:
            _to_disk(folder)


@contextmanager
def _draft_of(path):
    """A path of the same name in a new folder beside it, thus on the same disk."""
    # A folder, and not mkstemp, whose files nobody else may read.
    with tempfile.TemporaryDirectory(prefix=".draft-", dir=path.parent) as folder:
        yield Path(folder) / path.name


def _to_disk(path):
    """Wait until a file, or the names in a folder, are on the disk itself."""
    if os.name == "nt" and path.is_dir():
        return  # Windows opens no folder
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def cache_dir():
    """Return the folder for what the lesson trains; make it if it is missing.

    Returns
    -------
    Path
        The folder that the environment variable `W2V_LESSON_CACHE` names if it is set,
        and otherwise the lesson's folder in the user's cache.

    Raises
    ------
    CorpusError
        If it cannot be written to.
    """
    folder = Path(
        os.environ.get("W2V_LESSON_CACHE") or platformdirs.user_cache_dir("w2v_lesson")
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise CorpusError(
            f"Cannot write to the cache folder {folder} ({error.strerror}). Set the "
            "environment variable W2V_LESSON_CACHE to a folder that you can write to."
        ) from error
