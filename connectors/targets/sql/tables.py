"""A table of the CRM as the database declares it, and the statements that read and write it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.engine.interfaces import ReflectedIndex

from connectors.targets.sql.columns import Holds, TargetColumn, describe_column

EXTERNAL_ID_LENGTH = 32


@dataclass(frozen=True)
class Shape:
    """What a table looks like."""

    table: sa.Table
    """The table, its values untouched by SQLAlchemy's types."""
    columns: Mapping[str, TargetColumn]
    """Its columns, by name; in lower case where the database ignores case."""
    folds: bool
    """Whether it does not."""
    external_id: str
    """The column that holds the golden id."""
    unique: Mapping[str, tuple[str, ...]]
    """Its unique indexes and constraints → the columns each is over."""
    engine: str | None
    """MariaDB's storage engine."""
    primary: tuple[str, ...] = ()
    """The columns of its primary key."""
    foreign_keys: Mapping[str, str] = field(default_factory=dict)
    """Column → the column of another table whose values it has to hold."""

    def column(self, name: str) -> TargetColumn:
        """Find a column by the name the mapping uses."""
        return self.columns[name.lower() if self.folds else name]

    def missing(self, names: Sequence[str]) -> list[str]:
        """List the columns it should have and has not."""
        return [
            name for name in names if (name.lower() if self.folds else name) not in self.columns
        ]

    @property
    def identifies(self) -> bool:
        """Whether the external id is unique in it."""
        return (self.external_id,) in self.unique.values()

    @property
    def own_key(self) -> str | None:
        """The column by which the CRM itself knows its rows; None if that is the golden id."""
        alone = len(self.primary) == 1 and self.primary != (self.external_id,)
        return self.primary[0] if alone else None

    def unmapped(self, names: Sequence[str]) -> list[TargetColumn]:
        """List the columns a new row needs a value of and that are not among those named."""
        known = {self.external_id, *(self.column(name).name for name in names)}
        return [c for c in self.columns.values() if c.required and c.name not in known]

    @property
    def other_unique(self) -> bool:
        """Whether two rows may collide on something other than the external id."""
        return any(columns != (self.external_id,) for columns in self.unique.values())


def reflect(connection: sa.Connection, name: str, external_id: str) -> Shape | None:
    """Look at a table; None if it is not there."""
    inspector = sa.inspect(connection)
    schema, _, bare = name.rpartition(".")
    if not (inspector.has_table(bare, schema or None)):
        return None
    dialect = connection.dialect.name
    described = [
        describe_column(found, dialect) for found in inspector.get_columns(bare, schema or None)
    ]
    folds = dialect != "postgresql"
    by_name = {column.name.lower() if folds else column.name: column for column in described}
    key = by_name.get(external_id.lower() if folds else external_id)
    return Shape(
        table=sa.Table(
            bare,
            sa.MetaData(),
            *(sa.Column(column.name, sa.types.NullType()) for column in described),
            schema=schema or None,
        ),
        columns=by_name,
        folds=folds,
        external_id=key.name if key else external_id,
        unique=_unique(inspector, bare, schema or None),
        engine=_engine(inspector, bare, schema or None),
        primary=tuple(inspector.get_pk_constraint(bare, schema or None)["constrained_columns"]),
        foreign_keys={
            key["constrained_columns"][0]: key["referred_columns"][0]
            for key in inspector.get_foreign_keys(bare, schema or None)
            if len(key["constrained_columns"]) == len(key["referred_columns"]) == 1
        },
    )


def _engine(inspector: sa.Inspector, table: str, schema: str | None) -> str | None:
    if inspector.dialect.name not in ("mysql", "mariadb"):
        return None
    return inspector.get_table_options(table, schema).get("mysql_engine")


def _unique(inspector: sa.Inspector, table: str, schema: str | None) -> dict[str, tuple[str, ...]]:
    indexes: list[ReflectedIndex] = inspector.get_indexes(table, schema, include_auto_indexes=True)
    found = {
        str(index["name"]): tuple(str(column) for column in index["column_names"])
        for index in indexes
        if index["unique"] and not _is_partial(index)
    }
    for constraint in inspector.get_unique_constraints(table, schema):
        found[str(constraint["name"])] = tuple(constraint["column_names"])
    primary = inspector.get_pk_constraint(table, schema)
    if primary["constrained_columns"]:
        found[primary["name"] or "PRIMARY"] = tuple(primary["constrained_columns"])
    return found


def _is_partial(index: ReflectedIndex) -> bool:
    options = index.get("dialect_options", {})
    return any(key.endswith("_where") and value is not None for key, value in options.items())


def new_table(name: str, external_id: str, columns: Sequence[str]) -> sa.Table:
    """Describe the table Guiyi makes: the golden id as its key, everything else as text."""
    schema, _, bare = name.rpartition(".")
    key = sa.String(EXTERNAL_ID_LENGTH).with_variant(
        mysql.VARCHAR(EXTERNAL_ID_LENGTH, charset="utf8mb4", collation="utf8mb4_bin"),
        "mysql",
        "mariadb",
    )
    text = sa.Text().with_variant(mysql.LONGTEXT(charset="utf8mb4"), "mysql", "mariadb")
    return sa.Table(
        bare,
        sa.MetaData(),
        sa.Column(external_id, key, primary_key=True),
        *(sa.Column(column, text) for column in columns),
        schema=schema or None,
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mariadb_engine="InnoDB",
        mariadb_charset="utf8mb4",
    )


