"""Train a net step by step, and yield records instead of plotting or printing. Chapter 05.

Hand-written, because Gluon's `Estimator` cannot stop in the middle of an epoch and later
continue from there with the same result, bit for bit.
"""

import gc
import math
import signal
import threading
import time
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np
from mxnet import Context, autograd, gluon, nd, npx, random
from mxnet.gluon import nn

from w2v_lesson.minibatches import check_data, make_batch
from w2v_lesson.model import build_net, initialize, masked_loss, skip_gram
from w2v_lesson.settings import Settings, check_positive, check_whole_number


class Record(NamedTuple):
    """The state of a training run at one moment. Chapter 05.

    Attributes
    ----------
    epoch : float
        Epochs trained so far, usually not a whole number.
    step : int
        Steps so far, one for each minibatch.
    loss : float
        Nats per pair, averaged over the centers since the previous record.
    epoch_loss : float or None
        Nats per pair, averaged over the epoch; None except at its end.
    heldout_loss : float or None
        Nats per pair on held-out text; None except at the end of an epoch.
    centers_per_second, pairs_per_second : float
        Speed since the previous record.
    seconds_left : float
        Seconds to the end of the last epoch, at the average speed so far.
    """

    epoch: float
    step: int
    loss: float
    epoch_loss: float | None
    heldout_loss: float | None
    centers_per_second: float
    pairs_per_second: float
    seconds_left: float


def default_device():
    """Return the first GPU if MXNet sees one, else the CPU. Chapter 05.

    Returns
    -------
    mxnet.Context
    """
    return npx.gpu() if npx.num_gpus() else npx.cpu()


def train_step(net, trainer, batch, device):
    """Compute the loss of one minibatch and move the weights against its gradient.

    Chapter 05.

    Parameters
    ----------
    net : nn.Sequential
        The two tables, ``net[0]`` for centers and ``net[1]`` for contexts.
    trainer : gluon.Trainer
        The object that moves the weights.
    batch : Batch
        Centers, contexts_negatives, masks and labels.
    device : mxnet.Context
        Where the net is.

    Returns
    -------
    mx.np.ndarray, shape (batch,)
        Nats per pair for each center, before the step.
    """
    center, context_negative, mask, label = [data.as_in_ctx(device) for data in batch]
    with autograd.record():
        pred = skip_gram(center, context_negative, net[0], net[1])
        # reshape drops the axis in the middle: (batch, 1, max_len) to (batch, max_len).
        l = masked_loss(pred.reshape(label.shape), label, mask)
    l.backward()
    trainer.step(len(center))
    return l


def evaluate_loss(net, data_iter, device):
    """Compute the average loss over the centers of some text. Chapter 05.

    Parameters
    ----------
    net : nn.Sequential
        The two tables.
    data_iter : SkipGramData
        The text. This always evaluates its epoch 0, so the pairs are the same each time.
    device : mxnet.Context
        Where the net is.

    Returns
    -------
    float
        Nats per pair.

    Raises
    ------
    TypeError, ValueError
        If `net` was not made by `build_net`, or has too few rows for the words of the text.
    """
    npx.set_np()  # it holds per thread
    _check_fit(net, data_iter)
    with data_iter.at_epoch(0):
        batches = iter(data_iter)
    total = centers = 0
    for batch in batches:
        center, context_negative, mask, label = [x.as_in_ctx(device) for x in batch]
        pred = skip_gram(center, context_negative, net[0], net[1])
        total = total + masked_loss(pred.reshape(label.shape), label, mask).sum()
        centers += len(center)
    return float(total) / centers


