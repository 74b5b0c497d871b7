"""A golden id is given once and means the same customer for ever.

When clusters merge, the elder of their ids survives and the other redirects to it; when a cluster
splits, the part with most of its members keeps the id; of equal parts the one that has no former id
to go back to, then the one whose records hold most of what the golden record showed, then the one
with the record the id was derived from. A part that keeps none gets back the id its records had
before they were merged, if they had one: so undoing a merge restores every id. Other ids are new,
derived from the smallest record key of their cluster, so that a dry run and the run after it give
the same ones, and never one that was given before.
"""

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import polars as pl

from guiyi.messages import Message
from guiyi.record_key import record_key

_CROCKFORD = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)
"""RFC 4648 base 32 → Douglas Crockford's, which leaves out I, L, O and U."""


Shown = Callable[[pl.DataFrame], pl.DataFrame]
"""Of records of golden records that are torn into equal parts (cluster_id, golden_id, source,
record_id), how many of the values that a golden record showed the part's records hold: cluster_id,
golden_id, shown."""


@dataclass(frozen=True)
class Assignment:
    """The golden ids of one entity's members, and what changes in the crosswalk."""

    members: pl.DataFrame
    """The members given, with `golden_id`."""
    created: list[str]
    """The ids that are new, sorted by the smallest record key of their cluster."""
    superseded: pl.DataFrame
    """`golden_id`, `superseded_by`: ids whose golden record was merged into another."""
    revived: list[str]
    """The ids that were superseded once and name a golden record of their own again."""


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
    entity: str,
    members: pl.DataFrame,
    current: pl.DataFrame,
    known: pl.DataFrame,
    former: pl.DataFrame | None = None,
    proposed: pl.DataFrame | None = None,
    shown: Shown | None = None,
) -> Assignment:
    """Give every cluster its golden id.

    `members` has source, record_id, cluster_id; `current` the crosswalk in force (source,
    record_id, golden_id); `known` every id ever given (golden_id, number, superseded_by); `former`
    the records each superseded id had when it was superseded (source, record_id, golden_id);
    `proposed` the ids an earlier call gave the same clusters (cluster_id, golden_id), so that new
    ones need not be derived again, and equal parts keep what they were given; `shown` tells equal
    parts apart the first time.
    """
    if members.select("source", "record_id").is_duplicated().any():
        raise ValueError(
            Message("a record of {entity} is a member of more than one cluster", entity=entity)
        )
    keyed = members.select("source", "record_id", "cluster_id", key=record_key())
    clusters = keyed.group_by("cluster_id").agg(pl.col("key").min(), size=pl.len())
    alive = pl.col("superseded_by").is_null()
    votes = _votes(entity, keyed, clusters, current, known.filter(alive))

    def past(of: pl.DataFrame) -> pl.DataFrame:
        """The ids that some records had before they were merged, and may have again."""
        if former is None or former.is_empty():
            return votes.clear()
        found = _votes(entity, of, clusters, former, known.filter(~alive), of_all=True)
        return _most_of(found, former)

    equal = _equal_parts(votes, keyed, current)
    if not equal.is_empty():
        back = past(keyed.join(equal, on="cluster_id", how="semi"))
        votes = _with_evidence(votes, equal, back, proposed, shown)
    kept = _keep(votes)
    revived = _greedy(past(keyed.join(kept, on="cluster_id", how="anti")), kept.clear())
    kept = pl.concat([kept, revived])
    fresh = _fresh(entity, clusters, kept, known, proposed)
    ids = pl.concat([kept, fresh])
    return Assignment(
        members=members.join(ids, on="cluster_id", how="left", maintain_order="left"),
        created=fresh["golden_id"].to_list(),
        superseded=_superseded(votes, kept, ids),
        revived=revived["golden_id"].sort().to_list(),
    )


def _votes(
    entity: str,
    keyed: pl.DataFrame,
    clusters: pl.DataFrame,
    links: pl.DataFrame,
    ids: pl.DataFrame,
    *,
    of_all: bool = False,
) -> pl.DataFrame:
    """How many records of each id are in each cluster, and whether the one it is derived from is.

    Records that had no link, or to no id of `ids`, have no vote. What an id is derived from is only
    looked at where several clusters have records of it, unless `of_all`.
    """
    held = keyed.join(links, on=["source", "record_id"]).join(
        ids.select("golden_id", "number"), on="golden_id"
    )
    votes = held.group_by("cluster_id", "golden_id", "number").agg(
        pl.col("key").unique().alias("of"), votes=pl.len()
    )
    many = (pl.len().over("golden_id") > 1) | pl.lit(of_all)
    torn = votes.filter(many).select("cluster_id", "golden_id", key="of").explode("key")
    own = torn.with_columns(own=new_golden_ids(entity, torn["key"]) == torn["golden_id"])
    origin = own.filter("own").select("cluster_id", "golden_id", origin=pl.lit(True)).unique()
    return (
        votes.drop("of")
        .join(origin, on=["cluster_id", "golden_id"], how="left")
        .with_columns(pl.col("origin").fill_null(False), back=pl.lit(False), shown=pl.lit(0))
        .join(clusters, on="cluster_id")
    )


