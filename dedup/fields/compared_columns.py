"""What matching looks at of a clean table, each distinct content of a field once."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from cleansing.coded_table import CodedField, CodedTable
from cleansing.distinct import ranked
from guiyi.kinds import Kind
from guiyi.records import part, raw, reason

PARTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.PERSON_NAME: ("surname", "given", "suffix"),
    Kind.COMPANY_NAME: ("region", "brand", "trade", "branch", "form"),
    Kind.PHONE: ("all",),
    Kind.EMAIL: ("all",),
}
"""The parts of a kind that are looked at beside its value and its comparison key."""

SHOWN = (Kind.PERSON_NAME, Kind.ADDRESS, Kind.REGION, Kind.TEXT)
"""Kinds that are compared as they are shown, without their key."""


def compared(cells: pl.DataFrame, field: str, kind: Kind, blocked: bool = False) -> list[str]:
    """What matching looks at; raw values where some were refused, lists where some are long.

    `blocked`: whether the user names fields to block on, for which every kind has its key.
    """
    wanted = {field, *(part(field, name) for name in PARTS.get(kind, ()))}
    if blocked or kind not in SHOWN:
        wanted.add(part(field, "key"))
    several = part(field, "all")
    if several in cells.columns and not bool((cells[several].list.len() > 1).any()):
        wanted.discard(several)
    if raw(field) in cells.columns:
        refused = cells[field].is_null() & cells[raw(field)].is_not_null()
        if bool(refused.any()):
            wanted |= {raw(field), reason(field)}
    return [name for name in cells.columns if name in wanted]


def coded(
    records: pl.DataFrame | CodedTable, kinds: Mapping[str, Kind], blocked: bool = False
) -> CodedTable:
    """Clean records with each distinct content of a field once, as far as matching looks at it."""
    if isinstance(records, CodedTable):
        return records
    fields = {
        name: coded_field(records, name, Kind(kind), blocked)
        for name, kind in kinds.items()
        if name in records.columns
    }
    own = {column for field in fields.values() for column in field.cells.columns}
    return CodedTable(fields, records.drop(own))


def coded_field(records: pl.DataFrame, field: str, kind: Kind, blocked: bool = False) -> CodedField:
    """One field of clean records, each distinct content once, as far as matching looks at it."""
    cells = records.select(compared(records, field, kind, blocked))
    if kind is Kind.KEY:  # a name of its own in each row
        return CodedField(cells, np.arange(cells.height, dtype=np.int32))
    first, codes = ranked(cells.hash_rows())
    return CodedField(cells[first], codes)
