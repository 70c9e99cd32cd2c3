"""Exercises of chapter 09: speedup, speed, padding."""

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
                "Only the copy is three times as fast. The other 15 ms stay the same.",
            ),
            Mistake(
                4.0,
                "That would be right if the copy took no time at all, but it still takes "
                "15 ms.",
            ),
            Mistake(
                0.5,
                "This is the new time divided by the old one. Turn the fraction around.",
            ),
            Mistake(
                30.0,
                "This is how long the new step takes, in ms. How many times as fast is "
                "that?",
            ),
            Mistake(
                2.5,
                "You can't average the factors, weighted by their share of the time. Add up "
                "the new times instead.",
            ),
            Mistake(
                2.25,
                "You multiplied the copy's share of the time by its factor. Add up the new "
                "times instead.",
            ),
        ],
        hint="Add up the new times of both parts, and divide the old time by this sum.",
        praise=(
            "And even if the copy took no time at all, the step would only be four times "
            "as fast, because the other quarter stays the same. That is Amdahl's law."
        ),
    ),
    "centers_per_second": Exercise(
        right=lambda centers, seconds: sum(centers) / sum(seconds),
        mistakes=[
            Mistake(
                lambda centers, seconds: sum(centers) / seconds[-1],
                "You divide all centers by the seconds of the last epoch alone, as the "
                "original chapter does. With equal epochs, the result is too high by a "
                "factor of the number of epochs.",
            ),
            Mistake(
                lambda centers, seconds: sum(rates(centers, seconds)) / len(centers),
                "This is the average of the speeds, so a short epoch counts as much as a "
                "long one. Divide the sums instead.",
            ),
            Mistake(
                lambda centers, seconds: centers[-1] / seconds[-1],
                "This is the speed of the last epoch alone.",
            ),
            Mistake(
                lambda centers, seconds: sum(seconds) / sum(centers),
                "This is seconds per center. Turn the fraction around.",
            ),
            Mistake(
                lambda centers, seconds: sum(rates(centers, seconds)),
                "You can't add up speeds. Divide the sum of the centers by the sum of the "
                "seconds.",
            ),
            Mistake(
                rates,
                "This is the speed of each epoch. Return one number for the whole training "
                "run.",
            ),
        ],
        hint="How many centers were there in all, and how many seconds did they take?",
        praise="The first epoch is often a slow one, and an honest speed includes it.",
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
                "You padded every row to the longest row of all. But each minibatch is only "
                "as wide as its own longest row.",
            ),
            Mistake(
                in_full_minibatches,
                "The last minibatch may have fewer rows, and rows that don't exist aren't "
                "padded.",
            ),
            Mistake(
                num_cells,
                "This is the number of all cells. Subtract those that hold a pair.",
            ),
            Mistake(
                lambda lengths, size: (
                    padded_cells(lengths, size) / num_cells(lengths, size)
                ),
                "This is the share of the padding. Return the number of cells.",
            ),
            Mistake(
                without_the_last,
                "The last minibatch is missing. It counts even if it has fewer rows.",
            ),
            Mistake(
                lambda lengths, size: padded_cells(sorted(lengths), size),
                "You sorted the rows first. Keep them in the given order.",
            ),
        ],
        hint=(
            "For each minibatch, multiply its longest row by its number of rows, and "
            "subtract its pairs."
        ),
        praise="Now try sorted lengths. Sorting is all it takes to avoid most of the padding.",
        inputs=[
            ([6, 60, 12, 30, 18, 6, 24], 3),
            ([2, 9, 4, 4, 1], 2),
            ([12, 6, 18, 60], 2),
            ([5, 1, 1, 5, 2, 9], 4),
        ],
    ),
}
