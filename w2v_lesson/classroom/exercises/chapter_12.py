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
                "Commas and the like stay at the words, and numbers are words, too: look "
                "for words, do not cut at white space.",
            ),
            Mistake(
                lambda sentence: [w for w in sentence.split() if w.isalpha()],
                "This keeps only what is all letters between spaces: can't goes, and so "
                "does a word before a comma.",
            ),
            Mistake(found(r"[a-z]+"), "The apostrophe cuts here: can't becomes can and t."),
            Mistake(
                found(r"\w+(?:'\w+)*"),
                "Numbers are still there: allow letters alone, not \\w.",
            ),
            Mistake(
                found(r"[a-z']+"),
                "Apostrophes are kept at the ends of a word as well: a quoted word is "
                "another word than the same one without quotes.",
            ),
            Mistake(
                found(r"[a-z]+('[a-z]+)*"),
                "Brackets in a pattern make findall give what is in them alone; write "
                "(?:…).",
            ),
            Mistake(
                found(r"[a-z]+(?:'[a-z]+)?"),
                "One apostrophe in a word is found, but not a second one, as in "
                "rock'n'roll.",
            ),
            Mistake(
                found(r"[a-z]+(?:'[a-z]+)+"),
                "Can't is found, but words without an apostrophe are not: let it be "
                "optional.",
            ),
        ],
        hint="Letters, then any number of times an apostrophe and letters.",
        praise="Give it to read_text as tokenize, and look at the report.",
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
                "This is the share of the different words; of the text it is much less. "
                "Sum the occurrences.",
            ),
            Mistake(
                lambda counts, min_freq: sum_below(counts, min_freq + 1) / sum(counts),
                "A word seen exactly min_freq times is kept: less than, not at most.",
            ),
            Mistake(
                lambda counts, min_freq: 1 - sum_below(counts, min_freq) / sum(counts),
                "This is the share that is kept; one minus it is dropped.",
            ),
            Mistake(
                sum_below, "This is the number of occurrences dropped; divide it by all."
            ),
            Mistake(
                lambda counts, min_freq: sum(c < min_freq for c in counts),
                "This is the number of different words dropped; a share of the text is "
                "asked for.",
            ),
            Mistake(
                lambda counts, min_freq: sum_below(counts, min_freq) / len(counts),
                "The occurrences are divided by the number of different words; divide by "
                "all occurrences.",
            ),
        ],
        hint="Sum the counts below min_freq, and divide by the sum of all.",
        praise="Most words are rare, but most of a text is made of frequent ones.",
        inputs=[
            ([60, 20, 9, 3, 2, 2, 1, 1, 1, 1], 3),
            ([5, 4, 4, 1], 5),
            ([100, 7, 7], 2),
            ([3, 1, 2, 3, 6], 4),
        ],
    ),
}
