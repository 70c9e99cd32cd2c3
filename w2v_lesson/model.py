"""The skip-gram model with two embeddings, and its masked loss. Chapters 03 and 04."""

import math

from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn

from w2v_lesson.settings import check_whole_number

MAX_NUMBERS = 2**31 - 2  # in an array of MXNet
sigmoid_bce = gluon.loss.SigmoidBCELoss()


def build_net(vocab_size, embed_size):
    """Make the two embedding tables, which are not initialized yet. Chapter 03.

    Parameters
    ----------
    vocab_size : int
        Number of words, which is the number of rows in each table.
    embed_size : int
        Numbers in a vector.

    Returns
    -------
    nn.Sequential
        ``net[0]`` is the center table (v), and ``net[1]`` is the context table (u). Both
        are nn.Embedding with weights of shape (vocab_size, embed_size).

    Raises
    ------
    ValueError
        If a size is not a whole number of at least 1, or if both are too large together.
    """
    check_whole_number("vocab_size", vocab_size)
    check_whole_number("embed_size", embed_size)
    if vocab_size * embed_size > MAX_NUMBERS:
        raise ValueError(
            f"A table of {vocab_size:,} words with {embed_size:,} numbers each is too large. "
            f"Choose an embed_size of at most {MAX_NUMBERS // vocab_size:,}, or fewer words."
        )
    net = nn.Sequential()
    net.add(
        nn.Embedding(input_dim=vocab_size, output_dim=embed_size),
        nn.Embedding(input_dim=vocab_size, output_dim=embed_size),
    )
    return net


def initialize(net, device):
    """Start (again) from weights drawn uniformly between -0.07 and 0.07. Chapter 03.

    Parameters
    ----------
    net : nn.Sequential
        As `build_net` makes it.
    device : mxnet.Context
        Where the weights are kept.
    """
    npx.set_np()  # otherwise the weights would be arrays of MXNet's old kind
    net.initialize(init.Uniform(0.07), ctx=device, force_reinit=True)


def skip_gram(center, contexts_and_negatives, embed_v, embed_u):
    """Score each center against each of its context and noise words. Chapter 03.

    Parameters
    ----------
    center : mx.np.ndarray, shape (batch, 1)
        Word indices.
    contexts_and_negatives : mx.np.ndarray, shape (batch, max_len)
        Word indices.
    embed_v, embed_u : nn.Embedding
        The center and the context table.

    Returns
    -------
    mx.np.ndarray, shape (batch, 1, max_len)
        Dot products, which are logits and have no unit.

    References
    ----------
    Mikolov et al. 2013b, section 2.
    """
    v = embed_v(center)  # (batch, 1, embed_size)
    u = embed_u(contexts_and_negatives)  # (batch, max_len, embed_size)
    return npx.batch_dot(v, u, transpose_b=True)  # (batch, 1, max_len)


def skip_gram_shapes(batch, max_len, embed_size):
    """Return the shapes of the arrays in `skip_gram`. Chapter 03.

    Parameters
    ----------
    batch : int
        Centers in the minibatch.
    max_len : int
        Words for each center, padding included.
    embed_size : int
        Numbers in a vector.

    Returns
    -------
    dict of str to tuple of int
        Shapes by name, in the order of the code.
    """
    return {
        "center": (batch, 1),
        "contexts_and_negatives": (batch, max_len),
        "v": (batch, 1, embed_size),
        "u": (batch, max_len, embed_size),
        "scores": (batch, 1, max_len),
    }


def skip_gram_sizes(shapes):
    """Count what `skip_gram` costs with arrays of these shapes. Chapter 03.

    Parameters
    ----------
    shapes : dict of str to tuple of int
        As `skip_gram_shapes` returns it.

    Returns
    -------
    numbers : dict of str to int
        How many numbers each array holds.
    multiplications : int
        Number of multiplications in all the dot products.
    """
    numbers = {name: math.prod(shape) for name, shape in shapes.items()}
    return numbers, numbers["scores"] * shapes["v"][-1]


def masked_loss(pred, label, mask):
    """Average the binary cross-entropy of each example over its unmasked pairs.

    Chapter 04.

    Parameters
    ----------
    pred : mx.np.ndarray, shape (batch, max_len)
        Logits.
    label, mask : mx.np.ndarray, shape (batch, max_len)
        The label is 1 for a context, and the mask is 1 for a pair. All else is 0.

    Returns
    -------
    mx.np.ndarray, shape (batch,)
        Nats per pair.

    References
    ----------
    Mikolov et al. 2013b, equation 4, as a mean.
    """
    # SigmoidBCELoss divides by the length of the row, but we want the mean over its pairs.
    return sigmoid_bce(pred, label, mask) * mask.shape[1] / mask.sum(axis=1)


def pair_by_gluon(logit, label, mask):
    """Compute the loss of one pair with Gluon, and its derivative with autograd. Chapter 04.

    Parameters
    ----------
    logit : float
        The score of the pair.
    label, mask : int
        0 or 1.

    Returns
    -------
    loss : float
        In nats.
    gradient : float
        Derivative of the loss with respect to the logit.
    """
    npx.set_np()  # a widget calls this in a thread of its own
    pred, label, mask = (np.full((1, 1), value) for value in (logit, label, mask))
    pred.attach_grad()
    with autograd.record():
        loss = sigmoid_bce(pred, label, mask)
    loss.backward()
    return float(loss[0]), float(pred.grad[0, 0])
