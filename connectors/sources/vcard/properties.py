"""One property of a vCard: `TEL;TYPE=WORK,FAX:+86 755 …`, in the grammar of 2.1, 3.0 or 4.0."""

import quopri
import re
from dataclasses import dataclass

from connectors.sources import encoding

_GROUP = re.compile(r"^([A-Za-z0-9-]+)\.(?=[A-Za-z])")
_NAME = re.compile(rb'^[A-Za-z0-9.-]+(?:;(?:"[^"]*"|[^":])*)?:')
_PARAMETER = re.compile(r';([^=;:]+)(?:=((?:"[^"]*"|[^";:])*))?')
_SPELLED = {"PHONE": "TEL", "TEL": "TEL", "MAIL": "EMAIL", "EMAIL": "EMAIL"}
"""Names that programs have made up for a property, or put a type behind."""
_USES = frozenset({"WORK", "HOME", "CELL", "MOBILE", "FAX", "MAIN", "OTHER"})
_BREAK = re.compile(r"(?<!\\)\\[nN]|\n")
_ESCAPE = re.compile(r"\\([nN,;:\\])")


@dataclass(frozen=True)
class Property:
    """A property's name, its types (`WORK`, `FAX`) and its value, still escaped."""

    name: str
    types: frozenset[str]
    value: str
    group: str = ""
    """What stands before the name (`item1.TEL`), the same for properties that belong together."""

    @property
    def text(self) -> str:
        """The value as one text."""
        return unescape(self.value)

    @property
    def lines(self) -> str:
        """The value with its line breaks, as of a note."""
        return "\n".join(unescape(line) for line in _BREAK.split(self.value)).strip()

    @property
    def parts(self) -> list[str]:
        """The value's components, as of N, ORG and ADR."""
        return [unescape(part).strip() for part in re.split(r"(?<!\\);", self.value)]


def unescape(value: str) -> str:
    """Undo the escapes of RFC 6350, 3.4; a new line becomes a space."""

    def plain(found: re.Match[str]) -> str:
        return " " if found[1] in "nN" else found[1]

    return " ".join(_ESCAPE.sub(plain, value).split())


def parse(line: bytes, charset: str | None) -> Property | None:
    """Read a property; None for a line that is none. `charset` is the file's encoding."""
    head = _NAME.match(line)
    if head is None:
        return None
    name = head.group()[:-1].decode("ascii", "replace")
    value = line[head.end() :]
    types: set[str] = set()
    quoted = False
    for key, given in _PARAMETER.findall(name):
        values = given.replace('"', "").split(",") if given else [key]
        upper = {word.strip().upper() for word in values}
        if key.upper() == "CHARSET":
            charset = given
        elif key.upper() == "TYPE" or not given:
            types |= upper
        quoted = quoted or "QUOTED-PRINTABLE" in upper
    if quoted:
        value = quopri.decodestring(value)
    plain = name.split(";")[0].upper()
    belongs = ""
    group, _, rest = plain.rpartition(".")
    if group in _SPELLED and rest in _USES:  # PHONE.WORK, which no standard has
        plain, types = _SPELLED[group], types | {rest}
    elif plain in _SPELLED and not group:
        plain = _SPELLED[plain]
    elif found := _GROUP.match(plain):
        plain, belongs = plain[found.end() :], found[1]
    text = encoding.decode(value, charset)
    return Property(plain, frozenset(types), text.replace("\r\n", "\n").strip(), belongs)
