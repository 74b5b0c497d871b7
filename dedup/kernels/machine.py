"""Instructions of the processor that Python has no word for: `ones`, `lowest` and `fetch`."""

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic


def _ones(typing: Any, word: Any) -> Any:
    """How many bits of a word are set."""

    def write(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.ctpop(values[0])

    return types.uint64(types.uint64), write


def _lowest(typing: Any, word: Any) -> Any:
    """The place of the lowest bit set; 64 where there is none."""

    def write(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.cttz(values[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), write


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


ones: Any = intrinsic(_ones)
lowest: Any = intrinsic(_lowest)
fetch: Any = intrinsic(_fetch)
