"""Exports as text: one table a file, whatever its encoding, delimiter and state of repair."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import polars as pl

from connectors.sources import encoding, mixed_encoding
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
    text_frame,
    unique_names,
)
from connectors.sources.delimited import dialect
from connectors.sources.delimited.ahead import ahead
from connectors.sources.delimited.fast import blocks_of, read_block
from connectors.sources.delimited.header import header_of, padded, titles, usual_width
from connectors.sources.delimited.records import (
    MAX_CHARS,
    TOO_LONG,
    Splitter,
    has_escapes,
    lines_of,
)
from connectors.sources.delimited.rows import laid_out
from connectors.sources.delimited.short_rows import Shapes, filled_up, shapes_of
from connectors.sources.delimited.utf8 import decoded, from_line, numbered, utf8_blocks
from connectors.sources.layout import LOOK
from connectors.sources.non_records import skipped
from guiyi.errors import SourceError
from guiyi.formulas import restored, restored_text
from guiyi.messages import Message
from guiyi.spec import TableSpec

COUNTED_BYTES = 1 << 24
"""Rows of files up to this size are counted for `tables`; counting larger ones takes too long."""


@dataclass(frozen=True)
class Format:
    """What was found out about a file before its first record is read."""

    encoding: encoding.Encoding
    dialect: dialect.Dialect
    columns: tuple[str, ...]
    header: tuple[tuple[str | None, ...], ...]
    """The header's rows as they stand."""
    body_line: int
    """The line the first record starts on."""
    above: tuple[Damage, ...]
    """The titles above the header."""
    beside: tuple[int, ...]
    """The lines that are of another encoding than the rest."""
    escaped: bool
    r"""Whether a quote in a value is written `\"`, not doubled."""
    shapes: Shapes | None
    """The shapes of columns, where lines may lack the last of them."""

    def damage_before_records(self) -> list[Damage]:
        """What is to be known of lines before any is read as a record."""
        other = mixed_encoding.other_encoding(self.encoding.name)
        detail = Message("decoded as {other}, where other lines are UTF-8", other=other)
        ours = [Damage(line, None, "encoding of its own", detail) for line in self.beside]
        return sorted([*self.above, *ours])


