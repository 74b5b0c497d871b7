"""A code list says what one system's codes mean in another."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from guiyi.errors import SpecError
from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from guiyi.spec import Project, SpecPlace

COLUMNS = ("code", "value")
ENCODINGS = ("utf-8-sig", "gb18030")
"""What a CSV saved by hand comes in: UTF-8, or what a Chinese Excel writes."""


@dataclass(frozen=True)
class CodeList:
    """The translation of codes; one whose value is empty is known and means nothing."""

    name: str
    """Its name in guiyi.yaml."""
    values: Mapping[str, str | None]
    """Code → value."""


def read_codes(project: Project) -> dict[str, CodeList]:
    """Read every code list the spec names. Raises SpecError naming file and line."""
    return {name: _read(project, name, file) for name, file in project.codes.items()}


def _read(project: Project, name: str, file: str) -> CodeList:
    path = project.folder / file
    if not path.is_file():
        raise SpecPlace(project.file, f"codes.{name}").mistake(
            Message("no such file: {path}", path=path),
            hint="a code list is a CSV with the columns code, value",
        )
    return CodeList(name, _parse(path, _text(path)))


def _text(path: Path) -> str:
    data = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SpecError("neither UTF-8 nor GB18030", place=str(path), hint="save it as UTF-8")


def _parse(path: Path, text: str) -> dict[str, str | None]:
    rows = _rows(path, text)
    _, header = next(rows, (1, []))
    for column in COLUMNS:
        if header.count(column) != 1:
            missing = Message("no column `{column}`", column=column)
            several = Message("more than one column `{column}`", column=column)
            raise SpecError(
                missing if column not in header else several,
                place=f"{path}:1",
                hint=did_you_mean(column, header) if header else "the file is empty",
            )
    values: dict[str, str | None] = {}
    lines: dict[str, int] = {}
    for line, row in rows:
        code, value = _entry(f"{path}:{line}", header, row)
        if code in values:
            raise SpecError(
                Message("the code `{code}` is already on line {line}", code=code, line=lines[code]),
                place=f"{path}:{line}",
                hint="keep one of the two lines",
            )
        values[code], lines[code] = value, line
    return values


def _entry(place: str, header: list[str], row: list[str]) -> tuple[str, str | None]:
    if len(row) != len(header):
        raise SpecError(
            Message("{cells} cells under {columns} columns", cells=len(row), columns=len(header)),
            place=place,
            hint='put a value that holds a comma in quotes: "a, b"',
        )
    entry = dict(zip(header, row, strict=True))
    if not entry["code"]:
        raise SpecError("no code", place=place, hint="give the code, or remove the line")
    return entry["code"], entry["value"] or None


def _rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise SpecError(
            Message("not CSV: {error}", error=error), place=f"{path}:{reader.line_num}"
        ) from None
