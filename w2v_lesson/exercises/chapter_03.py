"""Exercises of chapter 03: cross-entropy, the mask, the gradient."""

import math

from w2v_lesson.exercises.exercise import Exercise


def dot(x, y):
    return sum(a * b for a, b in zip(x, y, strict=True))


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def masked_sums(losses, mask):
    """Sum over the real pairs of each row."""
    return [dot(row, real) for row, real in zip(losses, mask, strict=True)]


def mean_per_pair(losses, mask):
    return sum(masked_sums(losses, mask)) / sum(map(sum, mask))


def means_of_rows(losses, mask):
    sums = masked_sums(losses, mask)
    return [total / sum(real) for total, real in zip(sums, mask, strict=True)]


def mean_of_rows(losses, mask):
    return sum(means_of_rows(losses, mask)) / len(mask)


def pull(v, U, errors):
    """Sum of error times u."""
    return [dot(errors, [u[i] for u in U]) for i in range(len(v))]


def errors_of(v, U, labels):
    return [sigmoid(dot(u, v)) - y for u, y in zip(U, labels, strict=True)]


def center_gradient(v, U, labels):
    return pull(v, U, errors_of(v, U, labels))


def scaled(numbers, factor):
    return [factor * x for x in numbers]


LOSSES = [[0.5, 1.0, 2.0, 4.0], [3.0, 0.25, 0.75, 8.0]]

EXERCISES = {
    "loss_of_a_quarter": Exercise(
        math.log(4),
        {
            "This is the logarithm to base 10; the loss takes the natural one (math.log).":
                math.log10(4),
            "This is the logarithm to base 2, in bits; the natural one gives nats "
            "(math.log).":
                2.0,
            "This is the loss if the label were 0: −log(1 − 1/4). For a context it is "
            "−log of the answer itself.":
                -math.log(0.75),
            "The minus sign is missing: a loss is never below zero.":
                -math.log(4),
            "This is answer minus label, the gradient. The loss is −log of the answer.":
                -0.75,
            "This is how far the answer is from 1. The loss is −log of the answer.":
                0.75,
            "The answer is a probability already; the sigmoid has been taken.":
                math.log(1 + math.exp(-0.25)),
        },
        "The label is 1, so the loss is −log of the probability that the model gave.",
        "That is ln 4, twice ln 2: each halving of the probability costs another 0.69 "
        "nats.",
    ),
    "mean_per_pair": Exercise(
        mean_per_pair,
        {
            "The mask is forgotten: this counts padding as pairs.":
                lambda losses, mask: mean_of_rows(losses, [[1] * len(m) for m in mask]),
            "The sum is right, but it is divided by all cells. Divide by the number of "
            "real pairs.":
                lambda losses, mask:
                    sum(masked_sums(losses, mask)) / sum(map(len, mask)),
            "This is the mean of the rows' means: a pair in a short row weighs more than "
            "one in a long row. Here all pairs weigh the same.":
                mean_of_rows,
            "This divides by the number of examples; divide by the number of pairs.":
                lambda losses, mask: sum(masked_sums(losses, mask)) / len(mask),
            "This is one number for each row; one for the whole minibatch is asked for.":
                means_of_rows,
            "The division is right, but the sum has the padding in it.":
                lambda losses, mask: sum(map(sum, losses)) / sum(map(sum, mask)),
            "This is the sum; divide it by the number of real pairs.":
                lambda losses, mask: sum(masked_sums(losses, mask)),
        },
        "Multiply by the mask, add up everything, and divide by the sum of the mask.",
        "Here each pair counts alike. In masked_loss each center does, however few its "
        "pairs.",
        [(LOSSES, [[1, 1, 1, 1], [1, 1, 0, 0]]), (LOSSES, [[1, 0, 0, 0], [1, 1, 1, 0]]),
         ([[1.0, 5.0, 9.0], [2.0, 3.0, 1.0], [4.0, 0.5, 7.0]],
          [[1, 1, 0], [1, 0, 0], [1, 1, 1]])],
    ),
    "center_gradient": Exercise(
        center_gradient,
        {
            "The sign is turned round: this is label minus answer, the way the step goes.":
                lambda v, U, labels: scaled(center_gradient(v, U, labels), -1),
            "The sigmoid is missing: the error is σ(x) − y, not x − y.":
                lambda v, U, labels: pull(
                    v, U, [dot(u, v) - y for u, y in zip(U, labels, strict=True)]),
            "The errors multiply v; but the derivative of u·v by v is u.":
                lambda v, U, labels: scaled(v, sum(errors_of(v, U, labels))),
            "The labels are forgotten: this pushes the center away from all words.":
                lambda v, U, labels: pull(v, U, errors_of(v, U, [0] * len(U))),
            "This is the mean over the pairs; here the sum is asked for.":
                lambda v, U, labels:
                    scaled(center_gradient(v, U, labels), 1 / len(U)),
            "These are the errors, one for each pair. Multiply each by its u, and add up.":
                errors_of,
            "This has one row for each pair; the center collects the sum of them.":
                lambda v, U, labels: [
                    scaled(u, e) for u, e in zip(U, errors_of(v, U, labels), strict=True)],
        },
        "For each pair: x = u·v, the error σ(x) − y, the error times u; then add up.",
        "A step goes against it: towards the contexts, away from the noise words.",
        [([0.5, -1.0], [[1.0, 0.5], [-2.0, 1.0], [0.5, 3.0]], [1, 0, 0]),
         ([1.0, 2.0, 0.0], [[0.5, 0.5, 1.0], [1.0, -1.0, 2.0]], [1, 0]),
         ([0.3, 0.1], [[0.0, 1.0], [2.0, -1.0], [1.0, 1.0], [-1.0, 0.5]], [1, 1, 0, 0])],
    ),
}  # fmt: skip
