"""An industry has a code (GB/T 4754) and many names; other words stay as written.

    clean(pl.Series(["软件业", "C39计算机、通信和其他电子设备制造业", "I6510"]))  # keys 65, 39, 651

Sections are one letter, divisions two digits, groups three. A class has four: it is kept as it was
written, and its group is its key. Of several names in a cell (制造业/医药制造业) the finest
counts, if it lies in the others; two industries in a cell stay as they came.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from cleansing import knowledge
from cleansing.column import Row, when, why
from cleansing.text import simplify_text, tidy, where_untidy

PARTS: Mapping[str, pl.DataType] = {
    "key": pl.String(),
    "section": pl.String(),
    "division": pl.String(),
}

_CODE = re.compile(
    r"^([A-T](?![A-Z]))?[\s.\-]*(\d{2,4})?(?![\d.])[\s:：.,、\-—_()]*(.*)$", re.IGNORECASE
)
_LEVELS = re.compile(r"[/\\>|;；→]+|(?<=业)[-—_\s]+(?=\D)")
_SILENT = re.compile(r"[\W_]+|[和及与]")
_TRADE = re.compile(r"业(?=$)")


def clean(values: pl.Series) -> pl.DataFrame:
    """Name each industry as the standard does; the key is its code where it has one.

    A cell that says more than one industry of the list stays as it came.
    """
    tidied = where_untidy(values, tidy)
    rows = [_read(value) for value in tidied.to_list()]
    schema = {"value": pl.String(), "doubt": pl.String(), **PARTS}
    read = pl.DataFrame(rows, schema=schema, orient="row").with_columns(raw=values)
    changed = pl.col("value") != pl.col("raw")
    return read.select(
        "value",
        why(
            when(pl.col("doubt").is_null() & changed, "standard name"),
            when(pl.col("doubt").is_not_null() & changed, "tidied"),
            pl.col("doubt").replace("", None),
        ).alias("reason"),
        *PARTS,
    )


def is_industry(value: str) -> bool:
    """Whether a cell holds nothing but industries: `2023; 5; foo` and `C39-001` are other codes."""
    return all(
        piece.code is not None and piece.whole and not _NUMBERED.search(piece.text)
        for piece in _pieces(value)
    )


_NUMBERED = re.compile(r"\d[^\d.]+\d")
"""A code and a further number."""

_UNKNOWN = "unverified"


@dataclass(frozen=True)
class _IndustryPart:
    """A part of a cell, and the industry it names by code or name."""

    text: str
    code: str | None
    whole: bool = True
    """The code says all that is written."""
    agrees: bool = True
    """The code and the name beside it are of one industry."""


def _read(value: str | None) -> Row:
    """Value, what is doubtful about it ("" if only its words stay), and the parts."""
    if value is None:
        return (None,) * (2 + len(PARTS))
    pieces = _pieces(value)
    known = [piece for piece in pieces if piece.code is not None]
    if not known or len(known) < len(pieces):
        return _as_written(value, _UNKNOWN)
    finest = max(known, key=lambda piece: _depth(piece.code or ""))
    code = finest.code or ""
    if not all(_holds(piece.code or "", code) for piece in known):
        return _as_written(value, "several industries")
    name, section = _industries()[code]
    parts = (code, section, code[:2] if code.isdigit() else None)
    if not all(piece.agrees for piece in known):
        return (value, "code and name disagree", *parts)
    whole = all(piece.whole for piece in known)
    return (name, None, *parts) if whole else (value, "", *parts)


def _as_written(value: str, doubt: str) -> Row:
    return (value, doubt, _spelled(value) or value, None, None)


def _holds(upper: str, code: str) -> bool:
    """Whether an industry is another one or lies in it."""
    if upper.isalpha() and code.isalpha():
        return upper == code
    return _industries()[code][1] == upper if upper.isalpha() else code.startswith(upper)


def _pieces(value: str) -> list[_IndustryPart]:
    return [_piece(text.strip()) for text in _LEVELS.split(value) if text.strip()]


def _piece(text: str) -> _IndustryPart:
    """A code, a name, or both; a name goes before the code, as editions number otherwise."""
    parts = _CODE.match(text)
    if parts is None:
        return _IndustryPart(text, _by_name(text))
    letter, digits, rest = parts.groups()
    named = _by_name(rest) if rest else None
    coded = _coded(letter, digits)
    if named is not None:
        agrees = (letter is None and digits is None) or _agree(coded, named)
        if agrees and _depth(coded or "") > _depth(named):  # 271 医药制造业
            return _IndustryPart(text, coded, whole=False)
        return _IndustryPart(text, named, whole=agrees and len(digits or "") < 4, agrees=agrees)
    if letter is None and (digits is None or rest):
        return _IndustryPart(text, None)  # 4001-6000 is no code
    if (digits is None and rest) or _NUMBERED.search(text):
        return _IndustryPart(text, None)
    return _IndustryPart(text, coded, whole=not rest and (digits is None or len(digits) < 4))


def _coded(letter: str | None, digits: str | None) -> str | None:
    known = _industries()
    if digits is None:
        return None if letter is None else _ONLY.get(letter.upper(), letter.upper())
    group = digits[:3]
    if group not in known or (letter is not None and known[group][1] != letter.upper()):
        return None
    return group


def _agree(coded: str | None, named: str) -> bool:
    """Whether the code before a name is the name's, or above or below it."""
    if coded is None:
        return False
    return _holds(coded, named) or _holds(named, coded)


def _by_name(name: str) -> str | None:
    return _names().get(_spelled(name)) or _names().get(_TRADE.sub("", _spelled(name)))


def _depth(code: str) -> int:
    return len(code) if code.isdigit() else 0


def _spelled(name: str) -> str:
    """Marks, and 和, 及, 与, say nothing: 科学研究、技术服务 is 科学研究和技术服务."""
    return _SILENT.sub("", simplify_text(name.lower())).removesuffix("行业")


_ONLY = {"K": "70", "P": "83", "T": "97"}
"""Sections of one division only, which is the same industry."""


@cache
def _industries() -> dict[str, tuple[str, str]]:
    """Code → name and section."""
    rows = knowledge.rows("industries.tsv")[1:]
    return {code: (name, section) for code, name, section, *_ in rows}


@cache
def _names() -> dict[str, str]:
    """Spelling → code: official names first, the upper level before the lower, then the others."""
    rows = [(code, name, also) for code, name, _, also in knowledge.rows("industries.tsv")[1:]]
    rows.sort(key=lambda row: _depth(row[0]))
    names: dict[str, str] = {}
    for code, name, _ in rows:
        names.setdefault(_spelled(name), _ONLY.get(code, code))
    for code, _, also in rows:
        for other in filter(None, also.split("|")):
            names.setdefault(_spelled(other), _ONLY.get(code, code))
    for spelled, code in list(names.items()):
        names.setdefault(_TRADE.sub("", spelled), code)
    return names
