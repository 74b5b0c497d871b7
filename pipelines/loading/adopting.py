"""Rows that the CRM had before Guiyi came, or that people have made since: which are customers that
a load would create once more.

    found = adoptable(AdoptionTables(golden, rows), spec, model, aliases)

A row is adopted if the matcher is sure and no other row claims the same customer with more right.
What is doubtful is listed and left alone; and so is a row that says no more than a name, or has
words in brackets that the other lacks (a shop, 已停用).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

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
    "doubt": pl.String(),
    "levels": pl.String(),
}
"""`doubt`: why a row is not adopted (`DOUBTS`); `levels`: field → how its two values compare
(JSON)."""
DOUBTS = ("taken", "little", "brackets", "unlikely", "name", "rival")
"""The customer has a row already; the row says but one thing; brackets that the other name lacks;
below `SURE_FROM`; the matcher finds no more than the name; another row claims the customer."""
SURE_FROM = 0.9
"""The least probability of a row that is adopted, wherever the model puts its threshold: what is
written into a CRM is harder to take back than a merge."""
LEVEL = "level."
"""How the matcher begins the columns of its levels."""
NAMES = (Kind.COMPANY_NAME, Kind.PERSON_NAME)


@dataclass(frozen=True)
class AdoptionTables:
    """The customers that there are, and the rows that have no golden id."""

    golden: pl.DataFrame
    """golden_id and the fields of the entity that are compared, as text."""
    rows: pl.DataFrame
    """own_id and the same fields, as far as the CRM has them."""
    there: pl.Series = field(default_factory=lambda: pl.Series([], dtype=pl.String))
    """The golden ids that rows of the CRM have: another row of such a customer is a twin."""


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
    merged = pl.col("verdict") == "match"
    likely = found.pairs.filter(pl.col("verdict") != "non-match").select(
        verdict=pl.when(merged).then(pl.lit(TWIN)).otherwise(pl.lit(POSSIBLE)),
        left_row=pl.col("row_l").cast(pl.Int64),
        right_row=pl.col("row_r").cast(pl.Int64) - golden.height,
        probability="match_probability",
    )
    every = pl.concat([sure, likely, _of_one_name(ours, theirs, kinds)], how="diagonal_relaxed")
    known = golden[GOLDEN_ID].gather(every["left_row"]).is_in(tables.there.implode())
    doubt = _doubt(both, every, golden.height, kinds)
    judged = _judged(even_chunks(every.with_columns(doubt, taken=known)))
    return even_chunks(
        judged.select(
            "verdict",
            golden[GOLDEN_ID].gather(judged["left_row"]).alias(GOLDEN_ID),
            rows[OWN_ID].gather(judged["right_row"]).alias(OWN_ID),
            pl.col("probability").cast(pl.Float64),
            "doubt",
            _levels(both, judged, found.pairs, golden.height),
        )
    )


def _judged(pairs: pl.DataFrame) -> pl.DataFrame:
    """The surest pair of each row with its verdict; `pairs` also say `taken` and `doubt`."""
    sure, doubtful = pl.col("verdict").is_in([SURE, TWIN]), pl.col("doubt").is_not_null()
    judged = pairs.with_columns(
        verdict=pl.when(sure & doubtful)
        .then(pl.lit(POSSIBLE))
        .when(sure & pl.col("taken"))
        .then(pl.lit(TWIN))
        .otherwise("verdict"),
        doubt=pl.coalesce("doubt", pl.when("taken").then(pl.lit("taken"))),
    )
    order = pl.col("verdict").replace_strict({SURE: 0, TWIN: 1, POSSIBLE: 2})
    ordered = judged.with_columns(rank=order).sort(
        "rank", "probability", descending=[False, True], nulls_last=True, maintain_order=True
    )
    once = ordered.unique("right_row", keep="first", maintain_order=True)  # a row is one customer
    given = once.filter(pl.col("verdict") == SURE)["left_row"].implode()
    lone = (pl.col("verdict") == TWIN) & ~pl.col("taken") & ~pl.col("left_row").is_in(given)
    rival = pl.when(pl.col("verdict") == TWIN).then(pl.lit("rival"))
    return once.with_columns(
        verdict=pl.when(lone).then(pl.lit(POSSIBLE)).otherwise("verdict"),
        doubt=pl.coalesce("doubt", rival),
    )


_BRACKETED = r"[(（]([^()（）]+)[)）]"


def _doubt(
    both: pl.DataFrame, pairs: pl.DataFrame, height: int, kinds: Mapping[str, Kind]
) -> pl.Series:
    """Of each pair why its row is not to be adopted, whatever the matcher says; null if it is."""
    little = both.select(pl.sum_horizontal(pl.all().is_not_null()) < 2).to_series()
    names = [field for field, kind in kinds.items() if kind in NAMES]
    left, right = pairs["left_row"], pairs["right_row"] + height
    brackets = pl.repeat(value=False, n=pairs.height, eager=True)
    for name in names:
        marks = both[name].str.extract_all(_BRACKETED).list.sort().list.join("|")
        brackets |= marks.gather(left).ne_missing(marks.gather(right))
    unlikely = (pairs["probability"] < SURE_FROM).fill_null(value=False)
    return pl.select(
        pl.when(little.gather(right))
        .then(pl.lit("little"))
        .when(brackets)
        .then(pl.lit("brackets"))
        .when(unlikely)
        .then(pl.lit("unlikely"))
        .when(pairs["probability"].is_null())
        .then(pl.lit("name"))
        .alias("doubt")
    ).to_series()


def _levels(
    both: pl.DataFrame, pairs: pl.DataFrame, scored: pl.DataFrame, height: int
) -> pl.Series:
    """How the values of each pair compare, as the matcher has it: of rows that say the same it has
    compared one.
    """
    fields = [name.removeprefix(LEVEL) for name in scored.columns if name.startswith(LEVEL)]
    first = both.with_row_index("row").select(
        pl.col("row").min().over(both.columns).cast(pl.Int64)
    ).to_series()  # fmt: skip
    levels = {
        (row_l, row_r): json.dumps(dict(zip(fields, values, strict=True)), ensure_ascii=False)
        for row_l, row_r, *values in scored.select(
            "row_l", "row_r", *(LEVEL + field for field in fields)
        ).iter_rows()
    }
    asked = zip(pairs["left_row"], pairs["right_row"] + height, strict=True)
    found = [levels.get(pair) or levels.get((first[pair[0]], first[pair[1]])) for pair in asked]
    return pl.Series("levels", found, dtype=pl.String)


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
