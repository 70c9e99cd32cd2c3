"""The compiled draws follow the formulas, and are the same in any order."""

from itertools import groupby

import numba
import numpy as np
import pytest
import toy
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from w2v_lesson import sampling
from w2v_lesson.sampling import (
    NoiseTables,
    Words,
    below,
    derive_seeds,
    draw_examples,
    draw_windows,
    noise_tables,
    noise_weights,
    random_bits,
    subsample,
)

KEY = np.uint64(0x123456789ABCDEF)
PLACES = 40_000
any_key = st.integers(0, 2**64 - 1).map(np.uint64)


def stream(key, places=PLACES):
    """Return the bits of this key for the first places, as uint64."""
    bits = (random_bits(np.uint64(key), place) for place in range(places))
    return np.fromiter(bits, np.uint64, places)


def is_uniform(values, n):
    seen = np.bincount(values.astype(np.int64), minlength=n)
    return len(seen) == n and chisquare(seen).pvalue > 1e-3


# Random bits and derive_seeds


def test_random_bits_are_those_of_splitmix64():
    # Published test values of splitmix64 for the seed 1234567.
    expected = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert stream(1234567, 5).tolist() == expected


@pytest.mark.parametrize("key", [0, 1, KEY, 2**64 - 1])
def test_random_bits_are_uniform_in_their_high_and_low_part(key):
    bits = stream(key)
    assert is_uniform(bits >> np.uint64(56), 256)
    assert is_uniform(bits & np.uint64(255), 256)


def test_each_random_bit_is_set_half_the_time():
    bits = stream(KEY)
    shares = [np.mean((bits >> np.uint64(i)) & np.uint64(1)) for i in range(64)]
    np.testing.assert_allclose(shares, 0.5, atol=5 * 0.5 / np.sqrt(PLACES))


def test_random_bits_of_one_place_are_uniform_over_the_keys():
    bits = (random_bits(np.uint64(key), 7) for key in range(PLACES))
    bits = np.fromiter(bits, np.uint64, PLACES)
    assert is_uniform(bits >> np.uint64(56), 256)
    assert is_uniform(bits & np.uint64(255), 256)


@pytest.mark.parametrize("other", [int(KEY) + 1, int(KEY) ^ 1 << 63, 0])
def test_distinct_keys_give_uncorrelated_streams(other):
    ours, theirs = stream(KEY), stream(other)
    differ = ours ^ theirs
    shares = [np.mean((differ >> np.uint64(i)) & np.uint64(1)) for i in range(64)]
    np.testing.assert_allclose(shares, 0.5, atol=5 * 0.5 / np.sqrt(PLACES))
    correlation = np.corrcoef(ours.astype(float), theirs.astype(float))[0, 1]
    assert abs(correlation) < 4 / np.sqrt(PLACES)


def test_neighboring_places_are_uncorrelated():
    bits = stream(KEY)
    both = (bits[:-1] >> np.uint64(60)) * np.uint64(16) + (bits[1:] >> np.uint64(60))
    assert is_uniform(both, 256)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 100, 6719])
