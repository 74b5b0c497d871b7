"""Rows that the CRM had before Guiyi came, or that people have made since: which are customers that
a load would create once more.

    found = adoptable(AdoptionTables(golden, rows), spec, model, aliases)

A row is adopted if the matcher is sure and no other row claims the same customer with more right.
What is doubtful is listed and left alone, and so is every row that merely has the same name.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from cleansing import clean_table
from connectors.targets import OWN_ID
from dedup import link
from dedup.model import ForeignFields, SavedModel
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.records import GOLDEN_ID, part
from guiyi.spec import CrmEntitySpec, EntitySpec

SURE, TWIN, POSSIBLE = "match", "twin", "possible"
"""The row is adopted; another row of the same customer is, and this one its twin; a person has to
look."""
FOUND = {
    "verdict": pl.String(),
    GOLDEN_ID: pl.String(),
    OWN_ID: pl.String(),
    "probability": pl.Float64(),
}
NAMES = (Kind.COMPANY_NAME, Kind.PERSON_NAME)


@dataclass(frozen=True)
class AdoptionTables:
    """The customers that a load would create, and the rows that have no golden id."""

    golden: pl.DataFrame
    """golden_id and the fields of the entity that are compared, as text."""
    rows: pl.DataFrame
    """own_id and the same fields, as far as the CRM has them."""


def fields_in(crm: CrmEntitySpec, spec: EntitySpec) -> dict[str, str]:
    """CRM column → the field of the entity whose values it has, of those that are compared."""
    found: dict[str, str] = {}
    for column, own in crm.fields.items():
        plain = own.codes is None and own.field in spec.matched_kinds
        if plain and own.field is not None and own.field not in found.values():
            found[column] = own.field
    return found


def adoptable(
    tables: AdoptionTables,
    spec: EntitySpec,
    model: SavedModel | None,
    aliases: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Which row is which customer: verdict, golden_id, own_id, probability; the surest first.

    `model`: that of the latest run; where it does not fit the fields, one is fitted on both tables.
    """
    golden, rows, kinds = tables.golden, tables.rows, spec.matched_kinds
    if golden.is_empty() or rows.is_empty():
        return pl.DataFrame(schema=FOUND)
    both = pl.concat([_shaped(golden, kinds), _shaped(rows, kinds)])
    clean = clean_table(both, kinds, spec.homes)
    ours, theirs = clean.head(golden.height), clean.slice(golden.height)
    try:
        found = link(
            ours, theirs, kinds, spec.match, mode="one-to-one", aliases=aliases, model=model
        )
    except ForeignFields:
        found = link(ours, theirs, kinds, spec.match, mode="one-to-one", aliases=aliases)
    sure = found.links.select(
        pl.lit(SURE).alias("verdict"), "left_row", "right_row", probability="match_probability"
    )
    likely = found.pairs.filter(pl.col("verdict") != "non-match").select(
        verdict=pl.when(pl.col("verdict") == "match")
        .then(pl.lit(TWIN))
        .otherwise(pl.lit(POSSIBLE)),
        left_row=pl.col("row_l").cast(pl.Int64),
        right_row=pl.col("row_r").cast(pl.Int64) - golden.height,
        probability="match_probability",
    )
    every = pl.concat([sure, likely, _of_one_name(ours, theirs, kinds)], how="diagonal_relaxed")
    ordered = every.with_columns(
        rank=pl.col("verdict").replace_strict({SURE: 0, TWIN: 1, POSSIBLE: 2})
    ).sort("rank", "probability", descending=[False, True], nulls_last=True, maintain_order=True)
    once = ordered.unique("right_row", keep="first", maintain_order=True)  # a row is one customer
    taken = once.filter(pl.col("verdict") == SURE)["left_row"]
    lone = (pl.col("verdict") == TWIN) & ~pl.col("left_row").is_in(taken.implode())
    judged = once.with_columns(verdict=pl.when(lone).then(pl.lit(POSSIBLE)).otherwise("verdict"))
    return even_chunks(
        judged.select(
            "verdict",
            golden[GOLDEN_ID].gather(judged["left_row"]).alias(GOLDEN_ID),
            rows[OWN_ID].gather(judged["right_row"]).alias(OWN_ID),
            pl.col("probability").cast(pl.Float64),
        )
    )


def _shaped(table: pl.DataFrame, kinds: Mapping[str, Kind]) -> pl.DataFrame:
    none = pl.lit(None, pl.String)
    return table.select(
        pl.col(name).cast(pl.String) if name in table.columns else none.alias(name)
        for name in kinds
    )


def _of_one_name(
    ours: pl.DataFrame, theirs: pl.DataFrame, kinds: Mapping[str, Kind]
) -> pl.DataFrame:
    """Pairs that have the same name, whatever the matcher says: a person should see them."""
    name = next((field for field, kind in kinds.items() if kind in NAMES), None)
    if name is None:
        return pl.DataFrame(schema={"verdict": pl.String, "left_row": pl.Int64})
    key = part(name, "key")
    sides = [
        side.select(key).with_row_index(at)
        for side, at in ((ours, "left_row"), (theirs, "right_row"))
    ]
    same = sides[0].join(sides[1], on=key).drop_nulls(key)
    return same.select(
        pl.lit(POSSIBLE).alias("verdict"), pl.col("left_row", "right_row").cast(pl.Int64)
    )
