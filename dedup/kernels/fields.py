"""The levels of names, codes and dates that differ, pair by pair."""

# numba compiles these functions: they read like C on purpose, and stay untyped for it.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"
# ruff: noqa: C901, SIM110

import numpy as np
from numba import njit

from dedup.kernels.bits import ones
from dedup.kernels.machine import fetch
from dedup.kernels.mail import colleagues
from dedup.kernels.texts import BENCH, begins, jaro_winkler, one_edit

AHEAD = 16
"""So many pairs ahead the values are asked for, and half as many ahead their characters."""
GENERATION = 15
"""Births so many years apart, day and month not both the same, are those of parent and child."""
SPACE, MASK = ord(" "), ord("*")
LEAST_SHOWN = 6
"""Of a masked number so many digits must be shown to say whose it is."""
CUT_OFF = 8
"""A text of so many characters that begins a longer one is that text, cut off by a narrow field."""
MOST_EDITED = np.uint64(6)
"""One edit changes at most three character pairs in either text: a swap of neighbours does."""


@njit(cache=True, nogil=True)
def initials_conflict(chars, a, la, b, lb):
    """Whether two given names of two words end in initials that differ: James M. and James L."""
    last_a = last_word(chars, a, la)
    last_b = last_word(chars, b, lb)
    if last_a == 0 or last_b == 0 or chars[a + last_a] == chars[b + last_b]:
        return False
    return la - last_a == 1 or lb - last_b == 1


@njit(cache=True, nogil=True)
def last_word(chars, a, la):
    """Where the last word begins; 0 if it is the only one."""
    for i in range(la - 1, 0, -1):
        if chars[a + i - 1] == 32:
            return i
    return 0