def test_whole_numbers_below_n_are_in_range_and_equally_likely(n):
    drawn = np.array([below(bits, n) for bits in stream(KEY)])
    assert drawn.min() >= 0
    assert drawn.max() < n
    groups = min(n, 50)  # enough draws in each
    expected = np.bincount(np.arange(n) * groups // n) / n * len(drawn)
    seen = np.bincount(drawn * groups // n, minlength=groups)
    assert n == 1 or chisquare(seen, expected).pvalue > 1e-3


@given(bits=any_key, n=st.integers(1, 2**31))
def test_whole_numbers_below_n_split_the_range_evenly(bits, n):
    assert below(bits, n) == (int(bits) >> 32) * n >> 32


def test_keys_differ_for_each_purpose_seed_and_epoch():
    drawn = [derive_seeds(seed, 0, epoch) for seed in range(40) for epoch in range(40)]
    assert {(k.dtype, k.shape) for k in drawn} == {(np.dtype(np.uint64), (3,))}
    assert len(np.unique(drawn)) == 3 * 1600
    np.testing.assert_array_equal(derive_seeds(3, 0, 5), drawn[3 * 40 + 5])


# Subsampling


def test_subsampling_keeps_words_as_often_as_the_probability_says():
    ids = np.tile(np.arange(3, dtype=np.int32), 20_000)
    keep = np.array([1.0, 0.5, 0.1])
    kept, _ = subsample(ids, np.zeros_like(ids), keep, KEY)
    shares = np.bincount(kept) / 20_000
    np.testing.assert_allclose(shares, keep, atol=0.015)  # four standard deviations
    assert shares[0] == 1.0


def test_subsampling_decides_for_each_word_by_itself():
    ids = np.arange(20_000, dtype=np.int32)
    kept, _ = subsample(ids, np.zeros_like(ids), np.full(len(ids), 0.5), KEY)
    stays = np.isin(ids, kept)
    both = 2 * stays[:-1] + stays[1:]
    assert is_uniform(both, 4)


def test_subsampling_drops_sentences_left_with_one_word():
    ids = np.array([5, 5, 5, 5, 5, 5], dtype=np.int32)
    sentence_of = np.array([0, 2, 2, 3, 7, 7], dtype=np.int32)
    kept = subsample(ids, sentence_of, np.ones(6), KEY)
    assert kept[1].tolist() == [2, 2, 7, 7]
    assert len(kept[0]) == 4


def test_subsampling_drops_a_last_sentence_left_with_one_word():
    ids = np.array([1, 2, 3, 0, 4, 0, 0], dtype=np.int32)
    sentence_of = np.array([1, 1, 4, 4, 9, 9, 9], dtype=np.int32)
    kept = subsample(ids, sentence_of, np.array([0.0, 1, 1, 1, 1]), KEY)
    assert [array.tolist() for array in kept] == [[1, 2], [1, 1]]


def subsample_in_plain_python(ids, sentence_of, kept_words):
    """Apply the definition, for words that either always stay or never do."""
    left = [(s, i) for s, i in zip(sentence_of, ids, strict=True) if i in kept_words]
    sentences = [list(group) for _, group in groupby(left, key=lambda pair: pair[0])]
    return [pair for group in sentences if len(group) >= 2 for pair in group]


@settings(max_examples=150)
@given(
    sentences=st.lists(st.lists(st.integers(0, 5), max_size=6), max_size=10),
    kept_words=st.sets(st.integers(0, 5)),
    key=any_key,
)
def test_subsampling_is_that_of_the_definition(sentences, kept_words, key):
    ids = np.array([i for s in sentences for i in s], dtype=np.int32)
    numbers = np.arange(len(sentences), dtype=np.int32)
    sentence_of = np.repeat(numbers, [len(s) for s in sentences])
    keep = np.array([float(i in kept_words) for i in range(6)])
    kept_ids, kept_sentence_of = subsample(ids, sentence_of, keep, key)
    expected = subsample_in_plain_python(ids.tolist(), sentence_of.tolist(), kept_words)
    ours = list(zip(kept_sentence_of.tolist(), kept_ids.tolist(), strict=True))
    assert ours == expected


def test_subsampling_may_leave_nothing():
    ids = np.zeros(4, dtype=np.int32)
    kept, sentence_of = subsample(ids, ids, np.zeros(1), KEY)
    assert len(kept) == len(sentence_of) == 0


def test_subsampling_is_settled_by_the_key_and_leaves_its_input_alone():
    ids, sentence_of = toy.ptb_words("valid")
    before = ids.copy(), sentence_of.copy()
    keep = toy.ptb_data().keep
    first, again = (subsample(ids, sentence_of, keep, KEY) for _ in range(2))
    other = subsample(ids, sentence_of, keep, KEY + np.uint64(1))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first[0], other[0])
    np.testing.assert_array_equal((ids, sentence_of), before)
    assert first[0].dtype == first[1].dtype == np.int32


# Windows


def windows_in_plain_python(sentences, sizes):
    """Apply the definition: contexts of each word, from left to right."""
    sizes, windows = iter(sizes), []
    for words in sentences:
        for i in range(len(words)):
            size = next(sizes)
            near = range(max(0, i - size), min(len(words), i + size + 1))
            windows.append([words[j] for j in near if j != i])
    return windows


@settings(max_examples=150)
@given(
    lengths=st.lists(st.integers(1, 9), min_size=1, max_size=12),
    max_window_size=st.integers(1, 6),
    key=any_key,
)
def test_windows_are_those_of_the_definition(lengths, max_window_size, key):
    # Every position has a different word, so the center's own position would show up.
    ids = np.arange(sum(lengths))
    sentence_of = np.repeat(3 * np.arange(len(lengths), dtype=np.int32), lengths)
    left, right = draw_windows(sentence_of, max_window_size, key)
    ours = [
        [*ids[i - left[i] : i], *ids[i + 1 : i + 1 + right[i]]] for i in range(len(ids))
    ]
    # If a window is cut off on one side, the other side shows its size. If on both, any
    # size from the larger side on gives the same contexts.
    sizes = np.maximum(left, right)
    assert (sizes <= max_window_size).all()
    assert ((sizes >= 1) | (np.repeat(lengths, lengths) == 1)).all()
    sentences = np.split(ids, np.cumsum(lengths)[:-1])
    expected = windows_in_plain_python([s.tolist() for s in sentences], sizes)
    assert ours == expected
    assert left.dtype == right.dtype == np.int32


@pytest.mark.parametrize("max_window_size", [1, 2, 3, 5])
def test_all_window_sizes_are_equally_likely(max_window_size):
    n = 30_000  # one sentence, so that the number of contexts tells the size
    windows = draw_windows(np.zeros(n, dtype=np.int32), max_window_size, KEY)
    left, right = (side[max_window_size:-max_window_size] for side in windows)
    np.testing.assert_array_equal(left, right)
    assert left.min() == 1
    assert left.max() == max_window_size
    assert max_window_size == 1 or is_uniform(left - 1, max_window_size)


def test_windows_of_neighbors_are_drawn_independently():
    left, _ = draw_windows(np.zeros(30_000, dtype=np.int32), 3, KEY)
    sizes = left[3:] - 1
    assert is_uniform(3 * sizes[:-1] + sizes[1:], 9)


def test_windows_are_settled_by_the_key():
    same = np.zeros(1000, dtype=np.int32)
    first, again = draw_windows(same, 5, KEY), draw_windows(same, 5, KEY)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, draw_windows(same, 5, KEY + np.uint64(1)))


