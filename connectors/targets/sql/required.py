"""A column that takes no null: what stands in it where there is no value, and rows it refuses."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import sqlalchemy as sa

from connectors.targets.contract import EXTERNAL_ID, Rejection
from connectors.targets.reasons import NOT_MAPPED
from connectors.targets.sql.statements import among
from connectors.targets.sql.tables import Shape
from guiyi.even_chunks import even_chunks


def with_empty_texts(connection: sa.Connection, shape: Shape, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with null for every missing value, or the empty text where the column takes no null
    and has it by default, or has it in that very row.
    """
    complete = [rows[EXTERNAL_ID]]
    for texts in rows.drop(EXTERNAL_ID):
        column = shape.column(texts.name)
        given = texts.set(texts == "", None)
        if column.nothing is not None:
            given = given.fill_null(column.nothing)
        elif column.required and column.is_plain and given.null_count():
            missing = given.is_null()
            is_empty = sa.func.length(shape.table.c[column.name]) == 0
            ids = rows[EXTERNAL_ID].filter(missing).to_list()
            empty = pl.Series(_standing(connection, shape, ids, is_empty), dtype=pl.String)
            given = given.set(missing & rows[EXTERNAL_ID].is_in(empty.implode()), "")
        complete.append(given)
    return even_chunks(pl.DataFrame(complete))


def lacking_columns(connection: sa.Connection, shape: Shape, rows: pl.DataFrame) -> list[Rejection]:
    """The rows that would be new, where the table requires a value that they have no column for."""
    unmapped = shape.unmapped([name for name in rows.columns if name != EXTERNAL_ID])
    if not unmapped or rows.is_empty():
        return []
    there = set(_standing(connection, shape, rows[EXTERNAL_ID].to_list()))
    new = (external_id for external_id in rows[EXTERNAL_ID] if external_id not in there)
    named = ", ".join(column.name for column in unmapped)
    return [Rejection(external_id, named, NOT_MAPPED) for external_id in new]


def _standing(
    connection: sa.Connection,
    shape: Shape,
    ids: Sequence[str],
    *where: sa.ColumnElement[bool],
) -> list[Any]:
    """The external ids, of those named, whose rows are in the table (and are so)."""
    key = shape.table.c[shape.external_id]
    found: list[Any] = []
    for condition, given in among(connection.dialect.name, shape, ids):
        found += connection.scalars(sa.select(key).where(condition, *where), given)
    return found
