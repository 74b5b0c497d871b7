"""A CRM in a SQL database, one table a CRM entity."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateColumn

from connectors.targets.contract import EXTERNAL_ID, OWN_ID, Rejection
from connectors.targets.sql.columns import Holds
from connectors.targets.sql.digests import digestible, unlike
from connectors.targets.sql.faults import translate
from connectors.targets.sql.own_ids import OwnIds
from connectors.targets.sql.reading import slices, spell, spelled, tables
from connectors.targets.sql.required import lacking_columns, with_empty_texts
from connectors.targets.sql.spec import SqlTargetSpec
from connectors.targets.sql.statements import chunks
from connectors.targets.sql.tables import (
    Shape,
    nameless,
    naming,
    new_table,
    reflect,
)
from connectors.targets.sql.values import canonical
from connectors.targets.sql.writing import convert, faults, write
from guiyi.errors import TargetError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message, as_message


class SqlTarget:
    """Rows of text in and out of a database, by external id."""

    def __init__(
        self, engine: sa.Engine, spec: SqlTargetSpec, place: str, file: Path | None
    ) -> None:
        self._engine = engine
        self._spec = spec
        self._place = place
        self._file = file
        self._shapes: dict[str, Shape] = {}

    @property
    def place(self) -> str:
        """The database's URL, without its password."""
        return self._place

    @property
    def _dialect(self) -> str:
        return self._engine.dialect.name

    def check(self, entity: str, columns: Sequence[str]) -> bool:
        """See whether the table is there and fit to be loaded into, without changing anything."""
        shape = self._shape(entity)
        if shape is None:
            if not self._spec.create:
                raise TargetError(
                    Message("there is no table `{table}`", table=self._table(entity)),
                    place=self._place,
                    hint="make it, or set target.create: true",
                )
            return False
        self._check_columns(entity, shape, columns)
        self._own_ids(entity)
        return True

    def prepare(self, entity: str, columns: Sequence[str]) -> None:
        """Make the table if it is not there, or check it."""
        if self.check(entity, columns):
            return
        table = new_table(self._table(entity), self._spec.external_id, columns)
        with self._session(Message("create a table"), writing=True) as connection:
            table.create(connection, checkfirst=True)
        self._shapes.pop(entity, None)

    def fetch(
        self, entity: str, columns: Sequence[str], external_ids: Sequence[str] | None = None
    ) -> pl.DataFrame:
        """Read rows as canonical text; none if the table is not there yet."""
        schema = dict.fromkeys([EXTERNAL_ID, *columns], pl.String)
        shape = self._shape(entity)
        if shape is None or (external_ids is not None and not external_ids):
            return pl.DataFrame(schema=schema)
        self._check_columns(entity, shape, columns)
        own_ids = self._own_ids(entity)
        seen, query = own_ids.as_text(shape), own_ids.reading(shape, columns, self._dialect)
        with self._session(Message("read")) as connection:
            found = tables(connection, seen, columns, query, external_ids)
            return pl.concat([pl.DataFrame(schema=schema), *found])

    def canonical(self, entity: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Spell rows the way `fetch` would if they were in the table."""
        shape = self._seen(entity)
        columns = []
        for series in rows:
            name = series.name
            if shape is None or name == EXTERNAL_ID or shape.column(name).is_plain:
                columns.append(series.set(series == "", None))
            else:
                texts = spell(shape.column(name), series.to_list())
                columns.append(pl.Series(name, texts, dtype=pl.String))
        return even_chunks(pl.DataFrame(columns))

    def unlike(self, entity: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Of canonical rows, those that may stand otherwise in the table, or not at all."""
        shape = self._shape(entity)
        if shape is None or self._dialect != "postgresql" or rows.is_empty():
            return rows
        if not digestible(shape, rows) or self._own_ids(entity).parents.keys() & set(rows.columns):
            return rows
        with self._session(Message("read")) as connection:
            return unlike(connection, shape, rows)

    def unfit(self, entity: str, rows: pl.DataFrame) -> list[Rejection]:
        """Tell which rows the table cannot hold; one that is not made yet takes any."""
        shape = self._shape(entity)
        if shape is None:
            return []
        with self._session(Message("read")) as connection:
            lacking = lacking_columns(connection, shape, rows)
            complete = with_empty_texts(connection, shape, rows)
        seen = self._own_ids(entity).as_text(shape)
        found = {row.external_id: row for row in faults(seen, complete, self._dialect)}
        return list(({row.external_id: row for row in lacking} | found).values())

    def upsert(self, entity: str, rows: pl.DataFrame) -> list[Rejection]:
        """Write rows in one transaction. Rows the table cannot hold are rejected one by one."""
        shape = self._existing(entity)
        names = [name for name in rows.columns if name != EXTERNAL_ID]
        self._check_columns(entity, shape, names)
        with self._session(
            Message("write to `{table}`", table=self._table(entity)), writing=True
        ) as connection:
            rejected = lacking_columns(connection, shape, rows)
            out = pl.Series([row.external_id for row in rejected], dtype=pl.String)
            rows = rows.filter(~pl.col(EXTERNAL_ID).is_in(out.implode()))
            own_ids = self._own_ids(entity)
            for part in own_ids.in_turn(shape, rows):
                known, dangling = own_ids.for_writing(connection, part)
                complete = with_empty_texts(connection, shape, known)
                good, unfit = convert(shape, complete, self._dialect)
                rejected += dangling + unfit
                if good.height:
                    rejected += write(connection, shape, names, good, self._dialect)
        return rejected

    def delete(self, entity: str, external_ids: Sequence[str]) -> None:
        """Remove rows in one transaction."""
        shape = self._existing(entity)
        key, table = shape.table.c[shape.external_id], self._table(entity)
        with self._session(
            Message("delete from `{table}`", table=table), writing=True
        ) as connection:
            for chunk in chunks(external_ids):
                connection.execute(sa.delete(shape.table).where(key.in_(chunk)))

    def unidentified(self, entity: str, columns: Sequence[str]) -> pl.DataFrame:
        """Read the rows that have no golden id; none if the table has no primary key beside it."""
        none = pl.DataFrame(schema=dict.fromkeys([OWN_ID, *columns], pl.String))
        shape = self._shape(entity)
        if shape is None or shape.own_key is None:
            return none
        self._check_columns(entity, shape, columns)
        names = [shape.own_key, *columns]
        fields = dict(zip([OWN_ID, *columns], map(shape.column, names), strict=True))
        with self._session(Message("read")) as connection:
            found = connection.execute(nameless(shape, shape.own_key, columns, self._dialect))
            return pl.concat([none, *(spelled(fields, rows) for rows in slices(found))])

    def identify(self, entity: str, golden_ids: Mapping[str, str]) -> list[str]:
        """Give rows a golden id, by their own id; returns those that did not take it."""
        shape = self._existing(entity)
        table, own_key = self._table(entity), shape.own_key
        if own_key is None:
            return list(golden_ids)
        taken = {*self.fetch(entity, [], [*golden_ids.values()])[EXTERNAL_ID]}
        own = shape.column(own_key)
        given, done = naming(shape, own_key), set()
        with self._session(Message("write to `{table}`", table=table), writing=True) as connection:
            keys = connection.execute(nameless(shape, own_key, [], self._dialect)).scalars().all()
            for key in keys:  # as the driver has them, since text may be no number to it
                name = canonical(own, key) or ""
                golden = golden_ids.get(name)
                if golden is not None and golden not in taken:
                    connection.execute(given, {"own": key, "golden": golden})
                    taken.add(golden)
                    done.add(name)
        return [name for name in golden_ids if name not in done]

    def unidentify(self, entity: str, golden_ids: Sequence[str]) -> None:
        """Take the golden id from rows."""
        shape = self._existing(entity)
        key, table = shape.table.c[shape.external_id], self._table(entity)
        with self._session(Message("write to `{table}`", table=table), writing=True) as connection:
            for chunk in chunks(golden_ids):
                statement = sa.update(shape.table).where(key.in_(chunk)).values({key.name: None})
                connection.execute(statement)

    def wants_own_ids(self, entity: str, column: str) -> bool:
        """Tell it by its foreign key; where there is none, by its type."""
        shape = self._shape(entity)
        if shape is None or column in self._spec.own_ids.get(entity, {}):
            return False
        own = shape.column(column)
        referred = shape.foreign_keys.get(own.name)
        if referred is not None:
            return referred.casefold() != self._spec.external_id.casefold()
        return own.holds not in (Holds.TEXT, Holds.PADDED)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def __enter__(self) -> "SqlTarget":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _table(self, entity: str) -> str:
        return self._spec.tables.get(entity, entity)

    def _shape(self, entity: str) -> Shape | None:
        if entity in self._shapes:
            return self._shapes[entity]
        if self._file is not None and not self._file.exists():
            return None  # connecting would make the file
        with self._session(Message("look at its tables")) as connection:
            shape = reflect(connection, self._table(entity), self._spec.external_id)
        if shape is not None:
            self._shapes[entity] = shape
        return shape

    def _existing(self, entity: str) -> Shape:
        shape = self._shape(entity)
        if shape is None:
            raise TargetError(
                Message("there is no table `{table}`", table=self._table(entity)), place=self._place
            )
        return shape

    def _check_columns(self, entity: str, shape: Shape, columns: Sequence[str]) -> None:
        table = self._table(entity)
        missing = shape.missing([self._spec.external_id, *columns])
        if missing:
            raise TargetError(
                Message(
                    "the table `{table}` has no column {columns}",
                    table=table,
                    columns=", ".join(f"`{name}`" for name in missing),
                ),
                place=self._place,
                hint=Message(
                    "correct mapping.{entity}, or: {alteration}",
                    entity=entity,
                    alteration=self._alteration(table, missing),
                ),
            )
        holds = shape.column(shape.external_id).holds
        if holds not in (Holds.TEXT, Holds.PADDED):
            raise TargetError(
                Message(
                    "`{external_id}` of `{table}` holds a {holds}; golden ids are text",
                    external_id=shape.external_id,
                    table=table,
                    holds=as_message(holds.value),
                ),
                place=self._place,
                hint="name a text column in target.external_id",
            )
        if not shape.identifies:
            raise TargetError(
                Message(
                    "`{external_id}` is not unique in the table `{table}`",
                    external_id=shape.external_id,
                    table=table,
                ),
                place=self._place,
                hint=Message(
                    "CREATE UNIQUE INDEX {table}_{external_id} ON {table} ({external_id})",
                    table=table,
                    external_id=shape.external_id,
                ),
            )
        if shape.engine not in (None, "InnoDB"):
            raise TargetError(
                Message(
                    "the table `{table}` has no transactions (engine {engine})",
                    table=table,
                    engine=shape.engine,
                ),
                place=self._place,
                hint=Message("ALTER TABLE {table} ENGINE=InnoDB", table=table),
            )

    def _alteration(self, table: str, missing: Sequence[str]) -> str:
        made = new_table(table, self._spec.external_id, missing)
        columns = [made.c[name] for name in missing]
        added = [f"ADD {CreateColumn(column).compile(self._engine)}" for column in columns]
        return f"ALTER TABLE {table} {', '.join(added)}"

    def _own_ids(self, entity: str) -> OwnIds:
        """The columns that hold own ids of other rows, and the tables of these."""
        parents = {}
        for column, name in self._spec.own_ids.get(entity, {}).items():
            parent = self._shape(name)
            if parent is None or parent.own_key is None:
                raise TargetError(
                    Message(
                        "rows of `{table}` have no own ids for `{column}` to point to",
                        table=self._table(name),
                        column=column,
                    ),
                    place=self._place,
                    hint="make the table with a primary key beside the golden id, or correct "
                    "target.own_ids",
                )
            parents[column] = parent
        return OwnIds(parents)

    def _seen(self, entity: str) -> Shape | None:
        """The table as the load sees it."""
        shape = self._shape(entity)
        return None if shape is None else self._own_ids(entity).as_text(shape)

    @contextmanager
    def _session(self, doing: Message, *, writing: bool = False) -> Iterator[sa.Connection]:
        """Open one transaction; whatever the database says against it is translated."""
        try:
            with self._engine.begin() as connection:
                if writing and self._dialect == "postgresql":
                    # A deferred constraint would refuse the whole batch at its end.
                    connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
                yield connection
        except DBAPIError as error:
            raise translate(error, self._place, doing) from None
