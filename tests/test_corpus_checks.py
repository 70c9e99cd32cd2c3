"""A text that cannot be trained on is refused when the minibatches are made."""

import contextlib

import numpy as np
import pytest
import toy
from hypothesis import given, settings
from hypothesis import strategies as st

from w2v_lesson.minibatches import SkipGramData
from w2v_lesson.settings import Settings
from w2v_lesson.training import prepare_training
from w2v_lesson.vocabulary import Vocab, index_corpus

SENTENCES = [[f"w{i % 7}{j % 5}" for i in range(j, j + 9)] for j in range(50)]
VOCAB = Vocab(SENTENCES)
IDS, SENTENCE_OF = index_corpus(SENTENCES, VOCAB)


def data(ids=IDS, sentence_of=SENTENCE_OF, vocab=VOCAB, window=2, **options):
    return SkipGramData(
        ids, sentence_of, vocab, 8, window, 2, **{"threshold": 1.0} | options
    )


@given(st.lists(st.integers(-(2**40), 2**40), min_size=1, max_size=9), st.randoms())
@settings(max_examples=50)
def test_ids_of_another_vocabulary_are_refused(numbers, random):
    ids = IDS.astype(np.int64)
    for number in numbers:
        ids[random.randrange(len(ids))] = number
    if ids.min() >= 0 and ids.max() < len(VOCAB) and VOCAB.unk not in ids:
        assert len(list(data(ids)))
    else:
        with pytest.raises(ValueError, match="vocabulary"):
            data(ids)


@pytest.mark.parametrize("wrong", [[1, 2], None, "ids", IDS / 2, IDS > 3, IDS.astype(str)])
def test_what_is_no_array_of_whole_numbers_is_refused(wrong):
    with pytest.raises(TypeError, match="ids must be an array"):
        data(wrong)
    with pytest.raises(TypeError, match="sentence_of must be an array"):
        data(sentence_of=wrong)


@pytest.mark.parametrize(
    "sentence_of", [SENTENCE_OF[:-1], SENTENCE_OF[::-1], SENTENCE_OF - 1, SENTENCE_OF[None]]
)
def test_arrays_that_do_not_belong_together_are_refused(sentence_of):
    with pytest.raises(ValueError, match="sentence_of"):
        data(sentence_of=sentence_of)


@pytest.mark.parametrize("dtype", [np.int64, np.uint16])
def test_other_whole_numbers_and_strides_give_the_same_minibatches(dtype):
    wide = np.repeat(IDS.astype(dtype), 2)[::2]
    assert data(wide).fingerprint() == data().fingerprint()
    for ours, theirs in zip(data(wide), data(), strict=True):
        assert (ours.centers == theirs.centers).all()


def test_arrays_of_the_right_kind_are_not_copied():
    assert data().ids is IDS and data().sentence_of is SENTENCE_OF


@pytest.mark.parametrize("vocab", [None, len(VOCAB), VOCAB.idx_to_token])
def test_what_is_no_vocabulary_is_refused(vocab):
    with pytest.raises(TypeError, match="vocab"):
        data(vocab=vocab)


def test_a_vocabulary_without_counts_is_refused():
    unknown = Vocab.from_counts(VOCAB.idx_to_token, np.zeros(len(VOCAB)))
    with pytest.raises(ValueError, match="counts of these words are not known"):
        data(vocab=unknown)


@pytest.mark.parametrize(
    "options", [{"seed": -1}, {"seed": "a"}, {"threshold": 0}, {"threshold": "a"}]
)
def test_options_are_checked(options):
    (name,) = options
    with pytest.raises(ValueError, match=name):
        data(**options)


# Epochs without anything to train on


@given(st.integers(1, 6), st.integers(2, 30), st.floats(1e-4, 1.0), st.integers(0, 99))
@settings(max_examples=40)
def test_a_text_that_is_accepted_has_something_in_each_epoch(n, length, threshold, seed):
    sentences = [[f"w{i * j % 31}" for i in range(length)] for j in range(1, n + 1)]
    vocab = Vocab(sentences)
    words = index_corpus(sentences, vocab)
    options = {"threshold": threshold, "redraw": True, "seed": seed}
    try:
        found = SkipGramData(*words, vocab, 8, 1, 2, **options)
        found.check_epochs(0, 40)
    except ValueError as error:
        assert "two words" in str(error)
        return
    for epoch in range(40):
        with found.at_epoch(epoch):
            assert len(found) > 0


def test_what_is_negligible_is_not_tried_and_what_is_not_is_refused(monkeypatch):
    long = SkipGramData(IDS, SENTENCE_OF, VOCAB, 8, 2, 2, redraw=True, threshold=1.0)
    monkeypatch.setattr(long, "_part_sizes", None)
    long.check_epochs(0, 10**12)
    sentences = [[f"term{i % 31}" for i in range(62)]]
    vocab = Vocab(sentences)
    words = index_corpus(sentences, vocab)
    monkeypatch.undo()
    for seed in range(20):
        with contextlib.suppress(ValueError):  # the first epoch may be empty already
            short = SkipGramData(*words, vocab, 8, 2, 2, redraw=True, seed=seed)
            break
    with pytest.raises(ValueError, match=r"(?i)no sentence"):
        short.check_epochs(0, 10**12)


def test_a_training_is_refused_before_its_first_step():
    sentences = [[f"w{i % 40}" for i in range(j, j + 7)] for j in range(0, 210, 7)]
    vocab = Vocab(sentences)
    words = index_corpus(sentences, vocab)
    data_iter = SkipGramData(*words, vocab, 8, 2, 2, redraw=True, threshold=1e-4, seed=2)
    training = prepare_training(data_iter, Settings(embed_size=4))
    with pytest.raises(ValueError, match=r"(?i)no sentence"):
        next(training.run(500))
    assert training.step == 0


def test_ptb_is_accepted():
    assert toy.ptb_data().keep.min() > 0


@pytest.mark.parametrize(
    "counts",
    [
        VOCAB.counts[:5],
        np.append(VOCAB.counts, [5] * 100),
        -VOCAB.counts,
        VOCAB.counts * np.nan,
        VOCAB.counts.tolist() + [1],
        None,
    ],
    ids=lambda each: str(each)[:12],
)
def test_counts_that_do_not_fit_the_words_are_refused(counts):
    vocab = Vocab(SENTENCES)
    vocab.counts = counts
    with pytest.raises(ValueError, match=r"vocab\.counts must have"):
        data(vocab=vocab)
