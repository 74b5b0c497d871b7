"""What a sheet's XML says beside its values: merged cells, hidden rows, comments.

The parts are searched as bytes and never handed to an XML parser, so no entity is ever expanded.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import IO

from connectors.sources.excel.cells import Cells
from connectors.sources.excel.extent import reach
from connectors.sources.excel.number_formats import code_styles
from connectors.sources.excel.structure import CHUNK, Structure
from connectors.sources.layout import MergedCells

_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\bhidden="(?:1|true)"')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\b[^>]*?\bhidden="(?:1|true)"')
_FROM_1904 = re.compile(rb'<(?:\w+:)?workbookPr\b[^>]*?\bdate1904="(?:1|true)"')
_NEAR = 26
"""Columns where no cell says that it stands further out."""
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')


def read_xlsx(archive: zipfile.ZipFile, names: set[str], part: str) -> Structure:
    """Read the structure of one sheet of an .xlsx workbook, `part` being its file within."""
    comments = _comments(archive, names, part)
    merges: list[MergedCells] = []
    rows = columns = 0
    extent = (0, _NEAR)
    cells = Cells(code_styles(archive, names))
    with archive.open(part) as stream:
        for text in _blocks(stream):
            cells.read(text)
            if b"hidden=" in text:
                rows += len(_HIDDEN_ROW.findall(text))
                columns += len(_HIDDEN_COLUMN.findall(text))
            if b"mergeCell" in text:
                merges += [_merge(found) for found in _MERGE.findall(text)]
            down, across = reach(text)
            extent = (max(extent[0], down), max(extent[1], across))
    from_1904 = bool(_FROM_1904.search(archive.read("xl/workbook.xml")))
    uncalculated = tuple(cells.uncalculated)
    return Structure(
        tuple(merges), rows, columns, comments, from_1904, extent, uncalculated, cells.shown
    )


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield a sheet's XML in blocks that end behind a cell, or behind a tag where no cell ends."""
    tail = b""
    while block := stream.read(CHUNK):
        data = tail + block
        ended = max(data.rfind(b"</c>"), data.rfind(b":c>"))
        cut = (data.find(b">", ended) if ended >= 0 else data.rfind(b">")) + 1
        yield data[:cut]
        tail = data[cut:]
    yield tail


def _merge(found: tuple[bytes, bytes, bytes, bytes]) -> MergedCells:
    left, top, right, bottom = found
    return MergedCells(int(top) - 1, _column(left), int(bottom) - 1, _column(right))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _text(archive: zipfile.ZipFile, name: str) -> str:
    return archive.read(name).decode("utf-8", "replace")


def relations_of(archive: zipfile.ZipFile, names: set[str], part: str) -> dict[str, str]:
    """The relations of a part of a workbook: relation id to the part it leads to."""
    folder, file = posixpath.split(part)
    relations = f"{folder}/_rels/{file}.rels"
    if relations not in names:
        return {}
    found = {}
    for tag in _RELATION.findall(_text(archive, relations)):
        attributes = dict(_ATTRIBUTE.findall(tag))
        target = attributes.get("Target", "")
        joined = target[1:] if target.startswith("/") else posixpath.join(folder, target)
        found[attributes.get("Id", "")] = posixpath.normpath(joined)
    return found


def part_of(archive: zipfile.ZipFile, names: set[str], sheet: str) -> str | None:
    """The part that holds a sheet; None if there is no sheet of that name."""
    if "xl/workbook.xml" not in names:
        return None
    relations = relations_of(archive, names, "xl/workbook.xml")
    for tag in _SHEET.findall(_text(archive, "xl/workbook.xml")):
        attributes = dict(_ATTRIBUTE.findall(tag))
        if unescape(attributes.get("name", "")) == sheet:
            ids = [value for name, value in attributes.items() if name.endswith(":id")]
            part = relations.get(ids[0]) if ids else None
            return part if part in names else None
    return None


def _comments(archive: zipfile.ZipFile, names: set[str], part: str) -> int:
    parts = [p for p in relations_of(archive, names, part).values() if "comments" in p.lower()]
    return sum(
        len(re.findall(r"<(?:\w+:)?comment\b", _text(archive, p)))
        for p in parts
        if p in names and "threaded" not in p.lower()
    )