class GluonEngine:
    """The engine that trains a net with `train_step`. Chapter 05.

    Parameters
    ----------
    net : nn.Sequential
        As `build_net` makes it, and initialized. The steps are computed on its device.
    lr : float
        Learning rate of Adam in the first step.
    decay : float
        What each step multiplies the learning rate by.
    """

    name = "gluon"
    default_device = staticmethod(default_device)
    steps_at_once = 1

    def __init__(self, net, lr, decay=1.0):
        self.net, self.device = net, net[0].weight.list_ctx()[0]
        self.lr, self.decay = lr, decay
        self.trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": lr})

    @staticmethod
    def minibatches(data_iter, start=0):
        """Iterate over the minibatches to train on.

        Parameters
        ----------
        data_iter : SkipGramData
            The text.
        start : int
            Number of the minibatch to begin with.

        Returns
        -------
        iterator of Examples
        """
        return data_iter.examples(start)

    def step(self, examples):
        """Train on one minibatch.

        Parameters
        ----------
        examples : Examples
            The minibatch.

        Returns
        -------
        mx.np.ndarray, shape ()
            Sum of the losses of its examples, before the step.
        """
        steps_done = self.trainer.optimizer.num_update
        self.trainer.set_learning_rate(self.lr * self.decay**steps_done)
        return train_step(self.net, self.trainer, make_batch(examples), self.device).sum()

    def steps(self, minibatches):
        """Train on some minibatches, one after the other.

        Parameters
        ----------
        minibatches : list of Examples
            At least one.

        Returns
        -------
        list of mx.np.ndarray, shape ()
            Sum of the losses of the examples of each minibatch, before its step.
        """
        return [self.step(examples) for examples in minibatches]

    def write_back(self):
        """Do nothing, because the steps change the net itself."""

    def evaluate(self, data_iter):
        """Compute the average loss over the centers of some text, without training.

        Parameters
        ----------
        data_iter : SkipGramData
            The text.

        Returns
        -------
        float
            Nats per pair.
        """
        return evaluate_loss(self.net, data_iter, self.device)

    def _memory(self):
        """Yield each table's name, layer, number in the trainer, and Adam's mean and var."""
        states = self.trainer._updaters[0].states  # empty before the first step
        for name, layer in zip(("center", "context"), self.net, strict=True):
            number = self.trainer._param2idx[layer.weight.name]
            yield name, layer, number, states.get(number, ())

    def state(self):
        """Return everything that later steps depend on.

        Returns
        -------
        dict of str to ndarray
        """
        # `trainer.save_states` is not used, because it pickles.
        arrays = {"steps": np.array(self.trainer.optimizer.num_update)}
        for name, layer, _, memory in self._memory():
            arrays[name] = layer.weight.data().asnumpy()
            for kind, array in zip(("mean", "var"), memory, strict=False):
                arrays[f"{name}_{kind}"] = array.asnumpy()
        return arrays

    def restore(self, state):
        """Continue from what `state` returned, in this or another process.

        Parameters
        ----------
        state : dict of str to ndarray
            What `state` returned.
        """
        updater, optimizer = self.trainer._updaters[0], self.trainer.optimizer
        optimizer._set_current_context(self.device.device_id)
        optimizer.num_update = int(state["steps"])
        for name, layer, number, _ in self._memory():
            layer.weight.set_data(state[name])
            if not optimizer.num_update:
                continue  # Adam's memory is made by the first step
            updater.states[number] = tuple(
                nd.array(state[f"{name}_{kind}"], self.device) for kind in ("mean", "var")
            )
            updater.states_synced[number] = True
            optimizer._index_update_count[number] = optimizer.num_update


def prepare_training(data_iter, settings=None, **options):
    """Prepare to train a new net on these minibatches. Chapter 05.

    Parameters
    ----------
    data_iter : SkipGramData
        Minibatches to train on. Their vocabulary sets the size of the tables.
    settings : Settings, optional
        The size of the vectors, the learning rate, how it falls, and the seed are taken from
        these.
    **options
        `heldout`, `engine`, `device`, `records_per_epoch`, and `checkpoints`, as in
        `Training`.

    Returns
    -------
    Training
        Not started yet, unless there is a checkpoint.

    Raises
    ------
    TypeError, ValueError, CheckpointError
        As `Training` does.
    """
    settings = Settings() if settings is None else settings
    if not isinstance(settings, Settings):
        raise TypeError(
            f"settings must be Settings, such as Settings(embed_size=50), not {settings!r}."
        )
    check_data("data_iter", data_iter)
    net = build_net(len(data_iter.vocab), settings.embed_size)
    options = {"lr_decay": settings.lr_decay, "seed": settings.seed, **options}
    return Training(net, data_iter, settings.lr, **options)


