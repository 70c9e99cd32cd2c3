"""Exercises of chapter 08: gains, rates, padding."""

from w2v_lesson.classroom.exercises.exercise import Exercise


def batches_of(lengths, batch_size):
    return [lengths[i : i + batch_size] for i in range(0, len(lengths), batch_size)]


def rates(centers, seconds):
    return [c / s for c, s in zip(centers, seconds, strict=True)]


def padded_cells(lengths, batch_size):
    batches = batches_of(lengths, batch_size)
    return sum(max(batch) * len(batch) - sum(batch) for batch in batches)


EXERCISES = {
    "times_as_fast": Exercise(
        2.0,
        {
            "Only the copy is three times as fast; the other 15 ms stay as they were.": 3.0,
            "Without any copy it would be that; but the copy still takes 15 ms.": 4.0,
            "This is the new time over the old one; as a factor, turn it round.": 0.5,
            "This is the time of the new step, in ms; how many times as fast is it?": 30.0,
            "Factors cannot be averaged by share of time: add up the new times first.": 2.5,
            "This is the share of the copy times its factor: add up the new times first.": 2.25,
        },
        "Add up the times of the new step, and divide the old time by them.",
        "However fast the copy, four times is the limit: the other quarter stays (Amdahl's "
        "law).",
    ),
    "centers_per_second": Exercise(
        lambda centers, seconds: sum(centers) / sum(seconds),
        {
            "All centers over the seconds of the last epoch: too high by the number of "
            "epochs. This is what the source prints.": lambda centers, seconds: (
                sum(centers) / seconds[-1]
            ),
            "This is the mean of the rates, in which a short epoch counts as much as a "
            "long one. Divide the sums.": lambda centers, seconds: (
                sum(rates(centers, seconds)) / len(centers)
            ),
            "This is the rate of the last epoch alone.": lambda centers, seconds: (
                centers[-1] / seconds[-1]
            ),
            "This is seconds for a center; turn the fraction round.": lambda centers, seconds: (
                sum(seconds) / sum(centers)
            ),
            "Rates do not add up: divide the sum of the centers by the sum of the seconds.": lambda centers, seconds: (
                sum(rates(centers, seconds))
            ),
            "This is a rate for each epoch; one for the whole training is asked for.": rates,
        },
        "How many centers in all, in how many seconds in all?",
        "The first epoch is often slow (memory, compiling); the rate should say so.",
        [
            ([1000, 1000, 1000], [4.0, 1.0, 1.0]),
            ([500, 300], [2.0, 0.5]),
            ([340, 342, 338, 341], [9.0, 5.0, 5.5, 5.0]),
        ],
    ),
    "padded_cells": Exercise(
        padded_cells,
        {
            "Each minibatch is as wide as its own longest row, not as the longest of all.": lambda lengths, size: (
                max(lengths) * len(lengths) - sum(lengths)
            ),
            "The last minibatch may have fewer rows: there is no padding in rows that are "
            "not there.": lambda lengths, size: sum(
                max(b) * size - sum(b) for b in batches_of(lengths, size)
            ),
            "These are all cells; subtract those that hold pairs.": lambda lengths, size: (
                sum(max(b) * len(b) for b in batches_of(lengths, size))
            ),
            "This is the share of padding; the number of cells is asked for.": lambda lengths, size: (
                padded_cells(lengths, size)
                / sum(max(b) * len(b) for b in batches_of(lengths, size))
            ),
            "This leaves out the last, short minibatch.": lambda lengths, size: (
                padded_cells(lengths[: len(lengths) // size * size], size)
            ),
            "This sorts the rows first; take them in the order given.": lambda lengths, size: (
                padded_cells(sorted(lengths), size)
            ),
        },
        "For each minibatch: its longest row times its number of rows, minus its pairs.",
        "Now call it with sorted lengths: that is all that grouping does.",
        [
            ([6, 60, 12, 30, 18, 6, 24], 3),
            ([2, 9, 4, 4, 1], 2),
            ([12, 6, 18, 60], 2),
            ([5, 1, 1, 5, 2, 9], 4),
        ],
    ),
}