# Contexts and noise words


def noise_beside(contexts, tables, num_noise_words, centers=1, key=KEY):
    """Draw noise words for centers that all have these contexts, shape (centers, c * K)."""
    c = len(contexts)
    if not isinstance(tables, NoiseTables):
        tables = noise_tables(tables)
    ids = np.tile(np.array([0, *contexts], dtype=np.int32), centers)
    right = np.tile(np.array([c] + [0] * c, dtype=np.int32), centers)
    words = Words(ids, np.zeros_like(ids), right)
    rows = np.arange(centers) * (c + 1)
    others = draw_examples(words, rows, num_noise_words, tables, key).others
    others = others.reshape(centers, c * (1 + num_noise_words))
    assert (others[:, :c] == contexts).all()
    return others[:, c:]


def ptb_like_words(n=3_000):
    """Make `Words` of a random text, with a row of `left` and `right` for each word."""
    rng = np.random.default_rng(4)
    sentence_of = np.sort(rng.integers(0, n // 12, n)).astype(np.int32)
    ids = rng.integers(0, 40, n).astype(np.int32)
    return Words(ids, *draw_windows(sentence_of, 4, KEY))


TABLES = noise_tables(noise_weights(np.arange(1, 41)))


def by_center(examples, rows):
    """Return the words of each center: {row: words}."""
    return {row: words for row, (_, *words) in zip(rows, toy.split(examples), strict=True)}


def test_contexts_are_the_words_in_the_window_from_left_to_right():
    words = ptb_like_words()
    rows = np.random.default_rng(5).permutation(len(words.ids))[:500]
    examples = draw_examples(words, rows, 2, TABLES, KEY)
    for row, (center, contexts, noise) in zip(rows, toy.split(examples), strict=True):
        left, right = words.left[row], words.right[row]
        before = words.ids[row - left : row]
        after = words.ids[row + 1 : row + 1 + right]
        assert center == words.ids[row]
        assert contexts == (*before, *after)
        assert len(noise) == 2 * len(contexts)


def test_draw_others_lists_the_contexts_then_the_noise_words_of_each_center():
    ids = np.array([4, 5, 6, 7], dtype=np.int32)
    left = np.array([0, 1, 2, 0], dtype=np.int32)
    right = np.array([2, 1, 0, 0], dtype=np.int32)
    # Only word 1 can be drawn.
    tables = noise_tables(np.array([0, 1.0, 0, 0, 0, 0, 0, 0]))
    rows = np.array([2, 0])
    drawn = sampling.draw_others(ids, left, right, rows, 2, KEY, *tables)
    centers, others, starts, num_contexts = drawn
    assert centers.tolist() == [6, 4]
    assert others.tolist() == [4, 5, 1, 1, 1, 1, 5, 6, 1, 1, 1, 1]
    assert starts.tolist() == [0, 6, 12]
    assert num_contexts.tolist() == [2, 2]
    dtypes = [array.dtype for array in drawn]
    assert dtypes == [np.int32, np.int32, np.int64, np.int32]


@pytest.mark.parametrize(("centers", "num_noise_words"), [(1, 200_000), (2_000, 100)])
def test_draws_follow_the_formula(centers, num_noise_words):
    counts = np.array([300, 1, 0, 7, 50, 1000, 20, 20, 3])
    probabilities = noise_weights(counts)
    # The context is the word of count 0: no draw is refused.
    drawn = noise_beside([2], probabilities, num_noise_words, centers)
    seen = np.bincount(drawn.ravel(), minlength=len(counts))
    assert drawn.shape == (centers, num_noise_words)
    assert seen[2] == 0
    possible = counts > 0
    expected = drawn.size * probabilities[possible]
    assert chisquare(seen[possible], expected).pvalue > 1e-3


def test_draws_on_ptb_follow_the_formula_and_include_word_0():
    # The source never draws index 0, which it takes for <unk>; it is the word '#'.
    vocab, tables = toy.ptb_vocab(), toy.ptb_data().tables
    drawn = noise_beside([vocab.unk], tables, 100, centers=20_000)
    seen = np.bincount(drawn.ravel(), minlength=len(vocab))
    possible = np.arange(len(vocab)) != vocab.unk
    expected = drawn.size * tables.probabilities[possible]
    assert seen[vocab.unk] == 0
    assert seen[0] > 0
    assert chisquare(seen[possible], expected).pvalue > 1e-3


def test_noise_words_of_a_center_and_of_its_neighbors_are_drawn_independently():
    uniform = np.array([0.25, 0.25, 0.25, 0.25, 0])
    drawn = noise_beside([4], uniform, 100, centers=400)
    assert is_uniform((4 * drawn[:, :-1] + drawn[:, 1:]).ravel(), 16)
    for shift in range(5):  # and no center's row is a shifted copy of another one
        later, earlier = drawn[:, shift:], drawn[:, : 100 - shift]
        assert is_uniform((4 * later[:-1] + earlier[1:]).ravel(), 16)
        assert is_uniform((4 * earlier[:-1] + later[1:]).ravel(), 16)


@settings(max_examples=60)
@given(
    weights=st.lists(st.integers(0, 50), min_size=2, max_size=12).filter(any),
    contexts=st.lists(st.integers(0, 11), min_size=1, max_size=8),
    num_noise_words=st.integers(1, 4),
    key=any_key,
)
def test_noise_words_are_never_contexts_nor_impossible_words(
    weights, contexts, num_noise_words, key
):
    contexts = [word % len(weights) for word in contexts]
    probabilities = np.array(weights) / sum(weights)
    possible = set(np.flatnonzero(probabilities)) - set(contexts)
    if possible:
        drawn = noise_beside(contexts, probabilities, num_noise_words, 20, key)
        assert set(drawn.ravel()) <= possible
    else:
        with pytest.raises(ValueError, match="no noise word to draw"):
            noise_beside(contexts, probabilities, num_noise_words, 20, key)


def test_an_impossible_word_is_not_drawn_by_the_smallest_number_either():
    # One seed in 5 * 10^7 chooses word 0 with a height of exactly 0. We searched for it.
    seed, row = np.uint64(75_927_104), np.array([0])
    bits = int(random_bits(np.uint64(random_bits(seed, 0)), 0))
    assert (bits & 0xFFFFFF, (bits >> 32) * 3 >> 32) == (0, 0)
    words = Words(*np.array([[1, 1], [0, 1], [1, 0]], np.int32))
    tables = noise_tables([0.0, 0.5, 0.5])
    assert draw_examples(words, row, 1, tables, seed).others.tolist() == [1, 2]


def test_noise_words_where_contexts_are_all_words_but_a_very_rare_one():
    # Drawing again would hardly ever find the word; only the exact draw does.
    probabilities = np.array([0.5, 0.5 - 1e-12, 1e-12, 0.0])
    noise = noise_beside([0, 1], probabilities, 4, centers=50)
    assert noise.shape == (50, 8)
    assert (noise == 2).all()


@pytest.mark.parametrize(("centers", "num_noise_words"), [(1, 20_000), (20_000, 1)])
def test_drawing_very_rare_words_keeps_their_proportions(centers, num_noise_words):
    probabilities = np.array([1 - 4e-9, 1e-9, 3e-9, 0])
    noise = noise_beside([0], probabilities, num_noise_words, centers)
    drawn = np.bincount(noise.ravel(), minlength=3)
    assert drawn[0] == 0
    assert len(drawn) == 3
    assert chisquare(drawn[1:], [5_000, 15_000]).pvalue > 1e-3


@pytest.mark.parametrize(("centers", "num_noise_words"), [(1, 20_000), (20_000, 1)])
def test_drawing_again_keeps_the_proportions_of_the_words_left(centers, num_noise_words):
    noise = noise_beside([0], np.array([0.6, 0.1, 0.3]), num_noise_words, centers)
    drawn = np.bincount(noise.ravel(), minlength=3)
    assert drawn[0] == 0
    assert chisquare(drawn[1:], [5_000, 15_000]).pvalue > 1e-3


def test_noise_words_drawn_again_are_not_those_of_the_next_place():
    # Half of the noise words are drawn again, because they are the context.
    probabilities = np.array([0.5, *np.full(1000, 0.0005)])
    drawn = noise_beside([0], probabilities, 200, centers=50)
    for apart in range(1, 4):
        assert np.mean(drawn[:, :-apart] == drawn[:, apart:]) < 0.01


def draw_exactly(probabilities, contexts, draws):
    # Only the words in between are contexts, not the words 3 and 0 around them.
    words = np.array([3, *contexts, 0], dtype=np.int32)
    probabilities, last = np.array(probabilities), 1 + len(contexts)
    return [
        sampling._draw_exactly(bits, probabilities, words, 1, last)
        for bits in stream(KEY, draws)
    ]


def test_exact_draw_keeps_the_proportions_of_the_words_left():
    drawn = draw_exactly([0.2, 0.5, 0.0, 0.1, 0.2], [1, 1], 20_000)
    seen = np.bincount(drawn, minlength=5)
    assert seen[[1, 2]].tolist() == [0, 0]
    assert chisquare(seen[[0, 3, 4]], [8_000, 4_000, 8_000]).pvalue > 1e-3


def test_exact_draw_keeps_the_proportions_of_words_however_rare():
    drawn = draw_exactly([3e-300, 1.0, 0.0, 1e-300], [1], 20_000)
    seen = np.bincount(drawn, minlength=4)
    assert seen[[1, 2]].tolist() == [0, 0]
    assert chisquare(seen[[0, 3]], [15_000, 5_000]).pvalue > 1e-3


@pytest.mark.parametrize("bits", [0, 2**64 - 1])
def test_exact_draw_stays_among_the_possible_words_at_the_ends_of_the_range(bits):
    probabilities = np.array([0.0, 0.3, 0.1, 0.2, 0.4, 0.0])
    context = np.array([4], dtype=np.int32)
    drawn = sampling._draw_exactly(np.uint64(bits), probabilities, context, 0, 1)
    assert drawn == (1 if bits == 0 else 3)


def test_exact_draw_tells_that_no_word_is_left():
    assert set(draw_exactly([0.0, 0.7, 0.3, 0.0], [1, 2], 10)) == {-1}


def test_no_possible_noise_word_is_marked_and_the_others_are_drawn():
    ids = np.array([0, 1, 0, 2], dtype=np.int32)
    left = np.array([0, 1, 0, 0], dtype=np.int32)
    right = np.array([0, 1, 1, 0], dtype=np.int32)
    tables = noise_tables(np.array([1.0, 0.0, 0.0]))
    rows = np.array([1, 2])
    _, others, *_ = sampling.draw_others(ids, left, right, rows, 1, KEY, *tables)
    assert others.tolist() == [0, 0, -1, -1, 2, 0]


def test_no_possible_noise_word_is_a_clear_error():
    message = r"no noise word to draw: all words of the vocabulary \(2\) .*Give more text"
    with pytest.raises(ValueError, match=message):
        noise_beside([1, 2], np.array([0.0, 0.5, 0.5]), 1)


def test_more_noise_words_than_the_vocabulary_has():
    # They are drawn with replacement.
    noise = noise_beside([1, 0], np.array([0.2, 0.2, 0.3, 0.3]), 30, centers=50)
    assert noise.shape == (50, 60)
    assert set(noise.ravel()) == {2, 3}


# The same draws, no matter how they are made


@pytest.fixture
def restore_threads():
    before = numba.get_num_threads()
    yield
    numba.set_num_threads(before)


@pytest.mark.skipif(numba.config.NUMBA_NUM_THREADS < 2, reason="needs two threads")
def test_draws_are_the_same_on_one_and_two_threads(restore_threads):
    words, drawn = ptb_like_words(), []
    for threads in (1, 2):
        numba.set_num_threads(threads)
        drawn.append(draw_examples(words, np.arange(3_000), 5, TABLES, KEY))
    for ours, theirs in zip(*drawn, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("batch_size", [1, 7, 512])
def test_draws_are_the_same_whatever_the_batch_they_are_drawn_in(batch_size):
    words = ptb_like_words()
    rows = np.arange(len(words.ids))
    expected = by_center(draw_examples(words, rows, 5, TABLES, KEY), rows)
    mixed, ours = np.random.default_rng(6).permutation(rows), {}
    for batch in np.split(mixed, range(batch_size, len(mixed), batch_size)):
        ours |= by_center(draw_examples(words, batch, 5, TABLES, KEY), batch)
    assert ours == expected


def test_fewer_noise_words_are_the_first_of_more():
    words, rows = ptb_like_words(), np.arange(200)
    few = toy.split(draw_examples(words, rows, 2, TABLES, KEY))
    many = toy.split(draw_examples(words, rows, 5, TABLES, KEY))
    for (_, contexts, ours), (_, _, theirs) in zip(few, many, strict=True):
        assert ours == theirs[: 2 * len(contexts)]


def test_another_key_gives_other_noise_words_and_the_same_contexts():
    words, rows = ptb_like_words(), np.arange(3_000)
    one, two = (draw_examples(words, rows, 5, TABLES, KEY + np.uint64(i)) for i in range(2))
    contexts = toy.is_context(one)
    np.testing.assert_array_equal(one.others[contexts], two.others[contexts])
    equal = np.mean(one.others[~contexts] == two.others[~contexts])
    # As often as two random words; contexts rarely get in the way.
    assert equal == pytest.approx(np.sum(TABLES.probabilities**2), abs=0.01)


def test_drawing_leaves_the_words_and_tables_alone():
    words = ptb_like_words()
    before = [array.copy() for array in (*words, *TABLES)]
    draw_examples(words, np.arange(3_000), 5, TABLES, KEY)
    for array, copy in zip((*words, *TABLES), before, strict=True):
        np.testing.assert_array_equal(array, copy)
