"""Train synchronously in parallel: what each worker of a cluster runs (chapter 10).

    python -m w2v_lesson.scale.cluster --workers 2 -- python -m w2v_lesson.scale.parallel --out DIR

Every worker has the same weights and its own sentences. At each step the servers add up
the gradients of all workers (MXNet's KVStore, `dist_sync`), and each worker takes the same
step of Adam with the sum. All workers must see the same folder DIR. The first of them
writes `vectors.npz`, `report.json` and, after each epoch, a checkpoint there, and all go on
from the last checkpoint if there is one.
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
from w2v_lesson.files.formats import save_vectors
from w2v_lesson.minibatches import SkipGramData
from w2v_lesson.model import build_net, initialize
from w2v_lesson.ptb import read_ptb
from w2v_lesson.settings import Settings, check_whole_number
from w2v_lesson.training import GluonEngine, train_step
from w2v_lesson.vectors import WordVectors
from w2v_lesson.vocabulary import Vocab, index_corpus

ROWS_AT_ONCE = 256  # a key of the store has one shape, so rows are rounded up to these
BYTES_PER_NUMBER = 4
SEED_STRIDE = 2**32  # between the seeds of workers, so that no two draw the same


@dataclass(frozen=True)
class ParallelSettings(Settings):
    """What is trained, the same for all workers.

    Chapter 10.

    Parameters
    ----------
    batch_size : int
        Centers in a step, of all workers together.
    max_window_size, num_noise_words, embed_size : int
        As for `settings.Settings`.
    lr : float
        As for `settings.Settings`.
    num_epochs : int
        As for `settings.Settings`.
    threshold : float
        As for `settings.Settings`.
    seed : int
        Seed of the initial weights, which all workers share. The seeds of the minibatches
        are derived from it, a different one for each worker.
    sentences : int, optional
        Number of sentences of the Penn Treebank to train on; None for all of them.
    min_freq : int
        A word with fewer occurrences is unknown.
    exchange : {"tables", "rows"}
        "tables" sends the whole gradients, "rows" only the rows that are not zero.

    Raises
    ------
    ValueError
        If a value is not possible.
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
    """Select the sentences of one worker: every `workers`-th, from number `rank` on.

    Parameters
    ----------
    ids, sentence_of : numpy.ndarray
        The corpus, as `index_corpus` returns it, each of shape (corpus_size,).
    rank : int
        Number of the worker, from 0.
    workers : int
        Number of workers.

    Returns
    -------
    ids, sentence_of : numpy.ndarray
        The same two arrays of the shard.
    """
    mine = sentence_of % workers == rank
    return ids[mine], sentence_of[mine]


def load_shard(settings, rank, workers):
    """Read the Penn Treebank and keep the sentences of one worker.

    Parameters
    ----------
    settings : ParallelSettings
        What is trained.
    rank, workers : int
        As for `shard`.

    Returns
    -------
    data : SkipGramData
        The worker's minibatches, of `batch_size` / `workers` centers each.
    vocab : Vocab
        The vocabulary of the whole Penn Treebank.

    Raises
    ------
    ValueError
        If `batch_size` is not a multiple of `workers`.
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
        seed=settings.seed + SEED_STRIDE * rank,
    )
    data = SkipGramData(ids, sentence_of, vocab, **mine.data_options, redraw=True)
    return data, vocab


class ParallelTrainer(gluon.Trainer):
    """A gluon.Trainer with Adam that steps by the gradients of all workers.

    Parameters
    ----------
    net : mxnet.gluon.nn.Sequential
        As `build_net` makes it, with the same initial weights on every worker.
    lr : float
        Learning rate.
    kv : mxnet.kvstore.KVStore
        The store, made by `kvstore.create("dist_sync")`.

    Attributes
    ----------
    examples : float
        Number of examples of all workers in the last step.
    steps : int
        Steps since it was set to 0, like the next two.
    seconds_exchanging : float
        Time spent on exchanging gradients.
    bytes_exchanged : int
        What this worker sent and received, without headers.
    """

    def __init__(self, net, lr, kv):
        # If it had the store, gluon.Trainer would also send the weights around once. In
        # MXNet 1.9.1 that and its first push may overtake each other, which leaves a
        # table of zeros.
        super().__init__(net.collect_params(), "adam", {"learning_rate": lr}, kvstore=None)
        self.net, self.kv, self._keys = net, kv, {}
        self.examples = self.steps = self.seconds_exchanging = self.bytes_exchanged = 0

    def step(self, batch_size, ignore_stale_grad=False):
        """Take a step by the mean gradient over the examples of all workers.

        Parameters
        ----------
        batch_size : int
            Number of examples of this worker that its gradient is the sum of.
        ignore_stale_grad : bool, optional
            Unused; gluon.Trainer has it.
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
        """Add up a number over all workers, and wait for them.

        Parameters
        ----------
        number : float
            The number of this worker.

        Returns
        -------
        float
            The sum.
        """
        return float(self.sum_over_workers("number", mx_np.array([number]))[0])

    def sum_over_workers(self, name, array):
        """Add up an array over all workers, each of which gives one of this shape.

        Parameters
        ----------
        name : str
            What the array is, the same at all workers.
        array : mxnet.np.ndarray
            The array of this worker.

        Returns
        -------
        mxnet.np.ndarray
            The sum, of the same shape.
        """
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

    The workers first tell each other which rows those are. The step is the same to the last
    bit, because all other rows of the sum are zero.

    Parameters
    ----------
    net, lr, kv
        As for `ParallelTrainer`.
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
    """Take part in a step without an example: the gradient is zero.

    Parameters
    ----------
    net : mxnet.gluon.nn.Sequential
        The net of this worker.
    trainer : ParallelTrainer
        Its trainer.
    """
    with autograd.record():
        nothing = sum((layer.weight.data() * 0).sum() for layer in net)
    nothing.backward()
    trainer.step(0)


