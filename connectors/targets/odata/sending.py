"""Sends requests together, in whatever form of `$batch` the service takes, or one by one."""

from collections.abc import Sequence

from connectors.targets.http import HttpReply, HttpSession, OutcomeUnknown
from connectors.targets.odata.batch import (
    Answers,
    BatchMember,
    as_json,
    as_multipart,
    from_json_batch,
    from_multipart,
)
from connectors.targets.odata.reading import VERSION
from guiyi.messages import Message

_FORMS = {"json": (as_json, from_json_batch), "multipart": (as_multipart, from_multipart)}
_NOT_TAKEN = frozenset((400, 404, 405, 406, 415, 501))
"""What services answer to a form of batch they do not know; nothing of it was done."""
_CONTINUE = {**VERSION, "Prefer": "odata.continue-on-error"}
"""OData Protocol 4.01, 8.2.8.3: without it a service stops at the first member it refuses."""


class BatchSender:
    """Sends members of a batch and gives what became of each."""

    def __init__(self, session: HttpSession, form: str) -> None:
        self._session = session
        self._forms = ["json", "multipart", "none"] if form == "auto" else [form]

    def send(self, members: Sequence[BatchMember]) -> Answers:
        """Send them. Raises TargetError or ConnectionLost if the whole is refused: nothing of it
        was done then.
        """
        while self._forms[0] != "none":
            form = self._forms[0]
            write, read = _FORMS[form]
            kind, body = write(members)
            try:
                reply = self._session.send(
                    "POST", "$batch", body=body, headers={**_CONTINUE, "Content-Type": kind}
                )
            except OutcomeUnknown:
                return [None] * len(members)
            if reply.ok:
                self._forms = [form]
                return read(reply, len(members))
            if reply.status == 413:
                return self._smaller(members, reply)
            if len(self._forms) == 1 or reply.status not in _NOT_TAKEN:
                raise self._session.refused(reply, Message("write"))
            self._forms = self._forms[1:]
        return [self._alone(member) for member in members]

    def _smaller(self, members: Sequence[BatchMember], reply: HttpReply) -> Answers:
        """Send what is too large in two parts; a member that is too large alone is refused."""
        half = len(members) // 2
        return [*self.send(members[:half]), *self.send(members[half:])] if half else [reply]

    def _alone(self, member: BatchMember) -> HttpReply | None:
        body = None if member.body is None else member.body.encode()
        try:
            return self._session.send(
                member.method, member.path, body=body, headers={**VERSION, **member.all_headers()}
            )
        except OutcomeUnknown:
            return None
