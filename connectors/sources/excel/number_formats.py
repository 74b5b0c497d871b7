"""Codes that a number's format writes out: 7 under `"KH"0000` is shown as KH0007, and is that code.

After ECMA-376, 18.8.31 (numFmts). Only formats of fixed digits are read here: they pad with zeros,
so what stands in the cell is not what anybody calls the customer by. Formats of amounts, dates and
shares are left alone.
"""

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import unescape

_STYLES = "xl/styles.xml"
_FORMAT = re.compile(r"<(?:\w+:)?numFmt\b[^>]*>")
_XFS = re.compile(r"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_XF = re.compile(r"<(?:\w+:)?xf\b[^>]*>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_TOKEN = re.compile(r'"(?P<text>[^"]*)"|\\(?P<char>.)|\[(?P<bracket>[^\]]*)\]|_.|\*.|(?P<zero>0)'
                    r"|(?P<mark>[-+()/ ])|(?P<other>.)")  # fmt: skip
_PIECE = re.compile(r'"[^"]*"|\\.|.', re.DOTALL)
_CONDITION = re.compile(r"^(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)$")
_HOLDS: dict[str, Callable[[float, float], bool]] = {
    "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b, "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b, ">": lambda a, b: a > b, "=": lambda a, b: a == b,
}  # fmt: skip
_MOST_DIGITS = 15
"""Digits that Excel keeps of a number."""


@dataclass(frozen=True)
class Section:
    """One part of a format: text and places for digits, and which numbers it is for."""

    pieces: tuple[str | None, ...]
    """Text as it is written; None is a place for a digit."""
    holds: Callable[[float], bool] | None = None

    def write(self, number: int) -> str:
        """Fill the places from the right; the first takes what is left over."""
        digits = str(number).zfill(self.pieces.count(None))
        surplus = len(digits) - self.pieces.count(None)
        written, at = [], 0
        for piece in self.pieces:
            if piece is not None:
                written.append(piece)
                continue
            more = 1 if at else 1 + surplus
            written.append(digits[at : at + more])
            at += more
        return "".join(written).strip()


CodeFormat = tuple[Section, ...]


def code_format(code: str) -> CodeFormat | None:
    """Read a format of fixed digits; None for any other."""
    sections = [_section(part) for part in _split(code)]
    first = sections[0]
    if first is None or first.pieces.count(None) < 2:
        return None
    if first.holds is None and len(sections) > 2:
        return (replace(first, holds=bool),)  # the third is what the sheet shows for 0
    if first.holds is None:
        return (first,)
    second = sections[1] if len(sections) > 1 else None
    if second is None or second.pieces.count(None) < 2:
        return (first,)
    return first, second


def write(form: CodeFormat, value: str) -> str | None:
    """Write a number as the sheet shows it; None where the format says nothing of it."""
    try:
        number = float(value)
    except ValueError:
        return None
    if number < 0 or not number.is_integer() or number >= 10**_MOST_DIGITS:
        return None
    section = next((one for one in form if one.holds is None or one.holds(number)), None)
    return section.write(int(number)) if section is not None else None


def code_styles(archive: zipfile.ZipFile, names: set[str]) -> dict[int, CodeFormat]:
    """The cell styles of a workbook whose format is one of fixed digits."""
    if _STYLES not in names:
        return {}
    text = archive.read(_STYLES).decode("utf-8", "replace")
    formats: dict[str, CodeFormat] = {}
    for tag in _FORMAT.findall(text):
        attributes = dict(_ATTRIBUTE.findall(tag))
        form = code_format(unescape(attributes.get("formatCode", "")))
        if form is not None:
            formats[attributes.get("numFmtId", "")] = form
    cells = _XFS.search(text) if formats else None
    if cells is None:
        return {}
    styles = (dict(_ATTRIBUTE.findall(tag)).get("numFmtId") for tag in _XF.findall(cells[0]))
    return {n: formats[style] for n, style in enumerate(styles) if style in formats}


def _split(code: str) -> list[str]:
    """Part a format at the semicolons that are no text."""
    parts, at = [""], 0
    while at < len(code):
        found = _PIECE.match(code, at)
        piece = found[0] if found else code[at]
        if piece == ";":
            parts.append("")
        else:
            parts[-1] += piece
        at += len(piece)
    return parts


def _section(code: str) -> Section | None:
    pieces: list[str | None] = []
    holds: Callable[[float], bool] | None = None
    for found in _TOKEN.finditer(code):
        if found["other"] is not None:
            return None
        if found["bracket"] is not None:
            condition = _CONDITION.match(found["bracket"])
            if condition is not None:
                holds = _condition(condition[1], float(condition[2]))
        elif found["zero"] is not None:
            pieces.append(None)
        elif (text := found["text"] or found["char"] or found["mark"]) is not None:
            pieces.append(text)
    return Section(tuple(pieces), holds)


def _condition(sign: str, limit: float) -> Callable[[float], bool]:
    return lambda number: _HOLDS[sign](number, limit)
