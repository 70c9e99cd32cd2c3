"""The two tables, their scores, and the loss over the unmasked pairs."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import toy
from mxnet import autograd, gluon, npx, random
from mxnet import np as mx_np

from w2v_lesson.model import (
    build_net,
    initialize,
    masked_loss,
    pair_by_gluon,
    skip_gram,
    skip_gram_shapes,
    skip_gram_sizes,
)

npx.set_np()

# The source's example: two rows of four, the second half padded.
PRED = np.array([[1.1, -2.2, 3.3, -4.4]] * 2)
LABEL = np.array([[1.0, 0, 0, 0], [0, 1, 0, 0]])
MASK = np.array([[1.0, 1, 1, 1], [1, 1, 0, 0]])


def loss_in_numpy(pred, label, mask):
    """Cross-entropy from its definition, in float64; mean over the unmasked pairs."""
    probability = 1 / (1 + np.exp(-pred.astype(np.float64)))
    pair = -np.where(label == 1, np.log(probability), np.log(1 - probability))
    return np.array([pair[i][mask[i] == 1].mean() for i in range(len(pair))])


def in_mxnet(*arrays):
    return [mx_np.array(array, dtype="float32") for array in arrays]


def source_skip_gram(center, contexts_and_negatives, embed_v, embed_u):
    """Score as the source does, which transposes the large tensor."""
    v = embed_v(center)
    u = embed_u(contexts_and_negatives)
    pred = npx.batch_dot(v, u.swapaxes(1, 2))
    return pred


def source_loss(pred, label, mask):
    loss = gluon.loss.SigmoidBCELoss()
    return loss(pred, label, mask) * mask.shape[1] / mask.sum(axis=1)


def net_of(vocab_size, embed_size, seed=0):
    random.seed(seed)
    net = build_net(vocab_size, embed_size)
    initialize(net, npx.cpu())
    return net


def weights(net):
    return [layer.weight.data().asnumpy() for layer in net]


# skip_gram


def test_scores_of_the_sources_toy_tensors_have_the_sources_shape():
    net = net_of(20, 4)
    pred = skip_gram(mx_np.ones((2, 1)), mx_np.ones((2, 4)), net[0], net[1])
    assert pred.shape == (2, 1, 4)


def test_scores_are_the_dot_products_of_center_and_context_vectors():
    net = net_of(20, 4)
    centers, others = np.array([[3], [19]]), np.array([[0, 1, 2, 3], [19, 5, 5, 0]])
    pred = skip_gram(*in_mxnet(centers, others), net[0], net[1]).asnumpy()
    v, u = weights(net)
    for i in range(2):
        for j in range(4):
            expected = v[centers[i, 0]] @ u[others[i, j]]
            assert pred[i, 0, j] == pytest.approx(expected, rel=1e-5, abs=1e-8)


class Noted:
    """An embedding that records the shapes of its inputs and outputs."""

    def __init__(self, embed):
        self.embed, self.shapes = embed, []

    def __call__(self, indices):
        rows = self.embed(indices)
        self.shapes += [indices.shape, rows.shape]
        return rows


@pytest.mark.parametrize("sizes", [(1, 1, 1), (2, 4, 3), (5, 1, 7), (64, 36, 100)])
def test_shapes_are_those_that_skip_gram_has(sizes):
    batch, max_len, embed_size = sizes
    v, u = map(Noted, net_of(20, embed_size))
    pred = skip_gram(mx_np.ones((batch, 1)), mx_np.ones((batch, max_len)), v, u)
    center, looked_up = v.shapes
    assert skip_gram_shapes(*sizes) == {
        "center": center,
        "v": looked_up,
        "contexts_and_negatives": u.shapes[0],
        "u": u.shapes[1],
        "scores": pred.shape,
    }


def test_each_score_takes_as_many_multiplications_as_a_vector_has_numbers():
    numbers, multiplications = skip_gram_sizes(skip_gram_shapes(512, 36, 100))
    assert numbers == {
        "center": 512,
        "contexts_and_negatives": 18_432,
        "v": 51_200,
        "u": 1_843_200,
        "scores": 18_432,
    }
    assert multiplications == 18_432 * 100


# masked_loss


def test_loss_of_the_sources_example_is_what_the_source_prints():
    losses = masked_loss(*in_mxnet(PRED, LABEL, MASK)).asnumpy()
    assert [f"{value:.4f}" for value in losses] == ["0.9352", "1.8462"]


def test_loss_is_the_mean_cross_entropy_of_the_unmasked_pairs():
    rng = np.random.default_rng(0)
    lengths = rng.integers(1, 13, 40)
    mask = (np.arange(12) < lengths[:, None]).astype(float)
    label = (np.arange(12) < rng.integers(0, lengths + 1)[:, None]).astype(float)
    pred = rng.normal(0, 4, mask.shape)
    losses = masked_loss(*in_mxnet(pred, label, mask)).asnumpy()
    np.testing.assert_allclose(losses, loss_in_numpy(pred, label, mask), rtol=1e-5)


def test_loss_is_the_sources_expression():
    arrays = in_mxnet(PRED, LABEL, MASK)
    ours, theirs = masked_loss(*arrays), source_loss(*arrays)
    np.testing.assert_array_equal(ours.asnumpy(), theirs.asnumpy())


def test_loss_of_untrained_zeros_is_ln_2_for_any_length():
    losses = masked_loss(*in_mxnet(0 * PRED, LABEL, MASK)).asnumpy()
    np.testing.assert_allclose(losses, np.log(2), rtol=1e-6)


def test_large_logits_cost_their_size_and_do_not_overflow():
    pred, label = np.array([[80.0, -80.0]] * 2), np.array([[1.0, 0], [0, 1]])
    losses = masked_loss(*in_mxnet(pred, label, np.ones((2, 2)))).asnumpy()
    np.testing.assert_allclose(losses, [0, 80], atol=1e-6)


def test_logits_of_the_padding_change_neither_loss_nor_gradient():
    results = []
    for padding in (0.0, 50.0):
        pred, label, mask = in_mxnet(np.where(MASK == 1, PRED, padding), LABEL, MASK)
        pred.attach_grad()
        with autograd.record():
            losses = masked_loss(pred, label, mask)
        losses.backward()
        results.append((losses.asnumpy(), pred.grad.asnumpy()))
    np.testing.assert_array_equal(results[0][0], results[1][0])
    np.testing.assert_array_equal(results[0][1], results[1][1])
    assert (results[0][1][MASK == 0] == 0).all()
    assert (results[0][1][MASK == 1] != 0).all()


@pytest.mark.parametrize("x", [-6.0, -0.25, 2.0])
def test_a_pair_by_gluon_is_the_loss_of_a_row_of_one_pair(x):
    for label in (0.0, 1.0):
        expected = loss_in_numpy(np.array([[x]]), np.array([[label]]), np.ones((1, 1)))
        loss, gradient = pair_by_gluon(x, label, 1)
        assert loss == pytest.approx(expected[0], abs=1e-6)
        assert gradient == pytest.approx(1 / (1 + np.exp(-x)) - label, abs=1e-6)
        assert pair_by_gluon(x, label, 0) == (0, 0)


def test_a_pair_by_gluon_can_be_asked_for_in_any_thread():
    with ThreadPoolExecutor(1) as pool:
        loss, gradient = pool.submit(pair_by_gluon, 2, 0, 1).result()
    assert loss == pytest.approx(2.126928)
    assert gradient == pytest.approx(0.880797)


# Gradients


def loss_and_gradients(net, batch, score, loss):
    """Return the loss of each example, and the gradient of their sum for both tables."""
    centers, others, masks, labels = batch
    with autograd.record():
        pred = score(centers, others, net[0], net[1])
        losses = loss(pred.reshape(labels.shape), labels, masks)
    losses.backward()
    return losses.asnumpy(), [layer.weight.grad().asnumpy() for layer in net]


def summed_loss_in_numpy(tables, batch):
    centers, others, masks, labels = (array.asnumpy() for array in batch)
    v = tables[0][centers[:, 0].astype(int)]
    u = tables[1][others.astype(int)]
    return loss_in_numpy(np.einsum("be,ble->bl", v, u), labels, masks).sum()


def test_gradients_of_both_tables_are_those_of_finite_differences():
    data = toy.data(batch_size=16)
    batch, net = next(iter(data)), net_of(len(data.vocab), 3)
    for layer in net:  # larger weights, because the sigmoid is nearly linear for small ones
        layer.weight.set_data(layer.weight.data() * 15)
    _, gradients = loss_and_gradients(net, batch, skip_gram, masked_loss)
    tables = [table.astype(np.float64) for table in weights(net)]
    for table, gradient in zip(tables, gradients, strict=True):
        differences = np.zeros(table.shape)
        for place in np.ndindex(table.shape):
            value = table[place]
            table[place] = value + 1e-6
            above = summed_loss_in_numpy(tables, batch)
            table[place] = value - 1e-6
            below = summed_loss_in_numpy(tables, batch)
            table[place] = value
            differences[place] = (above - below) / 2e-6
        assert np.abs(differences).max() > 0.1
        np.testing.assert_allclose(gradient, differences, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("scale", [1, 10])
def test_loss_and_gradients_are_the_sources_on_a_batch_of_ptb(scale):
    net = net_of(len(toy.ptb_vocab()), 100)
    for layer in net:
        layer.weight.set_data(layer.weight.data() * scale)
    # Not grouped: with as much padding as the source has.
    batch = next(iter(toy.ptb_data(group_by_length=False)))
    ours, our_grads = loss_and_gradients(net, batch, skip_gram, masked_loss)
    theirs, grads = loss_and_gradients(net, batch, source_skip_gram, source_loss)
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=0)
    for our_grad, grad in zip(our_grads, grads, strict=True):
        assert np.abs(grad).max() > 0.01
        np.testing.assert_allclose(our_grad, grad, rtol=0, atol=1e-6)


def test_words_that_are_not_in_the_batch_have_no_gradient():
    data = toy.data(batch_size=2)
    batch, net = next(iter(data)), net_of(len(data.vocab), 3)
    _, (v_grad, u_grad) = loss_and_gradients(net, batch, skip_gram, masked_loss)
    pairs = toy.examples_of(batch)
    centers = {center for center, _, _ in pairs}
    others = {word for _, contexts, noise in pairs for word in contexts + noise}
    assert set(np.flatnonzero(v_grad.any(axis=1))) == centers
    assert set(np.flatnonzero(u_grad.any(axis=1))) == others


# The net


def test_net_is_two_tables_of_their_own():
    center, context = weights(net_of(20, 4))
    assert center.shape == context.shape == (20, 4)
    assert not np.array_equal(center, context)


def test_weights_start_uniformly_between_minus_and_plus_0_07():
    for table in weights(net_of(500, 100)):
        assert table.dtype == np.float32
        assert np.abs(table).max() <= 0.07
        # Uniform: mean 0, variance (0.14)^2 / 12; a tenth of the values in each tenth.
        assert abs(table.mean()) < 0.001
        assert table.var() == pytest.approx(0.14**2 / 12, rel=0.02)
        tenths, _ = np.histogram(table, bins=10, range=(-0.07, 0.07))
        np.testing.assert_allclose(tenths / table.size, 0.1, atol=0.007)


def test_same_seed_same_weights_and_another_seed_others():
    first, second, other = (weights(net_of(20, 4, seed)) for seed in (0, 0, 1))
    for table in range(2):
        np.testing.assert_array_equal(first[table], second[table])
        assert not np.array_equal(first[table], other[table])


def test_initializing_again_starts_again():
    net = net_of(20, 4)
    before = weights(net)[0].copy()
    initialize(net, npx.cpu())
    assert not np.array_equal(weights(net)[0], before)


@pytest.mark.parametrize("value", [0, -1, 2.5, True, "5", None])
@pytest.mark.parametrize("name", ["vocab_size", "embed_size"])
def test_sizes_that_are_no_whole_number_of_at_least_1_are_refused(name, value):
    sizes = {"vocab_size": 20, "embed_size": 4, name: value}
    with pytest.raises(ValueError, match=f"{name} must be a whole number"):
        build_net(**sizes)


def test_tables_that_are_too_large_for_mxnet_are_refused_with_a_size_that_fits():
    with pytest.raises(ValueError, match="embed_size of at most 2,147,483,"):
        build_net(1000, 10**7)
