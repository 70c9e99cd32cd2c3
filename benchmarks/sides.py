"""Provide processes to measure in, one for each side, which take turns."""

import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor
from unittest.mock import patch


class Side:
    """A process for one side, so that its objects never slow down the other side.

    start : function that the process calls first, to load data and to warm up
    environment : variables to set in the process before it imports anything
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
        """Run a function in the process, wait for it, and return its result."""
        return self._pool.submit(function, *args).result()


def alternate(tasks, rounds):
    """Run each (side, function, *args) in turn, and in reverse order every second round.

    Return a list of results for each task, with one result per round.
    """
    results = [[] for _ in tasks]
    for number in range(rounds):
        turn = list(enumerate(tasks))
        for i, (side, *work) in reversed(turn) if number % 2 else turn:
            results[i].append(side.call(*work))
    return results


def seconds(function, *args):
    """Measure the seconds that a call takes, and drop its result."""
    started = time.perf_counter()
    function(*args)
    return time.perf_counter() - started
