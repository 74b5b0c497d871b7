"""A cell of names may hold two persons, or a person and a firm: it is kept whole and reported."""

import re
from functools import cache

import polars as pl

from cleansing import text
from cleansing.person_name import reference as ref
from cleansing.place_chain import readings

_HAN = "\u3400-\u9fff"
_LOOK_SPACED = rf"^{text.HAN}{{2,4}}(?:[\s⏎↵|]+{text.HAN}{{2,4}})+$"
_LOOK_DASHED = rf"^{text.HAN}{{2,6}}\s*[-(]\s*{text.HAN}{{2,4}}\)?$"
BREAK = r"[\n\r;|⏎↵]|\s/\s"
"""What parts two Western names in a cell; a comma stands within one."""
_LOOK_WESTERN = rf"^[^\d@]*\pL[\s.]*(?:{BREAK})\s*\pL[^\d@]*$"
_WHOLE_NAME = re.compile(r"[^\W\d_][\w.'’\-]*(?:[ ,]+[^\W\d_][\w.'’\-]*)+")
_OFFICE = re.compile(r"(?:部|科|处|室|中心|组|司|厂|店|局|院|校|行|所|系|班)$")


def find(raw: pl.Series, spaced: pl.Series) -> pl.Series:
    """For each value, raw and tidy with its spaces: `several names`, `several values`, or null."""
    apart = pl.Series([None], dtype=pl.String).new_from_index(0, len(spaced))
    looks = (
        (spaced, _LOOK_SPACED, _names),
        (spaced, _LOOK_DASHED, _dashed),
        (raw, _LOOK_WESTERN, _western),
    )
    for values, look, judge in looks:
        there = values.str.contains(look).fill_null(value=False) & apart.is_null()
        if there.any():
            found = pl.Series([judge(one) for one in values.filter(there)], dtype=pl.String)
            apart = apart.scatter(there.arg_true(), found)
    return apart


def _names(cell: str) -> str | None:
    """张三 李四 are two; 陈方 安生 and 王芳 女士 are one."""
    pieces = re.split(r"[\s⏎↵|]+", text.simplify_text(cell))
    if not all(map(is_person, pieces)):
        return None
    single = ref.surname_characters()
    married = len(pieces) == 2 and len(pieces[0]) == 2 and all(c in single for c in pieces[0])
    return None if married else "several names"


def _dashed(cell: str) -> str | None:
    """张三-李四 and 华为-王五; 张三-财务部 is one person, and 张三(深圳) one with a note."""
    _, tail = re.split(r"\s*[-(]\s*", text.simplify_text(cell.rstrip(")")), maxsplit=1)
    known = _OFFICE.search(tail) or any(tail.endswith(title) for title in ref.words("titles"))
    if known or readings(tail)[-1].names:
        return None
    if "(" in cell:
        return "several values" if is_person(tail) and tail[0] in ref.common_characters() else None
    return "several values"


def _western(cell: str) -> str | None:
    """John Smith; Mary Jones are two; John Smith; MD is one."""
    pieces = [text.squeeze_spaces(piece) for piece in re.split(BREAK, cell.strip())]
    whole = [piece for piece in pieces if _WHOLE_NAME.fullmatch(piece)]
    titled = ref.words("suffixes") | ref.words("offices")
    for piece in whole:
        if all(word.strip(".").lower() in titled for word in re.split("[ ,]+", piece)):
            return None
    return "several names" if len(whole) == len(pieces) > 1 else None


def is_person(word: str) -> bool:
    """Whether a word is made as a Chinese name, and no title."""
    return word not in ref.words("titles") and _person().fullmatch(word) is not None


@cache
def _person() -> re.Pattern[str]:
    compound = "|".join(ref.words("compound_surnames"))
    single = "".join(sorted(ref.surname_characters()))
    return re.compile(rf"(?:(?:{compound})[{_HAN}]{{1,2}}|(?!{compound})[{single}][{_HAN}]{{1,2}})")
