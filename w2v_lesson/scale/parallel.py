"""Synchronous data-parallel training: what each worker of a cluster runs.

    python -m w2v_lesson.scale.cluster --workers 2 -- python -m w2v_lesson.scale.parallel --out DIR

Every worker has the same weights and its own sentences. At each step the gradients of
all are added up on the servers (MXNet's KVStore, `dist_sync`), and each worker takes the
same step of Adam with the sum. DIR is to be one folder for all workers; the first of
them writes `vectors.npz`, `report.json` and, after each epoch, a checkpoint there, and
all go on from the last checkpoint if there is one.
"""

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import numpy as np
from mxnet import autograd, gluon, kvstore, nd, npx, random
from mxnet import np as mx_np

from w2v_lesson.files.checkpoint import Checkpoints
from w2v_lesson.files.disk import atomic_path
from w2v_lesson.minibatches import SkipGramData
from w2v_lesson.model import build_net, initialize
from w2v_lesson.ptb import read_ptb
from w2v_lesson.settings import Settings, check_whole_number
from w2v_lesson.training import GluonEngine, train_step
from w2v_lesson.vectors import WordVectors
from w2v_lesson.vocabulary import Vocab, index_corpus

ROWS_AT_ONCE = 256  # a key of the store has one shape, so rows are rounded up to these
BYTES_PER_NUMBER = 4
SEEDS_APART = 2**32  # seeds of workers, so that no two draw the same


@dataclass(frozen=True)
class ParallelSettings(Settings):
    """What is trained, the same for all workers.

    sentences : how many of the Penn Treebank to train on; None for all
    batch_size : centers of a step, of all workers together
    exchange : "tables" sends the whole gradients, "rows" only the rows touched

    min_freq : words seen fewer times count as unknown

    The others are those of `settings.Settings`.
    Raises ValueError if one is not possible. Chapter 09.
    """

    sentences: int | None = None
    min_freq: int = 10
    exchange: str = "tables"

    def __post_init__(self):
        super().__post_init__()
        if self.sentences is not None:
            check_whole_number("sentences", self.sentences)
        if self.exchange not in TRAINERS:
            raise ValueError(
                f"exchange must be one of {tuple(TRAINERS)}, not {self.exchange!r}."
            )


def shard(ids, sentence_of, rank, workers):
    """The sentences of one worker: every `workers`-th, from number `rank` on.

    ids, sentence_of : the corpus, as `index_corpus` returns it

    Returns the same two arrays of the shard. Chapter 09.
    """
    mine = sentence_of % workers == rank
    return ids[mine], sentence_of[mine]


def load_shard(settings, rank, workers):
    """Read the corpus; return (data, vocab): the worker's minibatches, all its words.

    The vocabulary and its counts are those of the whole Penn Treebank. `data` is a
    `SkipGramData` with `batch_size` / `workers` centers in a minibatch.
    Raises ValueError if that is no whole number. Chapter 09.
    """
    if settings.batch_size % workers:
        raise ValueError(
            f"batch_size {settings.batch_size} cannot be shared evenly by {workers} "
            f"workers. Take a multiple of {workers}."
        )
    sentences = read_ptb()
    vocab = Vocab(sentences, settings.min_freq)
    corpus = index_corpus(sentences[: settings.sentences], vocab)
    ids, sentence_of = shard(*corpus, rank, workers)
    mine = replace(
        settings,
        batch_size=settings.batch_size // workers,
        seed=settings.seed + SEEDS_APART * rank,
    )
    data = SkipGramData(ids, sentence_of, vocab, **mine.data_options, redraw=True)
    return data, vocab


