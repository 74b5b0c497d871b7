"""Mail as a source of customers: who wrote, to whom, and what their signatures say."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message as Email
from pathlib import Path

from connectors.sources.contacts import COLUMNS, KINDS, TABLE, ContactRow, contact_batch
from connectors.sources.contract import Batch, Damage, TableInfo, beyond, choose, in_batches
from connectors.sources.mail.body import wraps_outlook
from connectors.sources.mail.headers import correspondents, is_automated
from connectors.sources.mail.item import NOT_MESSAGE, Item
from connectors.sources.mail.mailbox import items
from connectors.sources.mail.people import People, RowNumbers, message_id
from guiyi.errors import SourceError
from guiyi.messages import Message, as_message, at_place
from guiyi.spec import TableSpec

AUTOMATED = "skipped: automated mail"
NOBODY = "skipped: no correspondent"
WINMAIL = "skipped: winmail.dat"


def _counted(problem: str, count: int) -> str:
    return Message("{problem}: {count}", problem=Message(problem), count=count)


@dataclass
class MailboxReading:
    """What a mailbox came to: messages = read + set aside + unreadable."""

    rows: list[ContactRow] = field(default_factory=list)
    damage: list[Damage] = field(default_factory=list)
    messages: int = 0
    read: int = 0
    aside: Counter[str] = field(default_factory=Counter)
    unreadable: int = 0


class MailSource:
    """A mailbox: an mbox, a Maildir, Outlook's .msg and .pst, an .eml or a folder of them.

    Contacts, refused messages and skipped ones are numbered together by `_row`, in the order
    they were first seen; so a number never means two things.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reading: MailboxReading | None = None

    def tables(self) -> list[TableInfo]:
        """List the one table, `contacts`; the notes say what became of every message."""
        reading = self._read()
        notes: list[str] = [Message.counted("{n} message", "{n} messages", n=reading.messages)]
        notes += [
            Message("{problem}: {count}", problem=as_message(problem), count=count)
            for problem, count in sorted(reading.aside.items())
        ]
        if reading.unreadable:
            notes.append(
                Message(
                    "{problem}: {count}", problem=as_message("unreadable"), count=reading.unreadable
                )
            )
        return [TableInfo(TABLE, COLUMNS, len(reading.rows), notes=tuple(notes), kinds=KINDS)]

    def read(self, table: TableSpec, after: int | None = None) -> Iterator[Batch]:
        """Yield one row a person, and one for each message that cannot be read."""
        choose([TABLE], table.table, str(self._path))
        reading = self._read()
        whole = contact_batch(reading.rows, reading.damage)
        yield from beyond(in_batches([(whole.rows, whole.damage)]), after)

    def _read(self) -> MailboxReading:
        if self._reading is None:
            self._reading = read_mailbox(self._path)
        return self._reading


def read_mailbox(path: Path) -> MailboxReading:
    """Read every message of a mailbox. Raises SourceError where there is none."""
    reader = _MailboxReader()
    for found in items(path):
        reader.take(found)
    reading = reader.reading
    if not reading.messages or (path.is_file() and reader.not_messages == reading.messages):
        raise SourceError("no message in it", place=str(path), hint="check `kind` and `path`")
    reading.rows += [person.row() for person in reader.people]
    reading.rows.sort(key=lambda row: row.number)
    return reading


class _MailboxReader:
    """Counts each item of a mailbox once: as read, as set aside or as unreadable."""

    def __init__(self) -> None:
        self.reading, self.people, self._rows = MailboxReading(), People(), RowNumbers()
        self.not_messages = 0

    def take(self, found: Item) -> None:
        self.reading.messages += 1
        number = self.reading.messages
        if found.problem is not None:
            self._refuse(found)
        elif found.aside is not None:
            self._set_aside(found.aside, at_place(found.place, found.detail))
        elif found.contact is not None:
            self.people.card(found.contact, number, found.place, self._rows)
            self.reading.read += 1
        elif found.message is not None:
            self._letter(found.message, number, found.place)

    def _letter(self, message: Email, number: int, place: str) -> None:
        if is_automated(message):
            self._set_aside(
                AUTOMATED, at_place(place, "sent by a mailing list or an automatic system")
            )
        elif not self.people.read(message, number, place, self._rows):
            self._set_aside(NOBODY, at_place(place, "neither a sender nor a recipient is named"))
        else:
            self.reading.read += 1
            if wraps_outlook(message):
                detail = at_place(place, "the parts that only Outlook can read were left out")
                self.reading.damage.append(Damage(self._rows.take(), None, WINMAIL, detail))

    def _set_aside(self, problem: str, detail: str) -> None:
        self.reading.aside[problem] += 1
        self.reading.damage.append(Damage(self._rows.take(), None, problem, detail))

    def _refuse(self, found: Item) -> None:
        self.reading.unreadable += 1
        self.not_messages += found.problem == NOT_MESSAGE
        row = self._rows.take()
        sender = _sender(found.message) if found.message is not None else {}
        self.reading.rows.append(ContactRow(row, sender, found.place))
        detail = at_place(found.place, found.detail)
        self.reading.damage.append(Damage(row, None, found.problem or "", detail))
        if found.message is not None and not is_automated(found.message):
            # A number at the torn edge may lack its last digits; the header stands before it.
            number = self.reading.messages
            self.people.read(found.message, number, found.place, self._rows, only_header=True)


def _sender(message: Email) -> dict[str, str]:
    found = correspondents(message, "From")
    sender = {"message_ids": message_id(message), "messages": "1"}
    return {"name": found[0].name, "email": found[0].email, **sender} if found else sender
