"""A golden id is given once and means the same customer for ever.

A cluster keeps the id most of its members already had; of an id claimed by several clusters (its
golden record was split) the cluster with most of its members keeps it; ids that end up with no
cluster (theirs were merged away) are superseded. New ids are derived from the smallest record key
of their cluster, so that a dry run and the run after it give the same ones, and are never one that
was given before.
"""

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

import polars as pl

_CROCKFORD = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)
"""RFC 4648 base 32 → Douglas Crockford's, which leaves out I, L, O and U."""


@dataclass(frozen=True)
class Assignment:
    """The golden ids of one entity's members, and what changes in the crosswalk."""

    members: pl.DataFrame
    """The members given, with `golden_id`."""
    created: list[str]
    """The ids that are new, sorted by the smallest record key of their cluster."""
    superseded: pl.DataFrame
    """`golden_id`, `superseded_by`: ids whose golden record was merged into another."""


def new_golden_id(entity: str, key: str, attempt: int = 0) -> str:
    """Derive an id from a record key: G and 80 bits of BLAKE2b in Crockford's base 32."""
    text = "\x1f".join([entity, key, *([str(attempt)] if attempt else [])])
    digest = blake2b(text.encode(), digest_size=10).digest()
    return "G" + base64.b32encode(digest).translate(_CROCKFORD).decode()


def assign(
    entity: str, members: pl.DataFrame, current: pl.DataFrame, known: pl.DataFrame
) -> Assignment:
    """Give every cluster its golden id.

    `members` has source, record_id, cluster_id; `current` the crosswalk in force (source,
    record_id, golden_id); `known` every id ever given (golden_id, number, superseded_by).
    """
    if members.select("source", "record_id").is_duplicated().any():
        raise ValueError(f"a record of {entity} is a member of more than one cluster")
    keyed = members.select(
        "source",
        "record_id",
        "cluster_id",
        key=pl.concat_str("source", pl.lit(":"), "record_id"),
    )
    clusters = keyed.group_by("cluster_id").agg(pl.col("key").min(), size=pl.len())
    alive = known.filter(pl.col("superseded_by").is_null()).select("golden_id", "number")
    held = keyed.join(current, on=["source", "record_id"]).join(alive, on="golden_id")
    votes = (
        held.group_by("cluster_id", "golden_id", "number")
        .agg(votes=pl.len())
        .join(clusters, on="cluster_id")
    )
    kept = _keep(votes)
    fresh = _fresh(entity, clusters, kept, known)
    ids = pl.concat([kept, fresh])
    return Assignment(
        members=members.join(ids, on="cluster_id", how="left", maintain_order="left"),
        created=fresh["golden_id"].to_list(),
        superseded=_superseded(votes, kept, ids),
    )


def _keep(votes: pl.DataFrame) -> pl.DataFrame:
    """Pair clusters with ids, most votes first; ties go to the older, then the smaller id."""
    ids_per_cluster = pl.len().over("cluster_id")
    clusters_per_id = pl.len().over("golden_id")
    alone = (ids_per_cluster == 1) & (clusters_per_id == 1)
    pairs = votes.with_columns(alone=alone)
    settled = pairs.filter("alone").select("cluster_id", "golden_id")
    disputed = pairs.filter(~pl.col("alone")).sort(
        ["votes", "number", "golden_id", "size", "key"],
        descending=[True, False, False, True, False],
    )
    taken_clusters: set[int] = set()
    taken_ids: set[str] = set()
    won: list[tuple[int, str]] = []
    for cluster, golden_id in disputed.select("cluster_id", "golden_id").iter_rows():
        if cluster not in taken_clusters and golden_id not in taken_ids:
            taken_clusters.add(cluster)
            taken_ids.add(golden_id)
            won.append((cluster, golden_id))
    return pl.concat([settled, pl.DataFrame(won, schema=settled.schema, orient="row")])


def _fresh(
    entity: str, clusters: pl.DataFrame, kept: pl.DataFrame, known: pl.DataFrame
) -> pl.DataFrame:
    """Derive an id for each cluster that keeps none."""
    new = clusters.join(kept, on="cluster_id", how="anti").sort("key")
    ids = list(_derive(entity, new["key"], set(known["golden_id"])))
    return new.select("cluster_id", golden_id=pl.Series(ids, dtype=pl.String))


def _derive(entity: str, keys: Iterable[str], known: set[str]) -> Iterator[str]:
    for key in keys:
        attempt = 0
        golden_id = new_golden_id(entity, key)
        while golden_id in known:
            attempt += 1
            golden_id = new_golden_id(entity, key, attempt)
        known.add(golden_id)
        yield golden_id


def _superseded(votes: pl.DataFrame, kept: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    """An id that no cluster kept lives on in the cluster that holds most of its members."""
    lost = votes.join(kept, on="golden_id", how="anti")
    heir = ids.rename({"golden_id": "superseded_by"})
    return (
        lost.join(heir, on="cluster_id")
        .sort(["golden_id", "votes", "size", "key"], descending=[False, True, True, False])
        .group_by("golden_id", maintain_order=True)
        .first()
        .select("golden_id", "superseded_by")
    )
