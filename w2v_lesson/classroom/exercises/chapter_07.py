"""Exercises of chapter 07: coverage, and neighbors kept from one training to another."""

from w2v_lesson.classroom.exercises.exercise import Exercise, Mistake


def num_covered(pairs, known):
    return sum(a in known and b in known for a, b in pairs)


def coverage(pairs, known):
    return num_covered(pairs, known) / len(pairs)


def coverage_by_one_word(pairs, known):
    return sum(a in known or b in known for a, b in pairs) / len(pairs)


def share_of_words(pairs, known):
    return sum((a in known) + (b in known) for a, b in pairs) / (2 * len(pairs))


def overlap(one, other):
    return len(set(one) & set(other)) / len(one)


EXERCISES = {
    "coverage": Exercise(
        right=coverage,
        mistakes=[
            Mistake(
                coverage_by_one_word,
                "A pair needs both of its words; this counts pairs with at least one.",
            ),
            Mistake(
                lambda pairs, known: sum(a in known for a, _ in pairs) / len(pairs),
                "This looks at the first word of each pair only.",
            ),
            Mistake(
                num_covered,
                "This is the number of covered pairs; divide it by the number of all "
                "pairs.",
            ),
            Mistake(
                lambda pairs, known: num_covered(pairs, known) / len(known),
                "Divide by all pairs of the list, not by the words that are known.",
            ),
            Mistake(
                share_of_words,
                "This is the share of the words that are known; asked is that of the "
                "pairs.",
            ),
        ],
        hint="Count the pairs of which both words are known.",
        praise="A pair is lost if either word is missing, so coverage falls fast.",
        inputs=[
            ([("a", "b"), ("a", "x"), ("y", "b"), ("x", "y")], ["a", "b", "c"]),
            ([("a", "b"), ("b", "c"), ("a", "x")], ["a", "b", "c"]),
            ([("x", "a"), ("a", "c")], ["a", "c"]),
        ],
    ),
    "overlap": Exercise(
        right=overlap,
        mistakes=[
            Mistake(
                lambda one, other: sum(map(str.__eq__, one, other)) / len(one),
                "This counts words that hold the same place in both lists. A neighbor "
                "that moved up or down is still one.",
            ),
            Mistake(
                lambda one, other: len(set(one) & set(other)),
                "This is the number of shared neighbors; divide it by the length of a "
                "list.",
            ),
            Mistake(
                lambda one, other: len(set(one) & set(other)) / len(set(one) | set(other)),
                "This divides by all words in either list (the Jaccard index). Asked is "
                "the share of one list.",
            ),
            Mistake(
                lambda one, other: 1 - overlap(one, other),
                "This is the share that was lost, one minus the one asked for.",
            ),
        ],
        hint="How many words of one list are anywhere in the other?",
        praise="Neighbors may change places; only those that leave the list count as lost.",
        inputs=[
            (["a", "b", "c", "d"], ["b", "a", "x", "d"]),
            (["a", "b"], ["b", "a"]),
            (["a", "b", "c"], ["x", "y", "c"]),
        ],
    ),
}
