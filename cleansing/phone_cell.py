"""A cell of a telephone column holds what people type: labels, numbers, extensions, notes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cleansing.phone_number import FAX, GROUPED_LINE, LANDLINE, Fault, Number, read_number

LABEL = (
    r"(?:(?:联系)?手机(?:号码?)?|(?:移动|联系|办公|公司|住宅|家庭|固定|客服|服务|咨询|销售)?(?:电话|電話)(?:号码?)?|行動電話|座机|固话|总机|總機"
    r"|热线|专线|直线|手機|移动|联系方式|微信(?:同号)?|whatsapp|wechat|mobile|mob|cell(?:ular)?|telephone|tel|phone|ph|office"
    r"|home|work|hotline|direct|main|(?:办公|公司|单位|住宅|家庭|宅|家)(?=\s*[:.])|[tmpcohw](?=\s*[:.]))"
)
FAX_LABEL = r"(?:传真|傳真|facsimile|telefax|fax|f(?=\s*[:.]))(?:号码?|號碼)?"
_ANY_LABEL = re.compile(
    rf"(?<![a-z])(?P<fax>{FAX_LABEL})|(?<![a-z])(?P<phone>{LABEL})(?:\s*/\s*(?P<both>{FAX_LABEL}))?",
    re.I,
)
_NUMBER_SIGN = r"\s*(?:no\.?|number|#)?\s*[:.]?\s*"

EXTENSION = (
    r"(?:转|轉|分机号?|分機號?|内线|內線|extension|extn|ext|x|#|\*|;ext=)\s*[:.号]?\s*(\d{1,6})"
)
_EXTENSION = re.compile(rf"[\s,(\-;]*{EXTENSION}\s*\)?", re.I)
_TAIL_EXTENSION = re.compile(rf"^(.*\d{{7,8}}|{GROUPED_LINE})\s*-+\s*(\d{{1,5}})(\D*)$")
_SEPARATOR = re.compile(
    r"[;,、|\n\t，；]+|\s+(?:or|and|或者?|和|及|&)\s+|(?<=\d)\s*[或和及&]\s*(?=[\d(+])"
)
_AREA_SLASH = re.compile(r"(?<!\d)(\(?\d{3}\)?)\s*/\s*(\d{3}[-. ]\d{4})(?!\d)")
_ALTERNATE = re.compile(r"(\d[\d-]{5,}\d)\s*/\s*(\d{1,4})(?![\d-])")
_SCIENTIFIC = re.compile(r"[\d.]*\d[Ee]\+?\d{1,3}")


@dataclass(frozen=True)
class Found:
    """One number of a cell with its extension."""

    number: Number
    ext: str | None = None


@dataclass(frozen=True)
class Cell:
    """What a cell says: its numbers in order, faxes last, and what was noticed on the way."""

    numbers: tuple[Found, ...]
    reasons: tuple[str, ...]
    fault: str | None = None


def read_cell(tidied: str, home: str | None) -> Cell:
    """Read every number of a cell, its width and marks already folded."""
    text, repairs = _undo_spreadsheet(tidied)
    if repairs and repairs[0].startswith("damaged"):
        return Cell((), (), repairs[0])
    found: list[Found] = []
    faults: list[str] = []
    for piece, fax in _pieces(text):
        for read in _read_piece(piece, home):
            if isinstance(read, Fault):
                faults.append(read.reason)
            else:
                read = _with_area_of(found[-1], read) if found else read
                found.append(_as_fax(read) if fax else read)
    distinct = list({(f.number.key, f.ext): f for f in found}.values())
    ordered = tuple(sorted(distinct, key=lambda f: f.number.type == FAX))
    if not ordered:
        return Cell((), (), next(iter(faults), "invalid: no digits"))
    if faults and faults[0] != "invalid: no digits":
        repairs.append("another is invalid")
    return Cell(ordered, tuple(repairs))


def _undo_spreadsheet(text: str) -> tuple[str, list[str]]:
    """Undo what a spreadsheet did to a number, as far as every digit is still there."""
    if _SCIENTIFIC.fullmatch(text):
        mantissa, _, exponent = text.upper().replace("+", "").partition("E")
        digits = mantissa.replace(".", "")
        whole = len(digits) - (len(mantissa) - mantissa.find(".") - 1 if "." in mantissa else 0)
        if len(digits) != whole + int(exponent):
            return text, ["damaged: digits lost to scientific notation"]
        return digits, ["scientific notation undone"]
    if re.fullmatch(r"\+?\d{5,}\.0+", text):
        return text.split(".")[0], ["decimal .0 removed"]
    if re.fullmatch(r"\d{1,3}(?:,\d{3}){2,}(?:\.0+)?", text):
        return text.split(".")[0].replace(",", ""), ["thousands commas removed"]
    return text, []


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Cut a cell at its labels and separators; a label rules until the next one."""
    fax = False
    last = 0
    cuts: list[tuple[str, bool]] = []
    for label in _ANY_LABEL.finditer(text):
        cuts.append((text[last : label.start()], fax))
        fax = label["fax"] is not None
        last = label.end()
    cuts.append((text[last:], fax))
    for piece, is_fax in cuts:
        bare = re.sub(rf"^{_NUMBER_SIGN}", "", piece, flags=re.I)
        yield from ((part, is_fax) for part in _split(bare) if re.search(r"\w", part))


