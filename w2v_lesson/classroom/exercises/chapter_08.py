"""Exercises of chapter 08: the largest class, and the accuracy to report."""

from statistics import mode

from w2v_lesson.classroom.exercises.exercise import Exercise, Mistake


def majority_accuracy(train, test):
    return list(test).count(mode(train)) / len(test)


def accuracy_to_report(valid, test):
    return test[list(valid).index(max(valid))]


EXERCISES = {
    "majority_accuracy": Exercise(
        right=majority_accuracy,
        mistakes=[
            Mistake(
                lambda train, test: list(test).count(mode(test)) / len(test),
                "You took the most frequent of the *test* labels, but no classifier is "
                "allowed to look at those.",
            ),
            Mistake(
                lambda train, test: list(train).count(mode(train)) / len(train),
                "This is the share of the training words. What share of the *test* words "
                "is right?",
            ),
            Mistake(
                lambda train, test: list(test).count(mode(train)),
                "This is the number of correct answers. Divide it by the number of test "
                "words.",
            ),
            Mistake(
                lambda train, test: list(test).count(mode(train)) / len(train),
                "You divided by the number of training words, but the answers are about "
                "the test words.",
            ),
            Mistake(
                lambda train, test: 1 / len(set(train)),
                "This is what you get by guessing all classes equally often.",
            ),
            Mistake(
                lambda train, test: mode(train),
                "This is the most frequent class itself. How often is it the right answer "
                "for a test word?",
            ),
        ],
        hint=(
            "Find the most frequent training label, and count how many of the test labels "
            "are equal to it."
        ),
        praise="A classifier that does no better has learned only the sizes of the classes.",
        inputs=[
            ([0, 0, 1, 2, 0], [0, 1, 1, 1]),
            ([3, 3, 1, 1, 1, 0], [1, 1, 3, 0, 1]),
            ([2, 2, 5], [5, 5]),
        ],
    ),
    "accuracy_to_report": Exercise(
        right=accuracy_to_report,
        mistakes=[
            Mistake(
                lambda valid, test: max(test),
                "You chose the setting that looks best on the test words, so this number "
                "contains the luck of the choice. Choose by `valid`.",
            ),
            Mistake(
                lambda valid, test: max(valid),
                "This is the accuracy on the words that you used to choose, so it contains "
                "the luck of the choice. Report the one in `test`.",
            ),
            Mistake(
                lambda valid, test: list(valid).index(max(valid)),
                "This is the number of the chosen setting. Now look up its accuracy on the "
                "test words.",
            ),
            Mistake(
                lambda valid, test: sum(test) / len(test),
                "This is the average over all settings. Choose one of them by `valid`.",
            ),
        ],
        hint="Find the position of the largest number in `valid`, and look there in `test`.",
        praise="The test words had no influence on the choice, so the number is honest.",
        inputs=[
            ([0.6, 0.8, 0.7], [0.65, 0.7, 0.75]),
            ([0.9, 0.5], [0.4, 0.6]),
            ([0.2, 0.3, 0.1, 0.25], [0.3, 0.1, 0.2, 0.4]),
        ],
    ),
}
