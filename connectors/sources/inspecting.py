"""Looks at a file, folder or URL and says what it is and what it holds, for `guiyi init`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from connectors.sources.contacts import TABLE
from connectors.sources.contract import PLACE, ROW, Source, TableInfo
from connectors.sources.opening import open_place, source_type
from connectors.sources.source_type import Location, SourceType
from guiyi.errors import SourceError, refusal
from guiyi.messages import Message
from guiyi.plugins import SOURCES, left_out, plugins, usable
from guiyi.spec import TableSpec

SAMPLE_ROWS = 50_000
"""How many rows a column must be unique over to be proposed as a key."""
_KEY_NAME = re.compile(
    r"(?i)编号|編號|代码|代碼|序号|账号|(?:^|_|\b)(?:id|no|code|key|uuid)$|[a-z]ID$"
)
_URL = re.compile(r"^[A-Za-z][A-Za-z0-9+_.]*://")


@dataclass(frozen=True)
class Inspection:
    """What a source turned out to be."""

    kind: str
    options: dict[str, str] = field(default_factory=dict)
    """What the spec of the source should say beside its kind: `path` or `url`, `encoding`, …"""
    tables: tuple[TableInfo, ...] = ()
    """Its tables, with key candidates."""

    @property
    def relational(self) -> bool:
        """Whether the names, keys and links of its tables say what they hold."""
        return source_type(self.kind).relational


def inspect(path_or_url: str) -> Inspection:
    """Say what a file, folder or database URL is, and which tables it has.

    Raises SourceError when there is nothing there, or nothing that can be read.
    """
    location = Location(path_or_url, is_url=_URL.match(path_or_url) is not None)
    if not location.is_url and not location.path.exists():
        raise SourceError("no such file or folder", place=path_or_url, hint="check the path")
    kind, found = _recognised(location)
    options: dict[str, str] = {found.place: found.located(location)}
    source = open_place(kind, "inspected", **options)
    tables = tuple(_with_candidates(source, info) for info in source.tables())
    options.update(getattr(source, "options", {}))
    return Inspection(kind, options, tables)


def _recognised(location: Location) -> tuple[str, SourceType]:
    """Ask the kinds of source, other packages' first, whose a place is."""
    known = plugins(SOURCES)
    for kind, found in usable(SOURCES, SourceType):
        try:
            if found.recognise(location):
                return kind, found
        except OSError as error:
            raise SourceError(
                Message("cannot be read ({cause})", cause=refusal(error)), place=location.text
            ) from None
        except SourceError:
            raise
        except Exception as error:
            if known[kind].package is None:
                raise
            left_out(known[kind], error)
    raise SourceError(
        "a folder without messages, vCards, pictures or dBase tables",
        place=location.text,
        hint="name a file inside it",
    )


def _with_candidates(source: Source, info: TableInfo) -> TableInfo:
    rows = pl.concat([*_sample(source, info)] or [pl.DataFrame()])
    names = [name for name in rows.columns if name not in {ROW, PLACE}]
    unique = [
        name
        for name in names
        if info.name != TABLE
        and rows.height > 1
        and rows[name].null_count() == 0
        and rows[name].n_unique() == rows.height
    ]
    unique.sort(key=lambda name: (not _KEY_NAME.search(name), names.index(name)))
    singles = [(name,) for name in unique]
    declared = [info.keys] if info.keys else []
    candidates = dict.fromkeys([*declared, *singles])
    return replace(info, candidates=tuple(candidates))


def _sample(source: Source, info: TableInfo) -> Iterator[pl.DataFrame]:
    table: Any = TableSpec.model_construct(table=info.name, query=None)
    seen = 0
    for batch in source.read(table):
        yield batch.rows
        seen += batch.rows.height
        if seen >= SAMPLE_ROWS:
            return
