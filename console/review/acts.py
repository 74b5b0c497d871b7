"""The review queue: the next case, a case, and what is said of it."""

import numpy as np

from console.asked import Answer, Ask, Moved, Refused, ShownPage, page_of
from console.review import together
from console.review.cases import place_of, queue_of, show_case, wanted_of
from console.review.marks import Mark
from console.review.queues import Places, Queue
from governance import DecidedMeanwhile, Decision, LedgerError, SeenDecision
from guiyi.messages import Message

PAGE = 50
"""Cases on a page of the list."""
DECISIONS = {"same": Decision.MUST_LINK, "different": Decision.CANNOT_LINK}
MARKS = {"unsure": "unsure", "skip": "skipped"}


def overview(asked: Ask) -> Answer:
    """How much waits, by entity."""
    found = []
    for entity, spec in asked.desk.project.entities.items():
        queue = asked.desk.queues.of(entity) if spec.match.enabled else None
        if queue is not None:
            found.append({"entity": entity, "waiting": queue.waiting, "all": len(queue.ids)})
    return ShownPage("review/overview.html.j2", {"queues": found})


def next_case(asked: Ask) -> Answer:
    """The next case that waits."""
    entity = asked.entity()
    queue = queue_of(asked, entity)
    place = queue.next(_after(asked, queue), _passed(asked, queue), _turns(asked, queue))
    if place is None:
        content = {"entity": entity, "decided": len(queue.rulings), "waiting": queue.waiting}
        return ShownPage("review/done.html.j2", content)
    return _shown(asked, queue, place)


def one_case(asked: Ask) -> Answer:
    """A case, decided or not."""
    queue = queue_of(asked, asked.entity())
    return _shown(asked, queue, place_of(queue, asked.path["case"]))


def earlier_case(asked: Ask) -> Answer:
    """The case before another."""
    queue = queue_of(asked, asked.entity())
    place = queue.before(place_of(queue, asked.path["case"]), _turns(asked, queue))
    return next_case(asked) if place is None else _shown(asked, queue, place)


def listed(asked: Ask) -> Answer:
    """The cases that wait and are wanted, a page of them."""
    entity, wanted = asked.entity(), wanted_of(asked)
    queue = queue_of(asked, entity)
    page, masking = page_of(asked), asked.door.masking
    waiting = queue.waiting_of(_turns(asked, queue))
    places = waiting[(page - 1) * PAGE : page * PAGE].tolist()
    rows = queue.pairs[places].select("left", "right", "match_probability")
    keys = [masking.record_keys(rows[name]).to_list() for name in ("left", "right")]
    cases = [
        {"id": queue.ids[place], "left": left, "right": right, "probability": probability}
        for place, left, right, probability in zip(
            places, *keys, rows["match_probability"], strict=True
        )
    ]
    values = queue.values(masking)
    content = {
        "entity": entity,
        "cases": cases,
        "page": page,
        "waiting": len(waiting),
        "pages_all": -(-len(waiting) // PAGE),
        "wanted": wanted,
        "sources": list(asked.desk.project.sources),
        "regions": values.regions(),
        "owners": values.owners(),
    }
    return ShownPage("review/list.html.j2", content)


def decide(asked: Ask) -> Answer:
    """Decide a case, or say why not; then the next one.

    Of two who decide one case, the second learns of it, and nothing of theirs is written.
    """
    entity, case, answer = asked.entity(), asked.path["case"], asked.wanted("answer")
    queue = queue_of(asked, entity)
    place = place_of(queue, case)
    wanted = wanted_of(asked)
    onward = f"/review/{entity}{wanted.query(after=case)}"
    note = asked.given("why") or None
    is_double = together.is_doubled(asked, case)
    if answer in MARKS and not (is_double and answer == "unsure"):
        asked.desk.queues.marks.put(entity, case, asked.who.name, MARKS[answer], note)
        return Moved(onward, {"case": case, "mark": MARKS[answer]})
    if answer not in DECISIONS and not (is_double and answer == "unsure"):
        raise Refused(400, Message("`{answer}` is no answer", answer=answer))
    to_write = together.before_deciding(asked, queue, place, answer, note)
    if to_write.answer is None:
        onward = f"/review/{entity}{wanted.query(after=case, waits=to_write.reason)}"
        return Moved(onward, {"case": case, "waits": to_write.reason})
    left, right = queue.pair(place)
    answer, note = to_write.answer, to_write.why
    try:
        number = asked.desk.ledger.decide(
            entity,
            DECISIONS[answer],
            left,
            right,
            who=asked.who.name,
            why=note,
            seen=_seen(asked),
        )
    except DecidedMeanwhile as error:
        again = f"/review/{entity}/{case}"
        raise Refused(409, error.what, "look at it again", again) from None
    except LedgerError as error:
        raise Refused(422, error.what, error.hint or "") from None
    asked.desk.proposals.drop(entity, case)
    against = asked.desk.ledger.contradictions(entity)
    done = {"case": case, "decision": number, "contradictions": len(against)}
    return Moved(f"/review/{entity}{wanted.query(after=case, done=number)}", done)


def _shown(asked: Ask, queue: Queue, place: int) -> ShownPage:
    case = show_case(asked, queue, place)
    undo = asked.given("done")
    proposal = asked.desk.proposals.about(queue.entity, case.id)
    content = {
        "case": case,
        "entity": queue.entity,
        "double": together.is_doubled(asked, case.id),
        "proposal": proposal,
        "waits": waits if (waits := asked.given("waits")) in together.WAITS else "",
        "waiting": len(queue.waiting_of(_turns(asked, queue))),
        "wanted": wanted_of(asked),
        "undo": int(undo) if undo.isdecimal() else None,
    }
    version = f"{case.id}-{case.ruling.number if case.ruling else 0}"
    return ShownPage("review/case.html.j2", content, version=version)


def _after(asked: Ask, queue: Queue) -> int | None:
    return queue.places.get(asked.given("after"))


def _turns(asked: Ask, queue: Queue) -> Places:
    turns = queue.turns(wanted_of(asked), asked.door.masking)
    hidden = together.hidden(asked, queue)
    return turns[~np.isin(turns, list(hidden))] if hidden else turns


def _passed(asked: Ask, queue: Queue) -> dict[int, Mark]:
    """The cases this person has passed over, or is not sure about."""
    own = asked.desk.queues.marks.of_person(queue.entity, asked.who.name)
    return {queue.places[case]: mark for case, mark in own.items() if case in queue.places}


def _seen(asked: Ask) -> SeenDecision:
    number = asked.given("seen")
    return SeenDecision(int(number) if number.isdecimal() and number != "0" else None)
