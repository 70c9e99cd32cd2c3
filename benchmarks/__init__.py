"""Measurements of the lesson's code beside the source's; see `python -m benchmarks -h`.

Nothing is asserted here: times move with the machine. What must hold is in `tests/`.
"""

import os

# Sets the variables for MXNet's threads before MXNet is imported, for both sides alike...
THREADS = ("OMP_NUM_THREADS", "OMP_WAIT_POLICY", "MXNET_CPU_WORKER_NTHREADS")
import w2v_lesson  # noqa: E402, F401

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

# The source's settings; chapter 04 keeps them.
BATCH_SIZE, MAX_WINDOW_SIZE, NUM_NOISE_WORDS = SHAPE = 512, 5, 5
EMBED_SIZE, LR, NUM_EPOCHS, SEED = 100, 0.002, 5, 0
