"""Of many names the longest one that begins or ends a text.

A regular expression of thousands of names reads a value in a twentieth of a microsecond, but takes
ten milliseconds to build, each time it is used. So few values are looked up instead, once for each
length of name. Both find the same.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

import polars as pl

MANY = 20_000
"""Values for which building the expression pays."""


def at_start(text: pl.Expr, names: Iterable[str], rows: int) -> pl.Expr:
    """The longest of the names that the text begins with, else null; `rows` values are read."""
    names = frozenset(names)
    if rows >= MANY:
        return text.str.extract(f"^({_pattern(names)})")
    return pl.coalesce(*_matches((text.str.head(size), of) for size, of in _by_length(names)))


def at_end(text: pl.Expr, names: Iterable[str], rows: int, *, before: int = 0) -> pl.Expr:
    """The longest of the names that the text ends with after that many characters, else null."""
    names = frozenset(names)
    if rows >= MANY:
        return text.str.extract(rf"^(?s:.{{{before},}}?)({_pattern(names)})$")
    long_enough = {size: text.str.len_chars() >= size + before for size, _ in _by_length(names)}
    return pl.coalesce(
        *_matches(
            (pl.when(long_enough[size]).then(text.str.tail(size)), of)
            for size, of in _by_length(names)
        )
    )


@lru_cache(maxsize=100)
def _pattern(names: frozenset[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


@lru_cache(maxsize=100)
def _by_length(names: frozenset[str]) -> list[tuple[int, pl.Expr]]:
    """Names by their length, the longest first."""
    groups: defaultdict[int, list[str]] = defaultdict(list)
    for name in names:
        groups[len(name)].append(name)
    ordered = sorted(groups.items(), reverse=True)
    return [(length, pl.lit(pl.Series(group)).implode()) for length, group in ordered]


def _matches(candidates: Iterable[tuple[pl.Expr, pl.Expr]]) -> Iterator[pl.Expr]:
    for candidate, names in candidates:
        yield pl.when(candidate.is_in(names)).then(candidate)
