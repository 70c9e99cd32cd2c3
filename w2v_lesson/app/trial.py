"""Try out on a few sentences whether training works on this machine, for the doctor."""

import math

import numpy as np
from mxnet import gluon, npx
from mxnet import np as np_of_mxnet
from numba import njit, prange

from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.engine.warm_up import is_compiled
from w2v_lesson.minibatches import Batch, SkipGramData, batchify
from w2v_lesson.model import build_net, initialize
from w2v_lesson.settings import Settings
from w2v_lesson.training import GluonEngine, prepare_training, train_step
from w2v_lesson.vocabulary import Vocab, index_corpus

SENTENCES = [["a", "b", "c", "d"], ["e", "f", "g", "h"]] * 20
TOLERANCE = 1e-3  # in nats, between the engines


def trial():
    """Train a little with each engine, and compare the results.

    Returns
    -------
    str
        What was found, in a few words.

    Raises
    ------
    ArithmeticError
        If an engine computes something wrong.
    """
    npx.set_np()
    _take_steps()
    if not is_compiled():
        _compile_something()
        return "not compiled yet; the first use takes up to a minute"
    one, other = map(_loss_of, (GluonEngine, FusedEngine))
    # The best constant guess has ln 2 nats with one noise word for each context.
    if not one < math.log(2) or not abs(one - other) < TOLERANCE:
        raise ArithmeticError(f"The engines compute the losses {one:.4f} and {other:.4f}.")
    return "compiled, and trains"


def _take_steps():
    """Take a few steps of chapter 05, for which nothing has to be compiled."""
    net = build_net(3, 4)
    initialize(net, npx.cpu())
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.1})
    batch = Batch(*map(np_of_mxnet.array, batchify([(0, [1], [2])])))
    losses = [train_step(net, trainer, batch, npx.cpu()).item() for _ in range(10)]
    if not losses[-1] < losses[0]:
        raise ArithmeticError(f"MXNet does not learn: the loss is {losses[-1]:.4f}.")


def _loss_of(engine):
    vocab = Vocab(SENTENCES)
    ids = index_corpus(SENTENCES, vocab)
    data_iter = SkipGramData(*ids, vocab, 16, 2, 1, threshold=1.0, redraw=True)
    training = prepare_training(data_iter, Settings(embed_size=8, lr=0.01), engine=engine)
    return list(training.run(5))[-1].epoch_loss


def _compile_something():
    """Compile a loop for several threads, as the engine's are, and run it."""

    @njit(parallel=True)
    def squares(n):
        result = np.empty(n, np.int64)
        for i in prange(n):
            result[i] = i * i
        return result

    if squares(4).tolist() != [0, 1, 4, 9]:
        raise ArithmeticError("Compiled code computes something wrong.")
