"""The explorer without a browser, by its traits, buttons, and messages."""

import ipywidgets
import numpy as np
import pytest
import toy
import traitlets

from w2v_lesson.vectors import WordVectors
from w2v_lesson.vocabulary import Vocab
from w2v_lesson.widgets import explorer as module
from w2v_lesson.widgets.explorer import Explorer

WORDS = ["<unk>", "chip", "chips", "china", "<s>", "at&t", "n't", "$"] + [
    f"x{i}" for i in range(30)
]


@pytest.fixture
def vectors():
    return toy.vectors(WORDS)


@pytest.fixture
def explorer(vectors):
    return Explorer(vectors, "chip")


def shown(explorer, column=0):
    """Return the words of a list."""
    found = [n.word for n in explorer._columns[column].neighbors]
    assert explorer._columns[column].words.words == found
    return found


def press(words, place):
    """Press a word as the page does."""
    words._handle_custom_msg({"pressed": words.words[place]}, [])


def header(explorer, column=0):
    return explorer._columns[column]._header.value


def bars(explorer, column=0):
    return explorer._columns[column]._bars.value


def completions(explorer):
    return explorer._completions.words


def earlier(explorer):
    """Return the words that the buttons lead back to."""
    return explorer._earlier.words


def compare_control(explorer):
    return explorer.children[2]


def table_control(explorer):
    return explorer.children[1]


def neighbors(vectors, *question):
    return [neighbor.word for neighbor in vectors.similar(*question)]


def press_enter(explorer):
    explorer._text._handle_custom_msg({"event": "submit"}, [])


# The explorer


def test_explorer_begins_with_the_ten_nearest_of_its_word(explorer, vectors):
    assert explorer.word == explorer._text.value == "chip"
    assert shown(explorer) == neighbors(vectors, "chip", 10)
    assert "Nearest to <b>chip</b> (seen 37,000 times)" in header(explorer)


def test_state_can_be_given_at_the_start(vectors):
    explorer = Explorer(vectors, "china", k=3, table="sum")
    assert shown(explorer) == neighbors(vectors, "china", 3, "sum")


def test_setting_word_k_and_table_asks_again(explorer, vectors):
    explorer.word = "china"
    assert shown(explorer) == neighbors(vectors, "china", 10)
    assert explorer._text.value == "china"
    explorer.k = 4
    assert shown(explorer) == neighbors(vectors, "china", 4)
    for table in ("context", "sum", "center"):
        explorer.table = table
        assert shown(explorer) == neighbors(vectors, "china", 4, table)
        assert f"in the {table} table" in header(explorer)


def test_controls_and_state_follow_each_other(explorer, vectors):
    k, table = explorer.children[0].children[1], table_control(explorer)
    k.value, table.value = 2, "context"
    assert (explorer.k, explorer.table) == (2, "context")
    assert shown(explorer) == neighbors(vectors, "chip", 2, "context")
    explorer.k, explorer.table = 5, "sum"
    assert (k.value, table.value) == (5, "sum")


def test_rows_show_cosine_as_bar_and_number_and_the_count(explorer, vectors):
    first = vectors.similar("chip", 1)[0]
    bar = bars(explorer)
    assert f"<span>{first.cosine:.2f}</span>" in bar and "0</span><span>cosine" in bar
    assert f"seen {first.count:,} times" in bar
    assert f"width:{first.cosine:.1%}" in bar


def test_no_bar_has_a_negative_width(vectors):
    explorer = Explorer(vectors, "chip", k=20)
    assert vectors.similar("chip", 20)[-1].cosine < 0
    assert "width:-" not in bars(explorer)


def test_typing_a_word_asks_for_it_in_any_case_and_with_blanks(explorer, vectors):
    explorer._text.value = " China "
    assert explorer.word == "china"
    assert shown(explorer) == neighbors(vectors, "china", 10)
    assert explorer._text.value == " China "  # not changed while the reader uses it


def test_typing_part_of_a_word_offers_completions_the_most_frequent_first(explorer):
    explorer._text.value = "chi"
    assert completions(explorer) == ["chip", "chips", "china"]
    explorer._text.value = "x"
    assert completions(explorer) == [f"x{i}" for i in range(6)]


