"""Handle a reader's own files: uploads, and vectors saved under new names. Chapter 12."""

import re
import tempfile
from contextlib import contextmanager
from pathlib import Path

from w2v_lesson.files.formats import save_vectors
from w2v_lesson.files.targets import check_path
from w2v_lesson.ptb import CorpusError


@contextmanager
def as_files(contents):
    """Write texts to a temporary folder, which is deleted at the end of the block.

    Error messages name the file without the folder. Chapter 12.

    Parameters
    ----------
    contents : iterable of (str, bytes)
        Name and content of each file.

    Yields
    ------
    list of Path
    """
    with tempfile.TemporaryDirectory(prefix="w2v-") as folder:
        paths = []
        for number, (name, content) in enumerate(contents):
            # Each file has its own folder, because two files may have the same name. Only
            # the last part of a name is used, so no file ends up elsewhere.
            path = Path(folder, str(number), Path(name.replace("\\", "/")).name or "text")
            path.parent.mkdir()
            path.write_bytes(content)
            paths.append(path)
        try:
            yield paths
        except CorpusError as error:
            place = re.escape(folder) + r"[\\/]\d+[\\/]"
            raise CorpusError(re.sub(place, "", str(error))) from error


def save_new(vectors, folder, name):
    """Save vectors under a name that is still free: name.npz, name-2.npz, and so on.

    Chapter 12.

    Parameters
    ----------
    vectors : WordVectors
    folder : path
        The folder, which is made if it does not exist.
    name : str
        Name of the text. Characters that a file name should not contain become hyphens.

    Returns
    -------
    Path

    Raises
    ------
    OSError
        If the file cannot be written. No part of it is left behind.
    """
    folder = check_path(folder, "folder")
    if not isinstance(name, str):
        raise TypeError(f"name must be a str, such as 'novel', not {type(name).__name__}.")
    folder.mkdir(parents=True, exist_ok=True)
    stem, number = re.sub(r"\W+", "-", name).strip("-")[:60] or "text", 1
    while True:
        path = folder / f"{stem}{'' if number == 1 else f'-{number}'}.npz"
        try:
            path.touch(exist_ok=False)  # from here on the name is ours
            break
        except FileExistsError:
            number += 1
    try:
        save_vectors(vectors, path)
    except BaseException:
        path.unlink()
        raise
    return path
