"""Whose a record is, by a steward: "this is the wrong parent", "it belongs to that one".

A decision is about two records and holds for the golden records they belong to, now and after
every later run. Several wrong parents may be named; of parents that are named, the latest counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl
from sqlalchemy.engine import Connection

from governance import crosswalk, stewardship
from governance.database import LedgerError
from governance.stewardship import PARENTS, Decision
from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID

Groups = Mapping[str, pl.DataFrame]
"""Entity → its records: key, golden_id (null where a record became none)."""


@dataclass(frozen=True)
class ParentsDecision:
    """What a steward says of one relation of one record."""

    entity: str
    record: str
    relation: str
    of: str
    """The entity of the parents."""
    wrong: str | None
    parent: str | None

    def rows(self) -> list[dict[str, str | None]]:
        """The decisions that it is. Raises LedgerError for one that cannot be."""
        given = [(Decision.NOT_PARENT, self.wrong), (Decision.PARENT, self.parent)]
        made = [(kind, key) for kind, key in given if key is not None]
        if not made:
            raise LedgerError("a decision about a parent needs a parent", place="decision")
        if (self.entity, self.record) == (self.of, self.parent):
            raise LedgerError("no record is its own parent", place="decision")
        if self.wrong == self.parent:
            raise LedgerError("the wrong parent and the right one are the same", place="decision")
        return [
            {
                "entity": self.entity,
                "decision": kind.value,
                "left": self.record,
                "right": key,
                "field": self.relation,
                "value": self.of,
            }
            for kind, key in made
        ]


def decisions(connection: Connection, entity: str) -> pl.DataFrame:
    """The decisions in force, the oldest first: record, relation, decision, parent (a record key),
    of (its entity), who, at, why, id.
    """
    rows = stewardship.decisions(connection, entity, PARENTS)
    return rows.select(
        pl.col("left").alias("record"),
        pl.col("field").alias("relation"),
        "decision",
        pl.col("right").alias("parent"),
        pl.col("value").alias("of"),
        "who",
        "at",
        "why",
        "id",
    )


@dataclass
class SettledParent:
    """What decisions say of one relation of one golden record."""

    chosen: str | None = None
    """The record key it leads to, if one is named."""
    wrong: dict[str, int] = field(default_factory=dict)
    """Golden ids it does not lead to, or record keys where they became no golden record, and the
    number of the decision."""


@dataclass(frozen=True)
class SettledParents:
    """What the decisions about an entity's parents come to."""

    of_golden: Mapping[tuple[str, str], SettledParent]
    """Golden id and relation → what holds of it."""
    conflicts: list[tuple[str, tuple[int, ...]]]
    """Relations, and the numbers of the decisions that contradict each other; the latest counts."""
    absent: int
    """Decisions about records that are not here."""


def settle(decided: pl.DataFrame, entity: str, groups: Groups) -> SettledParents:
    """Bring the decisions about an entity's parents to the golden records there are."""
    own = groups[entity].select("key", own=GOLDEN_ID, here=pl.lit(value=True))
    pieces = [
        part.join(
            groups[of].select("key", there=GOLDEN_ID, known=pl.lit(value=True)),
            left_on="parent",
            right_on="key",
            how="left",
        )
        for (of,), part in decided.group_by("of")
        if of in groups
    ]
    if not pieces:
        return SettledParents({}, [], decided.height)
    both = pl.concat(pieces).join(own, left_on="record", right_on="key", how="left").sort("id")
    settling = _Settling()
    for row in both.filter(pl.col("own").is_not_null()).iter_rows(named=True):
        settling.take(row)
    named = (pl.col("decision") == Decision.PARENT.value) & pl.col("known").is_null()
    lost = both.filter(pl.col("here").is_null() | named).height
    return SettledParents(settling.found, settling.conflicts, lost + decided.height - both.height)


class _Settling:
    """Takes decisions one by one, the oldest first."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], SettledParent] = {}
        self.conflicts: list[tuple[str, tuple[int, ...]]] = []
        self._chosen: dict[tuple[str, str], tuple[str, int]] = {}

    def take(self, row: Mapping[str, object]) -> None:
        place = str(row["own"]), str(row["relation"])
        number, parent = int(str(row["id"])), str(row["parent"])
        whose = str(row["there"] or parent)
        settled = self.found.setdefault(place, SettledParent())
        before = self._chosen.get(place)
        if row["decision"] == Decision.PARENT:
            if row["known"] is None:
                return
            if whose == place[0]:
                self.conflicts.append((place[1], (number,)))
                return
            if before is not None and before[0] != whose:
                self.conflicts.append((place[1], (before[1], number)))
            if whose in settled.wrong:
                self.conflicts.append((place[1], (settled.wrong.pop(whose), number)))
            settled.chosen, self._chosen[place] = parent, (whose, number)
            return
        if before is not None and before[0] == whose:
            self.conflicts.append((place[1], (before[1], number)))
            settled.chosen = None
            del self._chosen[place]
        settled.wrong[whose] = number


def in_ledger(connection: Connection, decided: pl.DataFrame, entity: str) -> SettledParents:
    """What the decisions come to by the crosswalk as it is."""
    wanted = {entity, *decided["of"].drop_nulls()}
    return settle(
        decided,
        entity,
        {
            name: crosswalk.current_links(connection, name).select(GOLDEN_ID, key=record_key())
            for name in wanted
        },
    )
