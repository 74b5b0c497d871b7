"""What rows point to: golden ids become the own ids of rows that are there."""

from collections.abc import Sequence

from connectors.targets.confirmed.service import Held, HeldRow, Refused, RowService, SentRow
from connectors.targets.contract import BY_OWN_ID, Rejection
from connectors.targets.reasons import NO_PARENT

Parents = dict[tuple[str, str], HeldRow]
"""The rows that are pointed to, by column and value."""


def parents_of(
    service: RowService, entity: str, rows: Sequence[SentRow]
) -> tuple[Parents, Refused]:
    """Find what rows are to point to; the rows that point nowhere are refused.

    A parent that has no golden id is named by its own, and believed.
    """
    parents: Parents = {}
    refused: Refused = {}
    known: dict[str, Held] = {}
    for column, parent in service.relations(entity).items():
        values = {text for row in rows if (text := row.values.get(column)) is not None}
        own = {text for text in values if text.startswith(BY_OWN_ID)}
        there = known.setdefault(parent, {})
        wanted = sorted(values - own - there.keys())
        for start in range(0, len(wanted), service.chunk):
            there |= service.read(parent, (), wanted[start : start + service.chunk])
        parents |= {(column, text): there[text] for text in values if text in there}
        for text in own:
            parents[column, text] = HeldRow("", text.removeprefix(BY_OWN_ID), {})
        for row in rows:
            wished = row.values.get(column)
            if wished is not None and (column, wished) not in parents:
                refused[row.external_id] = Rejection(row.external_id, column, NO_PARENT)
    return parents, refused
