"""Gives back to the system what a stage has needed and the next one need not start from."""

import ctypes
import os
from collections.abc import Callable
from contextlib import suppress

Watch = Callable[[str, int, int | None], None]
"""Told what is done, how many, of how many."""


def let_polars_give_back() -> None:
    """Have polars' allocator return what it has freed, soon and by itself; before polars is loaded.

    Otherwise it does so only while polars works: of three million persons .5 GB stayed through all
    of matching, which numpy does.
    """
    own = "background_thread:true,dirty_decay_ms:200,muzzy_decay_ms:0"
    os.environ.setdefault("_RJEM_MALLOC_CONF", own)


def give_back() -> None:
    """Return the free memory that the C library keeps; where it keeps none, nothing happens.

    After matching half a million persons that is .13 GB, and the call takes some milliseconds.
    """
    with suppress(AttributeError, OSError, TypeError):  # glibc alone has it
        ctypes.CDLL(None).malloc_trim(0)


def giving_back(watch: Watch) -> Watch:
    """The same watch; memory is given back before each step of a work begins."""

    def step(what: str, done: int, total: int | None) -> None:
        if done == 0:
            give_back()
        watch(what, done, total)

    return step
