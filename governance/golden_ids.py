"""A golden id is given once and means the same customer for ever.

A cluster keeps the id most of its members already had; of an id claimed by several clusters (its
golden record was split) the cluster with most of its members keeps it; ids that end up with no
cluster (theirs were merged away) are superseded. New ids are derived from the smallest record key
of their cluster, so that a dry run and the run after it give the same ones, and are never one that
was given before.
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import polars as pl

from guiyi.messages import Message

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


_ALPHABET = np.frombuffer(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ", np.uint8)
"""Crockford's base 32."""


def new_golden_ids(entity: str, keys: Iterable[str]) -> pl.Series:
    """Derive the ids `new_golden_id` derives, of many record keys at once."""
    start = blake2b(f"{entity}\x1f".encode(), digest_size=10)
    digests = bytearray()
    for key in keys:
        digest = start.copy()
        digest.update(key.encode())
        digests += digest.digest()
    octets = np.frombuffer(digests, np.uint8).reshape(-1, 2, 5).astype(np.int64)
    halves = octets @ (1 << np.arange(32, -1, -8))
    places = halves[:, :, None] >> np.arange(35, -1, -5) & 31
    text = _ALPHABET[places.reshape(-1, 16)].tobytes().decode("ascii")
    ids = [f"G{text[at : at + 16]}" for at in range(0, len(text), 16)]
    return pl.Series(ids, dtype=pl.String)


def assign(
    entity: str, members: pl.DataFrame, current: pl.DataFrame, known: pl.DataFrame
) -> Assignment:
    """Give every cluster its golden id.

    `members` has source, record_id, cluster_id; `current` the crosswalk in force (source,
    record_id, golden_id); `known` every id ever given (golden_id, number, superseded_by).
    """
    if members.select("source", "record_id").is_duplicated().any():
        raise ValueError(
            Message("a record of {entity} is a member of more than one cluster", entity=entity)
        )
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
    return new.select("cluster_id", golden_id=_derive(entity, new["key"], known["golden_id"]))


def _derive(entity: str, keys: pl.Series, known: pl.Series) -> pl.Series:
    """Derive ids that were never given; one that was is derived again with another attempt."""
    ids = new_golden_ids(entity, keys)
    taken = ids.is_in(known.implode()) | ids.is_duplicated()
    if not taken.any():
        return ids
    given = set(known)
    return pl.Series([_untaken(entity, key, given) for key in keys], dtype=pl.String)


def _untaken(entity: str, key: str, given: set[str]) -> str:
    attempt = 0
    golden_id = new_golden_id(entity, key)
    while golden_id in given:
        attempt += 1
        golden_id = new_golden_id(entity, key, attempt)
    given.add(golden_id)
    return golden_id


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
