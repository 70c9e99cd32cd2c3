"""Feedback: right answers of any style pass, each known mistake gets its own words."""

import copy
import itertools
import re
from fractions import Fraction

import numpy as np
import pytest
import scipy.sparse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from w2v_lesson import minibatches, sampling
from w2v_lesson.by_hand import step
from w2v_lesson.classroom import checks
from w2v_lesson.classroom.checks import NO_RETURN, NOT_YET, check, progress, same
from w2v_lesson.classroom.exercises import CHAPTERS, EXERCISES

VALUES = [name for name, each in EXERCISES.items() if each.inputs is None]
FUNCTIONS = [name for name, each in EXERCISES.items() if each.inputs is not None]
MISTAKES = [(name, *pair) for name, each in EXERCISES.items() for pair in each.mistakes]


@pytest.fixture(autouse=True)
def nothing_solved(monkeypatch):
    monkeypatch.setattr(checks, "_results", {})


# The exercises


@pytest.mark.parametrize("name", EXERCISES)
def test_the_right_answer_passes(name):
    feedback = check(name, EXERCISES[name].right)
    assert feedback.solved is True
    assert repr(feedback) == f"✓ Right. {EXERCISES[name].praise}"


@pytest.mark.parametrize(
    "solved, text, color, first",
    [
        (True, "✓ Right. Well: `a < b`.", "#009E73", "Right."),
        (False, "✗ Not yet. See `a < b`.", "#D55E00", "Not yet."),
        (None, "○ Not attempted yet: put `a < b`.", "#767676", "Not attempted yet:"),
    ],
)
def test_feedback_on_a_page_has_a_sign_a_color_and_rendered_code(
    solved, text, color, first
):
    made = checks.Feedback(solved, text)._repr_html_()
    assert made.count(f"border-left:4px solid {color}") == 1
    assert f'aria-hidden="true">{text[0]}</span> <b>{first}</b>' in made
    assert "<code>a &lt; b</code>" in made and "`" not in made


@pytest.mark.parametrize("name", EXERCISES)
def test_every_feedback_can_be_rendered(name):
    for answer in (EXERCISES[name].right, ..., "x", lambda *_: 1 / 0):
        assert check(name, answer)._repr_html_().startswith("<div")


@pytest.mark.parametrize("name, answer, text", MISTAKES)
def test_each_known_mistake_gets_its_own_words(name, answer, text):
    feedback = check(name, answer)
    assert feedback.solved is False
    assert feedback.text == f"✗ Not yet. {text}"


def outcomes(name, answer):
    """Return the value itself, or what a function returns for each input."""
    inputs = EXERCISES[name].inputs
    return [answer] if inputs is None else checks._all_of(answer, inputs)


@pytest.mark.parametrize("name", EXERCISES)
def test_mistakes_differ_from_the_right_answer_and_from_each_other(name):
    each = EXERCISES[name]
    tolerance = (
        checks.BY_HAND_TOLERANCE if each.inputs is None else checks.ARITHMETIC_TOLERANCE
    )
    results = [
        outcomes(name, answer)
        for answer in [each.right, *(m.answer for m in each.mistakes)]
    ]
    for one, other in itertools.combinations(results, 2):
        assert not all(same(*pair, tolerance) for pair in zip(one, other, strict=True))


def test_chapters_share_no_name():
    assert len(EXERCISES) == sum(map(len, CHAPTERS.values()))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_chapter_has_two_or_three_with_three_mistakes_or_more(chapter):
    exercises = CHAPTERS[chapter].values()
    assert len(exercises) in (2, 3)
    assert all(len(each.mistakes) >= 3 for each in exercises)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_missing_return_is_told(name):
    def forgetful(*inputs):
        result = EXERCISES[name].right(*inputs)  # noqa: F841

    feedback = check(name, forgetful)
    assert feedback.solved is False
    assert feedback.text == NO_RETURN


@pytest.mark.parametrize("name", VALUES)
def test_a_function_in_place_of_a_value_is_told(name):
    assert "asks for a value" in check(name, lambda: 3).text


