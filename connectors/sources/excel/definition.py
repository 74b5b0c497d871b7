"""The kind of source `excel`."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from connectors.sources import endings
from connectors.sources.contract import Source
from connectors.sources.source_type import Location, SourceType, existing
from guiyi.spec import FileSourceSpec

_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""A zip archive and a compound file, the two things workbooks are kept in."""


class ExcelSpec(FileSourceSpec):
    """A workbook: .xlsx, .xlsm, .xlsb, .xls or .ods."""

    kind: Literal["excel"]
    """What it is."""
    header_rows: int | None = Field(default=None, ge=0)
    """How many header rows a sheet has, if they should not be detected."""


def _open(name: str, spec: ExcelSpec, folder: Path) -> Source:
    from connectors.sources.excel.source import ExcelSource

    return ExcelSource(existing(name, spec.path, folder, one_file=True), spec.header_rows)


def _is_workbook(location: Location) -> bool:
    return location.head.startswith(_MARKS) or location.suffix in endings.WORKBOOKS


EXCEL = SourceType(ExcelSpec, _open, _is_workbook)
