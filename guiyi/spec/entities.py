"""What an entity is made of, how its records are matched and which value survives."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from guiyi.kinds import Kind
from guiyi.records import RESERVED
from guiyi.spec.base import FieldName, Name, Spec


class FieldSpec(Spec):
    """One field of an entity."""

    kind: Kind
    """What the field holds."""
    match: bool = True
    """Whether the field is evidence when records are compared."""


def _kind_alone(value: object) -> object:
    return {"kind": value} if isinstance(value, str) else value


class Rule(StrEnum):
    """How one value wins among a cluster's values. Ties go to the next rule in this order:
    source priority, most recent, record key.
    """

    MOST_RECENT = "most_recent"
    MOST_FREQUENT = "most_frequent"
    MOST_COMPLETE = "most_complete"
    SOURCE_PRIORITY = "source_priority"
    UNION = "union"


class SurvivorshipRule(Spec):
    """The rule for one field."""

    rule: Rule
    """Which value wins; `union` keeps all distinct ones, joined with `; `."""
    sources: tuple[Name, ...] = ()
    """Sources from the most to the least trusted; the spec's order if not given."""


def _rule_alone(value: object) -> object:
    return {"rule": value} if isinstance(value, str) else value


SurvivorshipChoice = Annotated[SurvivorshipRule, BeforeValidator(_rule_alone)]


class MatchSpec(Spec):
    """How records of an entity are matched. The defaults are meant to be right."""

    enabled: bool = True
    """False for transactions such as orders: every record is its own golden record."""
    match_at: float | Literal["auto"] = "auto"
    """Match probability from which a pair is a match; `auto` chooses on whole clusters."""
    review_at: float | Literal["auto"] = "auto"
    """Match probability from which a pair is a steward's to decide."""
    blocking: tuple[tuple[FieldName, ...], ...] | Literal["auto"] = "auto"
    """Sets of fields whose comparison keys must agree for a pair to be proposed."""
    max_pairs: int | None = Field(default=None, ge=1)
    """The pair budget; chosen by the number of records if not given."""
    seed: int = 20260101
    """Fixes every draw; the same data and seed give the same clusters."""


def _not_reserved(name: str) -> str:
    if name in RESERVED:
        raise ValueError(f"`{name}` is a name Guiyi keeps for itself; call the field otherwise")
    return name


class EntitySpec(Spec):
    """A kind of thing the records describe: company, person, order, or one of your own."""

    fields: dict[
        Annotated[FieldName, AfterValidator(_not_reserved)],
        Annotated[FieldSpec, BeforeValidator(_kind_alone)],
    ] = Field(min_length=1)
    """The fields, by name."""
    match: MatchSpec = MatchSpec()
    """How its records are matched."""
    updated: FieldName | None = None
    """The date field that says which record is most recent; `extracted_at` if not given."""
    survivorship: dict[FieldName, SurvivorshipChoice] = {}
    """The rule by field; `default` for the rest (most_frequent if not given)."""

    @property
    def kinds(self) -> dict[str, Kind]:
        """The field kinds, by field."""
        return {name: field.kind for name, field in self.fields.items()}

    @property
    def matched_kinds(self) -> dict[str, Kind]:
        """The kinds of those fields that are evidence, by field."""
        return {name: field.kind for name, field in self.fields.items() if field.match}
