"""Evaluations: known answers for known vectors, and counts by brute force."""

import math

import numpy as np
import pytest
import toy

from w2v_lesson.judge.evaluation import (
    agreement,
    interval_by_words,
    means_by_group,
    nearest_words,
    overlap_at_k,
    read_simlex999,
    read_wordsim353,
    separation,
    swap_partners,
)
from w2v_lesson.vectors import WordVectors
from w2v_lesson.vocabulary import Vocab

# Human judgments


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


def test_simlex999_has_999_pairs_and_opposites_have_low_scores():
    pairs = read_simlex999()
    assert len(pairs) == 999
    scores = {(a, b): score for a, b, score in pairs}
    assert scores["smart", "intelligent"] == 9.2
    assert scores["old", "new"] == 1.58
    assert all(0 <= score <= 10 for score in scores.values())
    words = {word for a, b, _ in pairs for word in (a, b)}
    assert all(word == word.lower().strip() != "" for word in words)


WORDS = ["<unk>", "a", "b", "c", "d", "e", "f", "g"]


def vectors_at(degrees, others=None):
    """Make vectors in the plane, with the center of WORDS[i] at degrees[i], and so on."""

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
    judgments = pairs_with_a([9, 8, 7, 3, 2, 0.5])
    without = [("a", "zebra", 10.0), ("zebra", "b", 0.0), ("a", "<unk>", 10.0)]
    found = agreement(vectors_at(FAN), without + judgments)
    assert (found.covered, found.total) == (6, 9)
    assert found.rho == pytest.approx(1)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_agreement_on_fewer_than_three_pairs_is_no_number(number):
    judgments = pairs_with_a([9, 8, 7, 3, 2, 0.5])[:number] + [("zebra", "a", 1.0)]
    found = agreement(vectors_at(FAN), judgments)
    assert math.isnan(found.rho)
    assert found[1:] == (number, number + 1)


def test_agreement_on_three_pairs_is_a_number():
    assert agreement(vectors_at(FAN), pairs_with_a([9, 8, 7, 3, 2, 0.5])[:3]).rho == 1


def test_agreement_asks_the_table_that_it_is_told():
    around = [0, 0, 170, 140, 100, 50, 20, 5]
    vectors, judgments = vectors_at(FAN, around), pairs_with_a([9, 8, 7, 3, 2, 0.5])
    assert agreement(vectors, judgments).rho == pytest.approx(1)
    assert agreement(vectors, judgments, "center").rho == pytest.approx(1)
    assert agreement(vectors, judgments, "context").rho == pytest.approx(-1)
    alone = WordVectors(vectors.vocab, vectors.matrix("sum"))
    assert agreement(vectors, judgments, "sum") == agreement(alone, judgments)


def test_agreement_of_vectors_that_know_wordsim353_is_perfect():
    # One word of each pair has the pair's score for its cosine with the other.
    pairs = [pair for pair in read_wordsim353() if pair[0] == "stock"]
    assert len(pairs) > 5
    vocab = Vocab.from_counts(
        ["<unk>", "stock", *(b for _, b, _ in pairs)], np.arange(10, 12 + len(pairs))
    )
    cosines = np.array([0, 10, *(score for *_, score in pairs)]) / 10
    table = np.stack([cosines, np.sqrt(1 - cosines**2)], axis=1)
    found = agreement(WordVectors(vocab, table), read_wordsim353())
    assert found.rho == pytest.approx(1)
    assert found.total == 353
    assert found.covered >= len(pairs)


def pairs_with_noise(num_words, num_pairs, seed, of_words=0.0):
    """Make pairs of random words, and values that partly depend on the words."""
    rng = np.random.default_rng(seed)
    places = np.array([rng.choice(num_words, 2, replace=False) for _ in range(num_pairs)])
    values = rng.normal(size=num_pairs) + of_words * rng.normal(size=num_words)[places].sum(
        axis=1
    )
    return [(f"w{i}", f"w{j}") for i, j in places], values


def test_the_interval_of_pairs_that_share_no_word_is_that_of_independent_values():
    values = np.random.default_rng(0).normal(size=50)
    pairs = [(f"a{i}", f"b{i}", 1.0) for i in range(50)]
    value, low, high = interval_by_words(pairs, np.mean, values)
    error = 1.96 * values.std() / np.sqrt(50)
    assert value == pytest.approx(values.mean())
    assert [low, high] == pytest.approx([value - error, value + error], rel=0.05)


def test_the_interval_contains_the_truth_about_as_often_as_it_says_where_words_are_shared():
    found = [
        interval_by_words(pairs, np.mean, values)
        for pairs, values in (pairs_with_noise(60, 90, seed, 0.7) for seed in range(150))
    ]
    assert np.mean([low < 0 < high for _, low, high in found]) == pytest.approx(
        0.95, abs=0.05
    )


def test_the_interval_is_wider_where_the_pairs_share_a_word_that_matters():
    values = np.repeat([-1.0, 1.0], 20) + np.random.default_rng(0).normal(size=40) / 10
    apart = [(f"a{i}", f"b{i}") for i in range(40)]
    shared = [(f"a{i // 20}", f"b{i}") for i in range(40)]
    (_, low, high), wide = (interval_by_words(p, np.mean, values) for p in (apart, shared))
    assert wide[2] - wide[1] > 3 * (high - low)


