"""Who a mailbox knows: one contact a person, however often they wrote."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from typing import NamedTuple

from connectors.sources.contacts import ContactRow
from connectors.sources.mail.body import attached, text_of
from connectors.sources.mail.headers import (
    Correspondent,
    correspondents,
    is_automated,
    is_robot,
    is_shared,
    people,
    raw_fields,
    readable,
    sent_on,
)
from connectors.sources.mail.quoting import take_apart
from connectors.sources.signature import HAN, parse_signature

MAX_IDS = 100
"""Message ids a contact keeps; who wrote more often is known well enough."""


class Known(NamedTuple):
    """A field's value, and the message it was read from."""

    day: str
    value: str
    origin: str


@dataclass
class MailPerson:
    """A person, with each field's latest value and the messages it was seen in."""

    number: int
    place: str
    fields: dict[str, Known] = field(default_factory=dict)
    first: str = ""
    last: str = ""
    seen: dict[str, None] = field(default_factory=dict)
    messages: int = 0
    latest: int = -1

    def see(self, seen: "Seen") -> None:
        """Count a message the person stands in, once."""
        if self.latest != seen.message:
            self.messages += 1
            self.latest = seen.message
        if seen.message_id and len(self.seen) < MAX_IDS:
            self.seen[seen.message_id] = None
        if seen.day:
            self.first = min(self.first or seen.day, seen.day)
            self.last = max(self.last, seen.day)

    def learn(self, values: Mapping[str, str], seen: "Seen") -> None:
        """Take over what a message says; the later message wins."""
        for name, value in values.items():
            known = self.fields.get(name)
            if name == "display" and known and _words(value) < _words(known.value):
                value = known.value  # a name in short says nothing new
            if value and (known is None or seen.day >= known.day):
                # Where a later message says the same, the value was still first read before it.
                if known is None or known.value != value:
                    self.fields[name] = Known(seen.day, value, seen.origin)
                else:
                    self.fields[name] = known._replace(day=seen.day)

    def row(self) -> ContactRow:
        """Lay the person out as a contact, each field with the message it was read from."""
        fields = dict(self.fields)
        name = _best_name(fields.pop("display", None), fields.pop("name", None))
        if name is not None:
            fields = {"name": name, **fields}
        values = {name: known.value for name, known in fields.items()}
        origins = {name: known.origin for name, known in fields.items()}
        values |= {"first_seen": self.first, "last_seen": self.last}
        values |= {"messages": str(self.messages), "message_ids": " ".join(self.seen)}
        values["origins"] = json.dumps(origins, ensure_ascii=False)
        return ContactRow(self.number, values, self.place)


def _words(name: str) -> set[str]:
    return set(name.lower().split())


def _best_name(display: Known | None, signed: Known | None) -> Known | None:
    """The signature's name, unless the header's says more."""
    if signed is None or display is None:
        return signed or display
    if HAN.search(display.value) and not HAN.search(signed.value):
        return display
    return display if signed.value.lower() in display.value.lower() else signed


@dataclass(frozen=True)
class Seen:
    """The message people are being seen in."""

    message: int
    day: str
    message_id: str
    place: str
    rows: "RowNumbers"

    @property
    def origin(self) -> str:
        """What a field read from the message names as its origin: its id, or where it stands."""
        return self.message_id or self.place


class People:
    """The persons of a mailbox, in the order they were first seen."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], MailPerson] = {}

    def __iter__(self) -> Iterator[MailPerson]:
        return iter(self._known.values())

    def read(
        self,
        message: Message,
        number: int,
        place: str,
        rows: "RowNumbers",
        *,
        only_header: bool = False,
    ) -> bool:
        """Learn from one message: its correspondents, its signature, letters forwarded with it.

        Returns whether anybody was met in it.
        """
        own = message_id(message)
        seen = Seen(number, _day(sent_on(message)), own, place, rows)
        met = self._letter(message, seen, only_header=only_header)
        for inner in attached(message) if not only_header else ():
            if not is_automated(inner):
                day = _day(sent_on(inner)) or seen.day
                inside = Seen(number, day, message_id(inner) or own, place, rows)
                met = self._letter(inner, inside) or met
        return met

    def _letter(self, message: Message, seen: "Seen", *, only_header: bool = False) -> bool:
        senders = correspondents(message, "From") or _nameless(message)
        others = [*senders[1:], *correspondents(message, "To", "Cc", "Bcc", "Reply-To")]
        others = [person for person in others if not is_robot(person.email)]
        subject = readable("".join(raw_fields(message, "Subject")[:1]))
        letter = take_apart("" if only_header else text_of(message), subject)
        if senders:
            self._signed(senders[0], letter.own, seen)
        for person in others:
            self._meet(person, {}, seen)
        for block in letter.forwarded:
            writers = people(block.sender)
            writer = writers[0] if writers else Correspondent(block.sender.strip(' "<>'), "")
            if writer.email or writer.name:
                self._signed(writer, block.text, seen)
        return bool(senders or others or letter.forwarded)

    def card(self, contact: Mapping[str, str], number: int, place: str, rows: "RowNumbers") -> None:
        """Learn from an address card that lies among the letters."""
        card = dict(contact)
        seen = Seen(number, card.pop("last_seen", ""), "", place, rows)
        email = card.get("email", "").split("; ")[0]
        self._meet(Correspondent(card.get("name", ""), email), card, seen)

    def _signed(self, writer: Correspondent, text: str, seen: Seen) -> None:
        if writer.email and is_robot(writer.email):
            return
        signed = parse_signature(text, writer.name)
        email = signed.pop("email", "").split("; ")[0]
        other = email and writer.email and email.lower() != writer.email.lower()
        if other and signed.get("name") and writer.name not in ("", signed["name"]):
            self._meet(Correspondent("", email), signed, seen)
            self._meet(writer, {}, seen)
        else:
            self._meet(Correspondent(writer.name, writer.email or email), signed, seen)

    def _meet(self, person: Correspondent, signed: Mapping[str, str], seen: Seen) -> None:
        key = (person.email.lower(), "")
        named = signed.get("name") or person.name
        if not person.email:
            key = ("", named + signed.get("company", ""))
        elif is_shared(person.email) and signed.get("name"):
            key = (person.email.lower(), signed["name"])
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = MailPerson(seen.rows.take(), seen.place)
        known.see(seen)
        known.learn({"display": person.name, "email": person.email, **signed}, seen)


def _nameless(message: Message) -> list[Correspondent]:
    """The sender of a letter inside one Exchange: a name without an address."""
    sender = readable("".join(raw_fields(message, "From")[:1])).strip(' "')
    return [Correspondent(sender, "")] if sender and not set("@<>") & set(sender) else []


class RowNumbers:
    """Numbers the rows of a mailbox: contacts, refused messages and skipped ones share them."""

    def __init__(self) -> None:
        self._last = 0

    def take(self) -> int:
        """Give out the next number."""
        self._last += 1
        return self._last


def message_id(message: Message) -> str:
    """Return a message's own id, or nothing."""
    return "".join(str(message.get("Message-ID", "")).split()).strip("<>")[:200]


def _day(when: datetime | None) -> str:
    return when.date().isoformat() if when is not None else ""
