"""The kind of source `delimited`."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from connectors.sources.contract import Source
from connectors.sources.source_type import Location, SourceType, existing
from guiyi.spec import FileSourceSpec


class DelimitedSpec(FileSourceSpec):
    """Delimited text: CSV, TSV and the like."""

    kind: Literal["delimited"]
    """What it is."""
    encoding: str | None = None
    """The text encoding, if it should not be detected."""
    delimiter: str | None = Field(default=None, min_length=1, max_length=2)
    """The delimiter, if it should not be detected."""
    header_rows: int | None = Field(default=None, ge=0)
    """How many header rows there are, if they should not be detected."""


def _open(name: str, spec: DelimitedSpec, folder: Path) -> Source:
    from connectors.sources.delimited.source import DelimitedSource

    path = existing(name, spec.path, folder, one_file=True)
    return DelimitedSource(path, spec.encoding, spec.delimiter, spec.header_rows)


def _is_text(location: Location) -> bool:
    """Any file that no other kind of source recognises: this one is tried last."""
    return not location.is_url and not location.is_folder


DELIMITED = SourceType(DelimitedSpec, _open, _is_text)
