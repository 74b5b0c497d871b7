"""The levels of texts made of words, such as addresses, pair by pair."""

# numba compiles these functions: they read like C on purpose, and stay untyped for it.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

from typing import Any, NamedTuple

from numba import njit

from dedup.kernels.fields import AHEAD
from dedup.kernels.machine import fetch
from dedup.kernels.texts import Texts, one_edit


class WordSets(NamedTuple):
    """The words of each text, by number, and what is known of each word."""

    starts: Any
    """Where the words of each text begin among `tokens`."""
    tokens: Any
    weights: Any
    """How rare each word is."""
    numeric: Any
    """Whether each word is a number."""
    spelled: Texts


@njit(cache=True, nogil=True)
def token_levels(lefts, rights, words, out):
    """Compare different texts as word sets weighted by rarity, the numbers in them judged apart.

    Level 1 + 3 × (quarter of overlap) + (0 numbers conflict, 1 none to compare, 2 numbers agree).
    """
    starts, tokens, weights, numeric = words.starts, words.tokens, words.weights, words.numeric
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
        common, numbers, near = common_words(words, a, b)
        if near:  # two words of one text may be near the same word of the other
            back = common_words(words, b, a)
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
def common_words(words, a, b):
    """Weight of a's words that b has, or nearly has; its common numbers; whether any was near."""
    starts, tokens, weights, numeric = words.starts, words.tokens, words.weights, words.numeric
    chars, offsets = words.spelled.chars, words.spelled.offsets
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
