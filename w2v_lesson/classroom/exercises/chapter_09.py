"""Exercises of chapter 09: speedup, speed, shared noise words."""

from w2v_lesson.classroom.exercises.exercise import Exercise, Mistake


def rates(centers, seconds):
    return [c / s for c, s in zip(centers, seconds, strict=True)]


def is_noise(contexts, noise_words):
    return [word not in contexts for word in noise_words]


def divided(share, mask, count):
    return [share * use / count for use in mask]


def shared_weights(contexts, noise_words, num_noise_words):
    mask, share = is_noise(contexts, noise_words), num_noise_words / (1 + num_noise_words)
    return divided(share, mask, sum(mask))


EXERCISES = {
    "times_as_fast": Exercise(
        right=2.0,
        mistakes=[
            Mistake(
                3.0,
                "Only the copy is three times as fast. The other 15 ms stay the same.",
            ),
            Mistake(
                4.0,
                "That would be right if the copy took no time at all, but it still takes "
                "15 ms.",
            ),
            Mistake(
                0.5,
                "This is the new time divided by the old one. Turn the fraction around.",
            ),
            Mistake(
                30.0,
                "This is how long the new step takes, in ms. How many times as fast is "
                "that?",
            ),
            Mistake(
                2.5,
                "You can't average the factors, weighted by their share of the time. Add up "
                "the new times instead.",
            ),
            Mistake(
                2.25,
                "You multiplied the copy's share of the time by its factor. Add up the new "
                "times instead.",
            ),
        ],
        hint="Add up the new times of both parts, and divide the old time by this sum.",
        praise=(
            "And even if the copy took no time at all, the step would only be four times "
            "as fast, because the other quarter stays the same. That is Amdahl's law."
        ),
    ),
    "centers_per_second": Exercise(
        right=lambda centers, seconds: sum(centers) / sum(seconds),
        mistakes=[
            Mistake(
                lambda centers, seconds: sum(centers) / seconds[-1],
                "You divide all centers by the seconds of the last epoch alone, as the "
                "original chapter does. With equal epochs, the result is too high by a "
                "factor of the number of epochs.",
            ),
            Mistake(
                lambda centers, seconds: sum(rates(centers, seconds)) / len(centers),
                "This is the average of the speeds, so a short epoch counts as much as a "
                "long one. Divide the sums instead.",
            ),
            Mistake(
                lambda centers, seconds: centers[-1] / seconds[-1],
                "This is the speed of the last epoch alone.",
            ),
            Mistake(
                lambda centers, seconds: sum(seconds) / sum(centers),
                "This is seconds per center. Turn the fraction around.",
            ),
            Mistake(
                lambda centers, seconds: sum(rates(centers, seconds)),
                "You can't add up speeds. Divide the sum of the centers by the sum of the "
                "seconds.",
            ),
            Mistake(
                rates,
                "This is the speed of each epoch. Return one number for the whole training "
                "run.",
            ),
        ],
        hint="How many centers were there in all, and how many seconds did they take?",
        praise="The first epoch is often a slow one, and an honest speed includes it.",
        inputs=[
            ([1000, 1000, 1000], [4.0, 1.0, 1.0]),
            ([500, 300], [2.0, 0.5]),
            ([340, 342, 338, 341], [9.0, 5.0, 5.5, 5.0]),
        ],
    ),
    "shared_weights": Exercise(
        right=shared_weights,
        mistakes=[
            Mistake(
                lambda contexts, noise_words, k: divided(
                    k / (1 + k), [1] * len(noise_words), len(noise_words)
                ),
                "You gave a weight to every noise word. But one that is a context of the "
                "center isn't noise for it, so its weight is 0.",
            ),
            Mistake(
                lambda contexts, noise_words, k: divided(
                    k / (1 + k), is_noise(contexts, noise_words), len(noise_words)
                ),
                "The weights don't add up to K / (1 + K). Divide by the number of noise "
                "words that are left, not by the number of all of them.",
            ),
            Mistake(
                lambda contexts, noise_words, k: divided(
                    1,
                    is_noise(contexts, noise_words),
                    sum(is_noise(contexts, noise_words)),
                ),
                "Your weights add up to 1, so nothing is left for the contexts. The noise "
                "words together count K / (1 + K).",
            ),
            Mistake(
                lambda contexts, noise_words, k: divided(
                    1 / (1 + k),
                    is_noise(contexts, noise_words),
                    sum(is_noise(contexts, noise_words)),
                ),
                "This is the share of the contexts. That of the noise words is K / (1 + K).",
            ),
            Mistake(
                lambda contexts, noise_words, k: divided(
                    1 / (1 + k), is_noise(contexts, noise_words), len(contexts)
                ),
                "These are the weights of noise words of the center's own. The number of "
                "shared ones has nothing to do with the number of contexts.",
            ),
            Mistake(
                lambda contexts, noise_words, k: [
                    1 - weight for weight in shared_weights(contexts, noise_words, k)
                ],
                "You subtracted the weights from 1. Return the weights themselves.",
            ),
        ],
        hint=(
            "Divide K / (1 + K) evenly among the noise words that aren't contexts of the "
            "center. The others get 0."
        ),
        praise=(
            "With these weights, the noise words count as much as before, however many the "
            "neighbors share."
        ),
        inputs=[
            ([7, 3], [12, 3, 5, 40], 5),
            ([7], [12, 3, 5, 40, 12, 9], 5),
            ([8, 2, 5], [5, 2, 31, 6], 2),
            ([4, 9, 1, 6], [9, 9, 20], 1),
        ],
    ),
}