class ParallelTrainer(gluon.Trainer):
    """A gluon.Trainer with Adam whose step is by the gradients of all workers.

    net : as `build_net` makes it, initialized alike on every worker
    kv : the store, of `kvstore.create("dist_sync")`

    `examples` is how many the last step was by, of all workers; `steps`,
    `seconds_exchanging` and `bytes_exchanged` are sums since they were set to 0, the last
    of what this worker sent and received, without headers. Chapter 09.
    """

    def __init__(self, net, lr, kv):
        # Given the store, gluon.Trainer would also send the weights around once; in
        # MXNet 1.9.1 that and its first push may overtake each other, which leaves
        # a table of zeros.
        super().__init__(net.collect_params(), "adam", {"learning_rate": lr}, kvstore=None)
        self.net, self.kv, self._keys = net, kv, {}
        self.examples = self.steps = self.seconds_exchanging = self.bytes_exchanged = 0

    def step(self, batch_size, ignore_stale_grad=False):
        """Take a step by the mean gradient over the examples of all workers.

        batch_size : how many examples of this worker the gradient is the sum over
        """
        nd.waitall()  # the gradient is computed; from here on it is exchanged
        started = time.perf_counter()
        self.examples = self.total(batch_size)
        self.exchange()
        nd.waitall()
        self.seconds_exchanging += time.perf_counter() - started
        if self.examples:
            self.update(self.examples)
            self.steps += 1

    def exchange(self):
        """Replace each gradient by its sum over all workers."""
        for i, layer in enumerate(self.net):
            grad = layer.weight.grad()  # (vocab_size, embed_size)
            grad[:] = self.sum_over_workers(f"gradient {i}", grad)

    def total(self, number):
        """Sum of a number over all workers; waits for them."""
        return float(self.sum_over_workers("number", mx_np.array([number]))[0])

    def sum_over_workers(self, name, array):
        """Sum of an array over all workers, each of which gives one of this shape."""
        if name not in self._keys:  # the store numbers its arrays
            self._keys[name] = len(self._keys)
            self.kv.init(self._keys[name], array)
        total = mx_np.zeros_like(array)
        self.kv.push(self._keys[name], array)
        self.kv.pull(self._keys[name], out=total)
        self.bytes_exchanged += 2 * BYTES_PER_NUMBER * array.size
        return total


