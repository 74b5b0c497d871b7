"""Address books, exported as vCards: one file, or a folder of them."""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from connectors.sources import encoding
from connectors.sources.contacts import COLUMNS, KINDS, TABLE, ContactRow, contact_batch
from connectors.sources.contract import (
    BATCH_ROWS,
    Batch,
    Damage,
    TableInfo,
    beyond,
    choose,
    in_batches,
)
from connectors.sources.vcard.cards import FORMAL, READ, Card, cards, contact
from guiyi.errors import SourceError
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.spec import TableSpec

_TELLING = ("name", "company", "email", "mobile", "phone", "fax", "address")


class VcardSource:
    """A .vcf file or a folder of them; `_row` counts the cards, files in order of their names."""

    def __init__(self, path: Path, charset: str | None = None) -> None:
        self._path = path
        self._charset = charset
        files = sorted(p for p in path.rglob("*") if p.suffix.lower() == ".vcf" and p.is_file())
        self._files = files if path.is_dir() else [path]
        if not self._files:
            raise SourceError("no .vcf file in the folder", place=str(path), hint="check `path`")
        if charset is not None:
            for file in self._files:
                encoding.require(file, charset)

    def tables(self) -> list[TableInfo]:
        """List the one table, `contacts`."""
        count, left, beside = self._seen
        if not count:
            raise SourceError("no vCard in it", place=str(self._path), hint="check `kind`")
        kinds = {**KINDS, **{name: _kind(name) for name in beside}}
        return [TableInfo(TABLE, (*COLUMNS, *beside), count, notes=_not_read(left), kinds=kinds)]

    def read(self, table: TableSpec, after: int | None = None) -> Iterator[Batch]:
        """Yield one row a card."""
        choose([TABLE], table.table, str(self._path))
        yield from beyond(in_batches((b.rows, b.damage) for b in self._batches()), after)

    @cached_property
    def _seen(self) -> tuple[int, Counter[str], tuple[str, ...]]:
        """How many cards there are, their properties, and the columns to stand beside `contacts`.

        Those are columns that some card has a value for.
        """
        count, left, filled = 0, Counter[str](), set[str]()
        for _, card in self._cards():
            count += 1
            left.update(found.name for found in card.properties)
            filled |= {name for name, value in contact(card).items() if value}
        return count, left, tuple(sorted(filled - set(COLUMNS), key=_in_order))

    def _batches(self) -> Iterator[Batch]:
        rows: list[ContactRow] = []
        damage: list[Damage] = []
        columns = (*COLUMNS, *self._seen[2])
        for number, (file, card) in enumerate(self._cards(), start=1):
            values = contact(card)
            name = file.relative_to(self._path).as_posix() if file != self._path else file.name
            rows.append(ContactRow(number, values, f"{name} line {card.line}"))
            damage += _damage(number, card, values)
            if len(rows) == BATCH_ROWS:
                yield contact_batch(rows, damage, columns)
                rows, damage = [], []
        yield contact_batch(rows, damage, columns)

    def _cards(self) -> Iterator[tuple[Path, Card]]:
        for file in self._files:
            charset = self._charset or encoding.detect(file).name
            for card in cards(file, charset):
                yield file, card


def _in_order(column: str) -> tuple[bool, int, str]:
    """Further addresses by their number, then the others."""
    name, _, number = column.partition("_")
    return (not number, int(number or 0), name)


def _kind(column: str) -> Kind:
    if column.startswith("address"):
        return Kind.ADDRESS
    return Kind.DATE if column == "birthday" else Kind.TEXT


def _not_read(found: Counter[str]) -> tuple[str, ...]:
    """Say which properties have no place in a contact, the commonest first."""
    left = [(name, n) for name, n in found.most_common() if name not in READ | FORMAL]
    if not left:
        return ()
    return (
        Message("not read: {names}", names=", ".join((f"{name} ({n})" for name, n in left[:10]))),
    )


def _damage(number: int, card: Card, values: dict[str, str]) -> Iterator[Damage]:
    if card.problem is not None:
        yield Damage(
            number,
            None,
            card.problem,
            Message("the card of line {line} does not end", line=card.line),
        )
    elif not any(values[name] for name in _TELLING):
        yield Damage(
            number, None, "unreadable: empty card", "no name, company, address or number in it"
        )
    if card.unparsed:
        detail = Message.counted(
            "{n} line that is not a property was left out",
            "{n} lines that are not properties were left out",
            n=card.unparsed,
        )
        yield Damage(number, None, "unparsed lines", detail)
