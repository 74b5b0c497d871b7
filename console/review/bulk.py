"""Deciding all cases of a pattern at once: list, preview, decide."""

import hashlib

from console.asked import Answer, Ask, Moved, Refused, ShownPage, page_of
from console.review import together
from console.review.acts import DECISIONS
from console.review.cases import queue_of, wanted_of
from console.review.patterns import SAME, PairPattern
from console.review.queues import Places, Queue
from console.words import ConsoleWords
from governance import DecidedMeanwhile, LedgerError
from guiyi.messages import Message
from pipelines.report.pairs import show_pairs

PAGE = 25
"""Cases on a page of the preview."""
MOST_OUT = 300
"""Cases that one may leave out: they travel in the address."""
KEYS = 9
"""Patterns with a digit of their own."""


def patterns(asked: Ask) -> Answer:
    """What the cases that wait have in common, the largest pattern first."""
    entity, wanted = asked.entity(), wanted_of(asked)
    queue = queue_of(asked, entity)
    waiting = together.for_bulk(asked, queue, queue.turns(wanted, asked.door.masking))
    found = [
        {"id": pattern.id, "name": name_of(pattern, asked.say), "cases": count}
        for pattern, count in queue.patterns.sizes(waiting)
    ]
    done = asked.given("done")
    content = {
        "entity": entity,
        "patterns": found,
        "waiting": len(waiting),
        "wanted": wanted,
        "undo": int(done) if done.isdecimal() else None,
        "decided": asked.given("decided"),
    }
    return ShownPage("review/patterns.html.j2", content)


def preview(asked: Ask) -> Answer:
    """Every case of a pattern, a page of them, with what one decision for all would bring about."""
    queue = queue_of(asked, asked.entity())
    pattern, places = _of_pattern(asked, queue)
    page, out = page_of(asked), _left_out(asked)
    here = places[(page - 1) * PAGE : page * PAGE]
    pairs = queue.pairs[here.tolist()]
    door, entity = asked.door, queue.entity
    samples = show_pairs(queue.run, entity, pairs, door.masking, asked.say.report)
    door.write_down("review.pattern", {"entity": entity, "cases": [queue.ids[p] for p in here]})
    cases = [
        {"id": queue.ids[place], "sample": sample, "in": queue.ids[place] not in out}
        for place, sample in zip(here, samples, strict=True)
    ]
    kept = [place for place in places.tolist() if queue.ids[place] not in out]
    content = {
        "entity": entity,
        "pattern": pattern.id,
        "name": name_of(pattern, asked.say),
        "cases": cases,
        "fields": list(dict.fromkeys(line.field for case in samples for line in case.lines)),
        "all": len(places),
        "chosen": len(kept),
        "out": sorted(out),
        "page": page,
        "pages_all": max(-(-len(places) // PAGE), 1),
        "seen": _digest(queue, places),
        "largest": _largest(queue, kept),
        "wanted": wanted_of(asked),
    }
    return ShownPage("review/pattern.html.j2", content)


def decide(asked: Ask) -> Answer:
    """One decision for all cases of a pattern but those left out, in one transaction.

    Where the pattern has other cases by now than when it was seen, nothing is written.
    """
    entity, answer = asked.entity(), asked.wanted("answer")
    queue = queue_of(asked, entity)
    pattern, places = _of_pattern(asked, queue)
    out, wanted = _left_out(asked), wanted_of(asked)
    if answer == "look":
        page, names = page_of(asked), ",".join(sorted(out))
        more = {"page": page} | ({"out": names} if names else {})
        return Moved(f"/review/{entity}/patterns/{pattern.id}{wanted.query(**more)}")
    if answer not in DECISIONS:
        raise Refused(400, Message("`{answer}` is no answer", answer=answer))
    if asked.wanted("seen") != _digest(queue, places):
        raise Refused(409, "the cases of this pattern have changed meanwhile", "look at it again")
    pairs = [queue.pair(place) for place in places.tolist() if queue.ids[place] not in out]
    if not pairs:
        raise Refused(422, "no case is ticked")
    if answer == "same":
        together.refuse_large(asked, entity, pairs)
    name = name_of(pattern, asked.say)
    why = "; ".join(text for text in (asked.given("why"), name) if text)
    try:
        numbers = asked.desk.ledger.decide_pairs(
            entity, DECISIONS[answer], pairs, who=asked.who.name, why=why
        )
    except DecidedMeanwhile as error:
        raise Refused(409, error.what, "look at it again") from None
    except LedgerError as error:
        raise Refused(422, error.what, error.hint or "") from None
    against = asked.desk.ledger.contradictions(entity)
    done = {"decisions": numbers, "contradictions": len(against)}
    query = wanted.query(done=numbers[0], decided=len(numbers))
    return Moved(f"/review/{entity}/patterns{query}", done)


def name_of(pattern: PairPattern, say: ConsoleWords) -> str:
    """A pattern in words: "same: name, mobile; different: address · erp – fair"."""
    level_of = say.report.level
    parts = [
        say(f"pattern.{outcome}", fields=say("comma").join(fields))
        for outcome in (SAME, "alike")
        if (fields := pattern.fields(outcome))
    ]
    parts += [say("pattern.special", field=f, level=level_of(own)) for f, own in pattern.special]
    parts += [
        say(f"pattern.{outcome}", fields=say("comma").join(fields))
        for outcome in ("other", "missing")
        if (fields := pattern.fields(outcome))
    ]
    one, other = pattern.sources
    where = one if one == other else f"{one} – {other}"
    return f"{say('pattern.joiner').join(parts)} · {where}"


def _of_pattern(asked: Ask, queue: Queue) -> tuple[PairPattern, Places]:
    """The pattern that is asked for, and the cases of it that wait. Raises Refused."""
    known, name = queue.patterns, asked.path["pattern"]
    if name not in known.places:
        raise Refused(404, "no cases of the latest run have this pattern")
    turns = queue.turns(wanted_of(asked), asked.door.masking)
    waiting = together.for_bulk(asked, queue, turns)
    return known.all[known.places[name]], known.among(name, waiting)


def _left_out(asked: Ask) -> set[str]:
    """The cases that are not to be decided: those named, and of a form those not ticked on it."""
    named = {name for name in asked.given("out").split(",") if name}
    shown = {name for name in asked.form.get("shown", "").split(",") if name}
    ticked = {name for name in shown if asked.form.get(f"in.{name}")}
    out = (named - shown) | (shown - ticked)
    if len(out) > MOST_OUT:
        raise Refused(422, Message("more than {n} cases are left out", n=MOST_OUT))
    return out


def _digest(queue: Queue, places: Places) -> str:
    names = "\n".join(sorted(queue.ids[place] for place in places.tolist()))
    return hashlib.blake2b(names.encode(), digest_size=10).hexdigest()


def _largest(queue: Queue, places: list[int]) -> int:
    """How many records the largest customer would have at the least, if all were the same."""
    leader: dict[str, str] = {}

    def find(key: str) -> str:
        while leader.get(key, key) != key:
            key = leader[key]
        return key

    sizes: dict[str, int] = {}
    for left, right in (queue.pair(place) for place in places):
        one, other = find(left), find(right)
        if one != other:
            leader[one] = other
            sizes[other] = sizes.get(one, 1) + sizes.get(other, 1)
    return max(sizes.values(), default=0)
