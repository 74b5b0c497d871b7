"""Of many names the longest one that begins or ends a text.

A regular expression of thousands of names reads a value in a twentieth of a microsecond, but takes
ten milliseconds to build, each time it is used. So few values are looked up instead, once for each
length of name; and a single value, as a person types it, in Python, for a plan over columns costs
more than the search. All find the same.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial

import polars as pl

MANY = 20_000
"""Values for which building the expression pays."""

FEW = 32
"""Values for which Python's own look-up is quicker than a plan's, which hashes all names anew."""


def at_start(text: pl.Expr, names: Iterable[str], rows: int) -> pl.Expr:
    """The longest of the names that the text begins with, else null; `rows` values are read."""
    names = frozenset(names)
    if rows >= MANY:
        return text.str.extract(f"^({_pattern(names)})")
    if rows <= FEW:
        return text.map_batches(partial(_each, _first, names, 0), return_dtype=pl.String)
    return pl.coalesce(*_matches((text.str.head(size), of) for size, of in _by_length(names)))


def at_end(text: pl.Expr, names: Iterable[str], rows: int, *, before: int = 0) -> pl.Expr:
    """The longest of the names that the text ends with after that many characters, else null."""
    names = frozenset(names)
    if rows >= MANY:
        return text.str.extract(rf"^(?s:.{{{before},}}?)({_pattern(names)})$")
    if rows <= FEW:
        return text.map_batches(partial(_each, _last, names, before), return_dtype=pl.String)
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


Find = Callable[[str, frozenset[str], tuple[int, ...], int], str | None]


def _each(find: Find, names: frozenset[str], before: int, texts: pl.Series) -> pl.Series:
    sizes = _sizes(names)
    found = [None if t is None else find(t, names, sizes, before) for t in texts.to_list()]
    return pl.Series(texts.name, found, pl.String)


@lru_cache(maxsize=100)
def _sizes(names: frozenset[str]) -> tuple[int, ...]:
    return tuple(sorted({len(name) for name in names}, reverse=True))


def _first(text: str, names: frozenset[str], sizes: tuple[int, ...], before: int) -> str | None:
    return next((text[:size] for size in sizes if text[:size] in names), None)


def _last(text: str, names: frozenset[str], sizes: tuple[int, ...], before: int) -> str | None:
    fit = (text[len(text) - size :] for size in sizes if len(text) >= size + before)
    return next((end for end in fit if end in names), None)


def _matches(candidates: Iterable[tuple[pl.Expr, pl.Expr]]) -> Iterator[pl.Expr]:
    for candidate, names in candidates:
        yield pl.when(candidate.is_in(names)).then(candidate)
