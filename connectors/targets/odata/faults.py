"""Why a service refused one row, in our words: what it writes itself may hold a value.

Dataverse's codes: https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes
"""

import re
from collections.abc import Sequence
from typing import Any

from connectors.targets.contract import Rejection
from connectors.targets.http import HttpReply
from connectors.targets.reasons import CHANGED, NO_PARENT, REQUIRED, TAKEN
from guiyi.messages import Message

_CODES = {
    "0x80040237": TAKEN,  # DuplicateRecord
    "0x80060892": TAKEN,  # DuplicateRecordEntityKey
    "0x80040333": TAKEN,  # DuplicateRecordsFound
    "SQLITE_CONSTRAINT_UNIQUE": TAKEN,
    "SQLITE_CONSTRAINT_PRIMARYKEY": TAKEN,
    "UNIQUE_CONSTRAINT_VIOLATION": TAKEN,
    "ENTITY_ALREADY_EXISTS": TAKEN,
    "ASSERT_UNIQUE": TAKEN,
    "SQLITE_CONSTRAINT_NOTNULL": REQUIRED,
    "ASSERT_NOT_NULL": REQUIRED,
    "SQLITE_CONSTRAINT_FOREIGNKEY": NO_PARENT,
    "FK_CONSTRAINT_VIOLATION": NO_PARENT,
}
_SENTENCES = {
    "UNIQUE constraint failed": TAKEN,
    "NOT NULL constraint failed": REQUIRED,
    "FOREIGN KEY constraint failed": NO_PARENT,
}
"""What SQLite says, passed on by @sap/cds under one code for all."""
_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,60}")


def is_change(reply: HttpReply) -> bool:
    """Whether a row was refused because it is not as it was read: 412, which Dataverse also answers
    for duplicates.
    """
    return reply.status == 412 and not is_known(reply)


def is_known(reply: HttpReply) -> bool:
    """Whether an answer says what is the matter with the row."""
    return _reason(reply) is not None


def rejection(
    external_id: str, reply: HttpReply, columns: Sequence[str], values: Sequence[str | None]
) -> Rejection:
    """Why a row was refused, without its values."""
    code, known = _code(reply), _reason(reply)
    column = _column(reply, columns)
    if known is not None:
        return Rejection(external_id, column, known)
    if is_change(reply):
        return Rejection(external_id, None, CHANGED)
    if reply.status == 409:
        return Rejection(external_id, column, TAKEN)
    if reply.status in (401, 403):
        return Rejection(external_id, None, "the login has no right to write the row")
    named = str(reply.status)
    if code and code != named and code not in values:
        named += f" {code}"
    return Rejection(external_id, column, Message("the service refused it ({cause})", cause=named))


def _error(reply: HttpReply) -> dict[str, Any]:
    found = reply.json()
    error = found.get("error") if isinstance(found, dict) else None
    return error if isinstance(error, dict) else {}


def _reason(reply: HttpReply) -> str | None:
    message = str(_error(reply).get("message") or "")
    by_sentence = (why for start, why in _SENTENCES.items() if message.startswith(start))
    return _CODES.get(_code(reply)) or next(by_sentence, None)


def _code(reply: HttpReply) -> str:
    """The code of an error, or that of a detail of it if that says more to us."""
    error = _error(reply)
    details = error.get("details")
    several = [error, *(details if isinstance(details, list) else ())]
    codes = [str(one.get("code") or "") for one in several if isinstance(one, dict)]
    code = next((code for code in codes if code in _CODES), codes[0])
    return code if _CODE.fullmatch(code) else ""


def _column(reply: HttpReply, columns: Sequence[str]) -> str | None:
    """The column that a service names as the error's target, or the only one its sentence names."""
    error = _error(reply)
    details = error.get("details")
    targets = [error, *(details if isinstance(details, list) else ())]
    for one in targets:
        named = str(one.get("target") or "") if isinstance(one, dict) else ""
        last = re.split(r"[/.]", named)[-1]
        if last in columns:
            return last
    words = set(re.findall(r"\w+", str(error.get("message") or "")))
    mentioned = [name for name in columns if name in words]
    return mentioned[0] if len(mentioned) == 1 else None
