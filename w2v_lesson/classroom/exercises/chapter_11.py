"""Exercises of chapter 11: a speed over all epochs, noise weights without assumptions."""

from w2v_lesson.classroom.exercises.exercise import Exercise, Mistake


def centers_per_second(centers, seconds):
    return sum(centers) / sum(seconds)


def mean_of_speeds(centers, seconds):
    return sum(n / s for n, s in zip(centers, seconds, strict=True)) / len(centers)


def weights_of(tokens, counter, exponent=0.75):
    return [0 if token == "<unk>" else counter[token] ** exponent for token in tokens]


def sampling_weights(tokens, counter):
    return weights_of(tokens, counter)


def with_unknown(tokens, counter):
    return [counter[token] ** 0.75 for token in tokens]


def without_its_place(tokens, counter):
    return [counter[token] ** 0.75 for token in tokens if token != "<unk>"]


EXERCISES = {
    "centers_per_second": Exercise(
        right=centers_per_second,
        mistakes=[
            Mistake(
                lambda centers, seconds: sum(centers) / seconds[-1],
                "This is what the source prints: the centers of all epochs, but the seconds "
                "of the last epoch only.",
            ),
            Mistake(
                lambda centers, seconds: centers[-1] / seconds[-1],
                "This is the speed of the last epoch. The question is about the whole "
                "training.",
            ),
            Mistake(
                mean_of_speeds,
                "This is the average of the epochs' speeds. It gives a short epoch as much "
                "weight as a long one. Divide all the centers by all the seconds.",
            ),
            Mistake(
                lambda centers, seconds: sum(seconds) / sum(centers),
                "These are seconds per center. Turn the fraction around.",
            ),
            Mistake(
                lambda centers, seconds: sum(centers) / len(centers),
                "These are centers per epoch. Divide by seconds, not by the number of "
                "epochs.",
            ),
        ],
        hint="Both sums have to cover the same stretch of time: the whole training.",
        praise="Centers and seconds now cover the same stretch of time.",
        inputs=[
            ([1000, 1000, 1000], [1.0, 1.0, 2.0]),
            ([600, 400], [3.0, 1.0]),
            ([500, 800, 300, 900], [2.0, 4.0, 1.0, 5.0]),
        ],
    ),
    "sampling_weights": Exercise(
        right=sampling_weights,
        mistakes=[
            Mistake(
                lambda tokens, counter: [0, *with_unknown(tokens, counter)[1:]],
                "This sets the weight at index 0 to 0, whatever word is there. Look for the "
                "word <unk> instead of its supposed index.",
            ),
            Mistake(
                lambda tokens, counter: with_unknown(tokens, counter)[1:],
                "This leaves out index 0, whatever word is there, so the list is too short "
                "and each weight belongs to the next word.",
            ),
            Mistake(
                without_its_place,
                "This leaves <unk> out of the list, so each word after it gets a wrong "
                "index. Keep its place, with the weight 0.",
            ),
            Mistake(
                with_unknown,
                "Here <unk> can be drawn, because this counter has counted it.",
            ),
            Mistake(
                lambda tokens, counter: weights_of(tokens, counter, exponent=1),
                "The exponent 0.75 is missing.",
            ),
            Mistake(
                lambda tokens, counter: [
                    weight / sum(weights_of(tokens, counter))
                    for weight in weights_of(tokens, counter)
                ],
                "These are probabilities: you divided by the sum. Return the weights "
                "themselves.",
            ),
        ],
        hint="Go through all tokens in order, and compare each of them with '<unk>'.",
        praise="It works wherever <unk> is, since it asks for the word and not for an index.",
        inputs=[
            (["#", "<unk>", "chip", "the"], {"#": 3, "<unk>": 9, "chip": 5, "the": 40}),
            (["<unk>", "a", "b"], {"<unk>": 7, "a": 2, "b": 6}),
            (["year", "zoo", "<unk>"], {"<unk>": 11, "year": 8, "zoo": 4}),
        ],
    ),
}
