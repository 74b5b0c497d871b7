"""Candidate pairs: out of blocks, each once, at a glance, and only the promising."""

# numba compiles these functions: they read like C on purpose, and stay untyped for it.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from dedup.kernels.bits import ones
from dedup.kernels.machine import fetch

AHEAD = 16
"""So many rows ahead their codes are asked for, and half as many ahead their outlines."""


class Outlines(NamedTuple):
    """What is known of rows before any text is looked at."""

    codes: Any
    """The code of each row's value of each field, −1 where it is missing."""
    bits: Any
    """Outlines; two values whose outlines share few bits are not alike, and 0 is unknown."""
    equal: Any
    """The level of equality at the place of each outline."""
    steps: Any
    """By field, where the outline of a value stands: the first place, the step a row, and the step
    a code."""
    partner: Any
    """By field, the counterpart whose codes can be compared, or itself."""
    final: Any
    """By field, whether outlines that differ settle the matter."""


FAR = 17
"""Behind the worth of a field's 16 levels: the most that similarity, and difference, can be."""


@njit(cache=True, nogil=True)
def fewest_bits(bounds):
    """By field and by bits of the fuller outline: how many bits similarity takes, at the least."""
    out = np.empty((len(bounds), 65), np.uint64)
    for f in range(len(bounds)):
        for most in range(65):
            out[f, most] = np.uint64(np.ceil(bounds[f, 2] * most))
    return out


@njit(cache=True, nogil=True)
def look(i, j, rows, least, worth):
    """The most two rows can be worth, the levels seen without any text, and the open fields.

    Missing and equal values are settled by their codes; values whose outlines share few bits are
    different. Every field takes the same steps, whatever it holds: a branch is dearer to guess.
    """
    codes = rows.codes
    most = 0.0
    pattern = np.uint64(0)
    unsettled = np.uint64(0)
    for f in range(codes.shape[1]):
        a = codes[i, f]
        b = codes[j, f]
        at = outline_of(rows, f, i, a)
        x = rows.bits[at]
        y = rows.bits[outline_of(rows, f, j, b)]
        other = rows.partner[f]
        there = np.uint64((a >= 0) & (b >= 0))
        same = there & np.uint64(a == b)
        shared = ones(x & y) >= least[f, max(ones(x), ones(y))]
        swapped = (a == codes[j, other]) | (codes[i, other] == b)
        near = np.uint64(shared | (x == 0) | (y == 0) | swapped)
        differ = there & ~same
        level = same * np.uint64(rows.equal[at])
        most += worth[f, level + differ * (np.uint64(FAR) - near)]
        look = near | np.uint64(not rows.final[f])
        pattern |= (level | differ & ~look) << np.uint64(4 * f)
        unsettled |= (differ & look) << np.uint64(f)
    return most, pattern, unsettled


@njit(cache=True, nogil=True, inline="always")
def outline_of(rows, f, i, code):
    """The place of the outline of a row's value."""
    return rows.steps[f, 0] + rows.steps[f, 1] * i + rows.steps[f, 2] * code


@njit(cache=True, nogil=True)
def fetch_row(rows, i, soon):
    """Ask for the codes of a row before it is looked at, and for the outlines of one sooner."""
    fields = rows.codes.shape[1]
    fetch(rows.codes, i * fields)
    fetch(rows.codes, i * fields + fields - 1)
    for f in range(fields):
        at = outline_of(rows, f, soon, rows.codes[soon, f])
        fetch(rows.bits, at)
        fetch(rows.equal, at)


