"""What an OpenDocument sheet says beside its values: merged cells and hidden rows."""

import re
import zipfile
from collections.abc import Iterator
from html import unescape

from connectors.sources.excel.structure import CHUNK, Structure
from connectors.sources.layout import MergedCells

_TAG = re.compile(
    rb"<(table:table|table:table-row|table:table-cell|table:covered-table-cell|/table:table)"
    rb"(?=[\s/>])([^>]*)>"
)
_TELLING = re.compile(rb"(?:rows|columns)-spanned=|visibility=|repeated=.\d{3}")
_ATTRIBUTE = re.compile(rb'([\w:-]+)="([^"]*)"')
_FAR = 1 << 20
"""The last row and column any program knows."""


def read_ods(archive: zipfile.ZipFile, sheet: str) -> Structure:
    """Read the structure of a sheet; cells are walked only where something is merged or hidden."""
    with archive.open("content.xml") as stream:
        blocks = iter(lambda: stream.read(CHUNK), b"")
        if not any(_TELLING.search(block) for block in blocks):
            return Structure()
    with archive.open("content.xml") as stream:
        return _walk(_tags(iter(lambda: stream.read(CHUNK), b"")), sheet)


def _tags(blocks: Iterator[bytes]) -> Iterator[tuple[bytes, dict[bytes, bytes]]]:
    tail = b""
    for block in blocks:
        cut = block.rfind(b">") + 1
        text, tail = (tail + block[:cut], block[cut:]) if cut else (b"", tail + block)
        for tag in _TAG.finditer(text):
            yield tag[1], dict(_ATTRIBUTE.findall(tag[2]))


def _walk(tags: Iterator[tuple[bytes, dict[bytes, bytes]]], sheet: str) -> Structure:
    merges: list[MergedCells] = []
    row = column = hidden = down = across = 0
    inside = False
    for name, attributes in tags:
        if name == b"table:table":
            inside = (
                unescape(attributes.get(b"table:name", b"").decode("utf-8", "replace")) == sheet
            )
            row = -1
        elif not inside:
            continue
        elif name == b"/table:table":
            break
        elif name == b"table:table-row":
            row, column = row + 1, 0
            times = _times(attributes, b"table:number-rows-repeated")
            hidden += times if attributes.get(b"table:visibility", b"visible") != b"visible" else 0
            row += times - 1
        else:
            down = _times(attributes, b"table:number-rows-spanned")
            across = _times(attributes, b"table:number-columns-spanned")
            if down > 1 or across > 1:
                merges.append(MergedCells(row, column, row + down - 1, column + across - 1))
            column += _times(attributes, b"table:number-columns-repeated")
            if b"office:value-type" in attributes:
                down, across = max(down, row + 1), max(across, column)
    return Structure(tuple(merges), hidden, extent=(down, across))


def _times(attributes: dict[bytes, bytes], name: bytes) -> int:
    value = attributes.get(name, b"1")
    return min(int(value), _FAR) if value.isdigit() else 1
