"""Header fields as people wrote them, whatever their mail program made of the characters."""

import binascii
import quopri
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import cache, lru_cache

from connectors.sources import encoding, words

_WORD = re.compile(r"=\?([^?\s]+?)(?:\*[^?]*)?\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(=\?)")
_ENTRY = re.compile(r'(?:"(?:\\.|[^"\\])*"|<[^>]*>|[^,;"]|"(?=[^"]*$))+')
_GROUP = re.compile(r'^\s*[^"<>@:]+:(?!\s*$)')
_ROUTE = re.compile(r"<@[^<>:]*:")
_ESCAPED = re.compile(r"\\(.)")
_COMMENT = re.compile(r"\((.*)\)")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True)
class Correspondent:
    """Someone a message is from or to."""

    name: str
    email: str


def readable(value: object) -> str:
    """Decode a header field: RFC 2047 words, and raw bytes in whatever they are."""
    text = str(value).encode("utf-8", "surrogateescape")
    raw = encoding.decode(text) if not text.isascii() else text.decode("ascii")
    raw = _BETWEEN.sub(r"\1\2", raw)
    out, at = [], 0
    pending: list[tuple[str, bytes]] = []
    for found in _WORD.finditer(raw):
        between = raw[at : found.start()]
        charset = found[1].lower()
        if between or (pending and pending[-1][0] != charset):
            out.append(_decoded(pending))
            pending = []
        out.append(between)
        pending.append((charset, _bytes(found[2], found[3])))
        at = found.end()
    out += [_decoded(pending), raw[at:]]
    return " ".join("".join(out).split())


def _bytes(how: str, text: str) -> bytes:
    data = text.encode("ascii", "ignore")
    if how in "qQ":
        return quopri.decodestring(data.replace(b"_", b"=20"), header=True)
    try:
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        return b""


def _decoded(words_: list[tuple[str, bytes]]) -> str:
    """Decode neighbours together: programs cut a character in two between words."""
    if not words_:
        return ""
    return encoding.decode(b"".join(data for _, data in words_), words_[0][0])


def correspondents(message: Message, *fields: str) -> list[Correspondent]:
    """List who stands in these header fields, each address once."""
    found: dict[str, Correspondent] = {}
    for field in fields:
        for value in message.get_all(field, []):
            for person in people(str(value)):
                key = person.email.lower()
                if key not in found or (person.name and not found[key].name):
                    found[key] = person
    return list(found.values())


@lru_cache(maxsize=10_000)
def people(value: str) -> tuple[Correspondent, ...]:
    """Read the people of one address field; names are decoded after the field is split.

    Remembered, for a mailbox says the same few fields in most of its messages.
    """
    found = []
    for entry in _entries(value.replace("\r", " ").replace("\n", " ")):
        plain = readable(entry)
        addresses = _ADDRESS.findall(plain)
        if addresses:
            # The address stands last; a name before it may look like one too.
            address = addresses[-1]
            plain = _ROUTE.sub("<", _GROUP.sub("", plain))
            found.append(Correspondent(_clean(plain, address), address))
    return tuple(found)


def _entries(value: str) -> list[str]:
    """Split an address field at the commas and semicolons outside quotes and brackets."""
    return [entry for entry in _ENTRY.findall(value) if entry.strip()]


def _clean(entry: str, address: str) -> str:
    first, *rest = entry.split(address)
    name = _before(first)
    for piece in rest[:-1]:
        name += f" {_before(_after(piece))}"
    name += f" {_after(rest[-1])}"
    name = _ESCAPED.sub(r"\1", name).strip(" \t\"'<>,;:“”‘’")
    comment = _COMMENT.fullmatch(name)
    name = comment[1].strip() if comment else name
    if _ADDRESS.fullmatch(name) or name.lower() == address.split("@")[0].lower():
        return ""
    return name


def _before(text: str) -> str:
    """What stands before an address, without the bracket that opens there."""
    bare = text.rstrip()
    return bare[:-1].rstrip() if bare.endswith(("(", "（", "<", "[")) else bare


def _after(text: str) -> str:
    """What stands after an address, without the bracket that closes there."""
    bare = text.lstrip()
    return bare[1:].lstrip() if bare.startswith((")", "）", ">", "]")) else bare


def sent_on(message: Message) -> datetime | None:
    """Say when a message was sent; None where its date is missing or cannot be."""
    for value in message.get_all("Date", []):
        try:
            when = parsedate_to_datetime(str(value))
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        if when.year >= 1970:
            return when if when.tzinfo is not None else when.replace(tzinfo=UTC)
    return None


def is_automated(message: Message) -> bool:
    """Tell newsletters, notices and bounces (RFC 2369, RFC 3834) from what a person wrote."""
    if message.get("List-Unsubscribe") is not None:
        return True
    if str(message.get("Auto-Submitted", "no")).strip().lower().split(";")[0] != "no":
        return True
    if str(message.get("Precedence", "")).strip().lower() in {"bulk", "junk"}:
        return True
    if message.get_content_type() == "multipart/report":
        return True
    return any(is_robot(p.email) for p in correspondents(message, "From"))


def is_robot(address: str) -> bool:
    """Tell an address no person writes from."""
    local = address.split("@")[0].lower()
    return _robots().match(local) is not None


@cache
def _robots() -> re.Pattern[str]:
    names = "|".join(map(re.escape, words.load("signature_words")["robots"]))
    return re.compile(rf"(?:{names})(?:[-_+.=]|\Z)")


def is_shared(address: str) -> bool:
    """Tell a mailbox several people answer: info@, sales@."""
    roles: list[str] = words.load("signature_words")["roles"]
    return re.sub(r"\d+$", "", address.split("@")[0].lower()) in roles
