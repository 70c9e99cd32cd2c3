"""Minibatches mean what the source says they mean, and what the formulas say."""

from itertools import islice

import numpy as np
import pytest
import toy
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from w2v_lesson import minibatches
from w2v_lesson.minibatches import (
    NoiseSampler,
    SkipGramData,
    draw_examples,
    draw_noise_words,
    draw_windows,
    index_corpus,
    keep_probability,
    load_data_ptb,
    make_batch,
    noise_weights,
    subsample,
)
from w2v_lesson.vocabulary import Vocab

NOT_WHOLE = [0, -1, 2.5, True, "5", None]


@pytest.fixture(scope="module")
def ptb_data():
    return toy.ptb_data()


@pytest.fixture(scope="module")
def ptb_epoch(ptb_data):
    ptb_data.epoch = 0
    return list(ptb_data)


# Indexing and subsampling


def test_indexing_drops_unknown_words_and_keeps_the_sentences_apart():
    vocab = Vocab([["a", "b"]])
    sentences = [["a", "zzz", "b"], ["zzz"], [], ["<unk>", "b"]]
    ids, sentence_of = index_corpus(sentences, vocab)
    assert vocab.to_tokens(ids) == ["a", "b", "b"]
    assert sentence_of.tolist() == [0, 0, 3]
    assert ids.dtype == sentence_of.dtype == np.int32


def test_keep_probability_follows_the_formula():
    counts = np.array([0, 1, 99, 900])
    expected = [1.0, 1.0, np.sqrt(0.01 / 0.099), np.sqrt(0.01 / 0.9)]
    np.testing.assert_allclose(keep_probability(counts, 0.01), expected)


def test_keep_probability_on_ptb_is_that_of_the_source(ptb_data):
    # The source: keep if uniform(0, 1) < sqrt(1e-4 / count * num_tokens).
    vocab = toy.ptb_vocab()
    total = vocab.counts.sum() - vocab.counts[vocab.unk]
    the = np.sqrt(1e-4 / vocab.counts[vocab["the"]] * total)
    assert ptb_data.keep[vocab["the"]] == pytest.approx(the)
    assert ptb_data.keep.max() == 1.0
    assert ptb_data.keep.min() > 0


def test_subsampling_keeps_words_as_often_as_the_probability_says():
    ids = np.repeat(np.arange(3, dtype=np.int32), 20_000)
    keep = np.array([1.0, 0.5, 0.1])
    kept, _ = subsample(ids, np.zeros_like(ids), keep, np.random.default_rng(0))
    shares = np.bincount(kept) / 20_000
    np.testing.assert_allclose(shares, keep, atol=0.015)  # four standard deviations


def test_subsampling_drops_sentences_left_with_one_word():
    ids = np.array([5, 5, 5, 5, 5, 5], dtype=np.int32)
    sentence_of = np.array([0, 2, 2, 3, 7, 7], dtype=np.int32)
    kept = subsample(ids, sentence_of, np.ones(6), np.random.default_rng(0))
    assert kept[1].tolist() == [2, 2, 7, 7]
    assert len(kept[0]) == 4


def test_subsampling_may_leave_nothing():
    ids = np.zeros(4, dtype=np.int32)
    kept, _ = subsample(ids, ids, np.zeros(1), np.random.default_rng(0))
    assert len(kept) == 0


def test_ptb_has_about_as_many_centers_as_with_the_source(ptb_data):
    assert len(ptb_data.examples().centers) == pytest.approx(343_000, rel=0.01)


# Windows


def windows_in_plain_python(sentences, sizes):
    """The definition: contexts of each word, from left to right."""
    sizes, windows = iter(sizes), []
    for words in sentences:
        for i in range(len(words)):
            size = next(sizes)
            near = range(max(0, i - size), min(len(words), i + size + 1))
            windows.append([words[j] for j in near if j != i])
    return windows


