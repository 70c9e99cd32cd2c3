"""The training panel without a browser: its buttons, what it shows, what `wait` leaves."""

import os
import signal
import threading

import numpy as np
import pytest
import toy

from w2v_lesson import figures
from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.model import build_net
from w2v_lesson.training import GluonEngine, Training
from w2v_lesson.vectors import UnknownWordError, WordVectors
from w2v_lesson.widgets.history import neighbors_table
from w2v_lesson.widgets.panel import TrainingPanel, watch_training

LONG = 60  # seconds


@pytest.fixture(autouse=True)
def shown(monkeypatch):
    """Return the alternative texts of the figures shown."""
    seen = []
    monkeypatch.setattr(figures, "show", lambda figure, alt: seen.append(alt))
    # A picture takes longer than the training of these few words.
    monkeypatch.setattr(figures, "to_html", lambda figure, alt: f'<img alt="{alt}">')
    return seen


GROUPS = "first: w01 w02; second: w03 w04"


def make(num_epochs=2, engine=GluonEngine, probes=("w01", "w02"), lr=0.01, **options):
    data = toy.data()
    heldout = toy.data(256, seed=9)
    training = Training(
        build_net(len(data.vocab), 4), data, lr, heldout=heldout, engine=engine
    )
    return TrainingPanel(training, num_epochs, data.vocab, probes, **options)


def weights(panel):
    return [layer.weight.data().asnumpy() for layer in panel.training.net]


def unbroken(num_epochs, engine):
    panel = make(num_epochs, engine)
    for _ in panel.training.run(num_epochs):
        pass
    return weights(panel)


def at_step(panel, number, press):
    """Have `press()` called during this step of the training, in another thread."""
    steps, panel.training.engine.steps_at_once = panel.training.engine.steps, 1
    seen = []

    def step_and_press(minibatches):
        seen.append(None)
        if len(seen) == number:
            presser = threading.Thread(target=press)
            presser.start()
            presser.join(LONG)
        return steps(minibatches)

    panel.training.engine.steps = step_and_press


def reach(panel, state):
    """Wait until the panel is in this state and its thread has ended."""
    panel._thread and panel._thread.join(LONG)
    assert panel.state == state


def disabled(panel):
    return panel.pause.disabled, panel.go_on.disabled, panel.stop.disabled


def main_button(panel):
    return panel.go_on.description, panel.go_on.button_style


def test_before_the_start_only_start_can_be_pressed():
    panel = make()
    assert panel.state == "ready"
    assert disabled(panel) == (True, False, True)
    assert main_button(panel) == ("Start", "primary")
    assert "Ready" in panel._status.value
    assert list(panel.history) == [0]


def test_wait_trains_to_the_end_prints_each_epoch_and_leaves_a_figure(capsys, shown):
    panel = make()
    panel.wait()
    assert panel.state == "done"
    assert panel.training.epochs_done == 2
    lines = capsys.readouterr().out.splitlines()
    assert [line[:8] for line in lines] == ["epoch 1:", "epoch 2:"]
    assert shown == [f"Loss curve. {'; '.join(lines)}"]
    assert disabled(panel) == (True, False, True)
    assert panel._bar.value == panel._bar.max == 2
    assert lines[1] in panel._curve.value


def test_start_returns_at_once_and_a_second_start_does_nothing():
    panel = make(20)
    panel.start()
    thread = panel._thread
    panel.start()
    assert panel._thread is thread
    assert panel.state == "running"
    assert disabled(panel) == (False, True, False)
    panel.stop.click()
    reach(panel, "stopped")


