"""The explorer without a browser: by its traits, buttons and messages."""

import numpy as np
import pytest

from w2v_lesson.vectors import WordVectors
from w2v_lesson.vocabulary import Vocab
from w2v_lesson.widgets.explorer import Explorer

WORDS = ["<unk>", "chip", "chips", "china", "<s>", "at&t", "n't", "$"] + [
    f"x{i}" for i in range(30)
]


@pytest.fixture
def vectors():
    center, context = np.random.default_rng(0).normal(size=(2, len(WORDS), 5))
    counts = np.arange(len(WORDS), 0, -1) * 1000
    return WordVectors(Vocab.from_counts(WORDS, counts), center, context)


@pytest.fixture
def explorer(vectors):
    return Explorer(vectors, "chip")


def shown(explorer):
    """The words of the rows that are neither hidden nor empty."""
    rows = [row for row in explorer._rows if row.layout.display != "none"]
    return [row._button.description for row in rows if row._button.description]


def completions(explorer):
    buttons = [b for b in explorer._completions if b.layout.display != "none"]
    return [button.description for button in buttons]


def neighbours(vectors, *question):
    return [neighbour.word for neighbour in vectors.similar(*question)]


def press_enter(explorer):
    explorer._text._handle_custom_msg({"event": "submit"}, [])


# The explorer


def test_explorer_begins_with_the_ten_nearest_of_its_word(explorer, vectors):
    assert explorer.word == explorer._text.value == "chip"
    assert shown(explorer) == neighbours(vectors, "chip", 10)
    assert "Nearest to <b>chip</b> (seen 37,000 times)" in explorer._message.value


def test_state_can_be_given_at_the_start(vectors):
    explorer = Explorer(vectors, "china", k=3, table="sum")
    assert shown(explorer) == neighbours(vectors, "china", 3, "sum")


def test_setting_word_k_and_table_asks_again(explorer, vectors):
    explorer.word = "china"
    assert shown(explorer) == neighbours(vectors, "china", 10)
    assert explorer._text.value == "china"
    explorer.k = 4
    assert shown(explorer) == neighbours(vectors, "china", 4)
    for table in ("context", "sum", "center"):
        explorer.table = table
        assert shown(explorer) == neighbours(vectors, "china", 4, table)
        assert f"by the {table} table" in explorer._message.value


def test_controls_and_state_follow_each_other(explorer, vectors):
    _, k, table = explorer.children[0].children
    k.value, table.value = 2, "context"
    assert (explorer.k, explorer.table) == (2, "context")
    assert shown(explorer) == neighbours(vectors, "chip", 2, "context")
    explorer.k, explorer.table = 5, "sum"
    assert (k.value, table.value) == (5, "sum")


def test_rows_show_cosine_as_bar_and_number_and_the_count(explorer, vectors):
    first = vectors.similar("chip", 1)[0]
    bar = explorer._rows[0]._bar.value
    assert f"{first.cosine:.2f} · seen {first.count:,} times" in bar
    assert f"width:{first.cosine * 260:.0f}px" in bar


def test_no_bar_has_a_negative_width(vectors):
    explorer = Explorer(vectors, "chip", k=20)
    assert vectors.similar("chip", 20)[-1].cosine < 0
    assert "width:-" not in "".join(row._bar.value for row in explorer._rows)


def test_typing_a_word_asks_for_it_in_any_case_and_with_blanks(explorer, vectors):
    explorer._text.value = " China "
    assert explorer.word == "china"
    assert shown(explorer) == neighbours(vectors, "china", 10)
    assert explorer._text.value == " China "  # not changed under the reader's hands


def test_typing_part_of_a_word_offers_completions_the_most_frequent_first(explorer):
    explorer._text.value = "chi"
    assert completions(explorer) == ["chip", "chips", "china"]
    explorer._text.value = "x"
    assert completions(explorer) == [f"x{i}" for i in range(8)]


