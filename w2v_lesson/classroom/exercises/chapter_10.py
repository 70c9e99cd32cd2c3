"""Exercises of chapter 10: the gain of a second machine, a mean over workers."""

from w2v_lesson.classroom.exercises.exercise import Exercise, Mistake


def total(sums):
    return [sum(column) for column in zip(*sums, strict=True)]


def means(sums, counts):
    return [divided(row, count) for row, count in zip(sums, counts, strict=True)]


def divided(row, number):
    return [x / number for x in row]


EXERCISES = {
    "gain_of_two": Exercise(
        right=1.5,
        mistakes=[
            Mistake(
                2.0,
                "Each machine runs Adam on all rows, so these 6 ms do not halve; and the "
                "exchange is missing.",
            ),
            Mistake(
                30 / 17,
                "All 30 ms are halved here; but each machine runs Adam on all rows, for 6 "
                "ms.",
            ),
            Mistake(30 / 18, "The exchange is missing: 2 ms more."),
            Mistake(30 / 32, "Here nothing is shared. The 24 ms are, by the two machines."),
            Mistake(
                20 / 30,
                "This is the new time over the old one; as a factor, turn it round.",
            ),
            Mistake(
                20.0,
                "This is the time of the new step, in ms; how many times as fast is it?",
            ),
        ],
        hint=(
            "Halve what is shared, leave what is not, add the exchange; then divide the "
            "old time by the new."
        ),
        praise=(
            "With any number of machines it stays below 4: Adam and the exchange take 8 "
            "of the 30 ms."
        ),
    ),
    "mean_gradient": Exercise(
        right=lambda sums, counts: divided(total(sums), sum(counts)),
        mistakes=[
            Mistake(
                lambda sums, counts: divided(total(means(sums, counts)), len(counts)),
                "This is the mean of the workers' means, in which an example of a small "
                "minibatch counts more. Divide the sum by all examples.",
            ),
            Mistake(
                lambda sums, counts: divided(total(sums), len(counts)),
                "This divides by the number of workers; divide by that of the examples.",
            ),
            Mistake(
                lambda sums, counts: total(means(sums, counts)),
                "These are means of workers, added up: the step would be as many times "
                "too large as there are workers.",
            ),
            Mistake(
                lambda sums, counts: total(sums),
                "This is the sum; divide it by the number of examples.",
            ),
            Mistake(
                lambda sums, counts: divided(total(sums), counts[0]),
                "This divides by the examples of the first worker alone, as trainer.step "
                "does in a single run.",
            ),
            Mistake(means, "This is a gradient for each worker; one for all is asked for."),
        ],
        hint="Add up the gradients, add up the examples, divide.",
        praise=(
            "So a worker with a short minibatch, or with none, needs no rule of its own."
        ),
        inputs=[
            ([[2.0, 4.0], [1.0, 0.0]], [2, 1]),
            ([[6.0, -3.0], [0.5, 1.0], [1.5, 2.0]], [4, 2, 1]),
            ([[1.0, 2.0, 3.0], [8.0, 8.0, 2.0]], [3, 5]),
        ],
    ),
}
