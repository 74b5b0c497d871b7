"""A group's usual value stands in for a missing one, and its confidence says how usual it is.

Amounts: the mean, the median or the neighbours' median, as sure as the share of the group's own
values that lie within a factor of two of it. Codes and regions: the most frequent value, as sure as
its share. One more record that might say otherwise is counted in (k / (n + 1)).
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing.imputation.marking import GUESSED
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.records import part
from guiyi.spec.entities import Imputation, ImputationMethod

_FACTOR = 2.0
"""An amount between half and twice the true one still has its order of magnitude."""
_MOST = 5_000
"""Distinct records asked for the nearest ones; more would change little and cost memory."""
_DIGITS = 2
"""Decimals of an imputed amount: the cent."""


def guess(
    table: pl.DataFrame,
    kinds: Mapping[str, Kind],
    field: str,
    how: Imputation,
    method: ImputationMethod,
) -> pl.DataFrame:
    """Rows of the table with the value guessed for them; also where the field has one."""
    frame = table.select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"),
        *(_feature(name, kinds[name]).alias(f"by {name}") for name in how.by),
        value=pl.col(field),
        number=pl.col(field).cast(pl.Float64, strict=False)
        if kinds[field] is Kind.AMOUNT
        else pl.lit(None, pl.Float64),
    )
    if method is ImputationMethod.NEAREST:
        return _nearest(frame, kinds, how, numeric=kinds[field] is Kind.AMOUNT)
    return _of_group(frame, [f"by {name}" for name in how.by], method)


def _feature(name: str, kind: Kind) -> pl.Expr:
    if kind is Kind.AMOUNT:
        return pl.col(name).cast(pl.Float64, strict=False)
    if kind is Kind.INDUSTRY:  # a group of the standard is too small to be typical
        return pl.coalesce(part(name, "division"), part(name, "key"))
    return pl.coalesce(pl.col(part(name, "key")), pl.col(name))


def _of_group(frame: pl.DataFrame, by: list[str], method: ImputationMethod) -> pl.DataFrame:
    names = by or ["everybody"]
    frame = frame.with_columns(everybody=pl.lit(0)).drop_nulls(names)
    known = frame.drop_nulls("value")
    if method is ImputationMethod.MODE:
        ranked = (
            known.group_by(*names, "value")
            .len("agree")
            .sort("agree", "value", descending=[True, False])
        )
        usual = (
            ranked.group_by(names, maintain_order=True)
            .agg(
                pl.col("value").first(), pl.col("agree").first(), pl.col("agree").sum().alias("all")
            )
            .with_columns(confidence=pl.col("agree") / (pl.col("all") + 1))
        )
    else:
        known = known.drop_nulls("number")
        middle = (
            pl.col("number").mean()
            if method is ImputationMethod.MEAN
            else pl.col("number").median()
        )
        within = _within(pl.col("number"), pl.col("middle")).sum()
        usual = (
            known.with_columns(middle=middle.over(names))
            .group_by(names)
            .agg(pl.col("middle").first(), confidence=within / (pl.len() + 1))
            .with_columns(value=_amount(pl.col("middle")))
        )
    return (
        frame.select("row", *names)
        .join(usual.select(*names, "value", "confidence"), on=names, how="inner")
        .sort("row")
        .select(*GUESSED)
        .cast(GUESSED)
    )


def _within(number: pl.Expr, middle: pl.Expr) -> pl.Expr:
    low, high = (
        pl.min_horizontal(middle / _FACTOR, middle * _FACTOR),
        pl.max_horizontal(middle / _FACTOR, middle * _FACTOR),
    )
    return number.is_between(low, high)


def _amount(number: pl.Expr) -> pl.Expr:
    return number.round(_DIGITS).cast(pl.String).str.replace(r"\.0+$", "")


def _nearest(
    frame: pl.DataFrame, kinds: Mapping[str, Kind], how: Imputation, *, numeric: bool
) -> pl.DataFrame:
    """The middle, or the most frequent, value of the k records most alike (Gower's distance)."""
    by = [f"by {name}" for name in how.by]
    known = frame.drop_nulls("number" if numeric else "value")
    if known.height > _MOST:
        known = known.gather_every(known.height // _MOST + 1)
    asking = frame.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in by))
    if known.is_empty() or asking.is_empty():
        return pl.DataFrame(schema=GUESSED)
    questions = asking.select(by).unique(maintain_order=True)
    distance = _gower(questions, known, by, kinds)
    asked = min(how.neighbours, known.height)
    order = np.argsort(distance, axis=1, kind="stable")[:, :asked]
    answers_known = known["number" if numeric else "value"]
    answers = [_agreed(answers_known.gather(near), numeric) for near in order]
    table = even_chunks(
        questions.with_columns(
            pl.Series("value", [a for a, _ in answers], pl.String),
            pl.Series("confidence", [c for _, c in answers], pl.Float64),
        )
    )
    return (
        asking.select("row", *by)
        .join(table, on=by, how="inner", nulls_equal=True)
        .sort("row")
        .select(*GUESSED)
        .cast(GUESSED)
    )


def _gower(
    questions: pl.DataFrame, known: pl.DataFrame, by: list[str], kinds: Mapping[str, Kind]
) -> npt.NDArray[np.float32]:
    """Gower (1971): equal is near, numbers by their range; a missing value is as far as can be."""
    total = np.zeros((questions.height, known.height), dtype=np.float32)
    for name in by:
        one, other = questions[name], known[name]
        if kinds[name.removeprefix("by ")] is Kind.AMOUNT:
            x, y = one.to_numpy()[:, None], other.to_numpy()[None, :]
            spread = float(np.nanmax(y) - np.nanmin(y)) if np.isfinite(y).any() else 0.0
            apart = np.abs(x - y) / spread if spread else (x != y).astype(np.float64)
            total += np.nan_to_num(np.minimum(apart, 1.0), nan=1.0).astype(np.float32)
            continue
        codes = pl.concat([one, other]).cast(pl.Categorical).to_physical()
        both = codes.cast(pl.Int64).fill_null(-1).to_numpy()
        x, y = both[: len(one), None], both[None, len(one) :]
        total += ((x != y) | (x < 0)).astype(np.float32)
    return (total / np.float32(len(by))).astype(np.float32)


def _agreed(values: pl.Series, numeric: bool) -> tuple[str, float]:
    if numeric:
        frame = values.alias("number").to_frame().with_columns(middle=pl.col("number").median())
        agree = int(frame.select(_within(pl.col("number"), pl.col("middle")).sum()).item())
        value = frame.select(_amount(pl.col("middle"))).item(0, 0)
        return str(value), agree / (len(values) + 1)
    counts = values.value_counts(name="agree").sort("agree", values.name, descending=[True, False])
    return str(counts[values.name][0]), int(counts["agree"][0]) / (len(values) + 1)
