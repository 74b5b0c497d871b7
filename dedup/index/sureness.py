"""When a likely customer is surely the one: a name that sounds alike is not enough.

In a batch a doubtful merge is seen among others and can be undone. Somebody about to enter a
customer acts on the answer at once, so the model's match counts as one only where the names agree,
or a number or mailbox that few have; else it is possible. 兰天 is not 蓝天 until more than the name
says so.
"""

from collections.abc import Mapping

from dedup.comparison.base import Group
from dedup.index.candidate import Candidate
from dedup.index.index import Index
from dedup.verdict import Verdict

EQUAL = "equal"
COMMON = ("equal, common value", "equal, held by several names")
ALIAS = "same brand, region and trade, or an alias"
TELLING = frozenset({Group.IDENTIFIER, Group.CONTACT, Group.MAIL})
"""What few have: numbers, telephones, mailboxes."""
PERSON_NAME, COMPANY_NAME = (Group.GIVEN, Group.SURNAME), (Group.ORGANISATION,)


def is_sure(index: Index, candidate: Candidate) -> bool:
    """Whether a candidate that the model takes for the same surely is."""
    if candidate.verdict is not Verdict.MATCH:
        return False
    groups: Mapping[str, Group] = {f.comparison.name: f.comparison.group for f in index.fields}
    agreeing = {
        groups[reason.field]
        for reason in candidate.reasons
        if reason.level.startswith(EQUAL) or reason.level == ALIAS
    }
    telling = {
        groups[reason.field]
        for reason in candidate.reasons
        if reason.level.startswith(EQUAL) and reason.level not in COMMON
    }
    subject = index.model.get("subject", {}).get("entity")
    names = PERSON_NAME if subject == "person" else COMPANY_NAME
    return bool(telling & TELLING) or agreeing.issuperset(names)
