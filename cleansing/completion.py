"""A field is completed from the other fields of its record; only rows in question are looked at.

complete(fields, completion)     # FIELD → CodedField; the changed cells stand behind the others
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing.coded import Codes
from cleansing.coded_table import CodedField
from cleansing.distinct import ranked
from guiyi.even_chunks import even_chunks


@dataclass(frozen=True)
class Completion:
    """What may change in a field, and by which columns of its record."""

    field: str
    asked: pl.Expr
    """Which of the field's own cells may change, judged by its own columns."""
    changed: Sequence[pl.Expr]
    """The columns that change, by columns of this field and of others."""


def complete(fields: dict[str, CodedField], completion: Completion) -> None:
    """Put the completed field in the place of the one that is there."""
    field = fields[completion.field]
    asked = field.cells.select(completion.asked.fill_null(value=False)).to_series().to_numpy()
    if not asked.any():
        return
    rows = np.flatnonzero(asked[field.codes])
    names = {name for change in completion.changed for name in change.meta.root_names()}
    context = even_chunks(pl.DataFrame([_column(fields, name, rows) for name in sorted(names)]))
    fields[completion.field] = amended(field, rows, context.select(completion.changed))


def amended(field: CodedField, rows: npt.NDArray[np.int64], changed: pl.DataFrame) -> CodedField:
    """The field with other values in some columns of some rows, each distinct new cell once."""
    before = field.cells[field.codes[rows]]
    differs = (before.select(changed.columns).hash_rows() != changed.hash_rows()).to_numpy()
    after = even_chunks(before.with_columns(changed.get_columns())).filter(pl.Series(differs))
    if not after.height:
        return field
    first, ranks = ranked(after.hash_rows())
    codes: Codes = field.codes.copy()
    codes[rows[differs]] = np.int32(field.cells.height) + ranks
    return CodedField(pl.concat([field.cells, after[first]], rechunk=True), codes)


def _column(fields: Mapping[str, CodedField], name: str, rows: npt.NDArray[np.int64]) -> pl.Series:
    of = next(field for field in fields.values() if name in field.cells.columns)
    return of.cells[name].gather(of.codes[rows])
