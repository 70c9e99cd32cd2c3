"""Options are checked first, and messages name them as they are typed."""

import argparse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v_lesson.app import options
from w2v_lesson.app.options import WrongArgumentError, arguments, explain, in_options
from w2v_lesson.app.terminal import CONTROLS, plain


@pytest.mark.parametrize(
    "message, said",
    [
        ("lower min_freq, or", "lower --min-freq, or"),
        ("Lower min_freq.", "Lower --min-freq."),
        ('Give encoding="utf-16-le".', "Give --encoding utf-16-le."),
        ("give errors='replace' if", "give --errors replace if"),
        (
            "Give `replace`, for example replace='_'",
            "Give --replace, for example --replace _",
        ),
        ("with a smaller lr.", "with a smaller --lr."),
        ("lr is 1 there", "--lr is 1 there"),
        ("k must be 1", "--k must be 1"),
        ("embed_size is 4 there, max_window_size", "--size is 4 there, --window"),
        ("or use save_numpy.", "or use --format numpy."),
        ("my/min_freq/lr.txt and min_freq.txt", "my/min_freq/lr.txt and min_freq.txt"),
        ("give --lr", "give --lr"),
    ],
)
def test_arguments_of_python_become_options(message, said):
    assert in_options(message) == said


@given(st.text())
def test_a_text_without_their_names_stays(text):
    if not any(name in text for name in (*options.OPTIONS, *options.VALUES, "k must")):
        assert in_options(text) == text


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_printed(text):
    shown = plain(text)
    assert not CONTROLS.search(shown)
    assert all(c.isprintable() or c in "\n\t" or c in text for c in shown)


def test_words_of_languages_with_joiners_are_printed_as_they_are():
    assert plain("می\u200cخواهم क्\u200dष") == "می\u200cخواهم क्\u200dष"


@given(st.text(max_size=12))
def test_any_value_of_an_option_is_read_or_refused(text):
    for read in (
        options.whole_number(1),
        options.positive_number,
        options.path,
        options.encoding,
        options.without_blanks,
    ):
        try:
            read(text)
        except argparse.ArgumentTypeError as error:
            assert str(error)


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "x", "", "nan", "1e3", "9" * 30])
def test_what_is_no_whole_number_from_1_is_refused(text):
    with pytest.raises(argparse.ArgumentTypeError, match="must be"):
        options.whole_number(1)(text)


@pytest.mark.parametrize(
    "text", ["idna", "unicode_escape", "base64", "rot13", "utf8x", "", "raw-unicode-escape"]
)
def test_what_is_no_encoding_of_texts_is_refused(text):
    with pytest.raises(argparse.ArgumentTypeError, match="no text encoding"):
        options.encoding(text)


def test_of_an_error_that_holds_a_traceback_only_the_last_line_is_told():
    error = RuntimeError(
        'Traceback (most recent call last):\n  File "x"\nError: too large\n'
    )
    assert explain(error) == "Error: too large"


def test_an_error_of_the_system_is_told_with_its_path_and_without_its_number():
    error = FileNotFoundError(2, "No such file or directory", "novel.txt")
    assert explain(error) == "novel.txt: No such file or directory."
    with pytest.raises(WrongArgumentError, match="novel"), arguments():
        raise error
