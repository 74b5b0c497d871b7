"""Which value of a cluster survives into its golden record: the rules, by field and by group."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from guiyi.spec.base import FieldName, Name, Spec
from guiyi.spec.known_names import check_known

DEFAULT = "default"
"""The key of the rule for fields that have none of their own."""


class SurvivorshipStrategy(StrEnum):
    """How one value wins among a cluster's values. Ties go to the most trusted source, the most
    recent record, the fullest value, the best written one; never to where a record stands.
    """

    MOST_RECENT = "most_recent"
    EARLIEST = "earliest"
    MOST_FREQUENT = "most_frequent"
    MOST_COMPLETE = "most_complete"
    MOST_VALID = "most_valid"
    LONGEST = "longest"
    HIGHEST = "highest"
    LOWEST = "lowest"
    SOURCE_PRIORITY = "source_priority"
    SOURCE_TRUST = "source_trust"
    UNION = "union"
    MANUAL = "manual"


ORDERED = frozenset({SurvivorshipStrategy.HIGHEST, SurvivorshipStrategy.LOWEST})
"""Rules that compare the values themselves, and so need dates or amounts."""
_ORDERED_KINDS = frozenset({Kind.DATE, Kind.AMOUNT})
_OF_ONE_FIELD = ORDERED | {SurvivorshipStrategy.UNION}
"""Rules by which no record can be chosen, and so no group of fields."""


def _known_rule(value: object) -> object:
    names = [str(rule) for rule in SurvivorshipStrategy]
    if isinstance(value, str) and value not in names:
        raise ValueError(
            Message(
                "no rule is called `{name}`; {hint}", name=value, hint=did_you_mean(value, names)
            )
        )
    return value


Strategy = Annotated[SurvivorshipStrategy, BeforeValidator(_known_rule)]


class SurvivorshipRule(Spec):
    """The rule for one field, or for a group of fields that are taken from one record together."""

    rule: Strategy
    """Which value wins; `union` keeps all distinct ones, joined with `; `."""
    fields: tuple[FieldName, ...] = ()
    """Of a group, which has a name of its own: the fields that move together."""
    sources: tuple[Name, ...] = ()
    """Sources from the most to the least trusted; the spec's order if not given."""
    trust: dict[Name, Annotated[float, Field(gt=0, le=1)]] = {}
    """Of `source_trust`: how far each source is trusted, to 1; one not named as little as the least
    trusted of them."""
    half_life: Annotated[float, Field(gt=0)] | None = None
    """Of `source_trust`: after so many days a value is trusted half as much; by the date under
    `updated`."""
    when: str | None = None
    """An SQL condition over the record's fields; only values of records that meet it can win."""
    otherwise: Strategy | None = None
    """The rule for golden records in which no record that meets `when` has a value; they stay empty
    if not given."""

    @model_validator(mode="after")
    def _keys_meet(self) -> "SurvivorshipRule":
        trusting = self.rule is SurvivorshipStrategy.SOURCE_TRUST
        if trusting and not self.trust:
            raise ValueError("`source_trust` needs `trust`: how far each source is trusted")
        if not trusting and (self.trust or self.half_life is not None):
            raise ValueError("only `source_trust` has `trust` and `half_life`")
        if self.otherwise is not None and self.when is None:
            raise ValueError("`otherwise` needs `when`")
        if self.otherwise is SurvivorshipStrategy.SOURCE_TRUST and not trusting:
            raise ValueError("`source_trust` needs `trust`: how far each source is trusted")
        for rule in (self.rule, self.otherwise):
            if self.fields and rule in _OF_ONE_FIELD:
                raise ValueError(
                    Message("`{rule}` chooses no record, so no group can move by it", rule=rule)
                )
        return self

    @property
    def strategies(self) -> tuple[SurvivorshipStrategy, ...]:
        """The rules that may choose: its own, and the one for where no record meets `when`."""
        return (self.rule,) if self.otherwise is None else (self.rule, self.otherwise)

    @property
    def without_condition(self) -> "SurvivorshipRule | None":
        """The rule for golden records in which no record that meets the condition has a value."""
        if self.otherwise is None:
            return None
        return self.model_copy(update={"rule": self.otherwise, "when": None, "otherwise": None})


def _rule_alone(value: object) -> object:
    return {"rule": value} if isinstance(value, str) else value


SurvivorshipChoice = Annotated[SurvivorshipRule, BeforeValidator(_rule_alone)]


def _groups_of_their_own(rules: dict[str, SurvivorshipRule]) -> dict[str, SurvivorshipRule]:
    owner: dict[str, str] = {}
    for group, rule in rules.items():
        for name in rule.fields:
            if name in rules:
                raise ValueError(
                    Message("{field}: moves with `{group}`, so it has no rule of its own",
                            field=name, group=group)
                )  # fmt: skip
            if name in owner:
                raise ValueError(
                    Message("{field}: moves with `{group}` or with `{other}`, not with both",
                            field=name, group=owner[name], other=group)
                )  # fmt: skip
            owner[name] = group
    return rules


SurvivorshipRules = Annotated[
    dict[FieldName, SurvivorshipChoice], AfterValidator(_groups_of_their_own)
]
"""The rules of an entity by field or group; `default` for the rest."""


def check_rules(rules: Mapping[str, SurvivorshipRule], kinds: Mapping[str, Kind]) -> None:
    """Refuse rules for fields there are not, or of a kind they cannot compare.

    Raises UnknownName for the former, ValueError for the latter.
    """
    for name, rule in rules.items():
        path, field = f"survivorship.{name}", Message("field")
        if rule.fields:
            if name == DEFAULT or name in kinds:
                raise ValueError(Message("{name}: a group has a name of its own", name=name))
            check_known(f"{path}.fields", rule.fields, kinds, field)
        elif name != DEFAULT:
            check_known("survivorship", (name,), kinds, field)
        for strategy in ORDERED.intersection(rule.strategies):
            if name not in kinds or kinds[name] not in _ORDERED_KINDS:
                raise ValueError(
                    Message(
                        "{name}: `{rule}` compares dates and amounts only",
                        name=name,
                        rule=strategy,
                    )
                )


def check_sources(
    path: str, rules: Mapping[str, SurvivorshipRule], sources: Collection[str]
) -> None:
    """Refuse rules that trust sources there are not. Raises UnknownName."""
    for name, rule in rules.items():
        for key, named in _trusted(rule):
            check_known(f"{path}.{name}.{key}", named, sources, Message("source"))


def _trusted(rule: SurvivorshipRule) -> Iterable[tuple[Literal["sources", "trust"], Iterable[str]]]:
    yield "sources", rule.sources
    yield "trust", rule.trust
