"""The progress bar and the messages about a training, without a browser."""

from contextlib import suppress

import pytest
import toy
from ipywidgets import FloatProgress, HBox
from ipywidgets.widgets.widget import _instances

from w2v_lesson.model import build_net
from w2v_lesson.training import Record, Training
from w2v_lesson.widgets import progress
from w2v_lesson.widgets.progress import (
    epoch_line,
    losses_in_words,
    progress_bar,
    reading_bar,
)


@pytest.fixture
def displayed(monkeypatch):
    """Return what was displayed during the run."""
    seen = []

    def keep(bundle, raw):
        assert "text/plain" not in bundle  # it would stay when the widget is closed
        view = bundle["application/vnd.jupyter.widget-view+json"]
        seen.append(_instances[view["model_id"]])

    monkeypatch.setattr(progress, "display", keep)
    return seen


def training(**options):
    data = toy.data()
    return Training(build_net(len(data.vocab), 4), data, 0.01, **options)


def is_closed(widget):
    return widget.comm is None


def test_progress_bar_runs_the_training_to_its_end_and_closes(displayed):
    watched = training()
    progress_bar(watched, 2)
    (box,) = displayed
    assert isinstance(box, HBox)
    bar, left = box.children
    assert isinstance(bar, FloatProgress)
    assert (bar.value, bar.max) == (2, 2)
    assert left.value == "less than a second left"
    assert is_closed(box)
    assert watched.epochs_done == 2


@pytest.mark.parametrize("error", [None, RuntimeError("in an import")])
def test_that_the_text_is_being_read_is_seen_until_it_has_been_read(displayed, error):
    with suppress(RuntimeError), progress_bar.while_reading():
        (note,) = displayed
        assert note.value == '<div role="status">Reading the text …</div>'
        assert not is_closed(note)
        if error:
            raise error
    assert is_closed(note)


@pytest.mark.parametrize("error", [None, RuntimeError("in training")])
def test_progress_bar_closes_after_a_stop_and_after_an_error(displayed, monkeypatch, error):
    watched = training()
    steps = watched.engine.steps

    def step_and_stop(minibatches):
        if error:
            raise error
        watched.stop()
        return steps(minibatches)

    monkeypatch.setattr(watched.engine, "steps", step_and_stop)
    if error:
        with pytest.raises(RuntimeError, match="in training"):
            progress_bar(watched, 2)
    else:
        progress_bar(watched, 2)
    assert watched.epochs_done == 0
    assert is_closed(displayed[0])


def test_reading_bar_shows_share_and_time_and_closes(displayed):
    with reading_bar() as progress:
        bar, left = displayed[0].children
        progress(30_000, 120_000, 7.4)
        assert bar.value / bar.max == 0.25
        assert left.value == "25% read, about 7 s left"
        progress(30_000, 120_000, 600)
        assert left.value == "25% read, about 10 min left"
        assert not is_closed(displayed[0])
    assert is_closed(displayed[0])


def test_reading_bar_closes_after_an_error(displayed):
    with pytest.raises(RuntimeError, match="in reading"), reading_bar():
        raise RuntimeError("in reading")
    assert is_closed(displayed[0])


def test_compiling_is_said_only_where_it_takes_long(displayed, monkeypatch):
    monkeypatch.setattr("w2v_lesson.engine.warm_up.compile_ahead", lambda: None)
    monkeypatch.setattr("w2v_lesson.engine.warm_up.is_compiled", lambda: True)
    progress.compile_engine()
    assert displayed == []
    monkeypatch.setattr("w2v_lesson.engine.warm_up.is_compiled", lambda: False)
    progress.compile_engine()
    assert len(displayed) == 1
    assert is_closed(displayed[0])


def record(epoch_loss=None, heldout_loss=None, seconds_left=1.0):
    return Record(2.0, 9, 0.5, epoch_loss, heldout_loss, 1.0, 1.0, seconds_left)


def test_an_epoch_is_told_with_and_without_held_out_loss():
    assert epoch_line(record(0.41, 0.42)) == (
        "epoch 2: training loss 0.410, held-out loss 0.420"
    )
    assert epoch_line(record(0.41)) == "epoch 2: training loss 0.410"


def test_losses_in_words_name_completed_epochs_only():
    watched = training()
    assert losses_in_words(watched) == "Loss curve. No epoch was completed."
    watched.records = [record(), record(0.41)]
    assert losses_in_words(watched) == "Loss curve. epoch 2: training loss 0.410"


def test_the_time_left_is_measured_from_what_was_trained_since(monkeypatch):
    now = iter([100.0, 110.0, 115.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(now))
    left = progress.TimeLeft()
    assert left(2.0, 5) == "measuring the time left …"
    assert left(2.5, 5) == "about 50 s left"
    assert left(3.5, 5) == "about 15 s left"
