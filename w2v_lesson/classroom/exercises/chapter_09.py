"""Exercises of chapter 09: gains, rates, padding."""

from w2v_lesson.classroom.exercises.exercise import Exercise, Mistake


def batches_of(lengths, batch_size):
    return [lengths[i : i + batch_size] for i in range(0, len(lengths), batch_size)]


def rates(centers, seconds):
    return [c / s for c, s in zip(centers, seconds, strict=True)]


def num_cells(lengths, batch_size):
    return sum(max(batch) * len(batch) for batch in batches_of(lengths, batch_size))


def padded_cells(lengths, batch_size):
    return num_cells(lengths, batch_size) - sum(lengths)


def in_full_minibatches(lengths, batch_size):
    """Count the padding as if the last minibatch had as many rows as the others."""
    widths = [max(batch) for batch in batches_of(lengths, batch_size)]
    return sum(widths) * batch_size - sum(lengths)


def without_the_last(lengths, batch_size):
    return padded_cells(lengths[: len(lengths) // batch_size * batch_size], batch_size)


EXERCISES = {
    "times_as_fast": Exercise(
        right=2.0,
        mistakes=[
            Mistake(
                3.0,
                "Only the copy is three times as fast; the other 15 ms stay as they were.",
            ),
            Mistake(
                4.0, "Without any copy it would be that; but the copy still takes 15 ms."
            ),
            Mistake(
                0.5, "This is the new time over the old one; as a factor, turn it round."
            ),
            Mistake(
                30.0,
                "This is the time of the new step, in ms; how many times as fast is it?",
            ),
            Mistake(
                2.5,
                "Factors cannot be averaged by share of time: add up the new times first.",
            ),
            Mistake(
                2.25,
                "This is the share of the copy times its factor: add up the new times "
                "first.",
            ),
        ],
        hint="Add up the times of the new step, and divide the old time by them.",
        praise=(
            "However fast the copy, four times is the limit: the other quarter stays "
            "(Amdahl's law)."
        ),
    ),
    "centers_per_second": Exercise(
        right=lambda centers, seconds: sum(centers) / sum(seconds),
        mistakes=[
            Mistake(
                lambda centers, seconds: sum(centers) / seconds[-1],
                "All centers over the seconds of the last epoch: too high by the number "
                "of epochs. This is what the source prints.",
            ),
            Mistake(
                lambda centers, seconds: sum(rates(centers, seconds)) / len(centers),
                "This is the mean of the rates, in which a short epoch counts as much as "
                "a long one. Divide the sums.",
            ),
            Mistake(
                lambda centers, seconds: centers[-1] / seconds[-1],
                "This is the rate of the last epoch alone.",
            ),
            Mistake(
                lambda centers, seconds: sum(seconds) / sum(centers),
                "This is seconds for a center; turn the fraction round.",
            ),
            Mistake(
                lambda centers, seconds: sum(rates(centers, seconds)),
                "Rates do not add up: divide the sum of the centers by the sum of the "
                "seconds.",
            ),
            Mistake(
                rates,
                "This is a rate for each epoch; one for the whole training is asked for.",
            ),
        ],
        hint="How many centers in all, in how many seconds in all?",
        praise="The first epoch is often slow (memory, compiling); the rate should say so.",
        inputs=[
            ([1000, 1000, 1000], [4.0, 1.0, 1.0]),
            ([500, 300], [2.0, 0.5]),
            ([340, 342, 338, 341], [9.0, 5.0, 5.5, 5.0]),
        ],
    ),
    "padded_cells": Exercise(
        right=padded_cells,
        mistakes=[
            Mistake(
                lambda lengths, size: max(lengths) * len(lengths) - sum(lengths),
                "Each minibatch is as wide as its own longest row, not as the longest of "
                "all.",
            ),
            Mistake(
                in_full_minibatches,
                "The last minibatch may have fewer rows: there is no padding in rows that "
                "are not there.",
            ),
            Mistake(
                num_cells,
                "These are all cells; subtract those that hold pairs.",
            ),
            Mistake(
                lambda lengths, size: (
                    padded_cells(lengths, size) / num_cells(lengths, size)
                ),
                "This is the share of padding; the number of cells is asked for.",
            ),
            Mistake(
                without_the_last,
                "This leaves out the last, short minibatch.",
            ),
            Mistake(
                lambda lengths, size: padded_cells(sorted(lengths), size),
                "This sorts the rows first; take them in the order given.",
            ),
        ],
        hint=(
            "For each minibatch: its longest row times its number of rows, minus its pairs."
        ),
        praise="Now call it with sorted lengths: that is all that grouping does.",
        inputs=[
            ([6, 60, 12, 30, 18, 6, 24], 3),
            ([2, 9, 4, 4, 1], 2),
            ([12, 6, 18, 60], 2),
            ([5, 1, 1, 5, 2, 9], 4),
        ],
    ),
}
