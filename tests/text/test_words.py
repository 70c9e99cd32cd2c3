"""Words by the rules of Unicode: what only matters in print isn't part of a word."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v_lesson.text.words import INVISIBLE, MAX_MARKS, split_words


@pytest.mark.parametrize(
    "text, words",
    [
        ("İstanbul I\u0307ZMİR", "istanbul izmir"),
        ("Ispanak ışık", "ispanak ışık"),
        ("i\u0307stanbul İ\u0307zmir", "istanbul izmir"),
        ("col·lecció צה״ל ג׳ירפה", "col·lecció צה״ל ג׳ירפה"),
        ("Donau\u00addampf\u00adschiff", "donaudampfschiff"),
        ("word\u2060joiner \ufeffmark\ufeff a\u200eb\u200fc", "wordjoiner mark abc"),
        ("z\u200bw", "z w"),
        ("shelf\u200cful می\u200cروم क्\u200dष", "shelfful می\u200cروم क्\u200dष"),
        ("ﬁne oﬃce ﬆop ĳs Ǆep", "fine office stop ijs džep"),
        ("محمــــد محمد ﻣﺤﻤﺪ", "محمد محمد محمد"),
        ("ｆｕｌｌ ｶﾞ 𝐛𝐨𝐥𝐝", "full ガ bold"),
        ("葛\U000e0100 heart\ufe0f", "葛 heart"),
        ("exam-\nple exam‐ \n  ple soft\u00ad\nhyphen", "example example softhyphen"),
        ("well-\nKnown pre- and post-\nwar", "well known pre and postwar"),
        ("Vor-\nund Nachteile", "vor und nachteile"),
        ("पुस्त-\nकालय", "पुस्तकालय"),
        ("10-\n20 -\nitem", "10 20 item"),
        ("œuvre encyclopædia Straße x²", "œuvre encyclopædia straße x²"),
    ],
)
def test_what_is_only_printed_is_no_part_of_a_word(text, words):
    assert split_words(text) == words.split()


LETTERS = st.characters() | st.sampled_from(
    "-‐\n\u00adİıIﬁـ\u200c\u200d\u200b\u0301\u0307\u0323"
)


@given(st.text(LETTERS, max_size=60))
def test_words_are_found_again_and_hold_nothing_that_no_reader_sees(text):
    words = split_words(text)
    assert words == split_words(" ".join(words))
    for word in words:
        assert word == unicodedata.normalize("NFC", word)
        assert not INVISIBLE.search(word)


@given(st.text(st.sampled_from("abc \n.'-,"), max_size=60).filter(lambda t: "-\n" not in t))
def test_plain_english_is_read_as_ever(text):
    assert split_words(text) == split_words(text.replace("\n", " "))


@pytest.mark.parametrize(
    "marks", ["\u0301\u0323", "\U0001d165\u0301", "\u0344\u0323", "\u0301\u034f\u0323"]
)
def test_many_accents_on_a_letter_take_no_time_and_are_fewer(marks):
    started = time.perf_counter()
    first, second = split_words(f"a{marks * 50_000} b")
    assert time.perf_counter() - started < 5
    assert (len(first) <= 2 * MAX_MARKS + 1, second) == (True, "b")
