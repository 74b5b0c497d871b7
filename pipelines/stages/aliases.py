"""The alias table: what firms are called beside their full name, now and formerly."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import polars as pl
import yaml

from cleansing import clean_values
from guiyi.errors import SpecError
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from pipelines.files.reading import read_place

_SEVERAL = re.compile(r"\s*[;；、|\n]\s*")


@dataclass(frozen=True)
class Aliases:
    """Which names stand for one firm."""

    names: pl.DataFrame
    """A row a firm; every column holds a name of it, or null."""
    ambiguous: tuple[str, ...]
    """Short names that several firms go by; they resolve none."""


@dataclass(frozen=True)
class _AliasRow:
    """One row of the table: a firm's full name and another name of it."""

    full: str
    other: str
    former: bool


def read_alias_table(path: Path) -> Aliases:
    """Read an alias table: CSV in any encoding, or a workbook.

    Raises SpecError for a table without full names, or with nothing beside them.
    """
    table = read_place(str(path)).data
    columns = {kind: _columns(table, names) for kind, names in _headers().items()}
    missing = [] if columns["full"] else ["full"]
    missing += [] if columns["short"] or columns["former"] else ["short"]
    if missing:
        raise SpecError(
            Message("no column {columns}", columns=", ".join(missing)),
            place=str(path),
            hint=did_you_mean(missing[0], table.columns),
        )
    return _grouped(list(_alias_rows(table, columns)))


def _columns(table: pl.DataFrame, names: list[str]) -> list[str]:
    return [name for name in table.columns if " ".join(name.lower().split()) in names]


@cache
def _headers() -> dict[str, list[str]]:
    text = (files("pipelines") / "data" / "alias_columns.yml").read_text(encoding="utf-8")
    headers: dict[str, list[str]] = yaml.load(text, Loader=yaml.SafeLoader)
    return headers


def _alias_rows(table: pl.DataFrame, columns: dict[str, list[str]]) -> Iterator[_AliasRow]:
    (full, *_) = columns["full"]
    for kind in ("short", "former"):
        for column in columns[kind]:
            for name, others in table.select(full, column).drop_nulls().iter_rows():
                for other in filter(None, _SEVERAL.split(others.strip())):
                    yield _AliasRow(name.strip(), other, kind == "former")


def _grouped(rows: list[_AliasRow]) -> Aliases:
    spoken = dict.fromkeys(name for one in rows for name in (one.full, one.other))
    values = pl.Series("name", list(spoken), dtype=pl.String())
    keys = dict(zip(spoken, clean_values(values, Kind.COMPANY_NAME)["key"], strict=True))
    firms = _Firms()
    for one in rows:
        firms.join(keys[one.full], keys[one.other] if one.former else keys[one.full])
    meant: dict[str, set[str]] = defaultdict(set)
    for one in rows:
        if keys[one.other] is not None and keys[one.full] is not None:
            meant[keys[one.other]].add(firms.of(keys[one.full]))
    names: dict[str, dict[str, None]] = defaultdict(dict)
    ambiguous: dict[str, None] = {}
    for one in rows:
        full, other = keys[one.full], keys[one.other]
        if full is None or other is None:
            continue
        # A short name that is somebody else's full name means that one, if anybody.
        if len(meant[other]) > 1 or (firms.has(other) and firms.of(other) != firms.of(full)):
            ambiguous[one.other] = None
            names[firms.of(full)].setdefault(one.full)
        else:
            names[firms.of(full)] |= {one.full: None, one.other: None}
    return Aliases(_wide([list(found) for found in names.values()]), tuple(ambiguous))


def _wide(rows: list[list[str]]) -> pl.DataFrame:
    width = max((len(row) for row in rows), default=2)
    schema = ["full", *(f"name_{number}" for number in range(2, width + 1))]
    padded = [[*row, *[None] * (width - len(row))] for row in rows]
    return pl.DataFrame(padded, schema=dict.fromkeys(schema, pl.String), orient="row")


class _Firms:
    """Firms by the keys of their full and former names; a renaming joins two."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def has(self, key: str) -> bool:
        return key in self._parent

    def of(self, key: str) -> str:
        while self._parent[key] != key:
            self._parent[key] = self._parent[self._parent[key]]
            key = self._parent[key]
        return key

    def join(self, one: str | None, other: str | None) -> None:
        known = [key for key in (one, other) if key is not None]
        for key in known:
            self._parent.setdefault(key, key)
        if len(known) == 2:
            self._parent[self.of(known[1])] = self.of(known[0])
