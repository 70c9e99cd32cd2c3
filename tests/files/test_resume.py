"""A training that resumes from a checkpoint ends as if it had never been interrupted."""

import json
import os
import subprocess
import sys
from pathlib import Path

import lives
import numpy as np
import pytest
import toy
from lives import ENGINES, training_of, what_is_learned
from mxnet import np as mx_np
from mxnet import npx, random

from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.files import checkpoint as module
from w2v_lesson.files.checkpoint import CheckpointError, Checkpoints
from w2v_lesson.minibatches import SkipGramData, index_corpus
from w2v_lesson.model import build_net
from w2v_lesson.training import GluonEngine, Training
from w2v_lesson.vocabulary import Vocab
from w2v_lesson.widgets.panel import TrainingPanel

npx.set_np()
both_engines = pytest.mark.parametrize("engine", ENGINES)


def toy_training(engine, checkpoints=None, redraw=True, **options):
    data = toy.data(redraw=redraw)
    options = {"heldout": toy.data(256, seed=9), "records_per_epoch": 5, **options}
    return Training(
        build_net(len(data.vocab), 8),
        data,
        0.01,
        engine=ENGINES[engine],
        checkpoints=checkpoints,
        **options,
    )


def run(training, num_epochs=2):
    return list(training.run(num_epochs))


def assert_same(ours, theirs):
    ours, theirs = (
        each if isinstance(each, dict) else what_is_learned(each) for each in (ours, theirs)
    )
    for name, array in theirs.items():
        np.testing.assert_array_equal(ours[name], array)


class Broken(BaseException):
    """Ends a training between two steps, as a kill does: nothing is saved after it."""


def break_off(training, step, num_epochs=2):
    """Run until this step is done, and then end as if killed."""
    one_step = training.engine.step

    def step_or_break(examples):
        if training.step == step:
            raise Broken
        return one_step(examples)

    training.engine.step = step_or_break
    with pytest.raises(Broken):
        run(training, num_epochs)


# In one process


