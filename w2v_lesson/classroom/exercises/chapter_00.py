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
                "The tip of wood is closest to the tip of chip, but the cosine "
                "compares directions, not distances.",
            ),
            Mistake(
                "mother",
                "mother points in the opposite direction: its cosine with chip is −1, "
                "the lowest possible.",
            ),
            Mistake("casino", "casino is at a right angle to chip, so their cosine is 0."),
            Mistake(
                "chip",
                "Every word is most similar to itself, so chip itself does not count. "
                "Choose one of the other four.",
            ),
        ],
        hint=(
            "Draw each vector as an arrow from (0, 0). Which one points most nearly "
            "in the same direction as chip?"
        ),
        praise=(
            "It points in exactly the same direction as chip, so their cosine is 1. "
            "Its length does not matter."
        ),
    ),
    "mutual": Exercise(
        right=mutual,
        mistakes=[
            Mistake(
                lambda word, nearest: set(nearest[word]),
                "These are all the neighbors of the word. Keep only those that have "
                "the word in their own list.",
            ),
            Mistake(
                lambda word, nearest: set(nearest[word]) - mutual(word, nearest),
                "These are the neighbors that do not have the word in their list. "
                "Turn the condition around.",
            ),
            Mistake(
                lambda word, nearest: {w for w in nearest if word in nearest[w]},
                "These are all the words that have the word in their list, even if "
                "they are not its neighbors. Start from the word's own list.",
            ),
            Mistake(
                lambda word, nearest: len(mutual(word, nearest)),
                "This is how many there are. Return the words themselves.",
            ),
            Mistake(
                lambda word, nearest: bool(mutual(word, nearest)),
                "This says whether there are any. Return the words themselves.",
            ),
            Mistake(
                lambda word, nearest: mutual(word, nearest) | {word},
                "The word itself is not in its own list, so leave it out.",
            ),
        ],
        hint=(
            "Go through nearest[word], and keep each neighbor whose own list contains word."
        ),
        praise=(
            "Neighbors are not always mutual. chip is a neighbor of intel, but chip "
            "has three others that are closer."
        ),
        inputs=[(word, NEAREST) for word in ("chip", "intel", "software", "computer")],
    ),
}
