"""Who a mailbox knows: one contact a person, however often they wrote."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message

from connectors.sources.contacts import ContactRow
from connectors.sources.mail.body import text_of
from connectors.sources.mail.headers import (
    Correspondent,
    correspondents,
    is_robot,
    is_shared,
    people,
    readable,
    sent_on,
)
from connectors.sources.mail.quoting import take_apart
from connectors.sources.mail.signature import parse_signature
from connectors.sources.mail.tokens import HAN

MAX_IDS = 100
"""Message ids a contact keeps; who wrote more often is known well enough."""


@dataclass
class Person:
    """A person, with each field's latest value and the messages it was seen in."""

    number: int
    place: str
    fields: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Field → (day, value)."""
    first: str = ""
    last: str = ""
    seen: dict[str, None] = field(default_factory=dict)
    messages: int = 0
    latest: int = -1

    def see(self, message: int, day: str, message_id: str) -> None:
        """Count a message the person stands in, once."""
        if self.latest != message:
            self.messages += 1
            self.latest = message
        if message_id and len(self.seen) < MAX_IDS:
            self.seen[message_id] = None
        if day:
            self.first = min(self.first or day, day)
            self.last = max(self.last, day)

    def learn(self, values: dict[str, str], day: str) -> None:
        """Take over what a message says; the later message wins."""
        for name, value in values.items():
            known = self.fields.get(name)
            if value and (known is None or day >= known[0]):
                self.fields[name] = (day, value)

    def row(self) -> ContactRow:
        """Lay the person out as a contact."""
        values = {name: value for name, (_, value) in self.fields.items()}
        values["name"] = _best_name(values.pop("display", ""), values.pop("name", ""))
        values |= {"first_seen": self.first, "last_seen": self.last}
        values |= {"messages": str(self.messages), "message_ids": " ".join(self.seen)}
        return ContactRow(self.number, values, self.place)


def _best_name(display: str, signed: str) -> str:
    """The signature's name, unless the header's says more."""
    if not signed or not display:
        return signed or display
    if HAN.search(display) and not HAN.search(signed):
        return display
    return display if signed.lower() in display.lower() else signed


class People:
    """The persons of a mailbox, in the order they were first seen."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Person] = {}

    def __iter__(self) -> Iterator[Person]:
        return iter(self._known.values())

    def read(self, message: Message, number: int, place: str, next_row: "Rows") -> None:
        """Learn from one message: its correspondents, its signature, its forwarded letters."""
        when = sent_on(message)
        seen = _Seen(number, _day(when), message_id(message), place, next_row)
        senders = correspondents(message, "From")
        letter = take_apart(text_of(message), readable(message.get("Subject", "")))
        if senders:
            self._signed(senders[0], letter.own, seen)
        for person in [*senders[1:], *correspondents(message, "To", "Cc", "Reply-To")]:
            if not is_robot(person.email):
                self._meet(person, {}, seen)
        for block in letter.forwarded:
            writers = people(block.sender)
            writer = writers[0] if writers else Correspondent(block.sender.strip(' "<>'), "")
            if writer.email or writer.name:
                self._signed(writer, block.text, seen)

    def _signed(self, writer: Correspondent, text: str, seen: "_Seen") -> None:
        if writer.email and is_robot(writer.email):
            return
        signed = parse_signature(text, writer.name)
        email = signed.pop("email", "").split("; ")[0]
        other = email and writer.email and email.lower() != writer.email.lower()
        if other and signed.get("name") and writer.name not in ("", signed["name"]):
            self._meet(Correspondent("", email), signed, seen)
        else:
            self._meet(Correspondent(writer.name, writer.email or email), signed, seen)

    def _meet(self, person: Correspondent, signed: dict[str, str], seen: "_Seen") -> None:
        key = (person.email.lower(), "")
        named = signed.get("name") or person.name
        if not person.email:
            key = ("", named + signed.get("company", ""))
        elif is_shared(person.email) and signed.get("name"):
            key = (person.email.lower(), signed["name"])
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = Person(seen.rows.take(), seen.place)
        known.see(seen.message, seen.day, seen.message_id)
        known.learn({"display": person.name, "email": person.email, **signed}, seen.day)


class Rows:
    """Numbers the rows of a mailbox: contacts, refused messages and skipped ones share them."""

    def __init__(self) -> None:
        self._last = 0

    def take(self) -> int:
        """Give out the next number."""
        self._last += 1
        return self._last


@dataclass(frozen=True)
class _Seen:
    message: int
    day: str
    message_id: str
    place: str
    rows: Rows


def message_id(message: Message) -> str:
    """Return a message's own id, or nothing."""
    return "".join(str(message.get("Message-ID", "")).split()).strip("<>")[:200]


def _day(when: datetime | None) -> str:
    return when.date().isoformat() if when is not None else ""
