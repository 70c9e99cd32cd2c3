"""The laboratory without a browser: training, comparing, suggestions."""

import re
import threading
from dataclasses import replace
from html import unescape

import pytest
import toy

from w2v_lesson.judge.experiments import Experiments
from w2v_lesson.settings import Settings
from w2v_lesson.widgets.laboratory import Laboratory
from w2v_lesson.widgets.suggestions import SUGGESTIONS

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
def lab(experiments):
    lab = Laboratory(experiments)
    lab.settings = SMALL
    return lab


@pytest.fixture(scope="module")
def results(experiments):
    """Two runs, the second with another size."""
    return [experiments.run(SMALL), experiments.run(replace(SMALL, embed_size=25))]


@pytest.fixture
def two(experiments, results):
    return Laboratory(experiments, results)


def rows(lab):
    """Runs in the table of neighbors."""
    return max(0, lab._neighbors.value.count("<tr>") - 1)


def lines(lab):
    """Curves in the picture."""
    return lab._curves.value.count("<polyline")


# Training


def test_train_gives_a_run_a_curve_and_a_sentence(lab):
    lab.train.click()
    lab.wait()
    assert "Run 1: done in" in lab._said.value
    assert rows(lab) == lines(lab) == 1
    (run,) = lab.runs
    assert run.title.value == (
        "window 2, 2 noise words, size 10, lr 0.01, epochs 2, threshold 1"
    )
    assert f"1: {run.title.value}" in lab._curves.value  # its text for screen readers
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


def test_the_first_record_is_drawn_and_the_knobs_may_be_turned_meanwhile(lab):
    seen = []

    def look():
        lab.settings = replace(SMALL, lr=0.05)
        lab._draw()
        seen.append((rows(lab), lines(lab), lab._curves.value, lab._progress.value))

    press_at_record(lab, 1, look)
    lab.start()
    lab.wait()
    ((num_rows, num_lines, curves, progress),) = seen
    assert num_rows == num_lines == 1
    assert "lr 0.01" in curves and "lr 0.05" not in curves
    assert "centers/s" in progress
    assert lab.results[0].settings == SMALL and lab._progress.value == ""


def test_stop_keeps_what_was_reached(lab):
    lab.settings = replace(SMALL, num_epochs=20)
    press_at_record(lab, 3, lab.stop.click)
    lab.start()
    lab.wait()
    assert lab.results[0].failure == "stopped"
    assert "Run 1: stopped after 0." in lab._said.value
    assert "of 20 epochs" in lab._said.value
    assert rows(lab) == 1
    # The axis ends at what was trained.
    assert ">20</text>" not in lab._curves.value


def test_a_failed_run_says_so_and_the_others_are_kept(two, monkeypatch):
    monkeypatch.setattr(two.experiments, "run", lambda *_: 1 / 0)
    two.start()
    two.wait()
    assert "division by zero" in two._fault.value
    assert len(two.runs) == lines(two) == 2
    assert not two.train.disabled and two._progress.value == ""


def test_a_diverged_run_says_so(two, results):
    records = [r._replace(loss=r.loss + i / 4) for i, r in enumerate(results[1].records)]
    diverged = results[1]._replace(records=records, settings=replace(SMALL, seed=1))
    run = two._add(diverged)
    two._draw()
    assert "diverged: the loss rose to" in run.children[1].value
    assert "above: run 3 at" in two._curves.value


# Comparing


def test_runs_given_at_the_start_are_shown(two):
    assert rows(two) == lines(two) == 2
    assert [run.number for run in two.runs] == [1, 2]
    assert "size 25" in two.runs[1].title.value


def test_a_run_can_be_hidden_and_shown_again(two):
    two.runs[0].visible.value = False
    assert rows(two) == lines(two) == 1
    assert "size 25" in two._curves.value and "size 10" not in two._curves.value
    two.runs[0].visible.value = True
    assert rows(two) == lines(two) == 2


def test_a_run_can_be_removed_and_its_number_is_not_used_again(two, results):
    two.runs[1].remove.click()
    assert two.results == results[:1]
    assert rows(two) == lines(two) == 1
    two._add(results[1])
    assert [run.number for run in two.runs] == [1, 3]


def test_a_run_can_be_renamed(two):
    two.runs[0].title.value = "<my> run"
    assert "1: &lt;my&gt; run" in two._curves.value


def test_the_line_of_code_repeats_the_run(two, results, experiments):
    two.runs[1].copy.click()
    code = unescape(re.search("<code[^>]*>(.*)</code>", two._code.value)[1])
    names = {"Settings": Settings, "experiments": experiments}
    exec(code, names)
    assert names["run"].settings == results[1].settings
    assert names["run"].heldout_loss == results[1].heldout_loss


def test_words_can_be_chosen_and_one_without_a_vector_is_an_error_in_words(two):
    two.words.value = "w02, W03"
    assert re.findall('<th scope="col">(w.*?)</th>', two._neighbors.value) == ["w02", "w03"]
    two.words.value = "w02 smartphone"
    assert "smartphone&#39; has no vector" in two._unknown.value
    assert rows(two) == 2
    two.words.value = ""
    assert two._neighbors.value == two._unknown.value == ""


def test_a_word_without_a_vector_does_not_end_a_training(two):
    two.words.value = "smartphone"
    two.settings = SMALL
    two.start()
    two.wait()
    assert len(two.runs) == 3 and two._fault.value == ""


# Suggestions


def test_the_laboratory_begins_at_the_standard_settings(experiments):
    assert Laboratory(experiments).settings == Settings()


@pytest.mark.parametrize("number", range(len(SUGGESTIONS)))
def test_a_suggestion_sets_the_knobs_and_says_what_to_watch(lab, number):
    lab.suggestions[number].click()
    assert lab.settings == SUGGESTIONS[number].settings
    assert unescape(lab._said.value).count(SUGGESTIONS[number].watch)
    assert "train the standard settings, too" in lab._said.value


def test_reset_sets_the_knobs_back_and_keeps_the_runs(two):
    two.suggestions[0].click()
    two.reset.click()
    assert two.settings == Settings()
    assert len(two.runs) == 2


def test_the_map_of_the_last_run_that_is_removed_goes_too(two):
    two._map.children = (two._map._title,)  # as with a text that has words of the map
    for run in list(two.runs):
        two._remove(run)
    assert two._map.children == ()


def test_words_for_which_the_table_has_no_room_are_named(two):
    known = two.runs[0].shown.vectors.vocab.to_tokens(range(3, 9))
    two.words.value = " ".join(known)
    assert f"Left out: {', '.join(known[4:])}." in two._unknown.value
    two.words.value = " ".join(known[:4])
    assert two._unknown.value == ""
