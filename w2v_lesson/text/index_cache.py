"""Keep indexed texts on disk, each as two arrays and some facts. Chapter 12.

Hand-written, because caches such as joblib's pickle arrays that are already in memory. Here
arrays are written part by part, mapped into memory, and checked for damage. A text is kept
completely or not at all.
"""

import errno
import hashlib
import json
import os
import shutil
import tempfile
import time
import warnings
from contextlib import suppress
from pathlib import Path

import numpy as np

from w2v_lesson.files.disk import cache_dir
from w2v_lesson.ptb import CorpusError
from w2v_lesson.text.reading import sha256_of
from w2v_lesson.wording import megabytes

ARRAYS = ("ids.npy", "sentence_of.npy")
FACTS, SUMS = "words.json", "SHA256SUMS"
BYTES_PER_WORD = 8  # in both arrays
MAX_DRAFT_SECONDS = 86_400  # no process is still writing an older draft


def folder_for(files, settings):
    """Choose the folder that belongs to the content of some files and to settings.

    Parameters
    ----------
    files : list of Path
        The files, which are hashed. This takes about a second for each gigabyte.
    settings : list
        Everything else that the arrays depend on, as values for JSON.

    Returns
    -------
    Path or None
        None, with a warning, if the cache folder cannot be used.

    Raises
    ------
    CorpusError
        If a file cannot be read.
    """
    facts = [*settings, *map(sha256_of, files)]
    name = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]
    try:
        texts = cache_dir() / "texts"
        texts.mkdir(exist_ok=True)
        return texts / name
    except (CorpusError, OSError) as error:
        warnings.warn(f"{error} Until then, texts are read again each time.", stacklevel=3)
        return None


def load(folder):
    """Load what `keep` wrote.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    (ndarray, ndarray, dict) or None
        Both arrays, read-only and memory-mapped, and the facts; None if nothing is there
        or something is damaged.
    """
    try:
        if json.loads((folder / SUMS).read_text()) != _sums_of(folder):
            return None
        facts = json.loads((folder / FACTS).read_text())
        return *(np.load(folder / each, mmap_mode="r") for each in ARRAYS), facts
    except (OSError, CorpusError, ValueError):
        return None


def _sums_of(folder):
    return {each: sha256_of(folder / each) for each in (*ARRAYS, FACTS)}


def keep(folder, parts, num_words, facts):
    """Write two arrays and some facts to a folder.

    Parameters
    ----------
    folder : Path
        As `folder_for` returns it. If it already contains an undamaged copy, that stays.
    parts : iterable of (ndarray, ndarray)
        Both arrays, part by part, int32.
    num_words : int
        Length of each array.
    facts : dict
        Anything that JSON can hold.

    Returns
    -------
    (ndarray, ndarray, dict) or None
        What `load` returns; None, with a warning, if the folder cannot be written.
    """
    try:
        _delete_old_drafts(folder.parent)
        with tempfile.TemporaryDirectory(
            prefix=".draft-", dir=folder.parent, ignore_cleanup_errors=True
        ) as place:
            draft = Path(place) / folder.name
            draft.mkdir()
            _write(draft, parts, num_words, facts)
            kept = load(draft)  # these files stay open, whatever another process does
            _publish(draft, folder)
            return kept
    except OSError as error:
        warnings.warn(
            f"The indexed text could not be kept in {folder.parent} ({error.strerror}). "
            f"Free {megabytes(BYTES_PER_WORD * num_words)} there, or set the environment "
            "variable W2V_LESSON_CACHE to another folder. Until then, the text is kept in "
            "memory.",
            stacklevel=3,
        )
        return None


def _write(draft, parts, num_words, facts):
    """Write the arrays part by part, then the facts, then the checksums of all."""
    header = {"descr": "<i4", "fortran_order": False, "shape": (num_words,)}
    with open(draft / ARRAYS[0], "xb") as ids, open(draft / ARRAYS[1], "xb") as sentences:
        # Not through a memmap, because on a full disk that would end the process.
        for file in (ids, sentences):
            np.lib.format.write_array_header_1_0(file, header)
        for part in parts:
            for file, array in zip((ids, sentences), part, strict=True):
                file.write(array.astype("<i4"))
    (draft / FACTS).write_text(json.dumps(facts))
    (draft / SUMS).write_text(json.dumps(_sums_of(draft)))


def _publish(draft, folder):
    """Give the draft its final name, unless another process left an undamaged copy there."""
    while True:
        try:
            os.rename(draft, folder)
            return
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR):
                raise
        if load(folder):
            return
        with suppress(FileNotFoundError):  # another process may have cleared it away
            os.rename(folder, draft.with_suffix(f".{time.monotonic_ns()}"))


def _delete_old_drafts(folder):
    """Delete what killed processes left behind in the middle of writing."""
    for draft in folder.glob(".draft-*"):
        if time.time() - draft.stat().st_mtime > MAX_DRAFT_SECONDS:
            shutil.rmtree(draft, ignore_errors=True)
