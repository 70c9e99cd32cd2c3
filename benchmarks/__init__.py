"""Measure the lesson's code beside the source's; see `python -m benchmarks -h`.

The benchmarks assert nothing, because times depend on the machine. `tests/` checks what must
hold everywhere.
"""

import os

# This sets the variables for MXNet's threads before MXNet is imported, for both sides...
THREADS = ("OMP_NUM_THREADS", "OMP_WAIT_POLICY", "MXNET_CPU_WORKER_NTHREADS")
from w2v_lesson.settings import Settings  # noqa: E402

# ... except in a process with this variable, which behaves as if our package weren't installed.
AS_IT_COMES = {"BENCHMARK_AS_IT_COMES": "1"}
if AS_IT_COMES.items() <= os.environ.items():
    for name in THREADS:
        os.environ.pop(name, None)

# With these, the source's loop is fastest, because threads speed up its copy of u.
FASTEST_FOR_THE_SOURCE = {
    "OMP_NUM_THREADS": str(os.cpu_count()),
    "MXNET_CPU_WORKER_NTHREADS": "1",
}

# The source's settings, which chapter 05 keeps.
BATCH_SIZE = Settings.batch_size
MAX_WINDOW_SIZE = Settings.max_window_size
NUM_NOISE_WORDS = Settings.num_noise_words
SHAPE = BATCH_SIZE, MAX_WINDOW_SIZE, NUM_NOISE_WORDS
EMBED_SIZE = Settings.embed_size
LR = Settings.lr
NUM_EPOCHS = Settings.num_epochs
SEED = Settings.seed
