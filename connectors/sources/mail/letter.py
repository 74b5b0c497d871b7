"""A message as bytes becomes a letter, whatever the bytes are."""

import re
from email import message_from_bytes, policy
from email.errors import CloseBoundaryNotFoundDefect
from email.message import Message as Email

from connectors.sources.mail.item import NOT_MESSAGE, Item
from guiyi.messages import Message

MAX_MESSAGE = 1 << 24
"""Bytes of a message that are kept: text stands before the attachments."""
MAX_HEADER = 1 << 20
"""Bytes of one header field; ten thousand recipients need no more."""
MAX_PARTS = 64
"""Multiparts in a message. Each one nested costs a look at every later line, so a message with
more is read in its first `PART_OF_MANY` bytes."""
PART_OF_MANY = 1 << 18
_HEADER = re.compile(rb"^[\x21-\x39\x3b-\x7e]+[ \t]*:")
_CUT_OFF = "unreadable: message cut off"
_NESTED = "unreadable: nested too deep"
_LONG_HEADER = "unreadable: header too long"
MAX_FIELDS = 10_000
"""Header fields of a message; each look at one goes through all."""


def letter(data: bytes, place: str, *, cut_off: bool = False) -> Item:
    """Read a message; `cut_off` says that its mailbox ends in the middle of it."""
    if not _is_message(data):
        return Item(place, problem=NOT_MESSAGE, detail="it does not start with a header")
    shortened = len(data) >= MAX_MESSAGE
    if data.lower().count(b"boundary") > MAX_PARTS:
        shortened = shortened or len(data) > PART_OF_MANY
        data = data[:PART_OF_MANY]
    try:
        message = message_from_bytes(data, policy=policy.compat32)
        # Of a message that we ourselves have shortened, the end is missing of course.
        broken = cut_off or (not shortened and _lacks_end(message))
    except RecursionError:
        return Item(place, problem=_NESTED, detail="messages are nested too deeply")
    if len(message) > MAX_FIELDS:
        return Item(
            place,
            problem=_LONG_HEADER,
            detail=Message("more than {limit} fields", limit=MAX_FIELDS),
        )
    if any(len(value) > MAX_HEADER for _, value in message.raw_items()):
        return Item(
            place,
            problem=_LONG_HEADER,
            detail=Message("a field has more than {limit} bytes", limit=MAX_HEADER),
        )
    if broken:
        return Item(place, message, problem=_CUT_OFF, detail="read as far as it goes")
    return Item(place, message)


def _is_message(data: bytes) -> bool:
    """Tell a message from other bytes: it starts with a header."""
    first = data[:MAX_HEADER].lstrip(b"\r\n").split(b"\n", 1)[0]
    return _HEADER.match(first) is not None


def _lacks_end(message: Email) -> bool:
    return any(
        isinstance(defect, CloseBoundaryNotFoundDefect)
        for part in message.walk()
        for defect in part.defects
    )
