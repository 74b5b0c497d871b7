"""Looks at a file, folder or URL and says what it is and what it holds, for `guiyi init`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from connectors.sources import encoding, endings
from connectors.sources.address_book import is_address_book
from connectors.sources.contacts import TABLE
from connectors.sources.contract import PLACE, ROW, Source, TableInfo
from connectors.sources.dbase.header import is_dbase
from connectors.sources.opening import open_source
from guiyi.errors import SourceError
from guiyi.spec import SourceKind, SourceSpec, TableSpec

SAMPLE_ROWS = 50_000
"""How many rows a column must be unique over to be proposed as a key."""
_KEY_NAME = re.compile(
    r"(?i)编号|編號|代码|代碼|序号|账号|(?:^|_|\b)(?:id|no|code|key|uuid)$|[a-z]ID$"
)
_URL = re.compile(r"^[A-Za-z][A-Za-z0-9+_.]*://")


@dataclass(frozen=True)
class Inspection:
    """What a source turned out to be."""

    kind: SourceKind
    options: dict[str, str] = field(default_factory=dict)
    """What the spec of the source should say beside its kind: `path` or `url`, `encoding`, …"""
    tables: tuple[TableInfo, ...] = ()
    """Its tables, with key candidates."""


def inspect(path_or_url: str) -> Inspection:
    """Say what a file, folder or database URL is, and which tables it has.

    Raises SourceError when there is nothing there, or nothing that can be read.
    """
    kind, where = _kind(path_or_url)
    key = "url" if kind is SourceKind.DATABASE else "path"
    spec = SourceSpec.model_construct(None, kind=kind, tables=(), **{key: where})
    source = open_source("inspected", spec, Path())
    tables = tuple(_with_candidates(source, info) for info in source.tables())
    options = {key: where}
    options.update(getattr(source, "options", {}))
    return Inspection(kind, options, tables)


def _kind(path_or_url: str) -> tuple[SourceKind, str]:
    if _URL.match(path_or_url):
        return SourceKind.DATABASE, path_or_url
    path = Path(path_or_url)
    if path.is_dir():
        return _folder_kind(path), path_or_url
    if not path.exists():
        raise SourceError("no such file or folder", place=path_or_url, hint="check the path")
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"SQLite format 3\x00"):
        return SourceKind.DATABASE, f"sqlite:///{path_or_url}"
    return _file_kind(path, head), path_or_url


def _folder_kind(path: Path) -> SourceKind:
    if (path / "cur").is_dir() or (path / "new").is_dir():
        return SourceKind.MAIL
    suffixes = {file.suffix.lower() for file in path.rglob("*")}
    _refuse_mixture(path, suffixes)
    if ".dbf" in suffixes:
        return SourceKind.DBASE
    if ".vcf" in suffixes and ".eml" not in suffixes:
        return SourceKind.VCARD
    if suffixes & endings.MAIL:
        return SourceKind.MAIL
    if suffixes & endings.PICTURES:
        return SourceKind.CARD
    raise SourceError(
        "a folder without messages, vCards, pictures or dBase tables",
        place=str(path),
        hint="name a file inside it",
    )


def _refuse_mixture(path: Path, suffixes: set[str]) -> None:
    """A folder is read as one kind of source: what it holds beside must not go unsaid."""
    tables = suffixes & {*_WORKBOOKS, *_TABLES}
    folders = [{".dbf"} & suffixes, {".vcf"} & suffixes, suffixes & endings.MAIL]
    if any(folders) and (tables or (".dbf" in suffixes and sum(map(bool, folders)) > 1)):
        raise SourceError(
            f"a folder with files of several kinds: {', '.join(sorted(tables.union(*folders)))}",
            place=str(path),
            hint="name the files one by one",
        )


def _file_kind(path: Path, head: bytes) -> SourceKind:
    suffix = path.suffix.lower()
    if head[4:19] in _ACCESS or suffix in {".mdb", ".accdb"}:
        return SourceKind.ACCESS
    if suffix == ".dbf" or (suffix not in _TEXTS and is_dbase(head) and b"\x00" in head[:32]):
        return SourceKind.DBASE
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if suffix in endings.MAIL or head.startswith(b"!BDN"):
        return SourceKind.MAIL
    if suffix in endings.PICTURES:
        return SourceKind.CARD
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) or suffix in _WORKBOOKS:
        return SourceKind.EXCEL
    if suffix == ".vcf" or start.upper().startswith(b"BEGIN:VCARD"):
        return SourceKind.VCARD
    if re.match(rb"From(?: .*\d{4}| \S+)?\r?\n[\w-]+:", start):
        return SourceKind.MAIL
    return SourceKind.ADDRESS_BOOK if _is_address_book(head) else SourceKind.DELIMITED


def _is_address_book(head: bytes) -> bool:
    header = encoding.decode(head).partition("\n")[0]
    return is_address_book(name.strip('"\ufeff\r ') for name in re.split("[,;\t]", header))


_ACCESS = {b"Standard Jet DB", b"Standard ACE DB"}
"""What an Access file says from its fifth byte on."""
_TEXTS = {".csv", ".tsv", ".txt", ".tab"}
_TABLES = {".csv", ".tsv", ".tab", ".mdb", ".accdb", ".db", ".sqlite"}
_WORKBOOKS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}


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