def test_typing_a_misspelt_word_offers_near_spellings(explorer):
    explorer._text.value = "chpi"
    assert "chip" in completions(explorer)
    assert "&#39;chpi&#39; has no vector. Words that" in explorer._hint.value
    press_enter(explorer)  # what was meant is not known
    assert (explorer.word, explorer._text.value) == ("chip", "chpi")
    assert "&#39;chpi&#39; has no vector" in explorer._hint.value


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


def test_a_click_on_a_neighbor_hops_there(explorer, vectors):
    second = shown(explorer)[1]
    press(explorer._columns[0].words, 1)
    assert explorer.word == explorer._text.value == second
    assert shown(explorer) == neighbors(vectors, second, 10)


def test_words_of_the_second_list_can_be_pressed_too(vectors):
    explorer = Explorer(vectors, "chip", compare="context table")
    third = shown(explorer, 1)[2]
    press(explorer._columns[1].words, 2)
    assert explorer.word == third


def test_the_slider_sets_how_many_neighbors_are_listed(explorer):
    explorer._number.value = 5
    assert explorer.k == len(explorer._columns[0].neighbors) == 5
    explorer.k = module.MAX_NEIGHBORS
    assert explorer._number.value == explorer._number.max == module.MAX_NEIGHBORS


def is_faded(explorer):
    return "w2v-old" in explorer._lists._dom_classes


def test_a_list_of_another_word_fades_and_is_said_to_be_of_that_word(explorer):
    assert not is_faded(explorer)
    explorer._text.value = "chipzzz"
    assert is_faded(explorer)
    assert "The list below is still that of &#39;chip&#39;." in explorer._hint.value
    explorer._text.value = "chip"
    assert not is_faded(explorer)
    explorer.word = "zzz"
    assert is_faded(explorer)
    explorer.word = "china"
    assert not is_faded(explorer)


def test_a_click_on_a_completion_goes_there(explorer):
    explorer._text.value = "chin"
    press(explorer._completions, 0)
    assert explorer.word == "china"


@pytest.mark.parametrize(
    "typed, said",
    [
        ("", "No word given"),
        ("   ", "No word given"),
        ("zzzzzz", "&#39;zzzzzz&#39; has no vector"),
        ("<b>x", "&lt;b&gt;x"),
        ("<unk>", "&lt;unk&gt;"),
        ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
    ],
)
def test_what_is_no_word_is_said_escaped_and_the_last_answer_stays(explorer, typed, said):
    before = shown(explorer)
    explorer._text.value = typed
    assert said in explorer._hint.value
    assert "<" not in explorer._hint.value
    assert (explorer.word, shown(explorer)) == ("chip", before)


def test_setting_an_unknown_word_is_said_and_the_last_answer_stays(explorer):
    before = shown(explorer)
    explorer.word = "<b>"
    assert "&lt;b&gt;" in explorer._hint.value
    assert shown(explorer) == before


@pytest.mark.parametrize("word, written", [("<s>", "&lt;s&gt;"), ("at&t", "at&amp;t")])
def test_words_that_look_like_markup_are_escaped(explorer, word, written):
    explorer.word = word
    assert f"<b>{written}</b>" in header(explorer)
    assert word not in header(explorer)


def test_unknown_is_neither_a_neighbor_nor_a_completion(vectors):
    explorer = Explorer(vectors, "chip", k=20)
    assert "<unk>" not in shown(explorer)
    explorer._text.value = "<"
    assert completions(explorer) == ["<s>"]
    explorer._text.value = "<un"
    assert "<unk>" not in completions(explorer)


def test_a_center_table_alone_offers_no_other(vectors):
    explorer = Explorer(WordVectors(vectors.vocab, vectors.center), "chip")
    assert table_control(explorer).options == ("center",)
    assert compare_control(explorer).options == ("nothing", "center table")
    assert shown(explorer)


