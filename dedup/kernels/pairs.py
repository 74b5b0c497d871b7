"""Candidate pairs: out of blocks, each once, at a glance, and only the promising."""

# numba compiles these functions: they read like C on purpose, and stay untyped for it.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"
# ruff: noqa: C901

import numpy as np
from numba import njit

from dedup.kernels.texts import popcount


@njit(cache=True, nogil=True)
def emit_pairs(first, last, members, starts, side, left, right):
    """Write the pairs of blocks first..last; returns how many."""
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
                count += 1
    return count


@njit(cache=True, nogil=True)
def promising_pairs(
    first, last, members, starts, side, owners, hashes, rows, bounds, table, floor, order,
    left, right, patterns, unsettled,
):  # fmt: skip
    """Write the pairs of blocks first..last that are not hopeless at a glance; returns how many.

    The glance is that of `glance`, over the fields in `order` and given up as soon as nothing that
    is left could lift the pair to the floor. What is known of a block's rows is brought together
    first, so that each row is fetched once a block and not once a pair. A pair is looked at under
    the first key its rows share (Kolb, Thor and Rahm 2012), so that each is seen once.
    """
    codes, bits, equal, partner, final = rows
    fields = len(order)
    linking = len(side) > 0
    largest = 0
    for block in range(first, last):
        largest = max(largest, starts[block + 1] - starts[block])
    here_codes = np.empty((largest, codes.shape[1]), np.int32)
    here_bits = np.empty((largest, fields), np.uint64)
    here_equal = np.empty((largest, fields), np.uint8)
    rest = np.zeros(fields + 1)
    for n in range(fields - 1, -1, -1):
        f = order[n]
        best = max(0.0, bounds[f, 0], bounds[f, 1])
        for level in range(16):
            best = max(best, table[f, level])
        rest[n] = rest[n + 1] + best
    count = 0
    for block in range(first, last):
        base = starts[block]
        size = starts[block + 1] - base
        owner = owners[block, 0]
        for x in range(size):
            i = members[base + x]
            for f in range(fields):
                here_codes[x, f] = codes[i, f]
                here_bits[x, f] = bits[i, f]
                here_equal[x, f] = equal[i, f]
        for x in range(size):
            i = members[base + x]
            for y in range(x + 1, size):
                j = members[base + y]
                if linking and side[i] == side[j]:
                    continue
                most = 0.0
                pattern = np.uint64(0)
                open_fields = np.uint16(0)
                hopeless = False
                for n in range(fields):
                    if most + rest[n] < floor:
                        hopeless = True
                        break
                    f = order[n]
                    a = here_codes[x, f]
                    b = here_codes[y, f]
                    if a < 0 or b < 0:
                        continue
                    shift = np.uint64(4 * f)
                    if a == b:
                        level = here_equal[x, f]
                        most += table[f, level]
                        pattern |= np.uint64(level) << shift
                        continue
                    u = here_bits[x, f]
                    v = here_bits[y, f]
                    near = True
                    if u != 0 and v != 0:
                        near = popcount(u & v) >= bounds[f, 2] * max(popcount(u), popcount(v))
                    other = partner[f]
                    if not near and other >= 0:
                        near = a == here_codes[y, other] or here_codes[x, other] == b
                    most += bounds[f, 0] if near else bounds[f, 1]
                    if near or not final[f]:
                        open_fields |= np.uint16(1) << np.uint16(f)
                    else:
                        pattern |= np.uint64(1) << shift
                if hopeless or most < floor:
                    continue
                seen = False
                for k in range(owner):
                    h = hashes[i, k]
                    if h != 0 and h == hashes[j, k]:
                        seen = True
                        break
                if seen:
                    continue
                left[count] = min(i, j)
                right[count] = max(i, j)
                patterns[count] = pattern
                unsettled[count] = open_fields
                count += 1
    return count


@njit(cache=True, nogil=True)
def glance(left, right, rows, bounds, table, floor, patterns, unsettled):
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