@settings(max_examples=60, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 9), min_size=1, max_size=12),
    max_window_size=st.integers(1, 6),
    seed=st.integers(0, 2**32 - 1),
)
def test_windows_are_those_of_the_definition(lengths, max_window_size, seed):
    # Every position is a word of its own: the center's own position would be seen.
    ids = np.arange(sum(lengths), dtype=np.int32)
    sentence_of = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    drawn = draw_windows(ids, sentence_of, max_window_size, np.random.default_rng(seed))
    ours = [row[inside].tolist() for row, inside in zip(*drawn, strict=True)]
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, max_window_size, len(ids), endpoint=True)
    sentences = np.split(ids, np.cumsum(lengths)[:-1])
    expected = windows_in_plain_python([s.tolist() for s in sentences], sizes)
    assert ours == expected


@pytest.mark.parametrize("max_window_size", [2, 3, 5])
def test_all_window_sizes_are_equally_likely(max_window_size):
    n = 30_000  # one sentence, so that the number of contexts tells the size
    ids, same = np.arange(n, dtype=np.int32), np.zeros(n, dtype=np.int32)
    _, inside = draw_windows(ids, same, max_window_size, np.random.default_rng(1))
    middle = inside[max_window_size:-max_window_size].sum(axis=1)
    assert (middle % 2 == 0).all()
    drawn = np.bincount(middle // 2, minlength=max_window_size + 1)[1:]
    assert len(drawn) == max_window_size
    assert chisquare(drawn).pvalue > 1e-3


# Noise words


def test_noise_weights_follow_the_formula_and_sum_to_1():
    weights = noise_weights(np.array([0, 1, 16, 81]))
    np.testing.assert_allclose(weights, np.array([0, 1, 8, 27]) / 36)


def test_noise_weights_of_ptb_leave_out_unknown_and_nothing_else(ptb_data):
    vocab, weights = toy.ptb_vocab(), ptb_data.sampler.probabilities
    assert np.flatnonzero(weights == 0).tolist() == [vocab.unk]
    powers = np.delete(vocab.counts, vocab.unk) ** 0.75
    np.testing.assert_allclose(np.delete(weights, vocab.unk), powers / powers.sum())


def probabilities_of_table(sampler):
    n = len(sampler.share)
    own = sampler.share.astype(float)
    return (own + np.bincount(sampler.alias, weights=1 - own, minlength=n)) / n


def test_alias_table_of_ptb_holds_the_exact_probabilities(ptb_data):
    sampler = ptb_data.sampler
    ours = probabilities_of_table(sampler)
    # float32 shares: off by 6e-8 of a column for each column that a word is in.
    np.testing.assert_allclose(ours, sampler.probabilities, atol=1e-9, rtol=1e-4)
    assert ours[toy.ptb_vocab().unk] == 0


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 1000), min_size=1, max_size=40).filter(any))
def test_alias_table_holds_the_exact_probabilities(counts):
    sampler = NoiseSampler(noise_weights(counts))
    ours = probabilities_of_table(sampler)
    np.testing.assert_allclose(ours, sampler.probabilities, atol=2e-6)
    assert (ours[np.array(counts) == 0] == 0).all()


def test_draws_follow_the_formula():
    counts = np.array([300, 1, 0, 7, 50, 1000, 20, 20, 3])
    probabilities = noise_weights(counts)
    drawn = NoiseSampler(probabilities).draw((1000, 400), np.random.default_rng(2))
    seen = np.bincount(drawn.ravel(), minlength=len(counts))
    assert drawn.shape == (1000, 400)
    assert seen[2] == 0
    possible = counts > 0
    expected = drawn.size * probabilities[possible]
    assert chisquare(seen[possible], expected).pvalue > 1e-3


def test_draws_on_ptb_follow_the_formula_and_include_word_0(ptb_data):
    # The source never draws index 0, which it takes for <unk>; it is the word '#'.
    vocab, sampler = toy.ptb_vocab(), ptb_data.sampler
    drawn = sampler.draw(2_000_000, np.random.default_rng(3))
    seen = np.bincount(drawn, minlength=len(vocab))
    possible = np.arange(len(vocab)) != vocab.unk
    expected = len(drawn) * sampler.probabilities[possible]
    assert seen[vocab.unk] == 0
    assert seen[0] > 0
    assert chisquare(seen[possible], expected).pvalue > 1e-3