@both_engines
@pytest.mark.parametrize("redraw", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_broken_off_at_any_step_it_ends_the_same_to_the_bit(tmp_path, engine, redraw):
    unbroken = toy_training(engine, redraw=redraw)
    run(unbroken)
    steps_in_all = unbroken.step
    for step in range(1 + redraw, steps_in_all, 3 if engine == "fused" else 5):
        folder = tmp_path / str(step)
        broken = toy_training(engine, Checkpoints(folder, every_steps=step), redraw)
        break_off(broken, step)
        resumed = toy_training(engine, Checkpoints(folder), redraw)
        assert resumed.step == step
        run(resumed)
        assert_same(resumed, unbroken)


@both_engines
def test_work_is_lost_back_to_the_last_checkpoint_only(tmp_path, engine):
    unbroken = toy_training(engine)
    run(unbroken)
    in_epoch = len(toy.data())
    for step, found in ((6, 0), (9, 7), (in_epoch + 1, in_epoch)):
        folder = tmp_path / str(step)
        broken = toy_training(engine, Checkpoints(folder, every_steps=7))
        break_off(broken, step)
        resumed = toy_training(engine, Checkpoints(folder))
        assert resumed.step == max(found, step // 7 * 7)
        run(resumed)
        assert_same(resumed, unbroken)


@both_engines
def test_broken_off_again_and_again(tmp_path, engine):
    unbroken = toy_training(engine)
    run(unbroken, 3)
    for step in (2, 3, 11, 30, 31, len(toy.data()) * 2 + 1):
        broken = toy_training(engine, Checkpoints(tmp_path, every_steps=2))
        break_off(broken, step, 3)
    resumed = toy_training(engine, Checkpoints(tmp_path))
    run(resumed, 3)
    assert_same(resumed, unbroken)


@both_engines
@pytest.mark.parametrize("how", ["stop", "stop in the loop", "leave the loop"])
def test_what_ends_early_by_itself_is_saved_and_goes_on(tmp_path, engine, how):
    def end_early(training):
        for number, _ in enumerate(training.run(2)):
            if number == 3:
                if how == "leave the loop":
                    break
                training.stop()

    here, training = toy_training(engine), toy_training(engine, Checkpoints(tmp_path))
    end_early(here), end_early(training)
    step = training.step
    assert here.step == step and 0 < step < len(toy.data())
    resumed = toy_training(engine, Checkpoints(tmp_path))
    assert resumed.step == step
    assert_same(resumed, training)
    run(here), run(resumed)
    assert_same(resumed, here)


@both_engines
def test_a_stop_in_mid_record_is_saved(tmp_path, engine):
    training = toy_training(engine, Checkpoints(tmp_path))
    step = training.engine.step
    training.engine.step = lambda examples: (training.stop(), step(examples))[1]
    run(training)
    resumed = toy_training(engine, Checkpoints(tmp_path))
    assert resumed.step == training.step == 1
    assert_same(resumed, training)


@both_engines
def test_a_training_that_is_done_is_found_done_and_can_go_on(tmp_path, engine):
    unbroken, first = toy_training(engine), toy_training(engine, Checkpoints(tmp_path))
    run(unbroken, 3), run(first, 2)
    resumed = toy_training(engine, Checkpoints(tmp_path))
    assert run(resumed, 2) == []
    assert resumed.records == first.records
    assert resumed.seconds == first.seconds
    run(resumed, 3)
    assert_same(resumed, unbroken)


@both_engines
def test_checkpoints_change_nothing(tmp_path, engine):
    without, often = (
        toy_training(engine),
        toy_training(engine, Checkpoints(tmp_path, every_steps=1)),
    )
    run(without), run(often)
    assert_same(often, without)


@both_engines
def test_the_generator_of_mxnet_is_used_for_the_first_weights_alone(tmp_path, engine):
    def next_draws():
        return mx_np.random.uniform(size=5).asnumpy().tolist()

    training = toy_training(engine)
    expected = next_draws()
    training = toy_training(engine)
    run(training, 1)
    assert next_draws() == expected
    broken = toy_training(engine, Checkpoints(tmp_path, every_steps=1))
    break_off(broken, 9)
    resumed = toy_training(engine, Checkpoints(tmp_path))
    random.seed(12345)
    run(resumed, 1)
    assert_same(resumed, training)


def test_skipped_batches_are_not_drawn(tmp_path, monkeypatch):
    broken = toy_training("fused", Checkpoints(tmp_path, every_steps=1))
    break_off(broken, 15)
    resumed, drawn = toy_training("fused", Checkpoints(tmp_path)), []
    draw = sys.modules["w2v_lesson.minibatches"].draw_examples
    monkeypatch.setattr(
        "w2v_lesson.minibatches.draw_examples",
        lambda *a: (drawn.append(len(a[1])), draw(*a))[1],
    )
    resumed.heldout = None
    run(resumed, 1)
    monkeypatch.undo()
    left = list(toy.data().examples())[15:]
    assert sum(drawn) == sum(len(examples.centers) for examples in left)


# Different settings are refused

OTHERS = {
    "batch_size": {"batch_size": 65},
    "num_noise_words": {"num_noise_words": 4},
    "max_window_size": {"max_window_size": 3},
    "threshold": {"threshold": 0.5},
    "redraw": {"redraw": False},
    "group_by_length": {"group_by_length": False},
    "seed": {"seed": 1},
    "parts": {"words_at_once": 100},
}


def assert_refused(folder, name, make):
    before = {path: path.read_bytes() for path in folder.glob("*.npz")}
    net = build_net(len(toy.data().vocab), 8)
    with pytest.raises(CheckpointError, match=rf"\b{name} is .* there, .* here"):
        make(net, Checkpoints(folder))
    with pytest.raises(RuntimeError, match="not been initialized"):  # and not changed
        net[0].weight.data()
    assert {path: path.read_bytes() for path in folder.glob("*.npz")} == before


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkpoints")
    run(toy_training("fused", Checkpoints(folder)), 1)
    return folder


@pytest.mark.parametrize("name", OTHERS)
def test_other_minibatches_are_refused_by_name(folder, name):
    options = {"redraw": True, **OTHERS[name]}
    data = toy.data_of(toy.sentences(), **{"batch_size": 64, **options})
    held = toy.data(256, seed=9)
    assert_refused(
        folder,
        name,
        lambda net, checkpoints: Training(
            net,
            data,
            0.01,
            heldout=held,
            engine=FusedEngine,
            records_per_epoch=5,
            checkpoints=checkpoints,
        ),
    )


@pytest.mark.parametrize(
    "name, options",
    [
        ("lr", {"lr": 0.02}),
        ("engine", {"engine": GluonEngine}),
        ("initial_seed", {"seed": 1}),
        ("records_per_epoch", {"records_per_epoch": 6}),
        ("held-out text", {"heldout": None}),
        ("held-out seed", {"heldout": toy.data(256, seed=8)}),
    ],
)
def test_another_training_is_refused_by_name(folder, name, options):
    options = {
        "lr": 0.01,
        "heldout": toy.data(256, seed=9),
        "engine": FusedEngine,
        "records_per_epoch": 5,
        **options,
    }
    assert_refused(
        folder,
        name,
        lambda net, checkpoints: Training(
            net, toy.data(redraw=True), checkpoints=checkpoints, **options
        ),
    )


def test_other_vectors_are_refused_by_name(folder):
    data = toy.data(redraw=True)
    with pytest.raises(CheckpointError, match="embed_size is 8 there, but 9 here"):
        Training(
            build_net(len(data.vocab), 9),
            data,
            0.01,
            heldout=toy.data(256, seed=9),
            engine=FusedEngine,
            records_per_epoch=5,
            checkpoints=Checkpoints(folder),
        )


@pytest.mark.parametrize("name", ["text", "vocabulary"])
def test_another_corpus_is_refused_even_if_as_long(folder, name):
    sentences = [list(line) for line in toy.sentences()]
    if name == "text":
        sentences[0], sentences[1] = sentences[1], sentences[0]
    vocab = Vocab(sentences)
    if name == "vocabulary":
        tokens = [t if t != "w37" else "w99" for t in vocab.idx_to_token]
        vocab, ids = Vocab.from_counts(tokens, vocab.counts), index_corpus(sentences, vocab)
    else:
        ids = index_corpus(sentences, vocab)
    data, heldout = (
        SkipGramData(*ids, vocab, size, 2, 3, threshold=1.0, redraw=True)
        for size in (64, 256)
    )
    assert_refused(
        folder,
        name,
        lambda net, checkpoints: Training(
            net,
            data,
            0.01,
            heldout=heldout,
            engine=FusedEngine,
            records_per_epoch=5,
            checkpoints=checkpoints,
        ),
    )


# Disks and other trainings


@pytest.mark.filterwarnings("always:No checkpoint")
def test_a_disk_that_becomes_full_ends_no_training(tmp_path, monkeypatch):
    unbroken = toy_training("fused")
    run(unbroken)
    training = toy_training("fused", Checkpoints(tmp_path, every_steps=5))
    records = training.run(2)
    next(records), next(records)
    at, full = training.step, OSError(28, "No space left on device")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(full))
    with pytest.warns(
        UserWarning, match=r"No space left.*Free some space.*Training continues"
    ):
        for _ in records:
            pass
    monkeypatch.undo()
    assert_same(training, unbroken)
    resumed = toy_training("fused", Checkpoints(tmp_path))
    assert 0 < resumed.step <= at
    run(resumed)
    assert_same(resumed, unbroken)


def test_a_disk_that_is_full_is_an_error_before_the_first_step(tmp_path, monkeypatch):
    training, full = toy_training("fused", Checkpoints(tmp_path)), OSError(28, "Disk full")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(full))
    with pytest.raises(CheckpointError, match="Disk full"):
        run(training)
    assert training.step == 0


