"""An imputed value carries what it is: how it came about, and how often such a value is right."""

from collections.abc import Iterable, Mapping

import polars as pl

from cleansing.registry import parts
from cleansing.table import NO_VALUE, clean_values
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.records import imputed, part, raw, reason

GUESSED = pl.Schema({"row": pl.UInt32(), "value": pl.String(), "confidence": pl.Float64()})
"""What every method gives: row number, the value as raw text, and its confidence from 0 to 1."""


def gaps(table: pl.DataFrame, field: str) -> pl.Series:
    """The rows in which nobody gave a value; what was given and refused is no gap."""
    given = pl.col(raw(field)) if raw(field) in table.columns else pl.lit(None, pl.String)
    filled = given.cast(pl.String).str.strip_chars().fill_null("") != ""
    nothing = pl.col(reason(field)) == NO_VALUE if reason(field) in table.columns else pl.lit(False)
    return table.select(
        pl.col(field).is_null() & (~filled | nothing.fill_null(value=False))
    ).to_series()


def mark(
    table: pl.DataFrame, field: str, kind: Kind, guesses: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Put the guesses, by method, into the table: value, parts, reason and the three marks."""
    found = pl.concat(
        [
            guess.cast(GUESSED).with_columns(method=pl.lit(method), why=why)
            for method, guess in guesses.items()
            for why in [pl.lit(f"imputed: {method}")]
        ]
        or [pl.DataFrame(schema={**GUESSED, "method": pl.String(), "why": pl.String()})]
    )
    cleaned = clean_values(found["value"], kind)
    found = even_chunks(
        pl.concat(
            [
                found.drop("value"),
                cleaned.drop("reason").rename(
                    {n: f"new {n}" for n in cleaned.columns if n != "reason"}
                ),
            ],
            how="horizontal",
        )
    ).filter(pl.col("new value").is_not_null())
    wide = (
        table.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"))
        .join(found, on="row", how="left", maintain_order="left")
        .drop("row")
    )
    filled = pl.col("new value").is_not_null()
    both = even_chunks(pl.concat([table, wide], how="horizontal"))
    columns = [(field, "new value")]
    columns += [
        (part(field, name), f"new {name}")
        for name in parts(kind)
        if part(field, name) in table.columns
    ]
    return both.with_columns(
        *(
            pl.when(filled).then(pl.col(new)).otherwise(pl.col(name)).alias(name)
            for name, new in columns
        ),
        pl.when(filled).then("why").otherwise(reason(field)).alias(reason(field)),
        filled.alias(imputed(field)),
        pl.col("method").alias(part(field, "method")),
        pl.col("confidence").round(4).alias(part(field, "confidence")),
    ).drop(wide.columns)


def observed(table: pl.DataFrame, fields: Iterable[str]) -> pl.DataFrame:
    """The table without imputed values and their parts: what the sources themselves say."""
    names = [field for field in fields if imputed(field) in table.columns]
    marks = {"raw", "reason", "imputed", "method", "confidence"}
    hidden = []
    for field in names:
        own = [
            c
            for c in table.columns
            if c == field
            or (c.startswith(part(field, "")) and c.removeprefix(part(field, "")) not in marks)
        ]
        seen = ~pl.col(imputed(field)).fill_null(value=False)
        hidden += [pl.when(seen).then(pl.col(name)).alias(name) for name in own]
    return table.with_columns(hidden)