def test_noise_words_of_the_ptb_epoch_include_word_0_and_never_unknown(ptb_data):
    examples = ptb_data.examples()
    vocab = toy.ptb_vocab()
    is_noise = ~is_context(examples)
    seen = np.bincount(examples.others[is_noise], minlength=len(vocab))
    expected = ptb_data.sampler.probabilities[0] * is_noise.sum()
    assert seen[0] == pytest.approx(expected, rel=0.15)
    assert seen[vocab.unk] == 0
    assert (np.delete(seen, vocab.unk) > 0).all()


def is_context(examples):
    """Which of `others` are contexts, shape (pairs,)."""
    sizes = np.diff(examples.starts)
    position = np.arange(len(examples.others)) - np.repeat(examples.starts[:-1], sizes)
    return position < np.repeat(examples.num_contexts, sizes)


def shared_by_context_and_noise(examples):
    """(example, word) pairs in which the word is both a context and noise."""
    rows = np.repeat(np.arange(len(examples.centers)), np.diff(examples.starts))
    pairs = rows * 100_000 + examples.others
    contexts = is_context(examples)
    return np.intersect1d(pairs[contexts], pairs[~contexts])


def test_no_noise_word_of_the_ptb_epoch_is_a_context_of_its_center(ptb_data):
    examples = ptb_data.examples()
    assert len(shared_by_context_and_noise(examples)) == 0
    # Every context brings K = 5 noise words.
    assert (np.diff(examples.starts) == 6 * examples.num_contexts).all()


def test_noise_words_where_contexts_are_all_words_but_a_very_rare_one():
    # Drawing again would hardly ever find the word; only the exact draw does.
    sampler = NoiseSampler(np.array([0.5, 0.5 - 1e-12, 1e-12, 0.0]))
    contexts = np.array([[0, 1]] * 50, dtype=np.int32)
    noise = draw_noise_words(contexts, 4, sampler, np.random.default_rng(0))
    assert noise.shape == (50, 8)
    assert (noise == 2).all()


def test_exact_draw_keeps_the_proportions_of_the_words_left(monkeypatch):
    monkeypatch.setattr(minibatches, "MAX_REDRAWS", 0)
    sampler = NoiseSampler(np.array([0.6, 0.1, 0.3]))
    contexts = np.zeros((1, 1), dtype=np.int32)
    noise = draw_noise_words(contexts, 20_000, sampler, np.random.default_rng(0))
    drawn = np.bincount(noise.ravel(), minlength=3)
    assert drawn[0] == 0
    assert chisquare(drawn[1:], [5_000, 15_000]).pvalue > 1e-3


def test_drawing_again_keeps_the_proportions_of_the_words_left():
    sampler = NoiseSampler(np.array([0.6, 0.1, 0.3]))
    contexts = np.zeros((20_000, 1), dtype=np.int32)
    noise = draw_noise_words(contexts, 1, sampler, np.random.default_rng(0))
    drawn = np.bincount(noise.ravel(), minlength=3)
    assert drawn[0] == 0
    assert chisquare(drawn[1:], [5_000, 15_000]).pvalue > 1e-3


def test_tiny_vocabulary_in_which_one_word_is_no_context():
    data = toy.data_of([["a", "b", "c"]] * 40, max_window_size=1, num_noise_words=2)
    assert len(shared_by_context_and_noise(data.examples())) == 0
    # 'b' between 'a' and 'c' can have no other noise word than itself.
    b = data.vocab["b"]
    of_b = [n for batch in data for c, _, n in toy.examples_of(batch) if c == b]
    assert of_b
    assert set(of_b) == {(b,) * 4}


def test_contexts_that_are_all_words_there_are_is_a_clear_error():
    with pytest.raises(ValueError, match=r"no noise word to draw.*Give more text"):
        toy.data_of([["a", "b", "a", "b"]] * 3)


# Batches


def test_batch_has_the_shapes_and_types_of_the_source(ptb_epoch):
    for batch in (ptb_epoch[0], ptb_epoch[-1]):
        assert batch._fields == ("centers", "contexts_negatives", "masks", "labels")
        assert {str(array.dtype) for array in batch} == {"float32"}
        assert {type(array).__module__ for array in batch} == {"mxnet.numpy"}
        size = len(batch.centers)
        longest = int(batch.masks.sum(axis=1).max())
        assert batch.centers.shape == (size, 1)
        for array in batch[1:]:
            assert array.shape == (size, longest)


