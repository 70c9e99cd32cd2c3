"""Prefetching asks for memory and does nothing else."""

import numpy as np
import pytest
from numba import njit

from w2v_lesson.engine.passes import LINE, fetch


@pytest.mark.parametrize("shape", [(7,), (7, 5), (7, 3, 100)])
@pytest.mark.parametrize("dtype", [np.int32, np.float32])
def test_fetching_changes_nothing_whatever_is_asked_for(shape, dtype):
    array = np.arange(np.prod(shape), dtype=dtype).reshape(shape)
    before = array.copy()

    @njit
    def fetch_rows():
        for row in (0, 6, 7, 10**9, -1):  # also rows that don't exist
            for num_bytes in (0, 1, LINE, 1200):
                fetch(array, row, num_bytes)

    fetch_rows()
    np.testing.assert_array_equal(array, before)


def test_the_compiled_code_asks_for_memory():
    @njit
    def two_lines(array, row):
        fetch(array, row, LINE + 1)

    two_lines(np.zeros((4, 100), np.float32), 1)
    (text,) = two_lines.inspect_llvm().values()
    assert "@llvm.prefetch.p0i8(i8*" in text
    (machine,) = two_lines.inspect_asm().values()
    assert "prefetch" in machine or "prfm" in machine
