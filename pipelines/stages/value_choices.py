"""What a steward has chosen for a field wins over whatever the records say, in every run."""

from collections.abc import Mapping

import polars as pl

from cleansing import clean_values
from dedup.survivorship import Golden
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.record_key import record_key
from guiyi.records import CLUSTER_ID, RECORD_ID, SOURCE, part, raw

STEWARD = "steward"
"""The rule named in the provenance of a chosen value."""


def choose(
    merged: Golden,
    records: pl.DataFrame,
    clusters: pl.DataFrame,
    choices: pl.DataFrame,
    kinds: Mapping[str, Kind],
) -> Golden:
    """Put the chosen values into the golden records of the clusters their records are in now.

    `clusters` has source, record_id, cluster_id; `choices` record (a record key), field, value, the
    oldest first. A choice whose record or field is not here changes nothing.
    """
    golden, provenance = merged.golden, merged.provenance
    for field, given in _by_field(clusters, choices, kinds).items():
        cleaned = _cleaned(records, field, given["value"], kinds[field])
        chosen = even_chunks(pl.concat([given.select(CLUSTER_ID), cleaned], how="horizontal"))
        golden = _replaced(golden, field, chosen)
        provenance = _chosen_by_steward(provenance, field, chosen.select(CLUSTER_ID, "value"))
    return Golden(golden, provenance)


def absent(clusters: pl.DataFrame, choices: pl.DataFrame) -> int:
    """Count the choices about records that are not here."""
    return choices.join(_keys(clusters), on="record", how="anti").height


def disputed(clusters: pl.DataFrame, choices: pl.DataFrame) -> pl.DataFrame:
    """Fields of golden records for which different values were chosen, by different stewards or of
    different records: field, decisions (their numbers). The latest choice counts.

    A steward who chooses again for the same record has another opinion, and disputes nothing.
    """
    here = choices.join(_keys(clusters), on="record", maintain_order="left")
    last = here.unique([CLUSTER_ID, "field", "record", "who"], keep="last", maintain_order=True)
    several = last.group_by(CLUSTER_ID, "field", maintain_order=True).agg("value", decisions="id")
    return several.filter(pl.col("value").list.n_unique() > 1).select("field", "decisions")


def _keys(clusters: pl.DataFrame) -> pl.DataFrame:
    return clusters.select(CLUSTER_ID, record=record_key())


def _by_field(
    clusters: pl.DataFrame, choices: pl.DataFrame, kinds: Mapping[str, Kind]
) -> dict[str, pl.DataFrame]:
    """Field → cluster_id and value; of two choices about one golden record the later one."""
    here = choices.join(_keys(clusters), on="record", maintain_order="left").filter(
        pl.col("field").is_in(list(kinds))
    )
    last = here.unique([CLUSTER_ID, "field"], keep="last", maintain_order=True)
    return {
        field: last.filter(pl.col("field") == field).select(CLUSTER_ID, "value")
        for field in last["field"].unique(maintain_order=True)
    }


def _cleaned(records: pl.DataFrame, field: str, values: pl.Series, kind: Kind) -> pl.DataFrame:
    """Write chosen values as the cleaner would, in the company of their column.

    What it would refuse stays as the steward wrote it.
    """
    column = pl.concat([records[raw(field)], values.cast(pl.String)], rechunk=True)
    cleaned = clean_values(column, kind).tail(values.len())
    return cleaned.drop("reason").with_columns(value=pl.coalesce("value", values))


def _replaced(golden: pl.DataFrame, field: str, chosen: pl.DataFrame) -> pl.DataFrame:
    """The golden records with one field, and all that hangs on it, as chosen."""
    given = chosen.select(
        CLUSTER_ID,
        pl.lit(True).alias("_given"),
        *(
            pl.col(name).alias(f"_{field if name == 'value' else part(field, name)}")
            for name in chosen.columns
            if name != CLUSTER_ID
        ),
    )
    both = golden.join(given, on=CLUSTER_ID, how="left", maintain_order="left")
    own = [name for name in golden.columns if name == field or name.startswith(part(field, ""))]
    return both.with_columns(
        pl.when("_given")
        .then(pl.col(f"_{name}") if f"_{name}" in both.columns else None)
        .otherwise(name)
        .alias(name)
        for name in own
    ).select(golden.columns)


def _chosen_by_steward(provenance: pl.DataFrame, field: str, chosen: pl.DataFrame) -> pl.DataFrame:
    """Say that the value is the steward's, and count what would have won among the others."""
    about = provenance.filter(pl.col("field") == field)
    before = about.select(
        CLUSTER_ID,
        beaten=pl.concat_list(pl.col("value").fill_null(""), "alternates").list.unique(
            maintain_order=True
        ),
    )
    values = chosen.join(before, on=CLUSTER_ID, how="left", maintain_order="left").select(
        CLUSTER_ID,
        pl.lit(field).alias("field"),
        "value",
        pl.lit(None, pl.String).alias(SOURCE),
        pl.lit(None, pl.String).alias(RECORD_ID),
        pl.lit(STEWARD).alias("rule"),
        pl.lit(None, provenance.schema["why"]).alias("why"),
        pl.col("beaten")
        .fill_null([])
        .list.set_difference(pl.concat_list(pl.lit(""), pl.col("value").fill_null("")))
        .alias("alternates"),
    )
    replaced = pl.struct(CLUSTER_ID, "field").is_in(
        values.select(pl.struct(CLUSTER_ID, "field")).to_series().implode()
    )
    return pl.concat([provenance.filter(~replaced), values.select(provenance.columns)])
