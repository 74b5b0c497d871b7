"""The blocking keys of a table, written down, so that another run of its records uses the same."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from dedup.blocking.blocks import MOST_CROWDED, BlockRule, Blocks, Key, finer_form
from dedup.comparison.base import Comparison, Rows
from dedup.forms.tokens import Token


@dataclass(frozen=True)
class PlannedKey:
    """A key by the names of what it is made of, and how its oversized blocks are treated."""

    fields: tuple[str, ...]
    forms: tuple[str, ...]
    largest: int
    """The largest block that was kept whole; 0 where none was too large."""
    split: tuple[str, str] | None
    """The field and the form by which oversized blocks are cut."""

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> "PlannedKey":
        """Take up what was written down."""
        split = document["split"]
        return cls(
            tuple(document["fields"]),
            tuple(document["forms"]),
            int(document["largest"]),
            None if split is None else (str(split[0]), str(split[1])),
        )

    def as_document(self) -> dict[str, Any]:
        """Write it down."""
        return asdict(self)


def planned(blocks: Blocks, comparisons: Sequence[Comparison], rows: int) -> list[PlannedKey]:
    """Write down the keys of blocks; all get a form that cuts blocks which become too large."""
    some: Rows = np.arange(min(rows, MOST_CROWDED), dtype=np.uint32)
    plan = []
    for n, key in enumerate(blocks.keys):
        finer = blocks.splits[n] or (finer_form(some, key, comparisons) if rows else None)
        plan.append(
            PlannedKey(
                key.fields,
                tuple(token.name for token in key.tokens),
                blocks.limits[n],
                None if finer is None else (finer[0], finer[1].name),
            )
        )
    return plan


def planned_keys(plan: Sequence[PlannedKey], comparisons: Sequence[Comparison]) -> list[Key]:
    """The keys of a plan over the rows of these comparisons."""
    return [
        Key(
            tuple(_form(f, form, comparisons) for f, form in zip(p.fields, p.forms, strict=True)),
            p.fields,
        )
        for p in plan
    ]


def rules_of(
    plan: Sequence[PlannedKey], keys: Sequence[Key], comparisons: Sequence[Comparison]
) -> list[BlockRule]:
    """What keys do with oversized blocks; those that are not planned do as the rows say."""
    by_name = {(p.fields, p.forms): p for p in plan}
    named = [(key.fields, tuple(token.name for token in key.tokens)) for key in keys]
    return [_rule(by_name[name], comparisons) if name in by_name else BlockRule() for name in named]


def _rule(plan: PlannedKey, comparisons: Sequence[Comparison]) -> BlockRule:
    split = None if plan.split is None else (plan.split[0], _form(*plan.split, comparisons))
    return BlockRule(plan.largest, split)


def _form(field: str, form: str, comparisons: Sequence[Comparison]) -> Token:
    """A form of a field; where no value has kin any more, the value itself."""
    tokens = next(c.tokens for c in comparisons if c.name == field)
    return next((token for token in tokens if token.name == form), tokens[0])
