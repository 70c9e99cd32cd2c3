"""Exercises of chapter 11: the last minibatch, and noise weights without assumptions."""

from w2v_lesson.classroom.exercises.exercise import Exercise, Mistake


def weights_of(tokens, counter, exponent=0.75):
    return [0 if token == "<unk>" else counter[token] ** exponent for token in tokens]


def sampling_weights(tokens, counter):
    return weights_of(tokens, counter)


def with_unknown(tokens, counter):
    return [counter[token] ** 0.75 for token in tokens]


def without_its_place(tokens, counter):
    return [counter[token] ** 0.75 for token in tokens if token != "<unk>"]


EXERCISES = {
    "fraction_of_average": Exercise(
        right=0.25,
        mistakes=[
            Mistake(
                4.0,
                "It is the other way around. Dividing by 512 instead of 128 makes the "
                "result too small.",
            ),
            Mistake(
                1.0,
                "That would be right for trainer.step(128). But here the sum of 128 "
                "gradients is divided by 512.",
            ),
            Mistake(
                0.75,
                "This is the fraction that is missing. The question asks for the fraction "
                "that is left.",
            ),
            Mistake(
                1 / 512,
                "This is what each gradient is multiplied by. Compare it with 1/128, which "
                "would give the average.",
            ),
        ],
        hint=(
            "The average is the sum divided by 128. Here the same sum is divided by 512. "
            "Divide the second result by the first."
        ),
        praise="Our own loop in chapter 05 calls trainer.step(len(center)) instead.",
    ),
    "sampling_weights": Exercise(
        right=sampling_weights,
        mistakes=[
            Mistake(
                lambda tokens, counter: [0, *with_unknown(tokens, counter)[1:]],
                "This sets the weight at index 0 to 0, whatever word is there. Look for the "
                "word <unk> instead of assuming its index.",
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
                "Here <unk> can be drawn, because the counter contains it.",
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
        praise="It works wherever <unk> is, because it looks for the word and not for an index.",
        inputs=[
            (["#", "<unk>", "chip", "the"], {"#": 3, "<unk>": 9, "chip": 5, "the": 40}),
            (["<unk>", "a", "b"], {"<unk>": 7, "a": 2, "b": 6}),
            (["year", "zoo", "<unk>"], {"<unk>": 11, "year": 8, "zoo": 4}),
        ],
    ),
}
