"""The kind of source `card`."""

from pathlib import Path
from typing import Literal

from connectors.sources import endings
from connectors.sources.contract import Source
from connectors.sources.source_type import Location, SourceType, existing
from guiyi.spec import FileSourceSpec


class CardSpec(FileSourceSpec):
    """Business cards: pictures, one or a folder of them, read by OCR."""

    kind: Literal["card"]
    """What it is."""


def _open(name: str, spec: CardSpec, folder: Path) -> Source:
    from connectors.sources.card.source import CardSource

    return CardSource(existing(name, spec.path, folder))


def _is_card(location: Location) -> bool:
    if location.is_folder:
        return endings.folder_holds(location, endings.PICTURES)
    return location.suffix in endings.PICTURES


CARD = SourceType(CardSpec, _open, _is_card)
