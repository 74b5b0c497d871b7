"""A relation points to a record; in the CRM it must point to the golden record it became."""

from dataclasses import dataclass

import polars as pl

from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID

UNKNOWN_RECORD = "no record in scope has this key"
NOT_LOADED = "the record it points to is not loaded into the CRM"

ORPHANS = {
    "crm_entity": pl.String,
    "external_id": pl.String,
    "relation": pl.String,
    "ref": pl.String,
    "reason": pl.String,
}


@dataclass(frozen=True)
class Repointed:
    """Relations of one column, resolved."""

    golden_ids: pl.Series
    """The golden id each row points to; null where there is none, or it is an orphan."""
    reasons: pl.Series
    """Why a relation leads nowhere; null where it does not."""


def record_keys(crosswalk: pl.DataFrame, entity: str) -> pl.DataFrame:
    """List the record keys of an entity beside the golden ids they became, if any."""
    return (
        crosswalk.filter(pl.col("entity") == entity)
        .select(
            ref=record_key(),
            points_to=pl.col(GOLDEN_ID),
            known=pl.lit(True),
        )
        .unique("ref", keep="last", maintain_order=True)
    )


def repoint(refs: pl.Series, keys: pl.DataFrame, loaded: pl.Series | None) -> Repointed:
    """Follow record keys to golden ids.

    `loaded` holds the golden ids that become CRM rows; None if that is not known.
    """
    resolved = refs.alias("ref").to_frame().join(keys, on="ref", how="left", maintain_order="left")
    held_back = pl.col("points_to").is_null()
    if loaded is not None:
        held_back |= ~pl.col("points_to").is_in(loaded.implode())
    resolved = resolved.with_columns(
        reason=pl.when(pl.col("ref").is_null())
        .then(None)
        .when(pl.col("known").is_null())
        .then(pl.lit(UNKNOWN_RECORD))
        .when(held_back)
        .then(pl.lit(NOT_LOADED))
    )
    reached = pl.when(pl.col("reason").is_null()).then(pl.col("points_to"))
    return Repointed(resolved.select(reached)["points_to"], resolved["reason"])
