"""The widgets of chapter 01, driven without a browser."""

import html
import re

import numpy as np
import pytest

from w2v_lesson import figures, minibatches, sampling
from w2v_lesson.figures.style import themed
from w2v_lesson.vocabulary import Vocab
from w2v_lesson.widgets import text as module
from w2v_lesson.widgets.text import (
    WindowDraws,
    leaf_minibatches,
    noise_exponent,
    subsampling,
)

WORDS = ["the", "at&t", "chip", "the", "$", "maker", "fell"]
VOCAB = Vocab([WORDS] * 5 + [["the", "<unk>", "a"]] * 40 + [["rare"]], min_freq=2)


def plain(text):
    """Return the text that a reader sees of HTML."""
    return html.unescape(re.sub(r"<[^>]*>", " ", text))


# Windows and noise words


def rows(view):
    """Return (context, noise words) for each line of the table."""
    lines = re.findall(r"<tr><th scope=\"row\".*?</tr>", view._below.value)
    return [(words[0], words[1:]) for words in (plain(line).split() for line in lines)]


def draw(view):
    return sampling.draw_example(view._ids, view.center, 5, 5, view._tables, view.seed)


def test_a_click_on_a_word_shows_its_window_and_noise_words_as_drawn():
    view = WindowDraws(WORDS, VOCAB)
    for center in (2, 6, 3):
        view.buttons[center].click()
        drawn = draw(view)
        assert view.center == center
        noise_words = [VOCAB.to_tokens(row) for row in drawn.noise_words]
        contexts = [WORDS[i] for i in drawn.contexts]
        assert rows(view) == list(zip(contexts, noise_words, strict=True))
        said = plain(view._below.value)
        assert f"window of size {drawn.size}" in said
        assert f"{len(contexts)} contexts and {5 * len(contexts)} noise words" in said
        assert ("edge of the sentence" in said) == (len(contexts) < 2 * drawn.size)


def test_center_and_contexts_differ_in_color_and_frame_but_not_in_width():
    view = WindowDraws(WORDS, VOCAB, center=3)
    contexts = draw(view).contexts
    for i, button in enumerate(view.buttons):
        role = "center" if i == 3 else "context" if i in contexts else ""
        color = {"center": figures.ORANGE, "context": figures.BLUE, "": None}[role]
        assert button.style.button_color == (color and themed(color))
        # Only the center's frame differs from its background.
        border = button.layout.border_top
        assert border.startswith("3px solid ")
        assert ("font-color" in border) == (role == "center")
        assert (figures.BLUE in border) == (role == "context")
        assert button.style.font_weight is None


@pytest.mark.parametrize(
    "value, said", [(1e-6, "1.0e-6"), (1.26e-4, "1.3e-4"), (0.0996, "1.0e-1")]
)
def test_a_threshold_is_written_as_its_slider_does(value, said):
    assert module._power(value) == said


def test_draw_again_takes_the_next_seed_and_the_state_can_be_set():
    view = WindowDraws(WORDS, VOCAB)
    first = view._below.value
    view.again.click()
    assert view.seed == 1
    assert view._below.value != first
    view.seed = 0
    assert view._below.value == first
    again = WindowDraws(WORDS, VOCAB, center=4, seed=3)
    view.center, view.seed = 4, 3
    assert again._below.value == view._below.value


def test_words_are_escaped_and_unknown_ones_left_out():
    view = WindowDraws(["unheard", *WORDS], VOCAB, center=1)
    assert [button.description for button in view.buttons] == WORDS
    assert "Center <b>at&amp;t</b>" in view._below.value
    assert "<unk>" not in plain(view._below.value)


def test_a_place_outside_the_sentence_is_said():
    view = WindowDraws(WORDS, VOCAB)
    view.center = 99
    assert "from 0 to 6" in view._fault.value
    view.center = 0
    assert view._fault.value == ""


# Subsampling


