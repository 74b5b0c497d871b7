"""The kind of source `address_book`."""

import re
from pathlib import Path
from typing import Literal

from pydantic import Field

from connectors.sources.contract import Source
from connectors.sources.source_type import Location, SourceType, existing
from guiyi.spec import FileSourceSpec


class AddressBookSpec(FileSourceSpec):
    """An address book as Outlook or Google exports it, as CSV."""

    kind: Literal["address_book"]
    """What it is."""
    encoding: str | None = None
    """The text encoding, if it should not be detected."""
    delimiter: str | None = Field(default=None, min_length=1, max_length=2)
    """The delimiter, if it should not be detected."""


def _open(name: str, spec: AddressBookSpec, folder: Path) -> Source:
    from connectors.sources.address_book.source import AddressBookSource

    path = existing(name, spec.path, folder, one_file=True)
    return AddressBookSource(path, spec.encoding, spec.delimiter)


def _is_address_book(location: Location) -> bool:
    if location.is_folder:
        return False
    from connectors.sources import encoding
    from connectors.sources.address_book.columns import is_address_book

    header = encoding.decode(location.head).partition("\n")[0]
    return is_address_book(name.strip('"\ufeff\r ') for name in re.split("[,;\t]", header))


ADDRESS_BOOK = SourceType(AddressBookSpec, _open, _is_address_book)
