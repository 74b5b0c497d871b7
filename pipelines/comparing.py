"""Judges each pair of values of a file: are the two the same customer's?"""

from pathlib import Path

import polars as pl

from dedup import compare_values
from guiyi.errors import SourceError
from guiyi.kinds import Kind
from pipelines.cleaning import write_table
from pipelines.messages import language
from pipelines.reading import COUNTED, EMPTY_LINE, Loose, Step, read_place

SIDES = {"left": "left", "左": "left", "right": "right", "右": "right"}
"""What the headers of the two columns may be, in small letters."""
ADDED = ("match_probability", "verdict", "reason")


def compare_file(
    place: str, kind: str, out: Path, aliases: str | None = None, step: Step | None = None
) -> dict[str, int]:
    """Add match_probability, verdict and reason to a table with the columns `left` and `right`.

    One row out for each row in, in order, blank ones too. `aliases` names a table whose every row
    has all the names of one firm; `step` is told how far it is.
    """
    table = read_place(place, step)
    data = _every_row(table).drop(ADDED, strict=False)
    sides = _sides(data.columns, place)
    known = None if aliases is None else read_place(aliases).data
    judged = compare_values(
        data[sides["left"]],
        data[sides["right"]],
        Kind(kind),
        aliases=known,
        language=language(),
        progress=step,
    )
    write_table(pl.concat([data, judged.select(ADDED)], how="horizontal"), out)
    counts = dict(judged.group_by("verdict").len().iter_rows())
    return {name: counts.get(name, 0) for name in ("match", "review", "non-match")}


def _sides(columns: list[str], place: str) -> dict[str, str]:
    """Which columns hold the two values."""
    found = {SIDES[c.strip().lower()]: c for c in columns if c.strip().lower() in SIDES}
    missing = {"left", "right"} - found.keys()
    if missing:
        raise SourceError(
            f"no column {', '.join(sorted(missing))}",
            place=place,
            hint="the pairs stand in the columns `left` and `right`",
        )
    return found


def _every_row(table: Loose) -> pl.DataFrame:
    """The rows as the file has them: what was left out as blank or as a total comes back empty."""
    left_out = table.damage.filter(
        pl.col("problem").is_in(COUNTED), pl.col("detail") != EMPTY_LINE
    ).select("_row")
    every = pl.concat([table.rows.select("_row"), left_out]).unique().sort("_row")
    if every.height == table.rows.height:
        return table.data
    kept = table.rows.drop("_place", strict=False)
    return every.join(kept, on="_row", how="left", maintain_order="left").drop("_row")
