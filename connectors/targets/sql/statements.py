"""Statements made once and handed to the driver for many rows or many ids at a time.

SQLAlchemy would make a dictionary of every row, and a parameter of every id.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from connectors.targets.sql.columns import Holds
from connectors.targets.sql.tables import KEY, Shape

Row = tuple[Any, ...]
"""A row ready to be written: the external id, then the values of its columns in order."""
IN_ONE_ARRAY = 50_000
"""External ids handed over as one array."""
IN_ONE_SELECT = 1000
"""External ids in one IN list; every database takes that many parameters."""


@dataclass(frozen=True)
class Prepared:
    """A statement that writes rows, each of them the external id and then its values."""

    statement: sa.Insert | sa.Update
    """What is written."""
    text: str | None
    """The same as the driver reads it; null if SQLAlchemy converts values for that driver."""
    places: tuple[int, ...] = ()
    """Which value of a row each parameter takes, in the order of the text."""
    names: tuple[str, ...] = ()
    """The parameters' names, where the driver calls them by name."""

    def execute(self, connection: sa.Connection, rows: Sequence[Row]) -> None:
        """Write rows."""
        if self.text is None:
            names = [KEY, *(f"v{number}" for number in range(len(rows[0]) - 1))]
            connection.execute(self.statement, [dict(zip(names, row, strict=True)) for row in rows])
        elif self.names:
            named = [dict(zip(self.names, row, strict=True)) for row in rows]
            connection.exec_driver_sql(self.text, named)
        elif self.places == tuple(range(len(rows[0]))):
            connection.exec_driver_sql(self.text, list(rows))
        else:
            ordered = [tuple(row[place] for place in self.places) for row in rows]
            connection.exec_driver_sql(self.text, ordered)


def prepare(connection: sa.Connection, statement: sa.Insert | sa.Update) -> Prepared:
    """Compile a statement over the parameters `KEY`, `v0`, `v1`, ….."""
    dialect = connection.dialect
    compiled = statement.compile(dialect=dialect)
    names = [KEY, *(f"v{number}" for number in range(len(compiled.binds) - 1))]
    converts = any(
        bind.type.dialect_impl(dialect).bind_processor(dialect) for bind in compiled.binds.values()
    )
    if converts or set(compiled.binds) != set(names):
        return Prepared(statement, None)
    if compiled.positiontup is None:
        return Prepared(statement, str(compiled), names=tuple(names))
    return Prepared(statement, str(compiled), tuple(map(names.index, compiled.positiontup)))


def among(
    dialect: str, shape: Shape, ids: Sequence[str]
) -> Iterator[tuple[sa.ColumnElement[bool], dict[str, Any]]]:
    """Say that the external id is among those named: conditions, and what each is run with."""
    key = shape.table.c[shape.external_id]
    if dialect == "sqlite":
        listed = sa.func.json_each(sa.bindparam("ids", type_=sa.Text())).table_valued("value")
        condition: sa.ColumnElement[bool] = key.in_(sa.select(listed.c.value))
        for part in chunks(ids, IN_ONE_ARRAY):
            yield condition, {"ids": json.dumps(part, ensure_ascii=False)}
    elif dialect == "postgresql" and shape.column(shape.external_id).holds is Holds.TEXT:
        condition = key == sa.any_(sa.bindparam("ids", type_=ARRAY(sa.Text())))
        for part in chunks(ids, IN_ONE_ARRAY):
            yield condition, {"ids": part}
    else:
        for part in chunks(ids):
            yield key.in_(part), {}


def chunks(ids: Sequence[str], size: int = IN_ONE_SELECT) -> Iterator[list[str]]:
    """Portion external ids."""
    for start in range(0, len(ids), size):
        yield list(ids[start : start + size])
