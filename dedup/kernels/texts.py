"""How alike two texts are: Jaro–Winkler, one edit, shared character pairs."""

# numba compiles these functions: they read like C on purpose, and stay untyped for it.
# ruff: noqa: SIM110
# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

import numpy as np
from numba import njit

from dedup.kernels.machine import lowest, ones

LONGEST = 64
"""Characters beyond this are not compared: their places live in one machine word."""
SLOTS = 256
"""A character's slot is its low byte: within one script hardly two share one."""
BENCH = 2 * SLOTS
"""The room `jaro_winkler` works in: zeros at first, and left fit for the next pair."""


@njit(cache=True, nogil=True)
def jaro_winkler(chars, a, la, b, lb, bench):
    """Jaro (1989) likeness with Winkler's (1990) bonus of 0.1 for up to four first letters."""
    la = min(la, LONGEST)
    lb = min(lb, LONGEST)
    if la == 0 or lb == 0:
        return 0.0
    window = max(max(la, lb) // 2 - 1, 0)
    one = np.uint64(1)
    seen_a, seen_b = matches_by_slot(chars, a, la, b, lb, window, bench)
    common = np.int64(ones(seen_a))
    if common == 0:
        return 0.0
    moved = 0
    while seen_a != 0:
        moved += chars[np.uint64(a) + lowest(seen_a)] != chars[np.uint64(b) + lowest(seen_b)]
        seen_a &= seen_a - one
        seen_b &= seen_b - one
    jaro = (common / la + common / lb + (common - moved / 2) / common) / 3
    prefix = 0
    while prefix < 4 and prefix < la and prefix < lb and chars[a + prefix] == chars[b + prefix]:
        prefix += 1
    return jaro + prefix * 0.1 * (1 - jaro)


@njit(cache=True, nogil=True)
def matches_by_slot(chars, a, la, b, lb, window, bench):
    """The places in two texts of the characters they share, each with the first that is free.

    The places of every character of the second text stand in one word (Hyyrö 2005), in its slot of
    `bench`; behind the slots stands whose they are.
    """
    one = np.uint64(1)
    whose = bench[SLOTS:]
    clash = False
    for j in range(lb):
        c = np.uint64(chars[np.uint64(b + j)])
        slot = c & np.uint64(SLOTS - 1)
        clash |= (bench[slot] != 0) & (whose[slot] != c)
        bench[slot] |= one << np.uint64(j)
        whose[slot] = c
    near = (one << np.uint64(window + 1)) - one
    seen_a = np.uint64(0)
    free = ~np.uint64(0)
    for i in range(la):
        c = np.uint64(chars[np.uint64(a + i)])
        slot = c & np.uint64(SLOTS - 1)
        found = bench[slot] & near & free if whose[slot] == c else np.uint64(0)
        free ^= found & (~found + one)
        seen_a |= np.uint64(found != 0) << np.uint64(i)
        near = near << one | np.uint64(i < window)
    for j in range(lb):
        bench[np.uint64(chars[np.uint64(b + j)]) & np.uint64(SLOTS - 1)] = 0
    if clash:
        return matches_by_search(chars, a, la, b, lb, window)
    return seen_a, ~free


@njit(cache=True, nogil=True)
def matches_by_search(chars, a, la, b, lb, window):
    """The same, character by character."""
    one = np.uint64(1)
    seen_a = np.uint64(0)
    seen_b = np.uint64(0)
    for i in range(la):
        for j in range(max(0, i - window), min(lb, i + window + 1)):
            bit = one << np.uint64(j)
            if chars[b + j] == chars[a + i] and seen_b & bit == 0:
                seen_b |= bit
                seen_a |= one << np.uint64(i)
                break
    return seen_a, seen_b


@njit(cache=True, nogil=True)
def one_edit(chars, a, la, b, lb):
    """Whether one insertion, deletion, substitution or swap of neighbours makes the texts equal."""
    if la > lb:
        a, la, b, lb = b, lb, a, la
    if lb - la > 1:
        return False
    i = 0
    while i < la and chars[a + i] == chars[b + i]:
        i += 1
    end = 0
    while end < la - i and chars[a + la - 1 - end] == chars[b + lb - 1 - end]:
        end += 1
    left_a = la - i - end
    left_b = lb - i - end
    if left_b <= 1 and left_a <= 1:
        return True
    return (
        left_a == 2
        and left_b == 2
        and chars[a + i] == chars[b + i + 1]
        and chars[a + i + 1] == chars[b + i]
    )


@njit(cache=True, nogil=True)
def begins(chars, a, b, length):
    """Whether two texts have the same first characters, so many of them."""
    for i in range(length):
        if chars[a + i] != chars[b + i]:
            return False
    return True


@njit(cache=True, nogil=True)
def bigram_bits(chars, offsets):
    """Mark each text's character pairs in a 64-bit word: those that share few are not alike."""
    bits = np.zeros(len(offsets) - 1, np.uint64)
    one = np.uint64(1)
    for v in range(len(offsets) - 1):
        word = np.uint64(0)
        before = np.uint64(1)
        for p in range(offsets[v], offsets[v + 1]):
            c = np.uint64(chars[p])
            mixed = (before * np.uint64(0x9E3779B1) ^ c * np.uint64(0x85EBCA77)) >> np.uint64(7)
            word |= one << (mixed & np.uint64(63))
            before = c
        bits[v] = word
    return bits