def test_batch_of_two_examples_is_padded_as_written():
    examples = minibatches.Examples(
        centers=np.array([7, 8], dtype=np.int32),
        others=np.array([1, 2, 3, 4, 5, 6], dtype=np.int32),
        starts=np.array([0, 4, 6]),
        num_contexts=np.array([2, 1]),
    )
    batch = make_batch(examples, np.array([1, 0]))
    assert batch.centers.asnumpy().tolist() == [[8], [7]]
    assert batch.contexts_negatives.asnumpy().tolist() == [[5, 6, 0, 0], [1, 2, 3, 4]]
    assert batch.masks.asnumpy().tolist() == [[1, 1, 0, 0], [1, 1, 1, 1]]
    assert batch.labels.asnumpy().tolist() == [[1, 0, 0, 0], [1, 1, 0, 0]]


@pytest.mark.parametrize("num_noise_words", [1, 3, 5])
def test_mask_and_labels_fit_the_contexts_noise_words_and_padding(num_noise_words):
    for batch in toy.data(num_noise_words=num_noise_words, group_by_length=False):
        others, masks, labels = (array.asnumpy() for array in batch[1:])
        lengths, contexts = masks.sum(axis=1), labels.sum(axis=1)
        position = np.arange(masks.shape[1])
        assert ((position < lengths[:, None]) == masks).all()
        assert ((position < contexts[:, None]) == labels).all()
        assert (contexts >= 1).all()
        assert (lengths == contexts * (1 + num_noise_words)).all()
        assert (others[masks == 0] == 0).all()


@pytest.mark.parametrize("group_by_length", [True, False])
def test_an_epoch_has_each_example_exactly_once(group_by_length):
    data = toy.data(group_by_length=group_by_length)
    examples, expected = data.examples(), []
    for i, center in enumerate(examples.centers):
        others = examples.others[examples.starts[i] : examples.starts[i + 1]]
        c = examples.num_contexts[i]
        expected.append((center, tuple(others[:c]), tuple(others[c:])))
    seen = [example for batch in data for example in toy.examples_of(batch)]
    assert sorted(seen) == sorted(expected)


def test_centers_and_contexts_are_those_of_the_text():
    sentences = [["a", "b", "c", "d"], ["e", "f"]]
    data = toy.data_of(sentences, max_window_size=1)
    names = data.vocab.to_tokens
    seen = {
        names(center): sorted(names(contexts))
        for batch in data
        for center, contexts, _ in toy.examples_of(batch)
    }
    expected = {"a": "b", "b": "ac", "c": "bd", "d": "c", "e": "f", "f": "e"}
    assert seen == {center: list(contexts) for center, contexts in expected.items()}