_BOUND: dict[Holds, sa.types.TypeEngine[Any]] = {
    Holds.TEXT: sa.Text(),
    Holds.PADDED: sa.Text(),
    Holds.INTEGER: sa.BigInteger(),
    Holds.DECIMAL: sa.Numeric(),
    Holds.DOUBLE: sa.Double(),
    Holds.SINGLE: sa.Double(),
    Holds.BOOLEAN: sa.Boolean(),
    Holds.DATE: sa.Date(),
    Holds.DATETIME: sa.DateTime(),
    Holds.INSTANT: sa.DateTime(timezone=True),
    Holds.TIME: sa.Time(),
}


def _bind(column: TargetColumn, name: str, dialect: str) -> sa.ColumnElement[Any]:
    if dialect != "postgresql":
        return sa.bindparam(name, type_=sa.types.NullType())
    if column.holds in _BOUND:
        return sa.bindparam(name, type_=_BOUND[column.holds])
    return sa.cast(sa.bindparam(name, type_=sa.Text()), column.type)


KEY = "k"
"""The parameter that holds the external id; `v0`, `v1` … hold the values."""


def insertion(shape: Shape, names: Sequence[str], dialect: str, *, update: bool) -> sa.Insert:
    """Write the statement that inserts rows, and updates those that are there if asked to."""
    columns = [shape.column(name) for name in names]
    values = {column.name: _bind(column, f"v{n}", dialect) for n, column in enumerate(columns)}
    values[shape.external_id] = _bind(shape.column(shape.external_id), KEY, dialect)
    if not update:
        return sa.insert(shape.table).values(values)
    if dialect in ("mysql", "mariadb"):
        insert = mysql.insert(shape.table).values(values)
        again = {c.name: _over(shape, c, insert.inserted[c.name]) for c in columns}
        again = again or {shape.external_id: insert.inserted[shape.external_id]}
        return insert.on_duplicate_key_update(again)
    maker = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return _upserting(shape, columns, maker(shape.table).values(values))


def _upserting(
    shape: Shape, columns: Sequence[TargetColumn], insert: postgresql.Insert | sqlite.Insert
) -> sa.Insert:
    """An insertion that updates the rows that are there."""
    if not columns:
        return insert.on_conflict_do_nothing(index_elements=[shape.external_id])
    return insert.on_conflict_do_update(
        index_elements=[shape.external_id],
        set_={c.name: _over(shape, c, insert.excluded[c.name]) for c in columns},
    )


def merging(shape: Shape, names: Sequence[str], staged: str, number: str) -> sa.Insert:
    """Write PostgreSQL's statement that inserts or updates rows from a staging table of text, with
    the columns `KEY`, `v0`, `v1`, … and one that numbers the rows.
    """
    columns = [shape.column(name) for name in names]
    places = {shape.external_id: KEY, **{c.name: f"v{n}" for n, c in enumerate(columns)}}
    text = [sa.Column(place, sa.Text()) for place in places.values()]
    rows = sa.Table(staged, sa.MetaData(), sa.Column(number, sa.Integer()), *text)
    values = [
        sa.cast(rows.c[place], _BOUND.get(shape.column(name).holds, shape.column(name).type))
        for name, place in places.items()
    ]
    query = sa.select(*values).order_by(rows.c[number])
    insert = postgresql.insert(shape.table).from_select(list(places), query)
    return _upserting(shape, columns, insert)


ZERO: sa.ColumnElement[int] = sa.literal_column("0")
"""No parameter: the driver puts rows of many values into one statement only if it has no others."""


def _over(shape: Shape, column: TargetColumn, new: sa.ColumnElement[Any]) -> Any:
    """What is written over a value: an empty text stays one where there is no new value."""
    if not column.is_plain or column.nothing is not None:
        return new
    there = shape.table.c[column.name]
    return sa.case((sa.and_(new.is_(None), sa.func.length(there) == ZERO), there), else_=new)


def updating(shape: Shape, names: Sequence[str], dialect: str) -> sa.Update:
    """Write the statement that updates rows that are there."""
    columns = [shape.column(name) for name in names]
    values = {
        column.name: _over(shape, column, _bind(column, f"v{n}", dialect))
        for n, column in enumerate(columns)
    }
    key = shape.column(shape.external_id)
    return (
        sa.update(shape.table)
        .where(shape.table.c[shape.external_id] == _bind(key, KEY, dialect))
        .values(values)
    )


def selection(shape: Shape, names: Sequence[str], dialect: str) -> sa.Select[Any]:
    """Write the statement that reads the external id and the columns named."""
    key = shape.table.c[shape.external_id]
    read = [_read(shape, shape.column(name), dialect) for name in names]
    return sa.select(key.label("key"), *read).where(key.is_not(None)).order_by(key)


def _empty(key: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Without external id: an empty text is none."""
    return sa.or_(key.is_(None), sa.func.length(key) == 0)


def nameless(shape: Shape, own_key: str, names: Sequence[str], dialect: str) -> sa.Select[Any]:
    """Write the statement that reads the own key and the columns of rows without external id."""
    key, own = shape.table.c[shape.external_id], shape.table.c[own_key]
    read = [_read(shape, shape.column(name), dialect) for name in names]
    return sa.select(own.label("own"), *read).where(_empty(key)).order_by(own)


def naming(shape: Shape, own_key: str) -> sa.Update:
    """Write the statement that gives a row without external id one: parameters `own`, `golden`."""
    key, own = shape.table.c[shape.external_id], shape.table.c[own_key]
    statement = sa.update(shape.table).where(own == sa.bindparam("own"), _empty(key))
    return statement.values({key.name: sa.bindparam("golden")})


def _read(shape: Shape, column: TargetColumn, dialect: str) -> sa.ColumnElement[Any]:
    found = shape.table.c[column.name]
    return sa.cast(found, sa.Text()) if _needs_cast(column, dialect) else found


def _needs_cast(column: TargetColumn, dialect: str) -> bool:
    return dialect == "postgresql" and column.holds not in _BOUND