def test_the_interval_takes_any_number_of_columns_of_any_shape():
    values = np.random.default_rng(0).normal(size=(30, 4))
    pairs = [(f"a{i % 7}", f"b{i % 5}") for i in range(30)]
    whole = interval_by_words(pairs, np.mean, values)
    halves = interval_by_words(
        pairs, lambda x, y: (x.mean() + y.mean()) / 2, values[:, :2], values[:, 2:]
    )
    assert whole == pytest.approx(halves)


def test_an_interval_of_two_pairs_is_an_error():
    with pytest.raises(ValueError, match="3 pairs or more, but there are 2"):
        interval_by_words([("a", "b"), ("c", "d")], np.mean, np.ones(2))


# Other trainings


def runs_of(count, words=700, seed=0):
    """Make trainings with nothing in common, and more words than are compared at once."""
    rng = np.random.default_rng(seed)
    vocab = Vocab.from_counts(
        ["<unk>", *(f"w{i}" for i in range(words - 1))], np.arange(words) + 10
    )
    return [WordVectors(vocab, *rng.normal(size=(2, words, 5))) for _ in range(count)]


def overlap_of(runs, k=10, table="center"):
    return overlap_at_k([nearest_words(each, k, table) for each in runs])


@pytest.mark.parametrize("which", ["center", "sum"])
@pytest.mark.parametrize("k", [1, 10])
def test_overlap_is_the_share_of_neighbors_in_common(k, which):
    runs = runs_of(3)
    found = overlap_of(runs, k, which)
    assert found.shape == (700,)
    for row in (1, 300, 699):
        word = runs[0].vocab.to_tokens(row)
        near = [{n.word for n in run.similar(word, k, which)} for run in runs]
        pairs = [(0, 1), (0, 2), (1, 2)]
        shares = [len(near[i] & near[j]) / k for i, j in pairs]
        assert found[row] == pytest.approx(np.mean(shares))


def test_overlap_of_a_training_with_itself_is_whole_also_turned_and_stretched():
    (run,) = runs_of(1)
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(5, 5)))[0]
    turned = WordVectors(run.vocab, 3 * run.center @ turn)
    np.testing.assert_allclose(overlap_of([run, run, turned]), 1)


def test_overlap_of_trainings_with_nothing_in_common_is_chance():
    assert overlap_of(runs_of(4))[1:].mean() == pytest.approx(10 / 698, rel=0.2)


@pytest.mark.parametrize("k", [1, 3])
def test_unknown_words_are_no_neighbors_even_where_they_are_nearest(k):
    rng = np.random.default_rng(0)
    vocab = Vocab.from_counts(["<unk>", *"abcdefghijklmnop"], np.arange(10, 27))

    def around_unk():
        table = rng.normal(size=(17, 8)) + 3
        table[0] = 3  # in the middle of all, so nearer to each of them than the others are
        return WordVectors(vocab, table)

    runs = [around_unk(), around_unk()]
    near = [
        [{n.word for n in run.similar(w, k)} for w in "abcdefghijklmnop"] for run in runs
    ]
    shares = [len(one & other) / k for one, other in zip(*near, strict=True)]
    np.testing.assert_allclose(overlap_of(runs, k)[1:], shares)


def test_overlap_of_one_training_is_an_error():
    with pytest.raises(ValueError, match="two or more"):
        overlap_of(runs_of(1))


def test_overlap_with_the_lists_of_partners():
    one = np.array([[1, 2], [2, 3], [0, 1], [1, 2]])
    other = np.array([[1, 2], [0, 2], [1, 0], [3, 1]])
    np.testing.assert_array_equal(overlap_at_k([one, other]), [1, 0.5, 1, 0.5])
    partner = np.array([1, 0, 3, 2])
    np.testing.assert_array_equal(overlap_at_k([one, other], partner), [0.5, 0.5, 0.5, 0.5])


def test_partners_are_other_words_of_the_group():
    groups = np.array([2, 0, 2, 1, 0, 2, 2, 5, 0])
    partner = swap_partners(groups)
    assert sorted(partner) == list(range(9))
    np.testing.assert_array_equal(groups[partner], groups)
    assert np.flatnonzero(partner == np.arange(9)).tolist() == [3, 7]  # alone
    assert partner.tolist() == swap_partners(groups).tolist()


def test_means_by_group_have_the_interval_of_a_mean():
    values = np.random.default_rng(0).normal(size=300)
    groups = np.repeat([4, 1, 7], [100, 180, 20])
    found = means_by_group(values, groups)
    assert found.shape == (3, 3)
    for group, (mean, low, high) in zip([1, 4, 7], found, strict=True):
        inside = values[groups == group]
        error = 1.96 * inside.std() / np.sqrt(len(inside))
        assert mean == pytest.approx(inside.mean())
        assert [low, high] == pytest.approx([mean - error, mean + error], abs=0.06)


# Contexts and noise


def pairs_of(data):
    """Return (center, context) for all contexts, and (center, noise word), in epoch 0."""
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
    """Make words of two kinds that alternate, so that noise words have the kind of the center."""
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
    # An average over 40 seeds, because contexts and noise words differ in frequency.
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