def test_two_trainings_in_a_folder_are_refused_before_the_first_step(tmp_path):
    first, second = (toy_training("fused", Checkpoints(tmp_path)) for _ in range(2))
    records = first.run(1)
    next(records)
    with pytest.raises(CheckpointError, match="Another training run is using"):
        run(second)
    records.close()
    with pytest.raises(CheckpointError, match="Prepare the run again"):
        run(second)
    assert second.step == 0
    run(toy_training("fused", Checkpoints(tmp_path)))


@both_engines
def test_a_training_that_diverged_is_not_saved(tmp_path, engine):
    training = toy_training(engine, Checkpoints(tmp_path, every_steps=1))
    next(training.run(1))
    good = training.step
    for layer in training.net:
        layer.weight.set_data(layer.weight.data() * float("nan"))
    if engine == "fused":
        for table in training.engine.tables:
            table.rows[:] = np.nan
    for _ in range(2):
        with pytest.raises(FloatingPointError, match="smaller lr"):
            run(training, 1)
    assert toy_training(engine, Checkpoints(tmp_path)).step <= good


def test_pause_and_stop_in_the_panel_save(tmp_path):
    training = toy_training("fused", Checkpoints(tmp_path))
    panel = TrainingPanel(training, 10_000, training.data_iter.vocab)
    for state in ("paused", "stopped"):
        panel.resume()
        while not training.records:
            panel._thread.join(0.01)
        thread = panel._thread
        panel.halt(state)
        thread.join(30)
        assert not thread.is_alive()
        assert panel._fault.value == ""
        resumed = toy_training("fused", Checkpoints(tmp_path))
        assert resumed.step == training.step > 0
        assert_same(resumed, training)


# Killed


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL there")
def test_killed_at_random_moments_it_ends_the_same_to_the_bit(tmp_path):
    folder = Path(__file__).parent
    package = Path(module.__file__).parents[2]
    paths = os.pathsep.join(map(str, [package, folder, folder.parent]))
    done = subprocess.run(
        [sys.executable, str(folder / "lives.py"), str(tmp_path), "0"],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    *killed, last = [json.loads(line) for line in done.stdout.splitlines()]
    # The number of lives depends on the speed of the machine; we have seen 15 to 19.
    assert len(killed) >= 5 and not last["killed"]
    before = [0, 0]
    for life in [*killed, last]:
        for place in range(len(ENGINES)):
            found = life["from"][place]
            assert found == -1 or found >= before[place] - lives.EVERY_STEPS
            before[place] = max(before[place], life["to"][place])
    assert any(0 < life["from"][0] < life["to"][0] for life in killed)
    for engine in ENGINES:
        unbroken = training_of(engine)
        run(unbroken, lives.NUM_EPOCHS)
        assert unbroken.step == last["to"][list(ENGINES).index(engine)]
        with np.load(tmp_path / f"{engine}.npz") as resumed:
            assert_same(dict(resumed), unbroken)
