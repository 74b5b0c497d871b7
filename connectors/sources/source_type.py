"""What a kind of source is: its keys in guiyi.yaml, how it is recognised, how it is opened."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from connectors.sources.contract import Source
from guiyi.errors import SourceError
from guiyi.messages import Message
from guiyi.spec import SourceSpec

HEAD = 4096
"""Bytes of a file that are looked at to recognise it."""


@dataclass(frozen=True)
class Location:
    """A file, folder or URL as a user names it, as far as it shows what it is."""

    text: str
    is_url: bool = False

    @cached_property
    def path(self) -> Path:
        """The file or folder."""
        return Path(self.text)

    @cached_property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return not self.is_url and self.path.is_dir()

    @cached_property
    def suffix(self) -> str:
        """How the file's name ends, in lower case, with its dot; of a folder or URL nothing."""
        return "" if self.is_url or self.is_folder else self.path.suffix.lower()

    @cached_property
    def suffixes(self) -> frozenset[str]:
        """How the names of a folder's files end."""
        files = self.path.rglob("*") if self.is_folder else ()
        return frozenset(file.suffix.lower() for file in files)

    @cached_property
    def head(self) -> bytes:
        """The first bytes of a file; of a folder or URL none."""
        if self.is_url or self.is_folder:
            return b""
        with self.path.open("rb") as file:
            return file.read(HEAD)


@dataclass(frozen=True)
class SourceType:
    """A kind of source, found by its name in the entry points `guiyi.sources`."""

    spec: type[SourceSpec]
    """Its part of guiyi.yaml; `kind` is a Literal of its name."""
    open: Callable[[str, Any, Path], Source]
    """Opens a source of that name in the spec; paths are relative to the folder."""
    recognise: Callable[[Location], bool]
    """Whether a file, folder or URL that a user names is of this kind."""
    place: Literal["path", "url"] = "path"
    """The key of the spec that says where it is."""
    located: Callable[[Location], str] = lambda location: location.text
    """What that key says of a location that was recognised."""
    relational: bool = False
    """Whether the names, keys and links of its tables say what they hold."""

    def untabled(self, **options: Any) -> Any:
        """Its spec without tables, to look at what there is: `untabled(path="客户.xlsx")`."""
        kind = self.spec.model_fields["kind"].annotation.__args__[0]  # type: ignore[union-attr]
        return self.spec.model_construct(None, kind=kind, tables=(), **options)


def existing(name: str, path: str, folder: Path, *, one_file: bool = False) -> Path:
    """The file or folder of a source.

    Raises SourceError if it is not there, or a folder where `one_file` is expected.
    """
    found = folder / path
    if not found.exists():
        raise SourceError(
            "no such file or folder",
            place=str(found),
            hint=Message(
                "check `sources.{name}.path`; it is relative to {folder}", name=name, folder=folder
            ),
        )
    if one_file and found.is_dir():
        raise SourceError(
            "a folder, where a file is expected", place=str(found), hint="name the file itself"
        )
    return found
