"""Which text of a clean cell is compared; one that is no valid value is still evidence."""

import re
import unicodedata
from collections.abc import Container

import polars as pl

from cleansing.coded import Coded
from cleansing.coded_table import CodedField
from cleansing.registry import kind_type
from cleansing.text import missing
from dedup.forms.value_quality import NO_DAY
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind

AS_SHOWN = frozenset({Kind.REGION, Kind.ADDRESS, Kind.TEXT, Kind.COMPANY_NAME})
"""Kinds that are compared as they are shown, not by their key."""
_MASKED_NUMBER = re.compile(r"[*＊]{2}")
_MASKED_PHONE = re.compile(r"[0-9]{3,}\*{2,6}[0-9]{3,}")
"""A telephone number whose middle a shop masks (134****7507): beginning and end are evidence."""
_NOTHING = re.compile("missing|placeholder|imputed|dummy")
"""Reasons for which not even the raw value is evidence."""
_NOT_SHOWN = re.compile("[^0-9*]")
_MARKS = re.compile(r"[\W_]")
_DAY = re.compile(r"(\d{4}(?:-?\d{2}){0,2})(?:\D|$)", re.ASCII)


def column_compared(name: str, kind: Kind, there: Container[str]) -> str:
    """The column of a field that is compared, of those that are there."""
    key = f"{name}.key"
    return name if kind in AS_SHOWN or key not in there else key


def comparable(field: CodedField, name: str, kind: Kind) -> Coded:
    """The compared text of each distinct cell of a field."""
    cells = field.cells
    base = cells[column_compared(name, kind, cells.columns)].cast(pl.String)
    if f"{name}.raw" in cells.columns:
        refused = base.is_null() & cells[f"{name}.raw"].is_not_null()
        if refused.any():
            columns = (cells[f"{name}.{part}"].filter(refused) for part in ("raw", "reason"))
            found = [refused_text(raw, why, kind) for raw, why in zip(*columns, strict=True)]
            base = base.scatter(refused.arg_true(), pl.Series(found, dtype=pl.String))
    text = pl.col("text").str.to_lowercase().str.strip_chars()
    filled = text != ""
    if kind in (Kind.CODE, Kind.TEXT):  # shown as it was typed, and yet nothing to agree in
        filled &= ~missing(pl.col("shown").fill_null(" "))
    frame = even_chunks(pl.DataFrame({"text": base, "shown": cells[name].cast(pl.String)}))
    return Coded(frame.select(pl.when(filled).then(text).alias(name)).to_series(), field.codes)


def refused_text(raw: str, reason: str | None, kind: Kind) -> str | None:
    """What is evidence of a cell that is no valid value; None if nothing is."""
    exact = kind_type(kind).exact
    # 15******** is some number, and nobody's in particular.
    masked = exact and _MASKED_NUMBER.search(raw)
    if not masked and not (reason and _NOTHING.search(reason)):
        return _MARKS.sub("", raw) if exact else raw
    if kind is Kind.PHONE:
        shown = _NOT_SHOWN.sub("", unicodedata.normalize("NFKC", raw))
        return shown if _MASKED_PHONE.fullmatch(shown) else None
    return None


def day_in(text: str) -> str | None:
    """A date as yyyy-mm-dd, 00 for a month or day nobody knows; None for a placeholder."""
    found = _DAY.match(text)
    if found is None:
        return None
    digits = found[1].replace("-", "").ljust(8, "0")
    day = f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    return None if day in NO_DAY else day