@pytest.mark.parametrize("name", EXERCISES)
def test_what_is_left_alone_is_said_to_be_so_kindly(name):
    stub = lambda *_: None  # noqa: E731
    answers = [...] if name in VALUES else [..., stub, lambda *_: ...]
    for answer in answers:
        feedback = check(name, answer)
        assert feedback.solved is None
        assert feedback.text == NOT_YET


@pytest.mark.parametrize("name", EXERCISES)
def test_another_wrong_answer_gets_a_hint(name):
    wrong = "nonsense" if name in VALUES else lambda *_: "nonsense"
    feedback = check(name, wrong)
    assert feedback.solved is False
    assert EXERCISES[name].hint in feedback.text


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_that_stops_is_told_why(name):
    def broken(*_):
        raise OSError("this <way>")

    text = check(name, broken).text
    assert "Your function raises OSError: this <way>. It was given" in text


@pytest.mark.parametrize("answer, kind", [("seven", "text"), ({"a": 1}, "a dictionary")])
def test_an_answer_of_another_kind_is_told_so(answer, kind):
    numbers = [n for n, e in EXERCISES.items() if isinstance(e.right, (int, float))]
    for name in numbers:
        text = check(name, answer).text
        assert f"The right answer is a number, and yours is {kind}." in text


def test_another_error_than_that_of_a_known_mistake_is_shown():
    def broken(word, other, vectors):
        if word in vectors and other in vectors:
            return EXERCISES["cosine"].mistakes[3].answer(word, other, vectors)
        raise TypeError("of some other kind")

    assert (
        "Your function raises TypeError: of some other kind."
        in check("cosine", broken).text
    )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_value_in_place_of_a_function_is_told(name):
    assert "asks for a function" in check(name, 3).text


class Contrary:
    """A value that can't be compared."""

    def __eq__(self, other):
        raise ValueError("neither equal nor different")

    __hash__ = None


class Silent:
    """A value that can't even be printed."""

    def __repr__(self):
        raise ValueError("no words")


class Unreadable:
    """An object that looks like an array but isn't one."""

    def tolist(self):
        raise RuntimeError("no numbers")


def endless():
    items = []
    items.append(items)
    return items


# Made on demand: a generator can be read only once.
STRANGE = {
    "raises when compared": Contrary,
    "list of what raises when compared": lambda: [Contrary()] * 4,
    "array of what raises when compared": lambda: np.array([Contrary(), 1], object),
    "array of arrays": lambda: np.array([np.arange(2), np.arange(3)], object),
    "raises when printed": Silent,
    "raises when read": Unreadable,
    "generator that raises": lambda: (1 / 0 for _ in range(3)),
    "contains itself": endless,
    "too large for a float": lambda: 10**400,
    "too large to print": lambda: 10**5000,
    "set of sets": lambda: {frozenset({"a"}), frozenset({"b"})},
    "sparse matrix": lambda: scipy.sparse.eye(3).tocsr(),
    "error with broken words": lambda: ValueError(Silent()),
}


@pytest.mark.parametrize("kind", STRANGE)
def test_the_strangest_answer_is_wrong_and_no_error(kind):
    make = STRANGE[kind]
    for name, each in EXERCISES.items():
        feedback = check(name, make() if name in VALUES else lambda *_: make())
        assert feedback.solved is False
        assert each.hint in feedback.text


def test_a_result_may_be_rounded_by_hand_but_a_count_is_exact():
    assert check("loss_of_a_quarter", 1.39).solved  # 1.3863
    assert check("num_steps", 60.2).solved is False
    assert check("swapped_shape", (513, 36, 1)).solved is False


def test_of_a_long_answer_the_beginning_is_shown():
    text = check("words_left", lambda *_: list(range(5000))).text
    assert "your function gives [0, 1, 2" in text
    assert len(text) < 2 * checks.MAX_SHOWN


def test_a_function_whose_error_cannot_be_printed_is_wrong():
    def broken(*_):
        raise ValueError(Silent())

    assert not any(check(name, broken).solved for name in FUNCTIONS)


def test_a_number_worked_out_by_hand_may_be_rounded():
    assert check("loss_of_a_quarter", 1.39).solved
    assert not check("loss_of_a_quarter", 1.4).solved


def test_integers_too_large_for_a_float_are_compared():
    assert same(10**400, 10**400)
    assert not same(10**400, 1.0)


