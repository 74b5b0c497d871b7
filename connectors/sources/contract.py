"""What every source promises: tables that say what they hold, and batches that lose nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import polars as pl

from guiyi.errors import SourceError
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.messages import Message, stored
from guiyi.near_names import did_you_mean
from guiyi.spec import TableSpec

ROW = "_row"
"""The column with the number a person would look for: sheet row, line, ordinal."""
PLACE = "_place"
"""The column that says where a row stands, in words."""
BATCH_ROWS = 20_000
"""The largest number of rows a batch holds."""
UNREADABLE = "unreadable"
"""Problem codes that start with this refuse the whole row; the extract stage quarantines it."""
RAGGED = "unreadable: ragged row"
"""A row with more or fewer values than there are columns: nobody can say which value is whose, its
key among them. With more, the whole line stands in its first column."""
DOUBTFUL = "doubtful"
"""Problem codes that start with this hold the record back until a steward has given, or confirmed,
the value."""
SKIPPED = "skipped"
"""Problem codes that start with this count a row that is no record: a title, a total, a robot."""

DAMAGE_SCHEMA: Mapping[str, pl.DataType] = {
    ROW: pl.Int64(),
    "column": pl.String(),
    "problem": pl.String(),
    "detail": pl.String(),
    "message": pl.String(),
}


class Link(NamedTuple):
    """A declared foreign key: columns that hold another table's key."""

    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...]


@dataclass(frozen=True)
class TableInfo:
    """What is known of a table before its rows are read."""

    name: str
    """The sheet, table, file or stream."""
    columns: tuple[str, ...]
    """The column names, unique, in order."""
    rows: int | None = None
    """How many rows `read` will yield, if known without reading them."""
    keys: tuple[str, ...] = ()
    """The columns of the declared primary key."""
    candidates: tuple[tuple[str, ...], ...] = ()
    """Sets of columns whose values were seen to be filled and unique; filled by `inspect`."""
    notes: tuple[str, ...] = ()
    """Sentences a person should read: a hidden sheet, skipped totals, a guessed encoding."""
    links: tuple[Link, ...] = ()
    """The declared foreign keys."""
    kinds: Mapping[str, Kind | None] = field(default_factory=dict)
    """Columns whose kind the source itself knows; None: of the reading, not of a customer."""


class Damage(NamedTuple):
    """A cell that cannot be trusted, or a row that is no record. Never holds the value."""

    row: int
    column: str | None
    problem: str
    detail: str


@dataclass(frozen=True)
class Batch:
    """Rows as they came, every column as String, and what is wrong with them."""

    rows: pl.DataFrame
    """The source's columns, then `_row` and `_place`."""
    damage: pl.DataFrame
    """`_row`, `column` (null: the whole row), `problem` (a code), `detail` (a sentence) and
    `message` (what `guiyi.messages.stored` keeps of it)."""


class Source(Protocol):
    """A system that customer records are read from, and never written to."""

    def tables(self) -> list[TableInfo]:
        """List the tables."""
        ...

    def read(self, table: TableSpec, after: int | None = None) -> Iterator[Batch]:
        """Stream one table. Reading twice yields the same rows with the same `_row`.

        Rows rise by `_row`. The damage of a batch lies beyond the last row of the batch before,
        up to its own last row; the last batch has what is left. So whoever kept some batches goes
        on with `after`, the last `_row` of those: only what lies beyond it is yielded.
        """
        ...


def in_batches(pieces: Iterable[tuple[pl.DataFrame, pl.DataFrame]]) -> Iterator[Batch]:
    """Cut pieces of a table (rows, damage) into batches, each with the damage that is its own."""
    held: Batch | None = None
    waiting, nothing = damage_frame(()), None
    for rows, damage in pieces:
        waiting = pl.concat([waiting, damage]).sort(ROW, maintain_order=True)
        nothing = rows.head(0)
        for start in range(0, rows.height, BATCH_ROWS):
            if held is not None:
                yield held
            part = even_chunks(rows.slice(start, BATCH_ROWS))
            own = pl.col(ROW) <= part[ROW][-1]
            held, waiting = Batch(part, waiting.filter(own)), waiting.filter(~own)
    if held is not None:
        yield Batch(held.rows, pl.concat([held.damage, waiting]))
    elif nothing is not None:
        yield Batch(nothing, waiting)


def beyond(batches: Iterable[Batch], after: int | None) -> Iterator[Batch]:
    """Leave out what somebody has already: rows and damage up to the row `after`."""
    for batch in batches:
        if after is None:
            yield batch
            continue
        rows = batch.rows.filter(pl.col(ROW) > after)
        damage = batch.damage.filter(pl.col(ROW) > after)
        if rows.height or damage.height:
            yield Batch(rows, damage)


def damage_frame(damages: Iterable[Damage]) -> pl.DataFrame:
    """Lay damage out as a table."""
    rows = [(*damage, stored(damage.detail)) for damage in damages]
    return pl.DataFrame(rows, schema=dict(DAMAGE_SCHEMA), orient="row")


def text_frame(columns: Sequence[str], rows: Sequence[Sequence[str | None]]) -> pl.DataFrame:
    """Lay rows of text out as a table of Strings; an empty text is a missing value."""
    if not rows:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String()))
    data = [
        pl.Series(name, values, dtype=pl.String())
        for name, values in zip(columns, zip(*rows, strict=True), strict=True)
    ]
    frame = even_chunks(pl.DataFrame(data))
    return frame.with_columns(pl.all().replace("", None))


def located(frame: pl.DataFrame, numbers: pl.Series | Sequence[int], place: str) -> pl.DataFrame:
    """Add `_row` and `_place`; `place` is the sentence the row number completes."""
    return even_chunks(frame.with_columns(pl.Series(ROW, numbers, dtype=pl.Int64()))).with_columns(
        pl.concat_str(pl.lit(place), ROW, separator=" ").alias(PLACE)
    )


_ABSENT = {
    "table": "no table `{name}`",
    "sheet": "no sheet `{name}`",
    "column": "no column `{name}`",
}


def choose(tables: Sequence[str], wanted: str | None, place: str, what: str = "table") -> str:
    """Find the table a spec means. Raises SourceError that names the ones there are."""
    if wanted is None:
        if len(tables) == 1:
            return tables[0]
        raise SourceError(
            Message(
                "{count} tables, and the spec does not say which to read",
                count=len(tables),
            ),
            place=place,
            hint=Message("give `table`; there are: {tables}", tables=", ".join(tables))
            if tables
            else "there are none",
        )
    if wanted in tables:
        return wanted
    raise SourceError(
        Message(_ABSENT[what], name=wanted),
        place=place,
        hint=did_you_mean(wanted, tables),
    )


def unique_names(names: Iterable[str | None], unnamed: Sequence[str]) -> tuple[str, ...]:
    """Give every column a name of its own: the second `电话` becomes `电话_2`."""
    taken = {ROW, PLACE}
    unique: list[str] = []
    for name, instead in zip(names, unnamed, strict=True):
        wanted = (name or "").strip() or instead
        found, count = wanted, 1
        while found in taken:
            count += 1
            found = f"{wanted}_{count}"
        taken.add(found)
        unique.append(found)
    return tuple(unique)
