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

_WORD = re.compile(r"=\?([^?*\s]{1,40})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(=\?)")
_GROUP = re.compile(r'^\s*[^"<>@:]+:(?!\s*$)')
_ROUTE = re.compile(r"<@[^<>:]*:")
_ESCAPED = re.compile(r"\\(.)")
_COMMENT = re.compile(r"\((.*)\)")
_LETTERS = "A-Za-z0-9\u00c0-\u024f\u0400-\u04ff"
"""Of internationalised addresses (RFC 6531): a Chinese name may stand right before an address."""
_LOCAL = rf"[{_LETTERS}.!#$%&'*+/=?^_`{{|}}~-]"
# 64 characters by RFC 5321, but senders of bulk mail pack the receiver's whole address in.
_ADDRESS = re.compile(rf"(?<!{_LOCAL}){_LOCAL}{{1,256}}@[{_LETTERS}-]+(?:\.[{_LETTERS}-]+)+")


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


def raw_fields(message: Message, name: str) -> list[str]:
    """List the values of a header field, bytes beyond ASCII kept as they came.

    `Message.get` puts question marks where a header holds raw GBK or UTF-8.
    """
    wanted = name.lower()
    return [str(value) for field, value in message.raw_items() if field.lower() == wanted]


def correspondents(message: Message, *fields: str) -> list[Correspondent]:
    """List who stands in these header fields, each address once."""
    found: dict[str, Correspondent] = {}
    for field in fields:
        for value in raw_fields(message, field):
            for person in people(value):
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
    """Split an address field at the commas and semicolons outside quotes and brackets.

    A quote or bracket that never closes holds nothing together.
    """
    entries, start, at = [], 0, 0
    while at < len(value):
        char = value[at]
        if char in ",;":
            entries.append(value[start:at])
            start = at + 1
        elif char in _CLOSING:
            end = _closing(value, at)
            # Where one does not close, none of its kind after it does.
            at = end if end > 0 else at
        at += 1
    entries.append(value[start:])
    return [entry for entry in entries if entry.strip()]


_CLOSING = {'"': '"', "<": ">"}
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*+"')
MAX_QUOTED = 2000
"""Characters that a quote or bracket holds together."""


def _closing(value: str, at: int) -> int:
    piece = value[at : at + MAX_QUOTED]
    if value[at] == "<":
        return at + piece.find(">") if ">" in piece else -1
    found = _QUOTED.match(piece)
    return at + found.end() - 1 if found else -1


def _clean(entry: str, address: str) -> str:
    first, *rest = entry.split(address)
    name = _before(first)
    for piece in rest[:-1]:
        name += f" {_before(_after(piece))}"
    name += f" {_after(rest[-1])}"
    name = _ESCAPED.sub(r"\1", name).strip(" \t\"'<>,;:“”‘’")
    comment = _COMMENT.fullmatch(name)
    name = comment[1].strip() if comment else name
    local = address.split("@")[0]
    # Programs put the address where a name is missing; `Tom <tom@a.cn>` is how Tom writes his.
    spelled = name != local and name.istitle() and not is_shared(address)
    if _ADDRESS.fullmatch(name) or (name.lower() == local.lower() and not spelled):
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
