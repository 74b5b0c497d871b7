"""What single cells of a sheet's XML say that their values do not: a formula that nobody has
calculated, a number that is a code by its format.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from connectors.sources.excel import number_formats
from connectors.sources.excel.number_formats import CodeFormat

_UNCALCULATED = re.compile(
    rb"<(?:\w+:)?c\b([^>]*[^>/])>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>\s*|<(?:\w+:)?v>\s*</(?:\w+:)?v>\s*)?</(?:\w+:)?c>"
)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_TEXT = re.compile(rb'\bt="(?!n")')

Place = tuple[int, int]
"""Row and column, counted from 0."""


@dataclass
class Cells:
    """The cells of a sheet that are not what they seem."""

    styles: Mapping[int, CodeFormat] = field(default_factory=dict)
    """Styles of the workbook that write codes."""
    uncalculated: list[Place] = field(default_factory=list)
    """Formulas saved without their result: programs write them, and only Excel calculates."""
    shown: dict[Place, str] = field(default_factory=dict)
    """Numbers as the sheet shows them."""

    def __post_init__(self) -> None:
        either = "|".join(str(number) for number in self.styles)
        self._styled = re.compile(
            rf'<(?:\w+:)?c\b([^>]*\bs="({either})"[^>]*)>'
            rf"(?:\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>))?"
            rf"\s*<(?:\w+:)?v>([^<]*)<".encode()
        )

    def read(self, xml: bytes) -> None:
        """Take what a block of whole cells says."""
        if b"<f" in xml or b":f" in xml:
            for found in _UNCALCULATED.finditer(xml):
                place = _placed(found[1])
                if place is not None and not _TEXT.search(found[1]):
                    self.uncalculated.append(place)
        if not self.styles:
            return
        for found in self._styled.finditer(xml):
            place = _placed(found[1])
            if place is None or _TEXT.search(found[1]):
                continue
            number = found[3].decode("ascii", "replace")
            text = number_formats.write(self.styles[int(found[2])], number)
            if text is not None:
                self.shown[place] = text


def _placed(attributes: bytes) -> Place | None:
    found = _PLACE.search(attributes)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + letter - 64
    return int(found[2]) - 1, column - 1
