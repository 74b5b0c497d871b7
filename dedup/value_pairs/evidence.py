"""Evidence about two values, each piece with its weight in bits and its reason in words."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

Parts = Mapping[str, str | None]
"""A clean value with its parts, `value` and `raw` among them."""


class Evidence(NamedTuple):
    """One reason to take two values for the same (positive) or not (negative), in bits."""

    weight: float
    reason: str


Judge = Callable[[Parts, Parts], list[Evidence]]


def alike(a: str, b: str) -> float:
    """Jaro–Winkler similarity, 0 to 1."""
    return float(JaroWinkler.similarity(a, b))


def edits(a: str, b: str) -> int:
    """Optimal string alignment distance: insertions, deletions, changes and neighbours swapped."""
    return int(OSA.distance(a, b))


_HAN = re.compile("[\u3400-\u9fff]")


def is_han(text: str) -> bool:
    """Whether a text is written in Chinese characters, at least in part."""
    return not text.isascii() and _HAN.search(text) is not None


def reading(text: str) -> tuple[str, ...]:
    """The syllables of a Chinese text, without tones."""
    from cleansing.person_name.reference import readings

    table = readings()
    return tuple(table.get(c, c) for c in text)


def conflict(a: str | None, b: str | None) -> bool:
    """Whether two parts are both there and differ."""
    return a is not None and b is not None and a != b
