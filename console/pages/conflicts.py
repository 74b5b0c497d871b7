"""Values others have changed in the CRM, decided one by one; and records not delivered any more."""

from dataclasses import asdict

from console.asked import Answer, Ask, Moved, Refused, ShownPage, page_of
from governance import DecidedMeanwhile, LedgerError, SeenDecision
from guiyi.messages import Message
from pipelines.stewarding.crm_conflicts import (
    CrmConflict,
    CrmConflicts,
    Side,
    latest_conflicts,
    named_conflict,
    settle_conflict,
    shown_conflicts,
)
from pipelines.stewarding.review_lists import unmasked_list, visible

PAGE = 50


def listed(asked: Ask) -> Answer:
    """The conflicts of the latest run that compared with the CRM, a page of them."""
    entity = asked.entity() if asked.given("entity") else None
    found, page = latest_conflicts(asked.desk.project, entity), page_of(asked)
    rows = [] if found is None else shown_conflicts(asked.door, found, (page - 1) * PAGE, PAGE)
    count = 0 if found is None else found.table.height
    content = {
        "conflicts": [_shown(asked, row) for row in rows],
        "run": None if found is None else found.folder.path.name,
        "chosen": entity,
        "all": count,
        "page": page,
        "pages_all": -(-count // PAGE),
    }
    return ShownPage("conflicts/list.html.j2", content)


def one(asked: Ask) -> Answer:
    """A conflict: ours, theirs, what was written last, and what can be chosen."""
    _, conflict = _named(asked)
    number = conflict.choice.number if conflict.choice else 0
    content = {"conflict": _shown(asked, conflict), "seen": number}
    return ShownPage("conflicts/one.html.j2", content, version=f"{conflict.case}-{number}")


def settle(asked: Ask) -> Answer:
    """Choose ours, theirs or another value; the next run writes it.

    Of two who choose, the second learns of it, and nothing of theirs is written.
    """
    found, conflict = _named(asked)
    answer, number = asked.wanted("answer"), asked.given("seen")
    if answer not in set(Side):
        raise Refused(400, Message("`{answer}` is no answer", answer=answer))
    side = Side(answer)
    other = asked.wanted("value") if side is Side.OTHER else None
    seen = SeenDecision(int(number) if number.isdecimal() and number != "0" else None)
    why = asked.given("why") or None
    try:
        made = settle_conflict(asked.door, found, conflict.case, side, other, why=why, seen=seen)
    except DecidedMeanwhile as error:
        raise Refused(409, error.what, "look at it again") from None
    except LedgerError as error:
        raise Refused(422, error.what, error.hint or "") from None
    return Moved("/conflicts", {"case": conflict.case, "decision": made})


def missing(asked: Ask) -> Answer:
    """Records that their sources deliver no more, a page of them."""
    entity = asked.entity() if asked.given("entity") else None
    table, page = unmasked_list(asked.door, "missing", entity), page_of(asked)
    rows = table.slice((page - 1) * PAGE, PAGE)
    shown = [
        row
        for part in rows.partition_by("entity", maintain_order=True)
        for row in visible(asked.door.table(part["entity"][0], part)).to_dicts()
    ]
    if shown:
        asked.door.write_down("review.missing", {"rows": len(shown)})
    content = {
        "records": shown,
        "chosen": entity,
        "all": table.height,
        "page": page,
        "pages_all": -(-table.height // PAGE),
    }
    return ShownPage("conflicts/missing.html.j2", content)


def _named(asked: Ask) -> tuple[CrmConflicts, CrmConflict]:
    """The conflict that is asked for. Raises Refused."""
    found = latest_conflicts(asked.desk.project)
    conflict = None if found is None else named_conflict(asked.door, found, asked.path["case"])
    if found is None or conflict is None:
        raise Refused(404, "the latest run has no such conflict")
    return found, conflict


def _shown(asked: Ask, conflict: CrmConflict) -> dict[str, object]:
    return {**asdict(conflict), "reason": asked.say.message(conflict.reason)}