class Training:
    """A training run of a net, which can stop after any step and continue later. Chapter 05.

    Parameters
    ----------
    net : nn.Sequential
        As `build_net` makes it. It gets new random weights.
    data_iter : SkipGramData
        Minibatches to train on.
    lr : float
        Learning rate of Adam in the first step.
    heldout : SkipGramData, optional
        Held-out text, to compute the loss on after each epoch. It must have the vocabulary
        of `data_iter`.
    engine : type
        The class that computes the steps, called with net, lr, and the factor by which each
        step multiplies lr. `GluonEngine` uses the step of chapter 05.
        `engine.fused.FusedEngine` (chapter 09) is compiled and much faster, also because
        neighbors share their noise words. A class of your own needs `name`,
        `default_device`, `steps_at_once`, `minibatches`, `steps`, `write_back`, `evaluate`,
        `state`, and `restore`.
    device : mxnet.Context, optional
        Where the net is kept. By default, the engine chooses.
    records_per_epoch : int
        How many records `run` yields in each epoch.
    lr_decay : float
        What an epoch multiplies the learning rate by, a little in each step.
    seed : int
        Seed of the first weights.
    checkpoints : Checkpoints, optional
        If there is a checkpoint in their folder, training continues from it. On the same
        machine, the result is the same as without the interruption, bit for bit. `run`
        saves at the interval of `checkpoints`, after each epoch, and at its end.

    Attributes
    ----------
    records : list of Record
        All records so far.
    seconds : float
        Time spent on training so far.

    Raises
    ------
    TypeError
        If `net`, the data, or `device` is something else.
    ValueError
        If `lr` is not greater than 0, if the net has fewer rows than the vocabulary has
        words, if the held-out text has another vocabulary, or if another argument has an
        impossible value.
    CheckpointError
        If the checkpoint is damaged or belongs to another training run. The net then stays
        as it was.
    """

    def __init__(
        self,
        net,
        data_iter,
        lr,
        *,
        heldout=None,
        engine=GluonEngine,
        device=None,
        records_per_epoch=20,
        lr_decay=1.0,
        seed=0,
        checkpoints=None,
    ):
        check_positive("lr", lr)
        check_positive("lr_decay", lr_decay)
        if not callable(getattr(engine, "steps", None)):
            raise ValueError(
                f"engine must be a class such as GluonEngine or FusedEngine, not {engine!r}."
            )
        check_whole_number("records_per_epoch", records_per_epoch)
        check_whole_number("seed", seed, smallest=0)
        if device is not None and not isinstance(device, Context):
            raise TypeError(f"device must be npx.cpu() or npx.gpu(), not {device!r}.")
        _check_fit(net, data_iter, heldout)
        self._net, self.data_iter, self.heldout = net, data_iter, heldout
        self.records_per_epoch = records_per_epoch
        self.checkpoints, self.settings, saved = checkpoints, None, None
        if checkpoints is not None:
            self.settings = _settings(
                net,
                data_iter,
                heldout,
                lr=lr,
                lr_decay=lr_decay,
                engine=engine.name,
                records_per_epoch=records_per_epoch,
                initial_seed=seed,
            )
            saved = checkpoints.load(self.settings)
        gc.collect()  # earlier nets and trainers refer to each other, so they would wait
        random.seed(seed)  # for the first weights; after that, MXNet draws nothing
        initialize(net, device or engine.default_device())
        self.engine = engine(net, lr, lr_decay ** (1 / max(1, len(data_iter))))
        self.records = []
        self.epochs_done = self.step = 0
        self._epoch = None  # the one under way
        self.seconds = 0.0
        self._stop = threading.Event()
        if saved is not None:
            self._restore(*saved)

    def stop(self):
        """Ask `run` to end after the current step; any thread may call this."""
        self._stop.set()

    @property
    def stopped(self):
        """Whether the last `run` was asked to end early."""
        return self._stop.is_set()

    @property
    def net(self):
        """The net, with the weights after the last step.

        During a run, ask for it here. An engine that has weights of its own copies them into
        the net only when somebody asks, after each epoch, and at the end.
        """
        self.engine.write_back()
        return self._net

    def run(self, num_epochs):
        """Train until `num_epochs` epochs are done in total, and yield records.

        An interrupt (the notebook's stop button or Ctrl-C) or `stop()` ends the run after
        the current step. Call `run` again to continue from there. The result is the same as
        without the stop.

        Parameters
        ----------
        num_epochs : int
            Epochs in total, including those of earlier calls.

        Yields
        ------
        Record

        Raises
        ------
        FloatingPointError
            If the loss is not a finite number.
        CheckpointError
            If the first checkpoint cannot be written.
        """
        check_whole_number("num_epochs", num_epochs)
        self.data_iter.check_epochs(self.epochs_done, num_epochs)
        npx.set_np()  # it holds per thread
        self._stop.clear()
        with self.checkpoints.held() if self.checkpoints else nullcontext():
            self._save()  # if the disk is full, it is better to know now
            with suppress(GeneratorExit):  # raised if the loop over the records ends early
                while self.epochs_done < num_epochs and not self.stopped:
                    with calling_on_interrupt(self.stop):
                        record = self._train_to_next_record(num_epochs)
                        self.records.append(record)
                        if record.epoch_loss is not None:
                            self._save_or_warn()
                    yield record
            self.engine.write_back()  # for a reader who asks the net that they made
            self._save_or_warn()

    def _train_to_next_record(self, num_epochs):
        started = time.perf_counter()
        if self._epoch is None:
            self.data_iter.epoch = self.epochs_done
            self._epoch = _Epoch(self.engine, self.data_iter, self.records_per_epoch)
        for minibatches in self._epoch.batches_to_next_record(self.engine.steps_at_once):
            self._epoch.add(self.engine.steps(minibatches), minibatches)
            taken = range(self.step + 1, self.step + len(minibatches) + 1)
            self.step += len(minibatches)
            if self.stopped:
                break
            if self.checkpoints is not None and any(map(self.checkpoints.due, taken)):
                started = self._settle(started)
                self._save_or_warn()
        self._settle(started)
        return self._record(num_epochs)

    def _settle(self, started):
        """Wait until all steps are done, sum up their losses, and return the time."""
        epoch = self._epoch
        epoch.read_losses()
        now = time.perf_counter()
        self.seconds += now - started
        epoch.recent.seconds += now - started
        self._check_finite(epoch.recent.loss)
        return now

    def _record(self, num_epochs):
        epoch, epoch_loss, heldout_loss = self._epoch, None, None
        if epoch.done == epoch.num_batches:
            epoch_loss = epoch.all.loss / epoch.all.centers
            if self.heldout is not None:
                heldout_loss = self.engine.evaluate(self.heldout)
                self._check_finite(heldout_loss)
            self.epochs_done, self._epoch = self.epochs_done + 1, None
        recent, epoch.recent = epoch.recent, _Sums()
        trained = self.epochs_done + (epoch.done / epoch.num_batches if self._epoch else 0)
        steps_left = (num_epochs - trained) * epoch.num_batches
        return Record(
            trained,
            self.step,
            recent.loss / recent.centers,
            epoch_loss,
            heldout_loss,
            recent.centers / recent.seconds,
            recent.pairs / recent.seconds,
            steps_left * self.seconds / self.step,
        )

    # Checkpoints

    def _save(self):
        if self.checkpoints is not None:
            self.checkpoints.save(*self._checkpoint())
            self._saved = self.step, len(self.records)

    def _save_or_warn(self):
        """Save if anything has changed. If that fails, warn, but let training continue."""
        now = self.step, len(self.records)
        if self.checkpoints is None or self._saved == now:
            return
        if self.checkpoints.save_or_warn(*self._checkpoint()):
            self._saved = now

    def _checkpoint(self):
        """Return the settings, the progress, and the arrays for a checkpoint."""
        if self._epoch:
            self._check_finite(self._epoch.recent.loss)
        progress = {
            "epochs_done": self.epochs_done,
            "step": self.step,
            "seconds": self.seconds,
            "records": self.records,
            "epoch": self._epoch and self._epoch.progress(),
        }
        return self.settings, progress, self.engine.state()

    def _restore(self, progress, arrays):
        self.engine.restore(arrays)
        self.epochs_done, self.step = progress["epochs_done"], progress["step"]
        self.seconds = progress["seconds"]
        self.records = [Record(*values) for values in progress["records"]]
        if progress["epoch"]:
            self.data_iter.epoch = self.epochs_done
            self._epoch = _Epoch.resumed(
                self.engine, self.data_iter, self.records_per_epoch, **progress["epoch"]
            )

    def _check_finite(self, loss):
        if not math.isfinite(loss):
            raise FloatingPointError(
                f"The loss is no longer a finite number at step {self.step}. The "
                "learning rate is probably too large: start again with a smaller lr."
            )


