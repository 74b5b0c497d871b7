"""Reads the structure of a sheet of any workbook: which reader knows its format."""

import zipfile
from pathlib import Path

from connectors.sources.excel.opendocument import read_ods
from connectors.sources.excel.records import read_xls, read_xlsb
from connectors.sources.excel.sheet_xml import part_of, read_xlsx, relations_of
from connectors.sources.excel.structure import Structure


def read_structure(path: Path, sheet: str) -> Structure:
    """Read the structure of a sheet of any workbook."""
    if not zipfile.is_zipfile(path):
        return read_xls(path, sheet)
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if "xl/workbook.bin" in names:
            return read_xlsb(archive, relations_of(archive, names, "xl/workbook.bin"), sheet)
        if "content.xml" in names:
            return read_ods(archive, sheet)
        part = part_of(archive, names, sheet)
        return read_xlsx(archive, names, part) if part is not None else Structure()
