"""The exponential function, in a form that a processor computes for many numbers at once.

`np.exp` would be a call for each number, and a loop with a call is not vectorized.
"""

import math

import numpy as np
from numba import njit

LOG_2, HALF = np.float32(math.log(2)), np.float32(0.5)
LOWEST = np.float32(-87)  # e^-88 is no longer a normal float32
# The Taylor series: for |f| <= (log 2) / 2, f^8 / 8! is below the last bit.
C0, C1, C2, C3, C4, C5, C6, C7 = (np.float32(1 / math.factorial(k)) for k in range(8))


@njit(inline="always", fastmath=True)
def exp_below_0(x):
    """Return e^x (float32) for a float32 x of at most 0; e^-87 for all below -87.

    As 2^n * e^f, with a whole n and a small f; to some 3e-7 of itself where the processor
    multiplies and adds in one (all of today), to 6e-6 elsewhere.
    """
    x = max(x, LOWEST)
    n = np.floor(x / LOG_2 + HALF)
    f = x - n * LOG_2
    series = C0 + f * (C1 + f * (C2 + f * (C3 + f * (C4 + f * (C5 + f * (C6 + f * C7))))))
    # A float32 holds its exponent, plus 127, in the bits above 23.
    bits = np.int32((np.int32(n) + 127) << 23)
    return bits.view(np.float32) * series
