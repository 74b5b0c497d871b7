"""Opens the reader a source's kind asks for."""

from pathlib import Path
from typing import Any

from connectors.sources.contract import Source
from connectors.sources.source_type import SourceType
from guiyi.errors import SourceError
from guiyi.plugins import SOURCES, find
from guiyi.spec import SourceSpec


def source_type(kind: str) -> SourceType:
    """The kind of source that has a name.

    Raises SourceError if nothing has it, and PluginError if a package's cannot be used.
    """
    try:
        return find(SOURCES, kind, SourceType)
    except LookupError as error:
        raise SourceError(error.args[0], place="sources") from None


def open_source(name: str, spec: SourceSpec, folder: Path) -> Source:
    """Open a source. Paths are relative to `folder`.

    Raises SourceError when the file, folder or database cannot be opened.
    """
    return source_type(spec.kind).open(name, spec, folder)


def open_place(kind: str, name: str = "file", **options: Any) -> Source:
    """Open a file, folder or URL without a project: `open_place("excel", path="客户.xlsx")`."""
    return open_source(name, source_type(kind).untabled(**options), Path())