def test_answers_of_pandas_are_judged_like_others():
    pandas = pytest.importorskip("pandas")
    scores = EXERCISES["scores"].right
    assert check("scores", lambda *x: pandas.Series(scores(*x))).solved
    assert check("scores", lambda *x: pandas.DataFrame(scores(*x))).solved
    assert check("survivors", pandas.Index(sorted(EXERCISES["survivors"].right))).solved
    frame = pandas.DataFrame({"a": [1, 2], "b": [3, 4]})
    assert same(frame, [[1, 3], [2, 4]]) and same(frame, frame)
    for wrong in (frame, frame["a"], pandas.NA, frame.groupby("a")):
        for name in EXERCISES:
            answer = wrong if name in VALUES else (lambda *_, wrong=wrong: wrong)
            assert check(name, answer).solved is False
    assert not same([1, pandas.NA], [1, 2])


# Right answers in other styles


def epoch_to_keep(heldout, patience):
    """With a count of epochs instead of a difference."""
    best, kept, waited = np.inf, 0, 0
    for epoch in range(1, len(heldout) + 1):
        waited += 1
        if heldout[epoch - 1] < best:
            best, kept, waited = heldout[epoch - 1], epoch, 0
        if waited == patience:
            return kept
    return kept


def cosine(word, other, vectors):
    for each in (word, other):
        if each not in vectors or each == "<unk>":
            return None
    x, w = (vectors[each] / np.linalg.norm(vectors[each]) for each in (word, other))
    return x @ w


def analogy(a, b, c, vectors):
    words, rows = list(vectors), np.stack(list(vectors.values()))
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    cosines = rows @ (vectors[b] - vectors[a] + vectors[c])
    return next(words[i] for i in np.argsort(-cosines) if words[i] not in {a, b, c})


def contexts_of(sentence_of, center, size):
    places = np.arange(len(sentence_of))
    near = (abs(places - center) <= size) & (places != center)
    return np.flatnonzero(near & (sentence_of == sentence_of[center]))


def table_gradient(v, others, labels, table_u):
    """From the gradient of each pair, as the chapter's own module computes it."""
    grad = np.zeros(table_u.shape)
    np.add.at(grad, others, step(v, table_u[others], labels, 1.0).grad_U)
    return grad


def words_without_numbers(sentence):
    """Letter by letter, without a pattern."""
    letters = "".join(c if c.isalpha() or c == "'" else " " for c in sentence.lower())
    cut = letters.replace("''", " ").split()
    return [part for word in cut for part in [word.strip("'")] if part]


def subwords(word, min_n, max_n):
    """By cutting off the start of the text again and again, without counting positions."""
    text = "<" + word + ">"
    starts = [text[i:] for i in range(len(text))]
    return {rest[:n] for rest in starts for n in range(min_n, max_n + 1) if n <= len(rest)}


