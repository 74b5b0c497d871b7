"""Candidate pairs: out of blocks, each once, at a glance, and only the promising."""

# numba compiles these functions: they read like C on purpose, and stay untyped for it.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

import numpy as np
from numba import njit

from dedup.kernels.texts import popcount


@njit(cache=True, nogil=True)
def emit_pairs(first, last, members, starts, side, left, right, block_of):
    """Write the pairs of blocks first..last with the block they come from; returns how many."""
    count = 0
    linking = len(side) > 0
    for block in range(first, last):
        for x in range(starts[block], starts[block + 1]):
            i = members[x]
            for y in range(x + 1, starts[block + 1]):
                j = members[y]
                if linking and side[i] == side[j]:
                    continue
                left[count] = min(i, j)
                right[count] = max(i, j)
                block_of[count] = block
                count += 1
    return count


@njit(cache=True, nogil=True)
def first_seen(left, right, block_of, owners, hashes, patterns, unsettled):
    """Keep, in place, only the pairs that no earlier key proposes; returns how many are left.

    A pair is looked at under the first key its rows share (Kolb, Thor and Rahm 2012), so no sort
    over all pairs is needed to see each once.
    """
    kept = 0
    for p in range(len(left)):
        i = left[p]
        j = right[p]
        seen = False
        for k in range(owners[block_of[p], 0]):
            h = hashes[i, k]
            if h != 0 and h == hashes[j, k]:
                seen = True
                break
        if not seen:
            left[kept] = i
            right[kept] = j
            patterns[kept] = patterns[p]
            unsettled[kept] = unsettled[p]
            kept += 1
    return kept


@njit(cache=True, nogil=True)
def glance(left, right, block_of, rows, bounds, table, floor, patterns, unsettled):
    """Settle what can be settled without looking at any text, and drop hopeless pairs, in place.

    Missing and equal values are settled by their codes; values whose outlines share few bits are
    different. `unsettled` marks the comparisons that need a look at the values. A pair is hopeless
    if it could not reach the floor even if all of those turned out alike.
    """
    codes, bits, equal, partner, final = rows
    kept = 0
    fields = codes.shape[1]
    for p in range(len(left)):
        i = left[p]
        j = right[p]
        most = 0.0
        pattern = np.uint64(0)
        open_fields = np.uint16(0)
        for f in range(fields):
            a = codes[i, f]
            b = codes[j, f]
            if a < 0 or b < 0:
                continue
            shift = np.uint64(4 * f)
            if a == b:
                level = equal[i, f]
                most += table[f, level]
                pattern |= np.uint64(level) << shift
                continue
            x = bits[i, f]
            y = bits[j, f]
            near = True
            if x != 0 and y != 0:
                near = popcount(x & y) >= bounds[f, 2] * max(popcount(x), popcount(y))
            other = partner[f]
            if not near and other >= 0 and (a == codes[j, other] or codes[i, other] == b):
                near = True
            most += bounds[f, 0] if near else bounds[f, 1]
            if near or not final[f]:
                open_fields |= np.uint16(1) << np.uint16(f)
            else:
                pattern |= np.uint64(1) << shift
        if most >= floor:
            left[kept] = i
            right[kept] = j
            block_of[kept] = block_of[p]
            patterns[kept] = pattern
            unsettled[kept] = open_fields
            kept += 1
    return kept


@njit(cache=True, nogil=True)
def keep_promising(patterns, table, floor, left, right):
    """Drop, in place, the pairs whose weights by a rough table cannot reach the floor."""
    kept = 0
    for p in range(len(patterns)):
        weight = 0.0
        x = patterns[p]
        for f in range(table.shape[0]):
            weight += table[f, x & np.uint64(15)]
            x >>= np.uint64(4)
        if weight >= floor:
            patterns[kept] = patterns[p]
            left[kept] = left[p]
            right[kept] = right[p]
            kept += 1
    return kept
