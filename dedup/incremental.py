"""New records against a master: who of them is known, without matching the master again.

    found = resolve_new(index, new, clusters=resolution.clusters)

Each new record is looked up among the master's and the new ones before it, with the keys and
scores of the batch. Clusters of the master stay: a new record joins one, or another new record, but
neither merges two clusters nor splits one; only a decision does. What differs from a batch: model
and keys are those the index was built with, words weigh as they did then, and clusters that new
evidence would join are only reported.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from dedup.clustering.clusters import Clusters, cluster, components
from dedup.comparison.base import Rows
from dedup.comparison.levels import Floats, unpack
from dedup.decisions import MUST, DecidedPairs, decided_pairs
from dedup.index.index import Index
from dedup.model.saved_model import SavedModel, read_model
from dedup.outcome import ScoredPairs
from dedup.resolution import resolve
from dedup.results import Progress, Resolution
from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.record_key import key_of
from guiyi.records import CLUSTER_ID, RECORD_ID, SOURCE
from guiyi.spec.entities import MatchSpec

Ints = npt.NDArray[np.int64]
EVERY = 200
"""New records between two words of progress."""


@dataclass(frozen=True)
class Links:
    """Pairs of a new record and an earlier one, with their natural log odds."""

    left: Ints
    right: Ints
    odds: Floats


def resolve_new(
    master: Index | pl.DataFrame,
    new: pl.DataFrame,
    kinds: Mapping[str, Kind] | None = None,
    model: SavedModel | Mapping[str, Any] | None = None,
    *,
    clusters: pl.DataFrame | None = None,
    spec: MatchSpec | None = None,
    decisions: pl.DataFrame | None = None,
    progress: Progress | None = None,
) -> Resolution:
    """Find the new records in the master, or among each other; both tables are clean.

    Rows are those of the master, then the new ones. `master` may be an index, to which the new
    records are added; else `kinds` must be given and one is built, with `model` if there is one.
    `clusters` (row, cluster_id) are those of the master; without them it is resolved first, or,
    where it is an index, every record of it stands alone.
    """
    if isinstance(master, pl.DataFrame):
        if kinds is None:
            raise SpecError("the kinds of the fields are not given", hint="kinds={field: kind}")
        known = read_model(model) if isinstance(model, Mapping) else model
        if clusters is None:
            found = resolve(master, kinds, spec, decisions=decisions, model=known)
            clusters, known = found.clusters, known or read_model(found.model)
        index = Index.build(master, kinds, known, spec=spec)
    else:
        index = master
    before = len(index.register)
    own = _own(before, clusters)
    links = _entered(index, new, progress)
    notes = list(index.notes)
    decided = _decided(index, decisions, notes)
    return _clustered(index, own, links, decided, notes)


def _own(before: int, clusters: pl.DataFrame | None) -> Ints:
    """The cluster of every record of the master."""
    own = np.arange(before, dtype=np.int64)
    if clusters is not None:
        own[clusters["row"].to_numpy()] = clusters[CLUSTER_ID].to_numpy()
    return own


def _entered(index: Index, new: pl.DataFrame, progress: Progress | None) -> Links:
    """Add the new records one by one, each looked up among those before it."""
    say = progress or (lambda what, done, total: None)
    keyed = {SOURCE, RECORD_ID} <= set(new.columns)
    left, right, odds = [], [], []
    for n, record in enumerate(new.iter_rows(named=True)):
        key = key_of(record[SOURCE], record[RECORD_ID]) if keyed else None
        number, rows, found = index.enter(record, key)
        for row, own in zip(rows.tolist(), found.tolist(), strict=True):
            for other in index.register.of(row):
                left.append(other)
                right.append(number)
                odds.append(own)
        if (n + 1) % EVERY == 0 or n + 1 == new.height:
            say("compare records", n + 1, new.height)
    return Links(np.array(left, np.int64), np.array(right, np.int64), np.array(odds, np.float64))


def _decided(index: Index, decisions: pl.DataFrame | None, notes: list[str]) -> DecidedPairs:
    """The decided pairs among all records, by record key."""
    if decisions is None or not {SOURCE, RECORD_ID} <= set(index.register.table.columns):
        return decided_pairs(pl.DataFrame(), None, notes)
    extra = [{name: own.get(name) for name in (SOURCE, RECORD_ID)} for own in index.register.extra]
    keys = index.register.table.select(SOURCE, RECORD_ID)
    if extra:
        keys = pl.concat([keys, pl.DataFrame(extra, schema=keys.schema)])
    return decided_pairs(keys, decisions, notes)


def _clustered(
    index: Index, own: Ints, links: Links, decided: DecidedPairs, notes: list[str]
) -> Resolution:
    """Let new records join clusters; only those that a link or a decision touches are looked at."""
    before, total = len(own), len(index.register)
    judgement = index.judgement
    least = float(np.log(judgement.match_at / (1 - judgement.match_at)))
    labels = np.concatenate([own, np.arange(before, total)])
    good = links.odds > least if not judgement.only_review else np.zeros(len(links.odds), np.bool_)
    touched = np.unique(np.concatenate([links.left[good], links.right[good], decided.rows]))
    some = np.flatnonzero(np.isin(labels, labels[touched]))
    place = np.full(total, -1, np.int64)
    place[some] = np.arange(len(some))
    rows = np.array([index.register.row_of(int(r)) for r in some], np.uint32)
    inner = _standing(labels[some], some < before, links, good, place, decided)

    def score(left: Rows, right: Rows) -> tuple[Floats, Floats]:
        patterns = index.patterns_between(rows[left], rows[right])
        levels = unpack(patterns, len(index.fields))
        return index.odds_between(rows[left], rows[right]), judgement.model.leaning(levels)

    edges = (place[links.left[good]], place[links.right[good]])
    parted = set() if judgement.only_review else _parted(labels[some], place, decided)
    inside = _within(labels[some], parted)
    left, right = (
        np.concatenate(ends).astype(np.uint32) for ends in zip(edges, inside, strict=True)
    )
    odds = np.concatenate([links.odds[good], score(*inside)[0]])
    found = cluster(len(some), left, right, odds, score, least, inner)
    ids = _ids(found, labels[some])
    _tell_bridges(labels[some], some < before, edges, notes)
    after = labels.copy()
    after[some] = ids
    return Resolution(
        _pairs(index, links, after), _cluster_table(after, found, some), dict(index.model), notes
    )


def _standing(
    labels: Ints,
    old: npt.NDArray[np.bool_],
    links: Links,
    good: npt.NDArray[np.bool_],
    place: Ints,
    decided: DecidedPairs,
) -> DecidedPairs:
    """Decisions, and that clusters of the master hold together and keep apart, as if decided."""
    left, right = place[decided.left], place[decided.right]
    named = _named(place, decided)
    doubted = _parted(labels, place, decided)
    joined = {
        tuple(sorted((int(labels[a]), int(labels[b])))) for (a, b), w in named.items() if w > 0
    }
    order = np.argsort(labels, kind="stable")
    chained = labels[order][1:] == labels[order][:-1]
    chains = order[:-1][chained], order[1:][chained]
    group = components(
        len(labels),
        np.concatenate([place[links.left[good]], left, chains[0]]).astype(np.uint32),
        np.concatenate([place[links.right[good]], right, chains[1]]).astype(np.uint32),
    )
    by_group: dict[int, list[int]] = {}
    for n in np.flatnonzero(old).tolist():
        by_group.setdefault(int(group[n]), []).append(n)
    for members in by_group.values():
        for x, a in enumerate(members):
            for b in members[x + 1 :]:
                one, other = int(labels[a]), int(labels[b])
                together = tuple(sorted((one, other))) in joined
                if (one == other and one not in doubted) or (one != other and not together):
                    named.setdefault((a, b), MUST if one == other else -MUST)
                elif together:
                    named.setdefault((a, b), MUST)
    pairs = np.array(list(named), np.int64).reshape(-1, 2)
    return DecidedPairs(pairs[:, 0], pairs[:, 1], np.array(list(named.values()), np.float64))


def _named(place: Ints, decided: DecidedPairs) -> dict[tuple[int, int], float]:
    """The log odds of decided pairs."""
    ends = place[decided.left].tolist(), place[decided.right].tolist()
    return {(min(a, b), max(a, b)): w for a, b, w in zip(*ends, decided.odds.tolist(), strict=True)}


def _parted(labels: Ints, place: Ints, decided: DecidedPairs) -> set[int]:
    """Clusters of which a decision takes two records apart: the others are compared again."""
    named = _named(place, decided).items()
    return {int(labels[a]) for (a, b), w in named if w < 0 and labels[a] == labels[b]}


def _within(labels: Ints, clusters: set[int]) -> tuple[Rows, Rows]:
    """All pairs of records within some clusters."""
    members = [np.flatnonzero(labels == label) for label in sorted(clusters)]
    pairs = [rows[np.array(np.triu_indices(len(rows), 1))] for rows in members]
    left, right = np.concatenate([np.zeros((2, 0), np.int64), *pairs], axis=1).astype(np.uint32)
    return left, right


def _ids(found: Clusters, before: Ints) -> Ints:
    """Name each cluster by the smallest id of those it is made of."""
    smallest: dict[int, int] = {}
    for label, own in zip(found.labels.tolist(), before.tolist(), strict=True):
        smallest[label] = min(own, smallest.get(label, own))
    # A part that a decision split off is named by its smallest row instead.
    taken: dict[int, int] = {}
    for label, own in sorted(smallest.items(), key=lambda item: item[0]):
        if own in taken.values():
            smallest[label] = -1 - label
        taken[label] = smallest[label]
    return np.array([smallest[label] for label in found.labels.tolist()], np.int64)


def _tell_bridges(
    labels: Ints,
    old: npt.NDArray[np.bool_],
    edges: tuple[Ints, Ints],
    notes: list[str],
) -> None:
    """Count the new records that resemble several clusters of the master."""
    seen: dict[int, set[int]] = {}
    for a, b in zip(edges[0].tolist(), edges[1].tolist(), strict=True):
        if old[a]:
            seen.setdefault(b, set()).add(int(labels[a]))
    several = sum(len(own) > 1 for own in seen.values())
    if several:
        notes.append(
            Message.counted(
                "{n} new record resembles more than one cluster of the master; it "
                "joined one, and the others are left apart: see the pairs between "
                "clusters",
                "{n} new records resemble more than one cluster of the master; each "
                "joined one, and the others are left apart: see the pairs between "
                "clusters",
                n=several,
            )
        )


def _cluster_table(labels: Ints, found: Clusters, some: Ints) -> pl.DataFrame:
    """row, cluster_id (a row of the cluster), cohesion (1 where no link was looked at)."""
    ids = labels.copy()
    odd = ids < 0
    if odd.any():
        for label in np.unique(ids[odd]).tolist():
            ids[labels == label] = int(np.flatnonzero(labels == label)[0])
    cohesion = np.ones(len(ids))
    cohesion[some] = found.cohesion
    rows = np.arange(len(ids), dtype=np.int64)
    return even_chunks(pl.DataFrame({"row": rows, CLUSTER_ID: ids, "cohesion": cohesion}))


def _pairs(index: Index, links: Links, labels: Ints) -> pl.DataFrame:
    """The pairs with a new record that are worth a look: inside a cluster, or likely enough."""
    judgement = index.judgement
    same = labels[links.left] == labels[links.right]
    least = np.log(judgement.review_at / (1 - judgement.review_at))
    keep = np.flatnonzero(same | (links.odds >= least))
    left, right = links.left[keep], links.right[keep]
    rows = [
        np.array([index.register.row_of(int(r)) for r in side], np.uint32) for side in (left, right)
    ]
    scored = ScoredPairs(
        judgement.model, left, right, links.odds[keep], same[keep],
        index.patterns_between(rows[0], rows[1]), judgement.review_at,
    )  # fmt: skip
    return scored.table()
