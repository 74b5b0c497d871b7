"""Requests that change rows: one by one or many at a time, what was refused found by halving."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.targets.http import HttpReply, HttpSession, OutcomeUnknown
from connectors.targets.rest.faults import succeeded
from connectors.targets.rest.spec import RestWriteSpec
from connectors.targets.rest.table import RestTable
from connectors.targets.rest.templates import path_of
from guiyi.messages import Message

_JSON = {"Content-Type": "application/json", "Accept": "application/json"}


@dataclass(frozen=True)
class RestMember:
    """One row of a request."""

    external_id: str
    """The golden id."""
    own_id: str
    """The system's own id; nothing if it has none yet."""
    body: str | None
    """What stands in the body for it, as JSON."""


StillToDo = Callable[[Sequence[RestMember]], Sequence[RestMember]]


class RestWriter:
    """Sends rows; success is seen by whoever reads them back."""

    def __init__(self, session: HttpSession) -> None:
        self._session = session

    def send(
        self,
        table: RestTable,
        call: RestWriteSpec,
        members: Sequence[RestMember],
        still: StillToDo,
    ) -> dict[str, HttpReply]:
        """Send rows, and give the answers that refuse one. `still` says which of a request that was
        refused are still to be sent: some may be in all the same.
        """
        refused: dict[str, HttpReply] = {}
        for start in range(0, len(members), call.many):
            refused |= self._send(table, call, members[start : start + call.many], still)
        return refused

    def _send(
        self,
        table: RestTable,
        call: RestWriteSpec,
        members: Sequence[RestMember],
        still: StillToDo,
    ) -> dict[str, HttpReply]:
        given = {"table": table.name, "id": members[0].own_id}
        body = _body(call, members)
        reply = self._session.send(
            call.method,
            path_of(call.path, given),
            body=None if body is None else body.encode(),
            headers=_JSON,
        )
        if reply.status >= 500:
            raise OutcomeUnknown(
                Message("the service answers {status}", status=reply.status),
                place=self._session.place,
                hint="resume when it is back",
            )
        if reply.status in (401, 403, 405):
            raise self._session.refused(reply, Message("write"))
        if succeeded(table.spec.errors, reply):
            return {}
        if len(members) == 1:
            return {members[0].external_id: reply}
        left = still(members)
        half = (len(left) + 1) // 2
        refused: dict[str, HttpReply] = {}
        for part in (left[:half], left[half:]):
            if part:
                refused |= self._send(table, call, part, still)
        return refused


def _body(call: RestWriteSpec, members: Sequence[RestMember]) -> str | None:
    bodies = [member.body for member in members if member.body is not None]
    if not bodies:
        return None
    text = f"[{', '.join(bodies)}]" if call.many > 1 else bodies[0]
    return text if call.wrap is None else f"{{{json.dumps(call.wrap)}: {text}}}"


def as_object(properties: Mapping[str, str], inside: str | None, own: Mapping[str, Any]) -> str:
    """A row as JSON: properties that are JSON already, perhaps in an object of their own, and the
    own id beside.
    """
    inner = ", ".join(f"{json.dumps(name)}: {value}" for name, value in properties.items())
    outer = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in own.items()]
    parts = [*outer, f"{json.dumps(inside)}: {{{inner}}}"] if inside else [*outer, inner]
    return "{" + ", ".join(part for part in parts if part) + "}"
