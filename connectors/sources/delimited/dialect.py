"""How a text file separates its columns: by what splits its lines into columns that hold something.

Counting is not enough: dates and times have commas and colons, as many in every line as there are
delimiters. So a delimiter is judged by the cells it leaves, too, as in "Wrangling messy CSV files
by detecting row and type patterns" (van den Burg, Nazábal, Sutton 2019); and by the header, which
it must split as well. Where none does, the file is one column.
"""

import csv
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.sources.known_labels import known_share
from connectors.sources.layout import is_labels

CANDIDATES = {
    ",": 1.0, "\t": 1.0, ";": 1.0, "|": 1.0, "^": 0.9, "\x01": 1.0, "\x1f": 1.0, "~": 0.9,
    "，": 0.9, "：": 0.7, ":": 0.7,
}  # fmt: skip
"""Delimiters seen in exports, and how much each speaks for itself: a colon stands in every time."""
ONE_COLUMN = "\x1f"
"""The delimiter of a file that has none: a mark that no text contains (ASCII unit separator)."""
DOUBLED = "|~^:"
"""Marks that some programs write twice, so that the single one may stand in a value."""
UNTYPED = "\t\x01\x1f"
"""Marks that nobody types into a value."""
MOST_TITLES = 15
"""Lines above a header; what has more of them is no title but records."""
_MOSTLY = 0.7
_SOME = 0.2
"""Of a header of known labels, so many lines need be split: the others are ragged."""
_NEARLY_ALL = 0.9
"""Of all lines: so many have the same columns in a file in good order."""
_LOOSE = 4
"""Columns that no text has by chance in nearly every line, so that they need no header."""
_LOOKED_AT = 100

_CLOCK = r"\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?(?:\s?[AaPp][Mm])?"
_SHAPES = (
    r"[-+(]?[$€£¥￥]?\s?\d[\d.,' ]*\s?[%元万]?\)?",
    r"\+?[\d(][\d\s()./-]{5,}",
    rf"\d{{4}}[-/.年]\d{{1,2}}(?:[-/.月]\d{{1,2}}日?)?(?:[T ]{_CLOCK}\s?(?:Z|[-+]\d\d:?\d\d)?)?",
    rf"\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}(?:\s{_CLOCK})?",
    _CLOCK,
    r"(?:\d{1,2}\.?\s)?[A-Z][a-z]{2,8}\.?\s(?:\d{1,2},?\s)?\d{4}",
    r"[^\s@]+@[^\s@]+\.\w+",
    r"(?:https?://|www\.)\S+",
)
_TYPED = re.compile(rf"^\s*(?:{'|'.join(_SHAPES)})\s*$")
"""Amounts, telephone numbers, days and times, `15 April 2023` too, mailboxes and links."""
_LONG_NUMBER = re.compile(r"\d{5}")
_MARKS = re.compile(r"[,;|\t^~，：]")
_EDGE = re.compile(r"^\s*[,;:：，|)]|[,;:：，|(]\s*$")


@dataclass(frozen=True)
class Dialect:
    """A delimiter, and how sure we are of it."""

    delimiter: str
    confidence: float

    @property
    def one_column(self) -> bool:
        """Tell a file whose lines are not split at all."""
        return self.delimiter == ONE_COLUMN


def detect(lines: Sequence[str]) -> Dialect:
    """Find the delimiter of a file from its first lines."""
    lines = [line for line in lines if line.strip()]
    declared = re.match(r"(?i)\ufeff?sep=(.)\s*$", lines[0]) if lines else None
    if declared:  # Excel's own way of saying it
        return Dialect(declared[1], 1.0)
    best, best_score = Dialect(ONE_COLUMN, 0.5), (0, 0.0)
    for delimiter, weight in CANDIDATES.items():
        rows = _rows(lines, delimiter)
        split = Counter(len(row) for row in rows if len(row) > 1)
        if not split or not _is_table(rows, split, usual=weight >= 0.9):
            continue
        width, times = split.most_common(1)[0]
        even = times / len(rows)
        fitness = _fitness([row for row in rows if len(row) == width][:_LOOKED_AT])
        score = even * even * (1 + math.log2(width) / 4) * weight * fitness
        rank = _rank(rows, delimiter, even)
        if (rank, score) > (best_score[0], best_score[1] * 1.05):
            best, best_score = Dialect(delimiter, round(even, 2)), (rank, score)
    return Dialect(best.delimiter * 2, best.confidence) if _is_doubled(lines, best) else best


