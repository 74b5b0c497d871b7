"""Records become rows of the table's columns, and what does not fit is damage."""

from collections.abc import Collection, Sequence

from connectors.sources.contract import RAGGED, Damage
from connectors.sources.delimited.header import padded
from connectors.sources.delimited.records import Record
from guiyi.messages import Message

SHORT = "short row, last cells empty"
"""A line without its last columns, in a file where that means that they are empty."""


def laid_out(
    records: Sequence[Record], columns: Sequence[str], filled: Collection[int]
) -> tuple[list[list[str | None]], list[int], list[Damage]]:
    """Fit records into columns; what does not fit is damage, never shifted.

    Those at the places `filled` lack the last columns, which are empty.
    """
    width = len(columns)
    rows: list[list[str | None]] = []
    numbers: list[int] = []
    damage: list[Damage] = []
    for at, record in enumerate(records):
        fields = record.fields
        line = record.line
        if not fields:
            damage.append(Damage(line, None, "skipped: blank row", "the line is empty"))
            continue
        while len(fields) > width and not fields[-1]:
            fields = fields[:-1]
        if record.problem is not None:
            damage.append(
                Damage(
                    line, None, record.problem, Message("line {line} cannot be split", line=line)
                )
            )
        elif len(fields) != width:
            detail = Message(
                "line {line} has {fields} fields, the header {header}",
                line=line,
                fields=len(fields),
                header=width,
            )
            damage.append(Damage(line, None, SHORT if at in filled else RAGGED, detail))
        if len(fields) > width:
            fields = [record.text]  # no field is cut off, and none moves into another column
        for column, field in zip(columns, fields, strict=False):
            if "\x00" in field:
                damage.append(Damage(line, column, "NUL bytes", "NUL bytes were left out"))
            if "\ufffd" in field:
                damage.append(Damage(line, column, "undecodable bytes", "these bytes are not text"))
        cells = [field.replace("\x00", "") for field in fields[:width]]
        rows.append(padded(cells, width))
        numbers.append(line)
    return rows, numbers, damage
