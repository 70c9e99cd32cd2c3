"""Files that a reader brings and takes away: uploads, and vectors under new names. Chapter 12."""

import re
import tempfile
from contextlib import contextmanager
from pathlib import Path

from w2v_lesson.files.formats import save_vectors
from w2v_lesson.ptb import CorpusError


@contextmanager
def as_files(contents):
    """Write texts to a temporary folder, which is deleted at the end of the block.

    Errors about the texts name the file without the folder. Chapter 12.

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
            # Each in a folder of its own, because two may have the same name, and never
            # outside of it.
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
    """Save vectors under a name that is not taken: name.npz, name-2.npz, and so on.

    Chapter 12.

    Parameters
    ----------
    vectors : WordVectors
    folder : path
        Made if it does not exist.
    name : str
        Name of the text; whatever a file name should not contain becomes a hyphen.

    Returns
    -------
    Path

    Raises
    ------
    OSError
        If the file cannot be written; then nothing is left of it.
    """
    folder = Path(folder)
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