def train_epoch(net, trainer, batches, device):
    """Train until all workers are out of minibatches.

    Parameters
    ----------
    net : mxnet.gluon.nn.Sequential
        The net of this worker.
    trainer : ParallelTrainer
        Its trainer.
    batches : iterable
        The minibatches of this worker.
    device : mxnet.Context
        Where to compute.

    Returns
    -------
    float
        Loss in nats per pair, averaged over the centers of all workers.
    """
    loss_sum, centers = 0.0, 0
    for batch in batches:
        l = train_step(net, trainer, batch, device)
        loss_sum, centers = loss_sum + l.sum(), centers + len(l)
    while trainer.examples:
        idle_step(net, trainer)
    return trainer.total(float(loss_sum)) / trainer.total(centers)


class ParallelEngine(GluonEngine):
    """The engine of chapter 05 with a trainer for several workers.

    Parameters
    ----------
    net : mxnet.gluon.nn.Sequential
        The net of this worker.
    kv : mxnet.kvstore.KVStore
        The store.
    settings : ParallelSettings
        What is trained.
    """

    def __init__(self, net, kv, settings):
        super().__init__(net, settings.lr)
        self.trainer = TRAINERS[settings.exchange](net, settings.lr, kv)


def train(kv, settings, folder):
    """Train as one of the workers, from the last checkpoint if there is one.

    Parameters
    ----------
    kv : mxnet.kvstore.KVStore
        The store; its `rank` and `num_workers` say which worker this is.
    settings : ParallelSettings
        What is trained.
    folder : Path
        Where the worker of rank 0 writes the files.

    Yields
    ------
    dict
        A report after each epoch, the same as in `report.json`.

    Raises
    ------
    CheckpointError
        If the checkpoint is of other settings or cannot be written.
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
    """Train an epoch and report on it; times and bytes are those of this worker."""
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
    save_vectors(vectors, folder / "vectors.npz")
    with atomic_path(folder / "report.json") as draft:
        draft.write_text(json.dumps({"settings": about, "epochs": reports}, indent=1))


def command(folder, settings):
    """Return the command line of a worker, for `cluster.run`.

    Parameters
    ----------
    folder : Path
        Where the results go.
    settings : ParallelSettings
        What is trained.

    Returns
    -------
    list of str
        The command and its arguments.
    """
    line = [sys.executable, "-m", "w2v_lesson.scale.parallel", "--out", str(folder)]
    for name, value in asdict(settings).items():
        if value is not None:
            line += [f"--{name.replace('_', '-')}", str(value)]
    return line


def read_reports(folder):
    """Read the reports of a training that has ended.

    Parameters
    ----------
    folder : Path
        Where the training wrote its results.

    Returns
    -------
    list of dict
        A report for each epoch, as `train` yielded it at the worker of rank 0.
    """
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
    """Be a worker: train and write the files.

    Parameters
    ----------
    arguments : list of str, optional
        The command line.
    """
    asked = vars(_parser().parse_args(arguments))
    folder, settings = asked.pop("out"), ParallelSettings(**asked)
    folder.mkdir(parents=True, exist_ok=True)
    kv = kvstore.create("dist_sync")
    print(f"rank {kv.rank} of {kv.num_workers}", flush=True)
    for report in train(kv, settings, folder):
        print("epoch {epoch}: loss {loss:.4f}".format(**report), flush=True)


if __name__ == "__main__":
    main()
