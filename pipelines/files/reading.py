"""Reads a file or database by its place alone, for the commands that need no project."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from connectors.sources import Source, TableInfo, inspect, open_place, open_source
from connectors.sources.known_labels import known_share
from guiyi.errors import SourceError
from guiyi.messages import Message
from guiyi.spec import TableSpec, load_project

Step = Callable[[str, int, int | None], None]
"""Told what is being read and how many rows are in."""


SHEET = "_sheet"
"""The column that says which table a row is from, where several were made one."""
COUNTED = ("skipped: blank row", "skipped: total row", "skipped: repeated header")
"""Rows a source leaves out that other readers count as rows of data."""
NAMED = 6
"""So many columns of a table without rows are named."""
EMPTY_LINE = "the line is empty"
"""But a line without a single delimiter is a row to nobody."""


@dataclass(frozen=True)
class Loose:
    """A table read whole, without a project."""

    name: str
    """The file and, where it has several, the table."""
    rows: pl.DataFrame
    damage: pl.DataFrame
    info: TableInfo
    place: str = ""
    """The file, folder or URL it was read from, as it was named."""

    @property
    def data(self) -> pl.DataFrame:
        """The source's own columns."""
        return self.rows.select(pl.exclude("_row", "_place", SHEET))

    @cached_property
    def ordinals(self) -> pl.Series:
        """Number rows as any reader counts data rows from 0: blank rows and totals count too."""
        left_out = self.damage.filter(
            pl.col("problem").is_in(COUNTED), pl.col("detail") != EMPTY_LINE
        )
        everything = pl.concat([self.rows["_row"], left_out["_row"]]).unique().sort()
        return everything.search_sorted(self.rows["_row"]).cast(pl.Int64)

    @property
    def height(self) -> int:
        """How many data rows there are, those left out included."""
        last = self.ordinals.max()
        return 0 if last is None else int(last) + 1  # type: ignore[arg-type]


def read_places(places: Sequence[str], step: Step | None = None) -> list[Loose]:
    """Read every table of files, folders, database URLs or projects."""
    tables = [table for place in places for table in _tables_at(place, step)]
    if not tables:
        raise _without_rows(places)
    return tables


def _without_rows(places: Sequence[str]) -> SourceError:
    """Say why there is nothing to read: no file has more than its header."""
    for place in places if len(places) == 1 else ():
        if not (Path(place) / "guiyi.yaml").is_file():
            headers = [info.columns for info in inspect(place).tables if _is_labelled(info)]
            if len(headers) == 1:
                count = Message.counted(
                    "only a header, without rows: {n} column",
                    "only a header, without rows: {n} columns",
                    n=len(headers[0]),
                )
                names = ", ".join(headers[0][:NAMED]) + (", …" if headers[0][NAMED:] else "")
                # A row of other words may as well be a customer: they are not repeated.
                what = (
                    Message("{before} ({inside})", before=count, inside=names)
                    if known_share(headers[0]) >= LABELS
                    else count
                )
                return SourceError(what, place=place, hint="export it again, with its rows")
    return SourceError("no table with rows", place=", ".join(places), hint="name a file with rows")


LABELS = 0.6
"""A row is named as a header from so many words of labels on."""


def _is_labelled(info: TableInfo) -> bool:
    """Tell a header from the names that columns without one are given."""
    return any(not name.startswith("column_") for name in info.columns)


def read_place(place: str, step: Step | None = None) -> Loose:
    """Read the one table of a place. Raises SourceError if there are several."""
    return the_one(read_places([place], step), place)


def the_one(tables: Sequence[Loose], place: str) -> Loose:
    """The only table of a place. Raises SourceError if there are several."""
    if len(tables) > 1:
        names = ", ".join(table.info.name for table in tables)
        raise SourceError(
            Message("{count} tables, where one is expected", count=len(tables)),
            place=place,
            hint=Message("save one of them as a file of its own: {names}", names=names),
        )
    return tables[0]


def problems(damage: pl.DataFrame) -> dict[str, int]:
    """Count what cannot be trusted and what was skipped, the commonest problem first."""
    counts = damage.group_by("problem").len().sort("len", "problem", descending=[True, False])
    return dict(counts.iter_rows())


def _tables_at(place: str, step: Step | None) -> Iterator[Loose]:
    if (Path(place) / "guiyi.yaml").is_file():
        project = load_project(Path(place))
        for name, spec in project.sources.items():
            source = open_source(name, spec, project.folder)
            yield from _read_all(name, place, source, step)
        return
    found = inspect(place)
    source = open_place(found.kind, **found.options)
    yield from _read_all(Path(place).name or place, place, source, step)


def _read_all(name: str, place: str, source: Source, step: Step | None) -> Iterator[Loose]:
    infos = source.tables()
    for info in infos:
        rows, damage, count = [], [], 0
        for batch in source.read(TableSpec.model_construct(table=info.name, query=None)):
            rows.append(batch.rows)
            damage.append(batch.damage)
            count += batch.rows.height
            if step is not None:
                step(f"{name} {info.name}", count, info.rows)
        if rows and count:
            title = name if len(infos) == 1 else f"{name} {info.name}"
            yield Loose(title, pl.concat(rows), pl.concat(damage), info, place)
