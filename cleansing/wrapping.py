"""Programs and forms leave marks around a value that are no part of it.

A spreadsheet guards a text with ="00123" or a leading apostrophe, a web page writes &amp; for &,
and a form's label is copied with what stood behind it (联系人: 张三). They are taken off before a
cell is read as its kind, and named in the reason.
"""

import html
import re
from collections.abc import Mapping
from functools import cache
from html.entities import name2codepoint

import polars as pl

from cleansing import knowledge
from cleansing.empty_words import NOTHING
from cleansing.reasons import argued
from cleansing.text import in_place
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind

_ENTITY = re.compile(
    r"&(?:#(?:[0-9]{2,7}|[xX][0-9a-fA-F]{2,6});|([A-Za-z][A-Za-z0-9]{1,7});"
    r"|(?:amp|[A-Za-z](?:acute|grave|circ|uml|tilde|cedil|ring|slash))(?![A-Za-z0-9=;]))"
)
"""Character references of HTML 4.01, section 24; old pages leave out the semicolon."""

_FORMULA = re.compile(r'^\s*="(.*)"\s*$', re.DOTALL)
_APOSTROPHE = re.compile(
    r"^\s*'(?!\s*$)(?![tsnmk](?:[\s\-]|$))(?!\d0s\b)(?=[^'\s])(?!.*\w'(?:\W|$))(?!.*'\s*$)",
    re.DOTALL | re.IGNORECASE,
)
"""An apostrophe before a whole cell; 't Hooft, 's-Hage, '90s and 'quoted' words keep theirs."""

_NEVER_ITS_OWN = re.compile(
    r"\s*'\s*(?:[\d=+@\-]|[^\W\d_a-z\u00c0-\u024f\u1e00-\u1eff]|\S*\d\S*\s*$)", re.IGNORECASE
)
"""What begins with none in any language: numbers, formulas, Chinese, codes. 'Ndrangheta does."""

_WORDS = frozenset(
    {Kind.PERSON_NAME, Kind.COMPANY_NAME, Kind.ADDRESS, Kind.REGION, Kind.INDUSTRY, Kind.TEXT}
    | {Kind.CODE, Kind.KEY}
)
"""Kinds whose values may be words, of which an apostrophe may be the first letter."""

_LOOK = r"""^\s*(?:'|="|【)|&[#A-Za-z]"""
"""Only such cells, and of some kinds those with a colon, can hold anything of the sort."""

ENTITIES, GUARD, LABEL = "entities decoded", "text guard removed", "label removed: {}"


def are_guarded(values: pl.Series, kind: Kind) -> bool:
    """Whether an apostrophe before a word is a program's: most values of the column have one."""
    if kind not in _WORDS:
        return False
    some = values.head(_LOOKED_AT).drop_nulls()
    return len(some) >= _FEWEST and 2 * int(some.str.contains("^\\s*'").sum()) > len(some)


_LOOKED_AT, _FEWEST = 1000, 3


def unwrap(values: pl.Series, kind: Kind) -> tuple[pl.Series, pl.Series | None]:
    """The values without what was wrapped around them, and why they differ; None if none does."""
    look = f"{_LOOK}|[:：]" if kind in _labels() else _LOOK
    suspect = values.str.contains(look).fill_null(value=False)
    if not suspect.any():
        return values, None
    guarded = are_guarded(values, kind)
    found = [unwrap_one(value, kind, guarded) for value in values.filter(suspect).to_list()]
    if not any(reason for _, reason in found):
        return values, None
    schema = {"value": pl.String, "reason": pl.String}
    changed = pl.DataFrame(found, schema=schema, orient="row")
    none = pl.lit(None, pl.String).alias("reason")
    others = values.filter(~suspect).alias("value").to_frame().with_columns(none)
    whole = even_chunks(in_place(suspect, changed, others))
    return whole["value"].alias(values.name), whole["reason"]


def unwrap_one(value: str, kind: Kind, guarded: bool = False) -> tuple[str, str | None]:
    """The same for one value, of a column whose words are `guarded`."""
    reasons = []
    bare = decode_entities(value) if "&" in value else value
    if bare != value:
        reasons.append(ENTITIES)
    unguarded = _without_guard(bare, guarded or kind not in _WORDS)
    if unguarded != bare:
        reasons.append(GUARD)
    pattern = _labels().get(kind)
    label = pattern.match(unguarded) if pattern is not None else None
    if label is not None:
        unguarded = unguarded[label.end() :]
        reasons.append(argued(LABEL, (label[1] or label[2]).strip()))
    return unguarded, "; ".join(reasons) or None


def decode_entities(text: str) -> str:
    """Write the characters that HTML's references stand for, escaped once or twice."""
    for _ in range(3):
        decoded = _ENTITY.sub(_character, text)
        if decoded == text:
            break
        text = decoded
    return text


def _character(entity: re.Match[str]) -> str:
    if entity[1] is not None and entity[1] not in name2codepoint and entity[1] != "apos":
        return entity[0]
    char = html.unescape(entity[0] if entity[0].endswith(";") else entity[0] + ";")
    return char if char.isprintable() or char.isspace() else entity[0]


def _without_guard(text: str, guarded: bool) -> str:
    formula = _FORMULA.match(text)
    if formula is not None:
        return formula[1].replace('""', '"')
    bare = _APOSTROPHE.sub("", text, count=1)
    if guarded or _NEVER_ITS_OWN.match(text) or re.match(NOTHING, bare):
        return bare
    return text


@cache
def _labels() -> Mapping[Kind, re.Pattern[str]]:
    return {
        Kind(kind): _label_pattern(labels)
        for kind, labels in knowledge.facts("cell_labels.yml").items()
    }


def _label_pattern(labels: list[str]) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in sorted(labels, key=len, reverse=True))
    return re.compile(
        rf"\s*(?:({words})\s*[:：]|【\s*({words})\s*】\s*[:：]?)\s*(?=\S)", re.IGNORECASE
    )
