"""Most values of a column are plain; only the odd ones need a careful look, one at a time."""

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from cleansing.text import in_place

PLAIN = "plain"
"""The column of a half-cleaned frame that says which rows are done."""

LONGEST = 2000
"""Characters of a cell that get the careful look: a whole mail pasted into a cell gets none."""

Row = Sequence[object]
"""One cleaned value: value, reason, then the parts in order."""


def schema(parts: Mapping[str, pl.DataType]) -> dict[str, pl.DataType]:
    """Name the columns that every cleaner returns, in order."""
    return {"value": pl.String(), "reason": pl.String(), **parts}


def finish(
    values: pl.Series,
    tidied: pl.Series,
    half_done: pl.DataFrame,
    careful: Callable[[str, str], Row],
    parts: Mapping[str, pl.DataType],
) -> pl.DataFrame:
    """Clean the rows not marked plain one by one, and put them in their places.

    The careful function is given a raw value and the same value tidied (tidying a column at once
    is a hundred times cheaper).
    """
    columns = schema(parts)
    plain = half_done[PLAIN].fill_null(value=False) | values.is_null()
    done = half_done.select(pl.col(name).cast(kind) for name, kind in columns.items())
    if plain.all():
        return done
    odd_ones = zip(values.filter(~plain).to_list(), tidied.filter(~plain).to_list(), strict=True)
    too_long = (None, "invalid: too long", *(None for _ in parts))
    rows = [
        tuple(careful(value, tidy)) if len(value) <= LONGEST else too_long
        for value, tidy in odd_ones
    ]
    odd = pl.DataFrame(rows, schema=columns, orient="row")
    return in_place(plain, done.filter(plain), odd)


def why(*codes: pl.Expr | str) -> pl.Expr:
    """Join reason codes, or columns of them, with `; `; nulls are left out, and none give null."""
    joined = pl.concat_str(*codes, separator="; ", ignore_nulls=True)
    return pl.when(joined != "").then(joined)


def when(condition: pl.Expr, code: str) -> pl.Expr:
    """Give a reason code where the condition holds, else null."""
    return pl.when(condition).then(pl.lit(code))
