"""The levels of company names that differ, pair by pair."""

# numba compiles these functions: they read like C on purpose, and stay untyped for it.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"
# ruff: noqa: C901

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from dedup.kernels.texts import BENCH, Texts, begins, jaro_winkler, one_edit
from dedup.kernels.words import WordSets

ONE_WORD = 0.87
"""From this Jaro–Winkler similarity on two words may be one, mistyped; kawoka and kakado have .858.
Five public sets have the same F1 at .85 and at .87."""
SAYS_LITTLE = tuple(map(ord, "投资控股集团实业发展国际企业"))
"""Of these characters are the words beside a trade that make no other of it."""


class CompanyNames(NamedTuple):
    """What distinct company names are made of: by name the number of each part, −1 for none."""

    brand: Any
    region: Any
    trade: Any
    branch: Any
    form: Any
    kin: Any
    """By name: the number of how its brand sounds, and that of the firm it is an alias of."""
    keys: Texts
    """The names themselves, as they are compared."""
    brands: Texts
    trades: Texts
    words: WordSets


@njit(cache=True, nogil=True, inline="never")
def shared_words(words, a, b):
    """Weight of the common words over the mean weight of both texts, and over the lighter one's."""
    starts, tokens, weights = words.starts, words.tokens, words.weights
    heavy_a = 0.0
    heavy_b = 0.0
    common = 0.0
    for j in range(starts[b], starts[b + 1]):
        heavy_b += weights[tokens[j]]
    for i in range(starts[a], starts[a + 1]):
        heavy_a += weights[tokens[i]]
        for j in range(starts[b], starts[b + 1]):
            if tokens[i] == tokens[j]:
                common += weights[tokens[i]]
                break
    if heavy_a == 0 or heavy_b == 0:
        return 0.0, 0.0
    return 2 * common / (heavy_a + heavy_b), common / min(heavy_a, heavy_b)


@njit(cache=True, nogil=True, inline="never")
def holds_part(chars, a0, la, b0, lb):
    """2 where the shorter text stands in the longer, 1 where its letters do, in order; else 0."""
    if la > lb:
        a0, la, b0, lb = b0, lb, a0, la
    for at in range(lb - la + 1):
        i = 0
        while i < la and chars[a0 + i] == chars[b0 + at + i]:
            i += 1
        if i == la:
            return 2
    i = 0
    for j in range(lb):
        if i < la and chars[a0 + i] == chars[b0 + j]:
            i += 1
    return 1 if i == la else 0


@njit(cache=True, nogil=True, inline="never")
def has_own_word(words, a, b, bench):
    """Whether text a has a word that is none of b's, not even with typos or shortened."""
    starts, tokens = words.starts, words.tokens
    chars, offsets = words.spelled.chars, words.spelled.offsets
    for i in range(starts[a], starts[a + 1]):
        x = offsets[tokens[i]]
        lx = offsets[tokens[i] + 1] - x
        known = False
        for j in range(starts[b], starts[b + 1]):
            if tokens[i] == tokens[j]:
                known = True
                break
            y = offsets[tokens[j]]
            ly = offsets[tokens[j] + 1] - y
            same = 0
            while same < min(lx, ly) and chars[x + same] == chars[y + same]:
                same += 1
            if same == min(lx, ly) or jaro_winkler(chars, x, lx, y, ly, bench) >= ONE_WORD:
                known = True
                break
        if not known:
            return True
    return False


@njit(cache=True, nogil=True, inline="never")
def related_trades(x, y, trades):
    """How two trades go together: whether they are the same, or one is part of the other.

    4: the same trade; 3: one is part of the other, which has only words besides that say little
    (投资, 控股, 集团); 2: one is part of the other; 1: only one is given; 0: another trade.
    """
    chars, offsets = trades.chars, trades.offsets
    if x == y:
        return 4
    if x < 0 or y < 0:
        return 1
    x0, y0 = offsets[x], offsets[y]
    lx, ly = offsets[x + 1] - x0, offsets[y + 1] - y0
    if holds_part(chars, x0, lx, y0, ly) != 2:
        return 0
    if lx < ly:
        x0, y0, lx, ly = y0, x0, ly, lx
    for start in range(lx - ly + 1):
        if begins(chars, x0 + start, y0, ly):
            little = True
            for i in range(lx):
                if not start <= i < start + ly and chars[x0 + i] not in SAYS_LITTLE:
                    little = False
            return 3 if little else 2
    return 2


@njit(cache=True, nogil=True, inline="never")
def company_level(names, a, b, bench):
    """The level of two different company names; the order of the levels is CompanyComparison's."""
    region, trade, form, kin = names.region, names.trade, names.form, names.kin
    chars, offsets = names.keys.chars, names.keys.offsets
    x = names.brand[a]
    y = names.brand[b]
    region_conflict = region[a] >= 0 and region[b] >= 0 and region[a] != region[b]
    in_full = form[a] >= 0 and form[b] >= 0
    trades = related_trades(trade[a], trade[b], names.trades)
    han = max(chars[offsets[a]], chars[offsets[b]]) >= 0x2E80
    registered = han and in_full and region[a] >= 0 and region[b] >= 0
    trade_conflict = trades == 0 or (trades == 1 and in_full) or (trades == 2 and registered)
    branch_conflict = names.branch[a] != names.branch[b]
    same_brand = x >= 0 and x == y
    a0 = offsets[a]
    b0 = offsets[b]
    la = offsets[a + 1] - a0
    lb = offsets[b + 1] - b0
    alias = kin[a, 1] >= 0 and kin[a, 1] == kin[b, 1]
    sound = kin[a, 0] >= 0 and kin[a, 0] == kin[b, 0]
    if branch_conflict and (same_brand or sound or alias):
        return 5
    if alias:
        return 11
    if same_brand:
        bare = (region[a] < 0 and trade[a] < 0) != (region[b] < 0 and trade[b] < 0)
        if bare and not in_full:
            return 9
        if region_conflict:
            return 7
        if trade_conflict:
            return 8
        return 6 if trades < 4 or (region[a] < 0) != (region[b] < 0) else 11
    if x < 0 or y < 0:
        return 1
    if sound and not region_conflict and trades == 4:
        return 10
    inside = holds_part(chars, a0, la, b0, lb)
    if inside == 2 and not in_full and min(la, lb) >= (2 if han else 5) and not branch_conflict:
        return 9
    brands = names.brands
    xa = brands.offsets[x]
    ya = brands.offsets[y]
    lx = brands.offsets[x + 1] - xa
    ly = brands.offsets[y + 1] - ya
    overlap, part = shared_words(names.words, a, b)
    if han:
        if lx <= 6 and ly <= 6 and one_edit(brands.chars, xa, lx, ya, ly):
            return 4
        if inside > 0 and not in_full and min(la, lb) <= 6:
            return 3
        return 2 if overlap >= 0.5 else 1
    if min(la, lb) >= 5 and one_edit(chars, a0, la, b0, lb):
        return 12
    if part >= 0.99 and overlap >= 0.5:
        return 9
    like = jaro_winkler(chars, a0, la, b0, lb, bench)
    if (like >= 0.92 or overlap >= 0.75) and not (
        has_own_word(names.words, a, b, bench) and has_own_word(names.words, b, a, bench)
    ):
        return 3
    return 2 if overlap >= 0.4 or like >= 0.85 else 1


@njit(cache=True, nogil=True)
def company_levels(lefts, rights, names, out):
    """Compare different company names over many pairs."""
    bench = np.zeros(BENCH, np.uint64)
    for p in range(len(lefts)):
        out[p] = company_level(names, lefts[p], rights[p], bench)