def test_a_vocabulary_smaller_than_k_says_so_until_k_fits():
    vocab = Vocab.from_counts(["<unk>", "a", "b", "c"], [4, 3, 2, 1])
    explorer = Explorer(WordVectors(vocab, np.eye(4)), "a")
    assert "k must be a whole number from 1 to 2" in header(explorer)
    assert shown(explorer) == []
    explorer.k = 2
    assert sorted(shown(explorer)) == ["b", "c"]


def test_a_message_goes_away_when_the_last_word_is_typed_again(explorer):
    explorer._text.value = "zzzzzz"
    explorer._text.value = "chip"
    assert explorer._hint.value == ""
    assert "Nearest to <b>chip</b>" in header(explorer)


def test_vectors_that_tell_upper_case_are_asked_for_the_word_as_it_is_typed():
    vectors = toy.vectors(["<unk>", "Apple", "apple", "Berlin", "yen"] + WORDS[8:])
    explorer = Explorer(vectors, "Apple")
    for typed, meant in (("apple", "apple"), ("Apple", "Apple"), ("YEN", "yen")):
        explorer._text.value = typed
        assert explorer.word == meant
        assert shown(explorer) == neighbors(vectors, meant, 10)
    explorer._text.value = "berlin"  # there is no such word
    assert explorer.word == "yen"
    assert completions(explorer) == ["Berlin"]
    press_enter(explorer)
    assert explorer.word == "Berlin"


# Completion


def test_enter_is_explained_where_it_takes_a_completion(explorer):
    explorer._text.value = "chin"
    assert explorer._hint.value == "Press Enter for the first one:"
    explorer._text.value = "chip"  # a word itself
    assert (explorer._hint.value, completions(explorer)) == ("", ["chips"])
    explorer._text.value = "china"
    assert (explorer._hint.value, completions(explorer)) == (module.AT_REST, [])


def test_completions_go_when_one_has_arrived(explorer):
    explorer._text.value = "chi"
    press(explorer._completions, 0)  # where we are already
    assert (explorer._text.value, completions(explorer)) == ("chip", [])
    assert explorer._hint.value == module.AT_REST


# The way back


def test_back_goes_the_way_back_and_is_disabled_at_the_first(explorer):
    assert explorer._back.disabled
    explorer.back()
    assert explorer.word == "chip"
    for word in ("china", "x1", "x2"):
        explorer.word = word
    assert explorer.history == ["chip", "china", "x1"]
    assert not explorer._back.disabled
    for word in ("x1", "china", "chip"):
        explorer._back.click()
        assert explorer.word == explorer._text.value == word
    assert explorer.history == [] and explorer._back.disabled


def test_a_click_on_an_earlier_word_goes_there_and_can_be_taken_back(explorer):
    explorer.word, explorer.word = "china", "x1"
    assert earlier(explorer) == ["chip", "china"]
    press(explorer._earlier, 0)
    assert explorer.word == "chip"
    assert explorer.history == ["china", "x1"]
    explorer._back.click()
    assert explorer.word == "x1"


def test_the_last_five_words_are_buttons_that_keep_their_places(explorer):
    for i in range(6):
        explorer.word = f"x{i}"
    assert earlier(explorer) == ["x4", "x0", "x1", "x2", "x3"]
    assert explorer.history == ["chip", "x0", "x1", "x2", "x3", "x4"]


def test_words_typed_on_the_way_to_another_are_not_remembered(explorer, monkeypatch):
    for typed in ("x", "x1", "x10"):
        explorer._text.value = typed
    assert explorer.history == ["chip"]
    monkeypatch.setattr(module, "SECONDS_TO_SETTLE", 0)  # as after a while
    explorer._text.value = "china"
    assert explorer.history == ["chip", "x10"]
    for typed in ("x", "x1", "x11"):  # slowly
        explorer._text.value = typed
    assert explorer.history == ["chip", "x10", "china"]


def test_letters_that_arrive_after_their_enter_are_completed_too(explorer):
    explorer._text.value = "x"
    press_enter(explorer)
    explorer._text.value = "chin"
    assert explorer.word == explorer._text.value == "china"
    assert explorer.history == ["chip"]


def test_letters_long_after_an_enter_are_not(explorer, monkeypatch):
    monkeypatch.setattr(module, "SECONDS_LATE", 0)
    press_enter(explorer)
    explorer._text.value = "chin"
    assert explorer.word == "chip"