def _rank(rows: Sequence[Sequence[str]], delimiter: str, even: float) -> int:
    """What says more than how many columns there are, and how well they look.

    Text has commas in it, so that addresses may be split as evenly as columns are; but then the
    line of labels is not. A delimiter that splits the labels as it does the rest comes first.
    """
    cells = [cell for row in rows for cell in row]
    untorn = sum(bool(_EDGE.search(cell)) for cell in cells) < 0.1 * len(cells)
    # A tab behind each line is no column.
    several = sum(sum(map(bool, row)) > 1 for row in rows) > 0.5 * len(rows)
    if delimiter in UNTYPED and even >= _NEARLY_ALL and untorn and several:
        return 2
    # A comma in a title says nothing, so a few lines are looked at.
    return int(all(len(row) > 1 for row in rows[:3]))


def _is_doubled(lines: Sequence[str], found: Dialect) -> bool:
    """Tell `name||phone||city`, where the mark never stands alone."""
    if found.delimiter not in DOUBLED:
        return False
    runs = re.findall(f"{re.escape(found.delimiter)}+", "".join(lines))
    return all(len(run) % 2 == 0 for run in runs)


def _rows(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """Split lines at a delimiter, by their quotes if these are any good."""
    plain = [line.rstrip("\r\n").split(delimiter) for line in lines]
    if not any('"' in line for line in lines):
        return plain
    try:
        quoted = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return plain
    return max((quoted, plain), key=_evenness)


def _evenness(rows: Sequence[Sequence[str]]) -> float:
    """How many of the rows have the commonest number of fields, if that is more than one."""
    widths = Counter(len(row) for row in rows)
    split = max((times for width, times in widths.items() if width > 1), default=0)
    return split / max(len(rows), 1)


def _is_table(rows: Sequence[Sequence[str]], split: Counter[int], usual: bool) -> bool:
    """Tell columns from the punctuation of a single one: the header must have them, too."""
    (width, times), all_split = split.most_common(1)[0], split.total()
    if len(rows[0]) > 1 and _names_columns(rows[0], rows[1:]):
        return all_split >= _SOME * len(rows)
    if not usual and width == 2:
        return False  # 手机：13912345678 is a value with its label
    if len(rows[0]) > 1:
        return times >= _MOSTLY * len(rows)
    for number, row in enumerate(rows[1:MOST_TITLES], start=1):
        below = rows[number + 1 :]
        if len(row) == width and is_labels(row) and _names_columns(row, below):
            return sum(len(other) > 1 for other in below) >= 0.5 * len(below)
    return width >= _LOOSE and times >= 0.9 * len(rows)


def _names_columns(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Tell a header: of known labels, or of words above what is no word."""
    if known_share(row) >= 0.6:
        return True
    same = [other for other in below if len(other) == len(row)][:_LOOKED_AT]
    if not same or any(_TYPED.match(cell) or _LONG_NUMBER.search(cell) for cell in row):
        return False
    return any(
        cell.strip() and sum(bool(_TYPED.match(other[at])) for other in same) > 0.8 * len(same)
        for at, cell in enumerate(row)
    )


def is_typed(cell: str) -> bool:
    """Tell a number, a day, a time, a telephone, a mailbox or a link from words."""
    return _TYPED.match(cell) is not None


def _fitness(rows: Sequence[Sequence[str]]) -> float:
    """How well cells can stand alone: numbers, dates, words; not the halves of something."""
    cells = [_fit(cell) for row in rows for cell in row]
    return sum(cells) / max(len(cells), 1)


def _fit(cell: str) -> float:
    if not cell.strip() or _TYPED.match(cell):
        return 1.0
    if cell.count('"') % 2 or _EDGE.search(cell):
        return 0.3
    fit = 0.5 if cell.startswith(" ") else 0.9  # what stands behind a comma in a sentence
    return max(0.3, fit - 0.2 * len(_MARKS.findall(cell)))
