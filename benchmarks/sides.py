"""Processes to measure in: one for each side, asked in turn."""

import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor
from unittest.mock import patch


class Side:
    """A process of its own, so that one side's objects never burden the other's.

    start : called in it first, to load data and to warm up
    environment : variables to set in it, before it imports anything
    """

    def __init__(self, start=None, **environment):
        self._start, self._environment = start, environment

    def __enter__(self):
        context = multiprocessing.get_context("spawn")  # a fresh interpreter
        self._pool = ProcessPoolExecutor(1, context)
        with patch.dict(os.environ, self._environment):
            self.call(self._start or os.getpid)  # the first call starts the process
        return self

    def __exit__(self, *_):
        self._pool.shutdown()

    def call(self, function, *args):
        """Run a function in the process, wait for it, return its result."""
        return self._pool.submit(function, *args).result()


def alternate(tasks, rounds):
    """Run (side, function, *args) in turn, every second round in reverse.

    Returns for each task the list of its results, one for each round.
    """
    results = [[] for _ in tasks]
    for number in range(rounds):
        turn = list(enumerate(tasks))
        for i, (side, *work) in reversed(turn) if number % 2 else turn:
            results[i].append(side.call(*work))
    return results


def seconds(function, *args):
    """Seconds that a call takes; what it returns is dropped."""
    started = time.perf_counter()
    function(*args)
    return time.perf_counter() - started
