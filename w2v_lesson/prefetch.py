"""Ask for memory before it is needed.

The rows of a minibatch lie all over a table that is larger than the processor's caches,
so that a pass mostly waits for memory; the processor guesses what is read next only
where it is read in order.
"""

from llvmlite import ir
from numba import njit
from numba.core import cgutils, types
from numba.extending import intrinsic

LINE = 64  # bytes that processors of today fetch at once
_READ, _KEEP_CLOSE, _DATA = 0, 3, 1  # arguments of llvm.prefetch


@intrinsic
def _fetch_line(typing_context, array, row, offset):
    """Fetch the line at `offset` bytes from the start of array[row]."""

    def code(context, builder, signature, arguments):
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        size = cgutils.unpack_tuple(builder, array.strides)[0]
        place = builder.add(builder.mul(arguments[1], size), arguments[2])
        start = builder.bitcast(array.data, _POINTER)
        fetch = cgutils.get_or_insert_function(builder.module, _PREFETCH, _NAME)
        builder.call(fetch, [builder.gep(start, [place]), *_OPTIONS])
        return context.get_dummy_value()

    return types.void(array, types.int64, types.int64), code


_POINTER, _INT = ir.IntType(8).as_pointer(), ir.IntType(32)
_PREFETCH = ir.FunctionType(ir.VoidType(), [_POINTER, _INT, _INT, _INT])
_NAME = "llvm.prefetch.p0i8"
_OPTIONS = [ir.Constant(_INT, n) for n in (_READ, _KEEP_CLOSE, _DATA)]


@njit(inline="always")
def fetch(array, row, num_bytes):
    """Start to fetch the first `num_bytes` of array[row]; wait for nothing.

    Source: https://llvm.org/docs/LangRef.html#llvm-prefetch-intrinsic
    """
    for offset in range(0, num_bytes, LINE):
        _fetch_line(array, row, offset)
