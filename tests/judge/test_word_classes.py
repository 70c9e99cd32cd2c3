"""Labeled words, folds, intervals, and vectors made by counting."""

import numpy as np
import pytest
import toy
from scipy.sparse import csr_matrix

from w2v_lesson.judge import word_classes as wc
from w2v_lesson.vectors import unit_length

LABELS = np.repeat([0, 1, 2], [8, 4, 6])


def test_every_word_has_one_class_and_a_vector():
    words, labels = wc.labeled_words()
    assert len(set(words)) == len(words) == len(labels)
    assert not set(words) - set(toy.ptb_vocab().idx_to_token)
    sizes = np.bincount(labels).tolist()
    assert sizes == [32] * len(wc.CLASSES)
    assert list(wc.CLASSES)[labels[words.index("aetna")]] == "company"


def test_folds_have_equally_many_of_each_class_or_nearly():
    folds = wc.stratified_folds(LABELS, 4, seed=0)
    for label in range(3):
        members = folds[np.flatnonzero(label == LABELS)]
        assert np.ptp(np.bincount(members, minlength=4)) <= 1


def test_the_same_seed_deals_the_same_folds_and_another_one_others():
    one, same, other = (wc.stratified_folds(LABELS, 2, seed) for seed in (0, 0, 1))
    assert (one == same).all() and (one != other).any()


def test_more_folds_than_words_of_a_class_are_refused():
    with pytest.raises(ValueError, match="Class 1 has 4 words, too few for 5 folds"):
        wc.stratified_folds(LABELS, 5, seed=0)


def test_as_many_words_of_each_class_are_drawn_as_asked():
    drawn = wc.draw_per_class(LABELS, 3, seed=0)
    assert drawn.dtype == bool and np.bincount(LABELS[drawn]).tolist() == [3, 3, 3]
    assert (drawn == wc.draw_per_class(LABELS, 3, seed=0)).all()
    assert (drawn != wc.draw_per_class(LABELS, 3, seed=1)).any()


def test_drawing_all_words_of_a_class_leaves_none_to_test_and_is_refused():
    with pytest.raises(ValueError, match="Class 1 has 4 words, so n must be less"):
        wc.draw_per_class(LABELS, 4, seed=0)


def test_the_interval_is_as_wide_as_that_of_a_share():
    right = np.repeat([True, False], [80, 20])
    mean, low, high = wc.mean_interval([right])
    assert mean == 0.8
    assert (high - low) / 2 == pytest.approx(1.96 * np.sqrt(0.8 * 0.2 / 100), rel=0.1)


def test_repeats_do_not_narrow_the_interval():
    right = np.repeat([True, False], [80, 20])
    assert wc.mean_interval([right]) == wc.mean_interval([right] * 5)


def test_a_repeat_in_which_a_word_was_not_tested_does_not_count():
    right = np.array([[1, 0, 1, np.nan, np.nan], [1, 1, np.nan, 0, np.nan]])
    assert wc.mean_interval(right) == wc.mean_interval([[1, 0.5, 1, 0]])


def test_a_wider_level_gives_a_wider_interval():
    differences = np.random.default_rng(0).normal(size=(2, 40))
    _, low, high = wc.mean_interval(differences, level=0.5)
    _, lowest, highest = wc.mean_interval(differences)
    assert lowest < low < high < highest


def test_the_interval_depends_on_its_seed():
    right = np.random.default_rng(0).normal(size=(2, 40))
    assert wc.mean_interval(right, seed=1) == wc.mean_interval(right, seed=1)
    assert wc.mean_interval(right, seed=1) != wc.mean_interval(right, seed=2)


def test_what_does_not_vary_has_an_interval_without_width():
    assert wc.mean_interval(np.ones((3, 5))) == (1, 1, 1)


def test_contexts_are_counted_within_sentences_up_to_the_window_both_ways():
    ids, sentence_of = np.array([0, 1, 2, 1, 0]), np.array([0, 0, 0, 1, 1])
    near = wc.context_counts(ids, sentence_of, 4, max_window_size=1).toarray()
    expected = np.zeros((4, 4))
    expected[0, 1] = expected[1, 0] = 2
    expected[1, 2] = expected[2, 1] = 1
    np.testing.assert_array_equal(near, expected)
    wide = wc.context_counts(ids, sentence_of, 4, max_window_size=2).toarray()
    assert wide[0, 2] == wide[2, 0] == 1 and wide.sum() == near.sum() + 2


def test_contexts_are_counted_up_to_five_words_away_if_nothing_is_said():
    counts = wc.context_counts(np.arange(8), np.zeros(8), 8).toarray()
    assert np.flatnonzero(counts[0]).tolist() == [1, 2, 3, 4, 5]


def test_ppmi_vectors_give_back_the_matrix_they_were_made_from():
    counts = np.random.default_rng(0).integers(1, 30, size=(12, 12))
    counts = counts + counts.T
    words = counts.sum(axis=1)
    contexts = words**0.75 / (words**0.75).sum()
    ppmi = np.maximum(np.log(counts / np.outer(words, contexts)), 0)
    U, S, _ = np.linalg.svd(ppmi)
    expected = U[:, :11] * np.sqrt(S[:11])
    found = wc.ppmi_vectors(csr_matrix(counts), size=11)
    assert found.dtype == np.float32 and found.shape == (12, 11)
    # The axes may be rotated, but the dot products of all words stay the same.
    np.testing.assert_allclose(found @ found.T, expected @ expected.T, atol=0.03)


def test_the_same_counts_give_the_same_vectors_to_the_last_bit():
    counts = csr_matrix(np.random.default_rng(0).integers(1, 30, size=(40, 40)))
    one, other = (wc.ppmi_vectors(counts, size=5) for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_words_with_the_same_contexts_have_the_same_counted_vector():
    counts = np.array([[0, 0, 9, 1], [0, 0, 9, 1], [9, 9, 0, 4], [1, 1, 4, 0]], float)
    one, other, *_ = wc.ppmi_vectors(csr_matrix(counts), size=2)
    np.testing.assert_allclose(one, other, atol=1e-5)


def test_vectors_are_brought_to_length_1_and_zero_stays():
    unit = unit_length(np.array([[3.0, 4.0], [0.0, 0.0]]))
    np.testing.assert_allclose(unit, [[0.6, 0.8], [0, 0]])
