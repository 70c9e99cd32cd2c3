"""Exercises of chapter 05: steps, running means, early stopping."""

from w2v_lesson.classroom.exercises.exercise import Exercise, Mistake


def last_epoch_loss(means):
    n = len(means)
    return n * means[-1] - (n - 1) * means[-2]


def epoch_to_keep(heldout, patience):
    best = 0
    for epoch, loss in enumerate(heldout):
        if loss < heldout[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return best + 1


def epoch_of_stop(heldout, patience):
    best = 0
    for epoch, loss in enumerate(heldout):
        if loss < heldout[best]:
            best = epoch
        if epoch - best >= patience:
            return epoch + 1
    return len(heldout)


def before_first_rise(heldout, patience):
    for epoch in range(1, len(heldout)):
        if heldout[epoch] >= heldout[epoch - 1]:
            return epoch
    return len(heldout)


EXERCISES = {
    "num_steps": Exercise(
        right=60,
        mistakes=[
            Mistake(
                57,
                "The last minibatch of an epoch is short, but it is a step too: round up.",
            ),
            Mistake(
                59,
                "Each epoch ends with a short minibatch, not only the last: round up "
                "first, then multiply.",
            ),
            Mistake(
                3 * 10_000 / 512,
                "There are whole steps only: the last minibatch of each epoch is short.",
            ),
            Mistake(20, "These are the steps of one epoch; there are three."),
            Mistake(30_000, "A step takes a whole minibatch of centers, not one center."),
            Mistake(3, "There is a step for each minibatch, not one for each epoch."),
        ],
        hint="How many minibatches of 512 hold 10,000 centers? The last may be short.",
        praise="19 full minibatches and a short one, three times.",
    ),
    "last_epoch_loss": Exercise(
        right=last_epoch_loss,
        mistakes=[
            Mistake(
                lambda means: means[-1],
                "This is the mean since training began, which is what you are given.",
            ),
            Mistake(
                lambda means: means[-1] - means[-2],
                "The difference of the means is the epoch's loss only after each mean is "
                "multiplied by its number of epochs.",
            ),
            Mistake(
                lambda means: (len(means) - 1) * means[-1] - (len(means) - 2) * means[-2],
                "Off by one: the last mean is over len(means) epochs, the one before it "
                "over one fewer.",
            ),
            Mistake(
                lambda means: len(means) * means[-1] - means[0],
                "This takes the sum of the first epoch from that of all. Take the sum of "
                "all epochs but the last.",
            ),
            Mistake(
                lambda means: sum(means) / len(means),
                "A running mean of running means is smoother still; this goes the other "
                "way.",
            ),
            Mistake(
                lambda means: len(means) * means[-1],
                "This is the loss of all epochs together; take off that of those before "
                "the last.",
            ),
        ],
        hint="A mean over n epochs times n is their sum; subtract the sum of those before.",
        praise="So a curve of running means lags behind: the model is better than it says.",
        inputs=[
            ([0.5, 0.45, 0.42],),
            ([0.69, 0.6],),
            ([0.49, 0.456, 0.436, 0.421, 0.408],),
        ],
    ),
    "epoch_to_keep": Exercise(
        right=epoch_to_keep,
        mistakes=[
            Mistake(
                lambda heldout, patience: epoch_to_keep(heldout, patience) - 1,
                "Off by one: epochs are numbered from 1, places in a list from 0.",
            ),
            Mistake(
                epoch_of_stop,
                "This is the epoch at which training stops; the best one was before it.",
            ),
            Mistake(
                lambda heldout, patience: heldout.index(min(heldout)) + 1,
                "This looks at epochs that are never trained: training has stopped by "
                "then.",
            ),
            Mistake(
                before_first_rise,
                "This stops at the first epoch that is no better, whatever the patience.",
            ),
            Mistake(
                lambda heldout, patience: len(heldout),
                "This is the last epoch; its held-out loss need not be the lowest.",
            ),
            Mistake(
                lambda heldout, patience: heldout[epoch_to_keep(heldout, patience) - 1],
                "This is the lowest loss; the number of its epoch is asked for.",
            ),
        ],
        hint=(
            "Keep the best epoch so far in a variable; stop once it is `patience` epochs "
            "ago."
        ),
        praise="This is early stopping: the held-out loss decides when it is enough.",
        inputs=[
            ([0.44, 0.42, 0.41, 0.415, 0.42, 0.40], 2),
            ([0.44, 0.45, 0.43, 0.46, 0.47], 2),
            ([0.5, 0.4, 0.3], 1),
            ([0.45, 0.46, 0.47, 0.44, 0.48], 3),
        ],
    ),
}
