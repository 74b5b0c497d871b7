"""Some programs end a line behind its last filled column: the columns left out are empty.

A line may also be short because a value has a line break that nobody quoted, or because the file
was cut off. Its fields then stand under the wrong labels. So a short line is filled up only where
several lines are short, and each of its fields is of the shape of its column.
"""

from collections.abc import Sequence

from connectors.sources.delimited.dialect import is_typed
from connectors.sources.delimited.records import Record

Shapes = tuple[bool, ...]
"""Of every column, whether its values are numbers, days, telephones, mailboxes or links."""
SEVERAL = 3
"""Short lines, and whole ones, that are enough to decide."""
_SHARE = 0.05
_MOSTLY = 0.9


def shapes_of(records: Sequence[Record], width: int) -> Shapes | None:
    """Learn the shapes of columns from a file's first records; None where no line is filled up."""
    split = [record.fields for record in records if record.fields and record.problem is None]
    whole = [fields for fields in split if len(fields) == width]
    short = [fields for fields in split if len(fields) < width]
    if min(len(short), len(whole)) < SEVERAL or len(short) < _SHARE * len(split):
        return None
    if any(any(fields[width:]) for fields in split):
        return None
    shapes = tuple(_is_typed([fields[at] for fields in whole]) for at in range(width))
    return shapes if all(fits(fields, shapes) for fields in short) else None


def fits(fields: Sequence[str], shapes: Shapes) -> bool:
    """Tell fields that stand under their labels, as one of them at least proves by its shape."""
    typed = [field for field, shape in zip(fields, shapes, strict=False) if shape and field]
    return len(fields) > 1 and bool(typed) and all(map(is_typed, typed))


def filled_up(records: Sequence[Record], shapes: Shapes | None, *, cut: bool) -> set[int]:
    """The places of those records that lack nothing but empty columns at their end.

    A line beside a short one that fits no columns may be the other part of it. `cut` says that the
    last record has no line end, and may be half of one.
    """
    if shapes is None:
        return set()
    short = {
        at
        for at, record in enumerate(records)
        if record.fields and len(record.fields) < len(shapes)
    }
    good = {at for at in short if records[at].problem is None and fits(records[at].fields, shapes)}
    torn = short - good
    last = {len(records) - 1} if cut else set()
    return {at for at in good - last if not {at - 1, at + 1} & torn}


def _is_typed(values: Sequence[str]) -> bool:
    filled = [value for value in values if value]
    return len(filled) >= SEVERAL and sum(map(is_typed, filled)) >= _MOSTLY * len(filled)
