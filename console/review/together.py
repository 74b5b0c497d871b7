"""What needs two people: merges of large customers, and pairs that are decided twice, blind."""

from dataclasses import dataclass

import numpy as np

from console.asked import Answer, Ask, Moved, Refused, ShownPage
from console.review.cases import queue_of
from console.review.doubles import agreement, is_double
from console.review.proposals import made
from console.review.queues import Pair, Places, Queue
from console.rights import Right
from governance import LedgerError

WAITS = ("second", "double", "unsure", "disagree")
"""Why nothing is written of an answer yet: a second person must agree, or answer; both are not
sure, or they disagree."""


@dataclass(frozen=True)
class ToWrite:
    """What is to be written of an answer."""

    answer: str | None
    """same or different; None for nothing yet."""
    why: str | None = None
    reason: str = ""
    """Why nothing is written, of WAITS."""


def is_doubled(asked: Ask, case: str) -> bool:
    """Whether two people decide a case."""
    return is_double(case, asked.desk.project.console.double)


def before_deciding(asked: Ask, queue: Queue, place: int, answer: str, why: str | None) -> ToWrite:
    """What of an answer to a case may be written now, and with what reason. Raises Refused."""
    case = queue.ids[place]
    if is_doubled(asked, case) and place not in queue.rulings:
        return _of_two(asked, queue.entity, case, answer, why)
    left, right = queue.pair(place)
    ids, records = _homes(asked, [left, right])
    if answer != "same" or len(ids) < 2:
        return ToWrite(answer, why)
    one, other = sorted(ids)
    text = agreed(asked, queue.entity, case, (one, other), records, why)
    return ToWrite(None, reason="second") if text is None else ToWrite(answer, text or None)


def agreed(
    asked: Ask,
    entity: str,
    about: str,
    golden_ids: tuple[str, str],
    records: int,
    why: str | None,
) -> str | None:
    """The reason to write a merge down with; None where it waits for a second person by now."""
    above = asked.desk.project.console.second_above
    if above is None or records <= above:
        return why or ""
    earlier = asked.desk.proposals.about(entity, about)
    if earlier is None or earlier.name == asked.who.name:
        proposal = made(entity, about, golden_ids, asked.who.name, why, records)
        asked.desk.proposals.put(proposal)
        return None
    own = f"{earlier.name}: {earlier.why}" if earlier.why else earlier.name
    return f"{own}; {asked.who.name}: {why}" if why else f"{own}; {asked.who.name}"


def _of_two(asked: Ask, entity: str, case: str, answer: str, why: str | None) -> ToWrite:
    doubles, who = asked.desk.doubles, asked.who
    earlier = doubles.of_case(entity, case)
    if len(earlier) == 2:
        if Right.APPROVE in who.rights and answer != "unsure":
            return ToWrite(answer, why)
        raise Refused(409, "two have answered this pair differently: a manager decides")
    if not doubles.put(entity, case, who.name, answer, why):
        raise Refused(409, "you have answered this pair")
    both = doubles.of_case(entity, case)
    if len(both) < 2:
        return ToWrite(None, reason="double")
    if both[0].answer != both[1].answer:
        return ToWrite(None, reason="disagree")
    if answer == "unsure":
        return ToWrite(None, reason="unsure")
    why_both = "; ".join(f"{own.name}: {own.why}" if own.why else own.name for own in both)
    return ToWrite(answer, why_both)


def hidden(asked: Ask, queue: Queue) -> set[int]:
    """The places of cases that this person has answered and somebody else must, or a manager."""
    who, entity = asked.who, queue.entity
    names = {p.about for p in asked.desk.proposals.of(entity) if p.name == who.name}
    if asked.desk.project.console.double:
        answers = asked.desk.doubles.of(entity)
        names |= {own.case for own in answers if own.name == who.name}
        names |= asked.desk.doubles.both(entity).keys()
    return {queue.places[name] for name in names if name in queue.places}


def for_bulk(asked: Ask, queue: Queue, turns: Places) -> Places:
    """Those of some places that wait and that one person may decide with others at once."""
    waiting = queue.waiting_of(turns)
    share = asked.desk.project.console.double
    if share:
        one = [not is_double(queue.ids[place], share) for place in waiting.tolist()]
        waiting = waiting[np.array(one, dtype=bool)]
    own = list(hidden(asked, queue))
    return waiting[~np.isin(waiting, own)] if own else waiting


def refuse_large(asked: Ask, entity: str, pairs: list[Pair]) -> None:
    """Refuse to merge many pairs at once where a customer would need a second person."""
    above = asked.desk.project.console.second_above
    if above is None:
        return
    leader: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def find(key: str) -> str:
        while leader.get(key, key) != key:
            key = leader[key]
        return key

    for pair in pairs:
        homes = [_homes(asked, [key]) for key in pair]
        heads = [find(next(iter(ids), key)) for (ids, _), key in zip(homes, pair, strict=True)]
        for head, (_, records) in zip(heads, homes, strict=True):
            sizes.setdefault(head, records)
        one, other = heads
        if one != other:
            leader[one] = other
            sizes[other] += sizes[one]
            if sizes[other] > above:
                raise Refused(
                    422, "some of these merges need a second person: decide them one by one"
                )


def _homes(asked: Ask, keys: list[str]) -> tuple[set[str], int]:
    """The golden ids of records, and how many records these have together."""
    found: dict[str, int] = {}
    for key in keys:
        try:
            own = asked.desk.ledger.resolve(key)
        except LedgerError:
            continue
        found[own.leads_to] = len(own.members)
    return set(found), sum(found.values())


def waiting(asked: Ask) -> Answer:
    """The merges that wait for a second person."""
    entity = asked.entity()
    queue = queue_of(asked, entity)
    rows = []
    for proposal in asked.desk.proposals.of(entity):
        one, other = proposal.golden_ids
        path = f"/review/{entity}/{proposal.about}"
        if proposal.about not in queue.places:
            path = f"/customers/{one}/merge?with={other}"
        rows.append({"proposal": proposal, "path": path, "own": proposal.name == asked.who.name})
    above = asked.desk.project.console.second_above
    return ShownPage("review/second.html.j2", {"entity": entity, "proposals": rows, "above": above})


def refuse(asked: Ask) -> Answer:
    """Refuse a merge that waits for a second person, or take one's own back."""
    entity, about = asked.entity(), asked.path["case"]
    found = asked.desk.proposals.about(entity, about)
    if found is None:
        raise Refused(404, "nothing waits under this name")
    asked.desk.proposals.drop(entity, about)
    details = {"entity": entity, "proposed": found.name, "records": found.records}
    asked.desk.ledger.audit("console.refused", " + ".join(found.golden_ids), details,
                            who=asked.who.name)  # fmt: skip
    return Moved(f"/review/{entity}/second", {"refused": about})


def agreement_page(asked: Ask) -> Answer:
    """How far two people agree, and where they do not."""
    entity = asked.entity()
    queue = queue_of(asked, entity)
    both = asked.desk.doubles.both(entity)
    apart = [
        {"case": case, "answers": own, "there": case in queue.places}
        for case, own in both.items()
        if (own[0].answer != own[1].answer or own[0].answer == "unsure")
        and queue.places.get(case) not in queue.rulings
    ]
    content = {
        "entity": entity,
        "share": asked.desk.project.console.double,
        "agreement": agreement([(one.answer, other.answer) for one, other in both.values()]),
        "rows": apart,
    }
    return ShownPage("review/double.html.j2", content)
