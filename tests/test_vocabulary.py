"""The vocabulary has d2l's words, order and interface, and counts them."""

from collections import Counter
from itertools import chain

import numpy as np
import pytest
import toy
from d2l import mxnet as d2l
from mxnet import np as mx_np

from w2v_lesson.vocabulary import Vocab, index_corpus, known_counts

SMALL = [["b", "a", "a"], ["a", "<unk>", "c", "b"], ["B", "#", "n't"]]


@pytest.mark.parametrize("min_freq", [0, 1, 2, 3])
def test_small_vocabulary_is_that_of_d2l(min_freq):
    assert_same(Vocab(SMALL, min_freq), d2l.Vocab(SMALL, min_freq))


def test_ptb_vocabulary_is_that_of_d2l():
    assert_same(toy.ptb_vocab(), d2l.Vocab(toy.ptb(), min_freq=10))
    assert len(toy.ptb_vocab()) == 6719


def assert_same(ours, theirs):
    assert ours.idx_to_token == theirs.idx_to_token
    assert ours.token_to_idx == theirs.token_to_idx
    assert (len(ours), ours.unk) == (len(theirs), theirs.unk)
    words = ["a", "b", "no such word", "#"]
    assert ours[words] == theirs[words]
    assert ours[tuple(words)] == theirs[tuple(words)]
    assert ours["a"] == theirs["a"]
    assert ours["no such word"] == theirs["no such word"] == ours.unk
    indices = np.array([0, len(theirs) - 1], dtype="int32")
    assert ours.to_tokens(indices) == theirs.to_tokens(indices)
    assert ours.to_tokens(1) == theirs.to_tokens(1)
    # Loops over the array that npx.topk returns, as get_similar_tokens does.
    assert [ours.to_tokens(i) for i in indices] == theirs.to_tokens(indices)


def test_ptb_has_the_word_that_the_source_never_draws_at_index_0():
    assert toy.ptb_vocab().to_tokens(0) == "#"
    assert toy.ptb_vocab().unk == 26


def test_a_list_of_one_index_is_a_list_of_one_word():
    assert Vocab(SMALL).to_tokens([1]) == [Vocab(SMALL).to_tokens(1)]


def test_words_as_often_as_min_freq_are_kept_and_rarer_ones_are_not():
    vocab = Vocab(SMALL, 2)
    assert "b" in vocab  # seen twice
    assert "c" not in vocab
    assert "<unk>" in vocab


def test_counts_are_the_occurrences_and_unknown_has_all_the_rest():
    counter = Counter(chain.from_iterable(toy.ptb()))
    vocab = toy.ptb_vocab()
    known = [i for i in range(len(vocab)) if i != vocab.unk]
    expected = [counter[vocab.to_tokens(i)] for i in known]
    assert vocab.counts[known].tolist() == expected
    rare = sum(count for count in counter.values() if count < 10)
    assert vocab.counts[vocab.unk] == counter["<unk>"] + rare
    assert vocab.counts.sum() == 887_521
    assert vocab.counts.dtype == np.int64


@pytest.mark.parametrize(
    "sentences, min_freq", [([["a", "b"]], 2), ([], 0), ([[]], 0), ([["<unk>"] * 9], 1)]
)
def test_a_vocabulary_without_a_word_is_a_clear_error(sentences, min_freq):
    with pytest.raises(ValueError, match="Lower min_freq, or give more text"):
        Vocab(sentences, min_freq)


def test_vocabulary_of_known_counts_keeps_order_and_counts():
    vocab = Vocab.from_counts(["zebra", "<unk>", "ant"], [3, 2, 1])
    assert vocab.idx_to_token == ["zebra", "<unk>", "ant"]
    assert vocab.counts.tolist() == [3, 2, 1]
    assert (vocab["ant"], vocab.unk, vocab["bee"]) == (2, 1, 1)


def test_vocabulary_of_words_counted_before_is_that_of_their_sentences():
    mine, theirs = Vocab.from_counter(Counter(chain(*SMALL)), 2), Vocab(SMALL, 2)
    assert mine.idx_to_token == theirs.idx_to_token
    assert mine.counts.tolist() == theirs.counts.tolist()


def test_the_most_frequent_words_are_kept_and_unknown_has_the_rest():
    counter = Counter({"d": 5, "<unk>": 4, "c": 3, "b": 2, "a": 2})
    vocab = Vocab.from_counter(counter, max_words=3)
    assert vocab.idx_to_token == ["<unk>", "a", "c", "d"]
    assert vocab.counts.tolist() == [6, 2, 3, 5]
    assert len(Vocab.from_counter(counter, max_words=9)) == 5
    assert Vocab.from_counter(counter, max_words=1).idx_to_token == ["<unk>", "d"]
    assert Vocab.from_counter(counter, 3, max_words=9).idx_to_token == ["<unk>", "c", "d"]
    with pytest.raises(ValueError, match="max_words must be at least 1, not 0"):
        Vocab.from_counter(counter, max_words=0)


# The text in numbers


def test_the_unknown_word_has_no_known_count_and_the_vocabulary_keeps_its_own():
    vocab = Vocab.from_counts(["zebra", "<unk>", "ant"], [3, 2, 1])
    assert known_counts(vocab).tolist() == [3, 0, 1]
    assert vocab.counts.tolist() == [3, 2, 1]


def test_indexing_drops_unknown_words_and_keeps_the_sentences_apart():
    vocab = Vocab([["a", "b"]])
    sentences = [["a", "zzz", "b"], ["zzz"], [], ["<unk>", "b"]]
    ids, sentence_of = index_corpus(sentences, vocab)
    assert vocab.to_tokens(ids) == ["a", "b", "b"]
    assert sentence_of.tolist() == [0, 0, 3]
    assert ids.dtype == sentence_of.dtype == np.int32


def test_indices_in_an_array_of_any_library_and_kind_are_looked_up():
    vocab = Vocab([["a", "b"]])
    for indices in (np.array([1, 2]), np.array([1.0, 2.0]), mx_np.array([1, 2]), (1, 2)):
        assert vocab.to_tokens(indices) == ["a", "b"]
