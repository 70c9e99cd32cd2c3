"""Write the steps that PyTorch should repeat: `python tools/pytorch/write_step.py step.npz`.

It runs in the lesson's environment. The file holds the first minibatch of the Penn Treebank,
the starting weights, and the losses and the final weights of three steps that MXNet takes on
that one minibatch. `same_step.py` reads the file where PyTorch is installed. See chapter 13.
"""

import sys

import numpy as np
from mxnet import cpu, gluon, random

from w2v_lesson import Settings, build_net, initialize, load_data_ptb
from w2v_lesson.training import train_step

NUM_STEPS = 3


def tables(net):
    """Copy both tables, center and context."""
    return [layer.weight.data().asnumpy().copy() for layer in net]


def main(path):
    """Take the steps and write the file."""
    settings = Settings()
    data_iter, vocab = load_data_ptb(**settings.data_options)
    batch = next(iter(data_iter))
    random.seed(settings.seed)
    net = build_net(len(vocab), settings.embed_size)
    initialize(net, cpu())
    center, context = tables(net)
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": settings.lr})
    losses = [train_step(net, trainer, batch, cpu()).asnumpy() for _ in range(NUM_STEPS)]
    np.savez(
        path,
        **{name: array.asnumpy() for name, array in batch._asdict().items()},
        center=center,
        context=context,
        lr=settings.lr,
        losses=losses,
        weights=tables(net),
    )


if __name__ == "__main__":
    main(sys.argv[1])
