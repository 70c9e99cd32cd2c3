"""Exercises of chapter 08: folds, the majority, scaling without a look at the test."""

from statistics import fmean, mode, pstdev

from w2v_lesson.classroom.exercises.exercise import Exercise, Mistake


def majority_accuracy(train, test):
    return list(test).count(mode(train)) / len(test)


def standardized(train, test):
    return [(x - fmean(train)) / pstdev(train) for x in test]


def standardized_by_itself(train, test):
    return standardized(test, test)


def standardized_by_all(train, test):
    return standardized([*train, *test], test)


EXERCISES = {
    "labels_per_class": Exercise(
        right=27,
        mistakes=[
            Mistake(
                9, "These are the words that are tested; the other folds have the labels."
            ),
            Mistake(36, "All words of the class but none to test: one fold is left out."),
            Mistake(135, "This is for all five classes together."),
            Mistake(45, "This is the number of all words that are tested in one fold."),
            Mistake(18, "With four folds three parts of four have labels, not one half."),
        ],
        hint="Each fold has a quarter of each class; one fold is tested, the others train.",
        praise="More folds give the classifier more labels, and take longer.",
    ),
    "majority_accuracy": Exercise(
        right=majority_accuracy,
        mistakes=[
            Mistake(
                lambda train, test: list(test).count(mode(test)) / len(test),
                "This looks up the majority of the test labels, which no classifier may "
                "see.",
            ),
            Mistake(
                lambda train, test: list(train).count(mode(train)) / len(train),
                "This is the share among the training labels; the accuracy is one on the "
                "test.",
            ),
            Mistake(
                lambda train, test: list(test).count(mode(train)),
                "This is the number of right answers; divide by the number of test labels.",
            ),
            Mistake(
                lambda train, test: list(test).count(mode(train)) / len(train),
                "This divides by the number of training labels; only those of the test "
                "are answered.",
            ),
            Mistake(
                lambda train, test: 1 / len(set(train)),
                "This is the accuracy of guessing among all classes alike.",
            ),
            Mistake(
                lambda train, test: mode(train),
                "This is the majority class itself; how often is it right on the test?",
            ),
        ],
        hint="Find the most frequent training label; count how many test labels equal it.",
        praise="Whoever does no better has learned nothing but the sizes of the classes.",
        inputs=[
            ([0, 0, 1, 2, 0], [0, 1, 1, 1]),
            ([3, 3, 1, 1, 1, 0], [1, 1, 3, 0, 1]),
            ([2, 2, 5], [5, 5]),
        ],
    ),
    "standardized": Exercise(
        right=standardized,
        mistakes=[
            Mistake(
                standardized_by_itself,
                "This takes mean and spread from the test words. A word alone would "
                "become 0, whatever it is.",
            ),
            Mistake(
                standardized_by_all,
                "This takes mean and spread from all words; so the test leaks into "
                "training.",
            ),
            Mistake(
                lambda train, test: [x - fmean(train) for x in test],
                "The mean is taken off; now divide by the standard deviation.",
            ),
            Mistake(
                lambda train, test: [x / pstdev(train) for x in test],
                "This divides but does not take off the mean first.",
            ),
            Mistake(
                lambda train, test: [(x - fmean(train)) / pstdev(train) ** 2 for x in test],
                "This divides by the variance; its square root is the standard deviation.",
            ),
            Mistake(
                lambda train, test: standardized(train, train),
                "These are the training numbers; those of the test are asked for.",
            ),
        ],
        hint=(
            "Mean and standard deviation of `train`; then (x - mean) / deviation for the "
            "test."
        ),
        praise=(
            "What is done to the test may use the training words only, scaling included."
        ),
        inputs=[([1.0, 2.0, 6.0], [3.0, 4.0]), ([2.0, 4.0, 4.0, 10.0], [0.0, 5.0, 7.0])],
    ),
}
