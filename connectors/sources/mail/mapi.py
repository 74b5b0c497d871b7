"""Outlook's items as MAPI keeps them: numbered properties, the same in .msg and in .pst files.

Property numbers are those of [MS-OXPROPS], Microsoft's list of Exchange and Outlook properties.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_string
from email.message import Message
from email.mime.text import MIMEText
from email.utils import format_datetime

from connectors.sources import encoding
from connectors.sources.contacts import together, written_place
from connectors.sources.mail.item import Item
from connectors.sources.mail.letter import MAX_HEADER
from connectors.sources.mail.rtf import letter_of

Value = str | bytes | int | datetime
Properties = Mapping[int, Value]

CLASS, SUBJECT, HEADERS, MESSAGE_ID = 0x001A, 0x0037, 0x007D, 0x1035
BODY, HTML, RTF = 0x1000, 0x1013, 0x1009
SENDER_NAMES = (0x0C1A, 0x0042)
SENDER_ADDRESSES = (0x5D01, 0x5D02, 0x0C1F, 0x0065, 0x39FE)
SENT = (0x0039, 0x0E06, 0x3007)
RECIPIENT_KIND, RECIPIENT_NAME = 0x0C15, 0x3001
RECIPIENT_ADDRESSES = (0x39FE, 0x3003)
CODE_PAGES = (0x3FDE, 0x3FFD)
FIRST_NAMED = 0x8000
"""Properties from here on are numbered anew in every file; only their values identify them."""
_CONTACT = {
    "name": (0x3001,),
    "title": (0x3A17,),
    "department": (0x3A18,),
    "company": (0x3A16,),
    "mobile": (0x3A1C,),
    "phone": (0x3A08, 0x3A1B, 0x3A09, 0x3A2F, 0x3A1A, 0x3A02, 0x3A1F),
    "fax": (0x3A24, 0x3A25, 0x3A23),
    "url": (0x3A51, 0x3A50),
}
_ADDRESS_LINES = (0x3A29, 0x3A27, 0x3A28, 0x3A2A, 0x3A26)
"""Street, city, region, code, country of the address mail is sent to."""
_FIELDS = {0: "From", 1: "To", 2: "Cc", 3: "Bcc"}
_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Outlook:
    """An item: its own properties, and those of each recipient."""

    properties: Properties
    recipients: tuple[Properties, ...] = field(default=())


def moment(ticks: int) -> datetime | None:
    """Turn a FILETIME (tenths of microseconds since 1601) into a moment."""
    try:
        return _EPOCH + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None


def text(value: object, code_page: str | None = None) -> str:
    """Write a property's value as text."""
    if isinstance(value, bytes):
        return encoding.decode(value, code_page).replace("\0", "")
    return str(value).replace("\0", "") if value is not None else ""


def item(outlook: Outlook, place: str) -> Item:
    """Read an item as the letter or address card it is; anything else is set aside."""
    kind = text(outlook.properties.get(CLASS, "IPM.Note")).upper()
    if kind.startswith("IPM.CONTACT"):
        return Item(place, contact=_contact(outlook.properties))
    if kind.startswith("REPORT."):
        return Item(place, aside="skipped: automated mail", detail="a delivery report")
    if kind.startswith(("IPM.NOTE", "IPM.SCHEDULE", "IPM.POST")):
        return Item(place, _message(outlook))
    return Item(place, aside="skipped: other item", detail="neither a letter nor an address card")


def _contact(properties: Properties) -> dict[str, str]:
    found = {name: _several(properties, numbers) for name, numbers in _CONTACT.items()}
    found["email"] = together(
        value
        for number, value in sorted(properties.items())
        if number >= FIRST_NAMED and isinstance(value, str) and _MAIL.fullmatch(value.strip())
    )
    street, city, region, code, country = (
        text(properties.get(number)) for number in _ADDRESS_LINES
    )
    found["address"] = written_place([street], city, region, code, country)
    changed = properties.get(0x3008)
    found["last_seen"] = changed.date().isoformat() if isinstance(changed, datetime) else ""
    return found


def _several(properties: Properties, numbers: tuple[int, ...]) -> str:
    return together(text(properties.get(number)) for number in numbers)


def _message(outlook: Outlook) -> Message:
    """Write a letter as it would have come by mail, its old header where it still has one."""
    body = _body(outlook.properties)
    headers = text(outlook.properties.get(HEADERS))[: 4 * MAX_HEADER]
    header = message_from_string(headers.lstrip("\r\n")) if headers else Message()
    for name, value in header.items():
        if not name.lower().startswith(("content-", "mime-version")):
            body[name] = value
    for name, value in _header(outlook):
        if name not in body:
            body[name] = value
    return body


def _header(outlook: Outlook) -> list[tuple[str, str]]:
    properties = outlook.properties
    found = [
        ("From", _mailbox(properties, SENDER_NAMES, SENDER_ADDRESSES)),
        ("Subject", text(properties.get(SUBJECT)).lstrip("\x01\x02\x03\x04")),
        ("Message-ID", text(properties.get(MESSAGE_ID))),
    ]
    dates = [value for n in SENT if isinstance(value := properties.get(n), datetime)]
    found += [("Date", format_datetime(date)) for date in dates[:1]]
    for field_name in ("To", "Cc", "Bcc"):
        boxes = [
            _mailbox(person, (RECIPIENT_NAME,), RECIPIENT_ADDRESSES)
            for person in outlook.recipients
            if _FIELDS.get(_number(person.get(RECIPIENT_KIND, 1)), "To") == field_name
        ]
        found.append((field_name, ", ".join(box for box in boxes if box)))
    return [(name, " ".join(value.split())) for name, value in found if value.strip()]


def _number(value: object) -> int:
    return value & 0xF if isinstance(value, int) else 1


def _mailbox(properties: Properties, names: tuple[int, ...], addresses: tuple[int, ...]) -> str:
    name = next((text(properties[n]) for n in names if properties.get(n)), "")
    mailboxes = (text(properties.get(n)).strip() for n in addresses)
    # Inside one Exchange people have no address but a directory's: /o=Contoso/cn=…
    address = next((box for box in mailboxes if _MAIL.fullmatch(box)), "")
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    if not address:
        return f'"{escaped}"' if _MAIL.search(name) is None else name
    return f'"{escaped}" <{address}>'


def _body(properties: Properties) -> Message:
    plain, page = properties.get(BODY), properties.get(HTML)
    kind = "plain"
    if plain is None and page is not None:
        kind, plain = "html", page
    elif plain is None and isinstance(rtf := properties.get(RTF), bytes):
        kind, plain = letter_of(rtf)
    return MIMEText(text(plain, code_page(properties)), kind, "utf-8", policy=None)


def code_page(properties: Properties) -> str | None:
    """Name the encoding an item says its bytes are in."""
    for number in CODE_PAGES:
        if isinstance(page := properties.get(number), int) and page > 0:
            return {65001: "utf-8", 936: "gb18030", 950: "big5", 20127: "ascii"}.get(
                page, f"cp{page}"
            )
    return None
