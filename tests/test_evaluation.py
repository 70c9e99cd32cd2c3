"""Evaluations: known answers for known vectors, and counts by brute force."""

import math

import numpy as np
import pytest
import toy

from w2v_lesson.evaluation import agreement, read_wordsim353, separation
from w2v_lesson.vectors import WordVectors
from w2v_lesson.vocabulary import Vocab

# Human judgements


def test_wordsim353_has_353_pairs_with_their_scores():
    pairs = read_wordsim353()
    assert len(pairs) == 353
    scores = {(a, b): score for a, b, score in pairs}
    assert scores["tiger", "cat"] == 7.35
    assert scores["tiger", "tiger"] == 10
    assert scores["king", "cabbage"] == 0.23
    assert all(0 <= score <= 10 for score in scores.values())
    words = {word for a, b, _ in pairs for word in (a, b)}
    assert all(word == word.lower().strip() != "" for word in words)
    assert "cd" in words  # the list has capitals, the vocabulary has none


WORDS = ["<unk>", "a", "b", "c", "d", "e", "f", "g"]


def vectors_at(degrees, others=None):
    """Vectors in the plane; the center of WORDS[i] at degrees[i], and so on."""

    def points(degrees):
        angles = np.radians(degrees)
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)

    vocab = Vocab.from_counts(WORDS, np.arange(10, 10 + len(WORDS)))
    return WordVectors(vocab, points(degrees), None if others is None else points(others))


FAN = [0, 0, 10, 30, 60, 100, 150, 179]  # b to g are farther and farther away from a


def pairs_with_a(scores):
    return [("a", word, score) for word, score in zip(WORDS[2:], scores, strict=True)]


def test_vectors_that_rank_as_people_do_agree_perfectly():
    assert agreement(vectors_at(FAN), pairs_with_a([9, 8, 7, 3, 2, 0.5])) == (1, 6, 6)


def test_vectors_that_rank_the_other_way_disagree_perfectly():
    assert agreement(vectors_at(FAN), pairs_with_a([1, 2, 3, 4, 5, 10])) == (-1, 6, 6)


def test_agreement_in_part_is_spearmans_formula():
    ranks = [6, 4, 5, 1, 3, 2]  # the vectors give 6, 5, 4, 3, 2, 1
    squares = sum((a - b) ** 2 for a, b in zip(ranks, [6, 5, 4, 3, 2, 1], strict=True))
    found = agreement(vectors_at(FAN), pairs_with_a(ranks))
    assert found.rho == pytest.approx(1 - 6 * squares / (6 * 35))


def test_agreement_counts_the_pairs_whose_words_both_have_vectors():
    judgements = pairs_with_a([9, 8, 7, 3, 2, 0.5])
    without = [("a", "zebra", 10.0), ("zebra", "b", 0.0), ("a", "<unk>", 10.0)]
    found = agreement(vectors_at(FAN), without + judgements)
    assert (found.covered, found.total) == (6, 9)
    assert found.rho == pytest.approx(1)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_agreement_on_fewer_than_three_pairs_is_no_number(number):
    judgements = pairs_with_a([9, 8, 7, 3, 2, 0.5])[:number] + [("zebra", "a", 1.0)]
    found = agreement(vectors_at(FAN), judgements)
    assert math.isnan(found.rho)
    assert found[1:] == (number, number + 1)


def test_agreement_on_three_pairs_is_a_number():
    assert agreement(vectors_at(FAN), pairs_with_a([9, 8, 7, 3, 2, 0.5])[:3]).rho == 1


def test_agreement_asks_the_table_that_it_is_told():
    around = [0, 0, 170, 140, 100, 50, 20, 5]
    vectors, judgements = vectors_at(FAN, around), pairs_with_a([9, 8, 7, 3, 2, 0.5])
    assert agreement(vectors, judgements).rho == pytest.approx(1)
    assert agreement(vectors, judgements, "center").rho == pytest.approx(1)
    assert agreement(vectors, judgements, "context").rho == pytest.approx(-1)
    alone = WordVectors(vectors.vocab, vectors.matrix("sum"))
    assert agreement(vectors, judgements, "sum") == agreement(alone, judgements)


