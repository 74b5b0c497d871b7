"""Every value a CRM field receives is text, in one plain spelling."""

from decimal import Decimal

import polars as pl

FLOAT_DIGITS = 15
"""Decimal digits a double keeps for certain (IEEE 754 binary64, DBL_DIG)."""


def as_text(values: pl.Series) -> pl.Series:
    """Spell values as text: plain decimals, ISO dates, lists joined with `; `, nothing as null."""
    dtype = values.dtype
    if isinstance(dtype, pl.List | pl.Array):
        joined = [_joined(items) for items in values.to_list()]
        values = pl.Series(values.name, joined, dtype=pl.String)
    elif dtype.is_float() or dtype.is_decimal():
        spelled = [None if number is None else _plain(number) for number in values.to_list()]
        values = pl.Series(values.name, spelled, dtype=pl.String)
    elif dtype == pl.Datetime:
        iso = [None if moment is None else moment.isoformat(" ") for moment in values.to_list()]
        values = pl.Series(values.name, iso, dtype=pl.String)
    else:
        values = values.cast(pl.String)
    return values.set(values == "", None)


def _joined(items: list[object] | None) -> str | None:
    if items is None:
        return None
    return "; ".join(str(item) for item in items if item is not None)


def _plain(number: float | Decimal) -> str | None:
    exact = Decimal(f"{number:.{FLOAT_DIGITS}g}") if isinstance(number, float) else number
    if not exact.is_finite():
        return None
    text = f"{exact:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
