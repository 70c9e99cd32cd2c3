"""The rules by which text becomes sentences and words, and those that a reader gives."""

import tracemalloc
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v_lesson.text import reading, sentences
from w2v_lesson.text.sentences import read_text, split_words
from w2v_lesson.vocabulary import Vocab


@pytest.mark.parametrize(
    "text, sentences",
    [
        ("one\ntwo. Three… four! (Five.) six", "one two|three|four|five|six"),
        ("“Why?” he asked.”\n\n \t\n\nend", "why|he asked|end"),
        ("a.b 3.14 www.x.org", "a b 3 14 www x org"),
        ("Don’t, o'clock 'quoted' rock-'n'-roll", "don't o'clock quoted rock n roll"),
        ("well-known -- half- _done_ <b>x</b>", "well-known half done b x b"),
        ("Ünïcode СЛОВО 10th e\u0301te\u0301", "ünïcode слово 10th été"),
        ("हिन्दी भाषा", "हिन्दी भाषा"),
        ("co‐op می\u200cروم क्\u200dष", "co‐op می\u200cروم क्\u200dष"),
    ],
)
def test_the_rule(write, text, sentences):
    expected = [sentence.split() for sentence in sentences.split("|")]
    assert list(read_text(write(text))) == expected


def test_a_text_can_be_read_again_and_is_read_anew(write):
    text = read_text(write("one"))
    assert list(text) == list(text) == [["one"]]
    write("two")
    assert list(text) == [["two"]]


@given(
    text=st.text(alphabet="ab. \n\r!é’-\t", max_size=120),
    size=st.integers(1, 9),
    longest=st.integers(1, 40),
)
def test_where_the_file_is_cut_does_not_show(tmp_path_factory, text, size, longest):
    path = tmp_path_factory.getbasetemp() / "pieces.txt"
    path.write_bytes(text.encode() + b"z")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sentences, "MAX_PARAGRAPH_CHARACTERS", longest)
        whole = list(read_text(path))
        patch.setattr(reading, "BYTES_PER_PIECE", size)
        assert list(read_text(path)) == whole
        patch.setattr(sentences, "MAX_PARAGRAPH_CHARACTERS", 1000)
        uncut = list(read_text(path))
    assert letters(whole) == letters(uncut)


def letters(sentences):
    return [letter for word in chain(*sentences) for letter in word if letter not in "-'"]


@given(st.text(max_size=30))
def test_words_hold_no_space_and_are_found_again_in_themselves(text):
    words = split_words(text)
    assert words == split_words(" ".join(words))
    assert not any(set(word) & set(' \t\n.,;:!?"<>_') for word in words)


def test_one_endless_line_streams_and_no_word_is_lost(write):
    line = " ".join(f"word{i}" for i in range(200_000))
    text = read_text(write(line))
    tracemalloc.start()
    lengths = [len(sentence) for sentence in text]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (sum(lengths), max(lengths)) == (200_000, 1000)
    assert peak < 6 * 2**20  # a few pieces of a megabyte; all words would take 12
    assert list(chain(*text)) == line.split()


def test_a_line_without_a_space_is_cut_after_so_many_characters(write):
    words = list(chain(*read_text(write("x" * 250_000))))
    assert [len(word) for word in words] == [100_000, 100_000, 50_000]


def test_a_long_paragraph_is_cut_at_a_line_break_or_else_at_a_space(write, monkeypatch):
    monkeypatch.setattr(sentences, "MAX_PARAGRAPH_CHARACTERS", 20)
    path = write("one two three\nfour five six seven eight")
    assert list(read_text(path)) == [
        ["one", "two", "three"],
        ["four", "five", "six", "seven"],
        ["eight"],
    ]


ODD = ["New York", '"', "'tis", "<b>", "&amp;", "\\", "a\tb", "<unk>", "NaN", "\ud800"]


def test_tokens_with_spaces_quotes_or_markup_stay_as_they_are(write):
    text = read_text(write("anything"), tokenize=lambda sentence: [*ODD, "", " \n"])
    assert list(text) == [ODD]
    assert "New York" in Vocab(text)


class Token:
    """A token like spaCy's, which isn't a str but can become one."""

    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text


def test_callables_of_the_reader_get_paragraphs_and_sentences(write):
    seen = []

    def split(paragraph):
        seen.append(paragraph)
        return paragraph.splitlines()

    def tokenize(sentence):
        return (Token(word) for word in sentence.split("-"))

    path = write("A-b\nc\n\nD")
    text = read_text(path, split_sentences=split, tokenize=tokenize)
    assert list(text) == [["A", "b"], ["c"], ["D"]]
    assert seen == ["A-b\nc", "D"]


def test_a_tokenizer_of_the_reader_gets_each_sentence_with_the_mark_that_ends_it(write):
    path = write("“Go!” he said. Did she?\n(Yes.) The end.\n\nNew (end…)")
    text = read_text(path, tokenize=str.split)
    assert list(text) == [
        ["“Go!”"],
        ["he", "said."],
        ["Did", "she?"],
        ["(Yes.)"],
        ["The", "end."],
        ["New", "(end…)"],
    ]


def test_a_tokenizer_of_the_reader_gets_no_white_space_at_the_end(write):
    seen = []
    list(
        read_text(
            write("One. Two!\nThree"), tokenize=lambda each: seen.append(each) or [each]
        )
    )
    assert seen == ["One.", "Two!", "Three"]


def test_the_bytes_that_were_read_add_up_over_the_files(write):
    text = read_text([write("one.\n\ntwo", "a.txt"), write("three\n\nfour", "b.txt")])
    seen = []
    list(text.sentences(seen.append))
    assert seen == sorted(seen)
    assert seen[-1] == text.num_bytes > seen[0]


@given(st.text(alphabet="aΣé\u0301 .!…'”)\n-", max_size=60))
def test_the_words_are_the_same_with_and_without_the_marks_between_sentences(text):
    with_marks = map(split_words, sentences._split_in_sentences(text))
    without = map(split_words, sentences.SENTENCE_END.split(text))
    assert list(with_marks) == list(without)


@pytest.mark.parametrize("name", ["tokenize", "split_sentences"])
@pytest.mark.parametrize("wrong", [str.lower, str.encode, len, lambda text: None])
def test_a_callable_that_gives_no_list_is_refused(write, name, wrong):
    text = read_text(write("A story."), **{name: wrong})
    with pytest.raises(TypeError, match=f"{name} must return a list"):
        list(text)
