"""A card's properties become one contact."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from connectors.sources import words
from connectors.sources.contacts import together, written_name, written_place
from connectors.sources.vcard.lines import logical_lines
from connectors.sources.vcard.properties import Property, parse

_BASE64 = re.compile(rb"^[A-Za-z0-9+/=]{20,}$|^[A-Za-z0-9+/]*=*$")
_UNWANTED = (b"PHOTO", b"LOGO", b"SOUND", b"KEY")
READ = frozenset(
    {"FN", "N", "ORG", "TITLE", "ROLE", "TEL", "EMAIL", "ADR", "URL", "REV", "BDAY", "NOTE"}
)
"""Properties that have a place in a contact."""
FORMAL = frozenset({"VERSION", "PRODID", "UID", "AGENT", "X-ABLABEL", "X-ABADR", "PROFILE"})
"""Properties that say nothing of the person."""
MAX_PROPERTIES = 2000
"""A card with more is a file that never ends its card."""


@dataclass
class Card:
    """One card as read, and why it cannot be trusted when it cannot."""

    line: int
    properties: list[Property] = field(default_factory=list)
    problem: str | None = None
    unparsed: int = 0


def cards(path: Path, charset: str | None) -> Iterator[Card]:
    """Yield the cards of a file; one that never ends, or is not a card, has a problem."""
    card: Card | None = None
    depth = 0
    for number, line in logical_lines(path):
        upper = line.strip().upper()
        if upper == b"BEGIN:VCARD":
            if card is not None and _is_agent(card):
                depth += 1
                continue
            if card is not None:
                card.problem = "unreadable: card cut off"
                yield card
            card, depth = Card(number), 0
        elif upper == b"END:VCARD":
            if depth:
                depth -= 1
            elif card is not None:
                yield card
                card = None
        elif card is not None and not depth:
            _add(card, line, charset)
    if card is not None:
        card.problem = "unreadable: card cut off"
        yield card


def _is_agent(card: Card) -> bool:
    return bool(card.properties) and card.properties[-1].name == "AGENT"


def _add(card: Card, line: bytes, charset: str | None) -> None:
    if line.upper().startswith(_UNWANTED) or not line.strip():
        return
    if len(card.properties) >= MAX_PROPERTIES:
        card.problem = "unreadable: card too long"
        return
    found = parse(line, charset)
    if found is None:
        # Some phones write the rest of a photo without folding it.
        card.unparsed += _BASE64.match(line.strip()) is None
    else:
        card.properties.append(found)


def contact(card: Card) -> dict[str, str]:
    """Lay a card out as a contact."""
    by_name: dict[str, list[Property]] = {}
    for found in card.properties:
        by_name.setdefault(found.name, []).append(found)
    telephones = _by_use(by_name)
    addresses = list(dict.fromkeys(filter(None, (_place(a.parts) for a in by_name.get("ADR", [])))))
    organisation = by_name["ORG"][0].parts if "ORG" in by_name else [""]
    roles = by_name.get("TITLE") or by_name.get("ROLE") or []
    return {
        "name": _name(by_name),
        "title": together(found.text for found in roles),
        "company": organisation[0],
        "department": " / ".join(part for part in organisation[1:] if part),
        "mobile": together(telephones["mobile"]),
        "phone": together(telephones["phone"]),
        "fax": together(telephones["fax"]),
        "email": together(_address(found) for found in by_name.get("EMAIL", [])),
        "address": addresses[0] if addresses else "",
        "url": together(found.text for found in by_name.get("URL", [])),
        "last_seen": _revised(by_name),
        **{f"address_{n}": place for n, place in enumerate(addresses[1:], start=2)},
        "birthday": _born(by_name),
        "note": "\n".join(found.lines for found in by_name.get("NOTE", [])),
    }


def _name(by_name: dict[str, list[Property]]) -> str:
    if "FN" in by_name and by_name["FN"][0].text:
        return by_name["FN"][0].text
    if "N" not in by_name:
        return ""
    family, given, more, prefix, suffix = [*by_name["N"][0].parts, "", "", "", "", ""][:5]
    return written_name(family, given, more, prefix, suffix)


def _by_use(by_name: dict[str, list[Property]]) -> dict[str, list[str]]:
    """Sort a card's numbers by what they are for."""
    labels = {found.group: found.text.lower() for found in by_name.get("X-ABLABEL", [])}
    numbers: dict[str, list[str]] = defaultdict(list)
    for telephone in by_name.get("TEL", []):
        label = labels.get(telephone.group, "") if telephone.group else ""
        numbers[_use(telephone, label)].append(_number(telephone))
    return numbers


def _use(telephone: Property, label: str) -> str:
    """What a number is for, by its types, or the label an owner gave it on an Apple device."""
    use = words.load("address_book_columns")
    if telephone.types & {"PAGER", "X-PAGER"}:
        return "pager"
    if "FAX" in telephone.types or any(word in label for word in use["fax_types"]):
        return "fax"
    named = any(word in label for word in use["mobile_types"])
    return "mobile" if named or telephone.types & {"CELL", "IPHONE", "MOBILE"} else "phone"


def _number(telephone: Property) -> str:
    number = re.sub(r"^tel:", "", telephone.text, flags=re.IGNORECASE)
    return re.sub(r";ext=", " ext. ", number, flags=re.IGNORECASE)


def _address(email: Property) -> str:
    return re.sub(r"^mailto:", "", email.text, flags=re.IGNORECASE)


def _place(parts: list[str]) -> str:
    box, room, street, city, region, code, country = [*parts, *[""] * 7][:7]
    return written_place([box, room, street], city, region, code, country)


def _revised(by_name: dict[str, list[Property]]) -> str:
    """The day of REV: a date, or milliseconds since 1970 as some programs write them."""
    revised = by_name["REV"][0].text if "REV" in by_name else ""
    if found := re.match(r"((?:19|20)\d\d)-?(\d\d)-?(\d\d)", revised):
        with suppress(ValueError):
            return date(*map(int, found.groups())).isoformat()
    if re.fullmatch(r"\d{10}|\d{13}", revised):
        return datetime.fromtimestamp(int(revised[:10]), UTC).date().isoformat()
    return ""


def _born(by_name: dict[str, list[Property]]) -> str:
    """The day of BDAY as ISO 8601 writes it, or the value as it stands.

    A year may be left out (`--0305`, RFC 6350, 4.3.1); Apple writes 1604 for it.
    """
    born = by_name["BDAY"][0].text if "BDAY" in by_name else ""
    found = re.fullmatch(r"(\d{4}|--)-?(\d\d)-?(\d\d)", born)
    if found is None:
        return born
    year = "-" if found[1] in ("--", "1604") else found[1]
    return f"{year}-{found[2]}-{found[3]}"
