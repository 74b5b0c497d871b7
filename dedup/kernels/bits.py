"""Bits of a machine word, counted and found.

LLVM knows these idioms: each becomes one instruction of the processor (popcnt, tzcnt).
"""

# numba compiles these functions: they read like C on purpose, and stay untyped for it.
# mypy: disable-error-code="no-untyped-def,untyped-decorator"

import numpy as np
from numba import njit

PAIRS = np.uint64(0x5555555555555555)
FOURS = np.uint64(0x3333333333333333)
BYTES = np.uint64(0x0F0F0F0F0F0F0F0F)
SUM = np.uint64(0x0101010101010101)


@njit(cache=True, nogil=True, inline="always")
def ones(word):
    """How many bits of a word are set."""
    word = word - ((word >> np.uint64(1)) & PAIRS)
    word = (word & FOURS) + ((word >> np.uint64(2)) & FOURS)
    word = (word + (word >> np.uint64(4))) & BYTES
    return (word * SUM) >> np.uint64(56)


@njit(cache=True, nogil=True, inline="always")
def lowest(word):
    """The place of the lowest bit set; 64 where there is none."""
    below = (word & (~word + np.uint64(1))) - np.uint64(1)
    return ones(below)
