"""Mail as a source of customers: who wrote, to whom, and what their signatures say."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import CloseBoundaryNotFoundDefect
from email.message import Message
from pathlib import Path

from connectors.sources.contacts import COLUMNS, TABLE, ContactRow, contact_batch
from connectors.sources.contract import Batch, Damage, TableInfo, beyond, choose, in_batches
from connectors.sources.mail.headers import correspondents, is_automated
from connectors.sources.mail.mailbox import RawMessage, is_message, messages
from connectors.sources.mail.people import People, Rows, message_id
from guiyi.errors import SourceError
from guiyi.spec import TableSpec


@dataclass
class Reading:
    """What a mailbox came to."""

    rows: list[ContactRow] = field(default_factory=list)
    damage: list[Damage] = field(default_factory=list)
    messages: int = 0
    automated: int = 0


class MailSource:
    """A mailbox: an mbox, a Maildir, an .eml or a folder of them.

    Contacts, refused messages and skipped ones are numbered together by `_row`, in the order
    they were first seen; so a number never means two things.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reading: Reading | None = None

    def tables(self) -> list[TableInfo]:
        """List the one table, `contacts`."""
        reading = self._read()
        notes = [f"{reading.messages} messages"]
        if reading.automated:
            notes.append(f"skipped: automated mail: {reading.automated}")
        return [TableInfo(TABLE, COLUMNS, len(reading.rows), notes=tuple(notes))]

    def read(self, table: TableSpec, after: int | None = None) -> Iterator[Batch]:
        """Yield one row a person, and one for each message that cannot be read."""
        choose([TABLE], table.table, str(self._path))
        reading = self._read()
        whole = contact_batch(reading.rows, reading.damage)
        yield from beyond(in_batches([(whole.rows, whole.damage)]), after)

    def _read(self) -> Reading:
        if self._reading is None:
            self._reading = read_mailbox(self._path)
        return self._reading


def read_mailbox(path: Path) -> Reading:
    """Read every message of a mailbox. Raises SourceError where there is none."""
    reading, people, rows = Reading(), People(), Rows()
    for number, raw in enumerate(messages(path)):
        reading.messages += 1
        message = message_from_bytes(raw.data, policy=policy.compat32)
        problem = _problem(raw, message)
        if problem is not None:
            row = rows.take()
            reading.rows.append(ContactRow(row, _sender(message), raw.place))
            reading.damage.append(
                Damage(row, None, problem, f"{raw.place}: read as far as it goes")
            )
        if problem == _NO_MESSAGE:
            continue
        if is_automated(message):
            reading.automated += 1
            detail = f"{raw.place}: a newsletter or a robot wrote it"
            reading.damage.append(Damage(rows.take(), None, "skipped: automated mail", detail))
            continue
        people.read(message, number, raw.place, rows)
    if not reading.messages:
        raise SourceError("no message in it", place=str(path), hint="check `kind` and `path`")
    reading.rows += [person.row() for person in people]
    reading.rows.sort(key=lambda row: row.number)
    return reading


_NO_MESSAGE = "unreadable: not a message"


def _problem(raw: RawMessage, message: Message) -> str | None:
    if not is_message(raw.data):
        return _NO_MESSAGE
    defects = (defect for part in message.walk() for defect in part.defects)
    if raw.cut_off or any(isinstance(found, CloseBoundaryNotFoundDefect) for found in defects):
        return "unreadable: message cut off"
    return None


def _sender(message: Message) -> dict[str, str]:
    found = correspondents(message, "From")
    said = {"message_ids": message_id(message), "messages": "1"}
    return {"name": found[0].name, "email": found[0].email, **said} if found else said