@pytest.mark.parametrize("engine", [GluonEngine, FusedEngine])
def test_paused_or_stopped_anywhere_and_gone_on_with_is_bit_for_bit_the_same(engine):
    expected = unbroken(2, engine)
    panel = make(2, engine)
    at_step(panel, 3, panel.pause.click)
    panel.start()
    reach(panel, "paused")
    assert panel.training.step == 3
    at_step(panel, 2, panel.stop.click)
    panel.go_on.click()
    reach(panel, "stopped")
    assert panel.training.step == 5
    panel.go_on.click()
    panel.wait()
    for ours, theirs in zip(weights(panel), expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_pause_is_said_and_offers_to_go_on():
    panel = make()
    at_step(panel, 2, panel.pause.click)
    panel.start()
    reach(panel, "paused")
    assert f"Epoch {panel._epoch:.2f} of 2. Paused" in panel._status.value
    assert disabled(panel) == (True, False, False)
    assert main_button(panel) == ("Resume", "primary")


def test_go_on_before_the_step_under_way_has_ended_is_heard():
    panel = make()

    def pause_and_go_on():
        panel.pause.click()
        panel.go_on.click()

    at_step(panel, 3, pause_and_go_on)
    panel.wait()
    assert panel.state == "done"


def test_wait_goes_on_waiting_while_paused_and_ends_at_stop(capsys):
    panel = make()
    at_step(panel, 2, panel.pause.click)
    panel.start()
    reach(panel, "paused")
    is_waiting, wait = threading.Event(), panel._ended.wait
    panel._ended.wait = lambda: is_waiting.set() or wait()
    waiting = threading.Thread(target=panel.wait)
    waiting.start()
    assert is_waiting.wait(LONG)
    assert not panel._ended.is_set() and waiting.is_alive()
    panel.stop.click()
    waiting.join(LONG)
    assert not waiting.is_alive()
    assert "Stopped at epoch 0." in capsys.readouterr().out


def test_what_was_stopped_is_not_trained_by_running_a_cell_again(capsys):
    panel = make()
    at_step(panel, 2, panel.stop.click)
    panel.wait()
    step = panel.training.step
    for run_again in (panel.start, panel.wait, panel.wait):
        run_again()
        assert (panel.state, panel.training.step) == ("stopped", step)
    said = capsys.readouterr().out.splitlines()
    assert said == [said[0]] * 3
    assert "Stopped at epoch 0." in said[0] and "of 2. To go on, press Resume" in said[0]
    panel.go_on.click()
    panel.wait()
    assert panel.state == "done"


def test_when_done_the_panel_offers_one_more_epoch(capsys):
    panel = make(1)
    panel.wait()
    assert main_button(panel) == ("Train one more epoch", "")
    panel.start()
    assert panel.state == "done"  # running the cell again doesn't train
    panel.go_on.click()
    assert main_button(panel) == ("Resume", "")
    panel.wait()
    assert (panel.state, panel.training.epochs_done) == ("done", 2)
    assert panel._bar.value == panel._bar.max == 2
    assert capsys.readouterr().out.splitlines()[-1].startswith("epoch 2:")


def test_a_training_that_ended_elsewhere_is_shown_as_done():
    panel = make(1)
    for _ in panel.training.run(1):
        pass
    again = TrainingPanel(panel.training, 1, panel.vocab)
    assert (again.state, again._bar.value) == ("done", 1)


def test_the_panel_of_a_training_is_the_same_when_its_cell_is_run_again():
    panel = make(20)
    panel.start()
    again = watch_training(panel.training, 20, panel.vocab, probes=["w01"])
    again.start()
    assert again is panel
    panel.stop.click()
    reach(panel, "stopped")
    other = make()
    assert watch_training(other.training, 2, other.vocab) is other


def test_another_training_stops_the_one_before():
    first, second = make(1000), make(1)
    first.start()
    second.start()
    reach(first, "stopped")
    second.wait()
    assert second.state == "done"


def test_the_time_left_is_measured_anew_after_each_pause():
    panel, seen = make(), []
    panel._numbers.observe(lambda change: seen.append(change.new), "value")
    at_step(panel, 3, panel.pause.click)
    panel.start()
    reach(panel, "paused")
    panel.go_on.click()
    panel.wait()
    measuring = ["measuring the time left" in said for said in seen if said]
    assert sum(measuring) == 2 and measuring[0]
    assert not any(" 0 s left" in said for said in seen)


def test_the_map_follows_the_training():
    panel, moves = make(groups=GROUPS), []
    assert panel.plane.groups == {"first": ["w01", "w02"], "second": ["w03", "w04"]}
    panel.plane.observe(moves.append, "points")
    before = panel.plane.points
    panel.wait()
    assert panel.plane.points != before and len(moves) >= 2
    assert panel.plane.frame == []  # it follows


def test_the_map_keeps_to_the_plane_of_vectors_from_the_same_first_weights():
    center, vocab = weights(make())[0], toy.data().vocab
    noise = np.random.default_rng(0).normal(size=center.shape)
    for like, is_fixed in (
        (center + 0.5 * center.std() * noise, True),
        (noise, False),
        (center[:, :3], False),
    ):
        panel = make(groups=GROUPS, like=WordVectors(vocab, like))
        assert bool(panel.plane.frame) == is_fixed


def test_wait_for_a_training_that_is_done_ends_at_once(capsys):
    panel = make(1)
    for _ in panel.training.run(1):
        pass
    panel.wait()
    assert panel.state == "done"
    assert capsys.readouterr().out.startswith("epoch 1:")


def test_an_interrupt_of_wait_stops_the_training_after_the_step_under_way(capsys):
    panel = make()
    at_step(panel, 3, lambda: os.kill(os.getpid(), signal.SIGINT))
    before = signal.getsignal(signal.SIGINT)
    try:
        panel.wait()
    except KeyboardInterrupt:
        pytest.fail("The interrupt came through as KeyboardInterrupt.")
    assert signal.getsignal(signal.SIGINT) is before
    assert panel.state == "stopped"
    assert "Stopped at epoch" in capsys.readouterr().out


def test_an_error_in_the_thread_is_shown_and_raised_by_wait():
    panel = make()
    at_step(panel, 2, lambda: None)

    def fail(minibatches):
        raise FloatingPointError("The <loss> is no number")

    panel.training.engine.steps = fail
    with pytest.raises(FloatingPointError, match="no number"):
        panel.wait()
    assert panel.state == "failed"
    assert "&lt;loss&gt;" in panel._fault.value
    assert "Failed" in panel._status.value


def test_a_diverging_training_says_what_to_do():
    panel = make(lr=1e30)
    with pytest.raises(FloatingPointError, match="smaller lr"):
        panel.wait()
    assert "smaller lr" in panel._fault.value


def test_neighbors_of_the_probes_are_kept_for_each_epoch():
    panel = make()
    panel.wait()
    assert list(panel.history) == [0, 1, 2]
    assert set(panel.history[2]) == {"w01", "w02"}
    assert all(len(words) == 4 for words in panel.history[2].values())
    assert panel._words.value == neighbors_table(panel.history, panel.probes)


def test_a_row_between_epochs_is_for_the_moment_only():
    panel = make()
    at_step(panel, 3, panel.pause.click)
    panel.start()
    reach(panel, "paused")
    assert list(panel.history) == [0, panel._epoch]
    panel.go_on.click()
    panel.wait()
    assert list(panel.history) == [0, 1, 2]


def test_without_probes_there_is_no_table():
    panel = make(probes=())
    assert panel._words.value == ""
    panel.wait()
    assert panel._words.value == ""


def test_an_unknown_probe_is_refused_at_once():
    with pytest.raises(UnknownWordError, match="smartphone"):
        make(probes=("smartphone",))


def test_the_table_marks_new_words_and_escapes_all():
    history = {0: {"<s>": ["a", "<b>"]}, 1: {"<s>": ["a", "&c"]}, 1.25: {"<s>": ["d", "a"]}}
    table = neighbors_table(history, ["<s>"])
    assert '<th scope="col">&lt;s&gt;</th>' in table
    rows = table.split("<tr>")[2:]
    assert "<td>a, &lt;b&gt;</td>" in rows[0]
    assert "<td>a, <b>&amp;c</b></td>" in rows[1]
    assert '<th scope="row">1.25</th><td><b>d</b>, a</td>' in rows[2]
