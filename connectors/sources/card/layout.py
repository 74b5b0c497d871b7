"""The pieces of text on a card, put into lines as a person reads them."""

from dataclasses import dataclass
from itertools import pairwise

from connectors.sources.card.picture import Box

OVERLAP = 0.5
"""Two pieces stand on one line if half the height of the lower one lies beside the other."""
NEAR = 0.4
"""Pieces nearer than this share of their height belong to one word group: 张 三."""


@dataclass(frozen=True)
class CardLine:
    """A line of a card, and the lowest confidence of its pieces."""

    text: str
    confidence: float


def lines(boxes: list[Box]) -> list[CardLine]:
    """Put pieces into lines, from top to bottom and left to right."""
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda box: (box.top + box.bottom) / 2):
        row = next((row for row in reversed(rows) if _beside(row[0], box)), None)
        if row is None:
            rows.append([box])
        else:
            row.append(box)
    return [_line(sorted(row, key=lambda box: box.left)) for row in rows]


def _beside(one: Box, other: Box) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > OVERLAP * min(one.height, other.height)


def _line(row: list[Box]) -> CardLine:
    text = row[0].text
    for before, box in pairwise(row):
        near = box.left - before.right < NEAR * min(before.height, box.height)
        text += (" " if near else "   ") + box.text
    return CardLine(text, min(box.confidence for box in row))
