"""Whom to believe when values tie: the trusted source, the recent record, the first key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from dedup.forms.value_quality import NO_DAY
from guiyi.even_chunks import even_chunks
from guiyi.records import CLUSTER_ID, EXTRACTED_AT, RECORD_ID, SOURCE, part

_DAY = len("2024-03-05")
_ZONES = timedelta(days=1)
"""How much later than here it may be elsewhere."""


@dataclass(frozen=True)
class RankedMembers:
    """The members of all clusters, each with its place in the order of trust."""

    members: pl.DataFrame
    """row (of the records), cluster (its position in `cluster_ids`), source, record_id, age (0 for
    the most recently updated), trust (0 for the most trusted source) and order (0 for the most
    believed; no two alike). Where a rule asks for it, day (since 1970) and since (0 for the one
    dated first); where one has a condition, barred: whether the record does not meet it."""
    cluster_ids: pl.Series
    """The cluster ids, ascending."""

    @classmethod
    def of(
        cls,
        records: pl.DataFrame,
        clusters: pl.DataFrame,
        updated: str | None,
        source_order: Sequence[str],
        *,
        dated: bool = False,
    ) -> "RankedMembers":
        """Rank the records named in `clusters`; tables without identity columns rank by row.

        `dated`: with the day of each record.
        """
        ids = clusters[CLUSTER_ID].unique().sort().cast(pl.Int64)
        rows, of = (clusters[name].cast(pl.Int64) for name in ("row", CLUSTER_ID))
        known = _identities(records, updated)[rows].get_columns()
        members = (
            even_chunks(pl.DataFrame([rows, ids.search_sorted(of).rename("cluster"), *known]))
            .sort(SOURCE, RECORD_ID, "row")
            .sort("updated", "extracted", descending=True, nulls_last=True, maintain_order=True)
            .with_columns(age=pl.struct("updated", "extracted").rle_id())
        )
        if dated:
            by = "updated" if updated in records.columns else "extracted"
            members = members.with_columns(**_days(pl.col(by).cast(pl.String)))
        return cls(_ordered(members.drop("updated", "extracted"), source_order), ids)

    def among(self, clusters: npt.NDArray[np.bool_]) -> "RankedMembers":
        """The members of some clusters only, by position; all clusters keep theirs."""
        own = clusters[self.members["cluster"].to_numpy()]
        return RankedMembers(self.members.filter(pl.Series(own)), self.cluster_ids)

    def trusting(self, sources: Sequence[str]) -> "RankedMembers":
        """The same members when these sources are trusted in this order."""
        youngest_first = self.members.sort("age", SOURCE, RECORD_ID, "row").drop("order", "trust")
        return RankedMembers(_ordered(youngest_first, sources), self.cluster_ids)

    def holding(self, codes: npt.NDArray[np.int32]) -> "RankedMembers":
        """The same members, each with the number of what it holds for its row."""
        held = pl.Series("row", codes[self.members["row"].to_numpy()].astype(np.int64))
        return RankedMembers(self.members.with_columns(held), self.cluster_ids)

    def meeting(self, condition: pl.Series) -> "RankedMembers":
        """The same members where only those whose row meets a condition can give a value."""
        barred = (~condition).gather(self.members["row"]).alias("barred")
        return RankedMembers(even_chunks(self.members.with_columns(barred)), self.cluster_ids)

    @property
    def barred(self) -> npt.NDArray[np.bool_] | None:
        """By member whether it can give no value; None where all can."""
        return self.members["barred"].to_numpy() if "barred" in self.members.columns else None

    @property
    def sizes(self) -> pl.Series:
        """How many records each cluster has."""
        counts = np.bincount(self.members["cluster"].to_numpy(), minlength=len(self.cluster_ids))
        return pl.Series("members", counts, dtype=pl.Int64)


def _identities(records: pl.DataFrame, updated: str | None) -> pl.DataFrame:
    def column(name: str | None) -> pl.Expr:
        known = name is not None and name in records.columns
        return pl.col(name) if name is not None and known else pl.lit(None, dtype=pl.String)

    day = column(updated)
    if updated is not None and updated in records.columns:
        day = _iso(updated, records)
        day = pl.when(_believable(day, records)).then(day)
    named = {
        SOURCE: column(SOURCE),
        RECORD_ID: column(RECORD_ID),
        "updated": day,
        "extracted": column(EXTRACTED_AT),
    }
    # Not `select`: where none of the columns is there, it gives one row.
    return records.with_columns(**named).select(*named)


def _iso(updated: str, records: pl.DataFrame) -> pl.Expr:
    """The date as it can be ordered: of 03/05/2024, which stays as it came, what its key makes."""
    day, key = pl.col(updated).cast(pl.String), part(updated, "key")
    if key not in records.columns:
        return day
    return pl.when(day.str.contains(r"^\d{4}")).then(day).otherwise(pl.col(key))


def _believable(day: pl.Expr, records: pl.DataFrame) -> pl.Expr:
    """A record was not updated on a day that stands for none, nor after it was read."""
    holds = ~day.str.head(_DAY).is_in(NO_DAY)
    read = records[EXTRACTED_AT].max() if EXTRACTED_AT in records.columns else None
    if not isinstance(read, (date, datetime)):
        return holds
    return holds & (day.str.head(_DAY) <= (read + _ZONES).strftime("%Y-%m-%d"))


def _days(time: pl.Expr) -> dict[str, pl.Expr]:
    """The day of each record, as a number; of a month or year its first. And who was first."""
    whole = pl.concat_str(
        time.str.head(_DAY), pl.lit("-01-01").str.tail(_DAY - time.str.len_chars().clip(4, _DAY))
    )
    day = whole.str.to_date("%Y-%m-%d", strict=False).dt.epoch("d").cast(pl.Int32)
    last = pl.lit(2**32 - 1, pl.UInt32)
    return {"day": day, "since": time.rank("dense").cast(pl.UInt32).fill_null(last)}


def _ordered(members: pl.DataFrame, sources: Sequence[str]) -> pl.DataFrame:
    """Put the trusted sources first; unnamed ones come last, all alike."""
    ranks = {name: rank for rank, name in enumerate(sources)}
    if not ranks:
        return members.with_columns(trust=pl.lit(0, pl.Int32)).with_row_index("order")
    trust = pl.col(SOURCE).replace_strict(ranks, default=len(ranks), return_dtype=pl.Int32)
    trusted = members.with_columns(trust=trust).sort("trust", maintain_order=True)
    return trusted.with_row_index("order")
