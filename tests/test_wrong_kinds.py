"""Each function says what to pass if it is given something of the wrong kind."""

import io

import numpy as np
import pandas as pd
import pytest
import toy

from w2v_lesson.classroom.collect import collect
from w2v_lesson.files.formats import load_vectors, save_word2vec
from w2v_lesson.ptb import CorpusError
from w2v_lesson.text.forecast import forecast
from w2v_lesson.text.indexing import index_text
from w2v_lesson.text.own_files import save_new
from w2v_lesson.text.own_text import index_by_size, load_data_text, suggest, training_of
from w2v_lesson.text.sentences import read_text
from w2v_lesson.vectors import WordVectors
from w2v_lesson.vocabulary import Vocab, index_corpus

SENTENCES = [["a", "b"], ["c", "d"]]
VOCAB = Vocab(SENTENCES)
NO_SENTENCES = [
    *("a text", b"bytes", None, 5, ["the cat", "the dog"], [["a", 3]], [None], [5]),
    *([[["a"]]], iter(SENTENCES), [iter(["a"])], io.StringIO("a b"), [{"a": 1}]),
]


def kind(each):
    return type(each).__name__


NO_WORDS = [None, 5, b"a", ["a"], {"a"}, np.array(["a", "b"]), 0.5]
NO_PATHS = [
    *(None, 5, b"a.txt", SENTENCES, io.StringIO("a"), "", "Call me Ishmael. " * 1000),
    *([""], [None], [SENTENCES]),
]


@pytest.mark.parametrize("wrong", NO_SENTENCES, ids=lambda each: str(each)[:20])
def test_sentences(wrong):
    for use in (Vocab, lambda sentences: index_corpus(sentences, VOCAB)):
        with pytest.raises(TypeError, match="list of"):
            use(wrong)


@pytest.mark.parametrize("wrong", NO_WORDS, ids=kind)
def test_words(wrong):
    vectors = toy.vectors(["<unk>", "a", "b", "c"])
    calls = [
        vectors.similar,
        vectors.vector,
        lambda word: vectors.cosine("a", word),
        lambda word: vectors.analogy("a", word, "b", 1),
        lambda word: vectors.directions([word]),
    ]
    for call in calls:
        with pytest.raises(TypeError, match="one word"):
            call(wrong)


@pytest.mark.parametrize("wrong", [None, 5, 0.5, {"a"}, np.array(["a"])], ids=kind)
def test_a_word_to_look_up(wrong):
    with pytest.raises(TypeError, match="word"):
        VOCAB[wrong]


@pytest.mark.parametrize("wrong", [-1, len(VOCAB), 10**20, [0, -1]])
def test_an_index_of_no_word(wrong):
    with pytest.raises(IndexError, match="from 0 to"):
        VOCAB.to_tokens(wrong)


@pytest.mark.parametrize("wrong", NO_PATHS, ids=lambda each: str(each)[:20])
def test_paths_of_texts(wrong):
    for use in (read_text, lambda path: load_data_text(path, 8, 2, 2)):
        with pytest.raises((TypeError, ValueError), match="path"):
            use(wrong)


@pytest.mark.parametrize("wrong", [None, 5, "", b"a", []])
def test_folders(wrong):
    vectors = toy.vectors(["<unk>", "a"])
    for use in (collect, lambda folder: save_new(vectors, folder, "name")):
        with pytest.raises((TypeError, ValueError), match="folder"):
            use(wrong)


@pytest.mark.parametrize("wrong", [None, "novel.txt", SENTENCES])
def test_texts(wrong):
    for use in (index_text, index_by_size):
        with pytest.raises(TypeError, match="read_text"):
            use(wrong)


@pytest.mark.parametrize("wrong", ["5", 2.5, -1, None, True])
def test_a_number_of_an_index_is_checked_before_the_text_is_read(wrong, tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\xff")  # reading it raises another error
    text = read_text(tmp_path / "a.txt")
    with pytest.raises(ValueError, match="min_freq"):
        index_text(text, wrong)
    for use in (index_text, index_by_size):
        if wrong is not None:
            with pytest.raises(ValueError, match="max_words"):
                use(text, max_words=wrong)


@pytest.mark.parametrize("wrong", [None, 5, ["a", "<unk>"], {"a": 0}])
def test_vocabularies(wrong):
    with pytest.raises(TypeError, match="vocab"):
        index_corpus(SENTENCES, wrong)
    with pytest.raises(TypeError, match="vocab"):
        WordVectors(wrong, np.zeros((2, 2)))


OTHER_KINDS = [
    *(None, 5, 0.5, b"a", ["a"], {"a": "b"}, {"a"}, np.array([["a"]]), io.StringIO("a")),
    *(
        object(),
        SENTENCES,
        (1, 2),
        pd.DataFrame({"a": ["b c"]}),
        pd.Series(["a"]),
    ),
]


@pytest.mark.parametrize("wrong", OTHER_KINDS, ids=kind)
def test_every_function_says_what_it_needs(wrong, tmp_path):
    """Whatever is passed, no error of Python's own comes through."""
    vectors = toy.vectors(["<unk>", "a", "b", "c"])
    calls = {
        "data_iter": lambda: forecast(wrong, 8),
        "index must": lambda: training_of(wrong),
        "counter|word must": lambda: Vocab.from_counter(wrong),
        "one word": lambda: vectors.find(wrong),
        "net must": lambda: WordVectors.from_net(wrong, VOCAB),
        "name must": lambda: save_new(vectors, tmp_path, wrong),
        "errors must": lambda: load_vectors(tmp_path / "v", errors=wrong),
        "replace must": lambda: save_word2vec(vectors, tmp_path / "v", replace=wrong),
        "table must": lambda: vectors.similar("a", 1, wrong),
        "tokenize must": lambda: read_text(__file__, tokenize=wrong),
        "split_sentences must": lambda: read_text(__file__, split_sentences=wrong),
        "lines must": lambda: read_text(__file__, lines=wrong),
        "path": lambda: read_text(wrong),
    }
    without_value = {"replace must", "tokenize must", "split_sentences must", "lines must"}
    files = ["path"] if isinstance(wrong, (list, set)) and "a" in wrong else []
    for said, call in calls.items():
        if (wrong is None and said in without_value) or said in files:
            continue
        with pytest.raises((TypeError, ValueError), match=said):
            call()


@pytest.mark.parametrize("wrong", [None, "a", b"a", ["a"], {"a"}, object()], ids=kind)
def test_numbers_and_indices(wrong):
    with pytest.raises(TypeError, match="num_words must be"):
        suggest(wrong)
    with pytest.raises(TypeError, match="an index"):
        VOCAB.to_tokens(wrong)
    with pytest.raises(TypeError, match="array of numbers"):
        WordVectors(VOCAB, [[each] for each in "abcde"])


def test_words_without_an_order_are_no_sentence():
    for wrong in ([{"a", "b"}], [{"a": 1}.keys()], {"a": ["b"]}):
        with pytest.raises(TypeError, match="list of"):
            Vocab(wrong)


@pytest.mark.parametrize("error", [ValueError, KeyError, CorpusError, AttributeError])
def test_what_a_tokenizer_says_comes_through(error, tmp_path):
    def tokenize(sentence):
        raise error("[E088] of the tokenizer")

    (tmp_path / "a.txt").write_text("Some words. " * 2000, encoding="utf-8")
    text = read_text(tmp_path / "a.txt", tokenize=tokenize)
    for use in (index_text, index_by_size):
        with pytest.raises(error, match="E088"):
            use(text)
