"""Training learns, reports correct numbers, and leaves no trace when it is stopped."""

import json
import math
import os
import signal
import threading
from contextlib import nullcontext
from types import SimpleNamespace

import numpy as np
import pytest
import toy
from mxnet import autograd, gluon, npx, random

from w2v_lesson import training as module
from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.minibatches import SkipGramData, index_corpus
from w2v_lesson.model import build_net, initialize, masked_loss, skip_gram
from w2v_lesson.training import (
    GluonEngine,
    Training,
    evaluate_loss,
    prepare_training,
    train_step,
)
from w2v_lesson.vocabulary import Vocab

npx.set_np()
CPU = npx.cpu()
ENGINES = (GluonEngine, FusedEngine)
both_engines = pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)


def training_of(data, lr=0.01, **options):
    options.setdefault("records_per_epoch", 5)
    return Training(build_net(len(data.vocab), 8), data, lr, **options)


def heldout():
    return toy.data(256, seed=9)


def tables(training):
    return [layer.weight.data().asnumpy() for layer in training.net]


def run(training, num_epochs):
    return list(training.run(num_epochs))


@pytest.fixture
def after_step(monkeypatch):
    """Take {step: function to call after it}, and return the summed losses of all steps."""
    calls, losses = {}, []

    def watch(engine):
        step = engine.step

        def step_and_call(self, examples):
            loss = step(self, examples)
            losses.append((float(loss), len(examples.centers)))
            calls.get(len(losses), lambda: None)()
            return loss

        monkeypatch.setattr(engine, "step", step_and_call)

    watch(GluonEngine), watch(FusedEngine)
    calls["losses"] = losses
    return calls


# Learning


@both_engines
def test_loss_falls_from_ln_2_and_so_does_the_held_out_loss(engine):
    data = toy.data(redraw=True)
    records = run(training_of(data, heldout=heldout(), engine=engine), 2)
    ends = [record for record in records if record.epoch_loss is not None]
    assert records[0].loss == pytest.approx(math.log(2), rel=0.01)
    first, second = ends[0], ends[1]
    assert math.log(2) > first.epoch_loss > second.epoch_loss
    assert math.log(2) > first.heldout_loss > second.heldout_loss


@both_engines
def test_words_that_share_contexts_become_alike(engine):
    # 'cat' and 'dog' occur in the same places, and 'red' in others.
    rng = np.random.default_rng(0)
    noise = [f"n{i}" for i in range(30)]
    corpus = []
    for _ in range(400):
        corpus.append(["the", rng.choice(["cat", "dog"]), "sleeps"])
        corpus.append(["a", rng.choice(["red", "blue"]), "car"])
        corpus.append(list(rng.choice(noise, 3)))
    data = toy.data_of(corpus, batch_size=64, max_window_size=1, redraw=True)
    training = training_of(data, lr=0.02, engine=engine)
    run(training, 6)
    unit = tables(training)[0]
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    cat, dog, red = unit[data.vocab[["cat", "dog", "red"]]]
    assert cat @ dog > 0.9
    assert cat @ dog > cat @ red + 0.3


def step_of(batch, optimizer, lr):
    """Return the weights before and after one step, and the gradient of the summed loss."""
    random.seed(0)
    net = build_net(len(toy.data().vocab), 4)
    initialize(net, CPU)
    centers, others, masks, labels = batch
    with autograd.record():
        pred = skip_gram(centers, others, net[0], net[1])
        loss = masked_loss(pred.reshape(labels.shape), labels, masks)
    loss.backward()
    gradients = [layer.weight.grad().asnumpy().copy() for layer in net]
    before = [layer.weight.data().asnumpy().copy() for layer in net]
    trainer = gluon.Trainer(net.collect_params(), optimizer, {"learning_rate": lr})
    losses = train_step(net, trainer, batch, CPU)
    np.testing.assert_array_equal(losses.asnumpy(), loss.asnumpy())
    return before, [layer.weight.data().asnumpy() for layer in net], gradients


