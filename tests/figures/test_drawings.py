"""The drawings of the core chapters say what their chapters say of them."""

import numpy as np
import pytest
from drawn import records
from matplotlib.colors import to_hex
from matplotlib.patches import FancyBboxPatch, Rectangle

from w2v_lesson import figures
from w2v_lesson.figures import BLUE, GREEN, ORANGE, drawings
from w2v_lesson.scale.workers import ring_all_reduce


def words_of(figure):
    """The texts of a figure, in the order in which they were drawn."""
    return [text.get_text() for ax in figure.axes for text in ax.texts]


def boxed(figure):
    """The color of the box behind each boxed word, as (word, color), in order."""
    (ax,) = figure.axes
    boxes = [patch for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
    found = []
    for box in boxes:
        middle = box.get_x() + box.get_width() / 2, box.get_y() + box.get_height() / 2
        words = [t.get_text() for t in ax.texts if np.allclose(t.get_position(), middle)]
        found.append((words[0], to_hex(box.get_facecolor()).upper()))
    return found


def test_arrows_say_the_angles_to_the_first_word():
    vectors = {"chip": (3.0, 1.0), "software": (4.5, 2.2), "mother": (-0.8, 2.4)}
    said = words_of(figures.arrows(vectors, "chip"))
    assert {"chip", "software", "mother", "8°", "90°"} <= set(said)


def test_questions_are_yes_for_contexts_and_no_for_noise_words():
    figure = figures.questions(["chip", "are", "facing", "slow"], 0, [1, 2], ["low", "in"])
    sentence, asked = boxed(figure)[:4], boxed(figure)[4:]
    assert [color for _, color in sentence[:3]] == [ORANGE, BLUE, BLUE]
    assert sentence[3][1] not in (ORANGE, BLUE, GREEN)
    assert asked[::2] == [("chip", ORANGE)] * 4
    assert asked[1::2] == [("are", BLUE), ("facing", BLUE), ("low", GREEN), ("in", GREEN)]
    answers = [text for text in words_of(figure) if text in ("yes", "no")]
    assert answers == ["yes", "yes", "no", "no"]


def test_padded_rows_have_mask_and_label_below():
    examples = [("chip", ["are", "facing"], ["low", "in"]), ("summer", ["slow"], ["at"])]
    figure = figures.padded_rows(examples)
    cells = boxed(figure)
    assert cells[0] == ("chip", ORANGE)
    assert [color for _, color in cells[1:5]] == [BLUE, BLUE, GREEN, GREEN]
    assert [word for word, _ in cells[6:]] == ["slow", "at", "", ""]
    bits = [text for text in words_of(figure) if text in ("0", "1")]
    assert bits == list("1111" + "1100" + "1100" + "1000")


def test_a_lookup_picks_the_row_of_the_one():
    figure = figures.lookup_as_product(row=2, words=5, size=3)
    assert [text for text in words_of(figure) if text in ("0", "1")][:5] == list("00100")
    assert "row 2" in words_of(figure)
    (ax,) = figure.axes
    filled = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_facecolor()[3]]
    assert [to_hex(p.get_facecolor()).upper() for p in filled] == [ORANGE] + 6 * [BLUE]


def test_two_tables_color_contexts_and_noise_words():
    figure = figures.two_tables("chip", ["are", "facing"], ["low"])
    (ax,) = figure.axes
    colors = {text.get_text(): text.get_color() for text in ax.texts}
    assert (colors["chip"], colors["are"], colors["low"]) == (ORANGE, BLUE, GREEN)
    assert "score of (chip, low)" in colors


def test_pulled_together_has_a_panel_before_and_one_after():
    rng = np.random.default_rng(0)
    states = [(*rng.normal(size=(2, 8)), rng.normal(size=(4, 8))) for _ in range(2)]
    figure = figures.pulled_together(list("abcd"), np.array([1, 1, 0, 0]), *states)
    before, after = figure.axes
    assert (before.get_title(), after.get_title()) == ("before", "after twenty steps each")
    for ax in figure.axes:
        names = {text.get_text() for text in ax.texts if text.get_text()}
        assert names == {"july", "june", *"abcd"}
    assert before.get_xlim() == after.get_xlim() and before.get_ylim() == after.get_ylim()


def test_loss_stretches_part_where_the_loss_crosses_the_guess():
    made = records()
    guess = (made[0].loss + made[-1].loss) / 2
    (ax,) = figures.loss_stretches(made, guess).axes
    line = next(line for line in ax.lines if line.get_linestyle() == ":")
    assert set(line.get_ydata()) == {guess}
    crossing = next(r.epoch for r in made if r.loss < guess)
    lowest = min(r.heldout_loss for r in made if r.heldout_loss is not None)
    flat = next(r.epoch for r in made if (r.heldout_loss or 9) < lowest + drawings.FLAT)
    flat = max(flat, crossing)
    spans = [(p.get_xy()[:, 0].min(), p.get_xy()[:, 0].max()) for p in ax.patches]
    wanted = [(0, crossing), (crossing, flat), (flat, made[-1].epoch)]
    assert spans == [pytest.approx(span) for span in wanted]
    assert {"training loss", "held-out loss"} <= {t.get_text() for t in ax.legend_.texts}


def test_the_journey_has_six_steps_in_order():
    said = words_of(figures.journey())
    assert [text[0] for text in said if text[1:4] == " · "] == list("123456")


def test_the_ring_marks_finished_sums_and_sends_one_piece_of_each_worker_a_round():
    numbers = np.array([[1, 2, 3], [40, 50, 60], [700, 800, 900]])
    states = ring_all_reduce(numbers)
    figure = figures.ring(states)
    cells = boxed(figure)
    assert [number for number, _ in cells] == [
        str(x) for state in states for x in state.flat
    ]
    finished = [number for number, color in cells if color == GREEN]
    assert finished[:3] == ["852", "963", "741"] and len(finished) == 3 + 6 + 9
    said = words_of(figure)
    rounds = [text for text in said if text in ("add", "pass on", "done")]
    assert rounds == ["add", "add", "pass on", "pass on", "done"]
    assert {"at the start", "after round 1", "after round 4", "worker 3"} <= set(said)
    (ax,) = figure.axes
    arrows = [text for text in ax.texts if getattr(text, "arrow_patch", None)]
    assert len(arrows) == 4 * (3 + 1)  # one of each round comes in again at the top
