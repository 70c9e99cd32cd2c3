"""A cluster of real processes: it trains as one process does, and leaves none behind."""

import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import toy
from jupyter_client.manager import start_new_kernel
from mxnet import gluon, kvstore, npx, random

from w2v_lesson.files.checkpoint import CheckpointError
from w2v_lesson.files.formats import load_vectors
from w2v_lesson.minibatches import make_batch
from w2v_lesson.model import build_net, initialize
from w2v_lesson.sampling import Examples
from w2v_lesson.scale import cluster, parallel
from w2v_lesson.scale.cluster import (
    Cluster,
    ClusterError,
    become,
    main,
    role_environment,
    run,
)
from w2v_lesson.scale.parallel import (
    ParallelSettings,
    load_shard,
    read_reports,
    shard,
    train,
)
from w2v_lesson.scale.scaling import MESSAGES
from w2v_lesson.training import Training, train_step

npx.set_np()
CPU = npx.cpu()
slow = pytest.mark.slow
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")
EPOCHS = 3
SMALL = ParallelSettings(sentences=1500, batch_size=128, embed_size=16, num_epochs=EPOCHS)


def command(folder, settings=SMALL):
    """Command line of a worker."""
    return parallel.command(folder, settings)


def tables_in(folder):
    vectors = load_vectors(folder / "vectors.npz")
    return [vectors.center, vectors.context]


def tables_of(net):
    return [layer.weight.data().asnumpy() for layer in net]


def losses_in(folder):
    return [report["loss"] for report in read_reports(folder)]


@pytest.fixture(scope="module", autouse=True)
def read_once():
    """The corpus, read a single time for all that is trained in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parallel, "read_ptb", toy.ptb)
        yield


@pytest.fixture(scope="module")
def by_two(tmp_path_factory):
    """Folder of a training by two workers, with two servers."""
    folder = tmp_path_factory.mktemp("by_two")
    run(command(folder), workers=2, servers=2, timeout=300)
    return folder


# It trains as one process does


def fresh_net(vocab):
    random.seed(SMALL.seed)
    net = build_net(len(vocab), SMALL.embed_size)
    initialize(net, CPU)
    return net


@slow
def test_one_worker_trains_as_a_single_run_to_the_last_bit(tmp_path):
    run(command(tmp_path), workers=1, timeout=300)
    data, vocab = load_shard(SMALL, 0, 1)
    training = Training(build_net(len(vocab), SMALL.embed_size), data, SMALL.lr)
    losses = [r.epoch_loss for r in training.run(EPOCHS) if r.epoch_loss is not None]
    for ours, theirs in zip(tables_in(tmp_path), tables_of(training.net), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_allclose(losses_in(tmp_path), losses, rtol=1e-5)


def together(one, other):
    """The examples of two minibatches as one; the shorter epoch's have come to an end."""
    if one is None or other is None:
        return one or other
    starts = np.concatenate([one.starts, one.starts[-1] + other.starts[1:]])
    parts = [np.concatenate(pair) for pair in zip(one, other, strict=True)]
    return Examples(*parts)._replace(starts=starts)


@slow
def test_two_workers_train_as_a_single_run_on_both_minibatches_together(by_two):
    (first, vocab), (second, _) = (load_shard(SMALL, rank, 2) for rank in (0, 1))
    net, losses = fresh_net(vocab), []
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": SMALL.lr})
    one_has_less = False
    for epoch in range(EPOCHS):
        first.epoch = second.epoch = epoch
        one_has_less |= len(first) != len(second)
        batches = itertools.zip_longest(first.examples(), second.examples())
        l = [train_step(net, trainer, make_batch(together(*b)), CPU) for b in batches]
        losses.append(float(sum(x.sum() for x in l)) / sum(map(len, l)))
    assert one_has_less  # so that a worker without a minibatch was part of it
    # One sum is added up in another order. Adam divides each gradient by its own size,
    # so where that is nearly 0, rounding is a part of it that can be seen: measured are
    # up to 5e-7, for steps of up to 2e-3.
    for ours, theirs in zip(tables_in(by_two), tables_of(net), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)
        assert abs(theirs).max() > 0.2  # it has learned something
    np.testing.assert_allclose(losses_in(by_two), losses, rtol=1e-5)


