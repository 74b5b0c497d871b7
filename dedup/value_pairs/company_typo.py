"""Whether two full Chinese names are one firm's but for a typo.

One wrong character in a long name, wherever it stands, or one that sounds or looks like the right
one, is for a person to see. A number, a side (东, 西) or another real place is no typo.
"""

import re
from functools import cache

from cleansing.place_chain import readings
from dedup.knowledge.known_names import word_list
from dedup.knowledge.numerals import NUMERALS, as_number
from dedup.value_pairs.evidence import Evidence, Parts, edits, evidence, is_han, reading

SET = frozenset("东西南北中上下前后内外大小甲乙丙丁戊" + NUMERALS)
"""Characters that tell sister firms apart, so no typo."""
LONG = 8
"""From so many characters, without the legal form, any one wrong character may be a typo."""
ALIKE = 6
"""From so many, one that sounds or looks like the right one may be."""
_FORM = re.compile("(?:股份)?有限(?:责任)?公司$|总?公司$")


def judge_typo(a: Parts, b: Parts) -> Evidence | None:
    """Weigh two names that differ in one character, or in two that changed places."""
    if a["form"] is None or a["form"] != b["form"]:
        return None
    found = _judge(a["key"] or "", b["key"] or "")
    return found or _judge(*(_FORM.sub("", re.sub(r"\W", "", p["value"] or "")) for p in (a, b)))


def _judge(one: str, other: str) -> Evidence | None:
    """The same for two names without their legal forms."""
    if len(one) != len(other) or edits(one, other) != 1:
        return None
    odd = odd_characters(one, other)
    if odd is None:
        return evidence("company_typo.swapped") if len(one) >= LONG else None
    at, pair = odd
    if pair & SET or any(c.isascii() for c in pair) or _places_apart(one, other, at):
        return None
    x, y = sorted(pair)
    if len(one) >= ALIKE and reading(x) == reading(y):
        return evidence("company_typo.sounds")
    if len(one) >= ALIKE and y in _look_alike().get(x, ""):
        return evidence("company_typo.looks")
    return evidence("company_typo.one_character") if len(one) >= LONG else None


def odd_characters(one: str, other: str) -> tuple[int, frozenset[str]] | None:
    """Where two names of one length differ in one character, and in which."""
    if len(one) != len(other):
        return None
    odd = [n for n, (x, y) in enumerate(zip(one, other, strict=True)) if x != y]
    return (odd[0], frozenset((one[odd[0]], other[odd[0]]))) if len(odd) == 1 else None


def counted_otherwise(one: str, other: str) -> bool:
    """Whether two names differ in one character that counts: 一期 and 二期, A and B."""
    odd = odd_characters(one, other)
    if odd is None or not is_han(one):
        return False
    numbers = {as_number(c) if c.isdigit() or c in NUMERALS else c for c in odd[1]}
    return len(numbers) > 1 and all(re.match(r"[a-z\d甲乙丙丁戊]", c) for c in numbers)


def _places_apart(one: str, other: str, at: int) -> bool:
    """Whether the character stands in the places of both names, so that both are real places."""
    return all(at < len("".join(readings(name)[-1].names)) for name in (one, other))


@cache
def _look_alike() -> dict[str, str]:
    """A character to those that look like it."""
    groups = word_list("characters_that_look_alike")
    return {char: group for group in groups for char in group}
