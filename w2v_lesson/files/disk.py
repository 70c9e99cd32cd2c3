"""Write files completely or not at all (chapter 05), and find the cache folder.

Hand-written, because packages for atomic writing cannot replace several files together, or
do not wait until the disk has them.
"""

import os
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

import platformdirs

from w2v_lesson.ptb import CorpusError


@contextmanager
def atomic_path(path):
    """Yield a path to write to; in the end, that file replaces `path`.

    Until then `path` stays as it was. It also stays if writing fails, is interrupted, or is
    killed. Another process that writes the same file does no harm.

    Parameters
    ----------
    path : str or Path
        The file to replace. Its folder must exist.

    Yields
    ------
    Path
        A name in a new folder on the same disk.

    Raises
    ------
    OSError
        If the file cannot be written, for example because the disk is full. It is a
        FileNotFoundError if nothing was written.
    """
    with atomic_paths(path) as (draft,):
        yield draft


@contextmanager
def atomic_paths(*paths):
    """Replace several files that belong together, all of them or none, like `atomic_path`.

    The files are replaced one after the other within microseconds. Old and new files can be
    mixed only if the process is killed in between.

    Parameters
    ----------
    *paths : str or Path
        The files to replace. Their folders must exist.

    Yields
    ------
    list of Path
        A path to write to for each of them, in the same order.

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
    """Yield a path with the same name in a new folder beside it, so on the same disk."""
    # Not mkstemp, because nobody else may read the files that it makes.
    with tempfile.TemporaryDirectory(prefix=".draft-", dir=path.parent) as folder:
        yield Path(folder) / path.name


def _to_disk(path):
    """Wait until a file, or the names in a folder, have been written to the disk itself."""
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot open folders
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def cache_dir():
    """Return the folder for what the lesson trains; make it if it does not exist.

    Returns
    -------
    Path
        The folder that the environment variable `W2V_LESSON_CACHE` names. If it is not
        set, the lesson's folder in the user's cache.

    Raises
    ------
    CorpusError
        If the folder cannot be written to.
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
