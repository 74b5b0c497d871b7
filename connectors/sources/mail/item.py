"""What a mailbox holds: letters, address cards, and what is neither."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message

NOT_MESSAGE = "unreadable: not a message"


@dataclass(frozen=True)
class Item:
    """One thing out of a mailbox, and where it stands.

    Every item is counted: it is a letter or an address card, or `aside` says why it is none, or
    `problem` why it cannot be read (then `message` holds what could be read of it).
    """

    place: str
    """The file, and the line or folder in it."""
    message: Message | None = None
    """A letter."""
    contact: Mapping[str, str] | None = None
    """An address card: contact column → value."""
    problem: str | None = None
    """A problem code that starts with `unreadable`."""
    aside: str | None = None
    """A problem code that starts with `skipped`."""
    detail: str = ""
    """A sentence to the problem or to why it is set aside; never holds a value."""