@slow
def test_rows_that_are_touched_are_enough_to_the_last_bit(by_two, tmp_path):
    settings = replace(SMALL, exchange="rows")
    run(command(tmp_path, settings), workers=2, timeout=300)
    for ours, theirs in zip(tables_in(tmp_path), tables_in(by_two), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    sent = [read_reports(folder)[0]["bytes_per_step"] for folder in (tmp_path, by_two)]
    assert sent[0] < 0.8 * sent[1]


@slow
def test_the_bytes_of_both_tables_there_and_back_are_counted(by_two):
    vocab_size = len(tables_in(by_two)[0])
    for epoch in read_reports(by_two):
        tables = 2 * 2 * vocab_size * SMALL.embed_size * 4
        assert tables <= epoch["bytes_per_step"] < 1.05 * tables
        assert 0 < epoch["ms_exchanging_per_step"] < epoch["ms_per_step"]


def test_shards_share_the_sentences_and_none_is_lost():
    ids, sentence_of = np.arange(9), np.array([0, 0, 1, 1, 2, 3, 3, 3, 6])
    parts = [shard(ids, sentence_of, rank, 3) for rank in range(3)]
    assert [part[0].tolist() for part in parts] == [[0, 1, 5, 6, 7, 8], [2, 3], [4]]
    assert [set(part[1] % 3) for part in parts] == [{0}, {1}, {2}]


def test_workers_draw_their_own_from_one_vocabulary():
    (one, vocab), (other, vocab_too) = (load_shard(SMALL, rank, 2) for rank in (0, 1))
    assert vocab.idx_to_token == vocab_too.idx_to_token
    np.testing.assert_array_equal(vocab.counts, vocab_too.counts)
    assert one.batch_size == SMALL.batch_size // 2 and one.redraw
    # Seed 1 at the first worker must not draw what seed 0 does at the second.
    first, _ = load_shard(ParallelSettings(**{**vars(SMALL), "seed": 1}), 0, 2)
    assert len({one.seed, other.seed, first.seed}) == 3


def test_as_many_sentences_are_trained_on_as_asked():
    few, _ = load_shard(ParallelSettings(sentences=20), 0, 1)
    more, _ = load_shard(ParallelSettings(sentences=200), 0, 1)
    assert few.num_pairs < more.num_pairs / 5


class CountingStore:
    """A store that counts what waits for an answer, and else is a local one."""

    def __init__(self):
        self.store, self.answers = kvstore.create("local"), 0

    def __getattr__(self, name):
        return getattr(self.store, name)

    def pull(self, key, out):
        self.answers += 1
        self.store.pull(key, out=out)


def test_the_rows_of_a_step_cost_as_many_messages_as_the_model_says():
    data, vocab = load_shard(ParallelSettings(sentences=50, batch_size=64), 0, 1)
    net, store = fresh_net(vocab), CountingStore()
    train_step(net, parallel.RowsTrainer(net, 0.01, store), next(iter(data)), CPU)
    assert 2 * store.answers == MESSAGES["rows"]  # each is sent and answered


# Settings and checkpoints, in one process: a store of its own has one worker


def train_here(folder, epochs, **changes):
    settings = replace(SMALL, sentences=200, num_epochs=epochs, **changes)
    return list(train(kvstore.create("local"), settings, folder))


@pytest.mark.parametrize("exchange", parallel.TRAINERS)
def test_a_training_goes_on_from_its_checkpoint(tmp_path, exchange):
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    whole.mkdir(), broken.mkdir()
    reports = train_here(whole, 3, exchange=exchange)
    train_here(broken, 1, exchange=exchange)
    again = train_here(broken, 3, exchange=exchange)
    assert [r["epoch"] for r in reports] == [1, 2, 3]
    assert [r["loss"] for r in again] == [r["loss"] for r in reports[1:]]
    for ours, theirs in zip(tables_in(broken), tables_in(whole), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_times_are_those_of_one_step(tmp_path, monkeypatch):
    ticks = itertools.count()  # each look at the clock takes a second
    clock = SimpleNamespace(perf_counter=lambda: next(ticks))
    monkeypatch.setattr(parallel, "time", clock)
    (report,) = train_here(tmp_path, 1)
    steps = report["steps"]
    looks = 2 * (steps + 1)  # before and after each exchange, of which the last is empty
    assert report["ms_exchanging_per_step"] == pytest.approx(500 * looks / steps)
    assert report["ms_per_step"] == pytest.approx(1000 * (looks + 1) / steps)


def test_a_worker_trains_what_its_command_says(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(parallel, "train", lambda kv, *rest: asked.append(rest) or [])
    alone = SimpleNamespace(rank=0, num_workers=1)
    monkeypatch.setattr(parallel.kvstore, "create", lambda _: alone)
    settings = ParallelSettings(64, 4, 2, 8, 0.5, 9, 1e-3, 7, None, 3, "rows")
    for each in (settings, SMALL):
        parallel.main(parallel.command(tmp_path, each)[3:])
    assert asked == [(settings, tmp_path), (SMALL, tmp_path)]


def test_a_checkpoint_of_other_settings_is_refused_by_name(tmp_path):
    train_here(tmp_path, 1)
    with pytest.raises(CheckpointError, match=r"lr is 0\.002 there, 0\.1 here.*seed is"):
        train_here(tmp_path, 2, seed=1, lr=0.1)


@pytest.mark.parametrize(
    ("name", "value"),
    [("sentences", 0), ("batch_size", 0), ("lr", -1.0), ("lr", 0), ("exchange", "pigeons")],
)
def test_an_impossible_setting_is_refused(name, value):
    with pytest.raises(ValueError, match=name):
        ParallelSettings(**{name: value})


def test_a_batch_that_cannot_be_shared_is_refused():
    with pytest.raises(ValueError, match="multiple of 3"):
        load_shard(SMALL, 0, 3)


# A worker dies


def alive(pid):
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"  # ended, nobody has asked yet


def until(condition, max_seconds=120.0):
    """Wait until something has happened; the limit only ends a test that would hang."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < max_seconds, "it did not happen"
        time.sleep(0.01)


def until_gone(pids):
    until(lambda: not any(map(alive, pids)))


def pids_of(processes):
    return [process.pid for process in processes.values()]


@slow
@linux
def test_when_a_worker_dies_all_end_and_a_restart_equals_the_unbroken_run(by_two, tmp_path):
    with Cluster(command(tmp_path), workers=2, servers=2) as started:
        until((tmp_path / "checkpoints" / "checkpoint.npz").exists)
        victim = started.processes["worker 1"]
        victim.kill()
        with pytest.raises(ClusterError) as error:
            started.wait()
        until_gone(pids_of(started.processes))
    assert error.value.name == "worker 1"
    assert f"worker 1 (process {victim.pid}) was killed by SIGKILL" in str(error.value)
    assert "rank" in str(error.value)  # the worker's own last words
    assert not (tmp_path / "report.json").exists()
    run(command(tmp_path), workers=2, servers=2, timeout=300)
    assert losses_in(tmp_path) == losses_in(by_two)
    for ours, theirs in zip(tables_in(tmp_path), tables_in(by_two), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_worker_that_fails_is_named_with_its_last_words(capfd):
    code = "import sys; [print('line', i) for i in range(99)]; sys.exit('no such lesson')"
    assert main(["--workers", "1", "--", sys.executable, "-c", code]) == 1
    message = capfd.readouterr().err
    assert re.match(r"worker 0 \(process \d+\) ended with exit code 1 before", message)
    assert message.endswith("line 97\nline 98\nno such lesson\n")
    assert "line 5\n" not in message


def test_a_worker_that_is_killed_is_said_to_be():
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    with pytest.raises(ClusterError, match="was killed by SIGKILL"):
        run([sys.executable, "-c", code], workers=1)


def test_workers_have_the_variables_that_are_asked_for():
    code = "import os; print(os.environ['COLOR_OF_THE_SHED'])"
    variables = {"COLOR_OF_THE_SHED": "green"}
    said = run([sys.executable, "-c", code], workers=2, variables=variables)
    assert said == ["green\n"] * 2


def sleeping():
    """A command that starts another one and waits; and its mark, to be found by."""
    mark = f"mark-{uuid.uuid4()}"
    code = f"import subprocess; subprocess.run(['sleep', '600', '{mark}'])"
    code = code.replace("['sleep', '600', ", "['sh', '-c', 'sleep 600; true', ")
    return [sys.executable, "-c", code, mark], mark


def marked(mark):
    """Processes whose command line has the mark, but for launchers."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().decode().split("\0")
        except OSError:
            continue
        if mark in line[-2:] and "w2v_lesson.scale.cluster" not in line:
            found.append(int(path.parent.name))
    return found


@linux
def test_time_that_is_up_ends_all_and_what_they_started():
    line, mark = sleeping()
    with Cluster(line, workers=2) as started:
        until(lambda: len(marked(mark)) == 4)
        with pytest.raises(ClusterError, match=r"after 0\.2 seconds") as error:
            started.wait(timeout=0.2)
    assert error.value.name is None
    assert not marked(mark) and not any(map(alive, pids_of(started.processes)))


@linux
@pytest.mark.parametrize("name", ["scheduler", "server 0"])
def test_the_death_of_a_scheduler_or_server_ends_all(name):
    line, _ = sleeping()
    with Cluster(line, workers=1) as started:
        started.processes[name].kill()
        with pytest.raises(ClusterError, match=name):
            started.wait()
    assert not any(map(alive, pids_of(started.processes)))


def end_well(started, name):
    """Let a process look as if it had ended by itself, without an error."""
    process = started.processes[name]
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    started.processes[name] = subprocess.Popen([sys.executable, "-c", ""])
    started.processes[name].wait()


@linux
@pytest.mark.parametrize("name", ["scheduler", "server 0"])
def test_a_server_may_end_before_the_workers_but_not_long_before(name, monkeypatch):
    brief = [sys.executable, "-c", "import time; time.sleep(0.5); print('done')"]
    with Cluster(brief, workers=1) as started:
        end_well(started, name)
        assert started.wait() == ["done\n"]
    monkeypatch.setattr(cluster, "GRACE_SECONDS", 0.1)
    with Cluster(sleeping()[0], workers=1) as started:
        end_well(started, name)
        with pytest.raises(ClusterError, match=rf"{name} .* exit code 0"):
            started.wait()


@linux
def test_an_error_in_the_block_ends_all():
    line, mark = sleeping()
    with pytest.raises(ZeroDivisionError), Cluster(line, workers=2) as started:
        1 / 0  # noqa: B018
    assert not marked(mark) and not any(map(alive, pids_of(started.processes)))


# The launcher itself dies


def children(pid):
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@linux
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_outlives_the_launcher(how):
    line, mark = sleeping()
    command = [
        sys.executable,
        "-m",
        "w2v_lesson.scale.cluster",
        "--workers",
        "2",
        "--",
        *line,
    ]
    # What a shell starts in the background, as these tests may be, ignores SIGINT.
    launcher = subprocess.Popen(
        command, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
    )
    until(lambda: len(marked(mark)) == 4)
    started = children(launcher.pid)
    assert len(started) == 4
    launcher.send_signal(how)
    assert launcher.wait(120) == (130 if how == signal.SIGINT else -how)
    until_gone(started)
    until(lambda: not marked(mark))


@slow
@linux
def test_no_process_outlives_the_kernel_of_a_notebook():
    line, mark = sleeping()
    manager, client = start_new_kernel()
    try:
        client.execute(f"from w2v_lesson.scale import cluster; cluster.run({line!r}, 2)")
        until(lambda: len(marked(mark)) == 4)
        pid = manager.provisioner.process.pid
        started = children(pid)
        assert len(started) >= 4
        os.kill(pid, signal.SIGKILL)
        until_gone(started)
        until(lambda: not marked(mark))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.mark.parametrize(
    ("asked", "workers", "threads"),
    [("3", 1, 3), ("", 1, 8), ("64", 1, 8), ("64", 2, 4), ("3", 2, 3), ("64", 99, 1)],
)
def test_workers_share_the_cores(monkeypatch, asked, workers, threads):
    monkeypatch.setenv("OMP_NUM_THREADS", asked)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(8), raising=False)
    assert cluster._threads_each(workers) == threads


# One role on each machine

SAY = "import json, os; print(json.dumps(dict(os.environ)))"


def test_a_role_runs_its_command_with_what_mxnet_needs_to_know():
    line = [
        "--role",
        "worker",
        "--scheduler",
        "localhost:9091",
        "--workers",
        "3",
        "--servers",
        "2",
        "--",
        sys.executable,
        "-c",
        SAY,
    ]
    line = [sys.executable, "-m", "w2v_lesson.scale.cluster", *line]
    environment = {**os.environ, "PORT": "80"}
    done = subprocess.run(line, env=environment, capture_output=True, check=True)
    environment = json.loads(done.stdout)
    assert "PORT" not in environment
    assert role_environment("worker", "localhost:9091", 3, 2).items() <= environment.items()
    assert environment["DMLC_PS_ROOT_URI"] == "127.0.0.1"
    assert environment["DMLC_NUM_SERVER"] == "2"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("boss", "h:1", 1, 1), "role"),
        (("worker", "h", 1, 1), "HOST:PORT"),
        (("worker", "h:x", 1, 1), "HOST:PORT"),
        (("worker", "127.0.0.1:1", 0, 1), "at least 1 worker"),
        (("worker", "127.0.0.1:1", 1, 0), "at least 1 worker"),
    ],
)
def test_an_impossible_role_is_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        role_environment(*arguments)


@pytest.mark.parametrize(("role", "line"), [("worker", []), ("server", ["true"])])
def test_a_worker_needs_a_command_and_a_server_takes_none(role, line):
    with pytest.raises(ValueError, match="after --"):
        become(role, "127.0.0.1:1", 1, 1, line)


def test_a_mistaken_command_line_is_told(capfd):
    with pytest.raises(ValueError, match="after --"):
        run([], workers=1)
    assert main(["--workers", "0", "--", "true"]) == 1
    assert "at least 1 worker" in capfd.readouterr().err
    with pytest.raises(SystemExit):
        main(["--workers", "1", "--role", "server"])
    assert "belong together" in capfd.readouterr().err


def test_a_program_that_is_not_there_is_told(capfd):
    assert main(["--workers", "1", "--", "no-such-program-here"]) == 1
    assert "no-such-program-here" in capfd.readouterr().err
