"""Customers of the eighties and nineties: dBase, Clipper and FoxPro tables."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from connectors.sources.contract import (
    BATCH_ROWS,
    ROW,
    Batch,
    Damage,
    TableInfo,
    beyond,
    choose,
    damage_frame,
    in_batches,
    located,
    unique_names,
)
from connectors.sources.dbase import codepages
from connectors.sources.dbase.fields import (
    BINARY,
    INVALID_DATE,
    NO_MEMO,
    NUL,
    TOO_LARGE,
    UNDECODABLE,
    FieldContext,
    texts,
)
from connectors.sources.dbase.header import DbfField, DbfHeader, read_header
from connectors.sources.dbase.memo import MemoFile, memo_file
from connectors.sources.dbase.nulls import NullFlags
from connectors.sources.encoding import Encoding
from guiyi.errors import SourceError, refusal
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message
from guiyi.spec import TableSpec

SAMPLE = 1 << 16
"""Bytes beyond ASCII that are enough to detect an encoding."""
PORTION = 1 << 24
"""Bytes of records read at once."""
_DELETED = 0x2A
_MARKS = frozenset({b" ", b"*"})
"""What a record begins with: it is there, or it is deleted."""
_DETAILS = {
    INVALID_DATE: "not a day of the calendar",
    TOO_LARGE: "the number did not fit its field, and asterisks were stored instead",
    NO_MEMO: "the memo file is missing, or ends before this text",
    BINARY: "a picture or an object, which has no text",
    UNDECODABLE: "these bytes are not text",
    NUL: "there is a NUL inside the text; what follows it may be left over from an older text",
}


@dataclass(frozen=True)
class Table:
    """One file, its head read and its encoding chosen."""

    path: Path
    header: DbfHeader
    encoding: Encoding
    columns: tuple[str, ...]
    memo: Path | None
    present: int
    """How many whole records the file has: a cut file fewer than its head says, and more where the
    program that added the last ones did not live to count them."""

    @property
    def fields(self) -> list[DbfField]:
        """The fields that are a user's."""
        return _own(self.header)


class DbaseSource:
    """A .dbf file, or a folder of them; each is a table, `_row` is its record number."""

    def __init__(self, path: Path, charset: str | None = None) -> None:
        self._charset = charset
        self._path = path
        found = [path] if not path.is_dir() else sorted(path.rglob("*"))
        files = [p for p in found if p.is_file() and (p == path or p.suffix.lower() == ".dbf")]
        if not files:
            raise SourceError("no .dbf file in the folder", place=str(path), hint="check `path`")
        names = (p.relative_to(path).with_suffix("").as_posix() if p != path else p.stem
                 for p in files)  # fmt: skip
        self._files = dict(zip(names, files, strict=True))

    def tables(self) -> list[TableInfo]:
        """List the tables. Deleted records are no rows."""
        return [self._describe(name) for name in self._files]

    def read(self, table: TableSpec, after: int | None = None) -> Iterator[Batch]:
        """Yield the records that are not deleted."""
        name = choose(list(self._files), table.table, str(self._path))
        return beyond(in_batches(_pieces(self._open(name))), after)

    def _open(self, name: str) -> Table:
        return open_table(self._files[name], self._charset)

    def _describe(self, name: str) -> TableInfo:
        table = self._open(name)
        deleted = sum(int((marks == _DELETED).sum()) for marks in _marks(table))
        notes: list[str] = [
            Message(
                "encoding {name} (confidence {confidence:.2f})",
                name=table.encoding.name,
                confidence=table.encoding.confidence,
            )
        ]
        if deleted:
            notes.append(
                Message(
                    "{problem}: {count}", problem=Message("skipped: deleted row"), count=deleted
                )
            )
        if table.memo is None and any(field.kind == "M" for field in table.fields):
            notes.append("the memo file (.dbt or .fpt) is missing; its texts cannot be read")
        cut = table.header.records - table.present
        if cut > 0:
            notes.append(
                Message(
                    "the file is cut off: {cut} of {records} records are gone",
                    cut=cut,
                    records=table.header.records,
                )
            )
        if cut < 0:
            notes.append(
                Message(
                    "the file header counts {records} records and the file has {present}: "
                    "all were read",
                    records=table.header.records,
                    present=table.present,
                )
            )
        rows = table.present - deleted + (1 if cut > 0 else 0)
        return TableInfo(name, table.columns, rows, notes=tuple(notes))


