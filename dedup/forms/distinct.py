"""A form of every text of a column, made once of each distinct one."""

from collections.abc import Callable

import polars as pl

from cleansing.distinct import distinct_of


def each(
    texts: pl.Series, form: Callable[[str], object], dtype: type[pl.DataType] = pl.String
) -> pl.Series:
    """The form of each text; missing where the text is."""
    distinct = distinct_of(texts)
    made = [None if text is None else form(text) for text in distinct.values.to_list()]
    return pl.Series(texts.name, made, dtype).gather(distinct.codes)
