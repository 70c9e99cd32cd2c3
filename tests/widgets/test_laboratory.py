"""The laboratory without a browser: knobs, Train, Stop, the table."""

import threading
from dataclasses import replace

import pytest
import toy

from w2v_lesson import figures
from w2v_lesson.judge.evaluation import Agreement
from w2v_lesson.judge.experiments import Experiments, Result
from w2v_lesson.settings import Settings
from w2v_lesson.widgets import laboratory
from w2v_lesson.widgets.laboratory import KNOBS, Laboratory, results_table

LONG = 60  # seconds
SMALL = Settings(
    embed_size=10,
    max_window_size=2,
    num_noise_words=2,
    threshold=1.0,
    lr=0.01,
    num_epochs=2,
)


@pytest.fixture(scope="module")
def experiments():
    return Experiments(
        ("w01",), sentences=toy.sentences(400), min_freq=1, heldout=toy.sentences(100, 1)
    )


@pytest.fixture
def lab(experiments, monkeypatch):
    # A picture takes longer than the training of these few words.
    monkeypatch.setattr(figures, "to_html", lambda figure, alt: f'<img alt="{alt}">')
    lab = Laboratory(experiments)
    lab.settings = SMALL
    return lab


def rows(lab):
    """Return the runs in the first table."""
    return lab._table.value.split("</table>")[0].count("<tr>") - 1


def test_each_knob_begins_at_the_standard_settings(experiments):
    lab = Laboratory(experiments)
    assert lab.settings == Settings()
    assert set(KNOBS) <= set(vars(Settings()))


def test_train_gives_a_row_a_curve_and_a_sentence(lab):
    lab.train.click()
    lab.wait()
    assert "Run 1 done" in lab._status.value
    assert rows(lab) == 1
    assert "<img" in lab._curve.value
    assert "Loss curves. Run 1 done" in lab._curve.value
    assert lab.results[0].settings == SMALL


def press_at_record(lab, number, press):
    watch = lab._watch

    def watch_and_press(training):
        watch(training)
        if len(training.records) == number:
            press()

    lab._watch = watch_and_press


def test_before_the_start_stop_and_wait_do_nothing(lab):
    lab.halt()
    lab.wait()
    assert lab.results == [] and not lab.train.disabled


def test_train_returns_at_once_and_a_second_press_meanwhile_does_nothing(lab):
    go = threading.Event()
    lab.settings = replace(SMALL, num_epochs=1)
    press_at_record(lab, 1, lambda: go.wait(LONG))
    lab.start()
    lab.start()
    assert lab.train.disabled
    assert not lab.stop.disabled
    go.set()
    lab.wait()
    assert len(lab.results) == 1
    assert not lab.train.disabled
    assert lab.stop.disabled


def test_stop_keeps_what_was_reached(lab):
    lab.settings = replace(SMALL, num_epochs=20)
    press_at_record(lab, 3, lab.stop.click)
    lab.start()
    lab.wait()
    assert lab.results[0].failure == "stopped"
    assert "stopped at epoch" in lab._status.value
    assert lab._table.value.count("<td>") > len(KNOBS) + 4


def test_runs_add_up_in_the_table_and_the_figure(lab):
    for size in (10, 25):
        lab.settings = replace(SMALL, embed_size=size)
        lab.start()
        lab.wait()
    assert rows(lab) == 2
    assert "Run 2 done" in lab._curve.value


def test_a_failed_run_says_so_and_keeps_the_table(lab, monkeypatch):
    lab.start()
    lab.wait()
    monkeypatch.setattr(lab.experiments, "run", lambda *_: 1 / 0)
    lab.start()
    lab.wait()
    assert "division by zero" in lab._status.value
    assert rows(lab) == 1
    assert not lab.train.disabled


def test_a_diverged_run_is_a_row_that_says_so(lab, monkeypatch):
    monkeypatch.setitem(laboratory.KNOBS, "lr", [0.002, 1e30])
    broken = Laboratory(lab.experiments)
    broken.settings = replace(SMALL, lr=1e30)
    broken.start()
    broken.wait()
    assert "Run 1 failed" in broken._status.value
    assert "smaller lr" in broken._table.value


def test_the_table_escapes_words():
    result = Result(
        Settings(),
        [],
        1.0,
        5.0,
        0.4,
        0.7,
        Agreement(0.1, 3, 9),
        {"<unk>": ["<b>", "a", "b"]},
        "",
    )
    table = results_table([result])
    assert "nearest to &lt;unk&gt;" in table
    assert "&lt;b&gt;, a, b" in table
    assert "0.10 (3 of 9 pairs)" in table


def test_labels_say_what_each_knob_means(lab):
    assert set(laboratory.MEANING) == set(KNOBS)
