"""Rows of a table as canonical text, a slice at a time."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from connectors.targets.contract import EXTERNAL_ID
from connectors.targets.sql.columns import Holds, TargetColumn
from connectors.targets.sql.copying import copied_out
from connectors.targets.sql.statements import IN_ONE_ARRAY, among, chunks
from connectors.targets.sql.tables import Shape
from connectors.targets.sql.values import canonical
from guiyi.even_chunks import even_chunks

SLICE = 50_000
"""Rows held as Python objects at a time."""
FEW = 100
"""Ids that are asked for one by one, whatever stands between them."""


def tables(
    connection: sa.Connection,
    shape: Shape,
    columns: Sequence[str],
    query: sa.Select[Any],
    external_ids: Sequence[str] | None,
) -> Iterator[pl.DataFrame]:
    """Rows that a query reads (all, or those with these ids): external_id and the columns,
    canonical text.
    """
    named = {EXTERNAL_ID: shape.column(shape.external_id)}
    named |= {name: shape.column(name) for name in columns}
    if connection.dialect.name == "postgresql":
        yield from _copied(connection, shape, named, query, external_ids)
    elif external_ids is None:
        yield from (spelled(named, rows) for rows in slices(connection.execute(query)))
    else:
        for condition, given in among(connection.dialect.name, shape, external_ids):
            found = connection.execute(query.where(condition), given)
            yield from (spelled(named, rows) for rows in slices(found))


def _copied(
    connection: sa.Connection,
    shape: Shape,
    named: Mapping[str, TargetColumn],
    query: sa.Select[Any],
    external_ids: Sequence[str] | None,
) -> Iterator[pl.DataFrame]:
    if not all(column.is_plain for column in named.values()):
        # As ISO 8601 has them, whatever the server is used to.
        connection.exec_driver_sql("SET LOCAL datestyle TO ISO")
        connection.exec_driver_sql("SET LOCAL timezone TO 'UTC'")
    if external_ids is None:
        for part in copied_out(connection, query, list(named), {}):
            yield _in_our_spelling(named, part)
        return
    prefer_index(connection)
    for ids in chunks(external_ids, IN_ONE_ARRAY):
        between = _between(connection, shape, ids) if len(ids) > FEW else None
        wanted = pl.Series(ids, dtype=pl.String).implode()
        if between is None:
            for condition, given in among("postgresql", shape, ids):
                for part in copied_out(connection, query.where(condition), list(named), given):
                    yield _in_our_spelling(named, part)
        else:
            for part in copied_out(connection, query.where(between), list(named), {}):
                yield _in_our_spelling(named, part.filter(pl.col(EXTERNAL_ID).is_in(wanted)))


def prefer_index(connection: sa.Connection) -> None:
    """Let PostgreSQL find ids by their index, even in a table whose statistics it has not yet: for
    thousands of ids it would read the whole table again and again.
    """
    connection.exec_driver_sql("SET LOCAL enable_seqscan TO off")


def _between(
    connection: sa.Connection, shape: Shape, ids: Sequence[str]
) -> sa.ColumnElement[bool] | None:
    """A condition for all rows from the first to the last of some ids, as the database orders
    them, if there are few others among them: one range is read faster than thousands of ids.
    """
    key = shape.table.c[shape.external_id]
    if shape.column(shape.external_id).holds is not Holds.TEXT:
        return None
    given = sa.func.unnest(sa.bindparam("ids", list(ids), type_=ARRAY(sa.Text())))
    # Beside the key, so that they are compared in its collation.
    both = sa.union_all(sa.select(key.label("id")).where(sa.false()), sa.select(given)).subquery()
    ends = sa.select(sa.func.min(both.c.id), sa.func.max(both.c.id))
    first, last = connection.execute(ends).one()
    between = key.between(
        sa.bindparam("first", first, type_=sa.Text()), sa.bindparam("last", last, type_=sa.Text())
    )
    most = 2 * len(ids)
    some = sa.select(key).where(between).limit(most + 1).subquery()
    count = connection.scalar(sa.select(sa.func.count()).select_from(some))
    return between if count is not None and count <= most else None


def _in_our_spelling(named: Mapping[str, TargetColumn], part: pl.DataFrame) -> pl.DataFrame:
    """Values as PostgreSQL spells them, in our spelling."""
    typed = [
        pl.Series(name, spell(column, part[name].to_list()), dtype=pl.String)
        for name, column in named.items()
        if not column.is_plain
    ]
    return even_chunks(part.with_columns(typed)) if typed else part


def slices(result: sa.CursorResult[Any]) -> Iterator[list[tuple[Any, ...]]]:
    """What a query finds, straight from the driver."""
    cursor: Any = result.cursor
    while rows := cursor.fetchmany(SLICE):
        yield list(rows)


def spelled(fields: Mapping[str, TargetColumn], rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    """Spell what was read as canonical text."""
    schema = dict.fromkeys(fields, pl.String)
    if all(field.is_plain for field in fields.values()):
        with suppress(pl.exceptions.PolarsError, TypeError):  # SQLite keeps bytes in any column
            plain = pl.DataFrame(rows, schema=schema, orient="row")
            return plain.with_columns(pl.when(pl.all() != "").then(pl.all()))
    columns = zip(fields.items(), zip(*rows, strict=True), strict=True)
    return even_chunks(
        pl.DataFrame(
            [
                pl.Series(name, spell(field, found), dtype=pl.String)
                for (name, field), found in columns
            ]
        )
    )


def spell(column: TargetColumn, values: Sequence[object]) -> list[str | None]:
    """Spell each distinct value once."""
    if column.holds is Holds.TEXT and set(map(type, values)) <= {str, type(None)}:
        return [value or None for value in values]  # type: ignore[misc]
    known: dict[tuple[type, object], str | None] = {}
    found: list[str | None] = []
    for value in values:
        key = (type(value), value)
        if key not in known:
            known[key] = canonical(column, value)
        found.append(known[key])
    return found
