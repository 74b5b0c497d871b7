"""The one instruction of the processor that neither Python nor numba has a word for: `fetch`.

Its gain is in docs/decisions/0008-start-and-kernels.md.
"""

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic


def _fetch(typing: Any, array: Any, at: Any) -> Any:
    """Ask for an array's element, by its place in memory, before it is needed; changes nothing."""

    def write(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        laid = context.make_array(signature.args[0])(context, builder, values[0])
        place = builder.bitcast(builder.gep(laid.data, [values[1]]), ir.IntType(8).as_pointer())
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [place.type, number, number, number])
        ask = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")  # type: ignore[no-untyped-call]
        to_read_into_all_caches = (ir.Constant(number, n) for n in (0, 3, 1))
        builder.call(ask, [place, *to_read_into_all_caches])
        return context.get_dummy_value()

    return types.void(array, types.int64), write


fetch: Any = intrinsic(_fetch)