@njit(cache=True, nogil=True)
def promising_pairs(
    first, last, members, starts, owner, side, fresh, hashes, rows, bounds, table, floor,
    left, right, patterns, unsettled,
):  # fmt: skip
    """Write the pairs of blocks first..last that are not hopeless at a glance; returns how many.

    `owner` is the number of the blocks' key. A pair is looked at under the first key its rows share
    (Kolb, Thor and Rahm 2012), so that each is seen once. Where `fresh` marks rows, a pair of two
    others is passed over.
    """
    keys = hashes.shape[1]
    linking = len(side) > 0
    some = len(fresh) > 0
    least = fewest_bits(bounds)
    worth = np.concatenate((table, bounds[:, :2]), axis=1)
    count = 0
    end = np.int64(starts[last]) - 1
    for block in range(first, last):
        behind = np.int64(starts[block + 1])
        for x in range(np.int64(starts[block]), behind):
            ahead = np.int64(members[min(x + AHEAD, end)])
            fetch_row(rows, ahead, np.int64(members[min(x + AHEAD // 2, end)]))
            fetch(hashes, ahead * keys)
            fetch(hashes, ahead * keys + owner)
            i = np.int64(members[x])
            for y in range(x + 1, behind):
                j = np.int64(members[y])
                if linking and side[i] == side[j]:
                    continue
                if some and not fresh[i] and not fresh[j]:
                    continue
                seen = False
                for k in range(owner):
                    seen |= (hashes[i, k] == hashes[j, k]) & (hashes[i, k] != 0)
                if seen:
                    continue
                most, pattern, open_fields = look(i, j, rows, least, worth)
                if most < floor:
                    continue
                left[count] = min(i, j)
                right[count] = max(i, j)
                patterns[count] = pattern
                unsettled[count] = open_fields
                count += 1
    return count


@njit(cache=True, nogil=True)
def glance(left, right, rows, bounds, patterns, unsettled):
    """Settle what can be settled without looking at any text; `unsettled` marks the rest."""
    least = fewest_bits(bounds)
    nothing = np.zeros((len(bounds), FAR + 1))
    last = len(left) - 1
    for p in range(len(left)):
        far, near = min(p + AHEAD, last), min(p + AHEAD // 2, last)
        fetch_row(rows, np.int64(left[far]), np.int64(left[near]))
        fetch_row(rows, np.int64(right[far]), np.int64(right[near]))
        _, patterns[p], unsettled[p] = look(
            np.int64(left[p]), np.int64(right[p]), rows, least, nothing
        )


@njit(cache=True, nogil=True)
def open_pairs(codes, field, left, right, unsettled, at, lefts, rights):
    """Write where one field is open, and its values there; returns how often."""
    bit = np.uint16(1) << np.uint16(field)
    fields = codes.shape[1]
    last = len(left) - 1
    count = 0
    for p in range(len(left)):
        q = min(p + AHEAD, last)
        fetch(codes, np.int64(left[q]) * fields + field)
        fetch(codes, np.int64(right[q]) * fields + field)
        if unsettled[p] & bit:
            at[count] = p
            lefts[count] = codes[left[p], field]
            rights[count] = codes[right[p], field]
            count += 1
    return count


@njit(cache=True, nogil=True)
def write_levels(levels, at, field, patterns, unsettled):
    """Note the levels found of one field; it is open no more."""
    bit = np.uint16(1) << np.uint16(field)
    shift = np.uint64(4 * field)
    for n in range(len(at)):
        patterns[at[n]] |= np.uint64(levels[n]) << shift
        unsettled[at[n]] &= ~bit


@njit(cache=True, nogil=True)
def keep_reachable(patterns, unsettled, table, likeliest, floor, left, right):
    """Drop, in place, the pairs below the floor even if every open field were `likeliest`."""
    kept = 0
    for p in range(len(patterns)):
        weight = 0.0
        x = patterns[p]
        open_fields = unsettled[p]
        for f in range(table.shape[0]):
            if open_fields & np.uint16(1) << np.uint16(f):
                weight += likeliest[f]
            else:
                weight += table[f, x & np.uint64(15)]
            x >>= np.uint64(4)
        if weight >= floor:
            patterns[kept] = patterns[p]
            unsettled[kept] = unsettled[p]
            left[kept] = left[p]
            right[kept] = right[p]
            kept += 1
    return kept
