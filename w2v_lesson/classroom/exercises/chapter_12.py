"""Exercises of chapter 12: a tokenizer, the share of rare words."""

import re

from w2v_lesson.classroom.exercises.exercise import Exercise, Mistake


def found(pattern):
    return lambda sentence: re.findall(pattern, sentence.lower())


def sum_below(counts, min_freq):
    return sum(count for count in counts if count < min_freq)


EXERCISES = {
    "tokenize": Exercise(
        right=found(r"[a-z]+(?:'[a-z]+)*"),
        mistakes=[
            Mistake(
                lambda sentence: sentence.lower().split(),
                "Numbers are still there, and commas are still part of the words. Search "
                "for words instead of splitting at white space.",
            ),
            Mistake(
                lambda sentence: [w for w in sentence.split() if w.isalpha()],
                "This drops can't and every word that is followed by a comma. Search for "
                "words instead of filtering them.",
            ),
            Mistake(
                found(r"[a-z]+"),
                "The apostrophe separates words here, so can't becomes can and t.",
            ),
            Mistake(
                found(r"\w+(?:'\w+)*"),
                "Numbers are still there, because \\w also matches digits. Use letters only.",
            ),
            Mistake(
                found(r"[a-z']+"),
                "Here a word can begin or end with an apostrophe, so a quoted word differs "
                "from the same word without quotes.",
            ),
            Mistake(
                found(r"[a-z]+('[a-z]+)*"),
                "If a pattern has parentheses, findall returns only what is inside them. "
                "Write (?:…) instead.",
            ),
            Mistake(
                found(r"[a-z]+(?:'[a-z]+)?"),
                "This finds words with one apostrophe, but not with two, as in rock'n'roll.",
            ),
            Mistake(
                found(r"[a-z]+(?:'[a-z]+)+"),
                "This finds can't, but not words without an apostrophe. Make that part "
                "optional.",
            ),
        ],
        hint="A word is letters, followed any number of times by an apostrophe and more letters.",
        praise="You can now pass it to read_text as tokenize.",
        inputs=[
            ("Can't stop: 300 fires, 12 crews!",),
            ("He said 'no' to 1984, 'yes' to rain.",),
            ("Rock'n'roll isn't dead",),
            ("4 more, or none",),
        ],
    ),
    "share_dropped": Exercise(
        right=lambda counts, min_freq: sum_below(counts, min_freq) / sum(counts),
        mistakes=[
            Mistake(
                lambda counts, min_freq: sum(c < min_freq for c in counts) / len(counts),
                "This is the share of the different words that is dropped. The share of the "
                "text is smaller. Add up the occurrences.",
            ),
            Mistake(
                lambda counts, min_freq: sum_below(counts, min_freq + 1) / sum(counts),
                "A word that occurs exactly min_freq times is kept.",
            ),
            Mistake(
                lambda counts, min_freq: 1 - sum_below(counts, min_freq) / sum(counts),
                "This is the share of the text that is kept. Return the share that is dropped.",
            ),
            Mistake(
                sum_below,
                "This is the number of occurrences that are dropped. Divide it by the "
                "number of all occurrences.",
            ),
            Mistake(
                lambda counts, min_freq: sum(c < min_freq for c in counts),
                "This is the number of different words that are dropped, but the question "
                "is about a share of the text.",
            ),
            Mistake(
                lambda counts, min_freq: sum_below(counts, min_freq) / len(counts),
                "You divided by the number of different words. Divide by the number of all "
                "occurrences.",
            ),
        ],
        hint="Add up the counts below min_freq, and divide by the sum of all counts.",
        praise="Most words are rare, but most of a text consists of frequent words.",
        inputs=[
            ([60, 20, 9, 3, 2, 2, 1, 1, 1, 1], 3),
            ([5, 4, 4, 1], 5),
            ([100, 7, 7], 2),
            ([3, 1, 2, 3, 6], 4),
        ],
    ),
}
