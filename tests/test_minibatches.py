"""Minibatches mean what the source says they mean, and what the formulas say."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import islice, pairwise

import numpy as np
import pytest
import toy
from hypothesis import given, settings
from hypothesis import strategies as st

from w2v_lesson import minibatches, sampling
from w2v_lesson.minibatches import (
    SkipGramData,
    load_data_ptb,
    make_batch,
    padding,
)
from w2v_lesson.sampling import (
    Examples,
    Words,
    draw_example,
    draw_examples,
    keep_probability,
    noise_tables,
    noise_weights,
    survival,
)

NOT_WHOLE = [0, -1, 2.5, True, "5", None]


@pytest.fixture(scope="module")
def ptb_data():
    return toy.ptb_data()


@pytest.fixture(scope="module")
def ptb_epoch(ptb_examples):
    return [make_batch(examples) for examples in ptb_examples]


@pytest.fixture(scope="module")
def ptb_examples(ptb_data):
    ptb_data.epoch = 0
    return list(ptb_data.examples())


# Subsampling


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


def test_ptb_has_about_as_many_centers_as_with_the_source(ptb_data):
    assert len(ptb_data.words().ids) == pytest.approx(343_000, rel=0.01)


# Noise words


def test_noise_weights_follow_the_formula_and_sum_to_1():
    weights = noise_weights(np.array([0, 1, 16, 81]))
    np.testing.assert_allclose(weights, np.array([0, 1, 8, 27]) / 36)


def test_noise_weights_of_ptb_leave_out_unknown_and_nothing_else(ptb_data):
    vocab, weights = toy.ptb_vocab(), ptb_data.tables.probabilities
    assert np.flatnonzero(weights == 0).tolist() == [vocab.unk]
    powers = np.delete(vocab.counts, vocab.unk) ** 0.75
    np.testing.assert_allclose(np.delete(weights, vocab.unk), powers / powers.sum())


def probabilities_of_tables(tables):
    n = len(tables.columns)
    alias = tables.columns.astype(int)
    own = tables.columns - alias
    return (own + np.bincount(alias, weights=1 - own, minlength=n)) / n


def test_alias_table_of_ptb_holds_the_exact_probabilities(ptb_data):
    ours = probabilities_of_tables(ptb_data.tables)
    # The error is up to 6e-8 of a column, for each column that contains the word.
    np.testing.assert_allclose(ours, ptb_data.tables.probabilities, atol=1e-9, rtol=1e-4)
    assert ours[toy.ptb_vocab().unk] == 0


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 1000), min_size=1, max_size=40).filter(any))
def test_alias_table_holds_the_exact_probabilities(counts):
    tables = noise_tables(noise_weights(counts))
    ours = probabilities_of_tables(tables)
    np.testing.assert_allclose(ours, tables.probabilities, atol=2e-6)
    assert (ours[np.array(counts) == 0] == 0).all()
    assert tables.columns.dtype == np.float64


def test_a_share_that_rounds_to_1_does_not_become_another_word():
    counts = np.repeat([1, 16, 81], [19, 23, 7])
    tables = noise_tables(noise_weights(counts))
    np.testing.assert_allclose(
        probabilities_of_tables(tables), tables.probabilities, atol=2e-6
    )


def test_noise_words_of_the_ptb_epoch_include_word_0_and_never_unknown(
    ptb_data, ptb_examples
):
    vocab, n = toy.ptb_vocab(), len(toy.ptb_vocab())
    noise = [e.others[~toy.is_context(e)] for e in ptb_examples]
    seen = sum(np.bincount(words, minlength=n) for words in noise)
    expected = ptb_data.tables.probabilities[0] * seen.sum()
    assert seen[0] == pytest.approx(expected, rel=0.15)
    assert seen[vocab.unk] == 0
    assert (np.delete(seen, vocab.unk) > 0).all()


def shared_by_context_and_noise(examples):
    """List the pairs (example, word) in which the word is both a context and a noise word."""
    rows = np.repeat(np.arange(len(examples.centers)), np.diff(examples.starts))
    pairs = rows * 100_000 + examples.others
    contexts = toy.is_context(examples)
    return np.intersect1d(pairs[contexts], pairs[~contexts])


def test_no_noise_word_of_the_ptb_epoch_is_a_context_of_its_center(ptb_examples):
    for examples in ptb_examples:
        assert len(shared_by_context_and_noise(examples)) == 0
        # Every context brings K = 5 noise words.
        assert (np.diff(examples.starts) == 6 * examples.num_contexts).all()


def test_tiny_vocabulary_in_which_one_word_is_no_context():
    data = toy.data_of([["a", "b", "c"]] * 40, max_window_size=1, num_noise_words=2)
    for examples in data.examples():
        assert len(shared_by_context_and_noise(examples)) == 0
    # 'b' between 'a' and 'c' can only have itself as a noise word.
    b = data.vocab["b"]
    of_b = [n for batch in data for c, _, n in toy.examples_of(batch) if c == b]
    assert of_b
    assert set(of_b) == {(b,) * 4}


def test_contexts_that_are_all_words_there_are_is_a_clear_error():
    with pytest.raises(ValueError, match=r"no noise word to draw.*Give more text"):
        list(toy.data_of([["a", "b", "a", "b"]] * 3))


# Examples


def words_of(count=2):
    """Make `Words` of sentences a b c, one after the other, with windows of one word."""
    left, right = [0, 1, 1] * count, [1, 1, 0] * count
    return Words(*(np.array(x, dtype=np.int32) for x in ([1, 2, 3] * count, left, right)))


def test_examples_are_laid_end_to_end_in_the_order_of_the_rows():
    # Word 0 is the only noise word there is.
    tables = noise_tables(np.array([1.0, 0, 0, 0]))
    rows = np.array([4, 0, 5])
    examples = draw_examples(words_of(), rows, 2, tables, np.uint64(1))
    assert examples.centers.tolist() == [2, 1, 3]
    assert examples.num_contexts.tolist() == [2, 1, 1]
    assert examples.starts.tolist() == [0, 6, 9, 12]
    assert examples.others.tolist() == [1, 3, 0, 0, 0, 0] + [2, 0, 0] + [2, 0, 0]
    types = {name: str(x.dtype) for name, x in examples._asdict().items()}
    assert types == {
        "centers": "int32",
        "others": "int32",
        "starts": "int64",
        "num_contexts": "int32",
    }


def test_drawing_for_one_center_without_a_noise_word_is_a_clear_error():
    # Words 1 and 3 are all that can be drawn; they are the contexts of word 2.
    tables = noise_tables(np.array([0, 0.5, 0, 0.5]))
    examples = draw_examples(words_of(), np.array([0, 2]), 3, tables, np.uint64(1))
    assert set(examples.others[toy.is_context(examples)]) == {2}
    with pytest.raises(ValueError, match=r"all words of the vocabulary \(2\)"):
        draw_examples(words_of(), np.array([0, 1, 2]), 3, tables, np.uint64(1))


# One sentence


EVEN = noise_tables(np.full(40, 1 / 40))


@given(
    ids=st.lists(st.integers(0, 39), min_size=1, max_size=12),
    max_window_size=st.integers(1, 6),
    num_noise_words=st.integers(1, 4),
    seed=st.integers(0, 2**32),
    data=st.data(),
)
@settings(max_examples=200)
def test_an_example_has_its_window_in_the_sentence_and_no_context_for_noise(
    ids, max_window_size, num_noise_words, seed, data
):
    center = data.draw(st.integers(0, len(ids) - 1))
    drawn = draw_example(ids, center, max_window_size, num_noise_words, EVEN, seed)
    assert 1 <= drawn.size <= max_window_size
    first, last = max(0, center - drawn.size), min(len(ids) - 1, center + drawn.size)
    assert drawn.contexts == [i for i in range(first, last + 1) if i != center]
    assert drawn.noise_words.shape == (len(drawn.contexts), num_noise_words)
    assert not set(drawn.noise_words.ravel()) & {ids[i] for i in drawn.contexts}


def test_an_example_is_that_of_the_sampler_for_a_text_of_this_sentence():
    ids, seeds = np.array([3, 1, 4, 1, 5, 9, 2, 6], np.int32), sampling.derive_seeds(7)
    windows = sampling.draw_windows(np.zeros(8, np.int32), 3, seeds[1])
    examples = draw_examples(Words(ids, *windows), np.arange(8), 2, EVEN, seeds[2])
    for center, (_, contexts, noise_words) in enumerate(toy.split(examples)):
        drawn = draw_example(ids, center, 3, 2, EVEN, 7)
        assert tuple(ids[drawn.contexts]) == contexts
        assert tuple(drawn.noise_words.ravel()) == noise_words


def test_an_example_is_settled_by_its_seed_and_every_window_size_is_drawn():
    def draw(seed):
        return draw_example(range(12), 6, 5, 3, EVEN, seed)

    assert draw(1).contexts == draw(1).contexts
    assert (draw(1).noise_words == draw(1).noise_words).all()
    assert {draw(seed).size for seed in range(60)} == {1, 2, 3, 4, 5}
    assert len({draw(seed).noise_words.tobytes() for seed in range(60)}) == 60


@pytest.mark.parametrize("center", [-1, 3])
def test_an_example_of_no_place_in_the_sentence_is_a_clear_error(center):
    with pytest.raises(ValueError, match="from 0 to 2"):
        draw_example([1, 2, 3], center, 2, 1, EVEN, 0)


@pytest.mark.parametrize("seed", range(20))
def test_survival_is_that_of_the_sampler_for_a_text_of_this_sentence(seed):
    keep, key = np.linspace(0.2, 1, 9), sampling.derive_seeds(seed)[0]
    places = np.arange(9, dtype=np.int32)
    kept, _ = sampling.subsample(places, np.zeros(9, np.int32), keep, key)
    assert np.flatnonzero(survival(keep, key)[1]).tolist() == kept.tolist()


def test_survival_only_brings_words_as_the_probability_rises():
    key = sampling.derive_seeds(0)[0]
    draws = [survival(np.full(50, keep), key) for keep in np.linspace(0, 1, 30)]
    for (numbers, kept), (next_numbers, next_kept) in pairwise(draws):
        assert (numbers == next_numbers).all()
        assert not (kept & ~next_kept).any()
    assert not draws[0][1].any()
    assert draws[-1][1].all()


def test_padding_is_the_share_of_cells_without_a_pair():
    assert padding(np.array([[1.0, 1, 0, 0], [1, 1, 1, 0]])) == pytest.approx(3 / 8)


def test_number_of_pairs_is_that_of_the_examples(ptb_data, ptb_examples):
    assert ptb_data.num_pairs == sum(len(e.others) for e in ptb_examples)


@pytest.mark.parametrize("redraw", [True, False])
def test_number_of_pairs_is_that_of_the_coming_epoch(redraw):
    data, announced = toy.data(redraw=redraw, threshold=0.02), []
    for _ in range(3):
        announced.append(data.num_pairs)
        assert sum(int(batch.masks.sum()) for batch in data) == announced[-1]
    assert (len(set(announced)) > 1) == redraw


def test_grouped_examples_are_sorted_by_number_of_contexts():
    contexts = sorted(e.num_contexts.tolist() for e in toy.data().examples())
    assert len(contexts) > 5
    laid_out = [count for batch in contexts for count in batch]
    assert laid_out == sorted(laid_out)


@pytest.mark.parametrize("group_by_length", [True, False])
def test_batches_are_the_examples_padded(group_by_length):
    options = {"redraw": True, "group_by_length": group_by_length}
    data, twin = toy.data(**options), toy.data(**options)
    for _ in range(2):
        padded = [make_batch(examples) for examples in twin.examples()]
        assert same(as_numpy(data), as_numpy(padded))


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
    examples = Examples(
        centers=np.array([8, 7], dtype=np.int32),
        others=np.array([5, 6, 1, 2, 3, 4], dtype=np.int32),
        starts=np.array([0, 2, 6]),
        num_contexts=np.array([1, 2], dtype=np.int32),
    )
    batch = make_batch(examples)
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
    words, expected = data.words(), []
    for i, center in enumerate(words.ids):
        before = words.ids[i - words.left[i] : i]
        after = words.ids[i + 1 : i + 1 + words.right[i]]
        expected.append((center, (*before, *after)))
    seen = [(c, contexts) for c, contexts, _ in pairs(data)]
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
    centers = len(ptb_data.words().ids)
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
    # Batches in random order differ in length from the next one; sorted ones rarely would.
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


def test_no_two_kinds_of_draws_share_a_seed(monkeypatch):
    # If two of them had the same seed, the words that stay would determine the windows.
    seen = []

    def noting(function):
        def noted(*arguments):
            seen.append(int(arguments[-1]))
            return function(*arguments)

        return noted

    for module, name in (
        (sampling, "subsample"),
        (sampling, "draw_windows"),
        (minibatches, "draw_examples"),
    ):
        monkeypatch.setattr(module, name, noting(getattr(module, name)))
    data = toy.data(5000, redraw=True, words_at_once=600)
    assert len(data.parts) == 3
    examples = list(data.examples())
    assert len(examples) == len(data.parts)  # each of which is drawn in one call
    assert len(set(seen)) == 3 * len(data.parts)


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


@pytest.mark.parametrize("redraw", [True, False])
def test_an_epoch_is_a_function_of_seed_and_epoch_alone(redraw):
    data = toy.data(redraw=redraw, seed=5)
    data.epoch = 2
    late = as_numpy(data)
    data.epoch = 0
    assert same([as_numpy(data) for _ in range(3)][2], late)
    assert data.epoch == 3


def test_without_redraw_noise_words_belong_to_the_center_not_to_the_batch():
    sizes = [pairs(toy.data(size, group_by_length=size > 20)) for size in (7, 64, 5000)]
    assert sizes[0] == sizes[1] == sizes[2]


@pytest.mark.parametrize("redraw", [True, False])
def test_words_are_drawn_anew_only_with_redraw(redraw):
    data = toy.data(redraw=redraw)
    first = data.words()
    assert data.words() is first
    data.epoch = 1
    assert (data.words() is first) == (not redraw)
    data.epoch = 0
    assert same([data.words()], [first])


@pytest.mark.parametrize("redraw", [True, False])
def test_looking_at_the_data_during_an_epoch_changes_nothing(redraw):
    data, twin = (toy.data(redraw=redraw, threshold=0.02) for _ in range(2))
    expected = [as_numpy(twin) for _ in range(2)]
    for epoch in expected:
        seen = []
        for batch in data:
            seen.append([array.asnumpy() for array in batch])
            coming = (len(data), data.num_pairs, len(data.words().ids))
        assert same(seen, epoch)
        assert coming == (len(data), data.num_pairs, len(data.words().ids))
    assert data.epoch == 2


def test_two_epochs_may_be_read_side_by_side():
    data, twin = toy.data(redraw=True), toy.data(redraw=True)
    expected = [as_numpy(twin) for _ in range(2)]
    iterators = [iter(data), iter(data)]
    seen = [[], []]
    for _ in range(min(map(len, expected))):
        for iterator, batches in zip(iterators, seen, strict=True):
            batches.append([array.asnumpy() for array in next(iterator)])
    for iterator, batches, epoch in zip(iterators, seen, expected, strict=True):
        assert same(batches + as_numpy(iterator), epoch)


def test_data_may_be_read_from_two_threads_at_once():
    def read(seed):
        return list(toy.data(8, seed=seed).examples())

    with ThreadPoolExecutor(2) as pool:
        ours = list(pool.map(read, [1, 2]))
    for seed, epoch in zip([1, 2], ours, strict=True):
        assert same(epoch, read(seed))


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
        epoch = list(data.examples())
    except ValueError as error:
        assert "give more text" in str(error).lower()
        return
    centers = sum(len(examples.centers) for examples in epoch)
    assert centers == sum(len(s) for s in sentences if len(s) > 1)
    for examples in epoch:
        assert len(shared_by_context_and_noise(examples)) == 0
        assert data.vocab.unk not in examples.others
    assert sum(len(batch.centers) for batch in data) == centers


# A corpus in parts, and beginning in the middle


def all_examples(data, **options):
    return [example for batch in data.examples(**options) for example in toy.split(batch)]


@given(words_at_once=st.integers(1, 1600))
@settings(deadline=None, max_examples=30)
def test_parts_are_whole_sentences_and_lose_no_word(words_at_once):
    data = toy.data(words_at_once=words_at_once)
    sentences = [set(data.sentence_of[part]) for part in data.parts]
    assert sum(map(len, sentences)) == len(set(data.sentence_of))
    assert set.union(*sentences) == set(data.sentence_of)
    longest = np.bincount(data.sentence_of).max()
    sizes = [part.stop - part.start for part in data.parts]
    assert sum(sizes) == len(data.ids) and max(sizes) < words_at_once + longest


def test_in_parts_each_word_is_a_center_with_neighbors_of_its_sentence():
    whole, parts = toy.data(), toy.data(words_at_once=300)
    assert len(parts.parts) > 3
    assert parts.num_centers == whole.num_centers == len(whole.words().ids)
    assert len(parts) == len(list(parts.examples()))
    parts.epoch = 0
    examples = all_examples(parts)
    centers = np.bincount([center for center, _, _ in examples])
    assert (centers == np.bincount(whole.words().ids)).all()
    together = set()  # pairs of words that are within a window of each other anywhere
    for line in toy.sentences():
        words = [parts.vocab[w] for w in line if parts.vocab[w] != parts.vocab.unk]
        together |= {
            (words[i], words[j])
            for i in range(len(words))
            for j in range(max(0, i - 2), min(len(words), i + 3))
        }
    assert {(c, o) for c, contexts, _ in examples for o in contexts} <= together
    parts.epoch = 0
    pairs = sum(len(contexts) + len(noise) for _, contexts, noise in all_examples(parts))
    parts.epoch = 0
    assert parts.num_pairs == pairs


def test_parts_come_in_another_order_each_epoch():
    data = toy.data(words_at_once=100)
    first = [[batch.centers.tolist() for batch in data.examples()] for _ in range(2)]
    assert first[0] != first[1]
    data.epoch = 0
    assert [batch.centers.tolist() for batch in data.examples()] == first[0]


@pytest.mark.parametrize("redraw", [True, False])
@pytest.mark.parametrize("words_at_once", [300, 10_000])
def test_an_epoch_can_begin_at_any_of_its_batches(redraw, words_at_once):
    options = {"redraw": redraw, "words_at_once": words_at_once, "threshold": 0.1}
    data = toy.data(32, **options)
    with data.at_epoch(1):
        whole = [toy.split(batch) for batch in data.examples()]
    for start in range(len(whole) + 2):
        with data.at_epoch(1):
            rest = [toy.split(batch) for batch in data.examples(start)]
        assert rest == whole[start:]


def test_after_an_error_at_another_epoch_the_coming_one_is_as_before():
    data = toy.data(redraw=True)
    data.epoch = 3
    with pytest.raises(KeyError), data.at_epoch(1):
        assert data.epoch == 1
        raise KeyError
    assert data.epoch == 3


def test_looking_at_the_data_meanwhile_does_not_disturb_its_parts():
    data, twin = (toy.data(words_at_once=200, redraw=True) for _ in range(2))
    expected = all_examples(twin)
    seen = []
    for batch in data.examples():
        seen += toy.split(batch)
        assert data.num_pairs and len(data.words(1).ids)
    assert seen == expected


# Runs of neighbors that share their noise words


def pairs_of(examples):
    """Count how often each center has each word as a context."""
    return Counter(
        (center, context)
        for center, contexts, _ in toy.split(examples)
        for context in contexts
    )


def pairs_of_runs(runs):
    """Count the same in `Runs`."""
    found, ends = Counter(), np.cumsum(runs.num_others)
    others = np.split(runs.others, ends[:-1])
    run = np.repeat(np.arange(len(ends)), runs.num_centers)
    for i, center in enumerate(runs.centers):
        place = runs.place[i]
        for j in range(place - runs.left[i], place + runs.right[i] + 1):
            assert j >= runs.num_noise[run[i]]
            if j != place:
                found[int(center), int(others[run[i]][j])] += 1
    return found


@pytest.mark.parametrize("run_length, num_shared_noise", [(16, 32), (1, 5), (7, 3), (8, 0)])
def test_runs_have_the_centers_and_contexts_of_the_examples(run_length, num_shared_noise):
    data = toy.data(redraw=True, run_length=run_length, num_shared_noise=num_shared_noise)
    examples, pairs, runs = list(data.examples()), Counter(), Counter()
    data.epoch = 0
    minibatches = list(data.runs())
    assert len(minibatches) == len(examples)
    assert sum(each.num_pairs for each in minibatches) == sum(e.num_pairs for e in examples)
    for each in examples:
        pairs += pairs_of(each)
    for each in minibatches:
        assert len(each.centers) <= data.batch_size
        runs += pairs_of_runs(each)
    assert runs == pairs


def test_runs_can_begin_with_any_minibatch_and_any_epoch():
    data = toy.data(16, redraw=True)
    for epoch in (0, 3):
        data.epoch = epoch
        everything = list(data.runs())
        data.epoch = epoch
        rest = list(data.runs(start=40))
        for ours, theirs in zip(rest, everything[40:], strict=True):
            for one, other in zip(ours, theirs, strict=True):
                np.testing.assert_array_equal(one, other)


def test_noise_words_of_runs_are_drawn_as_often_as_they_should():
    data = toy.data(num_shared_noise=1000)
    drawn = np.zeros(len(data.vocab))
    for runs in data.runs():
        starts = np.cumsum(runs.num_others) - runs.num_others
        for start, count in zip(starts, runs.num_noise, strict=True):
            drawn += np.bincount(runs.others[start : start + count], minlength=len(drawn))
    n, expected = drawn.sum(), data.tables.probabilities
    error = np.sqrt(expected * (1 - expected) / n) + 1e-12
    assert (abs(drawn / n - expected) < 5 * error).all()


@pytest.mark.parametrize(
    "batch_size, run_length, expected",
    [
        (512, 16, 16),
        (512, 1000, 512),
        (10, 16, 10),
        (1, 16, 1),
        (509, 16, 1),
        (500, 16, 10),
    ],
)
def test_the_length_of_runs_divides_the_batch(batch_size, run_length, expected):
    assert toy.data(batch_size, run_length=run_length).run_length == expected
