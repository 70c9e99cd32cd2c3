"""Training: steps that yield records. It neither plots nor prints."""

import math
import signal
import threading
import time
from contextlib import contextmanager
from itertools import islice
from typing import NamedTuple

from mxnet import autograd, gluon, npx, random

from w2v_lesson.minibatches import check_whole_number
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
    epoch, data_iter.epoch = data_iter.epoch, 0  # the same pairs in the same order
    total = centers = 0
    for batch in data_iter:
        center, context_negative, mask, label = [x.as_in_ctx(device) for x in batch]
        pred = skip_gram(center, context_negative, net[0], net[1])
        total = total + masked_loss(pred.reshape(label.shape), label, mask).sum()
        centers += len(center)
    data_iter.epoch = epoch
    return float(total) / centers


class Training:
    """One training of a net, which can stop after any step and go on.

    net : as `build_net` makes it; its weights are started afresh
    data_iter : SkipGramData to train on
    lr : learning rate of Adam
    heldout : SkipGramData of other text, evaluated after each epoch; or None
    device : MXNet context; the GPU if there is one
    records_per_epoch : how often `run` yields

    `records` keeps all records. Raises ValueError unless lr > 0. Chapter 04.
    """

    def __init__(self, net, data_iter, lr, *, heldout=None, device=None,
                 records_per_epoch=20, seed=0):  # fmt: skip
        if not lr > 0:
            raise ValueError(f"lr must be greater than 0, not {lr!r}.")
        check_whole_number("records_per_epoch", records_per_epoch)
        self.net, self.data_iter, self.heldout = net, data_iter, heldout
        self.device = device or default_device()
        self.records_per_epoch = records_per_epoch
        random.seed(seed)
        initialize(net, self.device)
        self.trainer = gluon.Trainer(
            net.collect_params(), "adam", {"learning_rate": lr}
        )
        self.records = []
        self.epochs_done = self.step = 0
        self._epoch = None  # the one under way
        self._seconds = 0.0
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
        if self._epoch is None:
            self.data_iter.epoch = self.epochs_done
            self._epoch = _Epoch(self.data_iter, self.records_per_epoch)
        epoch, started = self._epoch, time.perf_counter()
        step_before = self.step
        loss_sum = pairs = centers = 0
        for batch in epoch.batches_to_next_record():
            l = train_step(self.net, self.trainer, batch, self.device)
            loss_sum, pairs = loss_sum + l.sum(), pairs + batch.masks.sum()
            centers += len(l)
            self.step += 1
            if self.stopped:
                break
        loss_sum, pairs = float(loss_sum), float(pairs)  # waits for MXNet to finish
        seconds = time.perf_counter() - started
        self._seconds += seconds
        epoch.add(loss_sum, centers, self.step - step_before)
        self._check_finite(loss_sum)
        return self._record(num_epochs, loss_sum / centers, centers / seconds,
                            pairs / seconds)  # fmt: skip

    def _record(self, num_epochs, loss, centers_per_second, pairs_per_second):
        epoch, epoch_loss, heldout_loss = self._epoch, None, None
        if epoch.done == epoch.num_batches:
            epoch_loss = epoch.loss_sum / epoch.centers
            if self.heldout is not None:
                heldout_loss = evaluate_loss(self.net, self.heldout, self.device)
                self._check_finite(heldout_loss)
            self.epochs_done, self._epoch = self.epochs_done + 1, None
        trained = self.epochs_done + (epoch.done / epoch.num_batches if self._epoch else 0)
        steps_left = (num_epochs - trained) * epoch.num_batches
        return Record(trained, self.step, loss, epoch_loss, heldout_loss,
                      centers_per_second, pairs_per_second,
                      steps_left * self._seconds / self.step)  # fmt: skip

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
        self.batches = iter(data_iter)
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

    def add(self, loss_sum, centers, steps):
        self.loss_sum += loss_sum
        self.centers += centers
        self.done += steps


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
