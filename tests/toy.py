"""Small data that several test files share; the Penn Treebank is read only once."""

from functools import lru_cache

import numpy as np

from w2v_lesson.minibatches import SkipGramData, index_corpus
from w2v_lesson.ptb import read_ptb
from w2v_lesson.vectors import WordVectors
from w2v_lesson.vocabulary import Vocab


@lru_cache
def ptb(split="train"):
    """Return sentences of the Penn Treebank, which tests must not change."""
    return read_ptb(split)


@lru_cache
def ptb_vocab():
    return Vocab(ptb(), 10)


@lru_cache
def ptb_words(split="train"):
    """Return `ids` and `sentence_of` of one split, in the training vocabulary."""
    return index_corpus(ptb(split), ptb_vocab())


def ptb_data(batch_size=512, split="train", **options):
    return SkipGramData(*ptb_words(split), ptb_vocab(), batch_size, 5, 5, **options)


@lru_cache
def sentences(count=200, seed=0):
    """Make sentences of 2 to 12 words out of 40, with a few very frequent ones; '#' sorts first."""
    rng = np.random.default_rng(seed)
    words = ["#", "<unk>"] + [f"w{i:02}" for i in range(38)]
    weights = 1 / (1 + rng.permutation(len(words)))
    weights /= weights.sum()
    lengths = rng.integers(2, 13, count)
    return [rng.choice(words, length, p=weights).tolist() for length in lengths]


def write_text(path, count):
    """Write such sentences as a plain text, one on each line, and return its path."""
    lines = [" ".join(line) for line in sentences(count)]
    path.write_text(".\n".join(lines).replace("#", "h").replace("<unk>", "u") + ".\n")
    return path


def data_of(
    sentences, batch_size=64, max_window_size=2, num_noise_words=3, min_freq=0, **options
):
    """Make minibatches of a few sentences, without subsampling, which would drop most words."""
    vocab = Vocab(sentences, min_freq)
    options.setdefault("threshold", 1.0)
    return SkipGramData(
        *index_corpus(sentences, vocab),
        vocab,
        batch_size,
        max_window_size,
        num_noise_words,
        **options,
    )


def data(batch_size=64, **options):
    return data_of(sentences(), batch_size, **options)


def examples_of(batch):
    """Return the examples of a batch as a list of (center, contexts, noise words)."""
    centers, others, masks, labels = (array.asnumpy() for array in batch)
    return [
        (
            int(center[0]),
            tuple(other[label == 1].astype(int)),
            tuple(other[(label == 0) & (mask == 1)].astype(int)),
        )
        for center, other, mask, label in zip(centers, others, masks, labels, strict=True)
    ]


def is_context(examples):
    """Tell which of the `others` of `Examples` are contexts, shape (pairs,)."""
    sizes = np.diff(examples.starts)
    position = np.arange(len(examples.others)) - np.repeat(examples.starts[:-1], sizes)
    return position < np.repeat(examples.num_contexts, sizes)


def vectors(words):
    """Make random vectors of five numbers in two tables; the first word is the most frequent."""
    center, context = np.random.default_rng(0).normal(size=(2, len(words), 5))
    counts = np.arange(len(words), 0, -1) * 1000
    return WordVectors(Vocab.from_counts(words, counts), center, context)


def split(examples):
    """Return `Examples` as a list of (center, contexts, noise words)."""
    others = np.split(examples.others, examples.starts[1:-1])
    return [
        (int(center), tuple(words[:c].tolist()), tuple(words[c:].tolist()))
        for center, words, c in zip(
            examples.centers, others, examples.num_contexts, strict=True
        )
    ]