class DelimitedSource:
    """A text file of delimited columns; its one table is called as the file, without suffix.

    A field that is empty, quoted or not, is a missing value.
    """

    def __init__(
        self,
        path: Path,
        encoding: str | None = None,
        delimiter: str | None = None,
        header_rows: int | None = None,
    ) -> None:
        self._path = path
        self._encoding = encoding
        self._delimiter = delimiter
        self._header_rows = header_rows
        self._found: Format | None = None

    @property
    def options(self) -> dict[str, str]:
        """What a spec should say of the file, if it is to say what was detected."""
        found = self._format()
        options = {"encoding": found.encoding.name, "delimiter": found.dialect.delimiter}
        if self._encoding is None and not encoding.fits(self._path, found.encoding):
            del options["encoding"]  # said, it would have to fit every byte, and some are broken
        return options

    def tables(self) -> list[TableInfo]:
        """List the file's one table."""
        found = self._format()
        rows = None
        notes = [
            Message(
                "encoding {name} (confidence {confidence:.2f})",
                name=found.encoding.name,
                confidence=found.encoding.confidence,
            ),
            "one column, without a delimiter"
            if found.dialect.one_column
            else Message(
                "delimiter {delimiter} (confidence {confidence:.2f})",
                delimiter=repr(found.dialect.delimiter),
                confidence=found.dialect.confidence,
            ),
        ]
        if self._path.stat().st_size <= COUNTED_BYTES:
            rows, damage = 0, []
            for batch in self._batches():
                rows += batch.rows.height
                damage.append(batch.damage["problem"])
            counts = pl.concat(damage).value_counts(sort=True) if damage else pl.DataFrame()
            notes += [
                Message("{problem}: {count}", problem=Message(problem), count=count)
                for problem, count in counts.iter_rows()
            ]
        return [TableInfo(self._path.stem, found.columns, rows, notes=tuple(notes))]

    def read(self, table: TableSpec, after: int | None = None) -> Iterator[Batch]:
        """Yield the file's rows."""
        if table.table != self._path.name:
            choose([self._path.stem], table.table, str(self._path))
        return beyond(self._batches(), after)

    def _format(self) -> Format:
        if self._found is None:
            self._found = self._detect()
        return self._found

    def _detect(self) -> Format:
        if self._path.stat().st_size == 0:
            raise SourceError("the file is empty", place=str(self._path), hint="export it again")
        if self._encoding is None:
            found = encoding.detect(self._path)
        else:
            encoding.require(self._path, self._encoding)
            found = encoding.Encoding(self._encoding, 1.0)
        sample = list(islice(lines_of(self._text(found.name)), 2 * LOOK))
        if any("\x00" in line for line in sample) and _binary("".join(sample)):
            raise SourceError(
                "not a text file", place=str(self._path), hint="check `kind` of the source"
            )
        split = (
            dialect.detect(sample)
            if self._delimiter is None
            else dialect.Dialect(self._delimiter, 1.0)
        )
        return self._with_header(found, split, sample)

    def _with_header(
        self, found: encoding.Encoding, split: dialect.Dialect, sample: Sequence[str]
    ) -> Format:
        escaped = has_escapes(sample, split.delimiter)
        splitter = Splitter(split.delimiter, escaped=escaped)
        head = list(islice(splitter.records(sample), LOOK))
        if head and head[0].problem == TOO_LONG:
            raise SourceError(
                Message(
                    "its first line is longer than {limit} characters: no table", limit=MAX_CHARS
                ),
                place=str(self._path),
                hint="check what the file is, and how its lines end",
            )
        header = header_of(head, self._header_rows)
        width = usual_width(head, header)
        unnamed = [f"column_{number}" for number in range(1, width + 1)]
        labels = [label and restored_text(label) for label in header.labels[:width]]
        after = [record.line for record in head[header.body : header.body + 1]]
        labelled = [padded(record.fields, width) for record in head[header.top : header.body]]
        other = mixed_encoding.other_encoding(found.name)
        beside = mixed_encoding.lines_beside(self._path, other) if other else ()
        return Format(
            found,
            split,
            unique_names(labels, unnamed),
            tuple(tuple(row[:width]) for row in labelled),
            after[0] if after else len(sample) + 1,
            titles(head, header),
            tuple(beside),
            escaped,
            shapes_of(head[header.body :], width),
        )

    def _text(self, name: str) -> Iterator[str]:
        return decoded(utf8_blocks(self._path, name))

    def _batches(self) -> Iterator[Batch]:
        found = self._format()
        pieces = ((restored(rows), damage_frame(damage)) for rows, damage in self._pieces(found))
        yield from in_batches(pieces)

    def _pieces(self, found: Format) -> Iterator[tuple[pl.DataFrame, list[Damage]]]:
        """Read clean blocks fast; from the first that is not, record by record to the end."""
        columns = list(found.columns)
        blocks = blocks_of(from_line(utf8_blocks(self._path, found.encoding.name), found.body_line))
        nothing = text_frame(columns, [])
        yield located(nothing, [], self._place), found.damage_before_records()

        def clean(numbered: tuple[int, bytes]) -> tuple[pl.DataFrame, list[Damage]] | None:
            line, block = numbered
            read = None
            if not found.escaped:
                read = read_block(block, columns, found.dialect.delimiter)
            if read is None:
                return None
            frame, starts = read
            return self._without_skipped_lines(frame, pl.Series(starts + line), found)

        tried = ahead(clean, numbered(blocks, found.body_line))
        for (line, block), piece in tried:
            if piece is None:
                rest = decoded(chain([block], (block for (_, block), _ in tried)))
                yield from self._slowly(found, rest, line)
                return
            yield piece

    def _slowly(
        self, found: Format, blocks: Iterator[str], line: int
    ) -> Iterator[tuple[pl.DataFrame, list[Damage]]]:
        splitter = Splitter(found.dialect.delimiter, escaped=found.escaped)
        width = len(found.columns)
        records = splitter.records(lines_of(blocks), line, width)
        while taken := list(islice(records, BATCH_ROWS)):
            cut = len(taken) < BATCH_ROWS and not self._ends_a_line()
            filled = filled_up(taken, found.shapes, cut=cut)
            rows, numbers, damage = laid_out(taken, found.columns, filled)
            if not any(r.fields for r in taken):
                # Blank lines at the end of a file are nothing; before more rows, they are counted.
                more = next(records, None)
                if more is None:
                    return
                records = chain([more], records)
            frame = text_frame(found.columns, rows)
            kept, skips = self._without_skipped_lines(
                frame, pl.Series(numbers, dtype=pl.Int64), found
            )
            gone = {skip.row for skip in skips}
            yield kept, [found for found in damage if found.row not in gone] + skips

    def _without_skipped_lines(
        self, frame: pl.DataFrame, numbers: pl.Series, found: Format
    ) -> tuple[pl.DataFrame, list[Damage]]:
        skips = skipped(frame, found.header, set(), whole=False)
        rows = located(frame, numbers, self._place)
        if not skips:
            return rows, []
        damage = [d._replace(row=rows[ROW][at]) for at, d in sorted(skips.items())]
        keep = pl.Series(range(rows.height)).is_in(list(skips)).not_()
        return rows.filter(keep), damage

    def _ends_a_line(self) -> bool:
        with self._path.open("rb") as file:
            file.seek(-min(4, self._path.stat().st_size), 2)
            return b"\n" in (end := file.read()) or b"\r" in end

    @property
    def _place(self) -> str:
        """The sentence that a row's line completes."""
        return f"{self._path.name} line"


def _binary(text: str) -> bool:
    return sum(char < " " and char not in "\t\r\n\x1f\x01" for char in text) > 0.1 * len(text)