def test_agreement_of_vectors_that_know_wordsim353_is_perfect():
    # One word of each pair has the pair's score for its cosine with the other.
    pairs = [pair for pair in read_wordsim353() if pair[0] == "stock"]
    assert len(pairs) > 5
    vocab = Vocab.from_counts(["<unk>", "stock", *(b for _, b, _ in pairs)],
                              np.arange(10, 12 + len(pairs)))  # fmt: skip
    cosines = np.array([0, 10, *(score for *_, score in pairs)]) / 10
    table = np.stack([cosines, np.sqrt(1 - cosines**2)], axis=1)
    found = agreement(WordVectors(vocab, table), read_wordsim353())
    assert found.rho == pytest.approx(1)
    assert found.total == 353
    assert found.covered >= len(pairs)


# Contexts and noise


def pairs_of(data):
    """(center, context) of all contexts, and (center, noise word), in epoch 0."""
    data.epoch = 0
    contexts, noise = [], []
    for examples in data.examples():
        for center, words, noise_words in toy.split(examples):
            contexts += [(center, word) for word in words]
            noise += [(center, word) for word in noise_words]
    return contexts, noise


def tables_of(vocab_size, embed_size=4, seed=0):
    return np.random.default_rng(seed).normal(size=(2, vocab_size, embed_size))


def two_camps():
    """Words of two kinds, which alternate; noise words are then of a center's kind."""
    return toy.data_of([["x", "y"] * 5] * 8, 16, max_window_size=1, num_noise_words=2)


def test_perfect_scores_separate_perfectly():
    data = two_camps()
    center = np.eye(len(data.vocab))
    context = 1 - center  # a word scores 0 with itself, 1 with the other
    assert separation(center, context, data) == 1
    assert separation(center, center, data) == 0


def test_tables_of_zeros_guess():
    data = toy.data()
    center, context = tables_of(len(data.vocab))
    assert separation(0 * center, context, data) == 0.5
    assert separation(center, 0 * context, data) == 0.5


def test_scores_that_know_nothing_guess():
    # Averaged, as contexts and noise have other frequencies, which one draw hits upon.
    data = toy.data()
    found = [separation(*tables_of(len(data.vocab), seed=s), data) for s in range(40)]
    assert np.mean(found) == pytest.approx(0.5, abs=0.03)
    assert np.std(found) > 0


@pytest.mark.parametrize("ties", [False, True])
def test_separation_is_the_share_of_pairs_in_the_right_order(ties):
    data = toy.data_of(toy.sentences()[:8], 7)
    center, context = tables_of(len(data.vocab))
    if ties:
        center, context = np.round(center), np.round(context)
    contexts, noise = pairs_of(data)
    right = 0.0
    for i, o in contexts:
        for j, p in noise:
            better = (center[i] * context[o]).sum() - (center[j] * context[p]).sum()
            right += 1 if better > 0 else 0.5 if better == 0 else 0
    data.epoch = 0
    expected = right / (len(contexts) * len(noise))
    assert separation(center, context, data) == pytest.approx(expected, rel=1e-12)


def test_separation_depends_on_the_order_of_the_scores_alone():
    data = toy.data()
    center, context = tables_of(len(data.vocab))
    expected = separation(center, context, data)
    assert separation(4 * center, 0.5 * context, data) == expected
    assert separation(-center, context, data) == pytest.approx(1 - expected)


@pytest.mark.parametrize("redraw", [True, False])
def test_separation_leaves_the_epoch_where_it_is_and_is_the_same_each_time(redraw):
    data = toy.data(redraw=redraw)
    tables = tables_of(len(data.vocab))
    expected = separation(*tables, data)
    assert data.epoch == 0
    data.epoch = 3
    assert separation(*tables, data) == expected
    assert data.epoch == 3


def test_separation_does_not_depend_on_the_batch_size():
    tables = tables_of(len(toy.data().vocab))
    found = {size: separation(*tables, toy.data(size)) for size in (1, 64, 10_000)}
    assert len(set(found.values())) == 1
