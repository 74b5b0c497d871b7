"""What a saved model keeps of its fields, so that other records are compared as those it knew were.

Much of how a field is compared is decided on the values of a whole table: what its dates are,
whether its firms are called by registered names, in which column the given names stand. A few new
records might decide otherwise, and then the weights would not mean what they say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dedup.comparison.base import Comparison, Group, NameOrder
from dedup.comparison.company_names import CompanyComparison
from dedup.comparison.kinds import TextComparison
from dedup.comparison.people import Stood

DECIDED = ("group", "registered", "apart", "order")
NAMES = (Group.GIVEN, Group.SURNAME)


@dataclass(frozen=True)
class KnownFields:
    """What is known of a table's fields before it is looked at, from the model that judges it."""

    order: NameOrder | None = None
    """How whole names are written."""
    types: Mapping[str, str] = field(default_factory=dict)
    """By field, the name of its comparison; these fields are compared and no others, if any."""
    stood: Stood | None = None
    """How often names were written in which column."""


@dataclass(frozen=True)
class KeptField:
    """How one field of a saved model is compared."""

    name: str
    type: str
    """The name of its comparison."""
    group: Group
    labels: tuple[str, ...]
    decided: Mapping[str, Any]
    """What else was decided on the values, as `decided` tells it."""

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "KeptField":
        """Read it from the document of a model."""
        labels = tuple(str(label) for label in document["labels"])
        kept = {name: document[name] for name in DECIDED if name in document}
        return cls(
            str(document["name"]), str(document["type"]), Group(document["group"]), labels, kept
        )

    def is_of(self, comparison: Comparison) -> bool:
        """Whether a comparison of another table can be judged as this field."""
        names = [(c.group if c.group in NAMES else None) for c in (self, comparison)]
        return (
            self.type == type(comparison).__name__
            and self.labels == tuple(comparison.labels)
            and names[0] == names[1]
        )

    def taken_up(self, comparison: Comparison) -> Comparison:
        """The comparison with what was decided on the table that the model was fitted on."""
        return with_decided(comparison, self.decided)


def decided(comparison: Comparison) -> dict[str, Any]:
    """What was decided on the values of a table, as the document of a model has it."""
    document: dict[str, Any] = {"group": str(comparison.group)}
    if isinstance(comparison, CompanyComparison):
        document["registered"] = comparison.registered
        document["apart"] = named(comparison.labels, comparison.apart)
    if isinstance(comparison, TextComparison) and comparison.stands is not None:
        document["order"] = str(comparison.order)
    return document


def named(labels: Sequence[str], levels: Sequence[int]) -> list[str]:
    """Levels by their names; those that never occur have none."""
    return [labels[level] for level in levels if labels[level] != "–"]


def with_decided(comparison: Comparison, document: Mapping[str, Any]) -> Comparison:
    """The comparison with what was decided on the values of another table."""
    kept = replace(comparison, group=Group(document["group"]))
    if isinstance(kept, CompanyComparison):
        apart = tuple(kept.labels.index(label) for label in document["apart"])
        return kept.called(bool(document["registered"]), apart)
    if isinstance(kept, TextComparison) and "order" in document:
        return replace(kept, order=NameOrder(document["order"]))
    return kept
