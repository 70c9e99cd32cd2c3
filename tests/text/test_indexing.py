"""Your own text becomes the same arrays as sentences in memory, and gets a report."""

import re
from collections import Counter
from itertools import chain, count, pairwise

import numpy as np
import pytest

from w2v_lesson.ptb import CorpusError
from w2v_lesson.text import indexing
from w2v_lesson.text.indexing import MIN_USEFUL_WORDS, Report, index_text
from w2v_lesson.text.sentences import read_text
from w2v_lesson.vocabulary import Vocab, index_corpus


def assert_same(index, text, min_freq):
    sentences = list(text)
    vocab = Vocab(sentences, min_freq)
    assert index.vocab.idx_to_token == vocab.idx_to_token
    assert index.vocab.counts.tolist() == vocab.counts.tolist()
    for mine, theirs in zip(index[:2], index_corpus(sentences, vocab), strict=True):
        assert mine.dtype == theirs.dtype == np.int32
        assert np.array_equal(mine, theirs)


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("min_freq", [1, 20])
def test_an_index_is_that_of_the_sentences_in_memory(cache, path, keep, min_freq):
    index = index_text(read_text(path), min_freq, cache=keep)
    assert_same(index, read_text(path), min_freq)
    assert isinstance(index.ids, np.memmap) == keep
    assert cache.exists() == keep


@pytest.mark.parametrize("keep", [True, False])
def test_a_text_changed_meanwhile_is_refused_and_not_kept(cache, path, keep, monkeypatch):
    monkeypatch.setattr(indexing, "MIN_SECONDS_BETWEEN_REPORTS", 0)

    def change(*_):
        with path.open("a") as file:
            file.write("one more. ")

    with pytest.raises(CorpusError, match="text changed"):
        index_text(read_text(path), cache=keep, progress=change)
    assert not cache.exists() or list(cache.iterdir()) == []


def test_a_tokenizer_that_gives_other_words_each_time_is_refused(path):
    words = Counter()

    def tokenize(sentence):
        words["more"] += 1
        return ["a"] * words["more"]

    with pytest.raises(CorpusError, match="tokenizer"):
        index_text(read_text(path, tokenize=tokenize))


def test_progress_goes_up_to_the_end_and_is_not_told_too_often(cache, path, monkeypatch):
    told = []
    index_text(read_text(path), progress=lambda *numbers: told.append(numbers))
    size = 2 * path.stat().st_size
    assert told == [(size, size, 0.0)]  # it took less than a quarter of a second
    monkeypatch.setattr(indexing, "MIN_SECONDS_BETWEEN_REPORTS", 0)
    index_text(read_text(path), 6, progress=lambda *numbers: told.append(numbers))
    dones, alls, seconds = zip(*told[1:], strict=True)
    assert len(dones) > 2
    assert all(one <= other for one, other in pairwise(dones))
    assert set(alls) == {dones[-1]} == {size}
    assert all(0 <= left < 60 for left in seconds)


def test_progress_tells_the_time_left(monkeypatch):
    clock, told = iter([100.0, 103.0]), []
    monkeypatch.setattr(indexing.time, "monotonic", lambda: next(clock))
    watch = indexing._Watch(lambda *numbers: told.append(numbers), 1000)
    watch.reading(1)(500)
    assert told == [(1500, 2000, 1.0)]


def test_progress_is_told_four_times_a_second_at_most(monkeypatch):
    now, told = [0.0], []
    monkeypatch.setattr(indexing.time, "monotonic", lambda: now[0])
    watch = indexing._Watch(lambda done, *_: told.append(done), 1000)
    for now[0], done in [(0.2, 1), (0.3, 2), (0.5, 3), (0.6, 4), (0.9, 5)]:
        watch.reading(0)(done)
    assert told == [2, 4, 5]


@pytest.fixture
def a_second_each_look(monkeypatch):
    clock = count(100.0)
    monkeypatch.setattr(indexing.time, "monotonic", lambda: next(clock))


def test_no_time_is_told_before_anything_was_read(write, cache, a_second_each_look):
    told = []
    text = read_text([write("", "empty.txt"), write("one two.\n\n" * 5)])
    index_text(text, 1, progress=lambda *numbers: told.append(numbers))
    assert len(told) > 10 and min(told)[0] > 0


def test_a_file_that_grows_meanwhile_leaves_no_time_below_zero(write, a_second_each_look):
    told = []
    watch = indexing._Watch(lambda *numbers: told.append(numbers), 100)
    watch.reading(1)(150)
    assert told == [(250, 250, 0.0)]


def test_progress_can_be_divided_even_if_words_are_found_in_an_empty_file(write):
    shares = []
    text = read_text(write(""), tokenize=lambda sentence: ["[start]", "[end]"])
    index_text(text, 1, progress=lambda done, total, _: shares.append(done / total))
    assert shares == [1.0]


def test_the_report_counts_what_was_read(path):
    path.write_text("The cat. The <b>dog</b>!\n\nThe end")
    report = index_text(read_text(path), 2, cache=False).report
    assert report[:4] == (3, 8, 5, 2)  # the and b are kept
    assert report.share_dropped == 3 / 8
    assert report.num_bytes == path.stat().st_size
    assert re.search(r"3 sentences .* 8 words, 5 of them.* has 2 .*37\.5%", str(report))
    assert str(report).endswith(f"\nWarning: {report.warning}")


def test_a_warning_if_there_is_too_little_to_learn_from():
    assert "99,999 words is small" in Report(1, MIN_USEFUL_WORDS - 1, 1, 1, 0, 1).warning
    enough = Report(1, MIN_USEFUL_WORDS, 1, 1, 0, 1)
    assert enough.warning == ""
    assert "Warning" not in str(enough)


def test_many_words_once_each_is_a_clear_error(tmp_path, cache):
    path = tmp_path / "words.txt"
    path.write_text(" ".join(f"w{i}" for i in range(100_000)))
    with pytest.raises(ValueError, match=r"No word occurs 5 times.*100,?000"):
        index_text(read_text(path))


def test_max_words_keeps_the_most_frequent(path):
    text = read_text(path, tokenize=str.split)
    counter = Counter(chain.from_iterable(text))
    del counter["<unk>"]
    index = index_text(text, 1, max_words=7)
    expected = sorted(counter, key=lambda word: (-counter[word], word))[:7]
    assert index.vocab.idx_to_token == sorted([*expected, "<unk>"])
    assert index.report.kept_words == 7
    assert index.report.share_dropped == pytest.approx(
        1 - sum(counter[word] for word in expected) / index.report.words
    )
    assert [index.vocab.idx_to_token[i] for i in np.unique(index.ids)] == sorted(expected)