def open_table(path: Path, charset: str | None) -> Table:
    """Read the head of a table and choose its encoding."""
    try:
        header = read_header(path)
        found = codepages.choose(path, header.language, _beyond_ascii(path, header), charset)
    except OSError as error:
        raise SourceError(
            Message("cannot be read ({cause})", cause=refusal(error)),
            place=str(path),
            hint="check its permissions",
        ) from None
    own = _own(header)
    names = [field.name.decode(found.name, "replace").strip() for field in own]
    columns = unique_names(names, [f"column_{n}" for n in range(1, len(own) + 1)])
    return Table(path, header, found, columns, memo_file(path), _present(path, header))


def _present(path: Path, header: DbfHeader) -> int:
    """Count the whole records, up to the end mark (0x1A) that stands where one would begin."""
    there = max(path.stat().st_size - header.start, 0) // header.record_length
    if there <= header.records:
        return there
    count = header.records
    with path.open("rb") as file:
        while count < there:
            file.seek(header.start + count * header.record_length)
            if file.read(1) not in _MARKS:
                break
            count += 1
    return count


def _own(header: DbfHeader) -> list[DbfField]:
    return [field for field in header.fields if field.belongs_to_user]


def _portions(path: Path, header: DbfHeader, records: int) -> Iterator[bytes]:
    """Read whole records, at most BATCH_ROWS of them and PORTION bytes at once."""
    at_once = max(1, min(BATCH_ROWS, PORTION // header.record_length))
    with path.open("rb") as file:
        file.seek(header.start)
        for start in range(0, records, at_once):
            yield file.read(min(at_once, records - start) * header.record_length)


def _marks(table: Table) -> Iterator[pl.Series]:
    for data in _portions(table.path, table.header, table.present):
        yield pl.Series(list(data[:: table.header.record_length]), dtype=pl.UInt8())


def _beyond_ascii(path: Path, header: DbfHeader) -> bytes:
    """Gather texts to detect the encoding by: names of fields, and contents beyond ASCII."""
    own = _own(header)
    found = [field.name for field in own if not field.name.isascii()]
    size = 0
    chars = [field for field in own if field.kind in "CV"]
    for data in _portions(path, header, _present(path, header)):
        if data.isascii():
            continue
        for at in range(0, len(data), header.record_length):
            for field in chars:
                start = at + field.start
                text = data[start : start + field.length].strip(b" \x00")
                if not text.isascii():
                    found.append(text)
                    size += len(text)
        if size >= SAMPLE:
            break
    return b"\n".join(found)


def _pieces(table: Table) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    place = f"{table.path.name} row"
    first = 1
    empty = pl.DataFrame(schema=dict.fromkeys(table.columns, pl.String()))
    yield located(empty, [], place), damage_frame(())
    with ExitStack() as stack:
        memo = stack.enter_context(MemoFile(table.memo)) if table.memo is not None else None
        reading = FieldContext(table.encoding.name, memo, table.header.foxpro)
        for data in _portions(table.path, table.header, table.present):
            frame, damage = _read(data, table, reading, first)
            damage += [
                Damage(row, None, "beyond the count", "the file header does not count it")
                for row in frame.filter(pl.col(ROW) > table.header.records)[ROW]
            ]
            yield located(frame.drop(ROW), frame[ROW], place), damage_frame(damage)
            first += len(data) // table.header.record_length
    if table.present < table.header.records:
        lost = Message(
            "records {first} to {records} are missing: the file ends before them",
            first=first,
            records=table.header.records,
        )
        gone = empty.clear(1)
        yield (
            located(gone, [first], place),
            damage_frame([Damage(first, None, "unreadable: table cut off", lost)]),
        )


def _read(
    data: bytes, table: Table, reading: FieldContext, first: int
) -> tuple[pl.DataFrame, list[Damage]]:
    length = table.header.record_length
    records = [data[at : at + length] for at in range(0, len(data), length)]
    kept = [(first + n, r) for n, r in enumerate(records) if r[0] != _DELETED]
    gone = [first + n for n, r in enumerate(records) if r[0] == _DELETED]
    numbers = [number for number, _ in kept]
    damage = [Damage(n, None, "skipped: deleted row", "marked as deleted") for n in gone]
    nulls = NullFlags(table.header)
    series = [pl.Series(ROW, numbers, dtype=pl.Int64())]
    for name, field in zip(table.columns, table.fields, strict=True):
        cut = slice(field.start, field.start + field.length)
        values = nulls.apply(field, [record[cut] for _, record in kept], kept)
        cells = texts(values, field, reading)
        for number, (_, problem) in zip(numbers, cells, strict=True):
            if problem is not None:
                damage.append(Damage(number, name, problem, _DETAILS[problem]))
        text = [
            None if value is nulls.NULL else cell
            for value, (cell, _) in zip(values, cells, strict=True)
        ]
        series.append(pl.Series(name, text, dtype=pl.String()))
    return even_chunks(pl.DataFrame(series)), damage
