"""Vectors come from the cache if they are there and complete, and are trained otherwise."""

import warnings
from contextlib import contextmanager

import numpy as np
import pytest
import toy

from w2v_lesson import minibatches
from w2v_lesson.files import pretrained
from w2v_lesson.files.pretrained import ptb_vectors
from w2v_lesson.settings import Settings

TINY = {
    "batch_size": 128,
    "max_window_size": 2,
    "num_noise_words": 2,
    "embed_size": 4,
    "num_epochs": 2,
}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv("W2V_LESSON_CACHE", str(folder))
    return folder


@pytest.fixture
def trainings(monkeypatch):
    """Use the real training on a small text, and return a list that shows how often it ran."""
    runs = []

    def watch_and_count(training, num_epochs):
        runs.append(num_epochs)
        for _ in training.run(num_epochs):
            pass

    monkeypatch.setattr(pretrained, "SETTINGS", Settings(**TINY))
    text = {"train": toy.sentences(300), "valid": toy.sentences(200, seed=1)}
    monkeypatch.setattr(minibatches, "read_ptb", text.__getitem__)
    # Most words of the small text are frequent: without this, all would be dropped.
    draw = minibatches.keep_probability
    monkeypatch.setattr(
        minibatches, "keep_probability", lambda counts, threshold: draw(counts, 0.02)
    )
    monkeypatch.setattr(pretrained, "_run_silently", watch_and_count)
    return runs


def assert_same(ours, theirs):
    np.testing.assert_array_equal(ours.center, theirs.center)
    np.testing.assert_array_equal(ours.context, theirs.context)
    assert ours.vocab.idx_to_token == theirs.vocab.idx_to_token
    assert ours.about == theirs.about


def test_first_call_trains_and_the_second_loads_the_same(cache, trainings):
    first, second = ptb_vectors(), ptb_vectors()
    assert trainings == [2]
    assert_same(first, second)
    assert len(list(cache.iterdir())) == 1
    assert first.about["heldout_loss"] == pytest.approx(np.log(2), abs=0.1)
    assert first.about["num_epochs"] == 2
    assert first.similar("w01", 3)


def test_the_watcher_may_show_something_before_the_slow_imports(cache, trainings):
    seen = []

    def watch(training, num_epochs):
        seen.append("training")
        for _ in training.run(num_epochs):
            pass

    @contextmanager
    def while_reading():
        seen.append("reading")
        yield
        seen.append("read")

    watch.while_reading = while_reading
    ptb_vectors(watch)
    ptb_vectors(watch)  # loads them, for which nobody has to wait
    assert seen == ["reading", "read", "training"]


def test_other_settings_are_kept_apart(cache, trainings, monkeypatch):
    ptb_vectors()
    monkeypatch.setattr(pretrained, "SETTINGS", Settings(**{**TINY, "embed_size": 5}))
    assert ptb_vectors().center.shape[1] == 5
    assert trainings == [2, 2]
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize("damage", [b"", b"no vectors", None], ids=["", "text", "half"])
def test_a_damaged_file_is_made_anew(cache, trainings, damage):
    first = ptb_vectors()
    (path,) = cache.iterdir()
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] if damage is None else damage)
    assert_same(ptb_vectors(), first)
    assert trainings == [2, 2]
    assert_same(ptb_vectors(), first)
    assert trainings == [2, 2]
    assert list(cache.iterdir()) == [path]


def test_a_cache_that_cannot_be_written_is_a_warning_and_vectors_all_the_same(
    tmp_path, trainings, monkeypatch
):
    (tmp_path / "file").touch()
    monkeypatch.setenv("W2V_LESSON_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.warns(UserWarning, match=r"W2V_LESSON_CACHE.*trained each time") as seen:
        vectors = ptb_vectors()
    assert (
        seen[0].filename == __file__
    )  # the warning points at the reader's line, not at the package
    assert vectors.similar("w01", 3)
    assert trainings == [2]


def test_a_full_disk_is_a_warning_and_leaves_nothing(cache, trainings, monkeypatch):
    def fill_disk(file, **arrays):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", fill_disk)
    with pytest.warns(UserWarning, match="could not be kept.*No space left") as seen:
        vectors = ptb_vectors()
    assert seen[0].filename == __file__
    assert vectors.similar("w01", 3)
    assert list(cache.iterdir()) == []


def test_an_interrupt_while_keeping_leaves_nothing(cache, trainings, monkeypatch):
    def interrupted(file, **arrays):
        file.write(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", interrupted)
    with pytest.raises(KeyboardInterrupt):
        ptb_vectors()
    assert list(cache.iterdir()) == []


def test_a_stopped_training_is_not_kept_and_the_next_call_trains(cache, trainings):
    def stop_soon(training, num_epochs):
        for record in training.run(num_epochs):
            if record.epoch >= 1:
                training.stop()

    with pytest.raises(KeyboardInterrupt, match="Run the cell again"):
        ptb_vectors(watch=stop_soon)
    assert list(cache.iterdir()) == []
    ptb_vectors()
    assert trainings == [2]
    assert len(list(cache.iterdir())) == 1


def test_watch_runs_the_training(cache, trainings):
    epochs = []

    def watch(training, num_epochs):
        epochs.extend(r.epoch for r in training.run(num_epochs) if r.epoch_loss)

    ptb_vectors(watch=watch)
    assert epochs == [1, 2]
    assert trainings == []


def test_a_second_training_gives_the_same_vectors(cache, trainings):
    first = ptb_vectors()
    (path,) = cache.iterdir()
    path.unlink()
    assert_same(ptb_vectors(), first)


def test_nothing_is_printed_or_warned_when_all_is_well(cache, trainings, capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ptb_vectors(), ptb_vectors()
    assert capsys.readouterr().out == ""