def padded_cells(lengths, batch_size):
    rows = np.full(-(-len(lengths) // batch_size) * batch_size, np.nan)
    rows[: len(lengths)] = lengths
    rows = rows.reshape(-1, batch_size)
    return np.nansum(np.nanmax(rows, axis=1, keepdims=True) - rows)


ROWS = st.integers(1, 5)
SHARE = st.floats(0.01, 1)
REAL = st.floats(-3, 3).map(lambda x: round(x, 2))


def lists(items, size):
    return st.lists(items, min_size=size, max_size=size)


def with_mask(items):
    """Rows of one length and their mask, at least one real cell in each row."""

    def pad(rows):
        wide = max(map(len, rows))
        mask = [[1] * len(row) + [0] * (wide - len(row)) for row in rows]
        return [row + [0] * (wide - len(row)) for row in rows], mask

    rows = st.lists(items, min_size=1, max_size=5)
    return st.lists(rows, min_size=1, max_size=4).map(pad)


def one_center(n):
    others, labels = lists(st.integers(0, 3), n), lists(st.integers(0, 1), n)
    return st.tuples(lists(REAL, 3), others, labels, TABLE)


def one_majority(inputs):
    sizes = np.sort(np.bincount(inputs[0], minlength=2))
    return sizes[-1] > sizes[-2]


TABLE = lists(lists(REAL, 3), 4)
PLACES = st.lists(st.integers(0, 3), min_size=2, max_size=9).map(sorted)
# For each function: an answer in NumPy's style, and inputs like those of the exercise.
WORD = st.sampled_from("abcde")


def packed_row(sizes):
    """A row with these numbers of contexts, noise words, and padding cells, with mask and label."""
    contexts, noise_words, rest = sizes
    words = contexts + noise_words
    return st.tuples(
        st.lists(st.integers(0, 9), min_size=words, max_size=words).map(
            lambda row: row + [0] * rest
        ),
        st.just([1] * words + [0] * rest),
        st.just([1] * contexts + [0] * (noise_words + rest)),
    )


STYLES = {
    "sampling_weights": (
        lambda tokens, counter: (
            np.array([counter[token] for token in tokens]) ** 0.75
            * (np.array(tokens) != "<unk>")
        ),
        st.permutations(["<unk>", "the", "chip", "of"]).map(
            lambda tokens: (tokens, {token: 3 * i for i, token in enumerate(tokens)})
        ),
    ),
    "mutual": (
        lambda word, nearest: (n for n in nearest[word] if word in list(nearest[n])),
        st.fixed_dictionaries(
            {
                w: st.permutations(sorted("abcd".replace(w, ""))).map(lambda each: each[:2])
                for w in "abcd"
            }
        ).map(lambda nearest: ("a", nearest)),
    ),
    "words_left": (
        lambda counts, t: counts @ minibatches.keep_probability(counts, t),
        st.tuples(st.lists(st.integers(1, 999), min_size=1), SHARE),
    ),
    "contexts_of": (
        contexts_of,
        PLACES.flatmap(
            lambda places: st.tuples(
                st.just(places), st.integers(0, len(places) - 1), st.integers(1, 5)
            )
        ),
    ),
    "unpack": (
        lambda row, mask, label: [
            list(np.array(row)[(mask == 1) & (label == each)]) for each in (1, 0)
        ],
        st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(0, 3)).flatmap(
            packed_row
        ),
    ),
    "scores": (
        lambda center, others, v, u: u[others] @ v[center],
        st.tuples(st.integers(0, 3), st.lists(st.integers(0, 3), min_size=1), TABLE, TABLE),
    ),
    "rows_touched": (
        lambda words, masks: np.unique(words[masks == 1]).size,
        with_mask(st.integers(0, 5)),
    ),
    "mean_per_pair": (
        lambda losses, mask: np.average(losses, weights=mask),
        with_mask(REAL),
    ),
    "table_gradient": (table_gradient, ROWS.flatmap(one_center)),
    "last_epoch_loss": (
        lambda means: np.diff(means * np.arange(1, len(means) + 1))[-1],
        st.tuples(st.lists(SHARE, min_size=2)),
    ),
    "epoch_to_keep": (
        epoch_to_keep,
        st.tuples(st.lists(SHARE, min_size=1), st.integers(1, 4)),
    ),
    "cosine": (
        cosine,
        st.tuples(
            st.sampled_from("abc"),
            st.sampled_from(["a", "<unk>"]),
            st.fixed_dictionaries({w: lists(SHARE, 2) for w in ("a", "b", "<unk>")}),
        ),
    ),
    "analogy": (analogy, None),
    "coverage": (
        lambda pairs, known: np.isin(pairs, known).all(axis=1).mean(),
        st.tuples(
            st.lists(st.tuples(WORD, WORD), min_size=1),
            st.lists(WORD, min_size=1, unique=True),
        ),
    ),
    "overlap": (
        lambda one, other: np.isin(one, other).mean(),
        st.tuples(
            st.lists(WORD, min_size=3, max_size=3, unique=True),
            st.lists(WORD, min_size=3, max_size=3, unique=True),
        ),
    ),
    "majority_accuracy": (
        lambda train, test: np.mean(test == np.bincount(train).argmax()),
        st.tuples(
            lists(st.integers(0, 3), 5), st.lists(st.integers(0, 3), min_size=1)
        ).filter(one_majority),
    ),
    "accuracy_to_report": (
        lambda valid, test: test[np.argmax(valid)],
        ROWS.flatmap(lambda n: st.tuples(lists(SHARE, n), lists(SHARE, n))),
    ),
    "centers_per_second": (
        lambda centers, seconds: centers.mean() / seconds.mean(),
        ROWS.flatmap(lambda n: st.tuples(lists(st.integers(1, 999), n), lists(SHARE, n))),
    ),
    "mean_gradient": (
        lambda sums, counts: sums.sum(axis=0) / counts.sum(),
        ROWS.flatmap(
            lambda n: st.tuples(lists(lists(REAL, 2), n), lists(st.integers(1, 99), n))
        ),
    ),
    "padded_cells": (
        padded_cells,
        st.tuples(st.lists(st.integers(1, 60), min_size=1), ROWS),
    ),
    "tokenize": (words_without_numbers, st.tuples(st.text("abC'1 ,-.", max_size=20))),
    "subwords": (
        subwords,
        st.tuples(
            st.text("abc", min_size=1, max_size=8), st.integers(2, 3), st.integers(3, 5)
        ),
    ),
    "share_dropped": (
        lambda counts, least: np.average(counts < least, weights=counts),
        st.tuples(st.lists(st.integers(1, 9), min_size=1), st.integers(1, 9)),
    ),
}


def of_numpy(value):
    return checks._as_array(value, np.array)


def test_each_exercise_with_a_function_has_an_answer_in_another_style():
    assert set(STYLES) == set(FUNCTIONS), "add it to STYLES"


@pytest.mark.parametrize("name", STYLES)
def test_a_right_answer_in_the_style_of_numpy_passes(name):
    assert check(name, STYLES[name][0], array=np.array).solved


@pytest.mark.parametrize("name", [n for n in STYLES if STYLES[n][1] is not None])
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_right_is_so_whatever_the_input_and_the_style(name, data):
    style, strategy = STYLES[name]
    inputs = data.draw(strategy)
    assert same(style(*map(of_numpy, inputs)), EXERCISES[name].right(*inputs))


def single(kind):
    return lambda value: kind(value) if isinstance(value, (int, float)) else value


def sequence(kind):
    def restyle(value):
        return kind(value) if isinstance(value, (list, set)) else value

    return restyle


KINDS = [
    single(np.float32),
    single(np.array),
    single(lambda x: [x]),
    sequence(list),
    sequence(tuple),
    sequence(iter),
    sequence(lambda x: np.array(list(x))),
    sequence(lambda x: {each: 0 for each in x}.keys() if isinstance(x, set) else x),
    sequence(lambda x: reversed(list(x)) if isinstance(x, set) else x),
]


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_right_answer_of_any_kind_passes(name, kind):
    right = EXERCISES[name].right
    value = right if name in FUNCTIONS else kind(right)
    answer = (lambda *inputs: kind(right(*inputs))) if name in FUNCTIONS else value
    assert check(name, answer).solved


def mxnet_styles():
    """Answers in Gluon's own style, where numbers are float32 and results are arrays."""
    from mxnet import np as mx_np
    from mxnet import npx

    npx.set_np()
    return mx_np.array, {
        "scores": lambda center, others, v, u: mx_np.dot(u[others], v[center]),
        "mean_per_pair": lambda losses, mask: (losses * mask).sum() / mask.sum(),
        "words_left": lambda counts, t: (
            counts * mx_np.minimum(1, mx_np.sqrt(t * counts.sum() / counts))
        ).sum(),
        "last_epoch_loss": EXERCISES["last_epoch_loss"].right,
        "contexts_of": EXERCISES["contexts_of"].right,
        "epoch_to_keep": epoch_to_keep,
    }


def test_a_right_answer_in_the_style_of_mxnet_passes():
    array, styles = mxnet_styles()
    assert [check(name, style, array=array).solved for name, style in styles.items()] == [
        True
    ] * len(styles)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_answer_that_is_wrong_once_is_wrong(name):
    each = EXERCISES[name]
    for wrong in range(len(each.inputs)):
        trial = itertools.count()

        def nearly(*inputs, wrong=wrong, trial=trial, right=each.right):
            return "wrong" if next(trial) == wrong else right(*inputs)

        feedback = check(name, nearly)
        assert feedback.solved is False
        assert "your function gives 'wrong'" in feedback.text


def test_contexts_are_those_of_the_package():
    sentence_of = np.repeat(np.arange(20), np.arange(20) % 7 + 1).astype(np.int32)
    left, right = sampling.draw_windows(sentence_of, 5, sampling.derive_seeds(0)[1])
    for center in range(len(sentence_of)):
        size = max(left[center], right[center])
        contexts = EXERCISES["contexts_of"].right(list(sentence_of), center, size)
        first, last = center - left[center], center + right[center]
        assert contexts == set(range(first, last + 1)) - {center}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_check_does_not_change_what_it_tries(name):
    def spoil(*inputs):
        for each in inputs:
            if isinstance(each, (list, dict)):
                spoil(*(each.values() if isinstance(each, dict) else each))
                each.clear()
        return 0

    before = copy.deepcopy(EXERCISES[name].inputs)
    check(name, spoil)
    assert EXERCISES[name].inputs == before
    assert check(name, EXERCISES[name].right).solved


# The progress of a chapter


def test_progress_counts_what_is_solved_and_names_the_rest():
    name, names = "words_left", list(CHAPTERS["01"])
    assert progress("01").startswith(f"Chapter 01: 0 of {len(names)} exercises solved.")
    check(name, EXERCISES[name].right)
    assert f"1 of {len(names)}" in progress("01")
    assert name not in progress("01")
    check(name, lambda *_: 7)
    assert name in progress("01")
    for each in names:
        check(each, EXERCISES[each].right)
    assert progress("01").endswith("exercises solved. Well done!")


def test_progress_shows_without_quotes():
    assert repr(progress("00")) == progress("00")


def test_an_unknown_exercise_or_chapter_names_those_that_are_there():
    with pytest.raises(KeyError, match="words_left"):
        check("word_left", 1)
    with pytest.raises(KeyError, match="01"):
        progress("1")


# What counts as the same

numbers = st.floats(-1e6, 1e6, allow_nan=False)
nested = st.recursive(numbers, lambda inner: st.lists(inner, min_size=2, max_size=4))


@given(nested)
def test_lists_tuples_and_rounding_make_no_difference(value):
    def restyle(each):
        return tuple(map(restyle, each)) if isinstance(each, list) else each * (1 + 1e-6)

    assert same(value, restyle(value))


@given(numbers, st.floats(1e-3, 10))
def test_numbers_that_differ_are_different(value, step):
    assert not same(value, value + step * max(1, abs(value)))


@given(st.lists(numbers, min_size=2, max_size=9))
def test_arrays_are_the_same_as_lists_and_a_longer_one_is_not(values):
    assert same(np.array(values), values)
    assert not same(values, [*values, 0.0])


@pytest.mark.parametrize(
    "one, other, equal",
    [
        (np.float32(0.1), 0.1, True),
        (np.array([0.5]), 0.5, True),
        (True, 1, True),
        ("a", "a", True),
        ("1", 1, False),
        (None, 0, False),
        ([1, 2], 3, False),
        (["b", "a"], {"a", "b"}, True),
        (np.array([2, 1]), {1, 2}, True),
        ([3], {3}, True),
        (["a", "a", "b"], {"a", "b"}, False),
        (["a"], {"a", "b"}, False),
        ([], set(), True),
        ([[1]], {1}, True),
        ([[1, 2]], {1}, False),
        (" Chip", "chip", True),
        (range(1, 3), [1, 2], True),
        ([np.float32(0.5), np.array(2)], [0.5, 2], True),
        (float("nan"), 1.0, False),
        (0.001, 0.0, False),
        (0.1 + 0.2 - 0.3, 0.0, True),  # 6e-17
        (Fraction(1, 3), 1 / 3, True),
        (np.float32(1 / 3), Fraction(2, 3), False),
        ({frozenset({"a"}), "b"}, [{"a"}, "b"], True),
        ([True, False], [1, 0], True),
    ],
)
def test_same(one, other, equal):
    assert same(one, other) is equal


def test_a_rounded_answer_is_told_apart_from_the_right_one():
    right = EXERCISES["words_left"].right
    text = check("words_left", lambda *given: round(right(*given))).text
    given, asked = re.search(
        r"gives ([^ ]+), but the right answer is ([^ ]+)\. ", text
    ).groups()
    assert given == str(round(float(asked))) != asked
