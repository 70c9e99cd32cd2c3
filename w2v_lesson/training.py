"""Training: steps that yield records. It neither plots nor prints."""

import math
import signal
import threading
import time
from contextlib import contextmanager
from itertools import islice
from typing import NamedTuple

from mxnet import autograd, gluon, npx, random

from w2v_lesson.fused import FusedEngine
from w2v_lesson.minibatches import check_whole_number, make_batch
from w2v_lesson.model import initialize, masked_loss, skip_gram


class Record(NamedTuple):
    """What is known at one moment of a training.

    epoch : epochs trained so far, with fraction
    step : steps trained so far, one for each minibatch
    loss : nats per pair, mean over the centers since the record before
    epoch_loss : nats per pair, mean over the epoch; None but at its end
    heldout_loss : nats per pair on text not trained on; None but at an epoch's end
    centers_per_second, pairs_per_second : since the record before
    seconds_left : to the end of the last epoch, at the speed so far
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
    """Return the first GPU if MXNet sees one, else the CPU."""
    return npx.gpu() if npx.num_gpus() else npx.cpu()


def train_step(net, trainer, batch, device):
    """Compute the loss of one minibatch and move the weights against its gradient.

    net : the two tables, net[0] for centers and net[1] for contexts
    trainer : gluon.Trainer
    batch : centers, contexts_negatives, masks, labels

    Returns nats per pair, shape (batch,), before the step. Chapter 04.
    """
    center, context_negative, mask, label = [data.as_in_ctx(device) for data in batch]
    with autograd.record():
        pred = skip_gram(center, context_negative, net[0], net[1])
        l = masked_loss(pred.reshape(label.shape), label, mask)
    l.backward()
    trainer.step(len(center))
    return l


def evaluate_loss(net, data_iter, device):
    """Mean loss over the centers of `data_iter`, without training.

    Returns nats per pair (float). Chapter 04.
    """
    npx.set_np()  # it holds per thread
    with data_iter.at_epoch(0):  # the same pairs in the same order
        batches = iter(data_iter)
    total = centers = 0
    for batch in batches:
        center, context_negative, mask, label = [x.as_in_ctx(device) for x in batch]
        pred = skip_gram(center, context_negative, net[0], net[1])
        total = total + masked_loss(pred.reshape(label.shape), label, mask).sum()
        centers += len(center)
    return float(total) / centers


class GluonEngine:
    """Trains a net by `train_step`.

    net : as `build_net` makes it, initialized on `device`
    lr : learning rate of Adam
    """

    name = "gluon"

    def __init__(self, net, lr, device):
        self.net, self.device = net, device
        self.trainer = gluon.Trainer(
            net.collect_params(), "adam", {"learning_rate": lr}
        )

    def step(self, examples):
        """Train on one minibatch; return the sum of its losses, as an array."""
        return train_step(self.net, self.trainer, make_batch(examples), self.device).sum()

    def write_back(self):
        """Do nothing: it is the net itself that is trained."""

    def evaluate(self, data_iter):
        """Mean loss in nats per pair, without training."""
        return evaluate_loss(self.net, data_iter, self.device)


class Training:
    """One training of a net, which can stop after any step and go on.

    net : as `build_net` makes it; its weights are started afresh
    data_iter : SkipGramData to train on
    lr : learning rate of Adam
    heldout : SkipGramData of other text, evaluated after each epoch; or None
    engine : "gluon", the step of chapter 04; or "fused", the same mathematics compiled
        (chapter 08), some six times as fast, on the CPU
    device : MXNet context; the GPU if there is one and the engine can use it
    records_per_epoch : how often `run` yields

    `records` keeps all records, `seconds` is the time spent on training so far.
    Raises ValueError unless lr > 0. Chapter 04.
    """

    def __init__(self, net, data_iter, lr, *, heldout=None, engine="gluon", device=None,
                 records_per_epoch=20, seed=0):  # fmt: skip
        if not lr > 0:
            raise ValueError(f"lr must be greater than 0, not {lr!r}.")
        if engine not in ("gluon", "fused"):
            raise ValueError(f'engine must be "gluon" or "fused", not {engine!r}.')
        check_whole_number("records_per_epoch", records_per_epoch)
        self.net, self.data_iter, self.heldout = net, data_iter, heldout
        self.records_per_epoch = records_per_epoch
        random.seed(seed)
        if engine == "gluon":
            device = device or default_device()
            initialize(net, device)
            self.engine = GluonEngine(net, lr, device)
        else:
            initialize(net, npx.cpu())
            self.engine = FusedEngine(net, lr)
        self.records = []
        self.epochs_done = self.step = 0
        self._epoch = None  # the one under way
        self.seconds = 0.0
        self._stop = threading.Event()

    def stop(self):
        """Ask `run` to end after the step under way; from any thread."""
        self._stop.set()

    @property
    def stopped(self):
        """Whether the last `run` was asked to end early."""
        return self._stop.is_set()

    def run(self, num_epochs):
        """Train until `num_epochs` epochs are done in all, yielding a `Record` at times.

        An interrupt (the notebook's stop button, Ctrl-C) or `stop()` ends it after
        the step under way; running again goes on from there, with the same result
        as without the stop. Raises FloatingPointError if the loss is not finite.
        """
        check_whole_number("num_epochs", num_epochs)
        npx.set_np()  # it holds per thread
        self._stop.clear()
        while self.epochs_done < num_epochs and not self.stopped:
            with calling_on_interrupt(self.stop):
                record = self._train_to_next_record(num_epochs)
            self.records.append(record)
            yield record

    def _train_to_next_record(self, num_epochs):
        started = time.perf_counter()
        if self._epoch is None:
            self.data_iter.epoch = self.epochs_done
            self._epoch = _Epoch(self.data_iter, self.records_per_epoch)
        epoch = self._epoch
        losses, pairs, centers = [], 0, 0
        for examples in epoch.batches_to_next_record():
            losses.append(self.engine.step(examples))
            pairs, centers = pairs + len(examples.others), centers + len(examples.centers)
            self.step += 1
            if self.stopped:
                break
        losses = [float(loss) for loss in losses]  # waits for MXNet to finish
        self.engine.write_back()
        seconds = time.perf_counter() - started
        self.seconds += seconds
        epoch.add(losses, centers)
        loss_sum = sum(losses)
        self._check_finite(loss_sum)
        return self._record(num_epochs, loss_sum / centers, centers / seconds,
                            pairs / seconds)  # fmt: skip

    def _record(self, num_epochs, loss, centers_per_second, pairs_per_second):
        epoch, epoch_loss, heldout_loss = self._epoch, None, None
        if epoch.done == epoch.num_batches:
            epoch_loss = epoch.loss_sum / epoch.centers
            if self.heldout is not None:
                heldout_loss = self.engine.evaluate(self.heldout)
                self._check_finite(heldout_loss)
            self.epochs_done, self._epoch = self.epochs_done + 1, None
        trained = self.epochs_done + (epoch.done / epoch.num_batches if self._epoch else 0)
        steps_left = (num_epochs - trained) * epoch.num_batches
        return Record(trained, self.step, loss, epoch_loss, heldout_loss,
                      centers_per_second, pairs_per_second,
                      steps_left * self.seconds / self.step)  # fmt: skip

    def _check_finite(self, loss):
        if not math.isfinite(loss):
            raise FloatingPointError(
                f"The loss is no longer a finite number at step {self.step}. The "
                "learning rate is probably too large: start again with a smaller lr."
            )


class _Epoch:
    """The epoch under way: its batches, and what has been summed up so far."""

    def __init__(self, data_iter, records_per_epoch):
        self.num_batches = len(data_iter)
        self.batches = data_iter.examples()
        self.every = max(1, self.num_batches // records_per_epoch)
        self.done = self.centers = 0
        self.loss_sum = 0.0

    def batches_to_next_record(self):
        """Yield the next batches, up to the step at which a record is due."""
        # A rest too short for a record of its own joins the last one.
        until = (self.done // self.every + 1) * self.every
        if self.num_batches - until < self.every:
            until = self.num_batches
        return islice(self.batches, until - self.done)

    def add(self, losses, centers):
        for loss in losses:  # one by one: the same sum wherever the training stopped
            self.loss_sum += loss
        self.centers += centers
        self.done += len(losses)


@contextmanager
def calling_on_interrupt(callback):
    """Call `callback` instead of raising KeyboardInterrupt inside the block.

    So that an interrupt never falls between a gradient and its update. Outside the
    main thread Python delivers no interrupts, and nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: callback())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
