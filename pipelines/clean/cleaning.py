"""Cleansing alone: a file in, the same table out with clean values, each change accounted for."""

from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from cleansing import clean_table, infer_kinds
from cleansing.table import NO_VALUE
from guiyi.errors import SpecError
from guiyi.records import raw, reason
from pipelines.clean.beside import with_columns_beside
from pipelines.exporting import formulas_note, write_table
from pipelines.files.column_names import safe_names
from pipelines.files.reading import SHEET, problems
from pipelines.files.stacked_tables import customers_of


def clean_file(
    place: str, out: Path, changes: Path | None, wanted: str | None = None
) -> dict[str, Any]:
    """Clean every column of one table by its inferred kind.

    A value refused as invalid stays as it was, and what a clean value leaves out stands in columns
    beside it, for this command loses nothing; `changes` lists each with its reason. `out` is CSV,
    Parquet or Excel by its ending. Of a workbook the sheets of customers are one table, or the
    sheet that is `wanted`.
    """
    if out.exists() and Path(place).exists() and out.samefile(place):
        raise SpecError(
            "the clean table would replace the file it is made from",
            place=str(out),
            hint="name another file",
        )
    customers = customers_of(place, wanted)
    table = customers.table
    safe = safe_names(table.data.columns)
    guesses = infer_kinds(table.data)
    cleaned = clean_table(
        table.data.rename(safe), {safe[name]: guess.kind for name, guess in guesses.items()}
    )
    result = with_columns_beside(cleaned, safe, {name: own.kind for name, own in guesses.items()})
    beside = [name for name in result.columns if name not in safe]
    result = result.with_columns(_sheets(table.rows, result.columns))
    formulas = write_table(result, out)
    listed = _changes(table.rows, cleaned, safe)
    if changes is not None:
        formulas += write_table(listed, changes)
    return {
        "rows": table.rows.height,
        "changed": listed.filter("changed").height,
        "kept": listed.filter(~pl.col("changed") & ~_REFUSED).height,
        "refused": listed.filter(_REFUSED).height,
        "beside": beside,
        "damage": problems(table.damage),
        "damaged": [asdict(one) for one in customers.damage],
        "notes": [*customers.notes, *formulas_note(formulas)],
        "kinds": {
            name: {"kind": guess.kind, "confidence": round(guess.confidence, 3), "why": guess.why}
            for name, guess in guesses.items()
        },
    }


_REFUSED = pl.col("to").is_null() & (pl.col("reason") != NO_VALUE)
"""Cells that hold no value of their kind; an empty word such as 无 is none either, and no fault."""


def _changes(rows: pl.DataFrame, cleaned: pl.DataFrame, columns: dict[str, str]) -> pl.DataFrame:
    listed = [
        cleaned.select(
            *_sheets(rows),
            rows["_row"].alias("row"),
            pl.lit(column).alias("column"),
            pl.col(raw(name)).alias("from"),
            pl.col(name).alias("to"),
            pl.col(reason(name)).alias("reason"),
            (pl.col(name).is_not_null() & (pl.col(name) != pl.col(raw(name)))).alias("changed"),
        ).filter(pl.col("reason").is_not_null() | pl.col("changed"))
        for column, name in columns.items()
    ]
    sheets = [column.name for column in _sheets(rows)]
    return pl.concat(listed).sort(*sheets, "row", "column")


def _sheets(rows: pl.DataFrame, taken: Collection[str] = ()) -> list[pl.Series]:
    """The sheet of every row, where several are one table."""
    name = "sheet" if "sheet" not in taken else "_sheet"
    return [rows[SHEET].alias(name)] if SHEET in rows.columns else []
