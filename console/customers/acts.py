"""What a steward decides about one customer; each act first shows what it brings about."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from console.asked import Answer, Ask, Moved, Refused, ShownPage
from console.customers.records import Customer, customer_of, lines_of, records_of
from console.review import together
from console.review.queues import case_id
from governance import DecidedMeanwhile, Decision, LedgerError, SeenDecision
from guiyi.record_key import parted
from pipelines.stewarding.golden_views import golden_at, shown
from pipelines.stewarding.parents import parents_entity


def record(asked: Ask) -> Answer:
    """One source record of a customer: where it stood, as it came, and what became of it."""
    customer = customer_of(asked)
    key = customer.named(asked.path["record"])
    head = records_of(asked, customer, [key]).heads.get(key)
    content = {
        "golden_id": customer.golden_id,
        "entity": customer.entity,
        "record": asked.path["record"],
        "key": asked.door.key(key),
        "source": parted(key)[0],
        "place": head.place if head is not None else None,
        "lines": lines_of(asked, customer, key) if head is not None else [],
        "others": len(customer.members) - 1,
    }
    return ShownPage("customers/record.html.j2", content)


def alternates(asked: Ask) -> Answer:
    """The values that the records of a customer have for a field: one is chosen, or typed."""
    customer = customer_of(asked)
    field = _field(asked, customer.entity)
    rows = records_of(asked, customer, customer.members)
    values: dict[str, list[str]] = {}
    for key in customer.members:
        value = rows.masked.get(key, {}).get(field)
        if value is not None:
            values.setdefault(value, []).append(asked.door.key(key))
    now = shown(asked.door, golden_at(asked.desk.project, asked.desk.ledger,
                                      customer.golden_id, None, None))  # fmt: skip
    content = {
        "golden_id": customer.golden_id,
        "entity": customer.entity,
        "field": field,
        "now": now["fields"].get(field),
        "values": [{"value": value, "records": keys} for value, keys in values.items()],
        "masked": asked.door.masking.hides(asked.door.kinds(customer.entity)[field]),
    }
    return ShownPage("customers/value.html.j2", content)


def choose(asked: Ask) -> Answer:
    """Choose the value of a field, or give one that no record has; empty for none at all."""
    customer = customer_of(asked)
    field = _field(asked, customer.entity)
    if asked.door.masking.hides(asked.door.kinds(customer.entity)[field]):
        raise Refused(403, "your role sees this field masked")
    value = asked.given("typed") or asked.given("value")
    with _refusing():
        number = asked.desk.ledger.decide(
            customer.entity,
            Decision.VALUE,
            customer.members[0],
            field=field,
            value=value or None,
            who=asked.who.name,
            why=asked.given("why") or None,
        )
    return _back(customer, {"decision": number})


def correct(asked: Ask) -> Answer:
    """Correct what a source record says; the next run reads it so."""
    customer = customer_of(asked)
    key, field = customer.named(asked.path["record"]), _field(asked, customer.entity)
    with _refusing():
        asked.desk.ledger.correct(
            customer.entity,
            *parted(key),
            field,
            asked.given("value") or None,
            who=asked.who.name,
            why=asked.given("why") or None,
        )
    return _back(customer, {"field": field, "corrected": True})


def split_preview(asked: Ask) -> Answer:
    """What splitting a record off would bring about."""
    customer = customer_of(asked)
    key = customer.named(asked.path["record"])
    content = {
        "golden_id": customer.golden_id,
        "entity": customer.entity,
        "record": asked.path["record"],
        "key": asked.door.key(key),
        "lines": lines_of(asked, customer, key),
        "rest": [asked.door.key(other) for other in customer.members if other != key],
        "against": _must_links(asked, customer.entity, [key], customer.members),
        "crm": _crm_entities(asked, customer.entity),
    }
    return ShownPage("customers/split.html.j2", content)


def split(asked: Ask) -> Answer:
    """Split a record off: it is kept apart from each of the others, in one transaction."""
    customer = customer_of(asked)
    key = customer.named(asked.path["record"])
    others = [other for other in customer.members if other != key]
    if not others:
        raise Refused(422, "it is the only record of this customer")
    if _must_links(asked, customer.entity, [key], others):
        raise Refused(409, "a decision says that they are one customer", "take that back first")
    apart = _pairs_of(asked, customer.entity, Decision.CANNOT_LINK)
    pairs = [(key, other) for other in others if frozenset((key, other)) not in apart]
    with _refusing():
        numbers = asked.desk.ledger.decide_pairs(
            customer.entity,
            Decision.CANNOT_LINK,
            pairs,
            who=asked.who.name,
            why=asked.given("why") or None,
        )
    return _back(customer, {"decisions": numbers})


def parent(asked: Ask) -> Answer:
    """Say that a relation leads to the wrong customer, and to which it leads instead."""
    customer, relation = customer_of(asked), asked.wanted("relation")
    of = parents_entity(asked.desk.project, customer.entity, relation)
    named = {side: asked.given(side) for side in ("wrong", "parent")}
    if not any(named.values()):
        raise Refused(400, "name the wrong parent or the right one")
    keys = {side: _record_of(asked, of, name) for side, name in named.items() if name}
    with _refusing():
        numbers = asked.desk.ledger.decide_parent(
            customer.entity,
            customer.members[0],
            relation,
            of=of,
            wrong=keys.get("wrong"),
            parent=keys.get("parent"),
            who=asked.who.name,
            why=asked.given("why") or None,
        )
    return _back(customer, {"decisions": numbers})


def merge_preview(asked: Ask) -> Answer:
    """Two customers side by side, and what merging them would bring about."""
    one, other = _two(asked)
    sides = [
        shown(asked.door, golden_at(asked.desk.project, asked.desk.ledger, c.golden_id, None, None))
        for c in (one, other)
    ]
    names = dict.fromkeys(name for side in sides for name in side["fields"])
    beside = {name: [side["fields"].get(name) for side in sides] for name in names}
    fields = [
        {"field": name, "values": values, "differs": values[0] != values[1]}
        for name, values in beside.items()
        if any(value is not None for value in values)
    ]
    content = {
        "golden_id": one.golden_id,
        "other": other.golden_id,
        "entity": one.entity,
        "fields": fields,
        "members": [len(one.members), len(other.members)],
        "against": _cannot_links(asked, one, other),
        "crm": _crm_entities(asked, one.entity),
    }
    return ShownPage("customers/merge.html.j2", content)


def merge(asked: Ask) -> Answer:
    """Merge a customer with another: the next run makes one of the two."""
    one, other = _two(asked)
    if _cannot_links(asked, one, other):
        raise Refused(409, "a decision keeps them apart", "take that back first")
    about = case_id(one.entity, *sorted((one.golden_id, other.golden_id)))
    ids = (one.golden_id, other.golden_id)
    records, why = len(one.members) + len(other.members), asked.given("why") or None
    agreed = together.agreed(asked, one.entity, about, ids, records, why)
    if agreed is None:
        return _back(one, {"waits": "second"})
    with _refusing():
        number = asked.desk.ledger.decide(
            one.entity,
            Decision.MUST_LINK,
            one.members[0],
            other.members[0],
            who=asked.who.name,
            why=agreed or None,
            seen=SeenDecision(None),
        )
    asked.desk.proposals.drop(one.entity, about)
    return _back(one, {"decision": number})


def note(asked: Ask) -> Answer:
    """Leave a note on a customer, for those who work on it."""
    customer = customer_of(asked)
    asked.desk.notes.add(customer.golden_id, asked.who.name, asked.wanted("text")[:1000])
    return _back(customer, {"noted": True})


def _two(asked: Ask) -> tuple[Customer, Customer]:
    one, other = customer_of(asked), customer_of(asked, asked.wanted("with"))
    if one.golden_id == other.golden_id:
        raise Refused(422, "both are one customer already")
    if one.entity != other.entity:
        raise Refused(422, "they are not of one entity")
    return one, other


def _record_of(asked: Ask, entity: str, golden_id: str) -> str:
    """A record key of a customer that is named as a parent. Raises Refused."""
    found = customer_of(asked, golden_id)
    if found.entity != entity:
        raise Refused(422, "the parent is of another entity")
    return found.members[0]


def _field(asked: Ask, entity: str) -> str:
    field = asked.wanted("field")
    if field not in asked.desk.project.entities[entity].kinds:
        raise Refused(404, "no such field")
    return field


def _pairs_of(asked: Ask, entity: str, kind: Decision) -> dict[frozenset[str], dict[str, Any]]:
    rows = asked.desk.ledger.decisions(entity).filter(decision=kind.value).to_dicts()
    return {frozenset((row["left"], row["right"])): row for row in rows}


def _must_links(
    asked: Ask, entity: str, some: list[str], others: list[str]
) -> list[dict[str, Any]]:
    decided = _pairs_of(asked, entity, Decision.MUST_LINK)
    return _between(decided, some, others)


def _cannot_links(asked: Ask, one: Customer, other: Customer) -> list[dict[str, Any]]:
    decided = _pairs_of(asked, one.entity, Decision.CANNOT_LINK)
    return _between(decided, one.members, other.members)


def _between(
    decided: dict[frozenset[str], dict[str, Any]], some: list[str], others: list[str]
) -> list[dict[str, Any]]:
    """The decisions about a record of the one and a record of the other: number, who, at."""
    one, other = set(some), set(others)
    return [
        {name: row[name] for name in ("id", "who", "at")}
        for pair, row in decided.items()
        if pair & one and (pair - one) & other
    ]


def _crm_entities(asked: Ask, entity: str) -> list[str]:
    return [name for name, crm in asked.desk.project.mapping.items() if crm.entity == entity]


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except DecidedMeanwhile as error:
        raise Refused(409, error.what, "look at it again") from None
    except LedgerError as error:
        raise Refused(422, error.what, error.hint or "") from None


def _back(customer: Customer, done: dict[str, Any]) -> Moved:
    return Moved(f"/customers/{customer.golden_id}?done=1", done)