def test_typing_a_misspelt_word_offers_near_spellings(explorer):
    explorer._text.value = "chpi"
    assert "chip" in completions(explorer)
    assert "Near spellings: chip" in explorer._message.value


def test_enter_takes_the_first_completion(explorer):
    explorer._text.value = "chin"
    press_enter(explorer)
    assert explorer.word == explorer._text.value == "china"


def test_enter_on_a_whole_word_stays_there(explorer):
    explorer._text.value = "chip"  # of which 'chips' is a completion
    press_enter(explorer)
    assert explorer.word == "chip"


@pytest.mark.parametrize("typed", ["CHIP", " chip", "Chip "])
def test_enter_on_a_whole_word_in_another_writing_stays_there(explorer, typed):
    explorer.word = "china"
    explorer._text.value = typed
    press_enter(explorer)
    assert explorer.word == "chip"


def test_enter_without_a_completion_does_nothing(explorer):
    explorer._text.value = "zzzzzz"
    press_enter(explorer)
    assert explorer.word == "chip"


def test_a_click_on_a_neighbour_hops_there(explorer, vectors):
    second = shown(explorer)[1]
    explorer._rows[1]._button.click()
    assert explorer.word == explorer._text.value == second
    assert shown(explorer) == neighbours(vectors, second, 10)


def test_a_click_on_a_completion_goes_there(explorer):
    explorer._text.value = "chin"
    explorer._completions[0].click()
    assert explorer.word == "china"


@pytest.mark.parametrize(
    "typed, said",
    [
        ("", "No word given"),
        ("   ", "No word given"),
        ("zzzzzz", "&#x27;zzzzzz&#x27; has no vector"),
        ("<b>x", "&lt;b&gt;x"),
        ("<unk>", "&lt;unk&gt;"),
        ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
    ],
)
def test_what_is_no_word_is_said_escaped_and_the_last_answer_stays(
    explorer, typed, said
):
    before = shown(explorer)
    explorer._text.value = typed
    assert said in explorer._message.value
    assert "<" not in explorer._message.value
    assert (explorer.word, shown(explorer)) == ("chip", before)


def test_setting_an_unknown_word_is_said_and_the_last_answer_stays(explorer):
    before = shown(explorer)
    explorer.word = "<b>"
    assert "&lt;b&gt;" in explorer._message.value
    assert shown(explorer) == before


@pytest.mark.parametrize("word, written", [("<s>", "&lt;s&gt;"), ("at&t", "at&amp;t")])
def test_words_that_look_like_markup_are_escaped(explorer, word, written):
    explorer.word = word
    assert f"<b>{written}</b>" in explorer._message.value
    assert word not in explorer._message.value


def test_unknown_is_neither_a_neighbour_nor_a_completion(vectors):
    explorer = Explorer(vectors, "chip", k=20)
    assert "<unk>" not in shown(explorer)
    explorer._text.value = "<"
    assert completions(explorer) == ["<s>"]
    explorer._text.value = "<un"
    assert "<unk>" not in completions(explorer)


def test_a_center_table_alone_offers_no_other(vectors):
    explorer = Explorer(WordVectors(vectors.vocab, vectors.center), "chip")
    assert explorer.children[0].children[2].options == ("center",)
    assert shown(explorer)


def test_a_vocabulary_smaller_than_k_says_so_until_k_fits():
    vocab = Vocab.from_counts(["<unk>", "a", "b", "c"], [4, 3, 2, 1])
    explorer = Explorer(WordVectors(vocab, np.eye(4)), "a")
    assert "k must be a whole number from 1 to 2" in explorer._message.value
    assert shown(explorer) == []
    explorer.k = 2
    assert sorted(shown(explorer)) == ["b", "c"]


def test_a_message_goes_away_when_the_last_word_is_typed_again(explorer):
    explorer._text.value = "zzzzzz"
    explorer._text.value = "chip"
    assert "Nearest to <b>chip</b>" in explorer._message.value
