"""Exercises of chapter 03: shapes, lookups, two tables."""

import math

from w2v_lesson.classroom.exercises.exercise import Exercise, Mistake


def dot(x, y):
    return sum(a * b for a, b in zip(x, y, strict=True))


def scores(center, others, table_v, table_u):
    return [dot(table_v[center], table_u[other]) for other in others]


def column(table, number):
    return [row[number] for row in table]


def scores_of_columns(center, others, table_v, table_u):
    v = column(table_v, center)
    return [dot(v, column(table_u, other)) for other in others]


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def words_touched(contexts_negatives, masks):
    pairs = zip(contexts_negatives, masks, strict=True)
    return {w for row, mask in pairs for w, m in zip(row, mask, strict=True) if m}


def rows_touched(contexts_negatives, masks):
    return len(words_touched(contexts_negatives, masks))


def rows_of_each_example(contexts_negatives, masks):
    """Count the rows of each example separately, and add up the counts."""
    examples = zip(contexts_negatives, masks, strict=True)
    return sum(rows_touched([row], [mask]) for row, mask in examples)


TABLE_V = [[1.0, 2.0, 0.5], [0.0, -1.0, 3.0], [2.0, 1.0, -1.0], [0.5, 0.5, 4.0]]
TABLE_U = [[0.5, -2.0, 1.0], [3.0, 1.0, 0.0], [-1.0, 2.0, 2.0], [1.0, 0.0, -0.5]]
EXERCISES = {
    "swapped_shape": Exercise(
        right=(512, 36, 1),
        mistakes=[
            Mistake(
                (512, 1, 36),
                "This is the shape of the usual call. Here v has 36 rows for each "
                "example, and u has one.",
            ),
            Mistake(
                (512, 36, 100),
                "This is the shape of v after the lookup. The product then sums over "
                "the last axis.",
            ),
            Mistake(
                (
                    512,
                    36,
                    36,
                ),
                "u has one row for each example: its shape is (512, 1, 100). So the "
                "last axis of the result has length 1.",
            ),
            Mistake(
                (512, 36), "batch_dot keeps all three axes, including the one of length 1."
            ),
            Mistake(
                (36, 1),
                "The batch comes first: batch_dot computes one product for each of "
                "the 512 examples.",
            ),
            Mistake(
                (512, 100, 1),
                "For each example, (36, 100) is multiplied by (100, 1), and the axis "
                "of length 100 is summed over.",
            ),
        ],
        hint=(
            "Write down the shapes of v and u. The product sums over the last axis of both."
        ),
        praise=(
            "There is no error, only a different shape: 36 centers with one context "
            "each. So check your shapes."
        ),
    ),
    "scores": Exercise(
        right=scores,
        mistakes=[
            Mistake(
                lambda c, others, v, u: scores(c, others, v, v),
                "You took both vectors from the center table. Those of the others are "
                "in table_u.",
            ),
            Mistake(
                lambda c, others, v, u: scores(c, others, u, u),
                "You took both vectors from the context table. That of the center is "
                "in table_v.",
            ),
            Mistake(
                lambda c, others, v, u: scores(c, others, u, v),
                "The tables are swapped: use table_v for the center and table_u for "
                "the others.",
            ),
            Mistake(
                scores_of_columns, "The vector of a word is a row, but this takes columns."
            ),
            Mistake(
                lambda c, others, v, u: [
                    [a * b for a, b in zip(v[c], u[i], strict=True)] for i in others
                ],
                "These are the products of the individual numbers. A dot product also "
                "adds them up.",
            ),
            Mistake(
                lambda c, others, v, u: sum(scores(c, others, v, u)),
                "This is the sum of all scores. Return one score for each of the others.",
            ),
            Mistake(
                lambda c, others, v, u: [sigmoid(x) for x in scores(c, others, v, u)],
                "These are probabilities. Return the scores, before the sigmoid.",
            ),
        ],
        hint=(
            "Take row center of table_v, and for each i in others take row i of "
            "table_u. Compute their dot products."
        ),
        praise="This is skip_gram for one example. The model computes nothing else.",
        inputs=[
            (0, [1, 2], TABLE_V, TABLE_U),
            (2, [0, 1, 1], TABLE_V, TABLE_U),
            (1, [2, 0], TABLE_U, TABLE_V),
        ],
    ),
    "rows_touched": Exercise(
        right=rows_touched,
        mistakes=[
            Mistake(
                lambda words, masks: len({w for row in words for w in row}),
                "This counts padding as word 0. Only cells whose mask is 1 hold words.",
            ),
            Mistake(
                lambda words, masks: sum(map(sum, masks)),
                "This counts all the pairs. A word that occurs twice still has only "
                "one row.",
            ),
            Mistake(
                lambda words, masks: len({w for row in words for w in row if w}),
                "0 is padding only where the mask is 0. Elsewhere it is the word with "
                "index 0.",
            ),
            Mistake(
                lambda words, masks: sum(map(len, words)),
                "This counts all cells, including padding and words that occur twice.",
            ),
            Mistake(
                rows_of_each_example,
                "A word in two examples still has only one row. Count over the whole "
                "minibatch.",
            ),
            Mistake(
                words_touched,
                "These are the words themselves. Return how many there are.",
            ),
        ],
        hint=(
            "Keep the words where the mask is 1, and count each of them once. A set "
            "does that."
        ),
        praise="A row that no minibatch touches gets no gradient, so it keeps its random start.",
        inputs=[
            ([[3, 5, 3, 0], [7, 3, 0, 0]], [[1, 1, 1, 0], [1, 1, 0, 0]]),
            ([[0, 4, 4, 6], [2, 4, 0, 0]], [[1, 1, 1, 1], [1, 1, 0, 0]]),
            ([[9, 1], [8, 0], [9, 0]], [[1, 1], [1, 0], [1, 0]]),
        ],
    ),
}
