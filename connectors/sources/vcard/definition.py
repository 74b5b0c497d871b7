"""The kind of source `vcard`."""

from pathlib import Path
from typing import Literal

from connectors.sources import endings
from connectors.sources.contract import Source
from connectors.sources.source_type import Location, SourceType, existing
from guiyi.spec import FileSourceSpec


class VcardSpec(FileSourceSpec):
    """vCards: a .vcf file or a folder of them."""

    kind: Literal["vcard"]
    """What it is."""
    encoding: str | None = None
    """The text encoding, if it should not be detected."""


def _open(name: str, spec: VcardSpec, folder: Path) -> Source:
    from connectors.sources.vcard.source import VcardSource

    return VcardSource(existing(name, spec.path, folder), spec.encoding)


def _is_vcard(location: Location) -> bool:
    if location.is_folder:
        cards = endings.folder_holds(location, frozenset({".vcf"}))
        return cards and ".eml" not in location.suffixes
    begins = location.head.lstrip(b"\xef\xbb\xbf \t\r\n").upper().startswith(b"BEGIN:VCARD")
    others = endings.MAIL | endings.PICTURES | endings.WORKBOOKS
    return location.suffix == ".vcf" or (begins and location.suffix not in others)


VCARD = SourceType(VcardSpec, _open, _is_vcard)
