"""Opens the reader a source's kind asks for."""

from pathlib import Path

from connectors.sources.contract import Source
from guiyi.errors import SourceError
from guiyi.spec import SourceKind, SourceSpec


def open_source(name: str, spec: SourceSpec, folder: Path) -> Source:
    """Open a source. Paths are relative to `folder`.

    Raises SourceError when the file, folder or database cannot be opened.
    """
    # Readers are imported where they are opened: a project of CSV files loads no SQLAlchemy.
    match spec.kind:
        case SourceKind.EXCEL:
            from connectors.sources.excel import ExcelSource

            return ExcelSource(_existing(name, spec, folder), spec.header_rows)
        case SourceKind.DELIMITED:
            from connectors.sources.delimited import DelimitedSource

            return DelimitedSource(
                _existing(name, spec, folder), spec.encoding, spec.delimiter, spec.header_rows
            )
        case SourceKind.DATABASE:
            from connectors.sources.database import DatabaseSource

            return DatabaseSource(name, spec.url or "", folder)
        case SourceKind.DBASE:
            from connectors.sources.dbase import DbaseSource

            return DbaseSource(_existing(name, spec, folder), spec.encoding)
        case SourceKind.ACCESS:
            from connectors.sources.access import AccessSource

            return AccessSource(_existing(name, spec, folder), spec.encoding)
        case SourceKind.MAIL:
            from connectors.sources.mail import MailSource

            return MailSource(_existing(name, spec, folder))
        case SourceKind.VCARD:
            from connectors.sources.vcard import VcardSource

            return VcardSource(_existing(name, spec, folder), spec.encoding)
        case SourceKind.ADDRESS_BOOK:
            from connectors.sources.address_book import AddressBookSource

            return AddressBookSource(_existing(name, spec, folder), spec.encoding, spec.delimiter)
        case SourceKind.CARD:
            from connectors.sources.card import CardSource

            return CardSource(_existing(name, spec, folder))


_FILES = {SourceKind.EXCEL, SourceKind.DELIMITED, SourceKind.ACCESS, SourceKind.ADDRESS_BOOK}
"""Kinds that are one file; of the others a folder may hold many."""


def _existing(name: str, spec: SourceSpec, folder: Path) -> Path:
    path = folder / (spec.path or "")
    if not path.exists():
        raise SourceError(
            "no such file or folder",
            place=str(path),
            hint=f"check `sources.{name}.path`; it is relative to {folder}",
        )
    if path.is_dir() and spec.kind in _FILES:
        raise SourceError(
            "a folder, where a file is expected", place=str(path), hint="name the file itself"
        )
    return path
