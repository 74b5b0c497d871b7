"""Which telephones and mailboxes several different people or firms hold.

A value loses its weight by how many different entities hold it, not by how often it occurs: a
mailbox that stands in twenty records of one person is that person's own, and a switchboard that
stands once beside each of four names is nobody's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from dedup.comparison.base import Comparison, Group
from dedup.comparison.company_names import CompanyComparison
from dedup.fields.subject import Entity
from dedup.forms.columns import Codes, TextColumn, spread
from dedup.forms.person_names import initial_of

HELD = frozenset({Group.CONTACT, Group.MAIL})
NAMED = (Group.GIVEN, Group.SURNAME)
SEVERAL = 3
"""From so many different names on a value is a group's. Two may be one name and a typo of it, or
the two names of one person in the wrong columns."""
HELD_LABELS = ("equal, held by several names", "equal", "equal, rare value")


Values = npt.NDArray[np.bool_]
"""By value of a field."""


def held_by_several(comparisons: Sequence[Comparison], entity: Entity) -> dict[str, Values]:
    """By field of telephones or mailboxes, which values are a group's; empty where no people are
    compared by name.
    """
    names = _name_keys(comparisons, entity)
    if names is None:
        return {}
    return {
        c.name: holders_of(c.column.codes, names, len(c.column.values)) >= SEVERAL
        for c in comparisons
        if c.group in HELD
    }


def with_holders(comparisons: Sequence[Comparison], held: Mapping[str, Values]) -> list[Comparison]:
    """The comparisons, those of telephones and mailboxes by the holders of each value."""
    return [_by_holders(c, held[c.name]) if c.name in held else c for c in comparisons]


def _by_holders(comparison: Comparison, held: Values) -> Comparison:
    column = comparison.column
    classes = np.where(held, 0, column.bins).astype(np.int8)
    labels = (*comparison.labels[:-3], *HELD_LABELS)
    return replace(
        comparison, labels=labels, column=TextColumn(column.codes, column.values, classes)
    )


def holders_of(values: Codes, names: Codes, count: int) -> npt.NDArray[np.int64]:
    """How many different names each value stands beside; rows without a name do not count."""
    there = (values >= 0) & (names >= 0)
    pairs = values[there].astype(np.int64) << 32 | names[there]
    return np.bincount(_distinct(pairs) >> 32, minlength=count)


def _distinct(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Each number once, in order; of a million in a quarter of the time of `np.unique`."""
    ordered = np.sort(numbers)
    fresh = np.ones(len(ordered), np.bool_)
    fresh[1:] = ordered[1:] != ordered[:-1]
    return ordered[fresh]


def names_of(comparisons: Sequence[Comparison], entity: Entity) -> Codes | None:
    """For each row a number for its name, −1 without; None where no name is compared.

    Persons by their initials, firms by their brands: typos of one name have one number.
    """
    if entity == "person":
        return _name_keys(comparisons, entity)
    for comparison in comparisons:
        if isinstance(comparison, CompanyComparison) and comparison.group is Group.ORGANISATION:
            return spread(comparison.known.brand, comparison.column.codes)
    return None


def _name_keys(comparisons: Sequence[Comparison], entity: Entity) -> Codes | None:
    """For each row a number for the initials of its name; None where no people are compared."""
    keys = initials_of(comparisons) if entity == "person" else None
    if keys is None:
        return None
    found = np.searchsorted(_distinct(keys), keys).astype(np.int32)
    found[keys < 0] = -1
    return found


def initials_of(comparisons: Sequence[Comparison]) -> npt.NDArray[np.int64] | None:
    """For each row the initials of its name as one number, −1 without a name; None without names.

    They are the same for most typos and nicknames of a name, and in whichever order it is written.
    """
    firsts = [_initials(c) for c in comparisons if c.group in NAMED]
    return as_one(np.stack(firsts)) if firsts else None


def as_one(initials: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """The initials of names, one line a part, each name's as one number."""
    least, most = (of(initials, axis=0).astype(np.int64) for of in (np.min, np.max))
    number = most + ((least + 1) << 21) if len(initials) > 1 else most
    return np.where(most < 0, -1, number)


def _initials(comparison: Comparison) -> Codes:
    """For each row the first letter of its name or, if that is a nickname, of the formal one."""
    column = comparison.column
    by_value = np.array([initial_of(name) for name in column.values], np.int32)
    return spread(by_value, column.codes)
