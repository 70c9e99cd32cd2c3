"""Exercises of chapter 02: padding, mask, and label."""

from w2v_lesson.classroom.exercises.exercise import Exercise, Mistake


def unpack(row, mask, label):
    """Return the contexts and the noise words of a row."""
    cells = list(zip(row, mask, label, strict=True))
    contexts = [index for index, real, answer in cells if real and answer]
    noise_words = [index for index, real, answer in cells if real and not answer]
    return contexts, noise_words


def padding_as_noise(row, mask, label):
    """Count every cell with the label 0 as a noise word."""
    cells = list(zip(row, label, strict=True))
    return [i for i, answer in cells if answer], [i for i, answer in cells if not answer]


def zeros_as_padding(row, mask, label):
    """Count every index 0 as padding."""
    return tuple([index for index in part if index] for part in unpack(row, mask, label))


def swapped(row, mask, label):
    """Return the two lists in the wrong order."""
    return unpack(row, mask, label)[::-1]


def all_words(row, mask, label):
    """Return all real words as contexts."""
    contexts, noise_words = unpack(row, mask, label)
    return contexts + noise_words, noise_words


EXERCISES = {
    "num_padding": Exercise(
        right=30,
        mistakes=[
            Mistake(42, "This is how many cells hold words. How many of the 72 don't?"),
            Mistake(72, "This is the number of all cells, including those with words."),
            Mistake(9, "Five noise words are drawn for each context, not for each center."),
            Mistake(
                25, "A row also holds the contexts: 4 contexts and 20 noise words make 24."
            ),
        ],
        hint="The rows have 12, 24, and 6 words, and each is padded to the longest.",
        praise="Almost half of this small minibatch is padding, because of one long row.",
    ),
    "unpack": Exercise(
        right=unpack,
        mistakes=[
            Mistake(
                padding_as_noise,
                "Padding has the label 0 as well. Only cells whose mask is 1 hold words.",
            ),
            Mistake(
                zeros_as_padding,
                "0 is also the index of a word. Where the mask is 1, it is a real word.",
            ),
            Mistake(swapped, "The lists are in the wrong order. The contexts come first."),
            Mistake(
                all_words,
                "The mask says which cells hold words. The label says which of those words "
                "are contexts.",
            ),
        ],
        hint="A context has mask 1 and label 1, and a noise word has mask 1 and label 0.",
        praise="With the mask and the label you can get back everything that was packed.",
        inputs=[
            ([5, 8, 3, 9, 0, 0], [1, 1, 1, 1, 0, 0], [1, 1, 0, 0, 0, 0]),
            ([0, 4, 7, 0, 6, 2], [1, 1, 1, 1, 1, 1], [1, 1, 1, 0, 0, 0]),
            ([3, 0, 0, 0], [1, 1, 0, 0], [1, 0, 0, 0]),
        ],
    ),
}