def test_an_unknown_word_is_no_station_on_the_way(explorer):
    explorer.word = "zzz"
    explorer.word = "china"
    assert explorer.history == ["chip"]


# Two lists side by side


def test_tables_are_offered_only_to_those_who_know_of_them(explorer, vectors):
    assert explorer.children[1].layout.display == "none"
    for asked in ({"table": "sum"}, {"compare": "nothing"}, {"others": {"x": vectors}}):
        told = Explorer(vectors, "chip", **asked)
        assert told.children[1].layout.display is None


def test_comparison_is_off_and_out_of_sight_unless_asked_for(explorer, vectors):
    assert explorer.compare == "nothing"
    assert explorer._columns[1].layout.display == "none"
    assert explorer.children[2].layout.display == "none"
    asked = Explorer(vectors, "chip", compare="nothing")
    assert asked.children[2].layout.display is None
    assert asked._columns[1].layout.display == "none"


def test_two_tables_side_by_side_with_what_both_have_marked(vectors):
    explorer = Explorer(vectors, "chip", compare="context table")
    left, right = shown(explorer), shown(explorer, 1)
    assert left == neighbors(vectors, "chip", 10, "center")
    assert right == neighbors(vectors, "chip", 10, "context")
    both = len(set(left) & set(right))
    assert 0 < both < 10  # otherwise this tests nothing
    assert f"{both} of 10 words are in both lists" in header(explorer, 1)
    for column in (0, 1):
        assert bars(explorer, column).count("● both") == both
    explorer.compare = "center table"
    assert bars(explorer, 1).count("● both") == 10
    explorer.compare = "nothing"
    assert explorer._columns[1].layout.display == "none"
    assert "both" not in bars(explorer)


def test_other_vectors_are_asked_the_same_question(vectors):
    other = WordVectors(vectors.vocab, vectors.context, vectors.center)
    explorer = Explorer(vectors, "chip", others={"after <1> epoch": other}, k=4)
    assert explorer.children[2].layout.display is None
    compare_control(explorer).value = "after <1> epoch"
    assert explorer.compare == "after <1> epoch"
    assert shown(explorer, 1) == neighbors(other, "chip", 4)
    assert "According to <b>after &lt;1&gt; epoch</b>" in header(explorer, 1)
    explorer.table = "context"
    assert shown(explorer, 1) == neighbors(other, explorer.word, 4, "context")


def test_other_vectors_that_lack_the_word_say_so_in_their_column(vectors):
    vocab = Vocab.from_counts(["<unk>", "a", "b"], [3, 2, 1])
    explorer = Explorer(
        vectors, "chip", others={"small": WordVectors(vocab, np.eye(3))}, compare="small"
    )
    assert shown(explorer) == neighbors(vectors, "chip", 10)
    assert shown(explorer, 1) == []
    assert "&#39;chip&#39; has no vector" in header(explorer, 1)


def test_what_cannot_be_compared_with_is_an_error(vectors):
    with pytest.raises(traitlets.TraitError):
        Explorer(vectors, "chip", compare="the weather")


# What it costs


@pytest.mark.parametrize("compare, more", [("nothing", 0), ("context table", 2)])
def test_a_hop_sends_few_messages(vectors, monkeypatch, compare, more):
    explorer = Explorer(vectors, "chip", compare=compare)
    explorer.word = "china"
    sent = []
    monkeypatch.setattr(
        ipywidgets.Widget, "send_state", lambda self, key=None: sent.append(key)
    )
    press(explorer._columns[0].words, 0)
    # The words, the bars, the header, the text field, the way back, and the earlier words.
    assert 3 <= len(sent) <= 7 + more


def test_a_single_letter_is_remembered_if_it_was_looked_at(monkeypatch):
    explorer = Explorer(toy.vectors([*WORDS, "N"]), "chip")  # as in the Penn Treebank
    explorer._text.value = "N"
    assert explorer.word == "N"
    monkeypatch.setattr(module, "SECONDS_FOR_A_LETTER", 0)
    explorer._text.value = "china"
    assert explorer.history == ["chip", "N"]
