"""Exercises of chapter 04: cross-entropy, the mask, the gradient."""

import math

from w2v_lesson.classroom.exercises.exercise import Exercise, Mistake


def dot(x, y):
    return sum(a * b for a, b in zip(x, y, strict=True))


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def masked_sums(losses, mask):
    """Add up the losses of the real pairs of each row."""
    return [dot(row, real) for row, real in zip(losses, mask, strict=True)]


def mean_per_pair(losses, mask):
    return sum(masked_sums(losses, mask)) / sum(map(sum, mask))


def means_of_rows(losses, mask):
    sums = masked_sums(losses, mask)
    return [total / sum(real) for total, real in zip(sums, mask, strict=True)]


def mean_of_rows(losses, mask):
    return sum(means_of_rows(losses, mask)) / len(mask)


def errors_of(v, others, labels, table_u):
    pairs = zip(others, labels, strict=True)
    return [sigmoid(dot(table_u[other], v)) - label for other, label in pairs]


def rows_added(others, rows, table_u):
    """Add the row of each pair to the row of its word, in a table of zeros."""
    table = [[0.0] * len(row) for row in table_u]
    for other, row in zip(others, rows, strict=True):
        table[other] = [a + b for a, b in zip(table[other], row, strict=True)]
    return table


def scaled(numbers, factor):
    return [factor * x for x in numbers]


def gradients_of_pairs(v, others, labels, table_u):
    errors = errors_of(v, others, labels, table_u)
    return [scaled(v, error / len(others)) for error in errors]


def table_gradient(v, others, labels, table_u):
    return rows_added(others, gradients_of_pairs(v, others, labels, table_u), table_u)


def last_pair_only(v, others, labels, table_u):
    """Keep only the last pair of each word, as `table[others] = rows` or `+= rows` does."""
    rows = dict(zip(others, gradients_of_pairs(v, others, labels, table_u), strict=True))
    return rows_added(rows, rows.values(), table_u)


def of_the_center(v, others, labels, table_u):
    """Multiply each error by u instead of v."""
    errors = errors_of(v, others, labels, table_u)
    rows = [
        scaled(table_u[other], error / len(others))
        for other, error in zip(others, errors, strict=True)
    ]
    return rows_added(others, rows, table_u)


def table_scaled(factor):
    """Make a wrong answer: the right one times a factor, which may depend on the pairs."""
    return lambda v, others, labels, table_u: [
        scaled(row, factor(others)) for row in table_gradient(v, others, labels, table_u)
    ]


def without_labels(v, others, labels, table_u):
    return table_gradient(v, others, [0] * len(others), table_u)


def table_moved(v, others, labels, table_u):
    gradient = table_gradient(v, others, labels, table_u)
    return [
        [a - b for a, b in zip(*rows, strict=True)]
        for rows in zip(table_u, gradient, strict=True)
    ]


