"""Evidence about two values, each piece with its weight in bits and its reason in words."""

import re
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

Parts = Mapping[str, str | None]
"""A clean value with its parts, `value` and `raw` among them."""


class Evidence(NamedTuple):
    """One reason to take two values for the same (positive) or not (negative), in bits."""

    weight: float
    reason: str
    key: str = ""
    """Its row in pair_weights.tsv; none where a pair is only brought to review."""

    def times(self, count: float) -> "Evidence":
        """Weigh the same reason `count` times."""
        return self._replace(weight=self.weight * count)

    def weighing(self, bits: float) -> "Evidence":
        """Give the same reason another weight, worked out from several of the table."""
        return self._replace(weight=bits)

    def at_most(self, bits: float) -> "Evidence":
        """Give the same reason fewer bits than the table where the parts add up to fewer."""
        return self._replace(weight=min(self.weight, bits))


def _read_weights() -> Mapping[str, Evidence]:
    text = files("dedup").joinpath("data", "pair_weights.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {key: Evidence(float(bits), reason, key) for key, bits, reason in rows[1:]}


WEIGHTS = _read_weights()
"""The rows of pair_weights.tsv, read once: a look-up costs less than making the tuple anew."""


def evidence(key: str) -> Evidence:
    """One piece of evidence by its key in pair_weights.tsv."""
    return WEIGHTS[key]


def total(found: Iterable[Evidence]) -> float:
    """The weights of several pieces together, in bits."""
    return sum(e.weight for e in found)


FOR_REVIEW = -0.8
"""In bits, where a pair is put that only a person can decide: above REVIEW, below one half."""


def for_review(found: Iterable[Evidence], reason: str) -> Evidence:
    """Bring what was found to where only a person can decide, for a reason."""
    return Evidence(FOR_REVIEW - total(found), reason)


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
