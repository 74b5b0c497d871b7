"""Review lists as an Excel workbook a steward fills in, and what was filled in as decisions.

The workbook has a sheet a list: `pairs` with an empty `decision` (same, different) and `why`;
`quarantine` with an empty `value` and `why`. Rows left empty say nothing. A row is named by its
keys, so sheets may be sorted and rows deleted.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from governance import Decision, Door, Ledger
from guiyi.errors import SourceError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message
from guiyi.record_key import parted
from pipelines.exporting import add_rows
from pipelines.outputs import whole_file
from pipelines.stewarding.review_lists import records_of, review_list, unmasked_list, visible

FILLED = {"pairs": ["decision", "why"], "quarantine": ["value", "why"]}
"""What the steward fills in."""
NEEDED = {
    "pairs": ["entity", "left", "right", "decision"],
    "quarantine": ["entity", "record", "field", "value"],
}
ANSWERS = {
    **dict.fromkeys(("same", "must-link", "是", "相同", "同一"), Decision.MUST_LINK),
    **dict.fromkeys(("different", "cannot-link", "否", "不同", "不是"), Decision.CANNOT_LINK),
}


@dataclass(frozen=True)
class Imported:
    """What a workbook decided."""

    decided: int
    corrected: int
    empty: int
    """Rows without an answer."""


def export(door: Door, file: Path) -> dict[str, int]:
    """Write the lists, as their reader may see them; return how many rows each has.

    It leaves an entry in the audit chain.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    rows = {}
    for name, filled in FILLED.items():
        table = _pairs(door) if name == "pairs" else review_list(door, name)
        sheet = book.create_sheet(name)
        add_rows(sheet, [[*table.columns, *filled]])
        add_rows(sheet, table.iter_rows())
        sheet.freeze_panes = "A2"
        rows[name] = table.height
    details = {**rows, "unmasked": door.is_unmasked}
    door.ledger.audit("exported.review", file.name, door.signed(details), who=door.reader.name)
    with whole_file(file) as unready:
        book.save(unready)
    return rows


def _pairs(door: Door) -> pl.DataFrame:
    """Each pair with the values of both records beside each other."""
    pairs = unmasked_list(door, "pairs")
    tables = [pairs.clear()]
    for (entity,), own in pairs.group_by("entity", maintain_order=True):
        name = str(entity)
        keys = pl.concat([own["left"], own["right"]]).unique().to_list()
        records = records_of(door.project, name, keys)
        values = door.table(name, records).drop("record")
        rows = own.select("left", "right")
        shown = even_chunks(door.table(name, own))
        for side in ("left", "right"):
            beside = values.rename({field: f"{field} ({side})" for field in values.columns})
            named = even_chunks(beside.with_columns(records["record"].alias(side)))
            joined = rows.join(named, on=side, how="left", maintain_order="left")
            shown = even_chunks(shown.hstack(joined.select(beside.columns)))
        both = [f"{field} ({side})" for field in values.columns for side in ("left", "right")]
        tables.append(shown.select("entity", "left", "right", "probability", *both))
    return visible(pl.concat(tables, how="diagonal"))


def take_in(ledger: Ledger, file: Path, who: str | None = None) -> Imported:
    """Write the answers of a workbook into the ledger.

    Raises SourceError naming the sheet and row of an answer that is none; nothing is written then.
    """
    sheets = _read(file)
    answers = [_answer(file, row) for row in sheets["pairs"]]
    decided = corrected = 0
    for row, answer in zip(sheets["pairs"], answers, strict=True):
        if answer is not None:
            left, right, why = row["left"], row["right"], row.get("why")
            ledger.decide(row["entity"], answer, left, right, who=who, why=why)
            decided += 1
    for row in sheets["quarantine"]:
        if row["value"] is not None:
            source, record_id = parted(row["record"])
            field, why = row["field"], row.get("why")
            ledger.correct(row["entity"], source, record_id, field, row["value"], who=who, why=why)
            corrected += 1
    total = sum(map(len, sheets.values()))
    return Imported(decided, corrected, total - decided - corrected)


def _read(file: Path) -> dict[str, list[dict[str, Any]]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (OSError, KeyError, ValueError) as error:
        raise SourceError(
            Message("not a readable workbook ({cause})", cause=type(error).__name__),
            place=str(file),
        ) from None
    sheets: dict[str, list[dict[str, Any]]] = {}
    for name, needed in NEEDED.items():
        if name not in book.sheetnames:
            sheets[name] = []
            continue
        lines = book[name].iter_rows(values_only=True)
        header = [str(cell) for cell in next(lines, ())]
        absent = [column for column in needed if column not in header]
        if absent:
            raise SourceError(
                Message("no column `{column}`", column=absent[0]),
                place=f"{file}!{name}",
                hint="export it again: guiyi review export",
            )
        sheets[name] = [
            {**dict(zip(header, map(_text, line), strict=False)), "row": number}
            for number, line in enumerate(lines, start=2)
        ]
    return sheets


def _text(value: object) -> str | None:
    text = "" if value is None else str(value).strip()
    return text or None


def _answer(file: Path, row: dict[str, Any]) -> Decision | None:
    if row["decision"] is None:
        return None
    answer = ANSWERS.get(row["decision"].casefold())
    if answer is None:
        raise SourceError(
            Message("`{answer}` is not an answer", answer=row["decision"]),
            place=Message("{file}, sheet pairs, row {row}", file=file, row=row["row"]),
            hint="write same or different, or leave it empty",
        )
    return answer
