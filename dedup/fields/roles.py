"""What a field says about who a record is: it identifies, is shared by a group, or describes.

Which pairs are one entity cannot be learned from agreement alone. Where colleagues, families and
branches outnumber duplicates, the tightest class that expectation–maximisation finds is the group
(Winkler 1993 saw it in census households). So what a field says about identity is known beforehand:
it follows from the kind of the field and from what a record is about, and is not estimated.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from dedup.comparison.base import Comparison, Group
from dedup.comparison.company_names import CompanyComparison
from dedup.comparison.kinds import DateComparison
from dedup.comparison.split_dates import JOINED
from dedup.fields.shared_values import holders_of, names_of
from dedup.fields.subject import Entity
from dedup.forms.columns import Codes
from guiyi.errors import SpecError
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.near_names import did_you_mean


def telling(comparison: Comparison) -> bool:
    """Whether a field holds numbers or addresses long enough to be one owner's alone."""
    if comparison.group not in (Group.IDENTIFIER, Group.CONTACT, Group.MAIL):
        return False
    lengths = np.diff(comparison.column.text[1])
    return bool(_various(comparison) and len(lengths) and float(lengths.mean()) >= 6)


def _various(comparison: Comparison) -> bool:
    """Whether a field has too many distinct values for a category."""
    column = comparison.column
    return bool(len(column.values) >= VARIOUS * column.counts.sum())


class Role(StrEnum):
    """What a field says about who a record is."""

    IDENTIFIES = "identifies"
    """It is the entity's own: another value is another entity's, unless it is mistyped."""
    SHARED = "shared"
    """A group shares it: a household its address, colleagues their switchboard."""
    DESCRIBES = "describes"
    """It says what kind of entity it is: gender, industry, source."""


ROLES: Mapping[Entity, Mapping[Group, Role]] = {
    "person": {
        Group.GIVEN: Role.IDENTIFIES,
        Group.SURNAME: Role.IDENTIFIES,
        Group.BIRTH: Role.IDENTIFIES,
        Group.IDENTIFIER: Role.IDENTIFIES,
        Group.MAIL: Role.SHARED,
        Group.CONTACT: Role.SHARED,
        Group.PLACE: Role.SHARED,
        Group.ORGANISATION: Role.SHARED,
        Group.OTHER: Role.DESCRIBES,
    },
    "company": {
        Group.ORGANISATION: Role.IDENTIFIES,
        Group.IDENTIFIER: Role.IDENTIFIES,
        Group.GIVEN: Role.SHARED,
        Group.SURNAME: Role.SHARED,
        Group.BIRTH: Role.DESCRIBES,
        Group.MAIL: Role.SHARED,
        Group.CONTACT: Role.SHARED,
        Group.PLACE: Role.SHARED,
        Group.OTHER: Role.DESCRIBES,
    },
}
"""The role of each group of fields, by what a record is about.

A telephone or a mailbox is shared until its values show otherwise: those that few different names
hold (`holders`) are worth what a number of one's own is worth."""


WHEREABOUTS = frozenset({Group.PLACE, Group.OTHER, Group.IDENTIFIER})
COARSE = 0.005
"""A field that agrees by chance more often says whereabouts or what kind, not who."""
OTHERS, ENOUGH = 0.5, 10
"""Of the values of a code that are repeated, ten at least, more than so many stand beside different
names: it is a group's."""
VARIOUS = 0.3
"""A field with fewer distinct values than this share of its rows is a category, not a number."""
NAMES: Mapping[Entity, frozenset[Group]] = {
    "person": frozenset({Group.GIVEN, Group.SURNAME}),
    "company": frozenset({Group.ORGANISATION}),
}
"""The groups of fields that name an entity."""


@dataclass(frozen=True)
class Keeps:
    """How an entity keeps what identifies it, known before any data is seen."""

    usual: float
    """The share of pairs of records of one entity that really differ, in tables as they come."""
    most: float
    """The largest share the data may persuade of."""
    source: str


KEEPS: Mapping[Group, Keeps] = {
    Group.GIVEN: Keeps(
        0.02, 0.06,
        "an unbounded fit found .018 (persons), .038 and .052 (fake_20000, fake_1000), .073 "
        "(people of the past), .119 (Febrl 2, values replaced at random)",
    ),
    Group.SURNAME: Keeps(
        0.04, 0.12,
        "an unbounded fit found .021 (people of the past), .034 and .036 (fake_20000, fake_1000), "
        ".044 (persons, with marriages), .084 (Febrl 2)",
    ),
    Group.BIRTH: Keeps(
        0.01, 0.08,
        "an unbounded fit found .001 (people of the past), .009 (persons), .059 (Febrl 2), .096 "
        "and .107 (fake_1000, fake_20000)",
    ),
    Group.ORGANISATION: Keeps(
        0.03, 0.15, "an unbounded fit found .004 (Chinese firms), .051 (Chicago); bound by hand"
    ),
    Group.CONTACT: Keeps(
        0.2, 0.6, "an unbounded fit found .149 (Chicago), .240 (persons); set by hand above it"
    ),
    Group.MAIL: Keeps(0.2, 0.6, "an unbounded fit found .175 (persons); set by hand above it"),
}  # fmt: skip
"""What is believed of matches; a table to read and to change. Of telephones and mailboxes it bounds
the fit only: a match class free to believe that they differ as a rule is one of namesakes."""


