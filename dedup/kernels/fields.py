"""The levels of names, codes and dates, pair by pair."""

# numba compiles these functions: they read like C on purpose, and stay untyped for it.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"
# ruff: noqa: C901

import numpy as np
from numba import njit

from dedup.kernels.texts import jaro_winkler, one_edit, popcount


@njit(cache=True, nogil=True)
def text_levels(left, right, codes, chars, offsets, bits, bins, kin, other, mode, shift, out):
    """Compare one text column over many pairs; OR each level, shifted, into the pair's pattern.

    `kin` holds up to two group numbers a value (nicknames, readings); equal groups are related.
    `other`, if any, holds the codes of the counterpart column, to see swapped names.
    `mode` 1 is for codes, phones and postcodes: no likeness but edits and common ends.
    """
    for p in range(len(left)):
        a = codes[left[p]]
        b = codes[right[p]]
        if a < 0 or b < 0:
            continue
        if a == b:
            level = 9 + bins[a]
        else:
            a0 = offsets[a]
            b0 = offsets[b]
            la = offsets[a + 1] - a0
            lb = offsets[b + 1] - b0
            level = 1
            related = False
            for x in range(kin.shape[1]):
                for y in range(kin.shape[1]):
                    if kin[a, x] >= 0 and kin[a, x] == kin[b, y]:
                        related = True
            if related:
                level = 7
            elif mode == 1:
                shorter = min(la, lb)
                same_end = 0
                while (
                    same_end < shorter
                    and chars[a0 + la - 1 - same_end] == chars[b0 + lb - 1 - same_end]
                ):
                    same_end += 1
                if shorter >= 4 and one_edit(chars, a0, la, b0, lb):
                    level = 5
                elif same_end >= 6:
                    level = 3
            else:
                if min(la, lb) == 1:
                    if chars[a0] == chars[b0] and chars[a0] < 0x2E80:
                        level = 6
                elif max(la, lb) <= 4 and max(chars[a0], chars[b0]) >= 0x2E80:
                    if one_edit(chars, a0, la, b0, lb):
                        level = 3
                else:
                    shared = popcount(bits[a] & bits[b])
                    most = max(popcount(bits[a]), popcount(bits[b]))
                    if shared * np.uint64(5) >= most or la < 5 or lb < 5:
                        edited = min(la, lb) >= 3 and one_edit(chars, a0, la, b0, lb)
                        if edited:
                            level = 5 if min(la, lb) >= 4 else 3
                        else:
                            like = jaro_winkler(chars, a0, la, b0, lb)
                            if like >= 0.92:
                                level = 4
                            elif like >= 0.85:
                                level = 3
                            elif like >= 0.75:
                                level = 2
            if level < 4 and len(other) > 0:
                c = other[left[p]]
                d = other[right[p]]
                if c >= 0 and d >= 0 and (a == d or c == b):
                    x = b if a == d else a
                    y = c if a == d else d
                    x0 = offsets[x]
                    y0 = offsets[y]
                    lx = offsets[x + 1] - x0
                    ly = offsets[y + 1] - y0
                    if x == y or one_edit(chars, x0, lx, y0, ly):
                        level = 8
        out[p] |= np.uint64(level) << np.uint64(shift)


@njit(cache=True, nogil=True)
def date_levels(left, right, codes, days, bins, shift, out):
    """Compare dates packed as yyyymmdd by the ways they go wrong: a digit, a swap, one part.

    A month or day of 00 is unknown, and 1 January often stands for a year alone.
    """
    for p in range(len(left)):
        a = codes[left[p]]
        b = codes[right[p]]
        if a < 0 or b < 0:
            continue
        if a == b:
            level = 10 + bins[a]
        else:
            x = days[a]
            y = days[b]
            ya, ma, da = x // 10000, x // 100 % 100, x % 100
            yb, mb, db = y // 10000, y // 100 % 100, y % 100
            wrong = 0
            u, v = x, y
            for _ in range(8):
                if u % 10 != v % 10:
                    wrong += 1
                u //= 10
                v //= 10
            equal = int(ya == yb) + int(ma == mb) + int(da == db)
            by_year = ma == 0 or mb == 0 or x % 10000 == 101 or y % 10000 == 101
            by_month = ma == mb and (da == 0 or db == 0)
            apart = abs((ya - yb) * 372 + (ma - mb) * 31 + da - db)
            if ya == yb and (by_month or by_year):
                level = 7
            elif ya == yb and ma == db and da == mb:
                level = 9
            elif wrong == 1:
                level = 8
            elif equal == 2:
                level = 6
            elif apart <= 31:
                level = 5
            elif wrong == 2:
                level = 4
            elif abs(ya - yb) <= 1:
                level = 3
            elif equal == 1:
                level = 2
            else:
                level = 1
        out[p] |= np.uint64(level) << np.uint64(shift)