def test_number_of_batches_and_a_shorter_one_for_the_rest(ptb_data, ptb_epoch):
    centers = len(ptb_data.examples().centers)
    sizes = sorted(len(batch.centers) for batch in ptb_epoch)
    assert len(ptb_data) == len(ptb_epoch) == -(-centers // 512)
    assert set(sizes[1:]) == {512}
    assert sum(sizes) == centers


def test_batches_that_come_out_even_have_no_empty_rest():
    data = toy.data_of([["a", "b", "c", "d"]] * 8, batch_size=16, max_window_size=1)
    assert [len(batch.centers) for batch in data] == [16, 16]
    assert len(data) == 2


def padded_share(batches):
    cells = sum(batch.masks.size for batch in batches)
    return 1 - sum(float(batch.masks.sum()) for batch in batches) / cells


def test_grouping_by_length_leaves_under_a_tenth_padding(ptb_epoch):
    assert padded_share(ptb_epoch) < 0.10


def test_without_grouping_more_than_two_fifths_are_padding():
    data = toy.ptb_data(group_by_length=False)
    assert padded_share(list(islice(data, 60))) > 0.40


def test_grouped_batches_come_in_random_order(ptb_epoch):
    widths = np.array([batch.masks.shape[1] for batch in ptb_epoch])
    # Random neighbours differ; sorted ones hardly ever would.
    assert np.mean(widths[1:] != widths[:-1]) > 0.5


def test_batches_kept_by_the_reader_do_not_change():
    # Their memory is shared with NumPy; each batch must have its own.
    data = toy.data(redraw=True)
    kept = [(batch, [array.asnumpy().copy() for array in batch]) for batch in data]
    list(data)
    for batch, before in kept:
        for array, copy in zip(batch, before, strict=True):
            np.testing.assert_array_equal(array.asnumpy(), copy)


def test_changing_a_batch_changes_no_later_epoch():
    data = toy.data()
    for batch in data:
        for array in batch:
            array[:] = -1
    assert min(batch.contexts_negatives.asnumpy().min() for batch in data) == 0


# Epochs and seeds


def as_numpy(data):
    return [[array.asnumpy() for array in batch] for batch in data]


def same(ours, theirs):
    return len(ours) == len(theirs) and all(
        np.array_equal(a, b)
        for x, y in zip(ours, theirs, strict=True)
        for a, b in zip(x, y, strict=True)
    )


def pairs(batches):
    return sorted(pair for batch in batches for pair in toy.examples_of(batch))


def test_batches_are_shuffled_anew_for_each_epoch():
    data = toy.data()
    first, second = as_numpy(data), as_numpy(data)
    assert data.epoch == 2
    assert not same(first, second)


@pytest.mark.parametrize("redraw", [True, False])
def test_same_seed_same_batches_and_going_back_to_an_epoch(redraw):
    data, twin = toy.data(redraw=redraw), toy.data(redraw=redraw)
    epochs = [as_numpy(data) for _ in range(3)]
    data.epoch = 1
    assert same(as_numpy(data), epochs[1])
    twin.epoch = 2
    assert same(as_numpy(twin), epochs[2])


@pytest.mark.parametrize("redraw", [True, False])
def test_another_seed_gives_other_pairs(redraw):
    first, second = (toy.data(redraw=redraw, seed=seed) for seed in (0, 1))
    assert pairs(first) != pairs(second)


def test_without_redraw_each_epoch_has_the_same_pairs():
    data = toy.data()
    assert pairs(data) == pairs(data)


def test_with_redraw_each_epoch_has_windows_and_noise_words_of_its_own():
    data = toy.data(redraw=True)
    first, second = pairs(data), pairs(data)
    assert first != second
    without_noise = [[(c, contexts) for c, contexts, _ in e] for e in (first, second)]
    assert without_noise[0] != without_noise[1]


def test_with_redraw_each_epoch_is_subsampled_afresh():
    data = toy.data(redraw=True, threshold=0.02)
    sizes = set()
    for _ in range(4):
        expected = len(data)
        batches = list(data)
        assert len(batches) == expected
        sizes.add(sum(len(batch.centers) for batch in batches))
    assert len(sizes) > 1


def test_the_global_seeds_of_numpy_have_no_influence_and_are_not_used():
    np.random.seed(1)
    before = np.random.get_state()[1].copy()
    first = as_numpy(toy.data())
    np.testing.assert_array_equal(np.random.get_state()[1], before)
    np.random.seed(2)
    assert same(first, as_numpy(toy.data()))


# Bad input


@pytest.mark.parametrize("name", ["batch_size", "max_window_size", "num_noise_words"])
@pytest.mark.parametrize("value", NOT_WHOLE)
def test_what_is_no_whole_number_of_at_least_1_is_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"{name} must be a whole number"):
        toy.data_of([["a", "b", "c"]], **{name: value})


def test_load_data_ptb_refuses_bad_arguments():
    with pytest.raises(ValueError, match="batch_size must be a whole number"):
        load_data_ptb(0, 5, 5)


def test_whole_numbers_of_numpy_are_accepted():
    data = toy.data_of(toy.sentences(), np.int32(64), np.int64(2), np.uint8(3))
    assert same(as_numpy(data), as_numpy(toy.data()))


@pytest.mark.parametrize(
    "sentences", [[["a"], ["b"], ["c"]], [["a"]], [["a", "<unk>"], ["b"]]]
)
def test_no_sentence_of_two_words_is_a_clear_error(sentences):
    with pytest.raises(ValueError, match=r"No sentence has two words.*Give more text"):
        toy.data_of(sentences)


