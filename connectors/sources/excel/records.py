"""What an old .xls, or a binary .xlsb, says of a sheet beside its values.

Records and their bits after Microsoft's [MS-XLS] and [MS-XLSB].
"""

import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from connectors.sources.excel.structure import Structure
from connectors.sources.layout import MergedCells

MOST = 1 << 24
"""Bytes of one record; those looked at here are far shorter."""
_SHEET, _FROM_1904 = 0x0085, 0x0022
_ROW, _COLUMN, _MERGES, _NOTE, _EOF = 0x0208, 0x007D, 0x00E5, 0x001C, 0x000A
_B_ROW, _B_COLUMN, _B_MERGE, _B_SHEET, _B_BOOK = 0, 60, 176, 156, 153

_B_CELLS = range(1, 12)
"""Records of cells: BrtCellBlank to BrtFmlaError."""


def read_xls(path: Path, sheet: str) -> Structure:
    """Read the structure of a sheet of an .xls file; of others nothing is known."""
    import olefile

    try:
        with olefile.OleFileIO(path) as ole:
            name = next((n for n in ("Workbook", "Book") if ole.exists(n)), None)
            return _xls(ole.openstream(name).read(), sheet) if name else Structure()
    except (OSError, ValueError, struct.error, IndexError):
        return Structure()


def _xls(data: bytes, sheet: str) -> Structure:
    start, from_1904 = None, False
    for kind, body in _records(data, 0):
        if kind == _FROM_1904 and len(body) >= 2:
            from_1904 = body[0] == 1
        elif kind == _SHEET and len(body) >= 8 and _sheet_name(body[6:]) == sheet:
            start = int.from_bytes(body[:4], "little")
    if start is None:
        return Structure(from_1904=from_1904)
    merges: list[MergedCells] = []
    rows = columns = notes = 0
    for kind, body in _records(data, start):
        if kind == _MERGES:
            blocks = struct.iter_unpack("<4H", body[2 : 2 + (len(body) - 2) // 8 * 8])
            merges += [MergedCells(top, left, bottom, right) for top, bottom, left, right in blocks]
        rows += kind == _ROW and len(body) > 12 and bool(body[12] & 0x20)
        columns += kind == _COLUMN and len(body) > 8 and bool(body[8] & 0x01)
        notes += kind == _NOTE
    return Structure(tuple(merges), rows, columns, notes, from_1904)


def _sheet_name(data: bytes) -> str:
    length, wide = data[0], data[1] & 1
    name = data[2 : 2 + length * (2 if wide else 1)]
    return name.decode("utf-16-le" if wide else "cp1252", "replace")


def _records(data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        yield kind, data[at + 4 : at + 4 + length]
        if kind == _EOF:
            return
        at += 4 + length


def read_xlsb(archive: zipfile.ZipFile, relations: dict[str, str], sheet: str) -> Structure:
    """Read the structure of a sheet of an .xlsb file."""
    part, from_1904 = None, False
    with archive.open("xl/workbook.bin") as stream:
        for kind, body in _binary_records(stream, {_B_SHEET, _B_BOOK}):
            if kind == _B_BOOK and body:
                from_1904 = bool(body[0] & 1)
            elif kind == _B_SHEET:
                target, at = _wide_text(body, 8)
                if _wide_text(body, at)[0] == sheet:
                    part = relations.get(target)
    if part is None or part not in archive.namelist():
        return Structure(from_1904=from_1904)
    merges: list[MergedCells] = []
    rows = columns = down = across = 0
    with archive.open(part) as stream:
        for kind, body in _binary_records(stream, {_B_ROW, _B_COLUMN, _B_MERGE, *_B_CELLS}):
            if kind in _B_CELLS:
                across = max(across, int.from_bytes(body[:4], "little") + 1)
            elif kind == _B_ROW:
                down = max(down, int.from_bytes(body[:4], "little") + 1)
            if kind == _B_MERGE and len(body) >= 16:
                top, bottom, left, right = struct.unpack_from("<4I", body)
                merges.append(MergedCells(top, left, bottom, right))
            rows += kind == _B_ROW and len(body) > 11 and bool(body[11] & 0x10)
            columns += kind == _B_COLUMN and len(body) > 16 and bool(body[16] & 0x01)
    return Structure(tuple(merges), rows, columns, from_1904=from_1904, extent=(down, across))


def _binary_records(stream: IO[bytes], wanted: set[int]) -> Iterator[tuple[int, bytes]]:
    while (kind := _varying(stream, 2)) is not None:
        length = _varying(stream, 4)
        if length is None or length > MOST:
            return
        body = stream.read(length)
        if kind in wanted:
            yield kind, body


def _varying(stream: IO[bytes], most: int) -> int | None:
    """Read a number of seven bits a byte; record kinds keep their high bits as they stand."""
    value = 0
    for at in range(most):
        byte = stream.read(1)
        if not byte:
            return None
        value |= (byte[0] & 0x7F) << (7 * at)
        if not byte[0] & 0x80:
            break
    return value


def _wide_text(body: bytes, at: int) -> tuple[str, int]:
    length = int.from_bytes(body[at : at + 4], "little")
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le", "replace"), end
