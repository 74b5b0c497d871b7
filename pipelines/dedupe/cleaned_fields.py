"""The fields of raw records, cleaned value by value: for matching to look at, and put aside."""

from collections.abc import Sequence

import polars as pl

from cleansing.coded import Coded
from cleansing.coded_table import CodedField
from cleansing.distinct import distinct_of
from cleansing.side_by_side import side_by_side
from cleansing.table import clean_fields
from dedup import Progress
from dedup.fields import compared
from dedup.survivorship import LEVELS, line_of
from guiyi.kinds import Kind
from guiyi.records import part
from guiyi.spec import EntitySpec
from pipelines.dedupe.clean_columns import CleanColumns


def distinct_columns(columns: list[pl.Series]) -> dict[str, Coded]:
    """Tell each column by its distinct values; empties `columns`, so that its texts are let go."""
    names = [column.name for column in columns]
    coded = side_by_side(distinct_of, (columns.pop(0) for _ in names))
    return dict(zip(names, coded, strict=True))


def cleaned_fields(
    columns: dict[str, Coded], clean: CleanColumns, entity: EntitySpec, watch: Progress
) -> dict[str, CodedField]:
    """Clean each field and put it aside; returns what matching compares. Empties `columns`.

    Telephones come last: the other fields show which country they are of.
    """
    blocked = entity.match.blocking != "auto"
    found: dict[str, CodedField] = {}
    count, order = len(columns), list(columns)
    waiting = sorted(order, key=lambda name: entity.kinds.get(name) is Kind.PHONE)

    def keep(name: str, field: CodedField) -> None:
        clean.put(name, field)
        watch("clean", clean.height * (count - len(columns)) // count, clean.height)

    def keep_as_is(until: str | None) -> None:
        """Columns that are no fields stand where they stood."""
        while waiting and (name := waiting.pop(0)) != until:
            values = columns.pop(name)
            keep(name, CodedField(values.values.alias(name).to_frame(), values.codes))

    kinds = {name: kind for name, kind in entity.kinds.items() if name in columns}
    for name, field in clean_fields(columns, kinds, clean.height, entity.homes, alone=True):
        keep_as_is(until=name)
        own = entity.fields[name]
        if own.match or name in entity.key_kinds:
            found[name] = field.select(compared(field.cells, name, own.kind, blocked))
        keep(name, field.select(_columns_to_keep(field.cells.columns, name, entity)))
    keep_as_is(until=None)
    return {name: found[name] for name in order if name in found}


def _columns_to_keep(columns: Sequence[str], field: str, entity: EntitySpec) -> list[str]:
    """What merging and the report read: every part that only matching compares is let go.

    What a survivorship rule asks of a record (`when`) is read, and so is kept.
    """
    levels = (name for names in LEVELS.values() for name in names)
    parts = ["raw", "reason", "key", "org", "imputed", *levels]
    if line_of(entity, field) is not None:
        parts.append("type")
    wanted = {field, *(part(field, name) for name in parts)}
    asked = " ".join(rule.when for rule in entity.survivorship.values() if rule.when is not None)
    return [name for name in columns if name in wanted or name in asked]
