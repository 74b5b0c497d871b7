"""Taking a decision back, with what that brings about shown first."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from console.asked import Answer, Ask, Moved, Refused, ShownPage
from console.rights import Right
from governance import Decision, LedgerError
from guiyi.messages import Message
from guiyi.records import GOLDEN_ID
from pipelines.stewarding.review_lists import review_list

SHOWN = 200
"""Decisions on the list."""


@dataclass(frozen=True)
class InForce:
    """A decision in force."""

    number: int
    kind: Decision
    left: str
    """The record it is about, or the first of two."""
    right: str | None
    """The other record of a pair, or a parent's."""
    field: str | None
    """The field or the relation it is about."""
    value: str | None
    who: str
    at: str
    why: str | None

    def is_of(self, asked: Ask) -> bool:
        """Whether the one who asks may take it back: their own, or with the right to approve."""
        return self.who == asked.who.name or Right.APPROVE in asked.who.rights


def decisions(asked: Ask) -> Answer:
    """The decisions in force about pairs, values and parents, the latest first."""
    entity = asked.entity()
    table = review_list(asked.door, "decisions", entity)
    rows = table.sort("id", descending=True).head(SHOWN).to_dicts()
    for row in rows:
        row["own"] = row["who"] == asked.who.name or Right.APPROVE in asked.who.rights
    content = {"entity": entity, "decisions": rows, "all": table.height}
    return ShownPage("review/decisions.html.j2", content)


def one(asked: Ask) -> Answer:
    """A decision, and what taking it back would bring about."""
    entity = asked.entity()
    own = _in_force(asked, entity)
    door, kinds = asked.door, asked.door.kinds(entity)
    value = own.value if own.field is None else door.masking.value(own.value, kinds.get(own.field))
    content: dict[str, Any] = {
        "entity": entity,
        "number": own.number,
        "kind": own.kind.value,
        "records": [door.key(key) for key in (own.left, own.right) if key is not None],
        "field": own.field,
        "value": value,
        "who": own.who,
        "at": own.at,
        "why": door.reasons(pl.Series([own.why], dtype=pl.String))[0],
        "own": own.is_of(asked),
        "together": len(_together(asked, entity, own)),
        "homes": [_home(asked, key) for key in (own.left, own.right) if key is not None],
        "crm": [name for name, crm in asked.desk.project.mapping.items() if crm.entity == entity],
        "parts": _parts(asked, entity, own) if own.kind is Decision.MUST_LINK else [],
    }
    return ShownPage("review/undo.html.j2", content)


def take_back(asked: Ask) -> Answer:
    """Take a decision back: one's own, or with the right to approve anybody's."""
    entity = asked.entity()
    own = _own(asked, entity)
    asked.desk.ledger.revoke(own.number, who=asked.who.name)
    queue = asked.desk.queues.of(entity)
    case = queue.case_of(own.left, own.right) if queue is not None and own.right else None
    onward = f"/review/{entity}/{case}" if case else f"/review/{entity}/decisions"
    return Moved(onward, {"revoked": own.number})


def take_back_together(asked: Ask) -> Answer:
    """Take all decisions back that were made together with one."""
    entity = asked.entity()
    numbers = _together(asked, entity, _own(asked, entity))
    asked.desk.ledger.revoke(*numbers, who=asked.who.name)
    return Moved(f"/review/{entity}/patterns", {"revoked": numbers})


def _own(asked: Ask, entity: str) -> InForce:
    """The decision that is asked for. Raises Refused where it is not for this person to revoke."""
    own = _in_force(asked, entity)
    if not own.is_of(asked):
        raise Refused(403, Message("it is a decision of {who}", who=own.who))
    return own


def _in_force(asked: Ask, entity: str) -> InForce:
    """The decision in force that a number names. Raises Refused."""
    ledger, text = asked.desk.ledger, asked.path["number"]
    number = int(text) if text.isdecimal() else 0
    for row in ledger.decisions(entity).filter(id=number).to_dicts():
        return _decision(row, Decision(row["decision"]), row["left"], right=row["right"])
    for row in ledger.value_choices(entity).filter(id=number).to_dicts():
        return _decision(row, Decision.VALUE, row["record"], field=row["field"], value=row["value"])
    for row in ledger.parents(entity).filter(id=number).to_dicts():
        kind = Decision(row["decision"])
        return _decision(row, kind, row["record"], right=row["parent"], field=row["relation"])
    raise Refused(404, Message("no decision {number} is in force", number=text))


def _decision(
    row: dict[str, Any],
    kind: Decision,
    left: str,
    *,
    right: str | None = None,
    field: str | None = None,
    value: str | None = None,
) -> InForce:
    about = (row["who"], row["at"], row["why"])
    return InForce(row["id"], kind, left, right, field, value, *about)


def _together(asked: Ask, entity: str, own: InForce) -> list[int]:
    """The numbers of the pair decisions made in one act with one: same person, same moment."""
    rows = asked.desk.ledger.decisions(entity).filter(who=own.who, at=own.at)
    return rows["id"].to_list() or [own.number]


def _home(asked: Ask, key: str) -> dict[str, Any]:
    try:
        found = asked.desk.ledger.resolve(key)
    except LedgerError:
        return {GOLDEN_ID: None, "members": 0}
    return {GOLDEN_ID: found.leads_to, "members": len(found.members)}


def _parts(asked: Ask, entity: str, own: InForce) -> list[int]:
    """The sizes of the parts of the two records' customer without the decision: those that the
    pairs of the latest run and the other decisions hold together. One part: nothing changes.
    """
    queue = asked.desk.queues.of(entity)
    home = asked.desk.ledger.resolve(own.left)
    if queue is None or own.right not in home.members:
        return []
    pairs = queue.run.pairs_among(entity, home.members)
    decided = asked.desk.ledger.decisions(entity)
    ruled = {frozenset(pair) for pair in decided.select("left", "right").iter_rows()}
    must = decided.filter(decision=Decision.MUST_LINK.value).filter(pl.col("id") != own.number)
    edges = [frozenset(pair) for pair in must.select("left", "right").iter_rows()]
    if pairs.width:
        matched = pairs.filter(pl.col("verdict").cast(pl.String) == "match")
        named = (frozenset(pair) for pair in matched.select("left", "right").iter_rows())
        edges += [pair for pair in named if pair not in ruled]
    return sizes_of_parts(home.members, edges)


def sizes_of_parts(members: list[str], edges: list[frozenset[str]]) -> list[int]:
    """How many of some records each part has that edges hold together, the largest first."""
    leader = {key: key for key in members}

    def find(key: str) -> str:
        while leader[key] != key:
            key = leader[key]
        return key

    for edge in edges:
        if edge <= leader.keys() and len(edge) == 2:
            one, other = edge
            leader[find(one)] = find(other)
    heads = [find(key) for key in members]
    return sorted((heads.count(head) for head in set(heads)), reverse=True)