def test_a_step_divides_by_the_length_of_its_own_batch():
    # The source also divides the short last batch by 512.
    sizes = set()
    for batch in toy.data():
        size = len(batch.centers)
        if size in sizes:
            continue
        sizes.add(size)
        for before, after, gradient in zip(*step_of(batch, "sgd", 0.5), strict=True):
            expected = before - 0.5 * gradient / size
            np.testing.assert_allclose(after, expected, rtol=0, atol=1e-7)
    assert len(sizes) == 2


def test_the_first_step_of_adam_moves_by_the_learning_rate():
    batch = next(iter(toy.data()))
    before, after, gradients = step_of(batch, "adam", 0.01)
    for table in range(2):
        clear = np.abs(gradients[table]) > 1e-3
        moved = (after[table] - before[table])[clear]
        np.testing.assert_allclose(
            moved, -0.01 * np.sign(gradients[table][clear]), rtol=0.01
        )


def test_training_uses_adam_with_the_given_learning_rate():
    trainer = training_of(toy.data(), lr=0.0123).engine.trainer
    assert type(trainer.optimizer).__name__ == "Adam"
    assert trainer.learning_rate == 0.0123


def test_the_gluon_engine_takes_the_steps_of_chapter_05():
    training = training_of(toy.data(), device=CPU)
    random.seed(0)
    net = build_net(len(toy.data().vocab), 8)
    initialize(net, CPU)
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.01})
    losses = [train_step(net, trainer, batch, CPU).asnumpy() for batch in toy.data()]
    assert run(training, 1)[-1].epoch_loss == pytest.approx(np.concatenate(losses).mean())
    assert_same(tables(training), [layer.weight.data().asnumpy() for layer in net])


# Records


@both_engines
def test_losses_of_records_are_means_over_the_centers(after_step, engine):
    training = training_of(toy.data(), engine=engine)
    records = run(training, 2)
    losses, step = np.array(after_step["losses"]), 0
    for record in records:
        loss, centers = losses[step : record.step].sum(axis=0)
        assert record.loss == pytest.approx(loss / centers, rel=1e-12)
        step = record.step
    half = len(losses) // 2
    ends = [record for record in records if record.epoch_loss is not None]
    for end, steps in zip(ends, (losses[:half], losses[half:]), strict=True):
        # The last batch is shorter: a mean of the batches' means would differ.
        expected = steps[:, 0].sum() / steps[:, 1].sum()
        assert end.epoch_loss == pytest.approx(expected, rel=1e-12)
        assert abs((steps[:, 0] / steps[:, 1]).mean() - expected) > 1e-5 * expected


@both_engines
def test_records_count_steps_and_epochs_and_the_time_left(engine):
    data = toy.data()
    records = run(training_of(data, engine=engine), 2)
    steps = [record.step for record in records]
    assert steps == sorted(set(steps))
    assert records[-1].step == 2 * len(data)
    for record in records:
        assert record.epoch == pytest.approx(record.step / len(data))
        assert (record.epoch_loss is not None) == (record.step % len(data) == 0)
        assert record.centers_per_second > 0
        # Each center has at least one context and three noise words.
        assert record.pairs_per_second >= 4 * record.centers_per_second
        assert (record.seconds_left == 0) == (record.epoch == 2)
    assert len(records) == 10


@both_engines
def test_pairs_are_the_unmasked_cells(monkeypatch, engine):
    ticks = iter(range(1000))
    clock = SimpleNamespace(perf_counter=lambda: float(next(ticks)))
    monkeypatch.setattr(module, "time", clock)  # of this module alone
    data = toy.data()
    (record,) = run(training_of(data, records_per_epoch=1, engine=engine), 1)
    assert record.pairs_per_second == data.num_pairs  # in one second
    assert record.centers_per_second == len(data.words().ids)
    assert data.num_pairs == sum(int(batch.masks.sum()) for batch in toy.data())
    assert record.seconds_left == 0


class InMemory:
    """Checkpoints that keep the last one, and are due every few steps."""

    def __init__(self, every_steps):
        self.every_steps, self.last = every_steps, None

    def load(self, settings):
        return self.last

    def save(self, settings, progress, arrays):
        arrays = {name: array.copy() for name, array in arrays.items()}
        self.last = json.loads(json.dumps(progress)), arrays

    def save_or_warn(self, settings, progress, arrays):
        self.save(settings, progress, arrays)
        return True

    def due(self, step):
        return step % self.every_steps == 0

    def held(self):
        return nullcontext()


