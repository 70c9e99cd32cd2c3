"""The two-embedding skip-gram model and its masked loss."""

import math

from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn

from w2v_lesson.settings import check_whole_number

sigmoid_bce = gluon.loss.SigmoidBCELoss()


def build_net(vocab_size, embed_size):
    """Make the two tables: net[0] for center words (v), net[1] for contexts (u).

    Returns nn.Sequential of two nn.Embedding, weights of shape
    (vocab_size, embed_size), not yet initialized. Chapter 02.
    """
    check_whole_number("vocab_size", vocab_size)
    check_whole_number("embed_size", embed_size)
    net = nn.Sequential()
    net.add(
        nn.Embedding(input_dim=vocab_size, output_dim=embed_size),
        nn.Embedding(input_dim=vocab_size, output_dim=embed_size),
    )
    return net


def initialize(net, device):
    """Start (again) from weights drawn uniformly between -0.07 and 0.07."""
    npx.set_np()  # else the weights are arrays of MXNet's old kind
    net.initialize(init.Uniform(0.07), ctx=device, force_reinit=True)


def skip_gram(center, contexts_and_negatives, embed_v, embed_u):
    """Score each center against each of its context and noise words.

    center : shape (batch, 1), word indices
    contexts_and_negatives : shape (batch, max_len), word indices
    embed_v, embed_u : nn.Embedding, the center and the context table

    Returns the dot products, shape (batch, 1, max_len): logits, no unit.
    Source: Mikolov et al. 2013b, section 2. Chapter 02.
    """
    v = embed_v(center)  # (batch, 1, embed_size)
    u = embed_u(contexts_and_negatives)  # (batch, max_len, embed_size)
    return npx.batch_dot(v, u, transpose_b=True)  # (batch, 1, max_len)


def skip_gram_shapes(batch, max_len, embed_size):
    """Shapes of the arrays in `skip_gram`, by name, in its order.

    Returns dict with center, contexts_and_negatives, v, u and scores. Chapter 02.
    """
    return {
        "center": (batch, 1),
        "contexts_and_negatives": (batch, max_len),
        "v": (batch, 1, embed_size),
        "u": (batch, max_len, embed_size),
        "scores": (batch, 1, max_len),
    }


def skip_gram_sizes(shapes):
    """What `skip_gram` costs with arrays of these shapes, as `skip_gram_shapes` has them.

    Returns (numbers that each array holds, by name; multiplications of the dot products).
    """
    numbers = {name: math.prod(shape) for name, shape in shapes.items()}
    return numbers, numbers["scores"] * shapes["v"][-1]


def masked_loss(pred, label, mask):
    """Binary cross-entropy of each example, averaged over its unmasked pairs.

    pred, label, mask : shape (batch, max_len); pred are logits

    Returns nats per pair, shape (batch,).
    Source: Mikolov et al. 2013b, equation 4, as a mean. Chapter 03.
    """
    # SigmoidBCELoss divides by max_len; the mean is to be over the pairs alone.
    return sigmoid_bce(pred, label, mask) * mask.shape[1] / mask.sum(axis=1)


def pair_by_gluon(logit, label, mask):
    """Loss of one pair, in nats, and its derivative by the logit, from autograd.

    label, mask : 0 or 1. Returns (loss, gradient), numbers. Chapter 03.
    """
    npx.set_np()  # a widget calls this in a thread of its own
    pred, label, mask = (np.full((1, 1), value) for value in (logit, label, mask))
    pred.attach_grad()
    with autograd.record():
        loss = sigmoid_bce(pred, label, mask)
    loss.backward()
    return float(loss[0]), float(pred.grad[0, 0])
