"""Why a service refused a row, in our words: what it writes itself may hold a value."""

import re
from collections.abc import Collection, Mapping

from connectors.targets.contract import Rejection
from connectors.targets.http import HttpReply, value_at
from connectors.targets.reasons import TAKEN, reason_in
from connectors.targets.rest.spec import RestErrorsSpec
from guiyi.messages import Message

_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,60}")


def succeeded(spec: RestErrorsSpec, reply: HttpReply) -> bool:
    """Whether an answer reports success, by its status and by the one in its body."""
    if not reply.ok or spec.success is None or not reply.body:
        return reply.ok
    found = value_at(reply.json(), spec.success)
    text = str(found).lower() if isinstance(found, bool) else str(found)
    return text in spec.success_is


def rejection(
    external_id: str,
    reply: HttpReply,
    spec: RestErrorsSpec,
    columns: Mapping[str, str],
    values: Collection[str],
) -> Rejection:
    """Why a row was refused, without its values; `columns` are named by their properties."""
    found = reply.json()
    code, message, field = (
        "" if place is None else str(value_at(found, place) or "")
        for place in (spec.code, spec.message, spec.field)
    )
    named = [columns[name] for name in re.split(r"[./]", field)[::-1] if name in columns]
    if not named:
        words = set(re.findall(r"\w+", message))
        named = [column for name, column in columns.items() if name in words]
    column = named[0] if len(named) == 1 or field else None
    reason = reason_in(f"{code} {message}")
    if reason is not None:
        return Rejection(external_id, column, reason)
    cause = str(reply.status)
    if reply.status == 409:
        return Rejection(external_id, column, TAKEN)
    if _CODE.fullmatch(code) and not any(code in value for value in values):
        cause = f"{cause} {code}"
    return Rejection(external_id, column, Message("the service refused it ({cause})", cause=cause))