TABLE_U = [[1.0, 0.5], [-2.0, 1.0], [0.5, 3.0], [0.25, -1.0]]
LOSSES = [[0.5, 1.0, 2.0, 4.0], [3.0, 0.25, 0.75, 8.0]]
EXERCISES = {
    "loss_of_a_quarter": Exercise(
        right=math.log(4),
        mistakes=[
            Mistake(
                math.log10(4),
                "This is the logarithm to base 10. The loss uses the natural "
                "logarithm (math.log).",
            ),
            Mistake(
                2.0,
                "This is the logarithm to base 2, which gives bits. The natural "
                "logarithm (math.log) gives nats.",
            ),
            Mistake(
                -math.log(0.75),
                "This would be the loss for the label 0: −log(1 − 1/4). For a "
                "context, it is −log of the probability itself.",
            ),
            Mistake(-math.log(4), "The minus sign is missing: a loss is never below zero."),
            Mistake(
                -0.75,
                "This is answer minus label, which is the gradient. The loss is −log "
                "of the probability.",
            ),
            Mistake(
                0.75,
                "This is how far the probability is from 1. The loss is −log of the probability.",
            ),
            Mistake(
                math.log(1 + math.exp(-0.25)),
                "One quarter is already a probability, so it needs no sigmoid.",
            ),
        ],
        hint="The label is 1, so the loss is −log of the probability that the model gave.",
        praise=(
            "That is ln 4, twice ln 2: each halving of the probability costs another 0.69 "
            "nats."
        ),
    ),
    "mean_per_pair": Exercise(
        right=mean_per_pair,
        mistakes=[
            Mistake(
                lambda losses, mask: mean_of_rows(losses, [[1] * len(m) for m in mask]),
                "The mask is missing, so this counts padding cells as pairs.",
            ),
            Mistake(
                lambda losses, mask: sum(masked_sums(losses, mask)) / sum(map(len, mask)),
                "The sum is right. Divide it by the number of real pairs, not by the "
                "number of all cells.",
            ),
            Mistake(
                mean_of_rows,
                "This averages the averages of the rows, so a pair in a short row "
                "counts more than one in a long row. Here every pair should count the "
                "same.",
            ),
            Mistake(
                lambda losses, mask: sum(masked_sums(losses, mask)) / len(mask),
                "This divides by the number of examples. Divide by the number of pairs.",
            ),
            Mistake(
                means_of_rows,
                "This is one number for each row. Return a single number for the "
                "whole minibatch.",
            ),
            Mistake(
                lambda losses, mask: sum(map(sum, losses)) / sum(map(sum, mask)),
                "You divide by the right number, but the sum includes the padding.",
            ),
            Mistake(
                lambda losses, mask: sum(masked_sums(losses, mask)),
                "This is the sum. Divide it by the number of real pairs.",
            ),
        ],
        hint="Multiply by the mask, add up everything, and divide by the sum of the mask.",
        praise=(
            "Here every pair counts the same. In masked_loss, every center counts the "
            "same, however few pairs it has."
        ),
        inputs=[
            (LOSSES, [[1, 1, 1, 1], [1, 1, 0, 0]]),
            (LOSSES, [[1, 0, 0, 0], [1, 1, 1, 0]]),
            (
                [[1.0, 5.0, 9.0], [2.0, 3.0, 1.0], [4.0, 0.5, 7.0]],
                [[1, 1, 0], [1, 0, 0], [1, 1, 1]],
            ),
        ],
    ),
    "table_gradient": Exercise(
        right=table_gradient,
        mistakes=[
            Mistake(
                last_pair_only,
                "If a word has two pairs, this keeps only the last one. NumPy's "
                "grad[others] += … adds only once for a repeated index, so use a "
                "loop.",
            ),
            Mistake(
                table_scaled(lambda others: -1),
                "The sign is wrong: this is label minus answer, the direction of the "
                "step. The gradient has answer minus label.",
            ),
            Mistake(
                table_scaled(len),
                "This is the sum over the pairs. The loss is their average, so divide "
                "by their number.",
            ),
            Mistake(
                of_the_center,
                "Multiply the error by v, not by u, because v is the derivative of "
                "u·v with respect to u.",
            ),
            Mistake(
                without_labels,
                "The labels are missing, so this pushes the contexts away, too.",
            ),
            Mistake(
                gradients_of_pairs,
                "This has one row for each pair. The table has one row for each word, "
                "and a word may have several pairs or none.",
            ),
            Mistake(table_moved, "This is the table after a step. Return the gradient."),
        ],
        hint=(
            "Start with zeros in the shape of the table. For each pair, add error × v "
            "/ n to the row of its word."
        ),
        praise=(
            "A word that is drawn twice is pushed twice. Rows of words that do not occur stay 0."
        ),
        inputs=[
            ([0.5, -1.0], [1, 2, 2], [1, 0, 0], TABLE_U),
            ([1.0, 2.0], [3, 0, 3, 1], [1, 0, 0, 0], TABLE_U),
            ([0.3, 0.1], [2, 0], [1, 0], TABLE_U),
        ],
    ),
}
