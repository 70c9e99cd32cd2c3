"""Exercises of chapter 07: coverage, and the neighbors that two training runs share."""

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
                "A pair can only be rated if both of its words have vectors. You also count "
                "pairs where only one of them has.",
            ),
            Mistake(
                lambda pairs, known: sum(a in known for a, _ in pairs) / len(pairs),
                "You look only at the first word of each pair, but the second one needs a "
                "vector, too.",
            ),
            Mistake(
                num_covered,
                "This is the number of pairs that can be rated. Divide it by the number of "
                "all pairs.",
            ),
            Mistake(
                lambda pairs, known: num_covered(pairs, known) / len(known),
                "You divide by the number of known words. Divide by the number of pairs.",
            ),
            Mistake(
                share_of_words,
                "This is the share of the *words* that are known. What share of the *pairs* "
                "is it?",
            ),
        ],
        hint="Count the pairs in which both words are known, and divide by the number of pairs.",
        praise="One missing word is enough to lose a pair, so coverage falls quickly.",
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
                "You count only words that are at the same position in both lists. A "
                "neighbor that moved up or down is still a neighbor.",
            ),
            Mistake(
                lambda one, other: len(set(one) & set(other)),
                "This is the number of shared neighbors. Divide it by the length of a list.",
            ),
            Mistake(
                lambda one, other: len(set(one) & set(other)) / len(set(one) | set(other)),
                "You divide by the number of words in either list, which gives the Jaccard "
                "index. Divide by the length of one list.",
            ),
            Mistake(
                lambda one, other: 1 - overlap(one, other),
                "This is the share that was lost. We want the share that was kept.",
            ),
        ],
        hint="What share of the words in one list appears anywhere in the other?",
        praise="Neighbors may swap positions. Only those that leave the list are lost.",
        inputs=[
            (["a", "b", "c", "d"], ["b", "a", "x", "d"]),
            (["a", "b"], ["b", "a"]),
            (["a", "b", "c"], ["x", "y", "c"]),
        ],
    ),
}
