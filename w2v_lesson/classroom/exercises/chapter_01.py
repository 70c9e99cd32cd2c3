"""Exercises of chapter 01: subsampling, windows, padding."""

import math

from w2v_lesson.classroom.exercises.exercise import Exercise, Mistake


def left_of(count, total, threshold):
    """Compute how many occurrences of a word survive subsampling, on average."""
    return count * min(1.0, math.sqrt(threshold * total / count))


def words_left(counts, threshold):
    return sum(left_of(count, sum(counts), threshold) for count in counts)


def contexts_of(sentence_of, center, size):
    first, last = max(0, center - size), min(len(sentence_of) - 1, center + size)
    same = sentence_of[center]
    return {i for i in range(first, last + 1) if i != center and sentence_of[i] == same}


def without_bounds(sentence_of, center, size, last=None):
    """Find contexts without stopping at position 0, or at the end if `last` is not given."""
    places = range(center - size, min(center + size, last or center + size) + 1)
    same = sentence_of[center]
    return {i for i in places if i != center and sentence_of[i] == same}


SENTENCE_OF = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2]
EXERCISES = {
    "survivors": Exercise(
        right={"the", "bank", "july", "chip"},
        mistakes=[
            Mistake(
                {"company", "share"},
                "These are the words that are dropped. A word stays if its number is "
                "below its keep probability.",
            ),
            Mistake(
                {"july", "chip"},
                "The square root is missing. With t / f alone, frequent words would "
                "hardly ever stay.",
            ),
            Mistake(
                {"bank", "july", "chip"},
                "A word with a low keep probability can still stay: with probability "
                "0.05, it stays if its number is 0.04.",
            ),
            Mistake(
                {"the", "company", "share", "bank", "july"},
                "The fraction is upside down. It is t / f, because frequent words "
                "should stay less often.",
            ),
            Mistake(
                {"the", "bank", "chip"},
                "The share of july is exactly t, so its keep probability is 1, and "
                "every random number is below 1.",
            ),
            Mistake(
                set(),
                "f is the word's share of the million words of the text, not of the "
                "words in this table.",
            ),
        ],
        hint=(
            "Divide each count by a million to get f. A word stays if its number is "
            "below √(t / f)."
        ),
        praise="Chance decides: here the most frequent word stays, but two rarer ones do not.",
    ),
    "words_left": Exercise(
        right=words_left,
        mistakes=[
            Mistake(
                lambda counts, t: sum(left_of(c, sum(counts), t) / c for c in counts),
                "This adds up probabilities. A word with probability 0.5 that occurs "
                "100 times leaves 50 words, so multiply each probability by its "
                "count.",
            ),
            Mistake(
                lambda counts, t: words_left(counts, t) / sum(counts),
                "This is the share of words that are left. Return the number of words.",
            ),
            Mistake(
                lambda counts, t: sum(counts) - words_left(counts, t),
                "This is how many words are dropped. Return how many are left.",
            ),
            Mistake(
                lambda counts, t: sum(c * math.sqrt(t * sum(counts) / c) for c in counts),
                "A probability cannot be above 1, so rare words need min(1, …).",
            ),
            Mistake(
                lambda counts, t: sum(min(c, t * sum(counts)) for c in counts),
                "The square root is missing, so this drops too many of the frequent words.",
            ),
            Mistake(
                lambda counts, t: sum(c * min(1.0, math.sqrt(t / c)) for c in counts),
                "Compare t with the word's share of the text, count / total, not with "
                "its count.",
            ),
            Mistake(
                lambda counts, t: [left_of(c, sum(counts), t) for c in counts],
                "This is the number for each word. Now add them up.",
            ),
        ],
        hint=(
            "On average, a word keeps count × probability of its occurrences. Add up "
            "these numbers for all words."
        ),
        praise=(
            "On average, this is how many words of the corpus the model will see in "
            "an epoch."
        ),
        inputs=[
            ([6000, 3000, 900, 99, 1], 1e-2),
            ([400, 400, 150, 50], 0.1),
            ([70, 20, 10], 0.5),
        ],
    ),
    "contexts_of": Exercise(
        right=contexts_of,
        mistakes=[
            Mistake(
                lambda s, c, size: contexts_of([0] * len(s), c, size),
                "This crosses the end of a sentence. A context must have the same "
                "number in sentence_of as the center.",
            ),
            Mistake(
                lambda s, c, size: contexts_of(s, c, size) | {c},
                "The center is among its own contexts. Leave it out.",
            ),
            Mistake(
                lambda s, c, size: contexts_of(s, c, size) - {c + size},
                "The last context is missing, because range(a, b) stops before b.",
            ),
            Mistake(
                lambda s, c, size: without_bounds(s, c, size, len(s) - 1),
                "Leave out positions below 0, because Python counts those from the "
                "end of the array.",
            ),
            Mistake(
                without_bounds,
                "The window runs past the end of the array, where there are no words.",
            ),
            Mistake(
                lambda s, c, size: contexts_of(s, c, len(s)),
                "This takes the whole sentence. Leave out words that are more than "
                "size positions away.",
            ),
            Mistake(
                lambda s, c, size: {i for i in contexts_of(s, c, size) if i > c},
                "Contexts stand on both sides of the center. These are only the ones "
                "after it.",
            ),
        ],
        hint=(
            "Go from center − size to center + size, but stay inside the array. Keep "
            "the positions in the same sentence, except the center."
        ),
        praise="No window reaches into another sentence, or past the end of the text.",
        inputs=[
            (SENTENCE_OF, 3, 2),
            (SENTENCE_OF, 5, 1),
            ([0, 0, 0, 0], 0, 2),
            (SENTENCE_OF, 11, 3),
            (SENTENCE_OF, 9, 1),
        ],
    ),
}