def _split(text: str) -> Iterator[str]:
    """Cut at the marks that stand between numbers, and at a slash unless it stands inside one."""
    text = _EXTENSION.sub(lambda ext: f" x{ext[1]}", text)
    text = _AREA_SLASH.sub(r"\1-\2", text)
    for _ in range(_ALTERNATE.subn("", text)[1] and text.count("/")):
        text = _ALTERNATE.sub(_both_endings, text, count=1)  # 62345678/79/80, one by one
    yield from re.split(r"\s*/\s*", ";".join(_SEPARATOR.split(text)).replace(";", "/"))


def _both_endings(found: re.Match[str]) -> str:
    """Write 61234567/68 as 61234567/61234568: only the last digits of the second are given."""
    number, ending = found[1], found[2]
    return f"{number}/{number[: -len(ending)]}{ending}"


def _read_piece(piece: str, home: str | None) -> list[Found | Fault]:
    """Read a piece as one number; failing that, as several that only spaces keep apart."""
    one = _read_one(piece, home)
    tokens = piece.split()
    if isinstance(one, Found) and one.number.reason != "unverified":
        return [one]
    glued = re.fullmatch(r"\D*(1[3-9]\d{9})(1[3-9]\d{9})\D*", piece)
    if glued:
        return [_read_one(glued[1], home), _read_one(glued[2], home)]
    if len(tokens) > 1:
        several = [_read_one(token, home) for token in tokens if re.search(r"\d{5}", token)]
        good = [read for read in several if isinstance(read, Found)]
        if len(good) > 1 or (good and not isinstance(one, Found)):
            return [*good]
    return [one]


def _read_one(piece: str, home: str | None) -> Found | Fault:
    body, ext = piece, None
    if labelled := re.search(r"\s*x(\d{1,6})\s*$", piece):
        body, ext = piece[: labelled.start()], labelled[1]
    elif (tail := _TAIL_EXTENSION.match(piece)) and not re.match(r"\D*1[3-9]\d{9}\D", piece):
        body, ext = tail[1] + tail[3], tail[2]
    if re.search(r"\d[oOlI]\d|\d[oOlI]{2}\d", body):
        return Fault("invalid: letters among the digits")
    noise = re.sub(r"[\d\s\-+().·~_/\[\]'\"]", "", body)
    number = re.sub(r"[^\d\s\-+()./]", " ", body) if noise else body
    if not re.search(r"\d", number):
        return Fault("invalid: no digits")
    read = read_number(number, home)
    if isinstance(read, Fault):
        return read
    if noise:
        read = replace(read, reason="; ".join(filter(None, [read.reason, "note removed"])))
    return Found(read, ext)


def _with_area_of(before: Found, found: Found) -> Found:
    """A second number without an area code lies in the area of the first."""
    local, neighbour = found.number.key, before.number.key
    if found.number.reason != "unverified" or not neighbour.startswith("+86"):
        return found
    if len(local) not in (7, 8) or before.number.type not in (LANDLINE, FAX):
        return found
    read = read_number(f"0{neighbour[3 : -len(local)]}{local}", "CN")
    if isinstance(read, Fault) or read.type != LANDLINE:
        return found
    return replace(found, number=replace(read, reason="area code of the number before"))


def _as_fax(found: Found) -> Found:
    return replace(found, number=replace(found.number, type=FAX))
