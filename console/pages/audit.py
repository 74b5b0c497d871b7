"""The audit chain: who did what and when, and whether it is whole."""

import json

from console.asked import Answer, Ask, ShownPage

PAGE = 100


def listed(asked: Ask) -> Answer:
    """The entries of the audit chain, the latest first, a page of them."""
    before = asked.given("before")
    rows = asked.desk.ledger.audit_page(
        PAGE,
        int(before) if before.isdecimal() else None,
        asked.given("action") or None,
        asked.given("who") or None,
    )
    entries = [
        {
            **row,
            "subject": asked.door.text(row["subject"]),
            "details": _detailed(asked, row["details"]),
        }
        for row in rows.drop("previous").iter_rows(named=True)
    ]
    content = {
        "entries": entries,
        "actions": asked.desk.ledger.audit_actions(),
        "action": asked.given("action") or None,
        "who": asked.given("who") or None,
        "next": entries[-1]["number"] if len(entries) == PAGE else None,
        "check": None,
    }
    return ShownPage("audit/list.html.j2", content)


def verify(asked: Ask) -> Answer:
    """Check the audit chain: whether anything was changed, removed or inserted."""
    found = asked.desk.ledger.verify_audit()
    shown = listed(asked)
    assert isinstance(shown, ShownPage)
    check = {"entries": found.entries, "intact": found.intact, "broken_at": found.broken_at}
    problem = asked.say.message(found.problem) if found.problem else ""
    return ShownPage(shown.template, {**shown.content, "check": {**check, "problem": problem}})


def _detailed(asked: Ask, details: str) -> dict[str, str]:
    """The details of an entry, as the reader may see them."""
    found = json.loads(details or "{}")
    return {name: asked.door.text(str(value)) for name, value in found.items() if value}
