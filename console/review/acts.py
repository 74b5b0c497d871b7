"""The review queue: the next case, a case, and what is said of it."""

from console.asked import Answer, Asked, Moved, Refused, Shown, page_of
from console.review.cases import place_of, queue_of, show_case, wanted_of
from console.review.marks import Mark
from console.review.queues import Places, Queue
from governance import DecidedMeanwhile, Decision, LedgerError, Seen
from guiyi.messages import Message

PAGE = 50
"""Cases on a page of the list."""
DECISIONS = {"same": Decision.MUST_LINK, "different": Decision.CANNOT_LINK}
MARKS = {"unsure": "unsure", "skip": "skipped"}


def overview(asked: Asked) -> Answer:
    """How much waits, by entity."""
    found = []
    for entity, spec in asked.desk.project.entities.items():
        queue = asked.desk.queues.of(entity) if spec.match.enabled else None
        if queue is not None:
            found.append({"entity": entity, "waiting": queue.waiting, "all": len(queue.ids)})
    return Shown("review/overview.html.j2", {"queues": found})


def next_case(asked: Asked) -> Answer:
    """The next case that waits."""
    entity = asked.entity()
    queue = queue_of(asked, entity)
    place = queue.next(_after(asked, queue), _passed(asked, queue), _turns(asked, queue))
    if place is None:
        content = {"entity": entity, "decided": len(queue.rulings), "waiting": queue.waiting}
        return Shown("review/done.html.j2", content)
    return _shown(asked, queue, place)


def one_case(asked: Asked) -> Answer:
    """A case, decided or not."""
    queue = queue_of(asked, asked.entity())
    return _shown(asked, queue, place_of(queue, asked.path["case"]))


def earlier_case(asked: Asked) -> Answer:
    """The case before another."""
    queue = queue_of(asked, asked.entity())
    place = queue.before(place_of(queue, asked.path["case"]), _turns(asked, queue))
    return next_case(asked) if place is None else _shown(asked, queue, place)


def listed(asked: Asked) -> Answer:
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
    return Shown("review/list.html.j2", content)


def decide(asked: Asked) -> Answer:
    """Decide a case, or say why not; then the next one.

    Of two who decide one case, the second learns of it, and nothing of theirs is written.
    """
    entity, case, answer = asked.entity(), asked.path["case"], asked.wanted("answer")
    queue = queue_of(asked, entity)
    place = place_of(queue, case)
    wanted = wanted_of(asked)
    onward = f"/review/{entity}{wanted.query(after=case)}"
    note = asked.given("why") or None
    if answer in MARKS:
        asked.desk.queues.marks.put(entity, case, asked.who.name, MARKS[answer], note)
        return Moved(onward, {"case": case, "mark": MARKS[answer]})
    if answer not in DECISIONS:
        raise Refused(400, Message("`{answer}` is no answer", answer=answer))
    left, right = queue.pair(place)
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
        raise Refused(409, error.what, "look at it again") from None
    except LedgerError as error:
        raise Refused(422, error.what, error.hint or "") from None
    against = asked.desk.ledger.contradictions(entity)
    done = {"case": case, "decision": number, "contradictions": len(against)}
    return Moved(f"/review/{entity}{wanted.query(after=case, done=number)}", done)


def _shown(asked: Asked, queue: Queue, place: int) -> Shown:
    case = show_case(asked, queue, place)
    undo = asked.given("done")
    content = {
        "case": case,
        "entity": queue.entity,
        "waiting": len(queue.waiting_of(_turns(asked, queue))),
        "wanted": wanted_of(asked),
        "undo": int(undo) if undo.isdecimal() else None,
    }
    version = f"{case.id}-{case.ruling.number if case.ruling else 0}"
    return Shown("review/case.html.j2", content, version=version)


def _after(asked: Asked, queue: Queue) -> int | None:
    return queue.places.get(asked.given("after"))


def _turns(asked: Asked, queue: Queue) -> Places:
    return queue.turns(wanted_of(asked), asked.door.masking)


def _passed(asked: Asked, queue: Queue) -> dict[int, Mark]:
    """The cases this person has passed over, or is not sure about."""
    own = asked.desk.queues.marks.of_person(queue.entity, asked.who.name)
    return {queue.places[case]: mark for case, mark in own.items() if case in queue.places}


def _seen(asked: Asked) -> Seen:
    number = asked.given("seen")
    return Seen(int(number) if number.isdecimal() and number != "0" else None)
