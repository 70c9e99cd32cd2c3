"""The analogies without a browser, by their traits, fields, and buttons."""

import html

import pytest
import toy

from w2v_lesson.widgets.analogies import Analogies

WORDS = ["<unk>", "japan", "yen", "germany", "<s>", "at&t"] + [f"x{i}" for i in range(9)]


@pytest.fixture
def vectors():
    return toy.vectors(WORDS)


@pytest.fixture
def analogies(vectors):
    examples = [("x1", "x2", "x3"), ("<s>", "at&t", "yen")]
    return Analogies(vectors, "japan", "yen", "germany", examples)


def field(analogies, name):
    return analogies.children[0].children["abc".index(name)].children[0]


def hints(analogies):
    return [analogies._hints[name].value for name in "abc"]


def test_the_first_question_is_answered(analogies, vectors):
    expected = vectors.analogy("japan", "yen", "germany", 5)
    assert analogies.answers == expected
    result = analogies._result.value
    assert "<b>japan</b> is to <b>yen</b> as <b>germany</b> is to" in result
    for n in expected:
        assert f"<span>{html.escape(n.word)}</span>" in result
        assert f">{n.cosine:.2f}" in result and f"seen {n.count:,} times" in result


def test_what_is_left_out_is_said_once_each(analogies):
    assert "answers: japan, yen, germany." in analogies._result.value
    analogies.ask("yen", "japan", "yen")
    assert "answers: yen, japan." in analogies._result.value


def test_typing_asks_in_any_case_and_with_blanks(analogies, vectors):
    field(analogies, "c").value = " X4 "
    assert analogies.answers == vectors.analogy("japan", "yen", "x4", 5)
    assert field(analogies, "c").value == " X4 "


def test_k_and_table_can_be_given_and_set(vectors):
    analogies = Analogies(vectors, "x1", "x2", "x3", k=2, table="sum")
    assert analogies.answers == vectors.analogy("x1", "x2", "x3", 2, "sum")
    analogies.k, analogies.table = 3, "context"
    assert analogies.answers == vectors.analogy("x1", "x2", "x3", 3, "context")


@pytest.mark.parametrize("name", "abc")
def test_an_unknown_word_has_its_hint_at_its_field_and_the_last_answer_stays(
    analogies, name
):
    before = analogies._result.value
    field(analogies, name).value = "germny<"
    assert [bool(hint) for hint in hints(analogies)] == [n == name for n in "abc"]
    hint = analogies._hints[name].value
    assert "&#39;germny&lt;&#39; has no vector. Near: germany." in hint
    assert analogies._result.value.startswith("The previous question:")
    assert before in analogies._result.value and "w2v-old" in analogies._result.value
    field(analogies, name).value = ""
    assert "Type a word." in analogies._hints[name].value
    field(analogies, name).value = "x8"
    assert hints(analogies) == ["", "", ""]
    assert analogies._result.value != before


def test_two_unknown_words_have_a_hint_each(analogies):
    analogies.ask("zzz", "yen", "")
    assert [bool(hint) for hint in hints(analogies)] == [True, False, True]


def test_an_example_fills_all_fields_before_it_is_computed(analogies, vectors, monkeypatch):
    asked = []
    answer = vectors.analogy
    monkeypatch.setattr(vectors, "analogy", lambda *q: asked.append(q) or answer(*q))
    first, second = analogies.children[1].children
    assert first.description == "x1 : x2 = x3 : ?"
    first.click()
    assert (analogies.a, analogies.b, analogies.c) == ("x1", "x2", "x3")
    assert [field(analogies, name).value for name in "abc"] == ["x1", "x2", "x3"]
    assert analogies.answers == answer("x1", "x2", "x3", 5)
    second.click()
    assert "<b>&lt;s&gt;</b> is to <b>at&amp;t</b>" in analogies._result.value
    assert asked[-1][:3] == ("<s>", "at&t", "yen")
    assert set(asked) == {
        ("x1", "x2", "x3", 5, "center"),
        ("<s>", "at&t", "yen", 5, "center"),
    }


def test_a_question_that_cannot_be_answered_says_why(analogies):
    analogies.k = 99
    assert "k must be a whole number from 1 to 11" in analogies._fault.value
    analogies.k = 4
    assert analogies._fault.value == ""


def test_no_bar_has_a_negative_width(vectors):
    analogies = Analogies(vectors, "x1", "x2", "x3", k=11)
    assert analogies.answers[-1].cosine < 0
    assert "width:-" not in analogies._result.value


CASED = ["<unk>", "Apple", "apple", "Berlin", "yen"] + [f"x{i}" for i in range(9)]


def test_vectors_that_tell_upper_case_are_asked_for_the_word_as_it_is_typed():
    vectors = toy.vectors(CASED)
    analogies = Analogies(vectors, "Apple", "apple", "Berlin")
    assert analogies.answers == vectors.analogy("Apple", "apple", "Berlin", 5)
    field(analogies, "c").value = " Yen "  # only the lowercase word exists
    assert analogies.answers == vectors.analogy("Apple", "apple", "yen", 5)
    field(analogies, "c").value = "berlin"
    assert "&#39;berlin&#39; has no vector" in analogies._hints["c"].value
