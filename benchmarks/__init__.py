"""Measurements of the lesson's code beside the source's; see `python -m benchmarks -h`.

Nothing is asserted here: times move with the machine. What must hold is in `tests/`.
"""

# Sets OMP_NUM_THREADS before MXNet is imported, for both sides alike.
import w2v_lesson  # noqa: F401

# The source's settings; chapter 04 keeps them.
BATCH_SIZE, MAX_WINDOW_SIZE, NUM_NOISE_WORDS = SHAPE = 512, 5, 5
EMBED_SIZE, LR, NUM_EPOCHS, SEED = 100, 0.002, 5, 0