def test_one_usable_sentence_is_enough():
    data = toy.data_of([["a", "b", "c", "d", "e"], ["f"], []], max_window_size=1)
    assert sorted(center for center, _, _ in pairs(data)) == [1, 2, 3, 4, 5]


def test_subsampling_that_drops_all_is_a_clear_error():
    with pytest.raises(ValueError, match="Give more text, or lower min_freq"):
        toy.data_of([["a", "b", "c"]] * 3, threshold=1e-9)


def test_fewer_than_five_batches_work():
    # The source divides by num_batches // 5, which would be zero.
    data = toy.data_of([["a", "b", "c", "d"]] * 3, max_window_size=1)
    assert len(data) == len(list(data)) == 1


def test_all_words_rare_is_a_clear_error():
    with pytest.raises(ValueError, match="No word occurs 5 times or more"):
        toy.data_of([["a", "b"], ["c", "a"]], min_freq=5)


def test_unknown_split_is_a_clear_error():
    with pytest.raises(ValueError, match="split must be one of"):
        load_data_ptb(512, 5, 5, split="dev")


def test_unknown_option_is_refused():
    with pytest.raises(TypeError, match="windows"):
        toy.data_of([["a", "b", "c"]], windows=3)


# The source's call


def test_load_data_ptb_gives_the_batches_and_the_vocabulary(monkeypatch, ptb_epoch):
    data_iter, vocab = load_data_ptb(512, 5, 5)
    assert isinstance(data_iter, SkipGramData)
    assert vocab.idx_to_token == toy.ptb_vocab().idx_to_token
    first = [array.asnumpy() for array in next(iter(data_iter))]
    assert same([first], as_numpy(ptb_epoch[:1]))


def test_held_out_data_uses_the_training_vocabulary_and_its_counts():
    vocab = toy.ptb_vocab()
    data_iter, same_vocab = load_data_ptb(512, 5, 5, split="valid", vocab=vocab)
    assert same_vocab is vocab
    np.testing.assert_array_equal(data_iter.keep, toy.ptb_data().keep)
    valid = [vocab[t] for line in toy.ptb("valid") for t in line]
    assert data_iter.ids.tolist() == [i for i in valid if i != vocab.unk]


def test_min_freq_and_options_are_passed_on(monkeypatch):
    monkeypatch.setattr(minibatches, "read_ptb", lambda split: toy.sentences())
    options = {"redraw": True, "group_by_length": False, "threshold": 0.5, "seed": 3}
    data_iter, vocab = load_data_ptb(64, 2, 3, min_freq=20, **options)
    assert min(np.delete(vocab.counts, vocab.unk)) >= 20
    assert same(as_numpy(data_iter), as_numpy(toy.data(min_freq=20, **options)))


@settings(max_examples=40, deadline=None)
@given(
    sentences=st.lists(
        st.lists(st.sampled_from("abcdefgh"), max_size=8), min_size=1, max_size=10
    ),
    max_window_size=st.integers(1, 4),
    num_noise_words=st.integers(1, 3),
)
def test_any_text_gives_right_examples_or_a_clear_error(
    sentences, max_window_size, num_noise_words
):
    try:
        data = toy.data_of(sentences, 4, max_window_size, num_noise_words)
    except ValueError as error:
        assert "give more text" in str(error).lower()
        return
    examples = data.examples()
    assert len(examples.centers) == sum(len(s) for s in sentences if len(s) > 1)
    assert len(shared_by_context_and_noise(examples)) == 0
    assert data.vocab.unk not in examples.others
    assert sum(len(batch.centers) for batch in data) == len(examples.centers)


def test_draw_examples_are_sorted_by_number_of_contexts():
    ids, sentence_of = index_corpus(toy.sentences(), Vocab(toy.sentences()))
    sampler = NoiseSampler(noise_weights(np.bincount(ids)))
    rng = np.random.default_rng(0)
    examples = draw_examples(ids, sentence_of, 2, 3, sampler, rng)
    assert (np.diff(examples.num_contexts) >= 0).all()
