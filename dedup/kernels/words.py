"""The levels of texts made of words: addresses and company names, pair by pair."""

# numba compiles these functions: they read like C on purpose, and stay untyped for it.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"
# ruff: noqa: C901

import numpy as np
from numba import njit

from dedup.kernels.fields import AHEAD
from dedup.kernels.machine import fetch
from dedup.kernels.texts import BENCH, begins, jaro_winkler, one_edit

ONE_WORD = 0.87
"""From this Jaro–Winkler similarity on two words may be one, mistyped; kawoka and kakado have .858.
Five public sets have the same F1 at .85 and at .87."""
SAYS_LITTLE = tuple(map(ord, "投资控股集团实业发展国际企业"))
"""Of these characters are the words beside a trade that make no other of it."""


@njit(cache=True, nogil=True)
def token_levels(lefts, rights, starts, tokens, weights, numeric, chars, offsets, out):
    """Compare different texts as word sets weighted by rarity, the numbers in them judged apart.

    Level 1 + 3 × (quarter of overlap) + (0 numbers conflict, 1 none to compare, 2 numbers agree).
    """
    last = len(lefts) - 1
    for p in range(len(lefts)):
        q = min(p + AHEAD, last)
        fetch(starts, lefts[q])
        fetch(starts, rights[q])
        q = min(p + AHEAD // 2, last)
        fetch(tokens, starts[lefts[q]])
        fetch(tokens, starts[rights[q]])
        a = lefts[p]
        b = rights[p]
        total = 0.0
        numbers_a = 0
        numbers_b = 0
        for i in range(starts[a], starts[a + 1]):
            s = tokens[i]
            if numeric[s]:
                numbers_a += 1
            else:
                total += weights[s]
        for j in range(starts[b], starts[b + 1]):
            t = tokens[j]
            if numeric[t]:
                numbers_b += 1
            else:
                total += weights[t]
        common, numbers, near = common_words(starts, tokens, weights, numeric, chars, offsets, a, b)
        if near:  # two words of one text may be near the same word of the other
            back = common_words(starts, tokens, weights, numeric, chars, offsets, b, a)
            common = min(common, back[0])
        overlap = 2 * common / total if total > 0 else 0.0
        if total == 0:
            overlap = 0.5
        quarter = min(3, int(overlap * 4))
        state = 1
        if numbers_a > 0 and numbers_b > 0:
            state = 2 if numbers == min(numbers_a, numbers_b) else (1 if numbers > 0 else 0)
        out[p] = 1 + 3 * quarter + state


@njit(cache=True, nogil=True, inline="never")
def common_words(starts, tokens, weights, numeric, chars, offsets, a, b):
    """Weight of a's words that b has, or nearly has; its common numbers; whether any was near."""
    common = 0.0
    numbers = 0
    near = False
    for i in range(starts[a], starts[a + 1]):
        s = tokens[i]
        best = 0.0
        for j in range(starts[b], starts[b + 1]):
            t = tokens[j]
            if s == t:
                if numeric[s]:
                    numbers += 1
                else:
                    best = weights[s]
                break
            if not numeric[s] and not numeric[t]:
                ls = offsets[s + 1] - offsets[s]
                lt = offsets[t + 1] - offsets[t]
                x = offsets[s]
                y = offsets[t]
                # one edit leaves the first or the last of four letters as it was
                alike = chars[x] == chars[y] or chars[x + ls - 1] == chars[y + lt - 1]
                if not alike or (abs(ls - lt) > 1 and min(ls, lt) > 1):
                    continue
                if min(ls, lt) >= 4 and one_edit(chars, x, ls, y, lt):
                    best = max(best, 0.8 * min(weights[s], weights[t]))
                    near = True
                elif min(ls, lt) == 1 and chars[x] == chars[y]:
                    best = max(best, 0.5 * min(weights[s], weights[t]))
                    near = True
        common += best
    return common, numbers, near


@njit(cache=True, nogil=True, inline="never")
def shared_words(starts, tokens, weights, a, b):
    """Weight of the common words over the mean weight of both texts, and over the lighter one's."""
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
def has_own_word(starts, tokens, chars, offsets, a, b, bench):
    """Whether text a has a word that is none of b's, not even with typos or shortened."""
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
def related_trades(x, y, chars, offsets):
    """How two trades go together: whether they are the same, or one is part of the other.

    4: the same trade; 3: one is part of the other, which has only words besides that say little
    (投资, 控股, 集团); 2: one is part of the other; 1: only one is given; 0: another trade.
    """
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
def company_level(
    a,
    b,
    bench,
    brand,
    region,
    trade,
    branch,
    form,
    kin,
    chars,
    offsets,
    brand_chars,
    brand_offsets,
    trade_chars,
    trade_offsets,
    starts,
    tokens,
    weights,
    word_chars,
    word_offsets,
):
    """The level of two different company names; the order of the levels is CompanyComparison's."""
    x = brand[a]
    y = brand[b]
    region_conflict = region[a] >= 0 and region[b] >= 0 and region[a] != region[b]
    in_full = form[a] >= 0 and form[b] >= 0
    trades = related_trades(trade[a], trade[b], trade_chars, trade_offsets)
    han = max(chars[offsets[a]], chars[offsets[b]]) >= 0x2E80
    registered = han and in_full and region[a] >= 0 and region[b] >= 0
    trade_conflict = trades == 0 or (trades == 1 and in_full) or (trades == 2 and registered)
    branch_conflict = branch[a] != branch[b]
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
    xa = brand_offsets[x]
    ya = brand_offsets[y]
    lx = brand_offsets[x + 1] - xa
    ly = brand_offsets[y + 1] - ya
    overlap, part = shared_words(starts, tokens, weights, a, b)
    if han:
        if lx <= 6 and ly <= 6 and one_edit(brand_chars, xa, lx, ya, ly):
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
        has_own_word(starts, tokens, word_chars, word_offsets, a, b, bench)
        and has_own_word(starts, tokens, word_chars, word_offsets, b, a, bench)
    ):
        return 3
    return 2 if overlap >= 0.4 or like >= 0.85 else 1


@njit(cache=True, nogil=True)
def company_levels(lefts, rights, parts, out):
    """Compare different company names over many pairs; `parts` as `company_level` takes them."""
    bench = np.zeros(BENCH, np.uint64)
    for p in range(len(lefts)):
        out[p] = company_level(lefts[p], rights[p], bench, *parts)
