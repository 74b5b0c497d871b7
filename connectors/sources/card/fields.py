"""The lines of a card become the fields of a contact, each with a confidence."""

import re
from dataclasses import dataclass

from connectors.sources.card.layout import CardLine
from connectors.sources.signature import Part, labelled, parts, together_by_field, tokens

UNSURE = 0.5
"""The confidence of a field whose text is certain but whose meaning is guessed, or whose shape is
wrong: an OCR engine misreads a digit as surely as it reads one."""
_MAINLAND_MOBILE = 11
"""Digits of a Chinese mobile number (YD/T 1206)."""


@dataclass(frozen=True)
class CardReading:
    """What a card says, how surely, and how many of its lines say nothing known."""

    values: dict[str, str]
    confidence: dict[str, float]
    unread: int


def read_card(lines: list[CardLine]) -> CardReading:
    """Take a card's lines apart."""
    found = parts([line.text for line in lines])
    values = together_by_field(found)
    used = [part for part in found if part.value in values[part.field].split("; ")]
    confidence: dict[str, float] = {}
    for part in used:
        sure = min(lines[part.line].confidence, _shape(part))
        confidence[part.field] = round(min(confidence.get(part.field, 1.0), sure), 3)
    lines_read = {part.line for part in found}
    unread = sum(n not in lines_read and not labelled(one.text) for n, one in enumerate(lines))
    return CardReading(values, confidence, unread)


def _shape(part: Part) -> float:
    """The most confidence a value deserves by its shape alone."""
    return UNSURE if _doubt(part.field, part.value) else 1.0


def _doubt(field: str, value: str) -> bool:
    match field:
        case "company":
            return not tokens.is_company(value)
        case "name":
            return tokens.name_in(value) is None and not tokens.could_be_name(value)
        case "mobile":
            digits = re.sub(r"^(?:\+?86|0086)", "", re.sub(r"[^\d+]", "", value))
            return digits.startswith("1") and len(digits) != _MAINLAND_MOBILE
        case "phone" | "fax":
            return len(re.sub(r"\D", "", value)) < 7
    return False
