"""Exercises of chapter 00: directions and neighbors."""

from w2v_lesson.classroom.exercises.exercise import Exercise, Mistake

NEAREST = {
    "chip": ["microprocessor", "computer", "disk"],
    "microprocessor": ["chip", "disk", "intel"],
    "computer": ["software", "ibm", "disk"],
    "disk": ["microprocessor", "chip", "computer"],
    "software": ["computer", "ibm", "chip"],
    "ibm": ["computer", "software", "intel"],
    "intel": ["microprocessor", "chip", "ibm"],
}


def mutual(word, nearest):
    return {other for other in nearest[word] if word in nearest[other]}


EXERCISES = {
    "same_direction": Exercise(
        right="software",
        mistakes=[
            Mistake(
                "wood",
                "wood ends closest to chip, but the cosine compares directions, not "
                "places.",
            ),
            Mistake(
                "mother",
                "mother points the opposite way: its cosine with chip is −1, the lowest "
                "there is.",
            ),
            Mistake("casino", "casino points at a right angle to chip: their cosine is 0."),
            Mistake(
                "chip",
                "A word is always nearest to itself; so it is left out of the answer.",
            ),
        ],
        hint=(
            "Draw the vectors as arrows from (0, 0): which points most nearly as chip does?"
        ),
        praise=(
            "It points exactly as chip does, so their cosine is 1; that it is longer does "
            "not matter."
        ),
    ),
    "mutual": Exercise(
        right=mutual,
        mistakes=[
            Mistake(
                lambda word, nearest: set(nearest[word]),
                "These are all its neighbors. Keep those that have the word in their own "
                "list.",
            ),
            Mistake(
                lambda word, nearest: set(nearest[word]) - mutual(word, nearest),
                "These are the neighbors that do not have the word in their list: turn "
                "the condition round.",
            ),
            Mistake(
                lambda word, nearest: {w for w in nearest if word in nearest[w]},
                "These are all words that have the word in their list, its neighbors or "
                "not. Begin with the word's own list.",
            ),
            Mistake(
                lambda word, nearest: len(mutual(word, nearest)),
                "This is how many there are; the words themselves are asked for.",
            ),
            Mistake(
                lambda word, nearest: bool(mutual(word, nearest)),
                "This says whether there are any; the words themselves are asked for.",
            ),
            Mistake(
                lambda word, nearest: mutual(word, nearest) | {word},
                "The word itself is not in its own list: leave it out.",
            ),
        ],
        hint=(
            "Go through nearest[word], and keep each one that has the word in its own list."
        ),
        praise=(
            "To be among the nearest is not mutual: in a crowd, others are nearer still."
        ),
        inputs=[(word, NEAREST) for word in ("chip", "intel", "software", "computer")],
    ),
}
