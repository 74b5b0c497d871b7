"""Whom to believe when values tie: the trusted source, the recent record, the first key."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from guiyi.even_chunks import even_chunks
from guiyi.records import CLUSTER_ID, EXTRACTED_AT, RECORD_ID, SOURCE


@dataclass(frozen=True)
class RankedMembers:
    """The members of all clusters, each with its place in the order of trust."""

    members: pl.DataFrame
    """row (of the records), cluster (its position in `cluster_ids`), source, record_id, age (0 for
    the most recently updated), trust (0 for the most trusted source) and order (0 for the most
    believed; no two alike)."""
    cluster_ids: pl.Series
    """The cluster ids, ascending."""

    @classmethod
    def of(
        cls,
        records: pl.DataFrame,
        clusters: pl.DataFrame,
        updated: str | None,
        source_order: Sequence[str],
    ) -> "RankedMembers":
        """Rank the records named in `clusters`; tables without identity columns rank by row."""
        ids = clusters[CLUSTER_ID].unique().sort().cast(pl.Int64)
        rows, of = (clusters[name].cast(pl.Int64) for name in ("row", CLUSTER_ID))
        known = _identities(records, updated)[rows].get_columns()
        members = (
            even_chunks(pl.DataFrame([rows, ids.search_sorted(of).rename("cluster"), *known]))
            .sort(SOURCE, RECORD_ID, "row")
            .sort("updated", "extracted", descending=True, nulls_last=True, maintain_order=True)
            .with_columns(age=pl.struct("updated", "extracted").rle_id())
            .drop("updated", "extracted")
        )
        return cls(_ordered(members, source_order), ids)

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

    @property
    def sizes(self) -> pl.Series:
        """How many records each cluster has."""
        counts = np.bincount(self.members["cluster"].to_numpy(), minlength=len(self.cluster_ids))
        return pl.Series("members", counts, dtype=pl.Int64)


def _identities(records: pl.DataFrame, updated: str | None) -> pl.DataFrame:
    def column(name: str | None) -> pl.Expr:
        known = name is not None and name in records.columns
        return pl.col(name) if name is not None and known else pl.lit(None, dtype=pl.String)

    named = {SOURCE: SOURCE, RECORD_ID: RECORD_ID, "updated": updated, "extracted": EXTRACTED_AT}
    # Not `select`: where none of the columns is there, it gives one row.
    return records.with_columns(**{n: column(of) for n, of in named.items()}).select(*named)


def _ordered(members: pl.DataFrame, sources: Sequence[str]) -> pl.DataFrame:
    """Put the trusted sources first; unnamed ones come last, all alike."""
    ranks = {name: rank for rank, name in enumerate(sources)}
    if not ranks:
        return members.with_columns(trust=pl.lit(0, pl.Int32)).with_row_index("order")
    trust = pl.col(SOURCE).replace_strict(ranks, default=len(ranks), return_dtype=pl.Int32)
    trusted = members.with_columns(trust=trust).sort("trust", maintain_order=True)
    return trusted.with_row_index("order")