@both_engines
@pytest.mark.parametrize("saved", [False, True])
def test_seconds_count_once_and_those_left_are_by_the_speed_so_far(
    monkeypatch, after_step, engine, saved
):
    now, data = [0.0], toy.data()
    clock = SimpleNamespace(perf_counter=lambda: now[0])
    monkeypatch.setattr(module, "time", clock)  # of this module alone
    takes = [1.0 + step // 10 for step in range(2 * len(data))]  # slower and slower
    for step, seconds in enumerate(takes, 1):
        after_step[step] = lambda seconds=seconds: now.append(now.pop() + seconds)
    checkpoints = InMemory(every_steps=3) if saved else None
    training = training_of(data, engine=engine, checkpoints=checkpoints)
    before = 0
    for record in training.run(2):
        assert training.seconds == sum(takes[: record.step]) == now[0]
        steps_left = len(takes) - record.step
        assert record.seconds_left == pytest.approx(now[0] / record.step * steps_left)
        centers = sum(n for _, n in after_step["losses"][before : record.step])
        since = sum(takes[before : record.step])
        assert record.centers_per_second == pytest.approx(centers / since)
        before = record.step


@both_engines
def test_the_last_record_is_saved_too(engine):
    # The last step has been saved before its record was there.
    checkpoints = InMemory(every_steps=1)
    records = run(training_of(toy.data(), engine=engine, checkpoints=checkpoints), 1)
    resumed = training_of(toy.data(), engine=engine, checkpoints=checkpoints)
    assert resumed.records == records
    assert resumed.epochs_done == 1


@pytest.mark.parametrize("records_per_epoch", [1, 3, 7, 1000])
def test_records_come_about_as_often_as_asked(records_per_epoch):
    data = toy.data()
    records = run(training_of(data, records_per_epoch=records_per_epoch), 1)
    wanted = min(records_per_epoch, len(data))
    assert wanted <= len(records) <= 2 * wanted
    assert records[-1].step == len(data)


@both_engines
def test_held_out_loss_is_that_of_the_weights_at_the_end_of_the_epoch(engine):
    training = training_of(toy.data(), heldout=heldout(), engine=engine)
    records = run(training, 2)
    assert records[-1].heldout_loss == training.engine.evaluate(heldout())
    expected = evaluate_loss(training.net, heldout(), CPU)
    assert records[-1].heldout_loss == pytest.approx(expected, rel=1e-6)
    assert all((r.heldout_loss is None) == (r.epoch_loss is None) for r in records)


@both_engines
def test_held_out_text_is_not_trained_on(engine):
    alone = training_of(toy.data(redraw=True), engine=engine)
    other = toy.data(256, seed=9)
    beside = training_of(toy.data(redraw=True), heldout=other, engine=engine)
    run(alone, 2), run(beside, 2)
    assert_same(tables(alone), tables(beside))
    assert [r.epoch_loss for r in alone.records] == [r.epoch_loss for r in beside.records]
    assert other.epoch == 0


@both_engines
def test_held_out_loss_is_on_the_same_pairs_each_time(engine):
    training = training_of(toy.data(), engine=engine)
    run(training, 1)
    expected = training.engine.evaluate(toy.data(256, seed=9, redraw=True))
    later = toy.data(256, seed=9, redraw=True)
    later.epoch = 4
    assert training.engine.evaluate(later) == expected
    assert evaluate_loss(training.net, later, CPU) == pytest.approx(expected, rel=1e-6)
    assert later.epoch == 4


def test_without_held_out_data_there_is_no_held_out_loss():
    assert {r.heldout_loss for r in run(training_of(toy.data()), 1)} == {None}


@both_engines
def test_all_records_are_kept_as_they_were_yielded(engine):
    training = training_of(toy.data(), engine=engine)
    assert run(training, 1) + run(training, 2) == training.records


@both_engines
def test_held_out_loss_is_the_mean_over_the_centers_in_numpy(engine):
    training = training_of(toy.data(), engine=engine)
    run(training, 1)
    v, u = (table.astype(np.float64) for table in tables(training))
    losses = []
    for batch in heldout():
        for center, contexts, noise in toy.examples_of(batch):
            positive = np.log1p(np.exp(-u[list(contexts)] @ v[center]))
            negative = np.log1p(np.exp(u[list(noise)] @ v[center]))
            losses.append(np.concatenate([positive, negative]).mean())
    ours = training.engine.evaluate(heldout())
    assert ours == pytest.approx(np.mean(losses), rel=1e-5)


@both_engines
def test_evaluating_changes_no_weights_and_gives_the_same_each_time(engine):
    training, data = training_of(toy.data(), engine=engine), heldout()
    before = [table.copy() for table in tables(training)]
    assert training.engine.evaluate(data) == training.engine.evaluate(data)
    assert_same(before, tables(training))


# Reproducible, and stopped without a trace


def assert_same(ours, theirs):
    for our_table, table in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(our_table, table)


def epoch_losses(training):
    return [(r.epoch_loss, r.heldout_loss) for r in training.records if r.epoch_loss]


@both_engines
@pytest.mark.parametrize("redraw", [True, False])
def test_two_runs_from_the_same_seed_are_the_same_to_the_bit(redraw, engine):
    first, second = (training_of(toy.data(redraw=redraw), engine=engine) for _ in range(2))
    run(first, 2), run(second, 2)
    assert_same(tables(first), tables(second))
    assert [r.loss for r in first.records] == [r.loss for r in second.records]


def test_another_seed_gives_other_weights():
    first, second = (training_of(toy.data(), seed=seed) for seed in (0, 1))
    assert not np.array_equal(tables(first)[0], tables(second)[0])


def assert_stops_leave_no_trace(training, unbroken):
    assert training.step == unbroken.step
    assert_same(tables(training), tables(unbroken))
    assert training.records[-1].epoch == unbroken.records[-1].epoch
    assert epoch_losses(training) == epoch_losses(unbroken) != []


@both_engines
@pytest.mark.parametrize("redraw", [True, False])
@pytest.mark.parametrize(
    "stops",
    [
        pytest.param([1], marks=pytest.mark.slow),
        pytest.param([13], marks=pytest.mark.slow),
        ["epoch"],
        [3, 4, 17, "epoch", 40],
    ],
)
def test_a_stopped_training_goes_on_as_if_unbroken(after_step, redraw, stops, engine):
    unbroken = training_of(toy.data(redraw=redraw), heldout=heldout(), engine=engine)
    run(unbroken, 2)
    after_step["losses"].clear()
    data = toy.data(redraw=redraw)
    training = training_of(data, heldout=heldout(), engine=engine)
    stops = [len(data) if stop == "epoch" else stop for stop in stops]
    for stop in stops:
        after_step[stop] = training.stop
    for stop in stops:
        run(training, 2)
        assert training.stopped
        assert training.step == training.records[-1].step == stop
    run(training, 2)
    assert not training.stopped
    assert_stops_leave_no_trace(training, unbroken)


@both_engines
def test_an_epoch_more_later_is_as_if_asked_for_at_once(engine):
    first, second = (
        training_of(toy.data(), heldout=heldout(), engine=engine) for _ in range(2)
    )
    run(first, 2)
    run(second, 1), run(second, 2)
    assert_stops_leave_no_trace(first, second)
    assert run(second, 2) == []


@both_engines
def test_leaving_the_loop_between_records_loses_nothing(engine):
    unbroken = training_of(toy.data(), heldout=heldout(), engine=engine)
    run(unbroken, 1)
    training = training_of(toy.data(), heldout=heldout(), engine=engine)
    for _ in training.run(1):
        break
    run(training, 1)
    assert_stops_leave_no_trace(training, unbroken)


@pytest.mark.parametrize("redraw", [True, False])
@pytest.mark.parametrize("look", ["at a batch", "at the loss"])
@both_engines
def test_looking_at_the_data_while_stopped_changes_nothing(
    after_step, look, redraw, engine
):
    unbroken = training_of(toy.data(redraw=redraw), heldout=heldout(), engine=engine)
    run(unbroken, 3)
    after_step["losses"].clear()
    data = toy.data(redraw=redraw)
    training = training_of(data, heldout=heldout(), engine=engine)
    after_step[len(data) + 5] = training.stop
    run(training, 3)
    if look == "at a batch":
        next(iter(data))
    else:
        training.engine.evaluate(data)
    run(training, 3)
    assert_stops_leave_no_trace(training, unbroken)


@both_engines
def test_stop_from_another_thread_ends_after_a_step(after_step, engine):
    training = training_of(toy.data(), records_per_epoch=1, engine=engine)
    stopper = threading.Thread(target=training.stop)
    after_step[3] = lambda: (stopper.start(), stopper.join())
    (record,) = run(training, 1000)
    assert training.stopped
    assert (training.step, record.step, record.epoch_loss) == (3, 3, None)


@both_engines
def test_interrupt_ends_after_the_step_and_running_again_goes_on(after_step, engine):
    unbroken = training_of(toy.data(), heldout=heldout(), engine=engine)
    run(unbroken, 1)
    after_step["losses"].clear()
    training = training_of(toy.data(), heldout=heldout(), engine=engine)
    after_step[4] = lambda: os.kill(os.getpid(), signal.SIGINT)
    run(training, 1)  # no KeyboardInterrupt
    assert training.stopped
    assert training.step == 4
    run(training, 1)
    assert_stops_leave_no_trace(training, unbroken)


@both_engines
def test_interrupt_at_any_moment_ends_a_long_training(after_step, engine):
    data = toy.data()
    training = training_of(data, engine=engine)
    # One very long epoch, so the training is still running at that time.
    training._epoch = epoch = module._Epoch(data, 1)
    epoch.num_batches = epoch.every = 10_000
    epoch.batches = (batch for _ in range(10_000) for batch in data.examples())
    timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
    after_step[1] = timer.start
    (record,) = run(training, 1)
    assert training.stopped
    assert 0 < record.step == training.step < 10_000
    assert all(np.isfinite(table).all() for table in tables(training))


def test_interrupt_is_handled_as_before_once_the_training_is_over(after_step):
    before = signal.getsignal(signal.SIGINT)
    training = training_of(toy.data())
    during = []
    after_step[1] = lambda: during.append(signal.getsignal(signal.SIGINT))
    for _ in training.run(1):
        # While the reader's own code runs, an interrupt is the reader's.
        assert signal.getsignal(signal.SIGINT) is before
    assert signal.getsignal(signal.SIGINT) is before
    assert during[0] is not before


def test_interrupt_is_handled_as_before_after_an_error(after_step):
    def fail():
        raise RuntimeError("in a step")

    before = signal.getsignal(signal.SIGINT)
    after_step[2] = fail
    with pytest.raises(RuntimeError, match="in a step"):
        run(training_of(toy.data()), 1)
    assert signal.getsignal(signal.SIGINT) is before


def in_another_thread(function):
    results, errors = [], []

    def call():
        try:
            results.append(function())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    assert errors == []
    return results[0]


@both_engines
def test_training_runs_in_another_thread_to_the_same_weights(engine):
    # npx.set_np() applies per thread, and other threads can't have signal handlers.
    here = training_of(toy.data(), heldout=heldout(), engine=engine)
    run(here, 1)
    there = training_of(toy.data(), heldout=heldout(), engine=engine)
    assert len(in_another_thread(lambda: run(there, 1))) == 5
    assert_stops_leave_no_trace(there, here)


@both_engines
def test_training_can_be_made_in_another_thread(engine):
    def make():
        return training_of(toy.data(), heldout=heldout(), engine=engine)

    here, there = make(), in_another_thread(make)
    run(here, 1), run(there, 1)
    assert_stops_leave_no_trace(there, here)


@both_engines
def test_held_out_loss_can_be_had_in_another_thread(engine):
    evaluate = training_of(toy.data(), engine=engine).engine.evaluate
    assert in_another_thread(lambda: evaluate(heldout())) == evaluate(heldout())


# Bad input


@both_engines
@pytest.mark.parametrize("missing", [1, 30])
def test_a_net_with_fewer_rows_than_words_is_refused(engine, missing):
    data = toy.data()
    net = build_net(len(data.vocab) - missing, 8)
    with pytest.raises(ValueError, match=r"but the vocabulary has 40 words\. Make it with"):
        Training(net, data, 0.01, engine=engine)


def net_of(*layers):
    net = gluon.nn.Sequential()
    net.add(*layers)
    return net


def table(rows=40, size=8, **options):
    return gluon.nn.Embedding(rows, size, **options)


@both_engines
@pytest.mark.parametrize(
    "tables",
    [
        (table(), table(60)),
        (table(60), table()),
        (table(), table(size=9)),
        (table(dtype="float64"), table(dtype="float64")),
        (table(dtype="float16"), table()),
    ],
)
def test_tables_of_different_shapes_or_of_other_numbers_are_refused(engine, tables):
    with pytest.raises(ValueError, match=r"same shape and hold float32.*build_net"):
        Training(net_of(*tables), toy.data(), 0.01, engine=engine)


@pytest.mark.parametrize(
    "net",
    [
        *(None, 5, "net", [table(), table()], table(), net_of(), net_of(table())),
        *(net_of(table(), table(), gluon.nn.Dense(1)), net_of(gluon.nn.Dense(40), table())),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_is_no_net_of_two_tables_is_refused(net):
    data = toy.data()
    for use in (lambda: Training(net, data, 0.01), lambda: evaluate_loss(net, data, CPU)):
        with pytest.raises(TypeError, match=r"two embedding tables.*build_net"):
            use()


@pytest.mark.parametrize("wrong", [None, [], "novel.txt", (toy.data(), 5), iter([1])])
def test_what_is_no_data_is_refused(wrong):
    data = toy.data()
    calls = {
        "data_iter must": lambda: Training(build_net(40, 8), wrong, 0.01),
        "data_iter": lambda: prepare_training(wrong),
        "heldout": lambda: training_of(data, heldout=wrong or 5),
    }
    for name, call in calls.items():
        with pytest.raises(TypeError, match=rf"{name}.*SkipGramData.*load_data_ptb"):
            call()


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("device", "cpu"), ("device", [CPU]), ("settings", {"lr": 1}), ("settings", 0.1)],
)
def test_what_is_no_device_or_no_settings_is_refused(name, wrong):
    with pytest.raises(TypeError, match=f"{name} must be"):
        prepare_training(toy.data(), **{name: wrong})


@pytest.mark.parametrize("seed", ["x", -1, 0.5, None])
def test_the_seed_must_be_a_whole_number(seed):
    with pytest.raises(ValueError, match="seed must be a whole number"):
        training_of(toy.data(), seed=seed)


def test_a_loss_is_not_evaluated_with_too_few_rows():
    net = build_net(39, 8)
    initialize(net, CPU)
    with pytest.raises(ValueError, match="the vocabulary has 40 words"):
        evaluate_loss(net, toy.data(), CPU)


@both_engines
def test_held_out_text_with_another_vocabulary_is_refused(engine):
    other = toy.data_of([["x", "y", "z"]] * 20)
    with pytest.raises(ValueError, match="held-out text has another vocabulary"):
        training_of(toy.data(), heldout=other, engine=engine)


@both_engines
def test_loss_that_is_no_number_ends_with_a_hint_at_the_learning_rate(engine):
    with pytest.raises(FloatingPointError, match="start again with a smaller lr"):
        run(training_of(toy.data(), lr=1e30, engine=engine), 1)


@both_engines
def test_weights_that_are_no_numbers_after_the_last_step_are_found_out(engine):
    # One batch: the loss before the only step is finite, but the weights after it are not.
    data = toy.data_of([["a", "b", "c", "d"]] * 4, 1000, max_window_size=1)
    training = training_of(data, lr=1e30, heldout=data, engine=engine)
    with pytest.raises(FloatingPointError, match="smaller lr"):
        run(training, 1)


@pytest.mark.parametrize("lr", [0, -0.1, float("nan")])
def test_learning_rate_must_be_positive(lr):
    with pytest.raises(ValueError, match="lr must be greater than 0"):
        training_of(toy.data(), lr=lr)


@pytest.mark.parametrize("value", [0, -1, 2.5, True, "5", None])
def test_numbers_of_epochs_and_records_must_be_whole(value):
    with pytest.raises(ValueError, match="num_epochs must be a whole number"):
        run(training_of(toy.data()), value)
    with pytest.raises(ValueError, match="records_per_epoch must be a whole number"):
        training_of(toy.data(), records_per_epoch=value)


class OneNatEngine:
    """Everything that `Training` needs from an engine; each example has a loss of 1 nat."""

    name = "one nat"
    default_device = staticmethod(npx.cpu)

    def __init__(self, net, lr):
        self.net, self.lr, self.steps = net, lr, 0

    def step(self, examples):
        self.steps += 1
        return float(len(examples.centers))

    def write_back(self):
        pass

    def evaluate(self, data_iter):
        return 2.0

    def state(self):
        return {"steps": np.array(self.steps)}

    def restore(self, state):
        self.steps = int(state["steps"])


def test_any_class_with_these_methods_is_an_engine():
    checkpoints = InMemory(every_steps=7)
    options = {"engine": OneNatEngine, "heldout": heldout(), "checkpoints": checkpoints}
    training = training_of(toy.data(), lr=0.5, **options)
    records = run(training, 1)
    assert {record.loss for record in records} == {1.0}
    assert (records[-1].epoch_loss, records[-1].heldout_loss) == (1.0, 2.0)
    assert (training.engine.net, training.engine.lr) == (training.net, 0.5)
    resumed = training_of(toy.data(), lr=0.5, **options)
    assert resumed.engine.steps == training.step == len(toy.data())


def test_the_net_is_kept_where_it_is_told_or_where_the_engine_wants_it(monkeypatch):
    monkeypatch.setattr(OneNatEngine, "default_device", lambda: npx.cpu(1))
    assert training_of(toy.data(), engine=OneNatEngine).net[0].weight.list_ctx() == [
        npx.cpu(1)
    ]
    told = training_of(toy.data(), engine=OneNatEngine, device=npx.cpu(2))
    assert told.net[0].weight.list_ctx() == [npx.cpu(2)]


@pytest.mark.parametrize("num_gpus, device", [(0, npx.cpu()), (2, npx.gpu(0))])
def test_mxnets_operators_run_on_the_first_gpu_if_there_is_one(
    monkeypatch, num_gpus, device
):
    monkeypatch.setattr(npx, "num_gpus", lambda: num_gpus)
    assert GluonEngine.default_device() == device


@both_engines
@pytest.mark.parametrize("steps", [0, 1, 5])
def test_an_engine_goes_on_from_the_state_of_another(engine, steps):
    data = toy.data()
    batches = list(data.examples())

    def new_engine(seed):
        random.seed(seed)
        net = build_net(len(data.vocab), 8)
        initialize(net, CPU)
        return engine(net, 0.01)

    first, second = new_engine(0), new_engine(1)
    for examples in batches[:steps]:
        first.step(examples)
    second.restore({name: array.copy() for name, array in first.state().items()})
    for each in (first, second):
        for examples in batches[steps : steps + 3]:
            each.step(examples)
        each.write_back()
    for ours, theirs in zip(tables(first), tables(second), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@both_engines
def test_a_corpus_of_one_batch_works(engine):
    data = toy.data_of([["a", "b", "c", "d"]] * 4, 1000, max_window_size=1)
    training = training_of(data, heldout=data, records_per_epoch=20, engine=engine)
    records = run(training, 3)
    assert [(r.step, r.epoch) for r in records] == [(1, 1), (2, 2), (3, 3)]
    assert all(r.epoch_loss == r.loss for r in records)


@both_engines
def test_held_out_text_with_words_that_training_never_saw_works(engine):
    corpus = [["a", "b", "c", "d", "e"]] * 20
    vocab = Vocab(corpus)
    data = toy.data_of(corpus, max_window_size=1)
    words = index_corpus([["a", "new", "b"], ["c", "d"]], vocab)
    other = SkipGramData(*words, vocab, 8, 1, 1, threshold=1.0)
    records = run(training_of(data, heldout=other, engine=engine), 1)
    assert math.isfinite(records[-1].heldout_loss)
