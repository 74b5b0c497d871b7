"""A table's gaps are filled field by field, each by the methods its spec names, in their order."""

from collections.abc import Mapping

import polars as pl

from cleansing.coded_table import CodedField
from cleansing.distinct import ranked
from cleansing.imputation.inference import infer
from cleansing.imputation.marking import gaps, mark
from cleansing.imputation.statistics import guess
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.records import part
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
            found = _imputed_values(table, kinds, field, how, method).filter(
                pl.col("confidence") >= how.least
            )
            guesses[str(method)] = found.filter(gap.gather(found["row"]))
            gap = gap.scatter(guesses[str(method)]["row"], False) if found.height else gap
        filled = mark(filled, field, kinds[field], guesses)
    return filled


_TELLING = (Kind.ADDRESS, Kind.PHONE, Kind.EMAIL)
"""Kinds of which others are inferred."""


def imputed_fields(
    fields: dict[str, CodedField], kinds: Mapping[str, Kind], asked: Mapping[str, Imputation]
) -> dict[str, CodedField]:
    """The same for a table of distinct cells; only what guesses are made of is laid out."""
    if not asked:
        return fields
    of = {*asked, *(name for how in asked.values() for name in how.by)}
    names = [name for name in fields if name in of or kinds[name] in _TELLING]
    laid_out = [column for name in names for column in fields[name].rows().get_columns()]
    known = {name: kinds[name] for name in names}
    filled = impute(even_chunks(pl.DataFrame(laid_out)), known, asked)
    found = dict(fields)
    for name in asked:
        own = filled.select(c for c in filled.columns if c == name or c.startswith(part(name, "")))
        first, codes = ranked(own.hash_rows())
        found[name] = CodedField(own[first], codes)
    return found


def _imputed_values(
    table: pl.DataFrame,
    kinds: Mapping[str, Kind],
    field: str,
    how: Imputation,
    method: ImputationMethod,
) -> pl.DataFrame:
    if method is ImputationMethod.INFERRED:
        return infer(table, kinds, field)
    return guess(table, kinds, field, how, method)
