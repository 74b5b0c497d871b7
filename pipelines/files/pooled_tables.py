"""Several tables of one place, such as the sheets of a workbook, are taken together."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from guiyi.messages import Message
from pipelines.files.reading import Loose

NAMED = 6
"""So many tables are named."""


def pooled(tables: Sequence[Loose]) -> list[str]:
    """What the user should know of places that hold several tables: all rows are one list."""
    places: dict[str, list[str]] = defaultdict(list)
    for table in tables:
        places[table.place].append(table.info.name)
    return [
        Message(
            "{name}: its {count} tables are taken together as one list: {tables}; "
            "--table takes one table alone",
            name=Path(place).name or place,
            count=len(names),
            tables=_listed(names),
        )
        for place, names in places.items()
        if place and len(names) > 1
    ]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
