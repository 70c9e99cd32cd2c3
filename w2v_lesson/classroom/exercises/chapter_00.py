"""Exercises of chapter 00: directions and neighbors."""

from w2v_lesson.classroom.exercises.exercise import Exercise

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
        "software",
        {
            "wood ends closest to chip, but the cosine compares directions, not places.": "wood",
            "mother points the opposite way: its cosine with chip is −1, the lowest there "
            "is.": "mother",
            "casino points at a right angle to chip: their cosine is 0.": "casino",
            "A word is always nearest to itself; so it is left out of the answer.": "chip",
        },
        "Draw the vectors as arrows from (0, 0): which points most nearly as chip does?",
        "It points exactly as chip does, so their cosine is 1; that it is longer does not "
        "matter.",
    ),
    "mutual": Exercise(
        mutual,
        {
            "These are all its neighbors. Keep those that have the word in their own "
            "list.": lambda word, nearest: set(nearest[word]),
            "These are the neighbors that do not have the word in their list: turn the "
            "condition round.": lambda word, nearest: (
                set(nearest[word]) - mutual(word, nearest)
            ),
            "These are all words that have the word in their list, its neighbors or not. "
            "Begin with the word's own list.": lambda word, nearest: {
                w for w in nearest if word in nearest[w]
            },
            "This is how many there are; the words themselves are asked for.": lambda word, nearest: (
                len(mutual(word, nearest))
            ),
            "This says whether there are any; the words themselves are asked for.": lambda word, nearest: (
                bool(mutual(word, nearest))
            ),
            "The word itself is not in its own list: leave it out.": lambda word, nearest: (
                mutual(word, nearest) | {word}
            ),
        },
        "Go through nearest[word], and keep each one that has the word in its own list.",
        "To be among the nearest is not mutual: in a crowd, others are nearer still.",
        [(word, NEAREST) for word in ("chip", "intel", "software", "computer")],
    ),
}
