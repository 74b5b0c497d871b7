"""How alike two texts are: Jaro–Winkler, one edit, shared character pairs."""

# numba compiles these functions: they read like C on purpose, and stay untyped for it.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"
# ruff: noqa: C901

import numpy as np
from numba import njit

LONGEST = 64
"""Characters beyond this are not compared: the matched positions live in one machine word."""


@njit(cache=True, nogil=True, inline="never")
def jaro_winkler(chars, a, la, b, lb):
    """Jaro (1989) likeness with Winkler's (1990) bonus of 0.1 for up to four first letters."""
    la = min(la, LONGEST)
    lb = min(lb, LONGEST)
    if la == 0 or lb == 0:
        return 0.0
    window = max(la, lb) // 2 - 1
    window = max(window, 0)
    seen_a = np.uint64(0)
    seen_b = np.uint64(0)
    one = np.uint64(1)
    common = 0
    for i in range(la):
        c = chars[a + i]
        for j in range(max(0, i - window), min(lb, i + window + 1)):
            bit = one << np.uint64(j)
            if chars[b + j] == c and seen_b & bit == 0:
                seen_b |= bit
                seen_a |= one << np.uint64(i)
                common += 1
                break
    if common == 0:
        return 0.0
    moved = 0
    j = 0
    for i in range(la):
        if seen_a & (one << np.uint64(i)):
            while seen_b & (one << np.uint64(j)) == 0:
                j += 1
            if chars[a + i] != chars[b + j]:
                moved += 1
            j += 1
    jaro = (common / la + common / lb + (common - moved / 2) / common) / 3
    prefix = 0
    while prefix < 4 and prefix < la and prefix < lb and chars[a + prefix] == chars[b + prefix]:
        prefix += 1
    return jaro + prefix * 0.1 * (1 - jaro)


@njit(cache=True, nogil=True, inline="never")
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


@njit(cache=True, nogil=True, inline="never")
def popcount(x):
    """Count the ones of a machine word (Hacker's Delight, fig. 5-2)."""
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (x * np.uint64(0x0101010101010101)) >> np.uint64(56)


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
