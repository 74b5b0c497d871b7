"""A cell of a telephone column holds what people type: labels, numbers, extensions, notes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from cleansing.phone_number import FAX, LANDLINE, UNKNOWN, Fault, read_number
from cleansing.phone_piece import EXTENSION, HIDDEN, ExtendedNumber, Left, read_piece

LABEL = (
    r"(?:(?:联系)?手机(?:号码?)?|(?:移动|联系|办公|公司|住宅|家庭|固定|客服|服务|咨询|销售)?(?:电话|電話)(?:号码?)?|行動電話|座机|固话|总机|總機"
    r"|热线|专线|直线|手機|移动|联系方式|微信(?:同号)?|whatsapp|wechat|mobile|mob|cell(?:ular)?|telephone|tel|phone|ph|office"
    r"|home|work|hotline|direct|main|(?:办公|公司|单位|住宅|家庭|宅|家)(?=\s*[:.])|[tmpcohw](?=\s*[:.]))"
)
FAX_LABEL = r"(?:传真|傳真|facsimile|telefax|fax|f(?=\s*[:.]))(?:号码?|號碼)?"
_WORD_ENDS = r"(?!(?!no\b|no\.|number)[a-z])"
_ANY_LABEL = re.compile(
    rf"(?<![a-z])(?P<fax>{FAX_LABEL}){_WORD_ENDS}"
    rf"|(?<![a-z])(?P<phone>{LABEL}){_WORD_ENDS}(?:\s*/\s*(?P<both>{FAX_LABEL}){_WORD_ENDS})?",
    re.I,
)
_NUMBER_SIGN = r"\s*(?:no\.?|number|#)?\s*[:.]?\s*"

_EXTENSION = re.compile(rf"[\s,(\-;]*{EXTENSION}\s*\)?", re.I)
_SECOND_EXTENSION = re.compile(r"( x\d{1,6}) +x(?=\d)")
"""#3202, #2699: a number has one extension, the second is a note."""
_IN_BRACKETS = re.compile(r"(?<=\d{4})\s*\((?!(?:19|20)\d\d\))(\d{2,6})\)(?!\s*[-\d])")
"""0755 83765566 (8001); a year in brackets is a note."""
_SEPARATOR = re.compile(
    r"[;,、|\n\t，；]+|\s+(?:or|and|或者?|和|及|&)\s+|(?<=\d)\s*[或和及&]\s*(?=[\d(+])"
    r"|(?<=\d{7})\s*-\s*(?=1[3-9]\d{9}(?!\d))"
    r"|(?<=\d[Ee]\+\d\d)(?:\s+|\s*-\s*|(?=\+))(?=[+\d])"  # 1.38E+10 +86 138…: no number of both
)
_AREA_SLASH = re.compile(r"(?<!\d)(\(?1?\d{3}\)?)\s*/\s*(\d{3}[-. ]{0,2}\d{4})(?!\d)")
_TRUNK_SLASH = re.compile(r"(?<![\d-])(?<!\d )(\(?0\d{1,4}\)?)\s*/\s*(\d[\d ]{4,9}\d)(?!\d)")
"""0571/87654321, 0221/97 31 00: the slash parts an area code from its number."""
_CODE_SLASH = re.compile(r"(\+\d{1,3}[\s-]*(?:\(0\)[\s-]*)?\d{1,4})\s*/\s*(\d[\d -]{4,9}\d)(?!\d)")
"""+49 (0) 30 / 901820: what stands before the slash is too short for a number."""
_ALTERNATE = re.compile(r"(\d[\d-]{5,}\d)\s*/\s*(\d{1,4})(?![\d-])")
_SCIENTIFIC = re.compile(r"[\d.]*\d[Ee]\+?\d{1,3}")
_LOST = "damaged: digits lost to scientific notation"

MASKED = "masked"
"""The reason of a number of which some digits are hidden: it cannot be dialled or compared."""
_MASK = re.compile(r"[*?_·•●○■□×#]{2,}|…+|\.{3,}|-{4,}|(?<=[\d\s-])[xX]{3,}(?=[\d\s-]|$)")


@dataclass(frozen=True)
class PhoneCell:
    """What a cell says: its numbers in order, faxes last, and what was noticed on the way."""

    numbers: tuple[ExtendedNumber, ...]
    reasons: tuple[str, ...] = ()
    fault: str | None = None
    notes: tuple[str, ...] = ()
    """All that stands beside the numbers, as it is written: labels, names, what is no number."""
    words: bool = False
    """Whether more than a label stands beside them."""


@dataclass
class _Reading:
    found: list[ExtendedNumber] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    words: bool = False
    """Whether more than a label stands beside the numbers."""


def read_cell(tidied: str, home: str | None) -> PhoneCell:
    """Read every number of a cell, its width and marks already folded."""
    text, repairs = _undo_spreadsheet(tidied)
    if repairs and repairs[0].startswith("damaged"):
        return PhoneCell((), fault=repairs[0])
    seen = _read(text, home)
    if home is None and _lies_in_china(seen):
        seen = _read(text, "CN")
    distinct = list({(f.number.key, f.ext): f for f in seen.found}.values())
    ordered = tuple(sorted(distinct, key=lambda f: f.number.type == FAX))
    if not ordered:
        return PhoneCell((), fault=next(iter(seen.faults), "invalid: no digits"))
    if MASKED in seen.faults:
        repairs.append("another is masked")
    if any(fault not in (MASKED, "invalid: no digits") for fault in seen.faults):
        repairs.append("another is invalid")
    more = (f"{f.number.key} ext. {f.ext}" for f in ordered[1:] if f.ext is not None)
    return PhoneCell(ordered, tuple(repairs), None, (*seen.notes, *more), seen.words)