class RowsTrainer(ParallelTrainer):
    """A `ParallelTrainer` that exchanges only rows with a gradient at some worker.

    The workers first tell each other which rows they are. The step is the same to the
    last bit: all other rows of the sum are zero. Chapter 09.
    """

    def exchange(self):
        """Replace each gradient by its sum over all workers."""
        for i, layer in enumerate(self.net):
            grad = layer.weight.grad().asnumpy()  # (vocab_size, embed_size)
            touched = self._sum_of(f"touched {i}", grad.any(axis=1))  # (vocab_size,)
            rows = np.flatnonzero(touched)
            size = -(-len(rows) // ROWS_AT_ONCE) * ROWS_AT_ONCE
            packed = np.zeros((size, grad.shape[1]))
            packed[: len(rows)] = grad[rows]
            grad[rows] = self._sum_of(f"{size} rows {i}", packed)[: len(rows)]
            layer.weight.grad()[:] = _to_mxnet(grad)

    def _sum_of(self, name, array):
        return self.sum_over_workers(name, _to_mxnet(array)).asnumpy()


def _to_mxnet(array):
    return nd.from_numpy(array.astype(np.float32)).as_np_ndarray()


TRAINERS = {"tables": ParallelTrainer, "rows": RowsTrainer}


def idle_step(net, trainer):
    """Take part in a step without an example: the gradient is zero."""
    with autograd.record():
        nothing = sum((layer.weight.data() * 0).sum() for layer in net)
    nothing.backward()
    trainer.step(0)


def train_epoch(net, trainer, batches, device):
    """Train until all workers are out of minibatches.

    batches : those of this worker
    trainer : ParallelTrainer

    Returns nats per pair, the mean over the centers of all workers. Chapter 09.
    """
    loss_sum, centers = 0.0, 0
    for batch in batches:
        l = train_step(net, trainer, batch, device)
        loss_sum, centers = loss_sum + l.sum(), centers + len(l)
    while trainer.examples:
        idle_step(net, trainer)
    return trainer.total(float(loss_sum)) / trainer.total(centers)


class ParallelEngine(GluonEngine):
    """The engine of chapter 04 with a trainer for several workers."""

    def __init__(self, net, kv, settings):
        super().__init__(net, settings.lr)
        self.trainer = TRAINERS[settings.exchange](net, settings.lr, kv)


def train(kv, settings, folder):
    """Train as one of the workers, from the last checkpoint in `folder` if there is one.

    kv : the store; its `rank` and `num_workers` say which worker this is

    Yields a report (dict) after each epoch, the same as in `report.json`. The worker of
    rank 0 writes the files. Raises CheckpointError if a checkpoint is of other settings
    or cannot be written. Chapter 09.
    """
    npx.set_np()
    data, vocab = load_shard(settings, kv.rank, kv.num_workers)
    random.seed(settings.seed)
    net = build_net(len(vocab), settings.embed_size)
    initialize(net, npx.cpu())
    engine, reports = ParallelEngine(net, kv, settings), []
    checkpoints = Checkpoints(folder / "checkpoints")
    about = {**asdict(settings), "workers": kv.num_workers}
    num_epochs = about.pop("num_epochs")  # a training may go on for more of them
    if (found := checkpoints.load(about)) is not None:
        reports, arrays = found
        engine.restore(arrays)
    while len(reports) < num_epochs:
        data.epoch = len(reports)
        reports.append(_train_epoch(engine, data))
        if kv.rank == 0:  # weights and Adam's memory are the same at every worker
            checkpoints.save(about, reports, engine.state())
        yield reports[-1]
    if kv.rank == 0:
        _save_result(folder, WordVectors.from_net(net, vocab, about), reports, about)


def _train_epoch(engine, data):
    """Train an epoch; return what is known of it. Times and bytes are this worker's."""
    trainer = engine.trainer
    trainer.steps = trainer.seconds_exchanging = trainer.bytes_exchanged = 0
    started = time.perf_counter()
    loss = train_epoch(engine.net, trainer, data, engine.device)
    seconds = time.perf_counter() - started
    return {
        "epoch": data.epoch,
        "steps": trainer.steps,
        "loss": loss,
        "ms_per_step": 1e3 * seconds / trainer.steps,
        "ms_exchanging_per_step": 1e3 * trainer.seconds_exchanging / trainer.steps,
        "bytes_per_step": trainer.bytes_exchanged / trainer.steps,
    }


def _save_result(folder, vectors, reports, about):
    vectors.save(folder / "vectors.npz")
    with atomic_path(folder / "report.json") as draft:
        draft.write_text(json.dumps({"settings": about, "epochs": reports}, indent=1))


def command(folder, settings):
    """Command line of a worker, for `cluster.run`; the results go to `folder`."""
    line = [sys.executable, "-m", "w2v_lesson.scale.parallel", "--out", str(folder)]
    for name, value in asdict(settings).items():
        if value is not None:
            line += [f"--{name.replace('_', '-')}", str(value)]
    return line


def read_reports(folder):
    """What `train` yielded at the worker of rank 0, a list of dict, one for each epoch."""
    return json.loads((Path(folder) / "report.json").read_text())["epochs"]


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m w2v_lesson.scale.parallel", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    for each in fields(ParallelSettings):
        kind = int if each.name == "sentences" else each.type
        name = f"--{each.name.replace('_', '-')}"
        parser.add_argument(name, type=kind, default=each.default)
    return parser


def main(arguments=None):
    """Be a worker: train and write the files."""
    asked = vars(_parser().parse_args(arguments))
    folder, settings = asked.pop("out"), ParallelSettings(**asked)
    folder.mkdir(parents=True, exist_ok=True)
    kv = kvstore.create("dist_sync")
    print(f"rank {kv.rank} of {kv.num_workers}", flush=True)
    for report in train(kv, settings, folder):
        print("epoch {epoch}: loss {loss:.4f}".format(**report), flush=True)


if __name__ == "__main__":
    main()