@pytest.fixture
def threshold():
    key = sampling.derive_seeds(0)[0]
    view = subsampling(WORDS, VOCAB, minibatches.keep_probability, key)
    return view, view.controls["threshold"]


def test_words_only_come_as_the_threshold_grows(threshold):
    view, control = threshold
    dropped = []
    for exponent in np.arange(-6, -0.9, 0.5):
        control.value = 10**exponent
        cells = plain(view._below.value)
        dropped.append(cells.count("× dropped"))
        assert view._below.value.count("stays</span>") + dropped[-1] == len(WORDS)
        assert view._below.value.count("<s>") == dropped[-1]
        assert f"{len(WORDS) - dropped[-1]} of {len(WORDS)} words stay" in cells
    assert dropped == sorted(dropped, reverse=True)
    assert dropped[0] > dropped[-1]


def test_each_word_has_the_probability_of_the_formula(threshold):
    view, control = threshold
    control.value = 0.01
    keep = minibatches.keep_probability(minibatches.known_counts(VOCAB), 0.01)[VOCAB[WORDS]]
    shown = re.findall(r"<span>(\d\.\d\d) ", view._below.value)
    assert shown == [f"{value:.2f}" for value in keep]
    assert "at&amp;t" in view._below.value


def test_less_than_two_words_are_said_to_be_no_sentence(threshold):
    view, control = threshold
    control.value = 1e-6
    assert "fewer than two words left is dropped" in view._below.value


def test_the_curve_has_only_numbers_and_moves(threshold):
    view, control = threshold
    first = view._layer.value
    control.value = 0.05
    assert view._layer.value != first
    assert 'aria-label="The curve for t = 5.0e-2."' in view._layer.value
    assert not re.search("nan|inf", first + view._layer.value)


# The noise distribution


def test_the_table_has_the_probabilities_of_the_exponent_and_of_the_text():
    view = noise_exponent(["the", "at&t"], VOCAB, minibatches.noise_weights)
    assert "exponent 0.75, the usual one" in plain(view._below.value)
    counts = minibatches.known_counts(VOCAB)
    for exponent in (0, 0.5, 1):
        view.controls["exponent"].value = exponent
        noise = minibatches.noise_weights(counts, exponent)[VOCAB[["the", "at&t"]]]
        share = (counts / counts.sum())[VOCAB[["the", "at&t"]]]
        cells = re.findall("<td>(.*?)</td>", view._below.value)
        assert cells[::3] == [f"{value:.4%}" for value in share]
        assert cells[1::3] == [f"{value:.4%}" for value in noise]
        assert cells[2::3] == [f"× {a / b:.2f}" for a, b in zip(noise, share, strict=True)]
        assert "usual" not in view._below.value
        assert "at&amp;t" in view._layer.value
    assert set(cells[2::3]) == {"× 1.00"}


# Minibatches


def cells(rows, columns, padded):
    """Make masks and labels with this many columns of padding."""
    masks = np.ones((rows, columns))
    masks[:, columns - padded :] = 0
    return masks, np.zeros((rows, columns))


def test_leafing_shows_each_minibatch_and_its_padding():
    view = leaf_minibatches(
        {
            "random order": [cells(4, 10, 5), cells(4, 10, 4)],
            "like <lengths>": [cells(4, 2, 0), cells(3, 8, 1)],
        }
    )
    said = plain(view._below.value)
    assert "Random order: 4 × 10 = 40 cells, 50.0% padding" in " ".join(said.split())
    assert "Empty areas hold no cells" in said
    first = view._layer.value
    assert first.count("<image") == 2
    view.controls["number"].value = 2
    said = " ".join(plain(view._below.value).split())
    assert "Random order: 4 × 10 = 40 cells, 40.0% padding" in said
    assert "Like <lengths>: 3 × 8 = 24 cells, 12.5% padding" in said
    assert view._layer.value != first
    assert view.controls["number"].max == 2
