"""A table's gaps are filled field by field, each by the methods its spec names, in their order."""

from collections.abc import Mapping

import polars as pl

from cleansing.imputation.inference import infer
from cleansing.imputation.marking import gaps, mark
from cleansing.imputation.statistics import guess
from guiyi.kinds import Kind
from guiyi.spec.entities import Imputation, ImputationMethod


def impute(
    table: pl.DataFrame, kinds: Mapping[str, Kind], asked: Mapping[str, Imputation]
) -> pl.DataFrame:
    """Fill the gaps of a clean table where the spec asks, and mark what was filled in.

    Every asked field gets FIELD.imputed (Boolean), FIELD.method (String) and FIELD.confidence
    (Float64), null where the value is the source's own. All guesses are made from the table as it
    came: an imputed value is no evidence for another.
    """
    filled = table
    for field, how in asked.items():
        if field not in table.columns:
            continue
        gap = gaps(table, field)
        guesses: dict[str, pl.DataFrame] = {}
        for method in how.methods:
            found = _found(table, kinds, field, how, method).filter(
                pl.col("confidence") >= how.least
            )
            guesses[str(method)] = found.filter(gap.gather(found["row"]))
            gap = gap.scatter(guesses[str(method)]["row"], False) if found.height else gap
        filled = mark(filled, field, kinds[field], guesses)
    return filled


def _found(
    table: pl.DataFrame,
    kinds: Mapping[str, Kind],
    field: str,
    how: Imputation,
    method: ImputationMethod,
) -> pl.DataFrame:
    if method is ImputationMethod.INFERRED:
        return infer(table, kinds, field)
    return guess(table, kinds, field, how, method)