@dataclass
class _Sums:
    """Sums over some steps. The loss is in nats per pair, summed over the centers."""

    steps: int = 0
    loss: float = 0.0
    centers: int = 0
    pairs: int = 0
    seconds: float = 0.0


class _Epoch:
    """The epoch under way: its minibatches, and the sums so far.

    all, recent : _Sums, since the epoch began and since the last record
    """

    def __init__(self, engine, data_iter, records_per_epoch, start=0):
        self.num_batches = len(data_iter)
        self.batches = engine.minibatches(data_iter, start)
        self.every = max(1, self.num_batches // records_per_epoch)
        self.all, self.recent, self._unread = _Sums(), _Sums(), []

    @classmethod
    def resumed(cls, engine, data_iter, records_per_epoch, all, recent):
        """Make an epoch from what `progress` returned."""
        epoch = cls(engine, data_iter, records_per_epoch, start=all["steps"])
        epoch.all, epoch.recent = _Sums(**all), _Sums(**recent)
        return epoch

    def progress(self):
        """Return the progress of the epoch as a dict for JSON, once all losses are read."""
        return {"all": asdict(self.all), "recent": asdict(self.recent)}

    def batches_to_next_record(self, at_once):
        """Yield the next minibatches, up to the next record, in lists of about this length."""
        # If too few steps for a record are left at the end, they join the last one.
        started = self.done - self.recent.steps
        until = (started // self.every + 1) * self.every
        if self.num_batches - until < self.every:
            until = self.num_batches
        steps = until - self.done
        pieces = -(-steps // at_once)
        for piece in range(pieces):  # as even as possible
            size = steps * (piece + 1) // pieces - steps * piece // pieces
            yield list(islice(self.batches, size))

    def add(self, losses, minibatches):
        """Count some steps. Their losses may not be computed yet."""
        self._unread += losses
        centers = sum(len(each.centers) for each in minibatches)
        pairs = sum(each.num_pairs for each in minibatches)
        for sums in (self.all, self.recent):
            sums.centers, sums.pairs = sums.centers + centers, sums.pairs + pairs

    def read_losses(self):
        """Sum up the losses of the steps so far, after waiting for MXNet to finish them."""
        for sums in (self.all, self.recent):
            for loss in map(float, self._unread):
                sums.loss += loss  # one by one; otherwise a stop in between changes the sum
            sums.steps += len(self._unread)
        self._unread = []

    @property
    def done(self):
        """Number of steps done."""
        return self.all.steps


def _check_fit(net, data_iter, heldout=None):
    """Raise an error unless every word index of the data has a row in both tables."""
    check_data("data_iter", data_iter)
    rows = _rows(net)
    if rows < (words := len(data_iter.vocab)):
        raise ValueError(
            f"The net has tables of {rows:,} rows, but the vocabulary has {words:,} words. "
            "Make it with build_net(len(vocab), embed_size)."
        )
    if heldout is None:
        return
    check_data("heldout", heldout)
    if heldout.vocab.idx_to_token != data_iter.vocab.idx_to_token:
        raise ValueError(
            f"The held-out text has another vocabulary ({len(heldout.vocab):,} words) than "
            f"the training text ({words:,} words). Load it with the vocabulary of the "
            "training text, for example with vocab=vocab."
        )


def _rows(net):
    """Return how many rows each table has; raise an error if these are not two equal tables."""
    layers = list(net) if isinstance(net, (nn.Sequential, nn.HybridSequential)) else []
    if [type(layer) for layer in layers] != [nn.Embedding] * 2:
        said = ", ".join(type(layer).__name__ for layer in layers[:5])
        raise TypeError(
            f"net must consist of two embedding tables, but it is {type(net).__name__}({said}). "
            "Make it with build_net(len(vocab), embed_size)."
        )
    weights = [layer.weight for layer in layers]
    found = [f"{weight.shape} of {np.dtype(weight.dtype)}" for weight in weights]
    if len(set(found)) > 1 or np.dtype(weights[0].dtype) != np.float32:
        raise ValueError(
            "Both tables of the net must have the same shape and hold float32, but they are "
            f"{' and '.join(found)}. Make the net with build_net(len(vocab), embed_size)."
        )
    return weights[0].shape[0]


def _settings(net, data_iter, heldout, **others):
    """Collect everything that the weights and records of a training run depend on."""
    held_out = {"text": None} if heldout is None else heldout.fingerprint()
    return {
        **data_iter.fingerprint(),
        **{f"held-out {name}": value for name, value in held_out.items()},
        "embed_size": net[0].weight.shape[1],
        **others,
    }


@contextmanager
def calling_on_interrupt(callback):
    """Call a function instead of raising KeyboardInterrupt inside the block.

    This way an interrupt never comes between a gradient and its update. Python delivers
    interrupts only to the main thread, so in other threads this does nothing. Chapter 05.

    Parameters
    ----------
    callback : callable
        Called without arguments at each interrupt.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: callback())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
