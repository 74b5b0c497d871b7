"""The kind of source `access`."""

from pathlib import Path
from typing import Literal

from connectors.sources import endings
from connectors.sources.contract import Source
from connectors.sources.source_type import Location, SourceType, existing
from guiyi.spec import FileSourceSpec

_MARKS = {b"Standard Jet DB", b"Standard ACE DB"}
"""What an Access file says from its fifth byte on."""


class AccessSpec(FileSourceSpec):
    """A Microsoft Access database: .mdb, .accdb."""

    kind: Literal["access"]
    """What it is."""
    encoding: str | None = None
    """The text encoding, if it should not be detected."""


def _open(name: str, spec: AccessSpec, folder: Path) -> Source:
    from connectors.sources.access.source import AccessSource

    return AccessSource(existing(name, spec.path, folder, one_file=True), spec.encoding)


def _is_access(location: Location) -> bool:
    return location.head[4:19] in _MARKS or location.suffix in endings.ACCESS


ACCESS = SourceType(AccessSpec, _open, _is_access)