def _most_of(past: pl.DataFrame, former: pl.DataFrame) -> pl.DataFrame:
    """Of votes for former ids, those of most records the id had, or of half with its origin."""
    had = former.group_by("golden_id").agg(had=pl.len())
    most = (pl.col("votes") * 2 > pl.col("had")) | (
        (pl.col("votes") * 2 == pl.col("had")) & pl.col("origin")
    )
    return past.join(had, on="golden_id").filter(most).drop("had")


def _equal_parts(votes: pl.DataFrame, keyed: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """The records of golden records that are torn so that no part has most of them: cluster_id,
    golden_id, source, record_id of each of the largest parts.
    """
    largest = votes.filter(pl.col("votes") == pl.col("votes").max().over("golden_id"))
    torn = largest.filter(pl.len().over("golden_id") > 1).select("cluster_id", "golden_id")
    return (
        keyed.join(torn.select("cluster_id").unique(), on="cluster_id", how="semi")
        .join(links, on=["source", "record_id"])
        .join(torn, on=["cluster_id", "golden_id"], how="semi")
        .select("cluster_id", "golden_id", "source", "record_id")
    )


def _with_evidence(
    votes: pl.DataFrame,
    equal: pl.DataFrame,
    past: pl.DataFrame,
    proposed: pl.DataFrame | None,
    shown: Shown | None,
) -> pl.DataFrame:
    """Votes that say of equal parts which goes back to a former id, and how much it has of what
    the golden record showed.
    """
    pair = ["cluster_id", "golden_id"]
    if proposed is not None:
        found = equal.select(pair).unique().join(proposed, on=pair).with_columns(shown=pl.lit(1))
    elif shown is not None:
        found = shown(equal)
    else:
        found = equal.select(pair).clear().with_columns(shown=pl.lit(0))
    goes = pl.col("cluster_id").is_in(past["cluster_id"].unique().implode())
    found = found.select(*pair, given=pl.col("shown").cast(pl.Int32))
    both = votes.join(found, on=pair, how="left", maintain_order="left")
    return both.with_columns(back=goes, shown=pl.col("given").fill_null(0)).drop("given")


def _keep(votes: pl.DataFrame) -> pl.DataFrame:
    """Pair clusters with ids; first those ids most of whose records are in one cluster."""
    whole = pl.col("votes") * 2 > pl.col("votes").sum().over("golden_id")
    eldest = (
        votes.filter(whole)
        .sort(["number", "votes", "golden_id"], descending=[False, True, False])
        .unique("cluster_id", keep="first", maintain_order=True)
    )
    return _greedy(votes, eldest.select("cluster_id", "golden_id"))


def _greedy(votes: pl.DataFrame, settled: pl.DataFrame) -> pl.DataFrame:
    """Pair what `settled` leaves: most votes first; ties go to the cluster that has no former id to
    go back to, that has most of what was shown, that has the record the id is derived from, then
    to the older, then to the smaller id.
    """
    disputed = (
        votes.join(settled, on="cluster_id", how="anti")
        .join(settled, on="golden_id", how="anti")
        .sort(
            ["votes", "back", "shown", "origin", "number", "golden_id", "size", "key"],
            descending=[True, False, True, True, False, False, True, False],
        )
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
    entity: str,
    clusters: pl.DataFrame,
    kept: pl.DataFrame,
    known: pl.DataFrame,
    proposed: pl.DataFrame | None,
) -> pl.DataFrame:
    """Derive an id for each cluster that keeps none."""
    new = clusters.join(kept, on="cluster_id", how="anti").sort("key")
    if proposed is not None:
        own = new.join(proposed, on="cluster_id", how="left", maintain_order="left")
        taken = own["golden_id"].is_in(known["golden_id"].implode())
        if not own["golden_id"].null_count() and not taken.any():
            return own.select("cluster_id", "golden_id")
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
