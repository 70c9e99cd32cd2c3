"""The settings of a training, in one place, with the values of the source chapter."""

import numpy as np


def check_whole_number(name, value):
    """Raise ValueError unless `value` is a whole number of at least 1."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, not {value!r}.")
