"""Measurements of the lesson's code beside the source's; see `python -m benchmarks -h`.

Nothing is asserted here: times move with the machine. What must hold is in `tests/`.
"""

import os

# Sets the variables for MXNet's threads before MXNet is imported, for both sides alike...
THREADS = ("OMP_NUM_THREADS", "OMP_WAIT_POLICY", "MXNET_CPU_WORKER_NTHREADS")
from w2v_lesson.settings import Settings  # noqa: E402

# ... but for a process that has this one, which is as if ours were not installed.
AS_IT_COMES = {"BENCHMARK_AS_IT_COMES": "1"}
if AS_IT_COMES.items() <= os.environ.items():
    for name in THREADS:
        os.environ.pop(name, None)

# With these the source's loop is fastest: its copy of u gains from threads.
FASTEST_FOR_THE_SOURCE = {
    "OMP_NUM_THREADS": str(os.cpu_count()),
    "MXNET_CPU_WORKER_NTHREADS": "1",
}

# The source's settings; chapter 05 keeps them.
BATCH_SIZE = Settings.batch_size
MAX_WINDOW_SIZE = Settings.max_window_size
NUM_NOISE_WORDS = Settings.num_noise_words
SHAPE = BATCH_SIZE, MAX_WINDOW_SIZE, NUM_NOISE_WORDS
EMBED_SIZE = Settings.embed_size
LR = Settings.lr
NUM_EPOCHS = Settings.num_epochs
SEED = Settings.seed
