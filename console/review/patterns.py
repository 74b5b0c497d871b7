"""What the cases of a queue have in common: the same fields agree or differ, in the same sources.

A steward who has seen what speaks for and against one of them can decide all that are like it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

LEVEL, WEIGHT = "level.", "weight."
SAME, ALIKE, OTHER, MISSING = "same", "alike", "other", "missing"
OUTCOMES = (SAME, ALIKE, OTHER, MISSING)
"""How two records stand to each other in a field, unless a level of its own says more."""


@dataclass(frozen=True)
class PairPattern:
    """What some cases have in common."""

    id: str
    traits: tuple[tuple[str, str], ...]
    """Field, and how the two stand to each other in it: one of OUTCOMES, or a comparison level that
    says more ("branch against parent or another branch")."""
    sources: tuple[str, str]

    def fields(self, outcome: str) -> list[str]:
        """The fields in which the two stand so to each other."""
        return [field for field, own in self.traits if own == outcome]

    @property
    def special(self) -> list[tuple[str, str]]:
        """The fields with a comparison level of their own, and that level."""
        return [(field, own) for field, own in self.traits if own not in OUTCOMES]


class Patterns:
    """The patterns of a queue."""

    def __init__(self, entity: str, pairs: pl.DataFrame, model: Mapping[str, Any]) -> None:
        own = {one["name"]: set(one.get("apart") or ()) for one in model.get("comparisons") or ()}
        fields = [name.removeprefix(LEVEL) for name in pairs.columns if name.startswith(LEVEL)]
        traits = [_outcome(field, own.get(field, set())) for field in fields]
        sides = [pl.col(side).str.splitn(":", 2).struct.field("field_0") for side in _SIDES]
        named = pairs.select(
            *traits,
            pl.min_horizontal(*sides).alias(".one"),
            pl.max_horizontal(*sides).alias(".other"),
        )
        numbered = named.with_columns(number=pl.struct(pl.all()).rank("dense") - 1)
        self.of_case: npt.NDArray[np.int64] = numbered["number"].to_numpy().astype(np.int64)
        distinct = numbered.unique("number").sort("number")
        self.all = [_pattern(entity, fields, row) for row in distinct.iter_rows()]
        self.places = {pattern.id: number for number, pattern in enumerate(self.all)}

    def sizes(self, places: npt.NDArray[np.int64]) -> list[tuple[PairPattern, int]]:
        """The patterns of some cases with how many of these each has, the largest first."""
        counts = np.bincount(self.of_case[places], minlength=len(self.all))
        found = [(self.all[at], int(counts[at])) for at in np.flatnonzero(counts)]
        return sorted(found, key=lambda one: (-one[1], one[0].id))

    def among(self, pattern: str, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Those of some cases that have a pattern; KeyError for one that there is not."""
        own: npt.NDArray[np.int64] = places[self.of_case[places] == self.places[pattern]]
        return own


_SIDES = ("left", "right")


def _outcome(field: str, apart: set[str]) -> pl.Expr:
    level, weight = pl.col(LEVEL + field), pl.col(WEIGHT + field)
    special = sorted(apart - {"different"})
    return (
        pl.when(level.is_null() | level.str.starts_with("missing"))
        .then(pl.lit(MISSING))
        .when(level.is_in(special))
        .then(level)
        .when(level.str.starts_with("equal"))
        .then(pl.lit(SAME))
        .when(weight > 0)
        .then(pl.lit(ALIKE))
        .otherwise(pl.lit(OTHER))
        .alias(field)
    )


def _pattern(entity: str, fields: list[str], row: tuple[Any, ...]) -> PairPattern:
    *outcomes, one, other, _ = row
    text = "\n".join([entity, *fields, *outcomes, one, other])
    name = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
    return PairPattern(name, tuple(zip(fields, outcomes, strict=True)), (one, other))
