"""Pictures of business cards as a source of customers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from connectors.sources import endings
from connectors.sources.card.fields import CardReading, read_card
from connectors.sources.card.layout import lines
from connectors.sources.card.picture import NotPicture, read_picture
from connectors.sources.contacts import COLUMNS, KINDS, TABLE, ContactRow, contact_batch
from connectors.sources.contract import Batch, Damage, TableInfo, beyond, choose
from guiyi.errors import SourceError
from guiyi.messages import Message
from guiyi.spec import TableSpec

CONFIDENCE = "confidence"
"""The column with a JSON object, field → confidence from 0 to 1."""
TRUSTED = 0.95
"""A field read with less goes to a person. Of 72 drawn cards, tilted, blurred, noisy and shrunk
(benchmarks/business_cards.py), the 420 fields above it were right; every wrong one was below."""
PICTURES = 200
"""Pictures a batch holds: each takes a second or more."""
_TELLING = ("name", "company", "email", "mobile", "phone", "fax")


@dataclass
class _Rows:
    rows: list[ContactRow] = field(default_factory=list)
    damage: list[Damage] = field(default_factory=list)


class CardSource:
    """A picture of a card or a folder of them; `_row` counts them in the order of their names."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._files = _pictures(path)
        if not self._files:
            raise SourceError("no picture in the folder", place=str(path), hint="check `path`")

    def tables(self) -> list[TableInfo]:
        """List the one table, `contacts`, which has the column `confidence` beside the usual."""
        return [TableInfo(TABLE, (*COLUMNS, CONFIDENCE), len(self._files), kinds=KINDS)]

    def read(self, table: TableSpec, after: int | None = None) -> Iterator[Batch]:
        """Yield one row a picture."""
        choose([TABLE], table.table, str(self._path))
        start = min(after or 0, len(self._files)) // PICTURES * PICTURES
        batches = range(start, len(self._files), PICTURES)
        yield from beyond((self._batch(first) for first in batches), after)

    def _batch(self, first: int) -> Batch:
        found = _Rows()
        files = self._files[first : first + PICTURES]
        for number, file in enumerate(files, start=first + 1):
            place = file.relative_to(self._path).as_posix() if file != self._path else file.name
            _lay_out(found, number, place, _reading(file))
        return contact_batch(found.rows, found.damage, (*COLUMNS, CONFIDENCE))


def _reading(file: Path) -> CardReading | str:
    """Read a picture; a sentence says why it cannot be read."""
    try:
        return read_card(lines(read_picture(file)))
    except NotPicture as error:
        return str(error)


def _pictures(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(
        p for p in path.rglob("*") if p.suffix.lower() in endings.PICTURES and p.is_file()
    )


def _lay_out(found: _Rows, number: int, place: str, reading: CardReading | str) -> None:
    if isinstance(reading, str):
        found.rows.append(ContactRow(number, {}, place))
        found.damage.append(Damage(number, None, "unreadable: not a picture", reading))
        return
    confidence = json.dumps(reading.confidence) if reading.confidence else ""
    found.rows.append(ContactRow(number, {**reading.values, CONFIDENCE: confidence}, place))
    if not any(reading.values.get(name) for name in _TELLING):
        detail = "no name, company or number was found in the picture"
        found.damage.append(Damage(number, None, "unreadable: empty card", detail))
        return
    for name, sure in reading.confidence.items():
        if sure < TRUSTED:
            detail = Message(
                "read with confidence {sure:.2f}, below {trusted}: compare with the picture",
                sure=sure,
                trusted=TRUSTED,
            )
            found.damage.append(Damage(number, name, "doubtful: low confidence", detail))
    if reading.unread:
        detail = Message.counted(
            "{n} line of the card has no place in a contact",
            "{n} lines of the card have no place in a contact",
            n=reading.unread,
        )
        found.damage.append(Damage(number, None, "unparsed lines", detail))
