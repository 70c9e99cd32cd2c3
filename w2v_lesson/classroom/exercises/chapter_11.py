"""Exercises of chapter 11: a tokenizer, the share of rare words."""

import re

from w2v_lesson.classroom.exercises.exercise import Exercise


def found(pattern):
    return lambda sentence: re.findall(pattern, sentence.lower())


def sum_below(counts, min_freq):
    return sum(count for count in counts if count < min_freq)


EXERCISES = {
    "tokenize": Exercise(
        found(r"[a-z]+(?:'[a-z]+)*"),
        {
            "Commas and the like stay at the words, and numbers are words, too: look for "
            "words, do not cut at white space.": lambda sentence: sentence.lower().split(),
            "This keeps only what is all letters between spaces: can't goes, and so does "
            "a word before a comma.": lambda sentence: [
                w for w in sentence.split() if w.isalpha()
            ],
            "The apostrophe cuts here: can't becomes can and t.": found(r"[a-z]+"),
            "Numbers are still there: allow letters alone, not \\w.": found(
                r"\w+(?:'\w+)*"
            ),
            "Apostrophes are kept at the ends of a word as well: a quoted word is another "
            "word than the same one without quotes.": found(r"[a-z']+"),
            "Brackets in a pattern make findall give what is in them alone; write (?:…).": found(
                r"[a-z]+('[a-z]+)*"
            ),
            "One apostrophe in a word is found, but not a second one, as in rock'n'roll.": found(
                r"[a-z]+(?:'[a-z]+)?"
            ),
            "Can't is found, but words without an apostrophe are not: let it be optional.": found(
                r"[a-z]+(?:'[a-z]+)+"
            ),
        },
        "Letters, then any number of times an apostrophe and letters.",
        "Give it to read_text as tokenize, and look at the report.",
        [
            ("Can't stop: 300 fires, 12 crews!",),
            ("He said 'no' to 1984, 'yes' to rain.",),
            ("Rock'n'roll isn't dead",),
            ("4 more, or none",),
        ],
    ),
    "share_dropped": Exercise(
        lambda counts, min_freq: sum_below(counts, min_freq) / sum(counts),
        {
            "This is the share of the different words; of the text it is much less. Sum "
            "the occurrences.": lambda counts, min_freq: (
                sum(c < min_freq for c in counts) / len(counts)
            ),
            "A word seen exactly min_freq times is kept: less than, not at most.": lambda counts, min_freq: (
                sum_below(counts, min_freq + 1) / sum(counts)
            ),
            "This is the share that is kept; one minus it is dropped.": lambda counts, min_freq: (
                1 - sum_below(counts, min_freq) / sum(counts)
            ),
            "This is the number of occurrences dropped; divide it by all.": sum_below,
            "This is the number of different words dropped; a share of the text is asked "
            "for.": lambda counts, min_freq: sum(c < min_freq for c in counts),
            "The occurrences are divided by the number of different words; divide by all "
            "occurrences.": lambda counts, min_freq: (
                sum_below(counts, min_freq) / len(counts)
            ),
        },
        "Sum the counts below min_freq, and divide by the sum of all.",
        "Most words are rare, but most of a text is made of frequent ones.",
        [
            ([60, 20, 9, 3, 2, 2, 1, 1, 1, 1], 3),
            ([5, 4, 4, 1], 5),
            ([100, 7, 7], 2),
            ([3, 1, 2, 3, 6], 4),
        ],
    ),
}
