"""The kind of source `dbase`."""

from pathlib import Path
from typing import Literal

from connectors.sources import endings
from connectors.sources.contract import Source
from connectors.sources.dbase.header import is_dbase
from connectors.sources.source_type import Location, SourceType, existing
from guiyi.spec import FileSourceSpec


class DbaseSpec(FileSourceSpec):
    """dBase, Clipper or FoxPro tables: a .dbf file or a folder of them."""

    kind: Literal["dbase"]
    """What it is."""
    encoding: str | None = None
    """The code page, if it should not be detected."""


def _open(name: str, spec: DbaseSpec, folder: Path) -> Source:
    from connectors.sources.dbase.source import DbaseSource

    return DbaseSource(existing(name, spec.path, folder), spec.encoding)


def _is_dbase(location: Location) -> bool:
    if location.is_folder:
        return endings.folder_holds(location, frozenset({".dbf"}))
    head = location.head
    if location.suffix == ".dbf":
        return True
    return location.suffix not in endings.TEXTS and is_dbase(head) and b"\x00" in head[:32]


DBASE = SourceType(DbaseSpec, _open, _is_dbase)
