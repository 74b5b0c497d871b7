"""Rows to blocks: forms folded into keys, and rows with one key brought together."""

# numba compiles these functions: they read like C on purpose, and stay untyped for it.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"
# ruff: noqa: C901

import numpy as np
from numba import njit

from dedup.kernels.postings import folded, scatter, short


@njit(cache=True, nogil=True)
def fold_forms(total, codes, forms):
    """Take one more form into each row's running key, in place; 0 for good where there is none.

    `forms` has a word for each value, 0 for none; without any, a value is its own form.
    """
    plain = len(forms) == 0
    for row in range(len(total)):
        code = codes[row]
        word = np.uint64(0)
        if code >= 0:
            word = np.uint64(code + 1) if plain else forms[code]
        total[row] = folded(total[row], word)


@njit(cache=True, nogil=True)
def shortened(total):
    """The 32-bit key of each row; 0 where there is none."""
    out = np.zeros(len(total), np.uint32)
    for row in range(len(total)):
        if total[row] != 0:
            out[row] = short(total[row])
    return out


@njit(cache=True, nogil=True)
def gathered(keys, rows):
    """The blocks of two rows or more: their rows, one block after the other, and where each starts.

    `rows` have a key each. Least significant digit radix sort, 11 bits at a time; it is stable.
    """
    n = len(rows)
    packed = np.empty(n, np.uint64)
    other = np.empty(n, np.uint64)
    counts = np.zeros((3, 2048), np.int64)
    for p in range(n):
        key = np.uint64(keys[rows[p]])
        packed[p] = key << np.uint64(32) | np.uint64(rows[p])
        counts[0, key & np.uint64(2047)] += 1
        counts[1, key >> np.uint64(11) & np.uint64(2047)] += 1
        counts[2, key >> np.uint64(22)] += 1
    for digit in range(3):
        places = counts[digit]
        total = 0
        for bucket in range(2048):
            own = places[bucket]
            places[bucket] = total
            total += own
        shift = np.uint64(32 + 11 * digit)
        for p in range(n):
            word = packed[p]
            value = word >> shift & np.uint64(2047)
            other[places[value]] = word
            places[value] += 1
        packed, other = other, packed
    blocks = 0
    inside = 0
    for p in range(1, n):
        if packed[p] >> np.uint64(32) == packed[p - 1] >> np.uint64(32):
            inside += 1
            if p == 1 or packed[p - 2] >> np.uint64(32) != packed[p] >> np.uint64(32):
                blocks += 1
                inside += 1
    members = np.empty(inside, np.uint32)
    starts = np.zeros(blocks + 1, np.uint32)
    at = 0
    block = 0
    p = 0
    while p < n:
        key = packed[p] >> np.uint64(32)
        end = p + 1
        while end < n and packed[end] >> np.uint64(32) == key:
            end += 1
        if end > p + 1:
            for q in range(p, end):
                members[at] = np.uint32(packed[q] & np.uint64(0xFFFFFFFF))
                at += 1
            block += 1
            starts[block] = at
        p = end
    return members, starts


@njit(cache=True, nogil=True)
def without(members, starts, largest):
    """Part the blocks by size: members and starts of those that are not too large, and the rest."""
    blocks = 0
    inside = 0
    for block in range(len(starts) - 1):
        size = np.int64(starts[block + 1]) - np.int64(starts[block])
        if size <= largest:
            blocks += 1
            inside += int(size)
    kept = np.empty(inside, np.uint32)
    edges = np.zeros(blocks + 1, np.uint32)
    crowded = np.empty(len(members) - inside, np.uint32)
    at = 0
    over = 0
    block = 0
    for own in range(len(starts) - 1):
        size = np.int64(starts[own + 1]) - np.int64(starts[own])
        small = size <= largest
        for p in range(np.int64(starts[own]), np.int64(starts[own]) + size):
            if small:
                kept[at] = members[p]
                at += 1
            else:
                crowded[over] = members[p]
                over += 1
        if small:
            block += 1
            edges[block] = np.uint32(at)
    return kept, edges, crowded


@njit(cache=True, nogil=True)
def pick_pairs(starts, members, ordinals, left, right):
    """The pairs with these ordinals, in rising order, of all blocks' pairs one after the other."""
    block = 0
    before = np.int64(0)
    for p in range(len(ordinals)):
        size = np.int64(starts[block + 1]) - np.int64(starts[block])
        while before + size * (size - 1) // 2 <= ordinals[p]:
            before += size * (size - 1) // 2
            block += 1
            size = np.int64(starts[block + 1]) - np.int64(starts[block])
        place = ordinals[p] - before
        x = 0
        while place >= size - 1 - x:
            place -= size - 1 - x
            x += 1
        i = members[np.int64(starts[block]) + x]
        j = members[np.int64(starts[block]) + x + 1 + place]
        left[p] = min(i, j)
        right[p] = max(i, j)


@njit(cache=True, nogil=True)
def number_patterns(patterns, slots, numbers, distinct, known):
    """Number patterns by an open hash table while there is room; returns how many were numbered.

    `slots` holds each number + 1, 0 where free, and its length is a power of two; `distinct` has
    the pattern of each number, and `known` how many there are.
    """
    mask = np.uint64(len(slots) - 1)
    for p in range(len(patterns)):
        at = scatter(patterns[p]) & mask
        while slots[at] != 0 and distinct[slots[at] - 1] != patterns[p]:
            at = (at + np.uint64(1)) & mask
        if slots[at] == 0:
            if known[0] == len(distinct):
                return p
            distinct[known[0]] = patterns[p]
            known[0] += 1
            slots[at] = known[0]
        numbers[p] = slots[at] - 1
    return len(patterns)


@njit(cache=True, nogil=True)
def rarest_words(starts, tokens, weights, known, texts, place):
    """The heaviest word of some texts, or the next at a place; −1 where there is none.

    Of two as heavy the earlier comes first; words from `known` on are passed over.
    """
    out = np.full(len(texts), -1, np.int32)
    for n in range(len(texts)):
        if texts[n] < 0:
            continue
        before = np.int32(-1)
        for turn in range(place + 1):
            best = np.int32(-1)
            for p in range(starts[texts[n]], starts[texts[n] + 1]):
                token = tokens[p]
                if token >= known or (turn > 0 and not heavier(weights, before, token)):
                    continue
                if best < 0 or heavier(weights, token, best):
                    best = token
            before = best
            if best < 0:
                break
        out[n] = before
    return out


@njit(cache=True, nogil=True, inline="always")
def heavier(weights, token, other):
    """Whether a word comes before another: by weight, then by number."""
    return weights[token] > weights[other] or (weights[token] == weights[other] and token < other)
