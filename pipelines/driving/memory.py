"""Gives back to the system what a stage has needed and the next one need not start from."""

import ctypes
from contextlib import suppress


def give_back() -> None:
    """Return the free memory that the C library keeps; where it keeps none, nothing happens.

    After matching half a million persons that is .13 GB, and the call takes some milliseconds.
    """
    with suppress(AttributeError, OSError, TypeError):  # glibc alone has it
        ctypes.CDLL(None).malloc_trim(0)
