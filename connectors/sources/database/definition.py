"""The kind of source `database`."""

from pathlib import Path
from typing import ClassVar, Literal

from connectors.sources.contract import Source
from connectors.sources.source_type import Location, SourceType
from guiyi.spec import SourceSpec


class DatabaseSpec(SourceSpec):
    """Any database that SQLAlchemy has a dialect for."""

    reads_changes: ClassVar[bool] = True

    kind: Literal["database"]
    """What it is."""
    url: str
    """A database's SQLAlchemy URL; `${NAME}` is taken from the environment."""


def _open(name: str, spec: DatabaseSpec, folder: Path) -> Source:
    from connectors.sources.database.source import DatabaseSource

    return DatabaseSource(name, spec.url, folder)


def _is_database(location: Location) -> bool:
    return location.is_url or location.head.startswith(b"SQLite format 3\x00")


def _url(location: Location) -> str:
    return location.text if location.is_url else f"sqlite:///{location.text}"


DATABASE = SourceType(DatabaseSpec, _open, _is_database, place="url", located=_url, relational=True)
