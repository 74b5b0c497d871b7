"""How alike two texts are: Jaro–Winkler, one edit, shared character pairs."""

# numba compiles these functions: they read like C on purpose, and stay untyped for it.
# ruff: noqa: SIM110
# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from dedup.kernels.bits import lowest, ones

LONGEST = 64
"""The places of so many characters fit one machine word; longer texts are matched otherwise."""
SLOTS = 256
"""A character's slot is its low byte: within one script hardly two share one."""
BENCH = 2 * SLOTS
"""The room `jaro_winkler` works in: zeros at first, and left fit for the next pair."""
BOOSTED = 0.7
"""Winkler's bonus is given above this Jaro similarity, as in his reference code (strcmp95.c)."""


class Texts(NamedTuple):
    """Texts end to end as Unicode code points, and where each starts."""

    chars: Any
    offsets: Any


@njit(cache=True, nogil=True)
def jaro_winkler(chars, a, la, b, lb, bench):
    """Jaro (1989) similarity with Winkler's (1990) bonus of 0.1 for up to four first letters.

    To the last bit what rapidfuzz's `JaroWinkler.similarity` returns, which the tests hold it to.
    """
    if la == 0 or lb == 0:
        return 1.0 if la == lb else 0.0
    window = max(max(la, lb) // 2 - 1, 0)
    clash = True
    if la <= LONGEST and lb <= LONGEST:
        common, moved, clash = matches_by_slot(chars, a, la, b, lb, window, bench)
    if clash:
        common, moved = matches_by_chain(chars, a, la, b, lb, window)
    if common == 0:
        return 0.0
    jaro = (common / la + common / lb + (common - moved // 2) / common) / 3
    if jaro <= BOOSTED:
        return jaro
    prefix = 0
    while prefix < 4 and prefix < la and prefix < lb and chars[a + prefix] == chars[b + prefix]:
        prefix += 1
    return min(jaro + prefix * 0.1 * (1 - jaro), 1.0)


@njit(cache=True, nogil=True)
def matches_by_slot(chars, a, la, b, lb, window, bench):
    """How many characters two texts of up to 64 share, and how many of these stand out of order.

    Each character of the second text takes the first that is free in the first. The places of
    every character of the first stand in one word (Hyyrö 2005), in its slot of `bench`; behind the
    slots stands whose they are. Where two characters share a slot, the third answer is true and
    the others say nothing.
    """
    one = np.uint64(1)
    whose = bench[SLOTS:]
    clash = False
    for i in range(la):
        c = np.uint64(chars[np.uint64(a + i)])
        slot = c & np.uint64(SLOTS - 1)
        clash |= (bench[slot] != 0) & (whose[slot] != c)
        bench[slot] |= one << np.uint64(i)
        whose[slot] = c
    near = (one << np.uint64(window + 1)) - one
    seen_b = np.uint64(0)
    free = ~np.uint64(0)
    for j in range(lb):
        c = np.uint64(chars[np.uint64(b + j)])
        slot = c & np.uint64(SLOTS - 1)
        found = bench[slot] & near & free if whose[slot] == c else np.uint64(0)
        free ^= found & (~found + one)
        seen_b |= np.uint64(found != 0) << np.uint64(j)
        near = near << one | np.uint64(j < window)
    for i in range(la):
        bench[np.uint64(chars[np.uint64(a + i)]) & np.uint64(SLOTS - 1)] = 0
    seen_a = ~free
    common = np.int64(ones(seen_a))
    moved = np.int64(0)
    while seen_a != 0:
        moved += chars[np.uint64(a) + lowest(seen_a)] != chars[np.uint64(b) + lowest(seen_b)]
        seen_a &= seen_a - one
        seen_b &= seen_b - one
    return common, moved, clash


@njit(cache=True, nogil=True)
def matches_by_chain(chars, a, la, b, lb, window):
    """The same for texts of any length, in linear time.

    The window only moves on, so of each character's places in the first text, in order, those
    before the first that is free and near are never asked for again.
    """
    size = 4
    while size < 2 * la:
        size *= 2
    letters = np.zeros(size, np.int64)
    first = np.full(size, -1, np.int64)
    after = np.full(la, -1, np.int64)
    for i in range(la - 1, -1, -1):
        slot = chain_of(letters, chars[a + i])
        letters[slot] = chars[a + i] + 1
        after[i] = first[slot]
        first[slot] = i
    taken = np.zeros(la, np.bool_)
    matched = np.empty(min(la, lb), np.int64)
    common = np.int64(0)
    for j in range(lb):
        slot = chain_of(letters, chars[b + j])
        i = first[slot]
        while 0 <= i < j - window:
            i = after[i]
        if 0 <= i <= j + window:
            taken[i] = True
            matched[common] = j
            common += 1
            i = after[i]
        first[slot] = i
    moved = np.int64(0)
    at = 0
    for i in range(la):
        if taken[i]:
            moved += chars[a + i] != chars[b + matched[at]]
            at += 1
    return common, moved


@njit(cache=True, nogil=True)
def chain_of(letters, letter):
    """Where a letter has its place among letters, each kept as its code point and one."""
    mask = np.int64(len(letters) - 1)
    slot = (np.int64(letter) * 0x9E3779B1 >> 16) & mask
    while letters[slot] != 0 and letters[slot] != letter + 1:
        slot = (slot + 1) & mask
    return slot


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
