"""All settings of a training run, with the original chapter's values. Chapter 05.

Hand-written, because eleven numbers with a few checks need no library.
"""

from dataclasses import dataclass
from math import inf
from numbers import Integral, Real


@dataclass(frozen=True)
class Settings:
    """Settings of a training run, by default those of the original chapter.

    To change a setting later, use `dataclasses.replace`. Chapter 05.

    Parameters
    ----------
    batch_size : int
        Centers in a minibatch.
    max_window_size : int
        Largest distance between a center and a context, in words.
    num_noise_words : int
        K, the number of noise words drawn for each context.
    embed_size : int
        Numbers in a vector.
    lr : float
        Learning rate of Adam.
    lr_decay : float
        What an epoch multiplies the learning rate by, a little in each step. With 1 it stays
        as it is, as in the original chapter.
    num_epochs : int
        Passes over the text.
    run_length : int
        R, how many neighbors in the text share noise words. The compiled engine shares
        them, see chapter 09; the original chapter doesn't.
    num_shared_noise : int
        M, how many noise words they share; 0 for none.
    threshold : float
        t in subsampling, as a share of all words; 1 keeps every word.
    seed : int
        Seed of everything that is drawn at random.

    Raises
    ------
    ValueError
        If a setting has an impossible value; the message names it.
    """

    batch_size: int = 512
    max_window_size: int = 5
    num_noise_words: int = 5
    embed_size: int = 100
    lr: float = 0.002
    lr_decay: float = 1.0
    num_epochs: int = 5
    run_length: int = 8
    num_shared_noise: int = 32
    threshold: float = 1e-4
    seed: int = 0

    def __post_init__(self):
        for name in ("batch_size", "max_window_size", "num_noise_words"):
            check_whole_number(name, getattr(self, name))
        check_whole_number("embed_size", self.embed_size)
        check_whole_number("num_epochs", self.num_epochs)
        check_whole_number("seed", self.seed, smallest=0)
        check_whole_number("run_length", self.run_length)
        check_whole_number("num_shared_noise", self.num_shared_noise, smallest=0)
        check_positive("lr", self.lr)
        check_positive("lr_decay", self.lr_decay)
        check_positive("threshold", self.threshold)

    @property
    def data_options(self):
        """The settings that `SkipGramData` and `load_data_ptb` take, as a dict."""
        names = ("batch_size", "max_window_size", "num_noise_words", "run_length")
        names += ("num_shared_noise", "threshold", "seed")
        return {name: getattr(self, name) for name in names}


# A constant learning rate that suits shared noise words: a text is learned in as many epochs
# as with 0.002 and noise words of each center's own.
FASTER_RATE = 0.003


def falling_rate(num_epochs):
    """Choose a learning rate that falls, which suits shared noise words. Chapter 09.

    Parameters
    ----------
    num_epochs : int
        How many epochs are to be trained.

    Returns
    -------
    dict
        `lr` and `lr_decay` for `Settings`. In all, the rate falls to 0.24 of itself.
    """
    return {"lr": 0.004, "lr_decay": 0.24 ** (1 / num_epochs)}


def check_whole_number(name, value, smallest=1):
    """Raise an error unless a value is a whole number that is large enough.

    Parameters
    ----------
    name : str
        Name of the setting, for the message.
    value : object
        Value to check.
    smallest : int
        Smallest value allowed.

    Raises
    ------
    ValueError
        If `value` is not a whole number, or less than `smallest`.
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or value < smallest:
        raise ValueError(
            f"{name} must be a whole number of at least {smallest}, not {value!r}."
        )


def check_positive(name, value):
    """Raise an error unless a value is greater than 0.

    Parameters
    ----------
    name : str
        Name of the setting, for the message.
    value : float
        Value to check.

    Raises
    ------
    ValueError
        If `value` is not a number greater than 0, or not finite.
    """
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    if not is_number or not 0 < value < inf:
        raise ValueError(f"{name} must be greater than 0, not {value!r}.")
