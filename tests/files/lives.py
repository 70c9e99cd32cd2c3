"""A training with each engine, side by side, killed at random moments until both are done.

A program: `lives.py FOLDER SEED`. Each life is a process of its own, ended by SIGKILL.
Prints a line for each, {"from": steps it found, "to": steps it had done}, and last one
with "killed" false. The lives are forked from this process, which has imported MXNet but
computed nothing with it, so that each costs a tenth of a second and not three.
"""

import json
import mmap
import os
import random
import signal
import struct
import sys
import time
import traceback

import numpy as np
import toy

from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.files.checkpoint import Checkpoints
from w2v_lesson.model import build_net
from w2v_lesson.training import GluonEngine, Training

NUM_EPOCHS, EVERY_STEPS, MOST_LIVES = 2, 3, 200
ENGINES = {engine.name: engine for engine in (GluonEngine, FusedEngine)}
SHARED = struct.Struct("4i")  # steps found and done by each engine; survives a kill


def training_of(engine, checkpoints=None, **options):
    data, heldout = toy.data(16, redraw=True), toy.data(256, seed=9)
    options = {"heldout": heldout, "records_per_epoch": 4, **options}
    return Training(
        build_net(len(data.vocab), 8),
        data,
        0.01,
        engine=ENGINES[engine],
        checkpoints=checkpoints,
        **options,
    )


def what_is_learned(training):
    """Return weights and records, without the speeds, as a dict of arrays."""
    v, u = (layer.weight.data().asnumpy() for layer in training.net)
    return {"v": v, "u": u, "records": np.array([r[:5] for r in training.records], float)}


def count_steps(engine, shared, place):
    steps = engine.steps

    def steps_and_count(self, minibatches):
        done[0] += len(minibatches)
        losses = steps(self, minibatches)
        shared[place : place + 4] = struct.pack("i", done[0])
        return losses

    done = [struct.unpack("i", shared[place - 4 : place])[0]]
    engine.steps = steps_and_count


def live(folder, shared):
    """Train both from their checkpoints to the end, one record of each in turn."""
    trainings = [
        training_of(name, Checkpoints(f"{folder}/{name}", every_steps=EVERY_STEPS))
        for name in ENGINES
    ]
    first, second = (training.step for training in trainings)
    shared[: SHARED.size] = SHARED.pack(first, first, second, second)
    count_steps(GluonEngine, shared, 4), count_steps(FusedEngine, shared, 12)
    FusedEngine.steps_at_once = EVERY_STEPS
    runs = [training.run(NUM_EPOCHS) for training in trainings]
    while any([next(run, None) for run in runs]):
        pass
    for training in trainings:
        name = f"{folder}/{training.engine.name}.npz"
        np.savez(name, **what_is_learned(training))


def be_born(folder, shared):
    shared[: SHARED.size] = SHARED.pack(-1, -1, -1, -1)
    process = os.fork()
    if not process:
        try:
            live(folder, shared)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return process


def main(folder, seed):
    moments, shared = random.Random(seed), mmap.mmap(-1, SHARED.size)
    toy.data().words()  # loads what numba compiled
    max_seconds, found_before = 0.3, None
    for _ in range(MOST_LIVES):
        process, born = be_born(folder, shared), time.monotonic()
        while shared[:4] == struct.pack("i", -1) and time.monotonic() < born + 20:
            time.sleep(0.001)  # it is still preparing the trainings
        time.sleep(moments.uniform(0, max_seconds))
        os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        steps = SHARED.unpack(shared[: SHARED.size])
        print(
            json.dumps(
                {"from": steps[::2], "to": steps[1::2], "killed": os.WIFSIGNALED(status)}
            ),
            flush=True,
        )
        # On a busy machine no life might be long enough to reach its next checkpoint.
        max_seconds = 0.3 if steps[::2] != found_before else max_seconds * 1.5
        found_before = steps[::2]
        if not os.WIFSIGNALED(status):
            return os.WEXITSTATUS(status)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
