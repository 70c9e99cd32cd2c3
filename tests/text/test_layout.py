"""One sentence on each line, and text without spaces: recognized, said, and decided."""

import re
import sys
import textwrap
import types

import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v_lesson.ptb import CorpusError
from w2v_lesson.text import sentences
from w2v_lesson.text.indexing import index_text
from w2v_lesson.text.sentences import read_text

PROSE = (
    "The old man had been sitting by the river since the morning, and he did not\n"
    "want to leave. His dog, which was as old as he was, slept, and the boat lay\n"
    "in the reeds. Nobody came. When it was evening he got up and went home.\n"
)
LINES = [" ".join(["word"] * (3 + i % 9)) for i in range(60)]


def test_one_sentence_per_line_is_recognized_said_and_can_be_refused(write):
    path = write("\n".join(LINES))
    text = read_text(path)
    assert list(map(" ".join, text)) == LINES
    assert re.search(r"one sentence on each line.*lines=False.*--no-lines", text.notes[0])
    assert len(list(read_text(path, lines=False))) == 1


def test_a_list_of_terms_is_one_term_per_line(write):
    path = write("".join(f"term{i:02} alpha\n" for i in range(40)))
    assert len(list(read_text(path))) == 40


def test_what_is_said_of_the_lines_is_in_the_report_also_the_second_time(write):
    text = read_text(write("\n".join(LINES)))
    first, second = (index_text(text, 1).report for _ in range(2))
    assert first == second and first.notes == tuple(text.notes)
    assert "Note: " in str(first)
    assert index_text(read_text(text.files, lines=False), 1).report.sentences == 1


@pytest.mark.parametrize("width", [30, 75])
def test_prose_that_was_broken_into_lines_is_read_as_ever(write, width):
    words, lines = (PROSE * 20).split(), [""]
    for word in words:
        full = len(lines[-1]) + len(word) >= width
        lines.append(word) if full else lines.append(f"{lines.pop()} {word}".strip())
    text = read_text(write("\n".join(lines)))
    assert len(list(text)) == 80
    if width > 40:
        assert text.notes == []


def test_broken_lines_without_a_mark_are_no_sentences(write):
    words = re.sub("[.,]", "", PROSE * 20)
    text = read_text(write(textwrap.fill(words, 72)))
    assert len(list(text)) == 1
    assert text.notes == []


@pytest.mark.parametrize("words", [8, 12, 20])
def test_sentences_of_one_length_without_marks_are_not_taken_for_broken_lines(write, words):
    lines = [
        " ".join(f"w{(7 * i + 13 * j * j) % 1013}" for j in range(words))
        for i in range(300)
    ]
    text = read_text(write("\n".join(lines)))
    assert len(list(text)) == 300 and "one sentence on each line" in text.notes[0]


def test_where_lines_and_marks_both_end_sentences_it_is_said(write):
    lines = [
        f"{'so tired today. ' * (i % 3)}going home {'now ' * (i % 7)}" for i in range(60)
    ]
    text = read_text(write("\n".join(lines)))
    list(text)
    assert re.search(r"end without a mark.*lines=True.*--lines", text.notes[0])
    assert len(list(read_text(text.files, lines=True))) == 60


def test_lines_and_a_rule_of_ones_own_exclude_each_other(write):
    with pytest.raises(ValueError, match=r"lines must be.*split_sentences"):
        read_text(write("a"), lines=True, split_sentences=str.splitlines)
    with pytest.raises(ValueError, match="it is 'yes'"):
        read_text(write("a"), lines="yes")


@pytest.mark.parametrize("mark", "।॥。！？｡؟။።")
@pytest.mark.parametrize("after", ["", " ", "」", "\n"])
def test_marks_of_other_scripts_end_a_sentence_with_or_without_a_space(write, mark, after):
    text = read_text(write(f"अ ब{mark}{after}क ख"))
    assert list(text) == [["अ", "ब"], ["क", "ख"]]


def test_a_question_in_greek_ends_in_a_semicolon_and_nothing_else_does(write):
    assert len(list(read_text(write("Τι κάνεις; Καλά. Well; then. One;two")))) == 4


@pytest.mark.parametrize("mark", "۔։.!?…")
def test_marks_that_stand_inside_of_words_need_a_space(write, mark):
    assert len(list(read_text(write(f"a b{mark} c d")))) == 2
    assert len(list(read_text(write(f"a b{mark}c d")))) == 1


@given(st.text(st.sampled_from("ab .!?…।。！？؟۔」) \n"), max_size=60))
def test_no_letter_is_lost_between_sentences(text):
    parts = list(sentences._split_in_sentences(text))
    assert "".join("".join(parts).split()) == "".join(text.split())


UNSPACED = {
    "Chinese": "人之初，性本善。性相近，习相远。苟不教，性乃迁。\n",
    "Japanese": "吾輩は猫である。名前はまだ無い。どこで生れたか頓と見当がつかぬ。\n",
    "Thai": "ภาษาไทยเป็นภาษาที่มีระดับเสียงของคำแน่นอน หรือวรรณยุกต์เช่นเดียวกับภาษาจีน\n",
    "Burmese": "မြန်မာဘာသာစကားသည် မြန်မာနိုင်ငံ၏ ရုံးသုံးဘာသာစကား ဖြစ်သည်။\n",
}


@pytest.mark.parametrize("language", UNSPACED)
def test_text_without_spaces_needs_a_tokenizer_and_the_line_of_code_works(
    write, language, monkeypatch
):
    path = write(UNSPACED[language] * 20, "it's a text.txt")
    with pytest.raises(CorpusError, match=rf"{language}.*tokenizer") as caught:
        list(read_text(path))
    tiny = types.SimpleNamespace(lcut=list, wakati=list, word_tokenize=list)
    for name in ("jieba", "nagisa", "pythainlp"):
        monkeypatch.setitem(sys.modules, name, tiny)
    code = re.search(r"In Python: (.*) \(install", str(caught.value))[1]
    known = {"read_text": read_text, "YOUR_TOKENIZER": list}
    exec(code, known)
    assert sum(map(len, known["text"])) > 400


@pytest.mark.parametrize("language", UNSPACED)
@pytest.mark.parametrize("space", [" ", "\u200b"])
def test_the_same_text_with_spaces_between_words_is_read(write, language, space):
    letters = UNSPACED[language].replace("\n", "")
    words = space.join(letters[i : i + 3] for i in range(0, len(letters), 3))
    assert sum(map(len, read_text(write(f"{words}\n" * 20)))) > 100


def test_some_foreign_words_in_a_text_with_spaces_do_no_harm(write):
    assert len(list(read_text(write((PROSE + UNSPACED["Chinese"]) * 20)))) > 80


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_the_layout_does_not_depend_on_how_a_file_is_read(write, size, monkeypatch):
    monkeypatch.setattr("w2v_lesson.text.reading.BYTES_PER_PIECE", size)
    assert len(list(read_text(write("\n".join(LINES))))) == 60


def test_a_long_word_is_mentioned_once(write):
    text = read_text(write(f"a {'x' * 2000} b.\n{'y' * 3000} c." * 3))
    list(text)
    assert [note for note in text.notes if "letters" in note] == text.notes
    assert len(text.notes) == 1
