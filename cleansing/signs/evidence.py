"""Words that tell one kind from another, read once from data/kind_evidence.yaml."""

import re
from functools import cache
from typing import Any

from cleansing import knowledge
from cleansing.column_sample import Sample
from cleansing.kind_type import Sign
from cleansing.registry import kind_type
from guiyi.kinds import Kind

NO_SIGN: Sign = (0.0, "")

TOKEN_WITH_DIGITS = r"(?=.*\d)[A-Za-z0-9_\-:/.#]+"
"""One word with a digit in it, as identifiers are."""


def percent(share: float) -> str:
    """Write a share for a reader."""
    return f"{share:.0%}"


def header_says(kind: Kind, sample: Sample) -> bool:
    """Tell whether the header uses a word for the kind."""
    words = _headers().get(kind.value) or kind_type(kind).header
    return words != "" and re.search(words, sample.header) is not None


@cache
def words_of(name: str) -> frozenset[str]:
    """List the single words under a name."""
    return frozenset(_knowledge()[name].split())


@cache
def phrases_of(name: str) -> frozenset[str]:
    """List the phrases under a name."""
    return frozenset(pattern_of(name).split("|"))


@cache
def pattern_of(name: str) -> str:
    """Give the alternatives under a name as one regular expression."""
    return re.sub(r"\s*\|\s*", "|", _knowledge()[name])


@cache
def _headers() -> dict[str, str]:
    headers: dict[str, str] = _read()["headers"]
    return {kind: re.sub(r"\s*\|\s*", "|", words) for kind, words in headers.items()}


@cache
def declared_pattern(kind: Kind) -> str:
    """Give the headers that name a kind so plainly that odd values are believed to be of it."""
    return re.sub(r"\s*\|\s*", "|", _read()["declared"][kind.value])


@cache
def _knowledge() -> dict[str, str]:
    return {name: words for name, words in _read().items() if isinstance(words, str)}


def _read() -> dict[str, Any]:
    known: dict[str, Any] = knowledge.facts("kind_evidence.yaml")
    return known
