"""Why a cluster holds together: its strongest links, the weakest of them, and what it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from dedup.explanation.pairs import Key, conflicting, key_columns, strongest
from dedup.explanation.sentences import Sentences
from dedup.verdict import Verdict


@dataclass(frozen=True)
class ClusterExplanation:
    """What holds a cluster together."""

    links: pl.DataFrame
    """The spanning evidence: the fewest and strongest pairs that connect the members, strongest
    first, with all the columns of pairs."""
    weakest: dict[str, Any] | None
    """The last of them: without it the cluster falls apart. None for a single record."""
    apart: tuple[int, int]
    """How many records stand on either side of the weakest link."""
    unlinked: int
    """How many separate pieces no scored pair connects to the rest."""
    sentences: list[str]


def explain_cluster(
    pairs: pl.DataFrame,
    members: Sequence[Key],
    *,
    cohesion: float | None = None,
    language: str = "en",
) -> ClusterExplanation:
    """Explain one cluster from the scored pairs among its members."""
    say = Sentences(language)
    if len(members) < 2:
        alone = [say("cluster.alone", member=member) for member in members]
        return ClusterExplanation(pairs.clear(), None, (len(members), 0), 0, alone)
    one, other = key_columns(members[0])
    among = pairs.filter(pl.col(one).is_in(members), pl.col(other).is_in(members))
    among = among.sort("match_weight", one, other, descending=[True, False, False])
    chosen, unlinked = _spanning(list(among.select(one, other).iter_rows()), members)
    links = among[chosen]
    weakest = links.row(-1, named=True) if links.height else None
    apart = _sides(list(links.select(one, other).iter_rows()), members)
    ends = (weakest[one], weakest[other]) if weakest is not None else None
    if len(members) == 2 and ends is not None:
        sentences = [_link(say, "cluster.two", links, ends)]
    else:
        sentences = [_holds(say, among, links, len(members))]
        sentences.append(say("cluster.evidence", fields=say.list(strongest(links))))
        if ends is not None:
            sentences.append(_link(say, "cluster.weakest", links, ends))
            sentences.append(say("cluster.bridge", one=apart[0], other=apart[1]))
    if conflicts := conflicting(among):
        sentences.append(say("cluster.conflict", fields=say.list(conflicts)))
    if unlinked:
        sentences.append(say("cluster.unlinked", n=unlinked))
    if cohesion is not None:
        sentences.append(say("cluster.cohesion", cohesion=f"{cohesion:.2f}"))
    return ClusterExplanation(links, weakest, apart, unlinked, sentences)


def _holds(say: Sentences, among: pl.DataFrame, links: pl.DataFrame, members: int) -> str:
    matched = among.filter(pl.col("verdict").cast(pl.String) == str(Verdict.MATCH)).height
    every = members * (members - 1) // 2
    return say("cluster.holds", members=members, links=links.height, matched=matched, pairs=every)


def _link(say: Sentences, sentence: str, links: pl.DataFrame, ends: tuple[Key, Key]) -> str:
    """Tell of the last link, and what it rests on."""
    probability = say.probability(links["match_probability"][-1])
    fields = say.list(strongest(links.tail(1)))
    left, right = ends
    return say(sentence, left=left, right=right, probability=probability, fields=fields)


def _spanning(edges: Sequence[tuple[Key, Key]], members: Sequence[Key]) -> tuple[list[int], int]:
    """The edges of the maximum spanning forest (Kruskal 1956), and how many pieces stay loose."""
    pieces = _Pieces(members)
    chosen = [number for number, edge in enumerate(edges) if pieces.join(*edge)]
    return chosen, len(members) - 1 - len(chosen)


def _sides(links: Sequence[tuple[Key, Key]], members: Sequence[Key]) -> tuple[int, int]:
    """How many records each end of the last link holds when it is cut."""
    if not links:
        return (len(members), 0)
    pieces = _Pieces(members)
    for link in links[:-1]:
        pieces.join(*link)
    roots = [pieces.root(member) for member in members]
    return (roots.count(pieces.root(links[-1][0])), roots.count(pieces.root(links[-1][1])))


class _Pieces:
    """Which members are connected so far (union–find with path halving)."""

    def __init__(self, members: Sequence[Key]) -> None:
        self._up = {member: member for member in members}

    def root(self, member: Key) -> Key:
        """The member that stands for this one's piece."""
        while self._up[member] != member:
            self._up[member] = self._up[self._up[member]]
            member = self._up[member]
        return member

    def join(self, one: Key, other: Key) -> bool:
        """Connect two members; false if they were connected already."""
        a, b = self.root(one), self.root(other)
        self._up[a] = b
        return a != b