REGISTERED = Keeps(
    0.01, 0.04,
    "set by hand: a firm has one registered name at a time; the rest are renamed firms",
)  # fmt: skip
"""The same of Chinese names of firms, which are registered."""


def keeps_of(comparison: Comparison) -> Keeps | None:
    """How an entity keeps what a comparison compares, if that is known."""
    if isinstance(comparison, CompanyComparison) and comparison.registered:
        return REGISTERED
    return KEEPS.get(comparison.group)


@dataclass(frozen=True)
class Roles:
    """What records are about, and the role of each comparison."""

    entity: Entity
    of: tuple[Role, ...]
    coarse: tuple[int, ...] = ()
    """The places of the comparisons that say whereabouts or what kind: many records agree."""

    @classmethod
    def by_group(
        cls, comparisons: Sequence[Comparison], entity: Entity, given: Mapping[str, str]
    ) -> "Roles":
        """The roles that follow from what the fields hold; `given` ones, by field, come first.

        The parts of a field (`name.given`) have its role, a date in several columns has that of
        any of them.
        """
        unclear = any(_may_be_shared(c) for c in comparisons)
        names = names_of(comparisons, entity) if unclear else None
        of = tuple(given_role(c, given) or _usual_role(c, entity, names) for c in comparisons)
        coarse = tuple(
            f
            for f, c in enumerate(comparisons)
            if of[f] is not Role.IDENTIFIES and c.group in WHEREABOUTS and c.column.chance > COARSE
        )
        return cls(entity, of, coarse)

    def is_coarse(self, f: int) -> bool:
        """Whether a field only says whereabouts or what kind."""
        return f in self.coarse

    def with_role(self, role: Role) -> tuple[int, ...]:
        """The places of the comparisons that have a role."""
        return tuple(f for f, own in enumerate(self.of) if own is role)


def check_names(given: Iterable[str], kinds: Mapping[str, Kind]) -> None:
    """Raise SpecError for roles of fields that are not matched."""
    for name in given:
        if name not in kinds:
            raise SpecError(
                Message("there is no field `{name}` to give a role to", name=name),
                place="match.roles",
                hint=did_you_mean(name, kinds),
            )


def without_effect(given: Iterable[str], comparisons: Sequence[Comparison]) -> list[str]:
    """The note on roles whose fields are compared with another one, or not at all."""
    idle = [name for name in given if not any(_is_of(c, name) for c in comparisons)]
    return [
        Message("{field}: its role has no effect, because it is not compared by itself", field=name)
        for name in idle
    ]


def given_role(comparison: Comparison, given: Mapping[str, str]) -> Role | None:
    """The role a user gives what is compared, if any."""
    named = next((name for name in given if _is_of(comparison, name)), None)
    return None if named is None else Role(given[named])


def _is_of(comparison: Comparison, field: str) -> bool:
    """Whether a comparison is that of a field: of it, of a part of it, or of a date it is in."""
    if isinstance(comparison, DateComparison):
        return f"{JOINED}{field}{JOINED}" in f"{JOINED}{comparison.name}{JOINED}"
    return f"{comparison.name}.".startswith(f"{field}.")


def _may_be_shared(comparison: Comparison) -> bool:
    """Whether what is called a number of the entity may be one that several have."""
    return comparison.group is Group.IDENTIFIER and comparison.most_changed >= 1


def _usual_role(comparison: Comparison, entity: Entity, names: Codes | None) -> Role:
    """The role of a field by what it holds; a code of few values is a category.

    A code that stands beside different names wherever it is repeated is the number of a house, or
    an agent's telephone.
    """
    usual = ROLES[entity][comparison.group]
    if not _may_be_shared(comparison):
        return usual
    if not _various(comparison):
        return Role.DESCRIBES
    if names is None:
        return usual
    repeated = comparison.column.counts >= 2
    holders = holders_of(comparison.column.codes, names, len(comparison.column.values))
    several = int((holders[repeated] >= 2).sum())
    return Role.SHARED if several > OTHERS * max(ENOUGH, int(repeated.sum())) else usual
