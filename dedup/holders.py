"""Which telephones and mailboxes several different people or firms hold.

A value loses its weight by how many different entities hold it, not by how often it occurs: a
mailbox that stands in twenty records of one person is that person's own, and a switchboard that
stands once beside each of four names is nobody's.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from dedup.columns import Codes, Column
from dedup.company import CompanyComparison
from dedup.comparisons import Comparison, Group
from dedup.names import kin_texts, sounds
from dedup.roles import Entity

HELD = frozenset({Group.CONTACT, Group.MAIL})
SEVERAL = 3
"""From so many different names on a value is a group's. Two may be one name and a slip of it, or
the two names of one person in the wrong columns."""
HELD_LABELS = ("equal, held by several names", "equal", "equal, rare value")


def with_holders(comparisons: Sequence[Comparison], entity: Entity) -> list[Comparison]:
    """The comparisons, those of telephones and mailboxes with their values told by holders."""
    names = _name_keys(comparisons, entity)
    if names is None:
        return list(comparisons)
    return [_told_by(c, names) if c.group in HELD else c for c in comparisons]


def _told_by(comparison: Comparison, names: Codes) -> Comparison:
    column = comparison.column
    holders = holders_of(column.codes, names, len(column.values))
    classes = column.bins.copy()
    classes[holders >= SEVERAL] = 0
    held = Column(column.codes, column.values, classes)
    return replace(comparison, column=held, labels=(*comparison.labels[:-3], *HELD_LABELS))


def holders_of(values: Codes, names: Codes, count: int) -> npt.NDArray[np.int64]:
    """How many different names each value stands beside; rows without a name do not count."""
    there = (values >= 0) & (names >= 0)
    pairs = values[there].astype(np.int64) << 32 | names[there]
    return np.bincount(np.unique(pairs) >> 32, minlength=count)


def _name_keys(comparisons: Sequence[Comparison], entity: Entity) -> Codes | None:
    """For each row a number for its name, the same for slips and nicknames of one name."""
    if entity != "person":
        return None
    for group in (Group.GIVEN, Group.SURNAME):
        for comparison in comparisons:
            if comparison.group is group:
                return _keys(comparison)
    return None


def _keys(comparison: Comparison) -> Codes:
    column = comparison.column
    if isinstance(comparison, CompanyComparison):
        brands = comparison.known.brand_values
        first = Column.of(sounds(brands).str.slice(0, 2)).codes
        own = comparison.known.brand
        keys = np.where(own < 0, np.int32(-1), first[own] if len(first) else own)
    else:
        formal, _ = kin_texts(column.values)
        keys = Column.of(sounds(formal).str.slice(0, 1)).codes
    out = keys[column.codes] if len(keys) else column.codes
    return np.where(column.codes < 0, np.int32(-1), out).astype(np.int32)
