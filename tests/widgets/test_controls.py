"""The slider and the choice without a browser."""

import pytest

from w2v_lesson.widgets.controls import Choice, Slider


@pytest.mark.parametrize(
    "step, sent, value", [(1, 5, 5), (0.5, 5, 5.0), (1, 12, 9), (0.25, -3, 0.0)]
)
def test_a_slider_keeps_its_value_between_its_ends_and_of_the_type_of_its_step(
    step, sent, value
):
    slider = Slider("x", 1, max=9, step=step)
    slider.value = sent
    assert slider.value == value and type(slider.value) is type(value)


def test_a_slider_with_options_keeps_to_their_ends_and_their_type():
    slider = Slider("x", 1e-4, options=[1e-5, 1e-4, 1.0], texts=["a", "b", "c"])
    slider.value = 1  # as the page sends it
    assert type(slider.value) is float
    slider.value = 0
    assert slider.value == 1e-5


def test_a_value_of_the_page_is_observed_and_not_sent_back(monkeypatch):
    slider, seen, sent = Slider("x", 1.0, max=9, step=0.5), [], []
    slider.observe(lambda change: seen.append(change.new), "value")
    monkeypatch.setattr(slider, "_send", lambda message, **_: sent.append(message))
    slider.set_state({"value": 3})
    slider.value = 4.0
    assert seen == [3.0, 4.0]
    updates = [message["state"] for message in sent if message["method"] == "update"]
    assert updates == [{"value": 4.0}]


def test_a_choice_has_the_values_of_its_texts():
    choice = Choice("a line is", {"one sentence": True, "part of a text": False})
    assert (choice.value, choice.description) == (True, "a line is")
    choice.label = "part of a text"
    assert choice.value is False
    choice.set_state({"index": 0})  # as the page sends it
    assert choice.value is True
    assert Choice("table", ["center", "sum"], value="sum").index == 1
