"""Exercises of chapter 13: the best score of a pair, and the pieces of a word."""

import math

from w2v_lesson.classroom.exercises.exercise import Exercise, Mistake


def pieces(word, min_n, max_n, marked=True, last=1):
    """List the pieces of a word, shortest first; `last=0` drops the last of each length."""
    text = f"<{word}>" if marked else word
    return [
        text[start : start + n]
        for n in range(min_n, max_n + 1)
        for start in range(len(text) - n + last)
    ]


def subwords(word, min_n, max_n):
    return set(pieces(word, min_n, max_n))


EXERCISES = {
    "best_score": Exercise(
        right=math.log(2),
        mistakes=[
            Mistake(
                math.log(10),
                "This is the PMI, log(20 / 2). The score is the PMI minus log K, because "
                "every real pair comes with K noise pairs.",
            ),
            Mistake(
                math.log10(2),
                "The ratio is right, but this is its logarithm to base 10. Use the natural "
                "one, math.log.",
            ),
            Mistake(
                1.0,
                "The ratio is right, but this is its logarithm to base 2. Use the natural "
                "one, math.log.",
            ),
            Mistake(
                2.0,
                "That is the ratio of yes to no. The score is the logarithm of this ratio.",
            ),
            Mistake(
                2 / 3,
                "That is the best answer as a probability, 20 of 30. The score is the "
                "logit of that answer.",
            ),
            Mistake(
                -math.log(2),
                "The sign is wrong. The answer is yes more often than no, so the score is "
                "positive.",
            ),
            Mistake(
                math.log(20),
                "This uses only the 20 times that the pair was real. Compare them with the "
                "times that it was made up.",
            ),
        ],
        hint=(
            "How many times is the answer yes for this pair, and how many times is it no? "
            "The score is the logarithm of the ratio."
        ),
        praise="The PMI of the pair is log 10, and log 10 − log 5 is log 2.",
    ),
    "subwords": Exercise(
        right=subwords,
        mistakes=[
            Mistake(
                lambda word, min_n, max_n: set(pieces(word, min_n, max_n, marked=False)),
                "The marks < and > are missing. Put them around the word first, so that "
                "beginnings and endings differ from the same letters elsewhere.",
            ),
            Mistake(
                lambda word, min_n, max_n: set(pieces(word, min_n, max_n - 1)),
                "The pieces of length max_n are missing. range(a, b) stops before b.",
            ),
            Mistake(
                lambda word, min_n, max_n: set(pieces(word, min_n, max_n, last=0)),
                "The last piece of each length is missing. A text of 6 characters has 4 "
                "pieces of length 3.",
            ),
            Mistake(
                lambda word, min_n, max_n: {
                    f"<{word}>"[start : start + n]
                    for n in range(min_n, max_n + 1)
                    for start in range(len(word) + 2)
                },
                "Some pieces at the end are too short, because a slice stops at the end of "
                "the text. Let each piece start early enough to have n characters.",
            ),
            Mistake(
                pieces,
                "These are the right pieces, but in a list. Return a set, in which each "
                "piece occurs once.",
            ),
        ],
        hint=(
            "Put < and > around the word. For each length n from min_n to max_n, take "
            "text[start : start + n] for every start that leaves room for n characters."
        ),
        praise="An unknown word gets a vector from the pieces that it shares with known words.",
        inputs=[("ago", 3, 4), ("chips", 3, 5), ("banana", 2, 3), ("a", 3, 3)],
    ),
}
