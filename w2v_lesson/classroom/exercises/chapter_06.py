"""Exercises of chapter 06: cosines, unknown words, analogies."""

import math

from w2v_lesson.classroom.exercises.exercise import Exercise, Mistake


def dot(x, y):
    return sum(float(a) * float(b) for a, b in zip(x, y, strict=True))


def cosine_of(x, y):
    return dot(x, y) / math.sqrt(dot(x, x) * dot(y, y))


def both(word, other, vectors, measure, unknown=None):
    """Compare two vectors, or return `unknown` if one of the words is unknown."""
    if {word, other} <= set(vectors) - {"<unk>"}:
        return measure(vectors[word], vectors[other])
    return unknown


def without_the_root(x, y):
    return dot(x, y) / (dot(x, x) * dot(y, y))


def over_one_length(x, y):
    return dot(x, y) / math.sqrt(dot(x, x))


def cosine(word, other, vectors):
    return both(word, other, vectors, cosine_of)


def as_the_source(word, other, vectors):
    """Use the vector of `<unk>` for an unknown word."""
    return cosine_of(*(vectors.get(w, vectors["<unk>"]) for w in (word, other)))


def only_listed(word, other, vectors):
    if word not in vectors or other not in vectors:
        return None
    return cosine_of(vectors[word], vectors[other])


def answer(a, b, c, vectors, measure=cosine_of, signs=(-1, 1, 1), excluded=None):
    target = target_of(a, b, c, vectors, signs)
    excluded = {a, b, c} if excluded is None else excluded
    return max(set(vectors) - excluded, key=lambda word: measure(vectors[word], target))


def target_of(a, b, c, vectors, signs=(-1, 1, 1)):
    numbers = zip(vectors[a], vectors[b], vectors[c], strict=True)
    return [dot(signs, three) for three in numbers]


def analogy(a, b, c, vectors):
    return answer(a, b, c, vectors)


VECTORS = {
    "<unk>": [1.0, 0.0],
    "gain": [3.0, 1.0],
    "loss": [2.0, 2.0],
    "july": [-1.0, 4.0],
    "bank": [0.5, -2.0],
}
ROYAL = {
    "man": [2, -3],
    "woman": [6, 4],
    "king": [1, 5],
    "queen": [-1, 3],
    "crown": [6, 1],
    "burger": [3, -3],
}
MORE_ROYAL = {
    "man": [-3, -4],
    "woman": [-1, -2],
    "king": [3, 4],
    "queen": [0, 2],
    "crown": [-2, 6],
    "burger": [-3, 1],
}

EXERCISES = {
    "cosine_by_hand": Exercise(
        right=math.sqrt(0.5),
        mistakes=[
            Mistake(3.0, "This is the dot product. Divide it by both lengths."),
            Mistake(
                math.sqrt(5),
                "This is the distance between the two points. The cosine compares "
                "directions.",
            ),
            Mistake(
                1 / 6, "This divides by the squared lengths. Take their square roots first."
            ),
            Mistake(45.0, "This is the angle in degrees. Take its cosine."),
            Mistake(math.pi / 4, "This is the angle in radians. Take its cosine."),
            Mistake(
                3 / math.sqrt(2),
                "This divides only by the length of x. Divide by the length of w, too.",
            ),
            Mistake(
                1.0, "This divides only by the length of w. Divide by the length of x, too."
            ),
            Mistake(
                1 - math.sqrt(0.5),
                "This is one minus the cosine, which is sometimes called cosine distance.",
            ),
        ],
        hint="The dot product is 1·3 + 1·0, and the lengths are √2 and 3.",
        praise="The angle is half a right angle. With w = (300, 0) it would be the same.",
    ),
    "cosine": Exercise(
        right=cosine,
        mistakes=[
            Mistake(
                lambda a, b, vectors: both(a, b, vectors, cosine_of, 0.0),
                "For an unknown word this returns 0, as if it were known to have "
                "nothing in common with the other word. None says that there is no "
                "answer.",
            ),
            Mistake(
                as_the_source,
                "For an unknown word this uses the vector of <unk>, which was never "
                "trained.",
            ),
            Mistake(
                only_listed,
                "<unk> has a vector, but it was never trained. Return None for it, too.",
            ),
            Mistake(
                lambda a, b, vectors: cosine_of(vectors[a], vectors[b]),
                "This raises an error for an unknown word. First check that both words "
                "are in vectors.",
            ),
            Mistake(
                lambda a, b, vectors: both(a, b, vectors, dot),
                "This is the dot product. Divide it by both lengths.",
            ),
            Mistake(
                lambda a, b, vectors: both(a, b, vectors, without_the_root),
                "The square root is missing: the lengths are the square roots of x·x and w·w.",
            ),
            Mistake(
                lambda a, b, vectors: both(a, b, vectors, over_one_length),
                "This divides by only one of the two lengths. Divide by both.",
            ),
        ],
        hint=(
            "Return None unless both words are in vectors and neither is <unk>. Then "
            "divide the dot product by both lengths."
        ),
        praise=(
            "Your function tells you if it does not know a word. The one in the "
            "original chapter does not."
        ),
        inputs=[
            ("gain", "loss", VECTORS),
            ("july", "bank", VECTORS),
            ("smartphone", "july", VECTORS),
            ("loss", "smartphone", VECTORS),
            ("<unk>", "gain", VECTORS),
            ("bank", "<unk>", VECTORS),
        ],
    ),
    "analogy": Exercise(
        right=analogy,
        mistakes=[
            Mistake(
                lambda a, b, c, vectors: answer(a, b, c, vectors, excluded=set()),
                "This returns one of the three words of the question. Leave all of "
                "them out.",
            ),
            Mistake(
                lambda a, b, c, vectors: answer(a, b, c, vectors, signs=(1, -1, 1)),
                "The step goes the wrong way. The step from a to b is b − a.",
            ),
            Mistake(
                lambda a, b, c, vectors: answer(a, b, c, vectors, measure=dot),
                "With dot products, long vectors win. Compare by cosine.",
            ),
            Mistake(
                lambda a, b, c, vectors: answer(a, b, c, vectors, signs=(1, 1, 1)),
                "This adds all three vectors. Subtract a.",
            ),
            Mistake(
                target_of,
                "This is the vector b − a + c. Return the word that is nearest to it.",
            ),
        ],
        hint=(
            "Compute b − a + c. Among all other words, return the one whose vector "
            "has the largest cosine with it."
        ),
        praise=(
            "Had you not left out the words of the question, one of them would be "
            "the answer."
        ),
        inputs=[("man", "king", "woman", ROYAL), ("man", "king", "woman", MORE_ROYAL)],
    ),
}
