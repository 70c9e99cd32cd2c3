"""Run gensim's Word2Vec, for comparison, on the same words with the same settings."""

import numpy as np
from gensim.models import Word2Vec

from benchmarks import EMBED_SIZE, MAX_WINDOW_SIZE, NUM_NOISE_WORDS, SEED
from w2v_lesson import sampling
from w2v_lesson.minibatches import index_corpus
from w2v_lesson.ptb import read_ptb
from w2v_lesson.vocabulary import UNKNOWN, Vocab

MIN_COUNT, SAMPLE, WORKERS = 10, 1e-4, 2


def load():
    """Load sentences (lists of words) without words outside our vocabulary, and that vocabulary."""
    sentences = read_ptb()
    vocab = Vocab(sentences, MIN_COUNT)
    listed = set(vocab.idx_to_token) - {UNKNOWN}
    return [[word for word in line if word in listed] for line in sentences], vocab


def prepare(sentences, min_count=MIN_COUNT, seed=SEED):
    """Make a model that has its vocabulary but isn't trained."""
    model = Word2Vec(
        sg=1,
        vector_size=EMBED_SIZE,
        window=MAX_WINDOW_SIZE,
        negative=NUM_NOISE_WORDS,
        sample=SAMPLE,
        min_count=min_count,
        workers=WORKERS,
        seed=seed,
    )
    model.build_vocab(sentences)
    return model


def train(model, sentences, num_epochs, callbacks=()):
    """Train, and return how many words were centers."""
    centers, _ = model.train(
        sentences, total_examples=len(sentences), epochs=num_epochs, callbacks=callbacks
    )
    return centers


def num_pairs(sentences, vocab):
    """Count the pairs of an epoch (contexts and noise words), by drawing as gensim does.

    gensim keeps a word of frequency f with probability sqrt(t / f) + t / f, where t is
    `SAMPLE`. Neither the paper nor the source has the second term.
    """
    counts = vocab.counts.copy()
    counts[vocab.unk] = 0
    share = SAMPLE / np.maximum(counts / counts.sum(), SAMPLE)
    keep = np.minimum(np.sqrt(share) + share, 1)
    seeds = sampling.derive_seeds(SEED)
    _, sentence_of = sampling.subsample(*index_corpus(sentences, vocab), keep, seeds[0])
    left, right = sampling.draw_windows(sentence_of, MAX_WINDOW_SIZE, seeds[1])
    return int(left.sum() + right.sum()) * (1 + NUM_NOISE_WORDS)


def tables(model, vocab):
    """Return both tables in the order of our vocabulary, with zeros for missing words."""
    center = np.zeros((len(vocab), EMBED_SIZE), np.float32)
    context = np.zeros_like(center)
    words = [word for word in vocab.idx_to_token if word in model.wv.key_to_index]
    ours, theirs = vocab[words], [model.wv.key_to_index[word] for word in words]
    center[ours], context[ours] = model.wv.vectors[theirs], model.syn1neg[theirs]
    return center, context
