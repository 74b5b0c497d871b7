"""The text of a message, as its writer saw it: the plain part, or the HTML made plain."""

from email.message import Message
from itertools import islice

from connectors.sources import encoding
from connectors.sources.mail.html import plain_text

MAX_TEXT = 1 << 18
"""Characters of a body that are read: no letter is longer."""
MAX_ATTACHED = 50
"""Letters attached to a letter that are read."""


def text_of(message: Message) -> str:
    """Return the text of a message; attachments and messages attached to it are left out."""
    plain: list[str] = []
    html: list[str] = []
    _collect(message, plain, html)
    text = "\n".join(plain)
    if not text.strip() and html:
        text = "\n".join(plain_text(page) for page in html)
    return text[:MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")


def _collect(part: Message, plain: list[str], html: list[str], depth: int = 0) -> None:
    if part.is_multipart():
        if part.get_content_type() == "message/rfc822" or depth > 20:
            return
        for child in part.get_payload():
            if isinstance(child, Message):
                _collect(child, plain, html, depth + 1)
        return
    if "attachment" in str(part.get("Content-Disposition", "")).lower():
        return
    kind = part.get_content_type()
    if kind in {"text/plain", "text/html"}:
        (plain if kind == "text/plain" else html).append(_decoded(part))


def _decoded(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return str(part.get_payload())
    charset = part.get_content_charset()
    return encoding.decode(data[: 4 * MAX_TEXT], charset)


def attached(message: Message) -> list[Message]:
    """List the letters forwarded as attachments, and those attached to them."""
    found = (
        part.get_payload(0)
        for part in message.walk()
        if part.get_content_type() == "message/rfc822" and part.is_multipart()
    )
    return [letter for letter in islice(found, MAX_ATTACHED) if isinstance(letter, Message)]


def wraps_outlook(message: Message) -> bool:
    """Tell a letter part of which only Outlook can read: TNEF, known as winmail.dat."""
    return any(
        part.get_content_type() in {"application/ms-tnef", "application/vnd.ms-tnef"}
        or (not part.is_multipart() and str(part.get_filename()).lower() == "winmail.dat")
        for part in message.walk()
    )
