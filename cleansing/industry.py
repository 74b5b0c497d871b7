"""An industry has a code (GB/T 4754) and many names; other words stay as written.

    clean(pl.Series(["软件业", "C39计算机、通信和其他电子设备制造业", "I6510"]))  # keys 65, 39, 651

Sections are one letter, divisions two digits, groups three. A class has four: it is kept as it was
written, and its group is its key. Of several names in a cell (制造业/医药制造业) the finest counts.
"""

import re
from collections.abc import Mapping
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
    """Name each industry as the standard does; the key is its code where it has one."""
    tidied = where_untidy(values, tidy)
    rows = [_read(value) for value in tidied.to_list()]
    schema = {"value": pl.String(), "code": pl.String(), **PARTS}
    read = pl.DataFrame(rows, schema=schema, orient="row").with_columns(raw=values)
    known = pl.col("code").is_not_null()
    changed = pl.col("value") != pl.col("raw")
    return read.select(
        "value",
        why(
            when(known & changed, "standard name"),
            when(~known & changed, "tidied"),
            when(~known & pl.col("value").is_not_null(), "unverified"),
        ).alias("reason"),
        *PARTS,
    )


def code_of(value: str) -> str | None:
    """The code of an industry, by its name or one of its codes; None where it is not known."""
    found = [code for code in map(_code_of, _LEVELS.split(value)) if code is not None]
    return max(found, key=_depth, default=None)


def is_industry(value: str) -> bool:
    """Whether a cell holds nothing but industries: `2023; 5; foo` and `C39-001` are other codes."""
    pieces = _LEVELS.split(value)
    return all(_code_of(piece) is not None and not _NUMBERED.search(piece) for piece in pieces)


_NUMBERED = re.compile(r"\d[^\d.]+\d")
"""A code and a further number."""


def _read(value: str | None) -> Row:
    """Value, code, and the parts."""
    if value is None:
        return (None,) * (2 + len(PARTS))
    code = code_of(value)
    if code is None:
        return (value, None, _spelled(value) or value, None, None)
    name, section = _industries()[code]
    written = re.fullmatch(r"[A-Ta-t]?\d{4}\D*", value)
    return (value if written else name, code, code, section, code[:2] if code.isdigit() else None)


def _code_of(value: str) -> str | None:
    """A name goes before the code beside it, for editions of the standard number otherwise."""
    parts = _CODE.match(value.strip())
    if parts is None:
        return _by_name(value)
    letter, digits, rest = parts.groups()
    named = _by_name(rest) if rest else None
    if named is not None or (letter is None and (digits is None or rest)):
        return named  # 4001-6000 is no code
    known = _industries()
    if digits is None:
        code = letter.upper() if letter and not rest else None
        return None if code is None else _ONLY.get(code, code)
    group = digits[:3]
    if group not in known or (letter is not None and known[group][1] != letter.upper()):
        return None
    return group


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
