"""Exercises of chapter 10: the speedup from a second machine, an average over workers."""

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
                "That would be right if everything were divided and nothing had to be sent. "
                "But each machine runs Adam on all rows, and sending takes 2 ms.",
            ),
            Mistake(
                30 / 17,
                "You cut all 30 ms in half. But each machine runs Adam on all rows, so its "
                "6 ms stay as they are.",
            ),
            Mistake(30 / 18, "You left out the 2 ms that sending takes."),
            Mistake(
                30 / 32,
                "You didn't divide anything. The two machines share the 24 ms for the "
                "gradients.",
            ),
            Mistake(
                20 / 30,
                "That is the new time divided by the old one. To see how many times as fast "
                "it is, divide the old time by the new one.",
            ),
            Mistake(
                20.0,
                "That is how many milliseconds a step takes on two machines. How many times "
                "as fast is that?",
            ),
        ],
        hint=(
            "Halve the time of what the machines divide, keep the rest, and add the time for "
            "sending. Then divide the old time by the new one."
        ),
        praise=(
            "However many machines you use, a step never gets 4 times as fast, because Adam "
            "and sending take 8 of the 30 ms."
        ),
    ),
    "mean_gradient": Exercise(
        right=lambda sums, counts: divided(total(sums), sum(counts)),
        mistakes=[
            Mistake(
                lambda sums, counts: divided(total(means(sums, counts)), len(counts)),
                "This is the average of the workers' averages. In it, each example of a "
                "worker with few examples counts more. Divide the sum by the number of all "
                "examples.",
            ),
            Mistake(
                lambda sums, counts: divided(total(sums), len(counts)),
                "You divide by the number of workers. Divide by the number of examples.",
            ),
            Mistake(
                lambda sums, counts: total(means(sums, counts)),
                "You add up the averages of the workers. With three workers, the result is "
                "about three times too large.",
            ),
            Mistake(
                lambda sums, counts: total(sums),
                "This is the sum. Divide it by the number of examples.",
            ),
            Mistake(
                lambda sums, counts: divided(total(sums), counts[0]),
                "You divide by the number of examples of the first worker alone. Divide by "
                "that of all workers.",
            ),
            Mistake(
                means,
                "This is one gradient for each worker. Return a single one for all of them.",
            ),
        ],
        hint="Add up the gradients, and divide by the number of all examples.",
        praise="The same rule works for a worker with only a few examples, or with none.",
        inputs=[
            ([[2.0, 4.0], [1.0, 0.0]], [2, 1]),
            ([[6.0, -3.0], [0.5, 1.0], [1.5, 2.0]], [4, 2, 1]),
            ([[1.0, 2.0, 3.0], [8.0, 8.0, 2.0]], [3, 5]),
        ],
    ),
}