@njit(cache=True, nogil=True)
def text_levels(lefts, rights, chars, offsets, bits, kin, mode, other, ends, at, out):
    """Compare one text column over many pairs of different values.

    `kin` holds up to two group numbers a value (nicknames, readings); equal groups are related.
    `other`, if any, holds the counterpart's value of every row, to see swapped names; the rows are
    found `at` their place among `ends`.
    `mode` 1 is for codes, phones and postcodes: no similarity but edits and common ends; 2 is for
    mail addresses.
    """
    bench = np.zeros(BENCH, np.uint64)
    last = len(lefts) - 1
    for p in range(len(lefts)):
        q = min(p + AHEAD, last)
        fetch(offsets, lefts[q])
        fetch(offsets, rights[q])
        fetch(bits, lefts[q])
        fetch(bits, rights[q])
        q = min(p + AHEAD // 2, last)
        fetch(chars, offsets[lefts[q]])
        fetch(chars, offsets[lefts[q]] + 15)
        fetch(chars, offsets[rights[q]])
        fetch(chars, offsets[rights[q]] + 15)
        a = lefts[p]
        b = rights[p]
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
        if related and not (mode == 0 and initials_conflict(chars, a0, la, b0, lb)):
            level = 7
        elif mode == 1 and (is_masked(chars, a0, la) or is_masked(chars, b0, lb)):
            level = 4 if shown_agree(chars, a0, la, b0, lb) else 1
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
        elif (mode == 2 and colleagues(chars, a0, la, b0, lb)) or (
            mode == 0 and kin.shape[1] > 0 and initials_conflict(chars, a0, la, b0, lb)
        ):
            level = 2
        elif min(la, lb) == 1:
            if chars[a0] == chars[b0] and chars[a0] < 0x2E80:
                level = 6
        elif max(la, lb) <= 4 and max(chars[a0], chars[b0]) >= 0x2E80:
            if one_edit(chars, a0, la, b0, lb):
                level = 3
        elif min(la, lb) >= CUT_OFF and begins(chars, a0, b0, min(la, lb)):
            level = 5
        else:
            shared = ones(bits[a] & bits[b])
            most = max(ones(bits[a]), ones(bits[b]))
            if shared * np.uint64(5) >= most or la < 5 or lb < 5:
                few = ones(bits[a] ^ bits[b]) <= MOST_EDITED
                if few and min(la, lb) >= 3 and one_edit(chars, a0, la, b0, lb):
                    level = 5 if min(la, lb) >= 4 else 3
                else:
                    like = jaro_winkler(chars, a0, la, b0, lb, bench)
                    if like >= 0.90:
                        level = 4
                    elif like >= 0.83:
                        level = 3
                    elif like >= 0.75:
                        level = 2
        if level < 4 and len(other) > 0:
            c = other[ends[0][at[p]]]
            d = other[ends[1][at[p]]]
            if c >= 0 and d >= 0 and (a == d or c == b):
                x = b if a == d else a
                y = c if a == d else d
                x0 = offsets[x]
                y0 = offsets[y]
                lx = offsets[x + 1] - x0
                ly = offsets[y + 1] - y0
                if x == y or one_edit(chars, x0, lx, y0, ly):
                    level = 8
        out[p] = level


@njit(cache=True, nogil=True)
def is_masked(chars, a, la):
    """Whether a number has characters masked."""
    for i in range(a, a + la):
        if chars[i] == MASK:
            return True
    return False


@njit(cache=True, nogil=True)
def shown_agree(chars, a, la, b, lb):
    """Whether two numbers agree, from the end on, in all digits that both of them show."""
    shown = 0
    for i in range(1, min(la, lb) + 1):
        x, y = chars[a + la - i], chars[b + lb - i]
        if x == MASK or y == MASK:
            continue
        if x != y:
            return False
        shown += 1
    return shown >= LEAST_SHOWN


@njit(cache=True, nogil=True)
def next_sound(chars, at, end, before, first, classes):
    """The next sound that is heard, where it ends and the last class there; 0: there is none."""
    while at < end:
        sound = classes[chars[at]] if chars[at] < 128 else chars[at]
        heard = sound != 0 and sound != before and (sound != 7 or first)
        before = sound
        at += 1
        if heard:
            return sound, at, before
    return 0, at, before


@njit(cache=True, nogil=True)
def sound_alike(chars, a, a_end, b, b_end, classes):
    """Whether two names have the same consonants in the same order, told by their classes."""
    x = y = 1
    before_a = before_b = 0
    first = True
    while x == y and x != 0:
        x, a, before_a = next_sound(chars, a, a_end, before_a, first, classes)
        y, b, before_b = next_sound(chars, b, b_end, before_b, first, classes)
        first = False
    return x == y


@njit(cache=True, nogil=True)
def part_names(lefts, rights, codes, used, chars, offsets, classes, field, other, patterns):
    """Note where two different given names are both in use, unless one is the other cut short.

    Of two that are much alike it is so where they sound otherwise: Tara and Sara are two names,
    Sara and Sarah are not. `classes` are those of `sound_forms`. `used` says 1 of a name in use and
    2 of a Western one: who is 丽梅 at home is Sophia at work, so the two say nothing of each other.
    """
    shift = np.uint64(4 * field)
    for p in range(len(lefts)):
        level = (patterns[p] >> shift) & np.uint64(15)
        if level == 0 or level > np.uint64(5):
            continue
        a = codes[lefts[p]]
        b = codes[rights[p]]
        if not (used[a] and used[b]):
            continue
        a0 = offsets[a]
        b0 = offsets[b]
        if (used[a] == 2 and chars[b0] >= 0x2E80) or (used[b] == 2 and chars[a0] >= 0x2E80):
            patterns[p] = patterns[p] & ~(np.uint64(15) << shift)
            continue
        shorter = min(offsets[a + 1] - a0, offsets[b + 1] - b0)
        longer = b0 if offsets[a + 1] - a0 == shorter else a0
        if begins(chars, a0, b0, shorter) and (
            level <= np.uint64(3) or chars[longer + shorter] == SPACE
        ):
            continue
        if level > np.uint64(3) and sound_alike(
            chars, a0, offsets[a + 1], b0, offsets[b + 1], classes
        ):
            continue
        patterns[p] = patterns[p] & ~(np.uint64(15) << shift) | np.uint64(other) << shift


@njit(cache=True, nogil=True)
def date_levels(lefts, rights, days, out):
    """Compare different dates, packed as yyyymmdd, by the ways they go wrong.

    A digit, a swap, one part; a month or day of 00 is unknown, and 1 January often stands for a
    year alone.
    """
    ten, hundred = np.uint64(10), np.uint64(100)
    for p in range(len(lefts)):
        x = np.uint64(days[lefts[p]])
        y = np.uint64(days[rights[p]])
        ya, ma, da = x // hundred // hundred, x // hundred % hundred, x % hundred
        yb, mb, db = y // hundred // hundred, y // hundred % hundred, y % hundred
        wrong = 0
        u, v = x, y
        for _ in range(8):
            wrong += u % ten != v % ten
            u //= ten
            v //= ten
        equal = int(ya == yb) + int(ma == mb and ma > 0) + int(da == db and da > 0)
        new_year = (ma == 1 and da == 1) or (mb == 1 and db == 1)
        by_year = ma == 0 or mb == 0 or new_year
        by_month = ma == mb and (da == 0 or db == 0)
        years = np.int64(ya) - np.int64(yb)
        months = np.int64(ma) - np.int64(mb)
        apart = abs(years * 372 + months * 31 + np.int64(da) - np.int64(db))
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
        elif abs(years) <= 1:
            level = 3
        elif abs(years) >= GENERATION:
            level = 10
        elif equal == 1:
            level = 2
        else:
            level = 1
        out[p] = level