def _lies_in_china(seen: _Reading) -> bool:
    """Whether a number stands beside one of China's and may be read as its neighbour."""
    unknown = any(f.number.reason == UNKNOWN for f in seen.found)
    left = any(sum(c.isdigit() for c in note) > 6 for note in seen.notes)
    return (unknown or left) and any(f.number.key.startswith("+86") for f in seen.found)


def _undo_spreadsheet(text: str) -> tuple[str, list[str]]:
    """Undo what a spreadsheet did to a number, as far as every digit is still there."""
    if _SCIENTIFIC.fullmatch(text):
        mantissa, _, exponent = text.upper().replace("+", "").partition("E")
        digits = mantissa.replace(".", "")
        whole = len(digits) - (len(mantissa) - mantissa.find(".") - 1 if "." in mantissa else 0)
        if len(digits) != whole + int(exponent):
            return text, [_LOST]
        return digits, ["scientific notation undone"]
    if re.fullmatch(r"\+?\d{5,}\.0+", text):
        return text.split(".")[0], ["decimal .0 removed"]
    if re.fullmatch(r"\d{1,3}(?:,\d{3}){2,}(?:\.0+)?", text):
        return text.split(".")[0].replace(",", ""), ["thousands commas removed"]
    return text, []


def _read(text: str, home: str | None) -> _Reading:
    seen = _Reading()
    for piece, fax in _pieces(_MASK.sub(lambda hidden: HIDDEN * len(hidden[0]), text), seen):
        if _SCIENTIFIC.fullmatch(piece):
            _leave(seen, Left(piece, Fault(_LOST)))
            continue
        for read in read_piece(piece, home):
            if isinstance(read, Left):
                _leave(seen, read)
                continue
            read = _with_area_of(seen.found[-1], read) if seen.found else read
            seen.found.append(_as_fax(read) if fax else read)
    return seen


def _leave(seen: _Reading, left: Left) -> None:
    """Keep what is no number as a note; a hidden digit makes it a masked one."""
    hidden = HIDDEN in left.text and re.search(r"\d", left.text) is not None
    fault = Fault(MASKED) if hidden else left.fault
    if fault is not None:
        seen.faults.append(fault.reason)
    words = left.text.replace(HIDDEN, "*").strip(" -.,/:;()[]'\"")
    if re.search(r"\w|\*", words) and words not in seen.notes:
        seen.notes.append(words)
        seen.words |= fault is None or fault.reason == "invalid: no digits"


def _pieces(text: str, seen: _Reading) -> Iterator[tuple[str, bool]]:
    """Cut a cell at its labels and separators; a label rules until the next one."""
    fax = False
    last = 0
    cuts: list[tuple[str, bool, str | None]] = []
    label: str | None = None
    for found in _ANY_LABEL.finditer(text):
        cuts.append((text[last : found.start()], fax, label))
        fax, label = found["fax"] is not None, found[0]
        last = found.end()
    cuts.append((text[last:], fax, label))
    for piece, is_fax, called in cuts:
        if called is not None and called not in seen.notes:
            seen.notes.append(called)
        bare = re.sub(rf"^{_NUMBER_SIGN}", "", piece, flags=re.I)
        yield from ((part, is_fax) for part in _split(bare) if re.search(rf"\w|{HIDDEN}", part))


def _split(text: str) -> Iterator[str]:
    """Cut at the marks that stand between numbers, and at a slash unless it stands inside one."""
    text = _EXTENSION.sub(lambda ext: f" x{ext[1]} ", text)
    text = _SECOND_EXTENSION.sub(r"\1;x", text)
    text = _IN_BRACKETS.sub(r" x\1 ", text)
    text = _AREA_SLASH.sub(r"\1-\2", text)
    text = _TRUNK_SLASH.sub(r"\1-\2", text)
    text = _CODE_SLASH.sub(r"\1-\2", text)
    for _ in range(_ALTERNATE.subn("", text)[1] and text.count("/")):
        text = _ALTERNATE.sub(_both_endings, text, count=1)  # 62345678/79/80, one by one
    yield from re.split(r"\s*/\s*", ";".join(_SEPARATOR.split(text)).replace(";", "/"))


def _both_endings(found: re.Match[str]) -> str:
    """Write 61234567/68 as 61234567/61234568: only the last digits of the second are given."""
    number, ending = found[1], found[2]
    return f"{number}/{number[: -len(ending)]}{ending}"


def _with_area_of(before: ExtendedNumber, found: ExtendedNumber) -> ExtendedNumber:
    """A second number without an area code lies in the area of the first."""
    local, neighbour = found.number.key, before.number.key
    if found.number.reason not in ("unverified", UNKNOWN) or not neighbour.startswith("+86"):
        return found
    if len(local) not in (7, 8) or before.number.type not in (LANDLINE, FAX):
        return found
    read = read_number(f"0{neighbour[3 : -len(local)]}{local}", "CN")
    if isinstance(read, Fault) or read.type != LANDLINE:
        return found
    return replace(found, number=replace(read, reason="area code of the number before"))


def _as_fax(found: ExtendedNumber) -> ExtendedNumber:
    return replace(found, number=replace(found.number, type=FAX))
