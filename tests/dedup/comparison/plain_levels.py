"""The levels of two different values in plain Python, over the similarities of rapidfuzz."""

from collections.abc import Sequence

from rapidfuzz.distance import OSA, JaroWinkler


def one_edit(left: str, right: str) -> bool:
    """One letter put in, left out or changed, or two neighbours swapped."""
    return OSA.distance(left, right) == 1


def text_level(left: str, right: str) -> int:
    """The level of two different names, without kin or counterpart."""
    shorter, longer = sorted((len(left), len(right)))
    han = max(left[0], right[0]) >= "\u2e80"
    if shorter == 1:
        return 6 if left[0] == right[0] and left[0] < "\u2e80" else 1
    if longer <= 4 and han:
        return 3 if one_edit(left, right) else 1
    if shorter >= 3 and one_edit(left, right):
        return 5 if shorter >= 4 else 3
    like = JaroWinkler.similarity(left, right)
    return next((level for level, least in ((4, 0.90), (3, 0.83), (2, 0.75)) if like >= least), 1)


def digits_level(left: str, right: str) -> int:
    """The level of two different codes."""
    if "*" in left + right:
        shown = [(a, b) for a, b in zip(left[::-1], right[::-1], strict=False) if "*" not in (a, b)]
        return 4 if len(shown) >= 6 and all(a == b for a, b in shown) else 1
    if min(len(left), len(right)) >= 4 and one_edit(left, right):
        return 5
    return 3 if min(len(left), len(right)) >= 6 and left[-6:] == right[-6:] else 1


def date_level(left: str, right: str) -> int:
    """The level of two different dates, yyyy-mm-dd, 00 for what nobody knows."""
    one, other = ([int(part) for part in text.split("-")] for text in (left, right))
    wrong = sum(a != b for a, b in zip(left, right, strict=True))
    equal = sum(0 < a == b for a, b in zip(one, other, strict=True))
    apart = abs(sum(n * (a - b) for n, a, b in zip((372, 31, 1), one, other, strict=True)))
    same_year = one[0] == other[0]
    vague = any(date[1] == 0 or date[1:] == [1, 1] for date in (one, other))
    no_day = one[1] == other[1] and 0 in (one[2], other[2])
    rules = (
        (7, same_year and (vague or no_day)),
        (9, same_year and one[1:] == other[:0:-1]),
        (8, wrong == 1),
        (6, equal == 2),
        (5, apart <= 31),
        (4, wrong == 2),
        (3, abs(one[0] - other[0]) <= 1),
        (10, abs(one[0] - other[0]) >= 15),
        (2, equal == 1),
    )
    return next((level for level, holds in rules if holds), 1)


def words_level(
    left: Sequence[str], right: Sequence[str], weight: dict[str, float]
) -> tuple[int, float]:
    """The level of two different texts as words, and the overlap it hangs on."""
    numbers = [{word for word in words if word[0].isdigit()} for words in (left, right)]
    plain = [[word for word in words if not word[0].isdigit()] for words in (left, right)]
    total = sum(weight[word] for words in plain for word in words)
    common = min(
        sum(max((_alike(a, b, weight) for b in other), default=0.0) for a in one)
        for one, other in (plain, plain[::-1])
    )
    overlap = 2 * common / total if total else 0.5
    state = 1
    if all(numbers):
        shared = len(numbers[0] & numbers[1])
        state = 2 if shared == min(map(len, numbers)) else min(shared, 1)
    return 1 + 3 * min(3, int(overlap * 4)) + state, overlap


def _alike(one: str, other: str, weight: dict[str, float]) -> float:
    if one == other:
        return weight[one]
    if min(len(one), len(other)) >= 4 and one_edit(one, other):
        return 0.8 * min(weight[one], weight[other])
    if min(len(one), len(other)) == 1 and one[0] == other[0]:
        return 0.5 * min(weight[one], weight[other])
    return 0.0
