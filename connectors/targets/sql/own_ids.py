"""Relation columns that hold the own ids of the rows they point to, as most CRMs' do.

The load knows rows by their golden ids alone. What is read is translated from own ids to golden
ids, what is written back again, through the rows of the table pointed to.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
import sqlalchemy as sa

from connectors.targets.contract import BY_OWN_ID, EXTERNAL_ID, Rejection
from connectors.targets.reasons import NO_PARENT
from connectors.targets.sql.columns import Holds
from connectors.targets.sql.statements import among
from connectors.targets.sql.tables import Shape, selection
from connectors.targets.sql.values import canonical


@dataclass(frozen=True)
class OwnIds:
    """The columns of a table that hold own ids."""

    parents: Mapping[str, Shape]
    """Column → the table whose rows it points to; that has a key of its own."""

    def __bool__(self) -> bool:
        return bool(self.parents)

    def as_text(self, shape: Shape) -> Shape:
        """The table as the load sees it: such a column holds golden ids."""
        if not self.parents:
            return shape
        columns = dict(shape.columns)
        for name in self.parents:
            key = name.lower() if shape.folds else name
            columns[key] = replace(columns[key], holds=Holds.TEXT, type=sa.Text(), length=None)
        return replace(shape, columns=columns)

    def reading(self, shape: Shape, names: Sequence[str], dialect: str) -> sa.Select[Any]:
        """Select the external id and columns, with golden ids for own ids; `key:` and the own id
        where the row pointed to has no golden id.
        """
        statement = selection(shape, names, dialect)
        if not any(name in self.parents for name in names):
            return statement
        read: list[sa.ColumnElement[Any]] = list(statement.selected_columns)
        tables: sa.FromClause = shape.table
        for place, name in enumerate(names, start=1):
            if name in self.parents:
                parent = self.parents[name]
                other, own = parent.table.alias(f"p{place}"), shape.table.c[shape.column(name).name]
                tables = tables.outerjoin(other, other.c[_key_of(parent)] == own)
                golden = sa.func.nullif(sa.cast(other.c[parent.external_id], sa.String(255)), "")
                nameless = sa.literal(BY_OWN_ID, sa.String(255)) + sa.cast(own, sa.String(255))
                read[place] = sa.case(
                    (own.is_(None), None), else_=sa.func.coalesce(golden, nameless)
                )
        return statement.with_only_columns(*read).select_from(tables)

    def in_turn(self, shape: Shape, rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Portion rows so that those of the same table that others point to are written before:
        their own ids are known only then.
        """
        same = [name for name, parent in self.parents.items() if parent.table is shape.table]
        same = [name for name in same if name in rows.columns]
        while same and rows.height:
            waiting = rows[EXTERNAL_ID].implode()
            waits = pl.any_horizontal(
                pl.col(name).is_in(waiting).fill_null(False) & (pl.col(name) != pl.col(EXTERNAL_ID))
                for name in same
            )
            free = rows.filter(~waits.fill_null(False))
            if free.is_empty() or free.height == rows.height:
                break
            yield free
            rows = rows.filter(waits.fill_null(False))
        yield rows

    def for_writing(
        self, connection: sa.Connection, rows: pl.DataFrame
    ) -> tuple[pl.DataFrame, list[Rejection]]:
        """Rows with own ids for golden ids; one that points to a row which is not there is
        rejected.
        """
        rejected: dict[str, Rejection] = {}
        for name, parent in self.parents.items():
            if name not in rows.columns:
                continue
            known = _own_ids(connection, parent, rows[name])
            own = rows[name].replace_strict(known, default=None, return_dtype=pl.String)
            lost = rows[name].is_not_null() & (rows[name] != "") & own.is_null()
            for external_id in rows[EXTERNAL_ID].filter(lost):
                rejected.setdefault(external_id, Rejection(external_id, name, NO_PARENT))
            rows = rows.with_columns(own.alias(name))
        gone = pl.Series([*rejected], dtype=pl.String)
        return rows.filter(~pl.col(EXTERNAL_ID).is_in(gone.implode())), [*rejected.values()]


def _key_of(parent: Shape) -> str:
    assert parent.own_key is not None, "checked before"
    return parent.own_key


def _own_ids(connection: sa.Connection, parent: Shape, names: pl.Series) -> dict[str, str | None]:
    """Golden id → own id, of rows that are there; `key:` and an own id says it itself."""
    wanted = [name for name in names.drop_nulls().unique(maintain_order=True) if name]
    found: dict[str, str | None] = {
        name: name.removeprefix(BY_OWN_ID) for name in wanted if name.startswith(BY_OWN_ID)
    }
    key, own = parent.table.c[parent.external_id], parent.table.c[_key_of(parent)]
    column, golden = parent.column(_key_of(parent)), parent.column(parent.external_id)
    ids = [name for name in wanted if name not in found]
    for condition, given in among(connection.dialect.name, parent, ids):
        for external_id, own_id in connection.execute(sa.select(key, own).where(condition), given):
            found[canonical(golden, external_id) or ""] = canonical(column, own_id)
    return found
