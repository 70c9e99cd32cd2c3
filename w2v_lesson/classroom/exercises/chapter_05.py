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
                "The last minibatch of an epoch is short, but it is a step, too. Round up.",
            ),
            Mistake(
                59,
                "Every epoch ends with a short minibatch, not only the last one. "
                "Round up first, then multiply.",
            ),
            Mistake(
                3 * 10_000 / 512,
                "The result must be a whole number, because the short minibatch at "
                "the end of an epoch is a whole step, too.",
            ),
            Mistake(20, "These are the steps of one epoch, but there are three epochs."),
            Mistake(
                30_000, "Each step takes a whole minibatch of centers, not one center."
            ),
            Mistake(3, "There is one step for each minibatch, not one for each epoch."),
        ],
        hint=(
            "How many minibatches of 512 do you need for 10,000 centers? The last "
            "one may be short."
        ),
        praise="Each of the three epochs has 19 full minibatches and a short one.",
    ),
    "last_epoch_loss": Exercise(
        right=last_epoch_loss,
        mistakes=[
            Mistake(
                lambda means: means[-1],
                "This is the average since training began, which you already had.",
            ),
            Mistake(
                lambda means: means[-1] - means[-2],
                "Before you subtract the averages, multiply each by its number of epochs.",
            ),
            Mistake(
                lambda means: (len(means) - 1) * means[-1] - (len(means) - 2) * means[-2],
                "You are off by one. The last average covers len(means) epochs, and the "
                "one before it covers one epoch less.",
            ),
            Mistake(
                lambda means: len(means) * means[-1] - means[0],
                "This subtracts only the first epoch. Subtract the sum over all epochs "
                "before the last.",
            ),
            Mistake(
                lambda means: sum(means) / len(means),
                "Averaging the averages makes the curve even smoother. You want the "
                "opposite, the loss of one epoch alone.",
            ),
            Mistake(
                lambda means: len(means) * means[-1],
                "This is the sum over all epochs. Subtract the sum over the epochs "
                "before the last.",
            ),
        ],
        hint=(
            "The average over n epochs, times n, is their sum. Subtract the sum over "
            "the epochs before the last."
        ),
        praise=(
            "A curve of running averages lags behind: the model is already better "
            "than the curve shows."
        ),
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
                "You are off by one. Epochs are counted from 1, but list positions from 0.",
            ),
            Mistake(
                epoch_of_stop,
                "This is the epoch at which training stops. The best one came before it.",
            ),
            Mistake(
                lambda heldout, patience: heldout.index(min(heldout)) + 1,
                "This looks at epochs that never happen, because training has stopped by "
                "then.",
            ),
            Mistake(
                before_first_rise,
                "This stops at the first epoch that is no better than the one before, "
                "whatever the patience.",
            ),
            Mistake(
                lambda heldout, patience: len(heldout),
                "This is the last epoch, but its held-out loss need not be the lowest.",
            ),
            Mistake(
                lambda heldout, patience: heldout[epoch_to_keep(heldout, patience) - 1],
                "This is the lowest loss. Return the number of its epoch.",
            ),
        ],
        hint=(
            "Keep the best epoch so far in a variable. Stop once that epoch is "
            "`patience` epochs ago."
        ),
        praise="This is early stopping: the held-out loss decides when to stop.",
        inputs=[
            ([0.44, 0.42, 0.41, 0.415, 0.42, 0.40], 2),
            ([0.44, 0.45, 0.43, 0.46, 0.47], 2),
            ([0.5, 0.4, 0.3], 1),
            ([0.45, 0.46, 0.47, 0.44, 0.48], 3),
        ],
    ),
}
