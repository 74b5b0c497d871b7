"""How a text file separates its columns, found by trying what splits its lines evenly."""

import csv
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

CANDIDATES = (",", "\t", ";", "|", "^", "\x01", "\x1f", "~", "，", "：", ":")
"""Delimiters seen in exports, from the most to the least usual."""


@dataclass(frozen=True)
class Dialect:
    """A delimiter, and how sure we are of it."""

    delimiter: str
    confidence: float


def detect(lines: Sequence[str]) -> Dialect:
    """Find the delimiter of a file from its first lines."""
    best = Dialect(",", 0.0)
    best_score = 0.0
    for delimiter in CANDIDATES:
        widths = _widths(lines, delimiter)
        split = [width for width in widths if width > 1]
        if not split:
            continue
        width, times = Counter(split).most_common(1)[0]
        even = times / len(widths)
        score = even * even * (1 + math.log2(width) / 4)
        if score > best_score * 1.05:
            best, best_score = Dialect(delimiter, round(even, 2)), score
    return best


def _widths(lines: Sequence[str], delimiter: str) -> list[int]:
    try:
        rows = csv.reader((line for line in lines if line.strip()), delimiter=delimiter)
        return [len(row) for row in rows]
    except csv.Error:
        return [line.count(delimiter) + 1 for line in lines if line.strip()]
